package webapp

import (
	"cmp"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"complero/db"
	"complero/db/profile"
)

// A customRow is one of the Company's own fields. Value is as typed; Was is
// what is on file, which tells the type of a field that nobody has defined.
type customRow struct {
	Key, Value string
	Was        any
	// Defined is nil for such a field.
	Defined *db.CustomField
}

// The values of a field that is true or false.
const (
	yes = "yes"
	no  = "no"
)

// customRows are the Company's own fields that may be changed: those that it
// has defined, in its order, then what else is on file.
func (v *visit) customRows(p *profile.Profile) []customRow {
	if !v.asks(db.AskCustom) {
		return nil
	}
	var rows []customRow
	for _, key := range v.customKeys(p, true) {
		if v.may("customFields." + key) {
			was := p.CustomFields[key]
			rows = append(rows, customRow{key, v.customText(was), was, v.link.Fields.CustomField(key)})
		}
	}
	return rows
}

// customKeys are the keys of the Company's own fields in order: those that it
// has defined, without a value only if empty is true, then those on file.
func (v *visit) customKeys(p *profile.Profile, empty bool) []string {
	var keys, others []string
	for _, c := range v.link.Fields.CustomFields() {
		if empty || p.CustomFields[c.Key] != nil {
			keys = append(keys, c.Key)
		}
	}
	for key := range p.CustomFields {
		if v.link.Fields.CustomField(key) == nil {
			others = append(others, key)
		}
	}
	slices.Sort(others)
	return append(keys, others...)
}

// inOrder puts changes of the Company's own fields, which come last, into the
// order of the form.
func (v *visit) inOrder(changes []profile.Change) {
	defined := v.link.Fields.CustomFields()
	place := func(c profile.Change) int {
		key, custom := strings.CutPrefix(c.Field, "customFields.")
		if !custom {
			return -1
		}
		if at := slices.IndexFunc(defined, func(d *db.CustomField) bool { return d.Key == key }); at >= 0 {
			return at
		}
		return len(defined)
	}
	slices.SortStableFunc(changes, func(a, b profile.Change) int { return cmp.Compare(place(a), place(b)) })
}

// customFacts are the Company's own fields on file whose policy is wanted.
func (v *visit) customFacts(p *profile.Profile, wanted func(db.Policy) bool) []fact {
	var list []fact
	for _, key := range v.customKeys(p, false) {
		if wanted(v.policy("customFields." + key)) {
			list = append(list, fact{Label: v.customName(key), Lines: strings.Split(v.showCustom(key, p.CustomFields[key]), "\n")})
		}
	}
	return list
}

// languages are those in which the reader likes to read the Company's labels:
// the Contact's own variant of the page's language, the page's, the Company's.
func (v *visit) languages() []string {
	list := []string{v.voice.Tag, v.link.Company.Locale}
	if own := v.link.Contact.Profile.Locale; strings.HasPrefix(own, v.voice.Tag+"-") {
		list = slices.Insert(list, 0, own)
	}
	return list
}

// customName is what the reader calls a field of the Company's own.
func (v *visit) customName(key string) string {
	if c := v.link.Fields.CustomField(key); c != nil {
		return c.Name(v.languages()...)
	}
	return customLabel(key)
}

// customLabel makes a key of the Company's readable: contract_no is Contract no.
func customLabel(key string) string {
	label := strings.Join(strings.FieldsFunc(key, func(r rune) bool { return r == '_' || r == '-' || r == '.' }), " ")
	if label == "" {
		return key
	}
	first := firstLetter(label)
	return strings.ToUpper(first) + label[len(first):]
}

// customText is a value as it stands in its field.
func (v *visit) customText(value any) string {
	switch value := value.(type) {
	case bool:
		if value {
			return yes
		}
		return no
	case float64:
		return v.number(value)
	case string:
		return value
	}
	return ""
}

