package explorer

import (
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
)

//go:embed page.html explorer.js explorer.css vendored/*.gz
var embedded embed.FS

// A file is what the page is made of, under an address that changes with it.
type file struct {
	contentType string
	tag         string
	packed      []byte // by gzip; nil where it is not worth it
	plain       []byte // nil where only packed is kept
}

// A Page is the explorer.
type Page struct {
	page  *template.Template
	files map[string]*file // by name in the address
	paths map[string]string
}

// New makes the page.
func New() (*Page, error) {
	p := &Page{files: map[string]*file{}, paths: map[string]string{}}
	err := fs.WalkDir(embedded, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(name) == ".html" {
			return err
		}
		data, err := embedded.ReadFile(name)
		if err == nil {
			p.add(path.Base(name), data)
		}
		return err
	})
	if err == nil {
		p.page, err = template.ParseFS(embedded, "page.html")
	}
	if err != nil {
		return nil, fmt.Errorf("make the API's explorer: %w", err)
	}
	return p, nil
}

func (p *Page) add(name string, data []byte) {
	sum := sha256.Sum256(data)
	f := &file{tag: hex.EncodeToString(sum[:6]), plain: data}
	if whole, packed := strings.CutSuffix(name, ".gz"); packed {
		name, f.packed, f.plain = whole, data, nil
	}
	f.contentType = "text/css; charset=utf-8"
	if path.Ext(name) == ".js" {
		f.contentType = "text/javascript; charset=utf-8"
	}
	address := strings.TrimSuffix(name, path.Ext(name)) + "-" + f.tag + path.Ext(name)
	p.files[address] = f
	p.paths[strings.NewReplacer(".", "_", "-", "_").Replace(name)] = "/graphql/explorer/" + address
}

// Routes adds the page and what it is made of.
func (p *Page) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /graphql/explorer", p.show)
	mux.HandleFunc("GET /graphql/explorer/{file}", p.send)
}

// show sends the page. Beside its own files it may load nothing, and call
// nothing but this server; the styles that GraphiQL makes as it runs, for
// menus and dialogues, are let through by a number that is used once.
func (p *Page) show(w http.ResponseWriter, _ *http.Request) {
	once := rand.Text()
	var b bytes.Buffer
	err := p.page.Execute(&b, struct {
		Once string
		File map[string]string
	}{once, p.paths})
	if err != nil {
		http.Error(w, "the page cannot be shown", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-"+once+"'; style-src-attr 'unsafe-inline'; "+
		"img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	_, _ = w.Write(b.Bytes()) // a caller that has gone needs no answer
}

// send sends one of the page's files.
func (p *Page) send(w http.ResponseWriter, r *http.Request) {
	f := p.files[r.PathValue("file")]
	if f == nil {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Vary", "Accept-Encoding")
	h.Set("ETag", `"`+f.tag+`"`)
	if r.Header.Get("If-None-Match") == `"`+f.tag+`"` {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", f.contentType)
	if f.packed == nil {
		h.Set("Content-Length", strconv.Itoa(len(f.plain)))
		_, _ = w.Write(f.plain)
		return
	}
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		h.Set("Content-Length", strconv.Itoa(len(f.packed)))
		_, _ = w.Write(f.packed)
		return
	}
	if unpacked, err := gzip.NewReader(bytes.NewReader(f.packed)); err == nil {
		_, _ = io.Copy(w, unpacked)
	}
}
