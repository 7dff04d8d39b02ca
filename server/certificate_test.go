package main_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	stdlog "log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/letsencrypt/pebble/v2/ca"
	acmedb "github.com/letsencrypt/pebble/v2/db"
	"github.com/letsencrypt/pebble/v2/va"
	"github.com/letsencrypt/pebble/v2/wfe"
	"github.com/miekg/dns"

	"complero/db/dbtest"
)

// An authority is Pebble, which speaks ACME as Let's Encrypt does, on this
// machine. All names lead here, and it comes to one port for its challenges.
type authority struct {
	directory string
	roots     *x509.CertPool
	orders    atomic.Int32 // certificates that were asked for
}

func newAuthority(t *testing.T, tlsPort int) *authority {
	t.Helper()
	t.Setenv("PEBBLE_VA_NOSLEEP", "1")
	t.Setenv("PEBBLE_WFE_NONCEREJECT", "0")
	log := stdlog.New(io.Discard, "", 0)
	store := acmedb.NewMemoryStore()
	issuer := ca.New(log, store, "", "ecdsa", 0, 1, map[string]ca.Profile{"default": {Description: "of the tests"}})
	validator := va.New(log, 1, tlsPort, false, serveDNS(t), store)
	front := wfe.New(log, store, validator, issuer, []string{"pebble.example"}, false, false, 1, 1)
	pages := front.Handler()
	a := &authority{roots: x509.NewCertPool()}
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/order-plz" {
			a.orders.Add(1)
		}
		pages.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	a.directory = server.URL + wfe.DirectoryPath
	a.roots.AppendCertsFromPEM(issuer.GetRootCert(0).PEM())
	trusted := filepath.Join(t.TempDir(), "authority.pem")
	data := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(trusted, data, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SSL_CERT_FILE", trusted) // of the programs that the test starts
	return a
}

// serveDNS answers that every name is this machine's.
func serveDNS(t *testing.T) string {
	t.Helper()
	port, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0") // Pebble asks by TCP
	if err != nil {
		t.Fatal(err)
	}
	server := &dns.Server{Listener: port, Handler: dns.HandlerFunc(func(w dns.ResponseWriter, q *dns.Msg) {
		answer := new(dns.Msg).SetReply(q)
		if q.Question[0].Qtype == dns.TypeA {
			header := dns.RR_Header{Name: q.Question[0].Name, Rrtype: dns.TypeA, Class: dns.ClassINET}
			answer.Answer = append(answer.Answer, &dns.A{Hdr: header, A: net.IPv4(127, 0, 0, 1)})
		}
		_ = w.WriteMsg(answer) // who has gone needs no answer
	})}
	go func() { _ = server.ActivateAndServe() }() // until it is shut down
	t.Cleanup(func() { _ = server.Shutdown() })
	return port.Addr().String()
}

// encrypt has an installation serve https on a port, as one behind a base URL.
func (i *installation) encrypt(a *authority, address string) {
	for n := range i.settings {
		if i.settings[n] == "--base-url" {
			i.settings[n+1] = "https://home.complero.example:" + portOf(address)
		}
	}
	i.settings = append(i.settings, "--acme", "operator@complero.example", "--acme-directory", a.directory, "--listen-tls", address)
}

func portOf(address string) string { return address[strings.LastIndexByte(address, ':')+1:] }

// certificateOf opens a page by https and tells the certificate's serial number.
func (a *authority) certificateOf(t *testing.T, address, host, path string) (string, error) {
	t.Helper()
	client := &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: a.roots}, DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "tcp", address)
		},
	}}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://"+host+":"+portOf(address)+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := client.Do(r)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Errorf("https://%s%s answers %s", host, path, answer.Status)
	}
	return answer.TLS.PeerCertificates[0].SerialNumber.String(), nil
}

