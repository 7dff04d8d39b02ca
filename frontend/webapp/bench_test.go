package webapp_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
)

// BenchmarkGet measures the pages that a Contact opens, over HTTP, against
// net/http answering the same bytes from memory.
func BenchmarkGet(b *testing.B) {
	s := newSite(b)
	s.advertising(s.nordlicht)
	root := s.ask(s.nordlicht, "c-1")
	for _, page := range []string{"", "/form"} {
		body := s.get(root + page).Body.Bytes()
		bare := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = w.Write(body)
		})
		b.Run("page"+page, func(b *testing.B) { getOften(b, s.handler, root+page) })
		b.Run("bytes-from-memory"+page, func(b *testing.B) { getOften(b, bare, "/") })
	}
}

func getOften(b *testing.B, handler http.Handler, path string) {
	server := httptest.NewServer(handler)
	defer server.Close()
	b.RunParallel(func(pb *testing.PB) {
		client := &http.Client{Transport: &http.Transport{DialContext: (&net.Dialer{}).DialContext, DisableCompression: true}}
		for pb.Next() {
			answer, err := client.Get(server.URL + path)
			if err != nil {
				b.Error(err)
				return
			}
			_, err = io.Copy(io.Discard, answer.Body)
			if err != nil || answer.StatusCode != http.StatusOK {
				b.Error(answer.Status, err)
			}
			_ = answer.Body.Close()
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "pages/s")
}

// BenchmarkHandler measures the pages alone.
func BenchmarkHandler(b *testing.B) {
	s := newSite(b)
	s.advertising(s.nordlicht)
	root := s.ask(s.nordlicht, "c-1")
	for _, page := range []string{"", "/form"} {
		b.Run("page"+page, func(b *testing.B) {
			b.ReportAllocs()
			r := httptest.NewRequest(http.MethodGet, root+page, nil)
			for b.Loop() {
				w := httptest.NewRecorder()
				s.handler.ServeHTTP(w, r)
				if w.Code != http.StatusOK {
					b.Fatal(fmt.Sprint(w.Code))
				}
			}
		})
	}
}
