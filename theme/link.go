package theme

import (
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
)

// A link is a destination of Markdown, taken apart.
type link struct {
	parts   []part
	address bool // mailto: or tel:
}

// newLink returns no link for a destination that leads where links may not:
// one that is written out leads to https, mailto or tel; a field may lead to
// http as well, on an installation without TLS. links are the fields that may
// be where it leads; nil for any.
func newLink(destination string, links map[int]bool) (link, bool) {
	parts := partsOf(destination)
	if len(parts) == 0 {
		return link{}, false
	}
	if field := parts[0].field; field >= 0 {
		return link{parts: parts}, links == nil || links[field]
	}
	for i := range parts {
		parts[i].text = unescape(parts[i].text)
	}
	scheme := linkScheme(parts[0].text)
	return link{parts: parts, address: scheme == "mailto:" || scheme == "tel:"}, scheme != "" && scheme != "http://"
}

// place writes the link's address into s.
func (l link) place(s *segments, asHTML bool) {
	for i, p := range l.parts {
		switch {
		case p.field < 0 && asHTML:
			s.literal(escapeHTML(string(appendURL(nil, p.text))))
		case p.field < 0:
			s.literal(string(appendURL(nil, p.text)))
		case i == 0:
			s.place(destination, p.field)
		case l.address:
			s.place(address, p.field)
		default:
			s.place(argument, p.field)
		}
	}
}

// checkLinks finds a link that would not be shown as one, with every if of the
// body holding, with none, and with each alone.
func (m *Message) checkLinks(source string) *TemplateError {
	cases := []func(int) bool{func(int) bool { return true }, func(int) bool { return false }}
	for _, field := range m.conditions {
		cases = append(cases, func(f int) bool { return f == field })
	}
	for _, holds := range cases {
		document, _ := m.document(holds)
		bad := ""
		_ = ast.Walk(document, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
			l, isLink := n.(*ast.Link)
			if _, ok := newLink(destinationOf(l, isLink), m.links); isLink && entering && !ok {
				bad = m.named(string(l.Destination))
				return ast.WalkStop, nil
			}
			return ast.WalkContinue, nil
		})
		if bad == "" {
			continue
		}
		const format = "a link cannot lead to %q; it begins with https://, mailto: or tel:, or is a field that is a link"
		at := strings.Index(source, "](")
		if literal, _, _ := strings.Cut(bad, "{{"); literal != "" && strings.Contains(source, literal) {
			at = strings.Index(source, literal)
		}
		problem := errorAt(source, max(0, at), 1, format, shorten(bad, 80))
		problem.Part = "body"
		return problem
	}
	return nil
}

func destinationOf(l *ast.Link, isLink bool) string {
	if !isLink {
		return ""
	}
	return string(l.Destination)
}

// named writes a text with the fields' names where their marks are.
func (m *Message) named(s string) string {
	var b strings.Builder
	for _, p := range partsOf(s) {
		if p.field < 0 {
			b.WriteString(p.text)
		} else {
			b.WriteString("{{ " + m.fields[p.field] + " }}")
		}
	}
	return b.String()
}

// shows reports whether a reader sees the field Link: as a text, or behind a
// label that has words of its own.
func (m *Message) shows(document ast.Node, source []byte) bool {
	mark := string(rune(markBase + m.link))
	shown := false
	_ = ast.Walk(document, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Text:
			shown = shown || strings.Contains(string(n.Segment.Value(source)), mark)
		case *ast.Link:
			shown = shown || string(n.Destination) == mark && hasWords(n, source)
		}
		if shown {
			return ast.WalkStop, nil
		}
		return ast.WalkContinue, nil
	})
	return shown
}

// hasWords reports whether a label says something even where all fields are empty.
func hasWords(label ast.Node, source []byte) bool {
	found := false
	_ = ast.Walk(label, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if t, ok := n.(*ast.Text); ok && entering {
			for _, p := range partsOf(string(t.Segment.Value(source))) {
				found = found || p.field < 0 && strings.ContainsFunc(unescape(p.text), isWordPart)
			}
		}
		return ast.WalkContinue, nil
	})
	return found
}

func isWordPart(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsSymbol(r)
}
