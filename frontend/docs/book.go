package docs

import (
	"embed"
	"fmt"

	"github.com/a-h/templ"
)

//go:embed pages/*.md
var sources embed.FS

// guideNames are the guides in the order in which they are read; each is a file
// in pages. A file that is missing here fails a test.
var guideNames = []string{
	"start", "planning", "pushing-data", "reading-events", "consents", "theming", "roles", "running", "security",
}

// A book is all the docs, ready to be shown.
type book struct {
	guides []*guide
	api    *api
	index  []section
}

// An entry leads to a page.
type entry struct {
	Path, Title, Description string
}

// A heading is a place on a page.
type heading struct {
	ID, Title string
	Level     int
}

// A page is what is shown.
type page struct {
	Title, Description, Path string
	Body                     templ.Component
	Contents                 []heading
	// Guides and Nouns are where else one can go.
	Guides, Nouns []entry
	// InAPI is whether the page is part of the reference.
	InAPI          bool
	Previous, Next *entry
	// Query is what was searched for.
	Query string
}

// newBook makes the docs. An error is one of ours: a guide that cannot be read, or
// names what there is not.
func newBook(facts Facts) (*book, error) {
	p := newPrinter(facts)
	b := &book{}
	for _, name := range guideNames {
		source, err := sources.ReadFile("pages/" + name + ".md")
		if err != nil {
			return nil, fmt.Errorf("read the guide %s: %w", name, err)
		}
		g, err := p.guide(name, string(source))
		if err != nil {
			return nil, fmt.Errorf("the guide %s: %w", name, err)
		}
		b.guides = append(b.guides, g)
		b.index = append(b.index, g.sections...)
	}
	var err error
	if b.api, err = newAPI(p, b.guides); err != nil {
		return nil, fmt.Errorf("the reference of the API: %w", err)
	}
	b.index = append(b.index, b.api.sections()...)
	return b, nil
}

func (b *book) guideEntries() []entry {
	entries := make([]entry, len(b.guides))
	for i, g := range b.guides {
		entries[i] = entry{g.path(), g.Title, g.Description}
	}
	return entries
}

func (b *book) nounEntries() []entry {
	entries := make([]entry, len(b.api.nouns))
	for i, n := range b.api.nouns {
		entries[i] = entry{n.path(), n.Title, n.Description}
	}
	return entries
}

// place finds a page's neighbours.
func (b *book) place(p *page) *page {
	p.Guides, p.Nouns = b.guideEntries(), b.nounEntries()
	all := append(append(b.guideEntries(), entry{Path: apiPath, Title: apiTitle}), p.Nouns...)
	for i, e := range all {
		if e.Path != p.Path {
			continue
		}
		if i > 0 {
			p.Previous = &all[i-1]
		}
		if i+1 < len(all) {
			p.Next = &all[i+1]
		}
	}
	return p
}

func (b *book) home() *page {
	p := &page{Title: "Complero's docs", Path: "/docs", Description: "How Complero is planned, fed, read, branded and run, and a reference of all that its API can do."}
	p.Body = homeView(b.guideEntries(), b.nounEntries())
	return b.place(p)
}

// guide is the page of a guide; nil where there is none.
func (b *book) guide(name string) *page {
	for _, g := range b.guides {
		if g.Name == name {
			return b.place(&page{Title: g.Title, Description: g.Description, Path: g.path(), Contents: g.Contents, Body: templ.Raw(g.HTML)})
		}
	}
	return nil
}

func (b *book) reference() *page {
	return b.place(&page{
		Title: apiTitle, Description: apiDescription, Path: apiPath, InAPI: true, Contents: b.api.contents(), Body: apiView(b.api),
	})
}

// noun is the page of a part of the API; nil where there is none.
func (b *book) noun(name string) *page {
	for _, n := range b.api.nouns {
		if n.Name == name {
			return b.place(&page{Title: n.Title, Description: n.Description, Path: n.path(), InAPI: true, Contents: n.contents(), Body: nounView(n)})
		}
	}
	return nil
}

func (b *book) search(query string) *page {
	p := &page{Title: "Search", Description: "What the docs say about it.", Path: "/docs/search", Query: query}
	p.Body = searchView(query, find(b.index, query))
	return b.place(p)
}

func (b *book) missing() *page {
	p := &page{Title: "There is no such page", Description: "It may have been renamed. Search for it, or begin with one of these.", Path: ""}
	p.Body = homeView(b.guideEntries(), b.nounEntries())
	return b.place(p)
}
