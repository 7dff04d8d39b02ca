package webapp

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"complero/db"
	"complero/frontend"
	"complero/frontend/static"
	"complero/theme"
	"complero/theme/font"
)

// A look is what pages take from one version of a Brand.
type look struct {
	Name      string
	Formality theme.Formality
	// Stylesheet and the pictures are paths on this installation; without a logo
	// the name stands in its place, and without one for dark mode it itself does.
	Stylesheet     string
	Logo, LogoDark string
	Icon           string
	// Fonts are the files that a page needs at once, written from left to right
	// and from right to left.
	Fonts, FontsRTL []string
	css             []byte
	tag             string
}

// fonts are the files that a page of that direction needs at once.
func (l *look) fonts(dir string) []string {
	if dir == "rtl" {
		return l.FontsRTL
	}
	return l.Fonts
}

// neutral is the look of pages that belong to no Company.
var neutral = &look{Name: "Complero", Formality: theme.Formal, Stylesheet: static.CSS().Path}

// lookKey names a version of a Brand, which never changes once published.
type lookKey struct {
	company int64
	version int
}

// looks keeps what has been derived from Brands. Any process can derive it
// again.
type looks struct {
	mutex sync.RWMutex
	known map[lookKey]*look
}

// maxLooks bounds the memory that looks take, at about 4 kB each.
const maxLooks = 1000

func newLooks() *looks { return &looks{known: map[lookKey]*look{}} }

// of returns the look of a Company's Brand.
func (l *looks) of(company *db.Company, brand *db.Brand) *look {
	key := lookKey{company.Key, brand.Version}
	l.mutex.RLock()
	known := l.known[key]
	l.mutex.RUnlock()
	if known != nil {
		return known
	}
	made := newLook(company, brand)
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if len(l.known) >= maxLooks {
		clear(l.known)
	}
	l.known[key] = made
	return made
}

func newLook(company *db.Company, brand *db.Brand) *look {
	css := []byte(brand.Theme.CSS())
	sum := sha256.New()
	sum.Write(css)
	sum.Write([]byte(static.Rules()))
	tag := hex.EncodeToString(sum.Sum(nil)[:6])
	made := &look{Name: brand.Theme.Name, Formality: brand.Theme.Formality, css: css, tag: tag}
	made.Stylesheet = fmt.Sprintf("/brand/%s/%d-%s.css", company.ID, brand.Version, tag)
	made.Fonts, made.FontsRTL = brand.Theme.FontFiles(false), brand.Theme.FontFiles(true)
	made.Logo, made.LogoDark, made.Icon = textOf(brand.LogoURL()), textOf(brand.LogoDarkURL()), textOf(brand.IconURL())
	return made
}

// showBrand sends the stylesheet of a version of a Brand: its custom properties,
// and the rules of all pages, so that a page waits for one file only. The address
// ends in a part of their hash: what a newer program derives has another.
func (a *App) showBrand(w http.ResponseWriter, r *http.Request) error {
	number, _, _ := strings.Cut(r.PathValue("file"), "-")
	version, err := strconv.Atoi(number)
	if err != nil {
		return a.showMissing(w, r)
	}
	here, _, err := a.here(r)
	if err != nil {
		return err
	}
	if here != nil && here.ID != r.PathValue("company") {
		return a.showMissing(w, r)
	}
	company, brand, err := a.store.PublishedBrand(r.Context(), r.PathValue("company"), version)
	if err != nil {
		return err
	}
	if brand == nil {
		return a.showMissing(w, r)
	}
	look := a.looks.of(company, brand)
	if r.URL.Path != look.Stylesheet {
		return a.showMissing(w, r)
	}
	frontend.SendFile(w, r, "text/css; charset=utf-8", look.tag, look.stylesheet())
	return nil
}

// only has a look that is not kept show one mode, whatever the reader's device has.
func (l *look) only(mode string) {
	wanted := "all"
	if mode == "light" {
		wanted = "not all"
	} else if l.LogoDark != "" {
		l.Logo = l.LogoDark
	}
	l.LogoDark, l.Stylesheet = "", l.Stylesheet+"?mode="+mode
	l.css = bytes.Replace(l.css, []byte("(prefers-color-scheme: dark)"), []byte(wanted), 1)
}

// stylesheet is all of a page's: the Brand's custom properties and fonts, and
// the rules of all pages.
func (l *look) stylesheet() []byte { return append(l.css[:len(l.css):len(l.css)], static.Rules()...) }

// showAsset sends a picture, such as a logo, or a font: one of ours or of a
// Company's own.
func (a *App) showAsset(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("file")
	if hash, isFont := strings.CutSuffix(name, ".woff2"); isFont {
		if data := font.Stored(hash); data != nil {
			frontend.SendFile(w, r, "font/woff2", hash, data)
			return nil
		}
	}
	here, _, err := a.here(r)
	if err == nil && here != nil {
		err = a.store.OwnsAsset(r.Context(), here, name)
	}
	if db.CodeOf(err) == db.NotFoundCode {
		return a.showMissing(w, r)
	}
	if err != nil {
		return err
	}
	asset, err := a.store.Asset(r.Context(), name)
	if err != nil {
		return err
	}
	if asset == nil {
		return a.showMissing(w, r)
	}
	hash, _, _ := strings.Cut(name, ".")
	frontend.SendFile(w, r, asset.ContentType, hash, asset.Data)
	return nil
}
