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
