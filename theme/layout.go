package theme

import (
	"fmt"
	"strings"
	"sync"

	"github.com/yuin/goldmark/ast"
)

// maxVariants bounds the memory of a Layout; a template whose conditions come
// in more combinations is compiled anew for each further one.
const maxVariants = 256

// A Layout is a Message in one Brand and Frame. It is safe for concurrent
// use, and meant to be kept: a message takes a few microseconds, once the
// first with the same conditions has been compiled.
type Layout struct {
	message *Message
	brand   string
	frame   Frame
	style   *mailStyle
	foot    []textBlock

	mu       sync.RWMutex
	variants map[uint32]*variant
}

// A variant is a Layout with all conditions decided. They are decided before
// Markdown is read, so that an if may hold anything: a word, list items,
// paragraphs.
type variant struct {
	subject []segment
	html    []segment
	blocks  []textBlock
}

// Uses are all that the Layout's Message names.
func (l *Layout) Uses() []Use { return l.message.uses }

// For lays the Message out in a Brand. It fails for a Brand with Problems and
// for a Frame that cannot be shown.
func (m *Message) For(b Brand, frame Frame) (*Layout, error) {
	if problems := b.Problems(); len(problems) > 0 {
		return nil, fmt.Errorf("brand: %w", problems[0])
	}
	frame = frame.clean()
	if err := frame.check(); err != nil {
		return nil, err
	}
	b = b.Normalized()
	return &Layout{
		message:  m,
		brand:    b.Name,
		frame:    frame,
		style:    newMailStyle(b, frame.Dir),
		foot:     frame.footBlocks(),
		variants: map[uint32]*variant{},
	}, nil
}

// Render makes one message. Values are text whatever they contain: escaped in
// HTML, a single line in the subject, never read as Markdown, Liquid or HTML;
// their line breaks stay. A value that is a link by itself must lead to http,
// https, mailto or tel. Values the template does not name are ignored. A
// subject that comes out empty is the Brand's name.
//
// It fails with ErrMessageTooLarge, for a link that may not be one, for a
// missing StopLink or CheckCode where the Frame shows it, and for a Table whose
// field ParseMessage was not told of. Errors contain no values.
func (l *Layout) Render(values map[string]string, tables ...Table) (Rendered, error) {
	f, err := l.fill(values, tables)
	if err != nil {
		return Rendered{}, err
	}
	v := l.variant(f)
	buffer := make([]byte, 0, 16<<10)
	buffer, err = f.appendSegments(buffer, v.subject, false)
	if err != nil {
		return Rendered{}, fmt.Errorf("subject: %w", err)
	}
	r := Rendered{Subject: oneLine(string(buffer), maxSubject)}
	if r.Subject == "" {
		r.Subject = l.brand
	}
	if buffer, err = f.appendSegments(buffer[:0], v.html, true); err != nil {
		return Rendered{}, fmt.Errorf("HTML: %w", err)
	}
	r.HTML = string(buffer)
	if buffer, err = l.appendText(buffer[:0], f, v); err != nil {
		return Rendered{}, fmt.Errorf("plain text: %w", err)
	}
	r.Text = string(buffer)
	if len(r.HTML)+len(r.Text) > maxOutput {
		return Rendered{}, ErrMessageTooLarge
	}
	return r, nil
}

// appendText writes the plain text, and the footer below the "-- " by which
// mail programs know it (RFC 3676, 4.3).
func (l *Layout) appendText(out []byte, f *filling, v *variant) ([]byte, error) {
	out, err := f.appendBlocks(out, v.blocks)
	if err != nil || len(l.foot) == 0 {
		return out, err
	}
	if len(out) > 0 {
		out = append(out, '\n')
	}
	out = append(out, "-- \n"...)
	return f.appendBlocks(out, l.foot)
}

func (l *Layout) fill(values map[string]string, tables []Table) (*filling, error) {
	m := l.message
	f := &filling{
		names:  m.fields,
		values: make([]string, len(m.fields)),
		tables: make([]*Table, len(m.fields)),
		style:  l.style,
	}
	size := 0
	for i, name := range m.fields {
		raw := values[name]
		if size += len(raw); size > maxOutput {
			return nil, ErrMessageTooLarge
		}
		if !m.tables[i] {
			f.values[i] = cleanValue(raw)
		}
	}
	for _, t := range tables {
		index, ok := m.index[t.Field]
		if !ok || !m.tables[index] {
			return nil, fmt.Errorf("the template was parsed without a table %q", t.Field)
		}
		if size += t.size(); size > maxOutput {
			return nil, ErrMessageTooLarge
		}
		f.tables[index] = t.clean()
	}
	if l.frame.StopLabel != "" && f.values[stopField] == "" {
		return nil, fmt.Errorf("field %q is missing: every message shows the way to stop", StopLink)
	}
	if l.frame.CheckLabel != "" && f.values[checkField] == "" {
		return nil, fmt.Errorf("field %q is missing: every message shows how to find out who wrote it", CheckCode)
	}
	if m.link >= 0 && f.values[m.link] == "" {
		return nil, fmt.Errorf("field %q is missing: every message shows the way to the Contact's page", Link)
	}
	return f, nil
}

// variant finds or compiles the variant for a filling's conditions.
func (l *Layout) variant(f *filling) *variant {
	var key uint32
	for bit, field := range l.message.conditions {
		if f.holds(field) {
			key |= 1 << bit
		}
	}
	l.mu.RLock()
	v := l.variants[key]
	l.mu.RUnlock()
	if v != nil {
		return v
	}
	v = l.compile(f.holds)
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.variants) < maxVariants {
		l.variants[key] = v
	}
	return v
}

func (l *Layout) compile(holds func(field int) bool) *variant {
	m := l.message
	var subject, preheader strings.Builder
	m.resolve(&subject, m.subject, holds)
	m.resolve(&preheader, m.preheader, holds)
	document, source := m.document(holds)

	w := &htmlWriter{source: source, style: l.style, tables: m.tables, links: m.links}
	l.frame.writeHead(&w.segments, l.brand, l.style, preheader.String())
	w.children(document)
	l.frame.writeFoot(&w.segments, l.style)
	return &variant{
		subject: plainSegments(subject.String()),
		html:    w.done(),
		blocks:  textBlocks(document, source, m.links),
	}
}

// document is the body as Markdown with all conditions decided, and with the
// button below it where it does not show the way to the Contact's page.
func (m *Message) document(holds func(field int) bool) (ast.Node, []byte) {
	var body strings.Builder
	m.resolve(&body, m.body, holds)
	source := []byte(body.String())
	document := parseMarkdown(source)
	if m.link < 0 || m.shows(document, source) {
		return document, source
	}
	m.resolveButton(&body, holds)
	source = []byte(body.String())
	return parseMarkdown(source), source
}
