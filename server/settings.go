package main

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"

	"complero/db"
	"complero/server/deliver/email"
	"complero/server/deliver/sms"
)

// Settings are what the server can be told, each by a flag or by an
// environment variable of the same name, such as COMPLERO_DATA for --data.
type Settings struct {
	Data     string `default:"./data" placeholder:"DIR" help:"Folder of the SQLite database and of the key that Contacts' links are made with; ${default} if left out. It is made if missing. The demo keeps to a folder of its own in it."`
	Database string `placeholder:"URL" help:"PostgreSQL, as postgres://USER:PASSWORD@HOST:PORT/NAME. Left out: SQLite in the data folder."`
	LinkKey  string `placeholder:"HEX" help:"Key that Contacts' links are made with, 64 hex digits. Left out: the file link.key in the data folder, made with a new database. Several servers on one PostgreSQL need the same."`

	Listen         string   `default:":8080" placeholder:"ADDR" help:"Address to serve on, as HOST:PORT or :PORT; ${default} if left out."`
	BaseURL        string   `name:"base-url" placeholder:"URL" help:"What every link in messages begins with, such as https://complero.example.com. Left out: http://localhost with the port served on."`
	TrustedProxies []string `placeholder:"CIDR" help:"Proxies, as addresses or networks, whose X-Forwarded-For tells a client's address, whose X-Forwarded-Host tells the host asked for, and whose Request-Id is kept. From all others they are ignored."`

	ACME          string `name:"acme" placeholder:"EMAIL" help:"Serve https, for the base URL's host and the Companies' domains, with certificates from an ACME authority, which writes to this address and whose terms are agreed to by it. Left out: no https here; a proxy does it."`
	ACMEDirectory string `name:"acme-directory" default:"https://acme-v02.api.letsencrypt.org/directory" placeholder:"URL" help:"The ACME authority's directory; Let's Encrypt's if left out."`
	ListenTLS     string `name:"listen-tls" default:":443" placeholder:"ADDR" help:"Address to serve https on with --acme; ${default} if left out. The authority comes to port 443 of each name, which has to lead here."`

	SMTP       string  `name:"smtp" placeholder:"URL" help:"Mail server, as smtp://USER:PASSWORD@HOST:PORT?tls=none|starttls|implicit; starttls if tls is left out. Without one, nothing is sent in live mode; mail of test mode is always kept in the outbox instead."`
	SMS        string  `name:"sms" placeholder:"URL" help:"SMS provider, as twilio://ACCOUNT_SID:AUTH_TOKEN@/?from=NUMBER (or ?messagingService=MG...) or seven://API_KEY@/?from=NAME. Without one, new mobile numbers are not confirmed in live mode, and there are no codes by SMS; an SMS of test mode is always kept in the outbox instead."`
	UploadRate float64 `default:"20" placeholder:"N" help:"How many uploads a second one API key may make; ${default} if left out, 0 for any number."`

	Workers int    `default:"4" placeholder:"N" help:"How many follow-up jobs of one kind run at once (work on uploads; sending; the rest); ${default} if left out."`
	Only    string `enum:"all,web,workers" default:"all" placeholder:"web|workers" help:"Serve only the pages and the API (web), or only do the follow-up and answer health checks (workers). Left out: all of it."`

	Metrics  string  `placeholder:"ADDR" help:"Address to serve /metrics on, alone. Left out: /metrics on the address served on, to direct callers from this machine only."`
	Log      string  `enum:"text,json" default:"text" placeholder:"text|json" help:"How log lines are written to standard error; ${default} if left out."`
	LogLevel *string `enum:"debug,info,warn,error" placeholder:"LEVEL" help:"What is logged: debug, info, warn or error and what is worse. Left out: info, in the demo warn."`
}

// The values of Settings.Only.
const (
	onlyWeb     = "web"
	onlyWorkers = "workers"
)

// config reads the settings that can be wrong without asking anybody.
func (s Settings) config() (c config, err error) {
	if c.proxies, err = parseProxies(s.TrustedProxies); err != nil {
		return c, err
	}
	if c.baseURL, err = parseBaseURL(s.BaseURL); err != nil {
		return c, err
	}
	if s.Only == onlyWorkers && s.BaseURL == "" {
		return c, errors.New("--only workers: give --base-url as well, so that links lead to where the pages are served")
	}
	if s.SMTP != "" {
		if c.route, err = email.ParseURL(s.SMTP); err != nil {
			return c, fmt.Errorf("--smtp: %w", err)
		}
	}
	if s.SMS != "" {
		if c.sms, err = sms.ParseURL(s.SMS); err != nil {
			return c, fmt.Errorf("--sms: %w", err)
		}
	}
	if s.LinkKey != "" {
		if c.linkKey, err = db.ParseLinkKey(s.LinkKey); err != nil {
			return c, fmt.Errorf("--link-key: %w", err)
		}
	}
	if s.UploadRate < 0 {
		return c, fmt.Errorf("--upload-rate %v: write how many uploads a second a key may make, or 0 for any number", s.UploadRate)
	}
	if s.Workers < 1 || s.Workers > 100 {
		return c, fmt.Errorf("--workers %d: write a number from 1 to 100", s.Workers)
	}
	return c, nil
}

// config is what settings mean.
type config struct {
	baseURL string // "" until it is known what address is served on
	proxies proxies
	route   *email.Route // nil without a mail server
	sms     *sms.Route   // nil without a provider
	linkKey []byte       // nil for the data folder's file
}

// parseBaseURL checks where links begin: a scheme and a host, nothing more.
func parseBaseURL(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return "", errors.New("--base-url: write scheme and host, such as https://complero.example.com")
	}
	if u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return "", fmt.Errorf("--base-url: write nothing but scheme and host, such as %s://%s", u.Scheme, u.Host)
	}
	return u.Scheme + "://" + u.Host, nil
}

// usualURL is where a server with these settings will be found on this
// machine, for links that a command prints while none runs.
func usualURL(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return ""
	}
	if ip, err := netip.ParseAddr(host); host == "" || err == nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// localURL is where a browser on this machine finds what listens on addr.
func localURL(addr net.Addr) string {
	tcp, ok := addr.(*net.TCPAddr)
	if !ok {
		return "http://" + addr.String()
	}
	ip := tcp.AddrPort()
	if ip.Addr().IsUnspecified() {
		return fmt.Sprintf("http://localhost:%d", tcp.Port)
	}
	return "http://" + netip.AddrPortFrom(ip.Addr().Unmap(), ip.Port()).String()
}
