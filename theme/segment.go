package theme

import (
	"fmt"
	"strings"
)

// A role says what a segment writes.
type role uint8

const (
	literal     role = iota // its text, as it is
	value                   // a field's value
	destination             // a field's value as a whole link
	argument                // a field's value within a link
	address                 // the same within a mailto: or tel: link
	table                   // a field's Table
	unlessEmpty             // nothing; skips segments if the field is empty
)

// A segment is one step of writing a message: a literal that was made when
// the Layout was compiled, or the place of a field.
type segment struct {
	role  role
	field int
	text  string
	skip  int // of unlessEmpty: how many segments
}

// segments collects them, joining literals.
type segments struct {
	list    []segment
	pending strings.Builder
}

func (s *segments) literal(text string) { s.pending.WriteString(text) }

func (s *segments) place(r role, field int) {
	s.flush()
	s.list = append(s.list, segment{role: r, field: field})
}

// begin opens a stretch that is left out where the field is empty, up to end.
func (s *segments) begin(field int) int {
	s.place(unlessEmpty, field)
	return len(s.list) - 1
}

func (s *segments) end(begin int) {
	s.flush()
	s.list[begin].skip = len(s.list) - begin - 1
}

func (s *segments) flush() {
	if s.pending.Len() == 0 {
		return
	}
	s.list = append(s.list, segment{text: s.pending.String()})
	s.pending.Reset()
}

func (s *segments) done() []segment {
	s.flush()
	return s.list
}

// A filling is what one message is filled with, in the order of the
// Message's fields.
type filling struct {
	names  []string
	values []string
	tables []*Table
	style  *mailStyle
}

func (f *filling) holds(field int) bool {
	return f.values[field] != "" || f.tables[field] != nil
}

// link checks the value of a field that is a link by itself. The error does
// not repeat the value: a Contact's link is a secret.
func (f *filling) link(field int) (string, error) {
	if linkScheme(f.values[field]) == "" {
		return "", fmt.Errorf("field %q: %w", f.names[field], errScheme)
	}
	return f.values[field], nil
}

// appendSegments writes the segments for HTML or for plain text.
func (f *filling) appendSegments(out []byte, list []segment, asHTML bool) ([]byte, error) {
	for i := 0; i < len(list); i++ {
		s := &list[i]
		switch s.role {
		case literal:
			out = append(out, s.text...)
		case value:
			if asHTML {
				out = appendHTML(out, f.values[s.field])
			} else {
				out = append(out, f.values[s.field]...)
			}
		case destination:
			link, err := f.link(s.field)
			if err != nil {
				return nil, err
			}
			if asHTML {
				out = appendHTML(out, string(appendURL(nil, link)))
			} else {
				out = appendURL(out, link)
			}
		case argument, address:
			out = appendArgument(out, f.values[s.field], s.role == address)
		case table:
			if asHTML && f.tables[s.field] != nil {
				out = f.tables[s.field].appendHTML(out, f.style)
			}
		case unlessEmpty:
			if !f.holds(s.field) {
				i += s.skip
			}
		}
		if len(out) > maxOutput {
			return nil, ErrMessageTooLarge
		}
	}
	return out, nil
}

// A part is a stretch of Markdown's text, or a field in it.
type part struct {
	text  string
	field int // -1 for text
}

// partsOf takes text apart at the marks of fields.
func partsOf(text string) []part {
	var parts []part
	for text != "" {
		i := strings.IndexFunc(text, isMark)
		if i < 0 {
			return append(parts, part{text: text, field: -1})
		}
		if i > 0 {
			parts = append(parts, part{text: text[:i], field: -1})
		}
		mark := []rune(text[i : i+4])[0] // a mark takes four bytes of UTF-8
		parts = append(parts, part{field: int(mark - markBase)})
		text = text[i+4:]
	}
	return parts
}
