package profile

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Clean normalises a value of the field, as it arrives: a text, a number
// (json.Number or a Go one), a boolean or nil, which stays nil as an empty text
// becomes nil. The Problem, if there is one, has no path.
func (d *Definition) Clean(raw any) (any, *Problem) {
	value, f := cleanCustom(raw)
	if !f.bad() && value != nil {
		value, f = d.clean(raw, value)
	}
	if f.bad() {
		shown, _ := raw.(string)
		p := newProblem(f, shown, nil)
		return nil, &p
	}
	return value, nil
}

// clean brings a value that any field could hold into this field's type. raw
// is the same as it came.
func (d *Definition) clean(raw, value any) (any, fault) {
	switch d.Type {
	case TypeNumber:
		return d.cleanNumber(value)
	case TypeDate:
		return d.cleanDate(value)
	case TypeBoolean:
		return cleanBoolean(value)
	case TypeChoice:
		return d.cleanChoice(raw, value)
	}
	return d.cleanText(raw, value)
}

// cleanText takes a text. A number is taken as it was written: programs send
// what looks like one, a contract number, as one.
func (d *Definition) cleanText(raw, value any) (any, fault) {
	s, f := written(raw, value)
	if f.bad() {
		return nil, f
	}
	if n := utf8.RuneCountInString(s); d.MaxLength != nil && n > *d.MaxLength {
		return nil, tooLong(n, *d.MaxLength)
	}
	if d.pattern != nil && !d.pattern.MatchString(s) {
		return nil, fault{codeInvalid, fmt.Sprintf("does not match the field's pattern %s; write it in that form", quoteShort(*d.Pattern))}
	}
	return s, fault{}
}

// written is a text, or a number as it was written.
func written(raw, value any) (string, fault) {
	switch v := value.(type) {
	case string:
		return v, fault{}
	case float64:
		if n, ok := raw.(json.Number); ok {
			return n.String(), fault{}
		}
		return strconv.FormatFloat(v, 'f', -1, 64), fault{}
	}
	return "", fault{codeInvalid, "holds true or false where a text is wanted; send it as a text"}
}

func (d *Definition) cleanNumber(value any) (any, fault) {
	n, isNumber := value.(float64)
	switch v := value.(type) {
	case string:
		var f fault
		if n, f = parseNumber(v); f.bad() {
			return nil, f
		}
	case bool:
		return nil, fault{codeInvalid, "holds true or false where a number is wanted; write digits"}
	}
	switch {
	case d.Minimum != nil && n < *d.Minimum:
		return nil, fault{codeInvalid, "is less than " + NumberText(*d.Minimum) + ", the least that the field takes; correct it"}
	case d.Maximum != nil && n > *d.Maximum:
		return nil, fault{codeInvalid, "is more than " + NumberText(*d.Maximum) + ", the most that the field takes; correct it"}
	}
	if isNumber {
		return value, fault{} // spares boxing it again
	}
	return n, fault{}
}

func (d *Definition) cleanDate(value any) (any, fault) {
	s, isText := value.(string)
	if !isText {
		return nil, fault{codeInvalidDate, "holds no text where a date is wanted; write it as YYYY-MM-DD"}
	}
	day, f := cleanDay(s)
	switch {
	case f.bad():
		return nil, f
	case d.Earliest != nil && day < *d.Earliest:
		return nil, fault{codeInvalidDate, "is before " + *d.Earliest + ", the first day that the field takes; correct it"}
	case d.Latest != nil && day > *d.Latest:
		return nil, fault{codeInvalidDate, "is after " + *d.Latest + ", the last day that the field takes; correct it"}
	case day == s:
		return value, fault{}
	}
	return day, fault{}
}

// The spellings of yes and no in the languages that exports come in, and as
// spreadsheets and databases write them; folded.
var (
	yesWords = words("true yes y ja j wahr x 1 on oui o vrai si s vero sí verdadero waar tak t prawda")
	noWords  = words("false no n nein falsch 0 off non faux falso nee onwaar nie falsz")
)

func words(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		set[FoldName(w)] = true
	}
	return set
}

func cleanBoolean(value any) (any, fault) {
	word := ""
	switch v := value.(type) {
	case bool:
		return value, fault{}
	case float64:
		word = strconv.FormatFloat(v, 'f', -1, 64)
	case string:
		word = FoldName(strings.TrimSpace(v))
	}
	switch {
	case yesWords[word]:
		return true, fault{}
	case noWords[word]:
		return false, fault{}
	}
	return nil, fault{codeInvalid, "is neither yes nor no; write true or false"}
}

func (d *Definition) cleanChoice(raw, value any) (any, fault) {
	s, f := written(raw, value)
	if b, isBool := value.(bool); isBool {
		s, f = strconv.FormatBool(b), fault{}
	}
	if f.bad() {
		return nil, f
	}
	if chosen, found := d.named[foldChoice(strings.Join(strings.Fields(s), " "))]; found {
		return chosen, fault{}
	}
	return nil, fault{codeInvalid, "is none of the field's choices; write " + d.offered()}
}

// offered names the first few choices.
func (d *Definition) offered() string {
	const most = 5
	var names []string
	for i := range d.Choices {
		if i == most {
			return strings.Join(names, ", ") + fmt.Sprintf(" or one of the other %d", len(d.Choices)-most)
		}
		names = append(names, d.Choices[i].Value)
	}
	if n := len(names); n > 1 {
		return strings.Join(names[:n-1], ", ") + " or " + names[n-1]
	}
	return strings.Join(names, "")
}
