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

//go:embed dashboard.css
var deskRules string

//go:embed docs.css
var docsRules string

//go:embed passkey.js
var passkey string

//go:embed brand.js
var brand string

//go:embed desk.js
var deskScript string

// htmx 2.0.11, as it is published (Zero-Clause BSD, see htmx.LICENSE).
//
//go:embed htmx.min.js
var htmx string

// A File is a stylesheet or script under an address that changes with its content.
type File struct {
	Path        string
	contentType string
	data        []byte
	tag         string
}

func newFile(name, ending, contentType, text string) *File {
	sum := sha256.Sum256([]byte(text))
	tag := hex.EncodeToString(sum[:6])
	return &File{Path: "/static/" + name + "-" + tag + "." + ending, contentType: contentType, data: []byte(text), tag: tag}
}

var (
	sheet = sync.OnceValue(func() *File {
		return newFile("complero", "css", "text/css; charset=utf-8", theme.DefaultBrand("Complero").CSS()+rules)
	})
	desk = sync.OnceValue(func() *File {
		return newFile("dashboard", "css", "text/css; charset=utf-8", deskRules)
	})
	docs = sync.OnceValue(func() *File {
		return newFile("docs", "css", "text/css; charset=utf-8", docsRules)
	})
	htmxFile = sync.OnceValue(func() *File {
		return newFile("htmx", "js", "text/javascript; charset=utf-8", htmx)
	})
	brandFile = sync.OnceValue(func() *File {
		return newFile("brand", "js", "text/javascript; charset=utf-8", brand)
	})
	deskScripts = sync.OnceValue(func() *File {
		return newFile("desk", "js", "text/javascript; charset=utf-8", deskScript)
	})
	passkeys = sync.OnceValue(func() *File {
		return newFile("passkey", "js", "text/javascript; charset=utf-8", passkey)
	})
)

// CSS is the stylesheet of pages that belong to no Brand.
func CSS() *File { return sheet() }

// Dashboard is the stylesheet of the dashboard's pages, on top of CSS.
func Dashboard() *File { return desk() }

// Docs is the stylesheet of the docs, on top of CSS.
func Docs() *File { return docs() }

// HTMX is the script by which pages replace parts of themselves.
func HTMX() *File { return htmxFile() }

// Brand is the script by which the form for a Brand shows at once what comes of it.
func Brand() *File { return brandFile() }

// Desk is the script by which files are dropped and many boxes ticked at once.
func Desk() *File { return deskScripts() }

// Passkeys is the script by which a browser makes and shows passkeys. It
// serves every form with the attribute data-passkey.
func Passkeys() *File { return passkeys() }

// ServeHTTP sends the file.
func (f *File) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	frontend.SendFile(w, r, f.contentType, f.tag, f.data)
}
