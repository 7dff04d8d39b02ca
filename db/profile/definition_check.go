package profile

import (
	"fmt"
	"math"
	"regexp"
	"regexp/syntax"
	"strconv"
)

// The bounds of a Definition; lengths in characters.
const (
	maxLabels     = 100
	maxFieldLabel = 100
	maxHint       = 300
	maxChoices    = 200
	maxChoice     = 100
	maxPattern    = 200
	// maxProgram is how many instructions a pattern may come to: matching takes
	// time in proportion to them.
	maxProgram = 1000
)

// only refuses a rule that is given for another type than its own.
func (n *normalizer) only(d *Definition, own FieldType, given bool, name string) {
	if given && d.Type != own {
		n.refuse(fault{codeInvalid, fmt.Sprintf("is for fields of type %s; leave it out of one of type %s", own, d.Type)}, "", name)
	}
}

// labels normalises texts, one in each language.
func (n *normalizer) labels(labels []Label, most int, path ...string) {
	at := func(steps ...string) []string { return append(append([]string{}, path...), steps...) }
	if len(labels) > maxLabels {
		n.refuse(fault{codeTooMany, fmt.Sprintf("has %d languages; at most %d fit, leave some out", len(labels), maxLabels)}, "", path...)
		return
	}
	seen := map[string]bool{}
	for i := range labels {
		l, place := &labels[i], strconv.Itoa(i)
		locale, f := cleanLocale(l.Locale)
		switch {
		case f.bad():
			n.refuse(f, l.Locale, at(place, "locale")...)
		case locale == "":
			n.refuse(fault{codeRequired, "is missing; write it by BCP 47, such as de, de-AT or en"}, "", at(place, "locale")...)
		case seen[locale]:
			n.refuse(fault{codeInvalid, "stands here twice; give one text for each language"}, locale, at(place, "locale")...)
		}
		seen[locale] = true
		l.Locale = locale
		text, f := cleanLine(l.Label, most)
		if !f.bad() && text == "" {
			f = fault{codeRequired, "is empty; write what people read"}
		}
		if f.bad() {
			n.refuse(f, l.Label, at(place, "label")...)
		}
		l.Label = text
	}
}

// bounds checks the bounds of texts, numbers and days.
func (n *normalizer) bounds(d *Definition) {
	if most := d.MaxLength; most != nil && (*most < 1 || *most > maxCustomText) {
		n.refuse(fault{codeInvalid, fmt.Sprintf("is not from 1 to %d", maxCustomText)}, "", "maxLength")
	}
	for _, b := range []struct {
		name  string
		bound *float64
	}{{"minimum", d.Minimum}, {"maximum", d.Maximum}} {
		if b.bound != nil && !(math.Abs(*b.bound) <= maxWhole) {
			n.refuse(fault{codeInvalid, "is a number of more than 15 digits, which JSON cannot keep exactly; write a smaller one"}, "", b.name)
		}
	}
	if d.Minimum != nil && d.Maximum != nil && *d.Minimum > *d.Maximum {
		n.refuse(fault{codeInvalid, "is less than minimum, so that no number fits; change one of them"}, "", "maximum")
	}
	for _, b := range []struct {
		name string
		day  *string
	}{{"earliest", d.Earliest}, {"latest", d.Latest}} {
		if b.day == nil {
			continue
		}
		day, f := cleanDay(*b.day)
		if !f.bad() && day == "" {
			f = fault{codeInvalidDate, "is no date; write it as YYYY-MM-DD"}
		}
		if f.bad() {
			n.refuse(f, *b.day, b.name)
		}
		*b.day = day
	}
	if d.Earliest != nil && d.Latest != nil && *d.Earliest > *d.Latest && *d.Latest != "" {
		n.refuse(fault{codeInvalid, "is before earliest, so that no date fits; change one of them"}, "", "latest")
	}
}

// pattern compiles the Definition's pattern.
func (n *normalizer) pattern(d *Definition) {
	if d.Pattern == nil {
		return
	}
	expression := *d.Pattern
	if len(expression) > maxPattern {
		n.refuse(tooLong(len(expression), maxPattern), "", "pattern")
		return
	}
	parsed, err := syntax.Parse(`\A(?:`+expression+`)\z`, syntax.Perl)
	if err == nil {
		_, err = syntax.Parse(expression, syntax.Perl) // so that no bracket of ours closes one of theirs
	}
	if err != nil {
		n.refuse(fault{codeInvalid, "is no RE2 expression: " + err.Error() + "; correct it, or leave it out"}, expression, "pattern")
		return
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err != nil || len(program.Inst) > maxProgram {
		n.refuse(fault{codeInvalid, "repeats so much that matching it would take too long; shorten the repetitions"}, expression, "pattern")
		return
	}
	d.pattern = regexp.MustCompile(`\A(?:` + expression + `)\z`)
}

// choices normalises the values of a CHOICE and finds them by name.
func (n *normalizer) choices(d *Definition) {
	if d.Type != TypeChoice {
		return
	}
	if len(d.Choices) == 0 {
		n.refuse(fault{codeRequired, "is missing; give what can be chosen"}, "", "choices")
	}
	if len(d.Choices) > maxChoices {
		n.refuse(fault{codeTooMany, fmt.Sprintf("has %d entries; at most %d fit, leave some out", len(d.Choices), maxChoices)}, "", "choices")
		return
	}
	d.named = make(map[string]string, 2*len(d.Choices))
	for i := range d.Choices {
		c, place := &d.Choices[i], strconv.Itoa(i)
		value, f := cleanLine(c.Value, maxChoice)
		if _, twice := d.named[foldChoice(value)]; !f.bad() && twice {
			f = fault{codeInvalid, "stands here twice; give each choice a value of its own"}
		}
		if !f.bad() && value == "" {
			f = fault{codeRequired, "is empty; write what is to be stored"}
		}
		if f.bad() {
			n.refuse(f, c.Value, "choices", place, "value")
		}
		c.Value = value
		d.named[foldChoice(value)] = value
		n.labels(c.Labels, maxChoice, "choices", place, "labels")
	}
	d.nameChoices()
}

// nameChoices lets choices be found by their labels. A label that means two
// choices finds neither, and a value goes before a label.
func (d *Definition) nameChoices() {
	values := len(d.named)
	labels := make(map[string]string, values)
	for _, c := range d.Choices {
		for _, l := range c.Labels {
			name := foldChoice(l.Label)
			if other, known := labels[name]; known && other != c.Value {
				labels[name] = ""
				continue
			}
			labels[name] = c.Value
		}
	}
	for name, value := range labels {
		if _, isValue := d.named[name]; !isValue && value != "" {
			d.named[name] = value
		}
	}
}

func foldChoice(s string) string { return FoldName(s) }
