package smtptest

import (
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Behaviour is how a Server deviates from taking everything. Its functions
// are called by several connections at once.
type Behaviour struct {
	// User and Password must be given, if set.
	User, Password string
	// TLS protects the server; with Implicit from the first byte, otherwise
	// by STARTTLS.
	TLS      *tls.Config
	Implicit bool
	// Mail, Rcpt and Data answer a step; nil takes it. Data sees the message.
	Mail func(from string) error
	Rcpt func(to string) error
	Data func(Mail) error
	// HangUpAfter ends each connection after so many messages, 0 never.
	HangUpAfter int
	// Forget drops messages instead of keeping them.
	Forget bool
}

// ErrHangUp, from one of Behaviour's functions, ends the connection without an answer.
var ErrHangUp = errors.New("hang up")

// A Mail is a message that the Server took.
type Mail struct {
	From, To string
	Data     []byte
}

// A Server is an SMTP server on a free port of this machine.
type Server struct {
	behaviour   Behaviour
	listener    net.Listener
	server      *smtp.Server
	mu          sync.Mutex
	mails       []Mail
	connections int
}

// Start runs a Server until the test ends.
func Start(t testing.TB, b Behaviour) *Server {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{behaviour: b, listener: listener}
	s.server = smtp.NewServer(smtp.BackendFunc(s.session))
	s.server.Domain = "smtptest"
	s.server.AllowInsecureAuth = true
	s.server.TLSConfig = b.TLS
	s.server.ErrorLog = log.New(io.Discard, "", 0)
	if b.Implicit {
		listener = tls.NewListener(listener, b.TLS)
		s.server.TLSConfig = nil
	}
	go func() {
		if err := s.server.Serve(listener); err != nil && !errors.Is(err, net.ErrClosed) {
			t.Errorf("SMTP server: %v", err)
		}
	}()
	t.Cleanup(s.Stop)
	return s
}

// Stop ends the server and its connections.
func (s *Server) Stop() {
	// Stopped before the test's end, it is closed already.
	_ = s.server.Close()
	_ = s.listener.Close()
}

// Addr is host and port.
func (s *Server) Addr() string { return s.listener.Addr().String() }

// URL is the server as a setting, with user and password if it wants them.
func (s *Server) URL() string {
	security := "none"
	switch {
	case s.behaviour.Implicit:
		security = "implicit"
	case s.behaviour.TLS != nil:
		security = "starttls"
	}
	user := ""
	if s.behaviour.User != "" {
		user = s.behaviour.User + ":" + s.behaviour.Password + "@"
	}
	return "smtp://" + user + s.Addr() + "?tls=" + security
}

// Mails are the messages taken so far.
func (s *Server) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mails)
}

// Connections is how many there have been.
func (s *Server) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.connections
}

func (s *Server) session(c *smtp.Conn) (smtp.Session, error) {
	s.mu.Lock()
	s.connections++
	s.mu.Unlock()
	return &session{server: s, conn: c}, nil
}

type session struct {
	server *Server
	conn   *smtp.Conn
	mail   Mail
	taken  int
	known  bool
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		b := s.server.behaviour
		if user != b.User || password != b.Password {
			return smtp.ErrAuthFailed
		}
		s.known = true
		return nil
	}), nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	b := s.server.behaviour
	if b.User != "" && !s.known {
		return smtp.ErrAuthRequired
	}
	if b.HangUpAfter > 0 && s.taken >= b.HangUpAfter {
		return s.answer(ErrHangUp)
	}
	s.mail = Mail{From: from}
	if b.Mail != nil {
		return s.answer(b.Mail(from))
	}
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.mail.To = to
	if f := s.server.behaviour.Rcpt; f != nil {
		return s.answer(f(to))
	}
	return nil
}

func (s *session) Data(r io.Reader) error {
	b := s.server.behaviour
	if b.Forget && b.Data == nil {
		_, err := io.Copy(io.Discard, r)
		return err
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.mail.Data = data
	if b.Data != nil {
		if err := b.Data(s.mail); err != nil {
			return s.answer(err)
		}
	}
	s.taken++
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	s.server.mails = append(s.server.mails, s.mail)
	return nil
}

func (s *session) answer(err error) error {
	if errors.Is(err, ErrHangUp) {
		_ = s.conn.Conn().Close()
	}
	return err
}

func (*session) Reset() {}

func (*session) Logout() error { return nil }

// Refuse is an answer such as Refuse("550 5.1.1 no such user").
func Refuse(answer string) error {
	e := &smtp.SMTPError{EnhancedCode: smtp.NoEnhancedCode}
	code, rest, _ := strings.Cut(answer, " ")
	for _, digit := range code {
		e.Code = e.Code*10 + int(digit-'0')
	}
	e.Message = rest
	return e
}
