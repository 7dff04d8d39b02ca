package theme

import (
	"html"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// maxNesting is how deep lists and quotations are shown inside one another.
const maxNesting = 8

// parseMarkdown reads the Markdown that has a place in a message: headings,
// paragraphs, emphasis, links, lists, quotations and rules. Raw HTML and code
// are no part of it: they stay text, so that no template can hide the footer.
func parseMarkdown(source []byte) ast.Node {
	p := parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(parser.NewThematicBreakParser(), 200),
			util.Prioritized(parser.NewListParser(), 300),
			util.Prioritized(parser.NewListItemParser(), 400),
			util.Prioritized(parser.NewATXHeadingParser(), 600),
			util.Prioritized(parser.NewBlockquoteParser(), 800),
			util.Prioritized(parser.NewParagraphParser(), 1000),
		),
		parser.WithInlineParsers(
			util.Prioritized(parser.NewLinkParser(), 200),
			util.Prioritized(parser.NewAutoLinkParser(), 300),
			util.Prioritized(parser.NewEmphasisParser(), 500),
		),
		parser.WithParagraphTransformers(parser.DefaultParagraphTransformers()...),
	)
	return p.Parse(text.NewReader(source))
}

// unescape resolves what Markdown lets an author write for a character: \*
// and &amp; alike.
func unescape(s string) string {
	if !strings.ContainsAny(s, `\&`) {
		return cleanLiteral(s)
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && util.IsPunct(s[i+1]) {
			i++
		} else if end := strings.IndexByte(s[i:min(len(s), i+40)], ';'); s[i] == '&' && end > 0 {
			b.WriteString(html.UnescapeString(s[i : i+end+1]))
			i += end
			continue
		}
		b.WriteByte(s[i])
	}
	return cleanLiteral(b.String())
}

// cleanLiteral is cleanValue for a stretch of the template, whose blanks at
// either end are between words.
func cleanLiteral(s string) string {
	if plain(s) {
		return s
	}
	cleaned := cleanValue("." + s + ".")
	return cleaned[1 : len(cleaned)-1]
}

// loneField returns the field that a paragraph consists of.
func loneField(paragraph ast.Node, source []byte) (int, bool) {
	t, ok := paragraph.FirstChild().(*ast.Text)
	if !ok || paragraph.ChildCount() != 1 {
		return 0, false
	}
	parts := partsOf(strings.TrimSpace(string(t.Segment.Value(source))))
	if len(parts) != 1 || parts[0].field < 0 {
		return 0, false
	}
	return parts[0].field, true
}

// loneLink returns the link that a paragraph consists of: the button. In a
// list or quotation a link is a link.
func loneLink(paragraph ast.Node, links map[int]bool) (*ast.Link, link, bool) {
	n, ok := paragraph.FirstChild().(*ast.Link)
	if !ok || paragraph.ChildCount() != 1 || n.ChildCount() == 0 || paragraph.Parent().Kind() != ast.KindDocument {
		return nil, link{}, false
	}
	l, ok := newLink(string(n.Destination), links)
	return n, l, ok
}

// autoLink returns where <https://…> or <name@example.com> leads.
func autoLink(n *ast.AutoLink, source []byte) (destination, label string) {
	label = string(n.Label(source))
	if n.AutoLinkType == ast.AutoLinkEmail {
		return "mailto:" + label, label
	}
	return label, label
}
