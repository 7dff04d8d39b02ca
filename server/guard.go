package main

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/klauspost/compress/gzhttp"
)

// eventStream is the media type of answers that go on for as long as their
// client listens.
const eventStream = "text/event-stream"

// What a request may measure, in bytes. Routes have lower limits of their own.
const (
	maxHeader = 64 << 10
	maxBody   = 16 << 20
	// drained is how much of a refused body is still read, so that a client
	// which sends first and reads afterwards gets its answer.
	drained = 32 << 20
)

// defaultHeaders are those of answers that do not say otherwise: nothing is
// embedded, kept, guessed or told to others.
func defaultHeaders(baseURL string) http.Header {
	h := http.Header{
		"Cache-Control":                {"no-store"},
		"Content-Security-Policy":      {"default-src 'none'; frame-ancestors 'none'"},
		"Cross-Origin-Opener-Policy":   {"same-origin"},
		"Cross-Origin-Resource-Policy": {"same-origin"},
		"Permissions-Policy":           {"camera=(), geolocation=(), microphone=(), payment=()"},
		"Referrer-Policy":              {"no-referrer"},
		"X-Content-Type-Options":       {"nosniff"},
	}
	if strings.HasPrefix(baseURL, "https://") {
		h["Strict-Transport-Security"] = []string{"max-age=31536000"}
	}
	return h
}

// refuseForeignPosts refuses what a page of another origin has a browser post.
// The API takes calls from anywhere: a cookie counts there only beside headers
// that no foreign page can send, see dashboard.App.Tenant. The one-click POST of
// RFC 8058 comes from no browser and says nothing of an origin.
//
// Below a Contact's link pages send no referrer, so their forms come with
// "Origin: null". Where the browser says in Sec-Fetch-Site that they are our
// own, that is enough; where it says nothing (without TLS, and Safari before
// 16.4), the token in the address shows that the form is no stranger's, and
// package webapp lets a session count only for forms that it has made itself.
func refuseForeignPosts(baseURL string, next http.Handler) (http.Handler, error) {
	p := http.NewCrossOriginProtection()
	if err := p.AddTrustedOrigin(baseURL); err != nil {
		return nil, fmt.Errorf("--base-url: %w", err)
	}
	p.AddInsecureBypassPattern("/graphql")
	p.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "This form was posted from another website, so nothing was done. Open the page itself and try again.", http.StatusForbidden)
	}))
	guarded := p.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Origin") == "null" && r.Header.Get("Sec-Fetch-Site") == "" && strings.HasPrefix(r.URL.Path, "/u/") {
			next.ServeHTTP(w, r)
			return
		}
		guarded.ServeHTTP(w, r)
	}), nil
}

// limitBodies refuses what is larger than anything here, and hears a refused
// client out. Files that come to the API or the dashboard are limited there,
// once it is known whose they are.
func limitBodies(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Body == nil || r.Body == http.NoBody {
			next.ServeHTTP(w, r)
			return
		}
		body := r.Body
		defer func() { _, _ = io.CopyN(io.Discard, body, drained) }() // whoever has gone needs no answer
		takesFiles := r.URL.Path == "/graphql" || strings.HasPrefix(r.URL.Path, "/app/")
		if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") || !takesFiles {
			r.Body = http.MaxBytesReader(w, body, maxBody)
		}
		next.ServeHTTP(w, r)
	})
}

// compress compresses what is worth it. No page shows what another origin
// made a Contact send beside anything secret, so nothing can be guessed from
// a page's size. Streams of events are left alone: each would keep a compressor
// of its own, a megabyte large.
func compress(next http.Handler) (http.Handler, error) {
	worth := func(contentType string) bool {
		return !strings.HasPrefix(contentType, eventStream) && gzhttp.DefaultContentTypeFilter(contentType)
	}
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(1400), gzhttp.CompressionLevel(gzip.BestSpeed), gzhttp.ContentTypeFilter(worth))
	if err != nil {
		return nil, err
	}
	return wrap(next), nil
}
