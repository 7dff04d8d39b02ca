package webapp

import (
	"context"
	"io"

	"github.com/a-h/templ"
)

// A field is one input or select of the form.
type field struct {
	Name, Label, Value string
	// Type, Complete and Mode are the attributes type, autocomplete and inputmode.
	Type, Complete, Mode string
	Hint, Problem        string
	Focus                bool
	// Options make a select; Countries one of all countries.
	Options   []option
	Countries *countryOptions
}

type option struct{ Value, Label string }

// as gives a field its attributes type, autocomplete and inputmode.
func (f field) as(kind, complete, mode string) field {
	f.Type, f.Complete, f.Mode = kind, complete, mode
	return f
}

func (f field) hinted(text string) field {
	f.Hint = text
	return f
}

// describedBy names what explains the field: its hint and what is wrong.
func (f field) describedBy() string {
	hint, problem := "", ""
	if f.Hint != "" {
		hint = f.Name + "-hint"
	}
	if f.Problem != "" {
		problem = f.Name + "-problem"
	}
	return join(" ", hint, problem)
}

// Render writes the field with its label. A form is mostly fields, and templ
// takes three times as long for attributes that are there only sometimes.
func (f field) Render(_ context.Context, w io.Writer) error {
	size := 512
	if f.Countries != nil {
		size += len(f.Countries.html)
	}
	h := make(markup, 0, size)
	h = h.raw(`<div class="field"><label for="`).text(f.Name).raw(`">`).text(f.Label).raw(`</label>`)
	if f.Hint != "" {
		h = h.raw(`<span class="hint" id="`).text(f.Name).raw(`-hint">`).text(f.Hint).raw(`</span>`)
	}
	if f.Problem != "" {
		h = h.raw(`<span class="fault" id="`).text(f.Name).raw(`-problem">`).text(f.Problem).raw(`</span>`)
	}
	switch {
	case f.Countries != nil:
		h = f.attributes(h.raw(`<select`)).raw(`>`)
		if !f.Countries.knows(f.Value) {
			h = h.raw(`<option value="`).text(f.Value).raw(`" selected>`).text(f.Value).raw(`</option>`)
		}
		h = f.Countries.selecting(f.Value, h).raw(`</select>`)
	case len(f.Options) > 0:
		h = f.attributes(h.raw(`<select`)).raw(`>`)
		for _, o := range f.Options {
			h = h.raw(`<option value="`).text(o.Value).raw(`"`)
			if o.Value == f.Value {
				h = h.raw(` selected`)
			}
			h = h.raw(`>`).text(o.Label).raw(`</option>`)
		}
		h = h.raw(`</select>`)
	default:
		h = h.raw(`<input type="`).text(f.Type).raw(`" value="`).text(f.Value).raw(`" dir="auto"`)
		h = f.attributes(h).raw(`>`)
	}
	_, err := w.Write(h.raw(`</div>`))
	return err
}

// attributes are those that inputs and selects have in common.
func (f field) attributes(h markup) markup {
	h = h.raw(` id="`).text(f.Name).raw(`" name="`).text(f.Name).raw(`"`)
	for _, a := range []struct{ start, value string }{
		{` autocomplete="`, f.Complete}, {` inputmode="`, f.Mode}, {` aria-describedby="`, f.describedBy()},
	} {
		if a.value != "" {
			h = h.raw(a.start).text(a.value).raw(`"`)
		}
	}
	if f.Problem != "" {
		h = h.raw(` aria-invalid="true"`)
	}
	if f.Focus {
		h = h.raw(` autofocus`)
	}
	return h
}

// A markup is HTML being written.
type markup []byte

// raw adds what is HTML already.
func (h markup) raw(html string) markup { return append(h, html...) }

// text adds a text, escaped for content and for attributes in double quotes.
func (h markup) text(s string) markup { return append(h, templ.EscapeString(s)...) }
