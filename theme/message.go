package theme

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
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

// stopField is StopLink's place among the fields of every Message.
const stopField = 0

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
// {% elsif field %}, {% else %} and the trimming dashes, and nothing else of
// it. A field without a value, or only with blanks, counts as false. A tag
// alone on its line takes the line with it.
//
// A paragraph that is nothing but a link becomes the button. Raw HTML is
// shown as it is written, an image as its description; links lead to https,
// http, mailto and tel only.
type Message struct {
	fields     []string       // all that a template may name; StopLink among them
	index      map[string]int // by name
	tables     map[int]bool   // fields that hold a Table
	conditions []int          // fields that decide an if; the bits of a variant
	subject    []node         // one line
	body       []node         // Markdown
}

// Rendered is one message, ready to send. Subject is a single line; HTML a
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
// own. Its errors name the line.
func ParseMessage(source string, fields []string, tables ...string) (*Message, error) {
	if len(source) > maxSource {
		return nil, fmt.Errorf("the template is longer than %d kB", maxSource>>10)
	}
	if !utf8.ValidString(source) {
		return nil, errors.New("the template is not valid UTF-8")
	}
	m, err := newMessage(fields, tables)
	if err != nil {
		return nil, err
	}
	source = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "").Replace(strings.TrimPrefix(source, "\ufeff"))
	if i := strings.IndexFunc(source, isMark); i >= 0 {
		return nil, fmt.Errorf("line %d: the template contains a private-use character beyond U+100000", lineAt(source, i))
	}
	subject, body, bodyLine, err := splitSource(source)
	if err != nil {
		return nil, err
	}
	if m.subject, err = m.parse(subject, 1); err != nil {
		return nil, err
	}
	if m.body, err = m.parse(body, bodyLine); err != nil {
		return nil, err
	}
	if len(m.conditions) > maxConditions {
		return nil, fmt.Errorf("the template asks for %d different fields by if; at most %d are possible", len(m.conditions), maxConditions)
	}
	return m, nil
}

func newMessage(fields, tables []string) (*Message, error) {
	m := &Message{index: map[string]int{}, tables: map[int]bool{}}
	add := func(name string) error {
		if !fieldName.MatchString(name) {
			return fmt.Errorf("%q cannot be a field's name: use letters, digits and _", name)
		}
		if _, ok := m.index[name]; !ok {
			m.index[name] = len(m.fields)
			m.fields = append(m.fields, name)
		}
		return nil
	}
	for _, name := range append([]string{StopLink}, fields...) {
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

// splitSource takes the subject from the template's head. A long subject may
// go on in lines that begin with a blank, as in a mail.
func splitSource(source string) (subject, body string, bodyLine int, err error) {
	head, body := source, ""
	if gap := emptyLine.FindStringIndex(source); gap != nil {
		head, body = source[:gap[0]], source[gap[1]:]
	}
	lines := strings.Split(head, "\n")
	const prefix = "subject:"
	if len(lines[0]) < len(prefix) || !strings.EqualFold(lines[0][:len(prefix)], prefix) {
		return "", "", 0, errors.New(`line 1: a template begins with its subject, such as "Subject: Is your address still right?", and then an empty line`)
	}
	for i, line := range lines[1:] {
		if line != "" && line[0] != ' ' && line[0] != '\t' {
			return "", "", 0, fmt.Errorf("line %d: after the subject there must be an empty line before the text", i+2)
		}
	}
	subject = strings.TrimSpace(head[len(prefix):])
	if subject == "" {
		return "", "", 0, errors.New("line 1: the subject is empty")
	}
	if strings.TrimSpace(body) == "" {
		return "", "", 0, errors.New("the template has a subject but no text")
	}
	return subject, body, len(lines) + 2, nil
}

func lineAt(source string, offset int) int {
	return 1 + strings.Count(source[:offset], "\n")
}
