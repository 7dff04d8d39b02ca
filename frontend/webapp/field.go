package webapp

import (
	"context"
	"io"
)

// A field is one input or select of the form.
type field struct {
	Name, Label, Value string
	// Type, Complete and Mode are the attributes type, autocomplete and inputmode.
	Type, Complete, Mode string
	Hint, Problem        string
	Focus                bool
	// Required is the word that tells so; "" where the field may stay empty.
	Required string
	// Multiline makes room for several lines.
	Multiline bool
	// Options make a select; Countries one of all countries; Radios make buttons
	// of which one is chosen.
	Options   []option
	Countries *countryOptions
	Radios    []option
	// Parts make a date of several fields.
	Parts []datePart
	// Live is what browsers show as soon as they see that the value cannot be right.
	Live string
	// Blank begins a select of countries with none chosen.
	Blank string
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

// Render writes the field with its label.
func (f field) Render(_ context.Context, w io.Writer) error {
	h := newMarkup()
	*h = f.write(*h)
	return h.send(w)
}

// write adds the field with its label.
func (f field) write(h markup) markup {
	if len(f.Radios) > 0 {
		return f.radios(h)
	}
	if len(f.Parts) > 0 {
		return f.renderDate(h)
	}
	h = h.raw(`<div class="field"><label for="`).text(f.Name).raw(`">`)
	h = f.explain(f.label(h).raw(`</label>`))
	switch {
	case f.Multiline:
		h = f.attributes(h.raw(`<textarea rows="4" dir="auto"`)).raw(">\n").text(f.Value).raw(`</textarea>`)
	case f.Countries != nil:
		h = f.attributes(h.raw(`<select`)).raw(`>`)
		switch {
		case f.Value == "" && f.Blank != "":
			h = h.raw(`<option value="" selected>`).text(f.Blank).raw(`</option>`)
		case !f.Countries.knows(f.Value):
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
	if f.Live != "" && f.Problem == "" {
		h = h.raw(`<span class="fault live">`).text(f.Live).raw(`</span>`)
	}
	return h.raw(`</div>`)
}

// live has browsers tell what is wrong while the field is being filled in.
func (f field) live(text string) field {
	f.Live = text
	return f
}

// label adds what the field is called, and that it has to be filled in.
func (f field) label(h markup) markup {
	h = h.text(f.Label)
	if f.Required != "" {
		h = h.raw(` <span class="need">(`).text(f.Required).raw(`)</span>`)
	}
	return h
}

// explain adds the hint and what is wrong.
func (f field) explain(h markup) markup {
	if f.Hint != "" {
		h = h.raw(`<span class="hint" id="`).text(f.Name).raw(`-hint">`).text(f.Hint).raw(`</span>`)
	}
	if f.Problem != "" {
		h = h.raw(`<span class="fault" id="`).text(f.Name).raw(`-problem">`).text(f.Problem).raw(`</span>`)
	}
	return h
}

// radios writes buttons of which one is chosen. The first has the field's name
// for its id, so that the list of problems leads there.
func (f field) radios(h markup) markup {
	h = h.raw(`<fieldset class="field" role="radiogroup"`)
	h = f.states(h).raw(`><legend>`)
	h = f.explain(f.label(h).raw(`</legend>`)).raw(`<div class="choices">`)
	for i, o := range f.Radios {
		h = h.raw(`<label class="tick"><input type="radio" name="`).text(f.Name).raw(`" value="`).text(o.Value).raw(`"`)
		if i == 0 {
			h = h.raw(` id="`).text(f.Name).raw(`"`)
		}
		if o.Value == f.Value {
			h = h.raw(` checked`)
		}
		h = h.raw(`><span dir="auto">`).text(o.Label).raw(`</span></label>`)
	}
	return h.raw(`</div></fieldset>`)
}

// attributes are those that inputs and selects have in common.
func (f field) attributes(h markup) markup {
	h = h.raw(` id="`).text(f.Name).raw(`" name="`).text(f.Name).raw(`"`)
	for _, a := range []struct{ start, value string }{
		{` autocomplete="`, f.Complete}, {` inputmode="`, f.Mode},
	} {
		if a.value != "" {
			h = h.raw(a.start).text(a.value).raw(`"`)
		}
	}
	if h = f.states(h); f.Required != "" {
		h = h.raw(` required`)
	}
	if f.Focus {
		h = h.raw(` autofocus`)
	}
	return h
}

// states are the attributes that tell how it stands with the field.
func (f field) states(h markup) markup {
	if by := f.describedBy(); by != "" {
		h = h.raw(` aria-describedby="`).text(by).raw(`"`)
	}
	if f.Required != "" {
		h = h.raw(` aria-required="true"`)
	}
	if f.Problem != "" {
		h = h.raw(` aria-invalid="true"`)
	}
	return h
}
