package theme

import (
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// A Letter is the text of a letter, in pieces that can be set in print.
// Address field, date, logo and the Brand's fonts are added by whoever prints.
type Letter struct {
	Locale, Dir string
	Subject     string
	Body        []LetterBlock
	// Foot is what the law and the reader want to find: help, how to stop, the
	// check code, privacy and imprint.
	Foot []LetterBlock
}

// LetterKind is what a block of a letter is.
type LetterKind string

// The kinds of blocks. A button is a line of its own: a label, and where it leads.
const (
	LetterParagraph LetterKind = "PARAGRAPH"
	LetterHeading   LetterKind = "HEADING"
	LetterItem      LetterKind = "ITEM"
	LetterRule      LetterKind = "RULE"
	LetterButton    LetterKind = "BUTTON"
)

// A LetterBlock is a paragraph or what stands in the place of one.
type LetterBlock struct {
	Kind LetterKind
	// Level is 1 to 3 for a heading, and for all else how far it is indented.
	Level int
	// Mark stands before an item: a bullet or a number.
	Mark string
	Runs []LetterRun
}

// A LetterRun is a stretch of text in one style. Line breaks in it stay.
type LetterRun struct {
	Text         string
	Bold, Italic bool
	// Link is where it leads; on paper it has to be read. "" for none.
	Link string
}

// Letter makes the text of a letter. It fails as Render does.
func (l *Layout) Letter(values map[string]string) (Letter, error) {
	f, err := l.fill(values, nil)
	if err != nil {
		return Letter{}, err
	}
	m := l.message
	var subject strings.Builder
	m.resolve(&subject, m.subject, f.holds)
	letter := Letter{Locale: l.frame.Locale, Dir: l.frame.Dir, Subject: oneLine(f.plain(subject.String()), maxSubject)}
	document, source := m.document(f.holds)
	w := &letterWriter{filling: f, source: source, links: m.links}
	w.children(document, 0)
	if w.size > maxOutput {
		return Letter{}, ErrMessageTooLarge
	}
	letter.Body = w.blocks
	letter.Foot, err = l.letterFoot(f)
	return letter, err
}

func (l *Layout) letterFoot(f *filling) ([]LetterBlock, error) {
	var foot []LetterBlock
	for _, b := range l.foot {
		text, err := f.appendSegments(nil, b.list, false)
		if err != nil {
			return nil, err
		}
		foot = append(foot, LetterBlock{Kind: LetterParagraph, Runs: []LetterRun{{Text: string(text)}}})
	}
	return foot, nil
}

// letterWriter turns Markdown into a Letter's blocks.
type letterWriter struct {
	*filling
	source []byte
	links  map[int]bool
	blocks []LetterBlock
	mark   string // of the item that begins
	size   int    // bytes of text
}

func (w *letterWriter) children(n ast.Node, level int) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		w.block(c, min(level, maxNesting))
	}
}

func (w *letterWriter) block(n ast.Node, level int) {
	switch n := n.(type) {
	case *ast.Heading:
		w.add(LetterBlock{Kind: LetterHeading, Level: min(n.Level, 3), Runs: w.runs(n, LetterRun{}, nil)})
	case *ast.List:
		number := n.Start
		for item := n.FirstChild(); item != nil; item = item.NextSibling() {
			w.mark = "•"
			if n.IsOrdered() {
				w.mark = strconv.Itoa(number) + "."
				number++
			}
			w.children(item, level+1)
		}
		w.mark = ""
	case *ast.Blockquote:
		w.children(n, level+1)
	case *ast.ThematicBreak:
		w.blocks = append(w.blocks, LetterBlock{Kind: LetterRule, Level: level})
	default: // Paragraph, TextBlock
		if label, l, ok := loneLink(n, w.links); ok {
			w.add(LetterBlock{Kind: LetterButton, Runs: w.runs(label, LetterRun{Link: w.address(l)}, nil)})
			return
		}
		w.add(LetterBlock{Kind: LetterParagraph, Level: level, Runs: w.runs(n, LetterRun{}, nil)})
	}
}

// add adds a block that says something.
func (w *letterWriter) add(b LetterBlock) {
	empty := true
	for _, r := range b.Runs {
		w.size += len(r.Text) + len(r.Link)
		empty = empty && strings.TrimSpace(r.Text) == ""
	}
	if empty || w.size > maxOutput {
		return
	}
	if w.mark != "" && b.Kind == LetterParagraph {
		b.Kind, b.Mark = LetterItem, w.mark
		w.mark = ""
	}
	w.blocks = append(w.blocks, b)
}

// runs appends what stands within a paragraph, in a style.
func (w *letterWriter) runs(parent ast.Node, style LetterRun, to []LetterRun) []LetterRun {
	for c := parent.FirstChild(); c != nil; c = c.NextSibling() {
		within := style
		switch n := c.(type) {
		case *ast.Text:
			within.Text = w.text(string(n.Segment.Value(w.source)))
			if n.HardLineBreak() {
				within.Text += "\n"
			} else if n.SoftLineBreak() {
				within.Text += " "
			}
			to = appendRun(to, within)
			continue
		case *ast.AutoLink:
			destination, label := autoLink(n, w.source)
			if l, ok := newLink(destination, w.links); ok {
				within.Link = w.address(l)
			}
			within.Text = label
			to = appendRun(to, within)
			continue
		case *ast.Emphasis:
			within.Italic, within.Bold = style.Italic || n.Level == 1, style.Bold || n.Level > 1
		case *ast.Link:
			if l, ok := newLink(string(n.Destination), w.links); ok {
				within.Link = w.address(l)
			}
		}
		to = w.runs(c, within, to)
	}
	return to
}

// appendRun joins what has the same style.
func appendRun(to []LetterRun, r LetterRun) []LetterRun {
	if last := len(to) - 1; last >= 0 {
		same := to[last]
		same.Text = r.Text
		if same == r {
			to[last].Text += r.Text
			return to
		}
	}
	return append(to, r)
}

func (w *letterWriter) text(s string) string {
	var b strings.Builder
	for _, p := range partsOf(s) {
		if p.field < 0 {
			b.WriteString(unescape(p.text))
		} else {
			b.WriteString(w.values[p.field])
		}
	}
	return b.String()
}

// address writes where a link leads; one that is none leads nowhere.
func (w *letterWriter) address(l link) string {
	s := &segments{}
	l.place(s, false)
	out, err := w.appendSegments(nil, s.done(), false)
	if err != nil {
		return ""
	}
	return string(out)
}
