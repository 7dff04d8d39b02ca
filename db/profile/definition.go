package profile

import (
	"regexp"
	"strings"
)

// A Definition says what one of the Company's own fields holds and how it is
// called. Prepare makes one ready that was read or is to be saved; after that
// it is only read.
type Definition struct {
	Key    string    `json:"key"`
	Labels []Label   `json:"labels"`
	Hints  []Label   `json:"hints,omitempty"` // what the Contact should know to fill it in
	Type   FieldType `json:"type"`
	// Choices are those of a CHOICE, in the order in which they are offered.
	Choices []Choice `json:"choices,omitempty"`
	// MaxLength is the most characters of a TEXT; Pattern an RE2 expression that
	// all of it has to match.
	MaxLength *int    `json:"maxLength,omitempty"`
	Pattern   *string `json:"pattern,omitempty"`
	// Minimum and Maximum bound a NUMBER, Earliest and Latest a DATE (YYYY-MM-DD);
	// each bound is itself allowed.
	Minimum  *float64 `json:"minimum,omitempty"`
	Maximum  *float64 `json:"maximum,omitempty"`
	Earliest *string  `json:"earliest,omitempty"`
	Latest   *string  `json:"latest,omitempty"`

	pattern *regexp.Regexp
	named   map[string]string // a choice's value, by its folded value and labels
}

// Definitions are a Company's, by key. They are shared and never changed.
type Definitions map[string]*Definition

// A Label is a text in one language, BCP 47.
type Label struct {
	Locale string `json:"locale"`
	Label  string `json:"label"`
}

// A Choice is one of a CHOICE's values and what people call it; without any
// Labels, the value itself.
type Choice struct {
	Value  string  `json:"value"`
	Labels []Label `json:"labels,omitempty"`
}

// LabelIn chooses the text for a reader of the first of locales that there is
// one for: in exactly that language, else in its base language, else in another
// variant of it. Without any it is the first text; "" if there is none.
func LabelIn(labels []Label, locales ...string) string {
	for _, locale := range locales {
		base := baseLanguage(locale)
		if base == "" {
			continue
		}
		best, rank := "", 0
		for _, l := range labels {
			fits := 0
			switch {
			case strings.EqualFold(l.Locale, locale):
				fits = 3
			case strings.EqualFold(l.Locale, base):
				fits = 2
			case baseLanguage(l.Locale) == base:
				fits = 1
			}
			if fits > rank {
				best, rank = l.Label, fits
			}
		}
		if rank > 0 {
			return best
		}
	}
	if len(labels) == 0 {
		return ""
	}
	return labels[0].Label
}

func baseLanguage(locale string) string {
	base, _, _ := strings.Cut(locale, "-")
	return strings.ToLower(base)
}

// Name is what the field is called by a reader of locales; its key, if nothing else.
func (d *Definition) Name(locales ...string) string {
	if name := LabelIn(d.Labels, locales...); name != "" {
		return name
	}
	return d.Key
}

// Name is what the choice is called by a reader of locales.
func (c *Choice) Name(locales ...string) string {
	if name := LabelIn(c.Labels, locales...); name != "" {
		return name
	}
	return c.Value
}

// Prepare normalises the Definition and makes it ready for use. It returns all
// that is wrong with it, by paths such as choices, 0, value.
func (d *Definition) Prepare() []Problem {
	n := normalizer{}
	if f := checkCustomKey(d.Key); f.bad() {
		n.refuse(f, d.Key, "key")
	}
	if len(d.Labels) == 0 {
		n.refuse(fault{codeRequired, "is missing; say what people call the field, in one language at least"}, "", "labels")
	}
	n.labels(d.Labels, maxFieldLabel, "labels")
	n.labels(d.Hints, maxHint, "hints")
	if !d.Type.IsValid() {
		n.refuse(fault{codeInvalid, "is no type of field; write TEXT, NUMBER, DATE, BOOLEAN or CHOICE"}, string(d.Type), "type")
		return n.problems
	}
	n.only(d, TypeText, d.MaxLength != nil, "maxLength")
	n.only(d, TypeText, d.Pattern != nil, "pattern")
	n.only(d, TypeNumber, d.Minimum != nil, "minimum")
	n.only(d, TypeNumber, d.Maximum != nil, "maximum")
	n.only(d, TypeDate, d.Earliest != nil, "earliest")
	n.only(d, TypeDate, d.Latest != nil, "latest")
	n.only(d, TypeChoice, len(d.Choices) > 0, "choices")
	n.bounds(d)
	n.pattern(d)
	n.choices(d)
	return n.problems
}
