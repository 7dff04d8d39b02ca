package main

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"runtime/debug"
	"strings"
	"time"
)

// requestIDHeader names an answer, to be quoted to the operator.
const requestIDHeader = "Request-Id"

var wellFormedID = regexp.MustCompile(`^[A-Za-z0-9._-]{8,64}$`)

// An exchange is one request with its answer, as logs and metrics see it.
type exchange struct {
	id string
	// address is the client's IP address.
	address string
	// pattern is the route that served it: unlike the path, it holds no token.
	pattern string
	began   time.Time
	answer  *answer
}

type exchangeKey struct{}

// exchangeOf is the exchange that a handler is part of.
func exchangeOf(ctx context.Context) *exchange {
	x, _ := ctx.Value(exchangeKey{}).(*exchange)
	if x == nil {
		x = &exchange{}
	}
	return x
}

// observer gives every request its id and its client's address, survives
// what panics, and writes one log line and the metrics when all is done.
type observer struct {
	log     *slog.Logger
	metrics *metrics
	proxies proxies
	headers http.Header // defaults of every answer
	next    http.Handler
}

func (o *observer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := &exchange{began: time.Now(), answer: &answer{ResponseWriter: w, defaults: o.headers}}
	address, trusted := o.proxies.client(r)
	x.address = address.String()
	if trusted {
		r.RemoteAddr = net.JoinHostPort(address.String(), "0")
		x.id = r.Header.Get(requestIDHeader)
		if host := forwardedHost(r); host != "" {
			r.Host = host
		}
	}
	if !wellFormedID.MatchString(x.id) {
		x.id = rand.Text()
	}
	w.Header()[requestIDHeader] = []string{x.id}
	r = r.WithContext(context.WithValue(r.Context(), exchangeKey{}, x))
	defer o.finish(r, x)
	o.next.ServeHTTP(x.answer, r)
}

// finish answers for a handler that panicked, and tells what came of it.
func (o *observer) finish(r *http.Request, x *exchange) {
	fault := recover()
	err, _ := fault.(error)
	aborted := errors.Is(err, http.ErrAbortHandler)
	broken := fault != nil && x.answer.status != 0
	switch {
	case aborted:
	case fault != nil:
		o.log.ErrorContext(r.Context(), "handler panicked", "route", x.pattern, "requestId", x.id, "fault", fault, "stack", string(debug.Stack()))
		if !broken {
			answerFault(x.answer, r)
		}
	case x.answer.status == 0:
		x.answer.WriteHeader(http.StatusOK)
	}
	took := time.Since(x.began)
	o.metrics.observe(r.Method, x.pattern, x.answer.status, took, x.answer.stream)
	level := slog.LevelInfo
	switch {
	case x.answer.status >= http.StatusInternalServerError:
		level = slog.LevelError
	case quiet[x.pattern]:
		level = slog.LevelDebug
	}
	// Neither path nor query: they hold tokens.
	o.log.LogAttrs(r.Context(), level, "request", slog.String("method", r.Method), slog.String("route", x.pattern),
		slog.Int("status", x.answer.status), slog.Int64("bytes", x.answer.bytes), slog.Duration("took", took), slog.String("requestId", x.id))
	if aborted || broken {
		// Half an answer must not look like a whole one.
		panic(http.ErrAbortHandler)
	}
}

// quiet are the routes that are asked every few seconds, by machines.
var quiet = map[string]bool{"GET /healthz": true, "GET /readyz": true, "GET /metrics": true}

// notePattern wraps the mux for a request, so that the exchange knows the route
// however the request was copied on its way.
func notePattern(muxFor func(*http.Request) *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x := exchangeOf(r.Context())
		defer func() { x.pattern = r.Pattern }()
		muxFor(r).ServeHTTP(w, r)
	})
}

// An answer notes what is sent, and adds the headers that the handler left out.
type answer struct {
	http.ResponseWriter
	defaults http.Header
	status   int
	bytes    int64
	stream   bool // of events
}

func (a *answer) WriteHeader(status int) {
	if a.status == 0 && status >= http.StatusOK {
		a.status = status
		h := a.Header()
		a.stream = strings.HasPrefix(h.Get("Content-Type"), eventStream)
		for name, values := range a.defaults {
			if len(h[name]) == 0 {
				h[name] = values
			}
		}
	}
	a.ResponseWriter.WriteHeader(status)
}

func (a *answer) Write(data []byte) (int, error) {
	if a.status == 0 {
		a.WriteHeader(http.StatusOK)
	}
	n, err := a.ResponseWriter.Write(data)
	a.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// Flush sends what is written so far.
func (a *answer) Flush() {
	if a.status == 0 {
		a.WriteHeader(http.StatusOK)
	}
	_ = http.NewResponseController(a.ResponseWriter).Flush() // without one, it is sent later
}
