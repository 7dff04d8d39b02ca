package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"complero/db"
	"complero/graph"
	"complero/server/deliver"
)

// The times that a connection has. A body of the largest size still comes in
// over a slow line.
const (
	headerTimeout = 10 * time.Second
	readTimeout   = 60 * time.Second
	writeTimeout  = 120 * time.Second
	idleTimeout   = 120 * time.Second
	// finishTimeout is how long requests may go on when the server stops.
	finishTimeout = 10 * time.Second
)

// Main is the whole program: everything that serves and works, over one Store.
type Main struct {
	store  *db.Store
	sender *deliver.Sender
	// certificates are nil where https is somebody else's business.
	certificates *certificates

	workers  *workers       // nil where only pages and API are served
	api      *graph.Handler // nil where neither is
	log      *slog.Logger
	url      string
	servers  []*http.Server
	ports    []net.Listener // one for each server
	stopping atomic.Bool
}

// New opens what the settings name, so that all that can be wrong with them
// is an error here, which says what is wrong and how to mend it. demo makes
// live mail go to the outbox and opens that to everybody.
func New(ctx context.Context, s Settings, demo bool, log *slog.Logger) (*Main, error) {
	c, err := s.config()
	if err != nil {
		return nil, err
	}
	m := &Main{log: log}
	if err := m.open(ctx, s, c, demo); err != nil {
		return nil, errors.Join(err, m.close())
	}
	return m, nil
}

func (m *Main) open(ctx context.Context, s Settings, c config, demo bool) error {
	// The port comes first: a program that is running already is found out
	// before the database is touched.
	port, err := listen(ctx, "--listen", s.Listen)
	if err != nil {
		return err
	}
	m.ports = append(m.ports, port)
	m.url = localURL(port.Addr())
	if c.baseURL == "" {
		c.baseURL = m.url
		if c.route != nil || c.sms != nil {
			m.log.Warn("links in messages lead to this machine only; set --base-url to where others reach it", "baseUrl", c.baseURL)
		}
	}
	if m.store, err = openStore(ctx, s, c, demo, m.log); err != nil {
		return err
	}
	m.sender, err = deliver.New(m.store, deliver.Settings{Route: c.route, SMS: c.sms, Outbox: demo, Log: m.log})
	if err != nil {
		return err
	}
	if s.Only != onlyWeb {
		if m.workers, err = newWorkers(m.store, m.sender, s.Workers, m.log); err != nil {
			return err
		}
	}
	return m.addServers(ctx, s, c, demo)
}

// addServers makes the server for everything and, if asked for, the one for
// metrics alone.
func (m *Main) addServers(ctx context.Context, s Settings, c config, demo bool) error {
	figures := newMetrics(m.store, m.log)
	h, err := m.handler(s, c, figures, demo)
	if err != nil {
		return err
	}
	secure, err := m.listenTLS(ctx, s, c)
	if err != nil {
		return err
	}
	if secure == nil {
		m.servers = append(m.servers, m.newServer(h))
	} else {
		m.servers = append(m.servers, m.newServer(m.certificates.upgrade(h)))
		server := m.newServer(h)
		server.TLSConfig = m.certificates.tls()
		m.servers, m.ports = append(m.servers, server), append(m.ports, tls.NewListener(secure, server.TLSConfig))
	}
	if s.Metrics == "" {
		return nil
	}
	port, err := listen(ctx, "--metrics", s.Metrics)
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", figures.handler())
	m.ports, m.servers = append(m.ports, port), append(m.servers, m.newServer(mux))
	return nil
}

func (m *Main) newServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: maxHeader, ErrorLog: slog.NewLogLogger(m.log.Handler(), slog.LevelDebug),
	}
}

func listen(ctx context.Context, flag, address string) (net.Listener, error) {
	port, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	switch {
	case err == nil:
		return port, nil
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("%s %s: another program listens there already; stop it, or choose another port, such as %s :8081", flag, address, flag)
	case errors.Is(err, os.ErrPermission):
		return nil, fmt.Errorf("%s %s: this user may not listen on that port; choose one above 1023, such as %s :8080", flag, address, flag)
	}
	return nil, fmt.Errorf("%s %s: cannot listen there (%s); write HOST:PORT or :PORT, such as :8080", flag, address, cause(err))
}

// URL is where a browser on this machine finds the server.
func (m *Main) URL() string { return m.url }

// Run serves and works until ctx ends; then it stops gracefully: requests
// finish, jobs stop where they are and are released, the Store closes.
func (m *Main) Run(ctx context.Context) error {
	if m.workers != nil {
		if err := m.workers.start(ctx); err != nil {
			return errors.Join(err, m.close())
		}
	}
	group, ended := errgroup.WithContext(ctx)
	for i, server := range m.servers {
		group.Go(func() error {
			if err := server.Serve(m.ports[i]); !errors.Is(err, http.ErrServerClosed) {
				return fmt.Errorf("serve on %s: %w", m.ports[i].Addr(), err)
			}
			return nil
		})
	}
	group.Go(func() error {
		m.noteKeyUses(ended)
		return nil
	})
	m.log.Info("serving", "url", m.url, "baseUrl", m.store.BaseURL())
	<-ended.Done()
	err := m.stop(context.WithoutCancel(ctx))
	return errors.Join(group.Wait(), err)
}

// noteUsesEvery is how often it is written down when API keys were used.
const noteUsesEvery = time.Minute

// noteKeyUses writes that down until ctx ends.
func (m *Main) noteKeyUses(ctx context.Context) {
	tick := time.NewTicker(noteUsesEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		if err := m.store.NoteKeyUses(ctx); err != nil && ctx.Err() == nil {
			m.log.Warn("when API keys were last used is not written down", "error", err)
		}
	}
}

// stop ends in the order in which things depend on one another: no new
// requests, then no more jobs, then the Store.
func (m *Main) stop(ctx context.Context) error {
	m.stopping.Store(true)
	m.log.Info("stopping")
	finishing, cancel := context.WithTimeout(ctx, finishTimeout)
	defer cancel()
	if m.api != nil {
		m.api.EndStreams() // they would not end by themselves
	}
	var errs []error
	for _, server := range m.servers {
		if err := server.Shutdown(finishing); err != nil {
			m.log.Warn("requests that did not finish are broken off", "after", finishTimeout)
			errs = append(errs, server.Close())
		}
	}
	if m.workers != nil {
		if err := m.workers.stop(ctx); err != nil {
			errs = append(errs, err)
			m.sender = nil // somebody still sends, and is not waited for
		}
	}
	if err := m.store.NoteKeyUses(finishing); err != nil {
		m.log.Warn("when API keys were last used is not written down", "error", err)
	}
	errs = append(errs, m.close())
	m.log.Info("stopped")
	return errors.Join(errs...)
}

// close lets go of whatever has been opened.
func (m *Main) close() error {
	var errs []error
	for _, port := range m.ports {
		if err := port.Close(); !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	if m.sender != nil {
		m.sender.Close()
	}
	if m.certificates != nil {
		m.certificates.close()
	}
	if m.store != nil {
		errs = append(errs, m.store.Close())
	}
	return errors.Join(errs...)
}