func TestCertificatesAreHadForDomainsOnFile(t *testing.T) {
	onEach(t, func(t *testing.T, engine dbtest.Engine) {
		address := freeAddress(t)
		port, err := strconv.Atoi(portOf(address))
		if err != nil {
			t.Fatal(err)
		}
		a := newAuthority(t, port)
		i := install(t, engine)
		i.encrypt(a, address)
		company := i.setup("Nordlicht")
		i.start()
		i.domains(company.LiveKey, "daten.nordlicht.example")

		serial, err := a.certificateOf(t, address, "daten.nordlicht.example", "/")
		if err != nil {
			t.Fatalf("%v\n%s", err, i.log)
		}
		if _, err := a.certificateOf(t, address, "home.complero.example", "/readyz"); err != nil {
			t.Errorf("the base URL's host: %v\n%s", err, i.log)
		}
		if _, err := a.certificateOf(t, address, "stranger.example", "/"); err == nil {
			t.Error("there is a certificate for a name that is not on file")
		}
		if n := a.orders.Load(); n != 2 {
			t.Errorf("%d certificates were asked for, want 2", n)
		}
		checkUpgrade(t, i, portOf(address))
		checkKeysAreSealed(t, i)

		// It is kept: neither a restart nor a second process asks again.
		second := a.process(t, i)
		i.stop()
		i.start()
		for _, at := range []string{address, second} {
			if at == "" {
				continue // SQLite has one process
			}
			if again, err := a.certificateOf(t, at, "daten.nordlicht.example", "/"); err != nil || again != serial {
				t.Errorf("at %s the certificate is %s, %v, want %s", at, again, err, serial)
			}
		}
		if n := a.orders.Load(); n != 2 {
			t.Errorf("%d certificates were asked for in all, want 2", n)
		}
		i.stop()
	})
}

// process starts a further one on the same PostgreSQL.
func (a *authority) process(t *testing.T, i *installation) string {
	t.Helper()
	address := freeAddress(t)
	second := &installation{t: t, file: i.file, log: new(bytes.Buffer)}
	for n := 0; n+1 < len(i.settings); n += 2 {
		name, value := i.settings[n], i.settings[n+1]
		switch name {
		case "--listen":
			value = freeAddress(t)
			second.URL = "http://" + value
		case "--listen-tls":
			value = address
		}
		second.settings = append(second.settings, name, value)
	}
	if !strings.Contains(strings.Join(i.settings, " "), "--database ") {
		return ""
	}
	t.Cleanup(second.kill)
	second.start()
	return address
}

// checkUpgrade looks at what comes without encryption.
func checkUpgrade(t *testing.T, i *installation, port string) {
	t.Helper()
	for host, want := range map[string]int{
		"daten.nordlicht.example": http.StatusPermanentRedirect, "home.complero.example": http.StatusPermanentRedirect,
		"stranger.example": http.StatusMisdirectedRequest, "localhost": http.StatusOK,
	} {
		answer, _ := i.on(host, "/?a=b")
		if answer.StatusCode != want {
			t.Errorf("http://%s answers %s, want %d", host, answer.Status, want)
		}
		if to := answer.Header.Get("Location"); to != "" && to != "https://"+host+":"+port+"/?a=b" {
			t.Errorf("http://%s leads to %s", host, to)
		}
		if answer, _ := i.on(host, "/healthz"); answer.StatusCode != http.StatusOK {
			t.Errorf("the health of %s is %s", host, answer.Status)
		}
	}
}

// checkKeysAreSealed looks for private keys in the database.
func checkKeysAreSealed(t *testing.T, i *installation) {
	t.Helper()
	files := 0
	for _, row := range i.database(t) {
		if strings.Contains(row, "PRIVATE KEY") {
			t.Error("a private key can be read from the database")
		}
		if strings.HasPrefix(row, "certificate_file: ") {
			files++
		}
	}
	if files < 6 {
		t.Errorf("%d files of certificates are in the database", files)
	}
}
