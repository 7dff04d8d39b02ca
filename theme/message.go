package theme

import (
	"errors"
	"fmt"
	"regexp"
)

// Limits of a message. Gmail clips mails beyond 100 kB, so nothing that
// people should read comes near them.
const (
	maxSource     = 32 << 10
	maxOutput     = 200_000 // bytes, HTML and text together
	maxSubject    = 250     // characters
	maxConditions = 32      // different fields in if and unless
	maxFields     = 1000
)

// StopLink is the field that carries the link by which a Contact stops
// further Requests. Every template may use it; a Frame with a StopLabel shows
// it in the footer, whatever the template says.
const StopLink = "stopLink"

// CheckCode is the field that carries the code by which a Contact finds out
// whether the Company really wrote. A Frame with a CheckLabel shows it in the
// footer, whatever the template says.
const CheckCode = "checkCode"

// Link is the field that carries the link to the Contact's own page.
const Link = "link"

// The places of StopLink and CheckCode among the fields of every Message, and
// of a Template's button, which is none of them.
const (
	stopField   = 0
	checkField  = 1
	buttonField = -1
)

// ErrMessageTooLarge is returned by Layout.Render for a message of more than
// 200 kB.
var ErrMessageTooLarge = errors.New("the message is larger than 200 kB")

// A Message is a template, parsed once. It is Markdown with merge fields:
//
//	Subject: {{ brand }}: is your address still right?
//
//	Dear {{ name }},
//
//	{% if employee %}{{ employee }} asks you{% else %}we ask you{% endif %} to
//	check what we hold about you.
//
//	[Check my data]({{ link }})
//
// The fields are Liquid's {{ field }}, {% if field %}, {% unless field %},
// {% elsif field %}, {% else %} and the trimming dashes; a Template's may have
// filters and comparisons, as an Expression has. There is nothing else of
// Liquid, so no template can go on for ever or grow beyond what stands in it.
// A field without a value, or only with blanks, counts as false. A tag alone
// on its line takes the line with it.
//
// A paragraph that is nothing but a link becomes the button. Raw HTML is
// shown as it is written, an image as its description; links lead to https,
// http, mailto and tel only.
type Message struct {
	fields     []string               // all that a template may name or names, StopLink first
	uses       []Use                  // the same as Expressions
	index      map[string]int         // by name
	vocabulary func(Expression) error // what a Template may name beside them; nil without one
	tables     map[int]bool           // fields that hold a Table
	links      map[int]bool           // fields that may be where a link leads; nil for any
	conditions []int                  // fields that decide an if; the bits of a variant
	link       int                    // the field Link; -1 where the template need not show it
	line       bool                   // what is being parsed is one line of text

	subject, preheader []node // one line
	body               []node // Markdown
	button, sms        []node // plain text
}

// A Use is an Expression of a template, with the key by which Render takes its value.
type Use struct {
	Key string
	Expression
}

// Uses are all that the template names.
func (m *Message) Uses() []Use { return m.uses }

func (m *Message) addField(e Expression) int {
	key := e.String()
	m.index[key] = len(m.fields)
	m.fields = append(m.fields, key)
	m.uses = append(m.uses, Use{key, e})
	return m.index[key]
}

// Rendered is one mail, ready to send. Subject is a single line; HTML a
// whole document; Text is wrapped at 76 characters and ends in a newline.
// Lines end in \n; the sender makes CRLF of them.
type Rendered struct {
	Subject string
	HTML    string
	Text    string
}

var emptyLine = regexp.MustCompile(`\n[ \t]*\n`)

var fieldName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// ParseMessage parses a template that may name the given fields, and the
// given tables: fields whose rows come with a Table, each on a line of its
// own. Below its subject, "SMS: …" may say the same as a short message. Its
// errors name the line.
func ParseMessage(source string, fields []string, tables ...string) (*Message, error) {
	m, err := newMessage(fields, tables)
	if err != nil {
		return nil, err
	}
	if source, err = cleanSource(source); err != nil {
		return nil, err
	}
	t, bodyLine, err := readTemplate(source)
	if err != nil {
		return nil, err
	}
	if m.subject, err = m.parse(t.Subject, 1); err != nil {
		return nil, err
	}
	if m.body, err = m.parse(t.Body, bodyLine); err != nil {
		return nil, err
	}
	if m.sms, err = m.parse(t.SMS, 1); err != nil {
		return nil, fmt.Errorf("sms: %w", err)
	}
	if len(m.conditions) > maxConditions {
		return nil, tooManyConditions(len(m.conditions))
	}
	return m, nil
}

func tooManyConditions(n int) error {
	return fmt.Errorf("the template asks for %d different things by if; at most %d are possible", n, maxConditions)
}

func newMessage(fields, tables []string) (*Message, error) {
	m := &Message{index: map[string]int{}, tables: map[int]bool{}, link: -1}
	add := func(name string) error {
		if !fieldName.MatchString(name) {
			return fmt.Errorf("%q cannot be a field's name: use letters, digits and _", name)
		}
		if _, ok := m.index[name]; !ok {
			m.addField(Expression{Field: name})
		}
		return nil
	}
	for _, name := range append([]string{StopLink, CheckCode}, fields...) {
		if err := add(name); err != nil {
			return nil, err
		}
	}
	for _, name := range tables {
		if err := add(name); err != nil {
			return nil, err
		}
		m.tables[m.index[name]] = true
	}
	if len(m.fields) > maxFields {
		return nil, fmt.Errorf("%d fields are more than %d", len(m.fields), maxFields)
	}
	return m, nil
}
