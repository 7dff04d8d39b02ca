package email

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Security is how a connection to the SMTP server is protected.
type Security string

// The kinds of protection. STARTTLS is never skipped because a server does
// not offer it: whoever sits between could take the offer away.
const (
	NoTLS       Security = "none"
	StartTLS    Security = "starttls"
	ImplicitTLS Security = "implicit"
)

// A Route is the SMTP server that takes the messages.
type Route struct {
	Host     string
	Port     int
	Security Security
	// TLS is the configuration to begin with; nil for the system's own.
	TLS *tls.Config
	// Timeout is how long the server may take for one answer; 0 means 30 s.
	Timeout time.Duration

	user, password string
}

// ParseURL reads smtp://user:pass@host:port?tls=none|starttls|implicit. User
// and password may be left out; tls is starttls by default; the port is 587
// for starttls, 465 for implicit and 25 for none. Errors say what is wrong
// and never quote the password.
func ParseURL(text string) (*Route, error) {
	u, err := url.Parse(strings.TrimSpace(text))
	if err != nil {
		// The error of url.Parse quotes its input, password and all.
		return nil, errors.New("the mail server's address cannot be read: write it as smtp://user:password@host:port, " +
			"with special characters in user and password percent-encoded, such as %40 for @")
	}
	if u.Scheme != "smtp" {
		return nil, errors.New("the mail server's address must begin with smtp:// (for TLS from the first byte write smtp://host?tls=implicit)")
	}
	if u.Hostname() == "" {
		return nil, errors.New("the mail server's address names no host: write it as smtp://host:port")
	}
	if strings.Trim(u.Path, "/") != "" || u.Fragment != "" {
		return nil, errors.New("the mail server's address goes on after host and port: a /, ? or # in user or password must be percent-encoded")
	}
	r := &Route{Host: u.Hostname()}
	if r.Security, err = parseSecurity(u.RawQuery); err != nil {
		return nil, err
	}
	if r.Port, err = parsePort(u.Port(), r.Security); err != nil {
		return nil, err
	}
	r.user = u.User.Username()
	r.password, _ = u.User.Password()
	if (r.user == "") != (r.password == "") {
		return nil, errors.New("the mail server's address has a user without a password, or a password without a user: give both or neither")
	}
	return r, nil
}

func parseSecurity(query string) (Security, error) {
	values, err := url.ParseQuery(query)
	if err != nil {
		return "", errors.New("the mail server's address has a broken part after the ?: only tls=none, tls=starttls or tls=implicit may stand there")
	}
	for name := range values {
		if name != "tls" {
			return "", errors.New("the mail server's address has an unknown setting after the ?: only tls=none, tls=starttls or tls=implicit may stand there")
		}
	}
	switch s := Security(values.Get("tls")); s {
	case "":
		return StartTLS, nil
	case NoTLS, StartTLS, ImplicitTLS:
		return s, nil
	}
	return "", errors.New("tls in the mail server's address must be none, starttls or implicit")
}

func parsePort(text string, s Security) (int, error) {
	if text == "" {
		switch s {
		case ImplicitTLS:
			return 465, nil
		case NoTLS:
			return 25, nil
		}
		return 587, nil
	}
	port, err := strconv.Atoi(text)
	if err != nil || port < 1 || port > 65535 {
		return 0, fmt.Errorf("the mail server's port must be a number from 1 to 65535")
	}
	return port, nil
}

// String names the server for logs, without user and password.
func (r *Route) String() string {
	return fmt.Sprintf("smtp://%s?tls=%s", r.address(), r.Security)
}

func (r *Route) address() string { return net.JoinHostPort(r.Host, strconv.Itoa(r.Port)) }

func (r *Route) timeout() time.Duration {
	if r.Timeout > 0 {
		return r.Timeout
	}
	return answerTimeout
}

func (r *Route) tlsConfig() *tls.Config {
	c := &tls.Config{MinVersion: tls.VersionTLS12}
	if r.TLS != nil {
		c = r.TLS.Clone()
	}
	c.ServerName = r.Host
	return c
}
