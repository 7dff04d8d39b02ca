package main

import (
	"net/http"

	"complero/frontend/dashboard"
	"complero/frontend/docs"
	"complero/frontend/outbox"
	"complero/frontend/webapp"
	"complero/graph"
	"complero/graph/explorer"
	"complero/server/export"
)

// handler is everything that is served, with what surrounds each request:
// from the outside in, the exchange's id, log line and metrics; foreign
// forms; the size of bodies; compression; the routes. On Companies' own hosts
// there are only their pages.
func (m *Main) handler(s Settings, c config, figures *metrics, demo bool) (http.Handler, error) {
	mux := http.NewServeMux()
	own := http.NewServeMux()
	m.addHealth(mux)
	m.addHealth(own)
	if s.Metrics == "" {
		mux.Handle("GET /metrics", toThisMachine(figures.handler()))
	}
	if s.Only != onlyWorkers {
		m.api = graph.New(graph.Config{
			UploadRate: s.UploadRate, Importer: importer{}, Composer: composer{m.sender}, Log: m.log,
		})
		figures.addStreams(m.api.Streams)
		tried, err := explorer.New()
		if err != nil {
			return nil, err
		}
		tried.Routes(mux)
		pages := webapp.New(m.store, m.log)
		pages.Routes(mux)
		pages.Routes(own)
		outbox.New(m.store, demo).Routes(mux)
		desk, err := dashboard.New(m.store, inProcess(m.api), m.log)
		if err != nil {
			return nil, err
		}
		desk.WritesFiles(export.Report)
		desk.Routes(mux)
		files := newExporter(m.store, m.log)
		files.addRoutes(mux, desk)
		files.addReports(mux, inProcess(m.api))
		facts, err := documented()
		if err != nil {
			return nil, err
		}
		docs.New(facts, m.log).Routes(mux)
		mux.Handle("/graphql", identified(m.store, desk, m.log, m.api))
	}
	h, err := compress(notePattern(func(r *http.Request) *http.ServeMux {
		if m.store.ServesAll(r.Host) {
			return mux
		}
		return own
	}))
	if err != nil {
		return nil, err
	}
	if h, err = refuseForeignPosts(c.baseURL, limitBodies(h)); err != nil {
		return nil, err
	}
	return &observer{log: m.log, metrics: figures, proxies: c.proxies, headers: defaultHeaders(c.baseURL), next: h}, nil
}

// addHealth adds what tells a supervisor that the process lives, and whether
// it is to get requests.
func (m *Main) addHealth(mux *http.ServeMux) {
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		answerText(w, http.StatusOK, "ok\n")
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if m.stopping.Load() {
			answerText(w, http.StatusServiceUnavailable, "stopping\n")
			return
		}
		if err := m.store.Ready(r.Context()); err != nil {
			m.log.WarnContext(r.Context(), "not ready", "error", err)
			answerText(w, http.StatusServiceUnavailable, "the database does not answer\n")
			return
		}
		answerText(w, http.StatusOK, "ready\n")
	})
}

func answerText(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text)) // a caller that has gone needs no answer
}
