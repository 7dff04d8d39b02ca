package webapp

import (
	"context"
	"io"
	"strconv"
	"sync"

	"github.com/a-h/templ"
)

// What pages have much of is written by hand: templ takes five allocations for
// a text, and three times as long for attributes that are there only sometimes.

// A markup is HTML being written.
type markup []byte

// raw adds what is HTML already.
func (h markup) raw(html string) markup { return append(h, html...) }

// text adds a text, escaped for content and for attributes in double quotes.
func (h markup) text(s string) markup {
	for i := range len(s) {
		switch s[i] {
		case '&', '\'', '<', '>', '"':
			return append(h, templ.EscapeString(s)...)
		}
	}
	return append(h, s...)
}

// attribute adds an attribute.
func (h markup) attribute(name, value string) markup {
	return h.raw(` `).raw(name).raw(`="`).text(value).raw(`"`)
}

// markups are for pieces being written.
var markups = sync.Pool{New: func() any { return new(markup) }}

// newMarkup lends an empty one, until it is sent.
func newMarkup() *markup { return markups.Get().(*markup) }

// send writes what stands in it.
func (h *markup) send(w io.Writer) error {
	_, err := w.Write(*h)
	*h = (*h)[:0]
	markups.Put(h)
	return err
}

// A hidden field goes with a form as it came.
type hidden struct{ name, value string }

// Render writes the field.
func (f hidden) Render(_ context.Context, w io.Writer) error {
	h := newMarkup()
	*h = h.raw(`<input type="hidden"`).attribute("name", f.name).attribute("value", f.value).raw(`>`)
	return h.send(w)
}

// A heading is what a group of fields is called, to those who see the page and
// to those who hear it.
type heading string

// Render writes the heading.
func (t heading) Render(_ context.Context, w io.Writer) error {
	h := newMarkup()
	*h = h.raw(`<legend class="first">`).text(string(t)).raw(`</legend>`)
	*h = h.raw(`<h2 aria-hidden="true">`).text(string(t)).raw(`</h2>`)
	return h.send(w)
}

// A removal is the button that takes an entry out of the form.
type removal struct{ do, label, entry string }

func (p *formPage) removal(do, what string, i int) removal {
	return removal{do + strconv.Itoa(i), p.Say("form.remove"), p.entry(what, i)}
}

// Render writes the button. It names the entry to those who do not see where it stands.
func (b removal) Render(_ context.Context, w io.Writer) error {
	h := newMarkup()
	*h = h.raw(`<button class="button quiet small" name="do"`).attribute("value", b.do)
	*h = h.attribute("aria-label", b.label+": "+b.entry).raw(`>`).text(b.label).raw(`</button>`)
	return h.send(w)
}

// A factList lists what is on file.
type factList []fact

// Render writes the facts.
func (list factList) Render(_ context.Context, w io.Writer) error {
	h := newMarkup()
	*h = h.raw(`<dl class="facts two">`)
	for i := range list {
		*h = list[i].write(*h)
	}
	*h = h.raw(`</dl>`)
	return h.send(w)
}

// write adds a fact under its label, or under its note where it has none.
func (f *fact) write(h markup) markup {
	label, note := f.Label, f.Note
	if label == "" {
		label, note = note, ""
	}
	h = h.raw(`<div><dt>`).text(label).raw(`</dt><dd>`)
	for _, line := range f.Lines {
		h = h.raw(`<span><bdi>`).text(line).raw(`</bdi></span> `)
	}
	if note != "" {
		h = h.raw(`<span class="muted">`).text(note).raw(`</span>`)
	}
	return h.raw(`</dd></div>`)
}
