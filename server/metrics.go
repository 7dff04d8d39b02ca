package main

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"complero/db"
)

// metrics are what Prometheus reads. Labels are routes and words of ours:
// nothing in them comes from a request's path or from a person.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	took     *prometheus.HistogramVec
}

func newMetrics(store *db.Store, log *slog.Logger) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "complero_http_requests_total", Help: "HTTP requests by route, method and status.",
		}, []string{"route", "method", "status"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "complero_http_request_duration_seconds", Help: "How long HTTP requests took, by route.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"route"}),
	}
	m.registry.MustRegister(m.requests, m.took, &vitals{store, log},
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// addStreams adds how many clients watch something by the API.
func (m *metrics) addStreams(count func() int) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "complero_graphql_streams", Help: "GraphQL subscriptions that are being answered.",
	}, func() float64 { return float64(count()) }))
}

// methods are those that metrics name; a client may send any word for one.
var methods = map[string]bool{"GET": true, "HEAD": true, "POST": true, "PUT": true, "PATCH": true, "DELETE": true, "OPTIONS": true}

// observe counts a request. How long a stream was listened to says nothing
// about how fast the server is.
func (m *metrics) observe(method, pattern string, status int, took time.Duration, stream bool) {
	if !methods[method] {
		method = "other"
	}
	_, route, found := strings.Cut(pattern, " ")
	if !found {
		route = pattern
	}
	m.requests.WithLabelValues(route, method, strconv.Itoa(status)).Inc()
	if !stream {
		m.took.WithLabelValues(route).Observe(took.Seconds())
	}
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// toThisMachine serves a caller on this machine, and tells all others that
// there is nothing. What a proxy passes on comes from elsewhere, even where
// the proxy runs here.
func toThisMachine(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		from, err := netip.ParseAddrPort(r.RemoteAddr)
		passedOn := r.Header.Get("Forwarded") + r.Header.Get("X-Forwarded-For") + r.Header.Get("X-Forwarded-Host") + r.Header.Get("Via")
		if err != nil || !from.Addr().Unmap().IsLoopback() || passedOn != "" {
			http.NotFound(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// vitals collects the database's own figures whenever Prometheus asks.
type vitals struct {
	store *db.Store
	log   *slog.Logger
}

var (
	contactsMetric   = prometheus.NewDesc("complero_contacts", "Contacts on file.", nil, nil)
	eventsMetric     = prometheus.NewDesc("complero_events_total", "Events ever written.", nil, nil)
	operationsMetric = prometheus.NewDesc("complero_operations_unfinished", "Operations that are not finished.", nil, nil)
	deliveriesMetric = prometheus.NewDesc("complero_deliveries_queued", "Deliveries that have not gone out.", nil, nil)
	jobsMetric       = prometheus.NewDesc("complero_jobs", "Follow-up jobs that wait or run, by queue and state.", []string{"queue", "state"}, nil)
)

// Describe names the figures.
func (v *vitals) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{contactsMetric, eventsMetric, operationsMetric, deliveriesMetric, jobsMetric} {
		to <- d
	}
}

// Collect reads the figures. A database that does not answer leaves them out:
// that it does not is what /readyz tells.
func (v *vitals) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	figures, err := v.store.Vitals(ctx)
	if err != nil {
		v.log.WarnContext(ctx, "metrics leave the database's figures out", "error", err)
		return
	}
	gauge := func(d *prometheus.Desc, n int64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, float64(n), labels...)
	}
	gauge(contactsMetric, figures.Contacts)
	gauge(operationsMetric, figures.OperationsUnfinished)
	gauge(deliveriesMetric, figures.DeliveriesQueued)
	for _, j := range figures.Jobs {
		gauge(jobsMetric, j.Count, j.Queue, j.State)
	}
	to <- prometheus.MustNewConstMetric(eventsMetric, prometheus.CounterValue, float64(figures.Events))
}
