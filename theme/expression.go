package theme

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// An Expression is what a template asks for: a field, through filters, as in
//
//	{{ contact.givenName | default: "Hello" | upcase }}
//
// or, in an if, compared with a text, as in {% if contact.title == "Dr." %}.
type Expression struct {
	Field   string
	Filters []Filter
	Compare string // == or !=; "" for none
	With    string // the text that it is compared with
}

// A Filter is one step on a value's way.
type Filter struct {
	Name     string
	Argument string
	Given    bool // it has an Argument
}

// String is the expression in one form, however the template writes it. Values
// go by it: those of a plain field by the field's name.
func (e Expression) String() string {
	if len(e.Filters) == 0 && e.Compare == "" {
		return e.Field
	}
	var b strings.Builder
	b.WriteString(e.Field)
	for _, f := range e.Filters {
		b.WriteString(" | " + f.Name)
		if f.Given {
			b.WriteString(": " + quoted(f.Argument))
		}
	}
	if e.Compare != "" {
		b.WriteString(" " + e.Compare + " " + quoted(e.With))
	}
	return b.String()
}

// quoted writes a text as Liquid does, which knows no escapes.
func quoted(s string) string {
	if strings.Contains(s, `"`) {
		return "'" + s + "'"
	}
	return `"` + s + `"`
}

// Apply takes the field's value through the filters and the comparison, which
// gives "true" or "". special has the first word on each filter; it may be nil.
func (e Expression) Apply(value string, special func(f Filter, value string) (string, bool)) string {
	for _, f := range e.Filters {
		if special != nil {
			if out, done := special(f, value); done {
				value = out
				continue
			}
		}
		if apply := textFilters[f.Name]; apply != nil {
			value = apply(value, f.Argument)
		}
	}
	switch {
	case e.Compare == "":
		return value
	case (value == e.With) == (e.Compare == "=="):
		return "true"
	}
	return ""
}

// textFilters are Liquid's that do something to any text. None of them makes
// a text longer than its value and its argument.
var textFilters = map[string]func(value, argument string) string{
	"upcase":   func(v, _ string) string { return strings.ToUpper(v) },
	"downcase": func(v, _ string) string { return strings.ToLower(v) },
	"capitalize": func(v, _ string) string {
		first, size := utf8.DecodeRuneInString(v)
		if size == 0 {
			return v
		}
		return string(unicode.ToUpper(first)) + strings.ToLower(v[size:])
	},
	"default": func(v, argument string) string {
		if strings.TrimSpace(v) == "" {
			return argument
		}
		return v
	},
}

// CheckTextFilter says what is wrong with a use of one of Liquid's filters for
// texts: upcase, downcase, capitalize and default. known is false for others.
func CheckTextFilter(f Filter) (err error, known bool) {
	switch {
	case textFilters[f.Name] == nil:
		return nil, false
	case f.Name == "default" && !f.Given:
		return fmt.Errorf(`the filter default needs a text, such as {{ field | default: "text" }}`), true
	case f.Name != "default" && f.Given:
		return fmt.Errorf("the filter %s takes no text after it", f.Name), true
	}
	return nil, true
}

var (
	expressionField = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_.-]*[A-Za-z0-9_])?`)
	expressionText  = regexp.MustCompile(`^(?:"[^"]*"|'[^']*')`)
	filterName      = regexp.MustCompile(`^[a-z_]+`)
)

// maxFilters is how many filters a value goes through at most.
const maxFilters = 10

// parseExpression reads what stands in a field, or behind the word if.
func parseExpression(s string, condition bool) (Expression, error) {
	rest := strings.TrimSpace(s)
	var e Expression
	if e.Field, rest = take(expressionField, rest); e.Field == "" {
		return e, fmt.Errorf("%q is not the name of a field", shorten(s, 40))
	}
	for strings.HasPrefix(rest, "|") {
		f, after, err := parseFilter(strings.TrimSpace(rest[1:]))
		if err != nil {
			return e, err
		}
		if e.Filters, rest = append(e.Filters, f), after; len(e.Filters) > maxFilters {
			return e, fmt.Errorf("a value goes through %d filters at most", maxFilters)
		}
	}
	if condition && (strings.HasPrefix(rest, "==") || strings.HasPrefix(rest, "!=")) {
		text, after := take(expressionText, strings.TrimSpace(rest[2:]))
		if text == "" {
			return e, fmt.Errorf(`after %s stands a text in quotes, such as "Dr."`, rest[:2])
		}
		e.Compare, e.With, rest = rest[:2], text[1:len(text)-1], after
	}
	if rest != "" {
		return e, fmt.Errorf("%q cannot be understood; possible are a field, filters behind |, and in an if == or != with a text in quotes", shorten(rest, 40))
	}
	return e, nil
}

func parseFilter(s string) (f Filter, rest string, err error) {
	if f.Name, rest = take(filterName, s); f.Name == "" {
		return f, "", fmt.Errorf("after | stands the name of a filter, not %q", shorten(s, 40))
	}
	if !strings.HasPrefix(rest, ":") {
		return f, rest, nil
	}
	text, rest := take(expressionText, strings.TrimSpace(rest[1:]))
	if text == "" {
		return f, "", fmt.Errorf(`after %s: stands a text in quotes, such as "text"`, f.Name)
	}
	f.Argument, f.Given = text[1:len(text)-1], true
	return f, rest, nil
}

// take splits what a pattern finds off the front, and the blanks behind it.
func take(pattern *regexp.Regexp, s string) (found, rest string) {
	found = pattern.FindString(s)
	return found, strings.TrimSpace(s[len(found):])
}
