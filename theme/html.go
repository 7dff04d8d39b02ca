package theme

import (
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// htmlWriter turns Markdown into the segments of a mail's HTML.
type htmlWriter struct {
	segments
	source []byte
	style  *mailStyle
	tables map[int]bool // fields that hold a Table
	links  map[int]bool // as newLink takes them
	tight  bool
	depth  int
}

func (w *htmlWriter) children(n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		w.block(c)
	}
}

func (w *htmlWriter) block(n ast.Node) {
	switch n := n.(type) {
	case *ast.Heading:
		tag := "h" + strconv.Itoa(min(n.Level, 3))
		w.literal("<" + tag + w.style.headings[min(n.Level, 3)-1])
		w.inlines(n)
		w.literal("</" + tag + ">\n")
	case *ast.List:
		w.listOf(n)
	case *ast.Blockquote:
		w.nested(w.style.quote, "</blockquote>\n", func() { w.children(n) })
	case *ast.ThematicBreak:
		w.literal(w.style.rule)
	default: // Paragraph, TextBlock
		w.paragraph(n)
	}
}

func (w *htmlWriter) paragraph(n ast.Node) {
	if field, ok := loneField(n, w.source); ok {
		begin := w.begin(field)
		if w.tables[field] {
			w.place(table, field)
		} else {
			w.literal(w.style.paragraph)
			w.place(value, field)
			w.literal("</p>\n")
		}
		w.end(begin)
		return
	}
	if label, l, ok := loneLink(n, w.links); ok {
		w.literal(w.style.buttonOpen)
		l.place(&w.segments, true)
		w.literal(w.style.buttonText)
		w.inlines(label)
		w.literal(w.style.buttonEnd)
		return
	}
	if w.tight {
		w.inlines(n)
		return
	}
	w.literal(w.style.paragraph)
	w.inlines(n)
	w.literal("</p>\n")
}

func (w *htmlWriter) listOf(n *ast.List) {
	open, shut := "<ul"+w.style.list+">\n", "</ul>\n"
	if n.IsOrdered() {
		open, shut = "<ol"+w.style.list+` start="`+strconv.Itoa(n.Start)+`">`+"\n", "</ol>\n"
	}
	outer := w.tight
	w.tight = n.IsTight
	w.nested(open, shut, func() {
		for item := n.FirstChild(); item != nil; item = item.NextSibling() {
			w.literal(`<li style="margin:0 0 4px">`)
			w.children(item)
			w.literal("</li>\n")
		}
	})
	w.tight = outer
}

// nested writes what is inside a list or quotation; too deep, only its text.
func (w *htmlWriter) nested(open, shut string, write func()) {
	w.depth++
	defer func() { w.depth-- }()
	if w.depth > maxNesting {
		w.literal("<div>")
		write()
		w.literal("</div>")
		return
	}
	w.literal(open)
	write()
	w.literal(shut)
}

func (w *htmlWriter) inlines(parent ast.Node) {
	for c := parent.FirstChild(); c != nil; c = c.NextSibling() {
		switch n := c.(type) {
		case *ast.Text:
			placeText(&w.segments, string(n.Segment.Value(w.source)), escapeHTML)
			if n.HardLineBreak() {
				w.literal("<br>\n")
			} else if n.SoftLineBreak() {
				w.literal("\n")
			}
		case *ast.Emphasis:
			tag := "em>"
			if n.Level > 1 {
				tag = "strong>"
			}
			w.literal("<" + tag)
			w.inlines(n)
			w.literal("</" + tag)
		case *ast.Link:
			w.link(string(n.Destination), func() { w.inlines(n) })
		case *ast.AutoLink:
			destination, label := autoLink(n, w.source)
			w.link(destination, func() { w.literal(escapeHTML(label)) })
		default: // Image: its description
			w.inlines(n)
		}
	}
}

func (w *htmlWriter) link(destination string, label func()) {
	l, ok := newLink(destination, w.links)
	if !ok {
		label()
		return
	}
	w.literal(w.style.link)
	l.place(&w.segments, true)
	w.literal(`">`)
	label()
	w.literal("</a>")
}

// plainSegments are those of a text that is no Markdown, such as the subject.
func plainSegments(resolved string) []segment {
	s := &segments{}
	for _, p := range partsOf(strings.TrimSpace(resolved)) {
		if p.field < 0 {
			s.literal(cleanLiteral(p.text))
		} else {
			s.place(value, p.field)
		}
	}
	return s.done()
}
