package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/caddyserver/certmagic"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"complero/db"
)

// certificates gets, keeps and renews certificates for the host names on file,
// from an authority that speaks ACME (RFC 8555). One is asked for when a
// browser first comes by that name, which proves that the name leads here: the
// authority sees for itself, by the TLS-ALPN challenge (RFC 8737).
type certificates struct {
	store *db.Store
	cache *certmagic.Cache
	magic *certmagic.Config
	base  *url.URL
}

// errNotOurs keeps certificates from being asked for in others' names.
var errNotOurs = errors.New("neither the base URL's host nor a Company's domain")

func newCertificates(store *db.Store, s Settings, port net.Addr, baseURL *url.URL, log *slog.Logger) *certificates {
	c := &certificates{store: store, base: baseURL}
	logger := zap.New(zapLog{log: log})
	c.cache = certmagic.NewCache(certmagic.CacheOptions{
		GetConfigForCert: func(certmagic.Certificate) (*certmagic.Config, error) { return c.magic, nil },
		Capacity:         10_000, Logger: logger,
	})
	c.magic = certmagic.New(c.cache, certmagic.Config{
		Storage: newCertificateStore(store), Logger: logger,
		OnDemand: &certmagic.OnDemandConfig{DecisionFunc: func(ctx context.Context, name string) error {
			if name == baseURL.Hostname() {
				return nil
			}
			company, _, err := store.CompanyOn(ctx, name)
			if err == nil && company == nil {
				err = errNotOurs
			}
			return err
		}},
	})
	issuer := certmagic.ACMEIssuer{
		CA: s.ACMEDirectory, Email: s.ACME, Agreed: true, Logger: logger, DisableHTTPChallenge: true,
	}
	if tcp, ok := port.(*net.TCPAddr); ok {
		issuer.AltTLSALPNPort = tcp.Port
		if !tcp.IP.IsUnspecified() {
			issuer.ListenHost = tcp.IP.String()
		}
	}
	c.magic.Issuers = []certmagic.Issuer{certmagic.NewACMEIssuer(c.magic, issuer)}
	return c
}

// tls is how connections are accepted, the authority's challenges among them.
func (c *certificates) tls() *tls.Config {
	config := c.magic.TLSConfig()
	config.MinVersion = tls.VersionTLS12
	config.NextProtos = append([]string{"h2", "http/1.1"}, config.NextProtos...)
	return config
}

func (c *certificates) close() { c.cache.Stop() }

// upgrade sends who comes without encryption to the same page with it, where
// there is a certificate to be had. Supervisors and proxies find the process by
// a name of no Internet, or ask for its health.
func (c *certificates) upgrade(next http.Handler) http.Handler {
	port := ""
	if p := c.base.Port(); p != "" {
		port = ":" + p
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if name, _, err := net.SplitHostPort(host); err == nil {
			host = name
		}
		ours := strings.EqualFold(host, c.base.Hostname())
		if !ours && !c.store.ServesAll(host) {
			company, _, err := c.store.CompanyOn(r.Context(), host)
			ours = err == nil && company != nil
		}
		if !ours || r.URL.Path == "/healthz" || r.URL.Path == "/readyz" {
			next.ServeHTTP(w, r)
			return
		}
		http.Redirect(w, r, "https://"+host+port+r.URL.RequestURI(), http.StatusPermanentRedirect)
	})
}

// zapLog hands on to slog what certmagic has to say to an operator.
type zapLog struct {
	log    *slog.Logger
	fields []zapcore.Field
}

// Enabled tells that warnings and errors are heard.
func (zapLog) Enabled(level zapcore.Level) bool { return level >= zapcore.WarnLevel }

// With adds fields to all that follows.
func (z zapLog) With(fields []zapcore.Field) zapcore.Core {
	return zapLog{z.log, append(z.fields[:len(z.fields):len(z.fields)], fields...)}
}

// Check has an entry written if its level is heard.
func (z zapLog) Check(e zapcore.Entry, checked *zapcore.CheckedEntry) *zapcore.CheckedEntry {
	if z.Enabled(e.Level) {
		return checked.AddCore(e, z)
	}
	return checked
}

// Write logs the name and the error of an entry: what else it has may be the
// address of whoever shakes hands.
func (z zapLog) Write(e zapcore.Entry, fields []zapcore.Field) error {
	attributes := []slog.Attr{slog.String("part", e.LoggerName)}
	for _, f := range append(z.fields[:len(z.fields):len(z.fields)], fields...) {
		switch f.Key {
		case "error":
			attributes = append(attributes, slog.Any("error", f.Interface))
		case "identifier", "server_name", "issuer":
			attributes = append(attributes, slog.String(f.Key, f.String))
		case "attempt":
			attributes = append(attributes, slog.String(f.Key, strconv.FormatInt(f.Integer, 10)))
		}
	}
	z.log.LogAttrs(context.Background(), slog.LevelWarn, "certificates: "+e.Message, attributes...)
	return nil
}

// Sync does nothing: nothing is held back.
func (zapLog) Sync() error { return nil }

// listenTLS opens the port for encrypted connections and tells where the
// certificates come from; nil where they are not wanted.
func (m *Main) listenTLS(ctx context.Context, s Settings, c config) (net.Listener, error) {
	if s.ACME == "" || s.Only == onlyWorkers {
		return nil, nil
	}
	base, err := url.Parse(c.baseURL)
	if err != nil || base.Scheme != "https" {
		return nil, errors.New("--acme: give --base-url as well, beginning with https://, such as https://complero.example.com")
	}
	if u, err := url.Parse(s.ACMEDirectory); err != nil || u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("--acme-directory %q: write the authority's directory, such as https://acme-v02.api.letsencrypt.org/directory", s.ACMEDirectory)
	}
	port, err := listen(ctx, "--listen-tls", s.ListenTLS)
	if err != nil {
		return nil, err
	}
	m.certificates = newCertificates(m.store, s, port.Addr(), base, m.log)
	return port, nil
}
