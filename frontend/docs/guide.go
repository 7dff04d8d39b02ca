package docs

import (
	"errors"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

// A guide is a page that somebody wrote.
type guide struct {
	Name, Title, Description string
	Contents                 []heading
	HTML                     string
	sections                 []section
	examples                 []example
}

// An example is a GraphQL document that a guide shows.
type example struct {
	Code string
	// Where leads to the place in the guide.
	Where entry
}

func (g *guide) path() string { return "/docs/" + g.Name }

// guide makes a page of Markdown that begins with a title and a paragraph that
// says what the page is about.
func (p *printer) guide(name, source string) (*guide, error) {
	filled, err := p.fill(source)
	if err != nil {
		return nil, err
	}
	data := []byte(filled)
	doc := p.markdown.Parser().Parse(text.NewReader(data))
	g := &guide{Name: name}
	title, lead := doc.FirstChild(), ast.Node(nil)
	if title != nil {
		lead = title.NextSibling()
	}
	if h, ok := title.(*ast.Heading); !ok || h.Level != 1 || lead == nil || lead.Kind() != ast.KindParagraph {
		return nil, errors.New("it has to begin with a title and a paragraph")
	}
	g.Title, g.Description = plain(title, data), plain(lead, data)
	doc.RemoveChild(doc, title)
	doc.RemoveChild(doc, lead)
	if err := p.link(doc, data); err != nil {
		return nil, err
	}
	g.read(doc, data)
	var b strings.Builder
	if err := p.markdown.Renderer().Render(&b, data, doc); err != nil {
		return nil, err
	}
	g.HTML = b.String()
	return g, nil
}

// read collects the page's headings, texts and examples.
func (g *guide) read(doc ast.Node, source []byte) {
	here := section{Path: g.path(), Title: g.Title, Page: g.Title}
	said := []string{g.Description}
	var shown []string // examples, which are found, but rather not quoted
	end := func() {
		here.say(strings.Join(append(said, shown...), " "))
		g.sections = append(g.sections, here)
		said, shown = nil, nil
	}
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Heading:
			end()
			h := heading{ID: idOf(n), Title: plain(n, source), Level: n.Level}
			g.Contents = append(g.Contents, h)
			here = section{Path: g.path() + "#" + h.ID, Title: h.Title, Page: g.Title}
		case *ast.FencedCodeBlock:
			code := string(n.Lines().Value(source))
			shown = append(shown, code)
			where := entry{Path: here.Path, Title: here.Title}
			switch string(n.Language(source)) {
			case "graphql":
				g.examples = append(g.examples, example{strings.TrimSpace(code), where})
			case "sh":
				for _, document := range inShell(code) {
					g.examples = append(g.examples, example{document, where})
				}
			}
		default:
			said = append(said, plain(n, source))
		}
	}
	end()
}

// inShell finds the documents that a shell's commands hand to complero.
func inShell(code string) []string {
	var found []string
	for {
		_, rest, ok := strings.Cut(code, "complero <<")
		if !ok {
			return found
		}
		_, rest, _ = strings.Cut(rest, "\n")
		document, rest, ok := strings.Cut(rest, "\nEND")
		if !ok {
			return found
		}
		found = append(found, document)
		code = rest
	}
}
