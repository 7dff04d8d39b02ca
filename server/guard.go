package main

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/klauspost/compress/gzhttp"
)

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
		"Referrer-Policy":              {"same-origin"},
		"X-Content-Type-Options":       {"nosniff"},
	}
	if strings.HasPrefix(baseURL, "https://") {
		h["Strict-Transport-Security"] = []string{"max-age=31536000"}
	}
	return h
}

// refuseForeignPosts refuses what a page of another origin has a browser post.
// The API takes calls from anywhere, since it knows no cookies; the one-click
// POST of RFC 8058 comes from no browser and says nothing of an origin.
func refuseForeignPosts(baseURL string, next http.Handler) (http.Handler, error) {
	p := http.NewCrossOriginProtection()
	if err := p.AddTrustedOrigin(baseURL); err != nil {
		return nil, fmt.Errorf("--base-url: %w", err)
	}
	p.AddInsecureBypassPattern("/graphql")
	p.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "This form was posted from another website, so nothing was done. Open the page itself and try again.", http.StatusForbidden)
	}))
	return p.Handler(next), nil
}

// limitBodies refuses what is larger than anything here, and hears a refused
// client out. Files that come to the API are limited there, once it is known
// whose they are.
func limitBodies(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Body == nil || r.Body == http.NoBody {
			next.ServeHTTP(w, r)
			return
		}
		body := r.Body
		defer func() { _, _ = io.CopyN(io.Discard, body, drained) }() // whoever has gone needs no answer
		if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") || r.URL.Path != "/graphql" {
			r.Body = http.MaxBytesReader(w, body, maxBody)
		}
		next.ServeHTTP(w, r)
	})
}

// compress compresses what is worth it. No page shows what another origin
// made a Contact send beside anything secret, so nothing can be guessed from
// a page's size.
func compress(next http.Handler) (http.Handler, error) {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(1400), gzhttp.CompressionLevel(gzip.BestSpeed))
	if err != nil {
		return nil, err
	}
	return wrap(next), nil
}
