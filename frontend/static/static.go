package static

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"net/http"
	"sync"

	"complero/frontend"
	"complero/theme"
)

//go:embed complero.css
var rules string

// Rules are what all pages have in common. They are of use only behind the
// custom properties of a Brand.
func Rules() string { return rules }

// A Stylesheet is a CSS file under an address that changes with its content.
type Stylesheet struct {
	Path string
	data []byte
	tag  string
}

var sheet = sync.OnceValue(func() *Stylesheet {
	data := []byte(theme.DefaultBrand("Complero").CSS() + rules)
	sum := sha256.Sum256(data)
	tag := hex.EncodeToString(sum[:6])
	return &Stylesheet{Path: "/static/complero-" + tag + ".css", data: data, tag: tag}
})

// CSS is the stylesheet of pages that belong to no Brand.
func CSS() *Stylesheet { return sheet() }

// ServeHTTP sends the stylesheet.
func (s *Stylesheet) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	frontend.SendFile(w, r, "text/css; charset=utf-8", s.tag, s.data)
}
