package email

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"time"

	"github.com/wneessen/go-mail/smtp"
)

const (
	dialTimeout = 10 * time.Second
	// answerTimeout is how long the server may usually take for one answer. It is
	// shorter than the minutes of RFC 5321, 4.5.3.2, since a Delivery is
	// claimed for five minutes only.
	answerTimeout = 30 * time.Second
)

// A Conn is one open connection to the SMTP server, signed in and ready. It
// serves one goroutine at a time.
type Conn struct {
	client    *smtp.Client
	timeout   time.Duration // for one answer
	pipelined bool
	utf8      bool
	// unclean is set when a transaction was begun and given up.
	unclean bool
	// broken is set when the connection can no longer be used.
	broken bool
	// stalled is set when it broke because the server took too long.
	stalled bool
	sent    int    // messages that the server took
	out     []byte // what is written next
}

// Dial connects and signs in. A failure is about the route, not about any
// message; errors name the server and never the password.
func (r *Route) Dial(ctx context.Context) (*Conn, error) {
	client, err := r.connect(ctx)
	if err != nil {
		return nil, fmt.Errorf("mail server %s: %w", r.address(), err)
	}
	c := &Conn{client: client, timeout: r.timeout()}
	if err := r.greet(client); err != nil {
		return nil, fmt.Errorf("mail server %s: %w", r.address(), errors.Join(err, c.Close()))
	}
	c.pipelined, _ = client.Extension("PIPELINING")
	c.utf8, _ = client.Extension("SMTPUTF8")
	return c, nil
}

func (r *Route) connect(ctx context.Context) (*smtp.Client, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", r.address())
	if err != nil {
		return nil, err
	}
	if r.Security == ImplicitTLS {
		secure := tls.Client(conn, r.tlsConfig())
		if err := secure.HandshakeContext(ctx); err != nil {
			return nil, errors.Join(fmt.Errorf("TLS: %w", err), conn.Close())
		}
		conn = secure
	}
	if err := conn.SetDeadline(time.Now().Add(r.timeout())); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	client, err := smtp.NewClient(conn, r.Host)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return client, nil
}

// greet says hello, turns on TLS where asked for, and signs in.
func (r *Route) greet(client *smtp.Client) error {
	name, err := os.Hostname()
	if err != nil || strings.ContainsAny(name, " \r\n") || name == "" {
		name = "localhost"
	}
	if err := client.Hello(name); err != nil {
		return fmt.Errorf("hello: %w", err)
	}
	if r.Security == StartTLS {
		if offered, _ := client.Extension("STARTTLS"); !offered {
			return errors.New("it does not offer STARTTLS; use tls=implicit, or tls=none for a server on this machine or network")
		}
		if err := client.StartTLS(r.tlsConfig()); err != nil {
			return fmt.Errorf("STARTTLS: %w", err)
		}
	}
	if r.user == "" {
		return nil
	}
	return r.signIn(client)
}

// signIn takes the strongest mechanism that both sides know.
func (r *Route) signIn(client *smtp.Client) error {
	offered, mechanisms := client.Extension("AUTH")
	if !offered {
		return errors.New("it does not offer AUTH; leave user and password out of its address, or turn TLS on")
	}
	for _, m := range []struct {
		name string
		auth smtp.Auth
	}{
		{"SCRAM-SHA-256", smtp.ScramSHA256Auth(r.user, r.password)},
		{"PLAIN", smtp.PlainAuth("", r.user, r.password, r.Host, false)},
		{"LOGIN", smtp.LoginAuth(r.user, r.password, r.Host, false)},
		{"CRAM-MD5", smtp.CRAMMD5Auth(r.user, r.password)},
	} {
		for _, name := range strings.Fields(mechanisms) {
			if !strings.EqualFold(name, m.name) {
				continue
			}
			if err := client.Auth(m.auth); err != nil {
				return fmt.Errorf("sign in by %s: %w", m.name, err)
			}
			return nil
		}
	}
	return fmt.Errorf("it offers only %s to sign in; SCRAM-SHA-256, PLAIN, LOGIN and CRAM-MD5 are possible", mechanisms)
}

// Close ends the connection, politely if it is whole.
func (c *Conn) Close() error {
	if c.broken {
		return c.client.Close()
	}
	c.broken = true
	if err := c.client.UpdateDeadline(time.Second); err != nil {
		return c.client.Close()
	}
	if err := c.client.Quit(); err != nil {
		return c.client.Close()
	}
	return nil
}
