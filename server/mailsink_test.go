package main_test

import (
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// mailSink is a real SMTP server that keeps what it gets.
type mailSink struct {
	URL    string
	server *smtp.Server
	slow   time.Duration

	mu   sync.Mutex
	mail []letter
}

// letter is a message as it came over the wire.
type letter struct {
	from, to string
	data     []byte
}

// newMailSink starts a server that takes slow for each message.
func newMailSink(t testing.TB, slow time.Duration) *mailSink {
	t.Helper()
	s := &mailSink{slow: slow}
	s.server = smtp.NewServer(s)
	s.server.Domain = "localhost"
	s.server.AllowInsecureAuth = true
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.URL = "smtp://" + l.Addr().String() + "?tls=none"
	go func() { _ = s.server.Serve(l) }()
	t.Cleanup(func() { _ = s.server.Close() })
	return s
}

// messages returns what came so far.
func (s *mailSink) messages() []letter {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]letter(nil), s.mail...)
}

// NewSession begins a connection.
func (s *mailSink) NewSession(*smtp.Conn) (smtp.Session, error) { return &mailSession{sink: s}, nil }

type mailSession struct {
	sink *mailSink
	now  letter
}

func (m *mailSession) Reset()        { m.now = letter{} }
func (m *mailSession) Logout() error { return nil }

func (m *mailSession) Mail(from string, _ *smtp.MailOptions) error {
	m.now.from = from
	return nil
}

func (m *mailSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	m.now.to = to
	return nil
}

func (m *mailSession) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	time.Sleep(m.sink.slow)
	m.now.data = data
	m.sink.mu.Lock()
	defer m.sink.mu.Unlock()
	m.sink.mail = append(m.sink.mail, m.now)
	return nil
}
