package docs

import (
	"fmt"
	"html"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	tables "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// A printer makes HTML of Markdown.
type printer struct {
	facts    Facts
	markdown goldmark.Markdown
	// names are the API's names, and where the reference explains them.
	names map[string]string
}

func newPrinter(facts Facts) *printer {
	return &printer{
		facts: facts, names: namesOf(facts.Schema),
		markdown: goldmark.New(
			goldmark.WithExtensions(extension.Table),
			goldmark.WithParserOptions(parser.WithAutoHeadingID()),
			goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(shapes{}, 1))),
		),
	}
}

// text makes HTML of a description in the schema.
func (p *printer) text(markdown string) (string, error) {
	data := []byte(markdown)
	doc := p.markdown.Parser().Parse(text.NewReader(data))
	if err := p.link(doc, data); err != nil {
		return "", err
	}
	var b strings.Builder
	err := p.markdown.Renderer().Render(&b, data, doc)
	return b.String(), err
}

// link has links between guides lead to their pages, and names of the API to
// the reference; it also names the tables.
func (p *printer) link(doc ast.Node, source []byte) error {
	var above string
	var spans []*ast.CodeSpan
	err := ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			above = plain(n, source)
			return ast.WalkSkipChildren, nil
		case *ast.Link:
			n.Destination = []byte(strings.Replace(string(n.Destination), ".md", "", 1))
			if to := string(n.Destination); !strings.Contains(to, ":") && !strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "#") {
				n.Destination = []byte("/docs/" + to)
			}
			return ast.WalkSkipChildren, nil
		case *tables.Table:
			n.SetAttributeString("about", above)
		case *ast.CodeSpan:
			spans = append(spans, n)
		case *ast.HTMLBlock, *ast.RawHTML:
			return ast.WalkStop, fmt.Errorf("HTML is not shown: write Markdown instead, below %q", above)
		}
		return ast.WalkContinue, nil
	})
	for _, span := range spans {
		name := plain(span, source)
		to := p.names[name]
		if to == "" || inTable(span) && strings.ToLower(name) == name {
			continue // contact and employee in a table are fields of texts
		}
		link := ast.NewLink()
		link.Destination = []byte(to)
		span.Parent().ReplaceChild(span.Parent(), span, link)
		link.AppendChild(link, span)
	}
	return err
}

func inTable(n ast.Node) bool {
	for ; n != nil; n = n.Parent() {
		if n.Kind() == tables.KindTable {
			return true
		}
	}
	return false
}

// plain is the text in a node.
func plain(n ast.Node, source []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *ast.Text:
			if entering {
				b.Write(n.Value(source))
				if n.SoftLineBreak() || n.HardLineBreak() {
					b.WriteByte(' ')
				}
			}
		case *ast.String:
			if entering {
				b.Write(n.Value)
			}
		default:
			if !entering && n.Type() == ast.TypeBlock || n.Kind() == tables.KindTableCell {
				b.WriteByte(' ')
			}
		}
		return ast.WalkContinue, nil
	})
	return strings.Join(strings.Fields(b.String()), " ")
}

func idOf(n ast.Node) string {
	id, _ := n.AttributeString("id")
	text, _ := id.([]byte)
	return string(text)
}

// shapes are the nodes that look otherwise than usual.
type shapes struct{}

// RegisterFuncs implements renderer.NodeRenderer.
func (s shapes) RegisterFuncs(to renderer.NodeRendererFuncRegisterer) {
	to.Register(ast.KindHeading, s.heading)
	to.Register(ast.KindFencedCodeBlock, s.code)
	to.Register(tables.KindTable, s.table)
}

// heading leads to itself, so that it can be pointed to.
func (shapes) heading(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	level := n.(*ast.Heading).Level
	if entering {
		id := html.EscapeString(idOf(n))
		_, err := fmt.Fprintf(w, `<h%d id="%s"><a href="#%s">`, level, id, id)
		return ast.WalkContinue, err
	}
	_, err := fmt.Fprintf(w, "</a></h%d>\n", level)
	return ast.WalkContinue, err
}

// languages are what examples are written in.
var languages = map[string]string{"sh": "Shell", "graphql": "GraphQL", "json": "JSON", "csv": "CSV", "answer": "Answer", "markdown": "Text"}

// code is an example. Its lines wrap, so that nothing has to be scrolled for.
func (shapes) code(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	block := n.(*ast.FencedCodeBlock)
	name := languages[string(block.Language(source))]
	if name == "" {
		return ast.WalkStop, fmt.Errorf("an example in %q: there are sh, graphql, json, csv, answer and markdown", block.Language(source))
	}
	_, err := fmt.Fprintf(w, "<figure class=\"code\"><figcaption>%s</figcaption><pre><code>%s</code></pre></figure>\n",
		name, html.EscapeString(strings.TrimRight(string(block.Lines().Value(source)), "\n")))
	return ast.WalkContinue, err
}

// table can be scrolled by itself where it is wider than the page.
func (shapes) table(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		_, err := w.WriteString("</table></div>\n")
		return ast.WalkContinue, err
	}
	columns := 0
	if head := n.FirstChild(); head != nil {
		columns = head.ChildCount()
	}
	about, _ := n.AttributeString("about")
	_, err := fmt.Fprintf(w, `<div class="scroll columns%d" tabindex="0" role="group" aria-label="Table: %s"><table>`+"\n", min(columns, 4), html.EscapeString(fmt.Sprint(about)))
	return ast.WalkContinue, err
}
