package webapp

import (
	"bytes"
	"sync"

	"github.com/a-h/templ"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"complero/db"
)

// wordings keeps wordings made into HTML. A version's wording never changes.
type wordings struct {
	mutex    sync.RWMutex
	known    map[wordingKey]templ.Component
	markdown goldmark.Markdown
}

type wordingKey struct {
	definition string
	version    int
	locale     string
}

// maxWordings bounds the memory that wordings take, at 20 kB each at most.
const maxWordings = 1000

func newWordings() *wordings {
	// Raw HTML is left out and dangerous links are emptied, goldmark's default.
	return &wordings{
		known:    map[wordingKey]templ.Component{},
		markdown: goldmark.New(goldmark.WithParserOptions(parser.WithASTTransformers(util.Prioritized(lowerHeadings{}, 100)))),
	}
}

// html is a wording as HTML.
func (ws *wordings) html(definition string, version int, w *db.ConsentWording) templ.Component {
	key := wordingKey{definition, version, w.Locale}
	ws.mutex.RLock()
	known := ws.known[key]
	ws.mutex.RUnlock()
	if known != nil {
		return known
	}
	var b bytes.Buffer
	made := templ.Raw(templ.EscapeString(w.Wording))
	if err := ws.markdown.Convert([]byte(w.Wording), &b); err == nil {
		made = templ.Raw(b.String())
	}
	ws.mutex.Lock()
	defer ws.mutex.Unlock()
	if len(ws.known) >= maxWordings {
		clear(ws.known)
	}
	ws.known[key] = made
	return made
}

// lowerHeadings puts a wording's headings below those of the page.
type lowerHeadings struct{}

func (lowerHeadings) Transform(document *ast.Document, _ text.Reader, _ parser.Context) {
	for n := document.FirstChild(); n != nil; n = n.NextSibling() {
		if h, ok := n.(*ast.Heading); ok {
			h.Level = min(h.Level+3, 6)
		}
	}
}
