package theme

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// A Template is one text for every Channel, in its parts. All of them may use
// merge fields; Body is Markdown, the others are plain text of one line, SMS
// of several.
type Template struct {
	Subject   string `json:"subject"`             // of a mail and a letter
	Preheader string `json:"preheader,omitempty"` // what mail programs show behind the subject
	Body      string `json:"body"`                // of a mail and a letter
	Button    string `json:"button,omitempty"`    // the label of {{ button }}
	SMS       string `json:"sms,omitempty"`
}

// A Vocabulary is what a Template may name, beside {{ button }}.
type Vocabulary struct {
	// Check refuses what there is not, and says what there is.
	Check func(Expression) error
	// Links are the fields that are links as they are. Only these may be where a
	// link leads.
	Links []string
}

// buttonName is the field that stands for a link to Link, as a button.
const buttonName = "button"

// A TemplateError says what is wrong with a Template, and where.
type TemplateError struct {
	Part         string // subject, preheader, body, button or sms
	Line, Column int    // from 1, in characters; 0 where it is about the whole part
	What         string
}

func (e *TemplateError) Error() string {
	if e.Line == 0 {
		return e.What
	}
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.What)
}

// TemplateErrors are what is wrong with a Template: one for each part at most.
type TemplateErrors []*TemplateError

func (e TemplateErrors) Error() string { return e[0].Part + ": " + e[0].Error() }

// ParseTemplate parses a text for every Channel. Its errors are TemplateErrors.
//
// Where a text shows no way to the Contact's page, because nothing in it is
// {{ button }} or {{ link }}, or because that stands in an if that does not
// hold, the button is put below it.
func ParseTemplate(t Template, v Vocabulary) (*Message, error) {
	m, err := newMessage([]string{CheckCode, Link}, nil)
	if err != nil {
		return nil, err
	}
	m.vocabulary, m.link, m.links = v.Check, m.index[Link], map[int]bool{}
	m.index[buttonName] = buttonField
	var errs TemplateErrors
	parts := []struct {
		name, source string
		nodes        *[]node
	}{
		{"button", t.Button, &m.button},
		{"subject", t.Subject, &m.subject},
		{"preheader", t.Preheader, &m.preheader},
		{"body", t.Body, &m.body},
		{"sms", t.SMS, &m.sms},
	}
	for _, part := range parts {
		m.line = part.name != "body"
		var problem *TemplateError
		source, err := cleanSource(part.source)
		if err == nil {
			*part.nodes, err = m.parse(source, 1)
		}
		switch {
		case err == nil:
			continue
		case !errors.As(err, &problem):
			problem = &TemplateError{What: err.Error()}
		}
		problem.Part = part.name
		errs = append(errs, problem)
	}
	if len(m.conditions) > maxConditions {
		errs = append(errs, &TemplateError{Part: "body", What: tooManyConditions(len(m.conditions)).Error()})
	}
	if len(errs) > 0 {
		return nil, errs
	}
	for _, name := range append([]string{StopLink, Link}, v.Links...) {
		if index, used := m.index[name]; used {
			m.links[index] = true
		}
	}
	if problem := m.checkLinks(t.Body); problem != nil {
		return nil, TemplateErrors{problem}
	}
	return m, nil
}

// cleanSource refuses what is no text and makes all line breaks \n.
func cleanSource(source string) (string, error) {
	if len(source) > maxSource {
		return "", fmt.Errorf("the template is longer than %d kB", maxSource>>10)
	}
	if !utf8.ValidString(source) {
		return "", errors.New("the template is not valid UTF-8")
	}
	source = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "").Replace(strings.TrimPrefix(source, "\ufeff"))
	if i := strings.IndexFunc(source, isMark); i >= 0 {
		return "", errorAt(source, i, 1, "the template contains a private-use character beyond U+100000")
	}
	return source, nil
}

// errorAt places an error at an offset of a source whose first line has a number.
func errorAt(source string, offset, firstLine int, format string, args ...any) *TemplateError {
	before := source[:offset]
	line := strings.Count(before, "\n")
	return &TemplateError{
		Line: firstLine + line, Column: 1 + utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]),
		What: fmt.Sprintf(format, args...),
	}
}

// ReadTemplate reads a Template from one file:
//
//	Subject: {{ company }}: is your address still right?
//	Button: Check my data
//	SMS: {{ company }} asks you to check your data: {{ link }}
//
//	Dear {{ contact.name }},
//	…
//
// The subject comes first. A part may go on in lines that begin with a blank,
// as in a mail. Below the empty line stands the body.
func ReadTemplate(source string) (Template, error) {
	t, _, err := readTemplate(source)
	return t, err
}

func readTemplate(source string) (t Template, bodyLine int, err error) {
	head, body := source, ""
	if gap := emptyLine.FindStringIndex(source); gap != nil {
		head, body = source[:gap[0]], source[gap[1]:]
	}
	lines := strings.Split(head, "\n")
	parts := map[string]*string{"subject": &t.Subject, "preheader": &t.Preheader, "button": &t.Button, "sms": &t.SMS}
	var part *string
	for i, line := range lines {
		if i > 0 && (line == "" || line[0] == ' ' || line[0] == '\t') {
			*part += "\n" + line
			continue
		}
		name, text, found := strings.Cut(line, ":")
		to := parts[strings.ToLower(name)]
		switch {
		case i == 0 && (!found || to != &t.Subject):
			return t, 0, errors.New(`line 1: a template begins with its subject, such as "Subject: Is your address still right?", and then an empty line`)
		case !found || to == nil || *to != "":
			return t, 0, fmt.Errorf("line %d: after the subject there must be an empty line before the text", i+1)
		}
		part = to
		*part = text
	}
	for _, to := range parts {
		*to = strings.TrimSpace(*to)
	}
	if t.Subject == "" {
		return t, 0, errors.New("line 1: the subject is empty")
	}
	if strings.TrimSpace(body) == "" {
		return t, 0, errors.New("the template has a subject but no text")
	}
	t.Body = body
	return t, len(lines) + 2, nil
}
