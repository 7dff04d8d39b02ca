package theme

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
)

// textWidth is where lines of plain text break: RFC 3676 leaves room for two
// levels of quoting below 80.
const textWidth = 76

// A textBlock is a paragraph of plain text before it is filled and wrapped.
type textBlock struct {
	first, rest string // what its first line begins with, and the others
	gap         bool   // an empty line stands before it
	verbatim    string // or a fixed line, such as a rule
	table       int    // or the field of a Table; else -1
	list        []segment
}

// textWriter turns Markdown into textBlocks.
type textWriter struct {
	source      []byte
	links       map[int]bool // as newLink takes them
	blocks      []textBlock
	first, rest string
	tight       bool
	depth       int
	written     map[string]bool // destinations that already stand in the text
}

func textBlocks(document ast.Node, source []byte, links map[int]bool) []textBlock {
	w := &textWriter{source: source, links: links, written: map[string]bool{}}
	w.children(document)
	return w.blocks
}

func (w *textWriter) children(n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		w.block(c)
	}
}

func (w *textWriter) add(b textBlock) {
	b.first, b.rest, b.gap = w.first, w.rest, !w.tight
	w.first = w.rest
	w.blocks = append(w.blocks, b)
}

func (w *textWriter) block(n ast.Node) {
	switch n := n.(type) {
	case *ast.List:
		w.listOf(n)
	case *ast.Blockquote:
		w.indented("  ", "  ", func() { w.children(n) })
	case *ast.ThematicBreak:
		w.add(textBlock{verbatim: strings.Repeat("-", 20), table: -1})
	default: // Paragraph, TextBlock, Heading
		w.paragraph(n)
	}
}

func (w *textWriter) paragraph(n ast.Node) {
	if field, ok := loneField(n, w.source); ok {
		s := &segments{}
		s.place(value, field)
		w.add(textBlock{table: field, list: s.done()})
		return
	}
	s := &segments{}
	if label, l, ok := loneLink(n, w.links); ok {
		w.inlines(s, label)
		s.literal(afterLabel(label, w.source))
		l.place(s, false)
		w.written[string(label.Destination)] = true
	} else {
		w.inlines(s, n)
	}
	w.add(textBlock{table: -1, list: s.done()})
}

// afterLabel joins a button's label to the link below it, with a colon where
// the label does not end in a mark of its own.
func afterLabel(label ast.Node, source []byte) string {
	if t, ok := label.LastChild().(*ast.Text); ok {
		if s := string(t.Segment.Value(source)); s != "" && strings.ContainsAny(s[len(s)-1:], ".:!?") {
			return "\n"
		}
	}
	return ":\n"
}

func (w *textWriter) listOf(n *ast.List) {
	number := n.Start
	outer := w.tight
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		bullet := "- "
		if n.IsOrdered() {
			bullet = strconv.Itoa(number) + ". "
			number++
		}
		w.tight = n.IsTight && (outer || item != n.FirstChild())
		w.indented(bullet, strings.Repeat(" ", len(bullet)), func() {
			for c := item.FirstChild(); c != nil; c = c.NextSibling() {
				w.block(c)
				w.tight = n.IsTight
			}
		})
	}
	w.tight = outer
}

func (w *textWriter) indented(first, rest string, write func()) {
	outer := w.rest
	w.depth++
	if w.depth <= maxNesting {
		w.first, w.rest = w.first+first, w.rest+rest
	}
	write()
	w.depth--
	w.first, w.rest = outer, outer
}

func (w *textWriter) inlines(s *segments, parent ast.Node) {
	for c := parent.FirstChild(); c != nil; c = c.NextSibling() {
		switch n := c.(type) {
		case *ast.Text:
			placeText(s, string(n.Segment.Value(w.source)), func(t string) string { return t })
			if n.HardLineBreak() {
				s.literal("\n")
			} else if n.SoftLineBreak() {
				s.literal(" ")
			}
		case *ast.Link:
			w.inlines(s, n)
			w.link(s, string(n.Destination), plainLabel(n, w.source))
		case *ast.AutoLink:
			_, label := autoLink(n, w.source)
			s.literal(label)
		default: // Emphasis, Image
			w.inlines(s, n)
		}
	}
}

// link writes the address after the label, unless the label is the address
// or it stands in the text already.
func (w *textWriter) link(s *segments, destination, label string) {
	l, ok := newLink(destination, w.links)
	if !ok || w.written[destination] {
		return
	}
	w.written[destination] = true
	if l.parts[0].field < 0 && l.address {
		l.parts[0].text = l.parts[0].text[strings.IndexByte(l.parts[0].text, ':')+1:]
		destination = destination[strings.IndexByte(destination, ':')+1:]
	}
	if label == destination {
		return
	}
	s.literal(" <")
	l.place(s, false)
	s.literal(">")
}

// plainLabel is the label of a link if it is nothing but text.
func plainLabel(n ast.Node, source []byte) string {
	t, ok := n.FirstChild().(*ast.Text)
	if !ok || n.ChildCount() != 1 {
		return ""
	}
	return string(t.Segment.Value(source))
}

// placeText writes Markdown's text, with its fields, through escape.
func placeText(s *segments, text string, escape func(string) string) {
	for _, p := range partsOf(text) {
		if p.field < 0 {
			s.literal(escape(unescape(p.text)))
		} else {
			s.place(value, p.field)
		}
	}
}

// appendBlocks fills and wraps the blocks.
func (f *filling) appendBlocks(out []byte, blocks []textBlock) ([]byte, error) {
	var scratch []byte
	for i := range blocks {
		b := &blocks[i]
		before := len(out)
		if b.gap && before > 0 {
			out = append(out, '\n')
		}
		content := len(out)
		var err error
		switch {
		case b.verbatim != "":
			out = append(out, b.rest+b.verbatim+"\n"...)
		case b.table >= 0 && f.tables[b.table] != nil:
			out = f.tables[b.table].appendText(out, b.rest)
		default:
			if scratch, err = f.appendSegments(scratch[:0], b.list, false); err != nil {
				return nil, err
			}
			out = wrap(out, strings.TrimSpace(string(scratch)), b.first, b.rest)
		}
		if len(out) == content {
			out = out[:before]
		}
		if len(out) > maxOutput {
			return nil, ErrMessageTooLarge
		}
	}
	return out, nil
}

// wrap writes s in lines of at most textWidth characters; \n in s breaks a
// line, and a word that is too long for any, such as a link, stays whole. An
// empty s writes nothing.
func wrap(out []byte, s, first, rest string) []byte {
	if s == "" {
		return out
	}
	prefix := first
	for more := true; more; prefix = rest {
		var line string
		line, s, more = strings.Cut(s, "\n")
		out = wrapLine(out, line, prefix, rest)
	}
	return out
}

func wrapLine(out []byte, line, prefix, rest string) []byte {
	out = append(out, prefix...)
	start, column := len(out), utf8.RuneCountInString(prefix)
	for line != "" {
		if line[0] == ' ' || line[0] == '\t' {
			line = line[1:]
			continue
		}
		end := strings.IndexAny(line, " \t")
		if end < 0 {
			end = len(line)
		}
		width := utf8.RuneCountInString(line[:end])
		switch {
		case len(out) == start:
		case column+1+width > textWidth:
			out = append(out, '\n')
			out = append(out, rest...)
			column = utf8.RuneCountInString(rest)
		default:
			out = append(out, ' ')
			column++
		}
		out = append(out, line[:end]...)
		column += width
		line = line[end:]
	}
	for len(out) > 0 && out[len(out)-1] == ' ' {
		out = out[:len(out)-1]
	}
	return append(out, '\n')
}
