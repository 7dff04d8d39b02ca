package frontend

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/a-h/templ"
)

// Routes are where an App adds its pages: an http.ServeMux, or whoever wants to
// know which there are.
type Routes interface {
	Handle(pattern string, handler http.Handler)
}

// policy lets a page show its own stylesheets, fonts and pictures, post to where it
// came from, and nothing else: no scripts, no frames, nothing from elsewhere.
const policy = "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// pageHeaders are those of every page. They are shared and never changed. The
// referrer stays with ourselves, but is not off altogether: browsers then post
// with "Origin: null", which is refused where they do not send Sec-Fetch-Site
// (without TLS, and Safari before 16.4), except below a Contact's link.
var pageHeaders = http.Header{
	"Content-Type":                 {"text/html; charset=utf-8"},
	"Content-Security-Policy":      {policy},
	"Cache-Control":                {"no-store"},
	"Cross-Origin-Opener-Policy":   {"same-origin"},
	"Cross-Origin-Resource-Policy": {"same-origin"},
	"Permissions-Policy":           {"camera=(), geolocation=(), microphone=(), payment=()"},
	"Referrer-Policy":              {"same-origin"},
	"X-Content-Type-Options":       {"nosniff"},
	"X-Robots-Tag":                 {"noindex, nofollow"},
}

// linkHeaders are those of pages whose address is a secret: it goes nowhere,
// not even to ourselves.
var linkHeaders = func() http.Header {
	h := pageHeaders.Clone()
	h.Set("Referrer-Policy", "no-referrer")
	return h
}()

var framingHeaders = func() http.Header {
	h := pageHeaders.Clone()
	h.Set("Content-Security-Policy", policy+"; frame-src 'self'")
	return h
}()

var scriptingHeaders = func() http.Header {
	h := pageHeaders.Clone()
	h.Set("Content-Security-Policy", policy+"; script-src 'self'; connect-src 'self'")
	return h
}()

var scriptingFramingHeaders = func() http.Header {
	h := scriptingHeaders.Clone()
	h.Set("Content-Security-Policy", h.Get("Content-Security-Policy")+"; frame-src 'self'")
	return h
}()

var framedHeaders = func() http.Header {
	h := pageHeaders.Clone()
	h.Set("Content-Security-Policy", strings.Replace(policy, "frame-ancestors 'none'", "frame-ancestors 'self'", 1))
	return h
}()

// buffers are for pages being rendered.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// largest is the capacity, in bytes, of a buffer that is worth keeping.
const largest = 256 << 10

// Send renders a page into memory and sends it whole, so that a page that
// fails half-way sends nothing.
func Send(w http.ResponseWriter, r *http.Request, status int, page templ.Component) error {
	if strings.HasPrefix(r.URL.Path, "/u/") {
		return send(w, r, status, page, linkHeaders)
	}
	return send(w, r, status, page, pageHeaders)
}

// SendFraming is Send for a page that shows another of ours in a frame.
func SendFraming(w http.ResponseWriter, r *http.Request, status int, page templ.Component) error {
	return send(w, r, status, page, framingHeaders)
}

// SendScripting is Send for a page with scripts of ours.
func SendScripting(w http.ResponseWriter, r *http.Request, status int, page templ.Component) error {
	return send(w, r, status, page, scriptingHeaders)
}

// SendScriptingFraming is SendScripting for a page that shows others of ours in frames.
func SendScriptingFraming(w http.ResponseWriter, r *http.Request, status int, page templ.Component) error {
	return send(w, r, status, page, scriptingFramingHeaders)
}

// SendMessage sends a document that was made to be sent by mail or printed, for
// a page of ours to show in a frame. It brings its own style; its pictures may
// come from us, also by the host name that messages are sent with. The sandbox
// keeps it from anything else: it has no scripts, forms or links.
func SendMessage(w http.ResponseWriter, r *http.Request, html, base string) {
	h := w.Header()
	for name, values := range pageHeaders {
		h[name] = values
	}
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data: "+base+"; font-src 'self' "+base+
		"; frame-ancestors 'self'; base-uri 'none'; sandbox")
	h.Set("Content-Length", strconv.Itoa(len(html)))
	if r.Method != http.MethodHead {
		_, _ = w.Write([]byte(html))
	}
}

// SendFramed is Send for a page that another of ours may show in a frame.
func SendFramed(w http.ResponseWriter, r *http.Request, status int, page templ.Component) error {
	return send(w, r, status, page, framedHeaders)
}

func send(w http.ResponseWriter, r *http.Request, status int, page templ.Component, headers http.Header) error {
	b := buffers.Get().(*bytes.Buffer)
	b.Reset()
	defer func() {
		if b.Cap() <= largest {
			buffers.Put(b)
		}
	}()
	if err := page.Render(r.Context(), b); err != nil {
		return fmt.Errorf("render page: %w", err)
	}
	h := w.Header()
	for name, values := range headers {
		h[name] = values
	}
	h.Set("Content-Length", strconv.Itoa(b.Len()))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		// A reader who has gone needs no error.
		_, _ = w.Write(b.Bytes())
	}
	return nil
}

// SendFresh sends a file whose address stays while its content changes, to be
// kept by nobody.
func SendFresh(w http.ResponseWriter, r *http.Request, contentType string, data []byte) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Type", contentType)
	h.Set("Content-Length", strconv.Itoa(len(data)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(data)
	}
}

// SendFile sends a file whose address changes with its content, to be kept for
// as long as anybody likes. Mail programs in browsers may show it as well.
func SendFile(w http.ResponseWriter, r *http.Request, contentType, tag string, data []byte) {
	h := w.Header()
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("ETag", `"`+tag+`"`)
	if r.Header.Get("If-None-Match") == `"`+tag+`"` {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", contentType)
	h.Set("Content-Length", strconv.Itoa(len(data)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(data)
	}
}
