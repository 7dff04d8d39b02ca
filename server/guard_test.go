package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestMetricsAreForThisMachine(t *testing.T) {
	h := toThisMachine(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	tests := []struct {
		name, peer, header string
		want               int
	}{
		{"this machine", "127.0.0.1:40000", "", http.StatusOK},
		{"this machine, IPv6", "[::1]:40000", "", http.StatusOK},
		{"this machine, IPv4 as IPv6", "[::ffff:127.0.0.1]:40000", "", http.StatusOK},
		{"another machine", "10.0.0.7:40000", "", http.StatusNotFound},
		{"a proxy here", "127.0.0.1:40000", "X-Forwarded-For", http.StatusNotFound},
		{"another proxy here", "127.0.0.1:40000", "Forwarded", http.StatusNotFound},
		{"nobody knows", "", "", http.StatusNotFound},
	}
	for _, test := range tests {
		r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
		r.RemoteAddr = test.peer
		if test.header != "" {
			r.Header.Set(test.header, "203.0.113.5")
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != test.want {
			t.Errorf("%s gets %d, want %d", test.name, w.Code, test.want)
		}
	}
}

func TestForeignPostsAreRefused(t *testing.T) {
	h, err := refuseForeignPosts("https://complero.example.com", http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	if err != nil {
		t.Fatal(err)
	}
	const own, other = "https://complero.example.com", "https://elsewhere.example"
	tests := []struct {
		name, path, origin, site string
		want                     int
	}{
		{"our page", "/u/x", own, "same-origin", http.StatusOK},
		{"our page that sends no referrer", "/u/x", "null", "same-origin", http.StatusOK},
		{"the same without TLS", "/u/x", "null", "", http.StatusOK},
		{"an old browser", "/u/x", own, "", http.StatusOK},
		{"a mail program", "/u/x/stop", "", "", http.StatusOK},
		{"another site's page", "/u/x", other, "cross-site", http.StatusForbidden},
		{"another site's frame without an origin", "/u/x", "null", "cross-site", http.StatusForbidden},
		{"a neighbour's page", "/u/x", other, "same-site", http.StatusForbidden},
		{"another site's page in an old browser", "/u/x", other, "", http.StatusForbidden},
		{"no origin elsewhere", "/outbox", "null", "", http.StatusForbidden},
		{"the API", "/graphql", other, "cross-site", http.StatusOK},
	}
	for _, test := range tests {
		r := httptest.NewRequest(http.MethodPost, "https://complero.example.com"+test.path, nil)
		for name, value := range map[string]string{"Origin": test.origin, "Sec-Fetch-Site": test.site} {
			if value != "" {
				r.Header.Set(name, value)
			}
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != test.want {
			t.Errorf("%s gets %d, want %d", test.name, w.Code, test.want)
		}
	}
}

func TestCompressSparesWhatIsSmall(t *testing.T) {
	h, err := compress(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(strings.Repeat("all that is on file ", len(r.URL.Path)*10)))
	}))
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"/": "", "/a-page-of-some-length": "gzip"} {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("Accept-Encoding", "gzip")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if got := w.Header().Get("Content-Encoding"); got != want {
			t.Errorf("%s comes as %q, want %q", path, got, want)
		}
	}
}