// number writes a number with the language's decimal sign.
func (v *visit) number(n float64) string {
	return strings.Replace(strconv.FormatFloat(n, 'f', -1, 64), ".", v.voice.Say("number.decimal"), 1)
}

// showCustom writes a value as people read it.
func (v *visit) showCustom(key string, value any) string {
	switch value := value.(type) {
	case bool:
		if value {
			return v.voice.Say("custom.yes")
		}
		return v.voice.Say("custom.no")
	case float64:
		return v.number(value)
	case string:
		return v.showText(key, value)
	case nil:
		return ""
	}
	return fmt.Sprint(value)
}

func (v *visit) showText(key, value string) string {
	c := v.link.Fields.CustomField(key)
	if c == nil {
		return value
	}
	switch c.Type {
	case profile.TypeDate:
		return v.day(value)
	case profile.TypeChoice:
		for i := range c.Choices {
			if c.Choices[i].Value == value {
				return c.Choices[i].Name(v.languages()...)
			}
		}
	}
	return value
}

// customValue shows one side of a change.
func (v *visit) customValue(key string, raw json.RawMessage) string {
	var value any
	if err := json.Unmarshal(raw, &value); err != nil {
		return ""
	}
	return v.showCustom(key, value)
}

// custom is what the form says of the Company's own fields. What was left as
// it is says just that, though it may have been stored before the field was
// defined and would not be taken today: that is not the Contact's to mend.
func (s *sent) custom(v *visit, rows []customRow) map[string]any {
	values := map[string]any{}
	for _, r := range rows {
		unchanged := r.Was != nil && sameText(r.Value, v.customText(r.Was))
		switch {
		case unchanged && r.Defined == nil:
			values[r.Key] = r.Was
		case unchanged:
			if value, problem := r.Defined.Clean(r.Was); problem == nil && value == r.Was {
				values[r.Key] = r.Was
			}
		case r.Value == "":
			values[r.Key] = nil
		case r.Defined != nil:
			values[r.Key] = v.typedValue(r)
		default:
			s.undefined(v, r, values)
		}
	}
	return values
}

// sameText compares what was typed with what was shown. Browsers send line
// ends in their own way, and what is typed loses white space at its ends.
func sameText(typed, shown string) bool {
	return strings.ReplaceAll(typed, "\r\n", "\n") == strings.TrimSpace(shown)
}

// typedValue is what was typed into a defined field, as db reads it.
func (v *visit) typedValue(r customRow) any {
	switch {
	case r.Defined.Type == profile.TypeBoolean && (r.Value == yes || r.Value == no):
		return r.Value == yes
	case r.Defined.Type == profile.TypeNumber:
		return v.plainNumber(r.Value)
	}
	return r.Value
}

// undefined keeps the type of a field that nobody has defined: a number stays
// a number, yes and no stay so.
func (s *sent) undefined(v *visit, r customRow, values map[string]any) {
	switch r.Was.(type) {
	case bool:
		values[r.Key] = r.Value == yes
	case float64:
		n, err := strconv.ParseFloat(strings.Replace(v.plainNumber(r.Value), ",", ".", 1), 64)
		if err != nil {
			s.problems = append(s.problems, problem{"customFields." + r.Key, v.voice.Say("error.number")})
			return
		}
		values[r.Key] = n
	default:
		values[r.Key] = r.Value
	}
}

// twoNumbers are what could be a thousand or a fraction.
var twoNumbers = regexp.MustCompile(`^[-+]?[1-9][0-9]{0,2}[.,][0-9]{3}$`)

// plainNumber writes what could be two numbers as the one that the page's
// language means: 1.234 is a thousand in German and a fraction in English. The
// Contact sees at the review which one it became.
func (v *visit) plainNumber(s string) string {
	switch {
	case !twoNumbers.MatchString(s):
		return s
	case strings.Contains(s, v.voice.Say("number.decimal")):
		return s + "0"
	}
	return strings.NewReplacer(".", "", ",", "").Replace(s)
}
