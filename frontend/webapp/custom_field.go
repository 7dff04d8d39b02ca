package webapp

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"complero/db"
	"complero/db/profile"
)

// mostRadios is how many choices stand open; more are a select.
const mostRadios = 5

// customField is a field of the Company's own as its type is filled in.
func (p *formPage) customField(r customRow) field {
	f := p.field("", "customFields."+r.Key, r.Value)
	f.Label = p.visit.customName(r.Key)
	_, multiline := r.Was.(string)
	f.Multiline = multiline && strings.Contains(r.Value, "\n")
	if r.Defined == nil {
		switch r.Was.(type) {
		case bool:
			f.Options = append([]option{{"", p.Say("custom.none")}}, p.yesOrNo()...)
		case float64:
			f.Mode = "decimal"
		}
		return f
	}
	f.Hint = profile.LabelIn(r.Defined.Hints, p.visit.languages()...)
	switch r.Defined.Type {
	case profile.TypeNumber:
		f.Mode = "decimal"
	case profile.TypeDate:
		// A browser shows nothing of what is no date.
		if _, err := time.Parse(time.DateOnly, r.Value); err == nil || r.Value == "" {
			f.Type = "date"
		}
	case profile.TypeBoolean:
		f.Radios = p.unanswered(f, p.yesOrNo())
	case profile.TypeChoice:
		var choices []option
		for i := range r.Defined.Choices {
			c := &r.Defined.Choices[i]
			choices = append(choices, option{c.Value, c.Name(p.visit.languages()...)})
		}
		if len(choices) <= mostRadios {
			f.Radios = p.unanswered(f, choices)
		} else {
			f.Options = p.unchosen(f, choices)
		}
	}
	return f
}

func (p *formPage) yesOrNo() []option {
	return []option{{yes, p.Say("custom.yes")}, {no, p.Say("custom.no")}}
}

// unanswered adds to the buttons what else is on file and, where that is
// allowed, one to say nothing.
func (p *formPage) unanswered(f field, options []option) []option {
	options = withValue(f, options)
	if f.Required == "" {
		options = append(options, option{"", p.Say("custom.none")})
	}
	return options
}

// unchosen adds to a list what else is on file, and begins it with nothing.
func (p *formPage) unchosen(f field, options []option) []option {
	options = withValue(f, options)
	switch {
	case f.Required == "":
		return slices.Insert(options, 0, option{"", p.Say("custom.none")})
	case f.Value == "":
		return slices.Insert(options, 0, option{"", p.Say("custom.choose")})
	}
	return options
}

// withValue adds what is on file but was not to be chosen any more.
func withValue(f field, options []option) []option {
	if f.Value == "" || slices.ContainsFunc(options, func(o option) bool { return o.Value == f.Value }) {
		return options
	}
	return append(options, option{f.Value, f.Value})
}

// customProblem says what is wrong with a field that the Company has defined.
func (v *visit) customProblem(c *db.CustomField, code db.Code) string {
	chosen := c.Type == profile.TypeBoolean || c.Type == profile.TypeChoice
	switch {
	case chosen:
		return v.voice.Say("error.choose")
	case code == db.TooLong && c.MaxLength != nil:
		return v.voice.Say("error.TOO_LONG.most", "Most", strconv.Itoa(*c.MaxLength))
	case code == db.Required || code == db.TooLong:
		return v.voice.Say(errorText(code))
	case c.Type == profile.TypeNumber:
		return v.numberProblem(c)
	case c.Type == profile.TypeDate:
		return v.dateProblem(c)
	case c.Pattern != nil:
		return v.voice.Say("error.pattern")
	}
	return v.voice.Say(errorText(code))
}

func (v *visit) numberProblem(c *db.CustomField) string {
	switch {
	case c.Minimum != nil && c.Maximum != nil:
		return v.voice.Say("error.number.between", "Least", v.number(*c.Minimum), "Most", v.number(*c.Maximum))
	case c.Minimum != nil:
		return v.voice.Say("error.number.from", "Least", v.number(*c.Minimum))
	case c.Maximum != nil:
		return v.voice.Say("error.number.until", "Most", v.number(*c.Maximum))
	}
	return v.voice.Say("error.number")
}

func (v *visit) dateProblem(c *db.CustomField) string {
	switch {
	case c.Earliest != nil && c.Latest != nil:
		return v.voice.Say("error.date.between", "Least", v.day(*c.Earliest), "Most", v.day(*c.Latest))
	case c.Earliest != nil:
		return v.voice.Say("error.date.from", "Least", v.day(*c.Earliest))
	case c.Latest != nil:
		return v.voice.Say("error.date.until", "Most", v.day(*c.Latest))
	}
	return v.voice.Say("error.date")
}
