package docs

import (
	"log/slog"
	"net/http"
	"strings"
	"sync"

	"github.com/vektah/gqlparser/v2/ast"

	"complero/frontend"
	"complero/frontend/static"
)

// Facts are what the docs tell of the program itself.
type Facts struct {
	// Schema is the API's.
	Schema *ast.Schema
	// Settings are those of the server, Commands what else can be typed.
	Settings []Setting
	Commands []Command
}

// A Setting is a flag, which may be set by the environment as well.
type Setting struct {
	// Flag is how it is typed: --base-url URL.
	Flag string
	// Environment is the variable's name; "" where there is none.
	Environment string
	// Help says what it is for.
	Help string
}

// A Command is what can be typed after the program's name.
type Command struct {
	Name, Help string
	Settings   []Setting
}

// An App serves the docs.
type App struct {
	book func() (*book, error)
	log  *slog.Logger
}

// New makes an App. Its pages are made when the first one is asked for.
func New(facts Facts, log *slog.Logger) *App {
	return &App{book: sync.OnceValues(func() (*book, error) { return newBook(facts) }), log: log}
}

// Routes adds the App's pages to a mux.
func (a *App) Routes(mux frontend.Routes) {
	css := static.Docs()
	mux.Handle("GET "+css.Path, css)
	mux.Handle("GET /docs", a.page(showHome))
	mux.Handle("GET /docs/{$}", http.RedirectHandler("/docs", http.StatusMovedPermanently))
	mux.Handle("GET /docs/{page}", a.page(showGuide))
	mux.Handle("GET /docs/api", a.page(showReference))
	mux.Handle("GET /docs/api/{noun}", a.page(showNoun))
	mux.Handle("GET /docs/search", a.page(showSearch))
}

// page serves what show makes of the book.
func (a *App) page(show func(b *book, r *http.Request) *page) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, err := a.book()
		if err != nil {
			a.log.ErrorContext(r.Context(), "docs failed", slog.Any("error", err))
			http.Error(w, "The documentation cannot be shown. The server's log says why.", http.StatusInternalServerError)
			return
		}
		p := show(b, r)
		status := http.StatusOK
		if p == nil {
			p, status = b.missing(), http.StatusNotFound
		}
		if err := frontend.Send(w, r, status, layout(p)); err != nil {
			a.log.ErrorContext(r.Context(), "page failed", slog.String("route", r.Pattern), slog.Any("error", err))
		}
	})
}

func showHome(b *book, _ *http.Request) *page { return b.home() }

func showGuide(b *book, r *http.Request) *page { return b.guide(r.PathValue("page")) }

func showReference(b *book, _ *http.Request) *page { return b.reference() }

func showNoun(b *book, r *http.Request) *page { return b.noun(r.PathValue("noun")) }

// longestQuery is how much of a search is looked at, in characters.
const longestQuery = 100

func showSearch(b *book, r *http.Request) *page {
	query := strings.ToValidUTF8(strings.TrimSpace(r.FormValue("q")), "")
	if runes := []rune(query); len(runes) > longestQuery {
		query = string(runes[:longestQuery])
	}
	return b.search(query)
}
