package intake

import (
	"fmt"
	"strings"
	"time"

	"complero/db/profile"
)

// A Reader turns the rows of one file into items by a Mapping. It is not for
// several goroutines at once; each takes one of its own.
type Reader struct {
	// Now is the day against which years of two digits are read. NewReader sets
	// it to the time of its call.
	Now time.Time

	steps []step
	key   *step // the column that also is the externalId
	// documentKey is the field of documents that also is.
	documentKey string
	columns     int
	country     string
	absent      bool // an empty cell says nothing
	exact       bool // cells are taken as they stand
	meta        int  // columns of metadata
	custom      int

	draft     draft
	today     day
	problems  []profile.Problem
	emails    []profile.EmailInput
	phones    []profile.PhoneInput
	use, kind string // of the entries being added
	addEmail  func(string)
	addPhone  func(string, string)
	countries map[string]string // codes of cells as written
}

// A step is what is done with one column's cells.
type step struct {
	at      int // column of the file
	field   field
	col     *Column
	order   DateOrder
	typ     string
	choices map[string]string // of a CHOICE, by folded spelling
	values  map[string]string
	name    bool // part of a person's name
}

// NewReader makes a Reader for a file with these columns. country (ISO 3166-1,
// two letters) is the Company's: for rows that do not say theirs. known are the
// custom fields that the Company has defined. It fails as Mapping.Check does.
func NewReader(m Mapping, columns []string, country string, known ...CustomField) (*Reader, error) {
	if err := m.Check(columns); err != nil {
		return nil, fmt.Errorf("the mapping does not fit: %w", err)
	}
	m = m.settle(columns, known)
	r := &Reader{
		Now: time.Now(), columns: len(columns), country: country, absent: m.EmptyCells == EmptyAbsent, exact: m.Exact,
		countries: map[string]string{}, documentKey: m.Key,
	}
	entries := map[kind]int{}
	for _, c := range m.Columns {
		f, err := parseField(c.Field)
		if err != nil {
			return nil, err
		}
		if f.kind == ignored {
			continue
		}
		r.steps = append(r.steps, newStep(c, f, country, known))
		entries[f.kind] = max(entries[f.kind], f.nth+1)
		switch f.kind {
		case custom:
			r.custom++
		case metadata:
			r.meta++
		}
	}
	for i := range r.steps {
		if m.Key != "" && r.steps[i].field.String() == m.Key {
			r.key = &r.steps[i]
		}
	}
	r.draft.emails, r.draft.phones = make([]point, entries[email]), make([]point, entries[phone])
	r.draft.addresses = make([]addressDraft, entries[address])
	r.addEmail = func(value string) {
		r.emails = append(r.emails, profile.EmailInput{Address: profile.Say(value), Use: text(r.use)})
	}
	r.addPhone = func(number, label string) {
		if r.kind != "" && (label == "" || r.kind == "FAX") {
			label = r.kind
		}
		if r.kind != "FAX" {
			r.kind = "" // of several numbers, the heading speaks of the first
		}
		r.phones = append(r.phones, profile.PhoneInput{Number: profile.Say(number), Kind: text(label), Use: text(r.use)})
	}
	return r, nil
}

func newStep(c Column, f field, country string, known []CustomField) step {
	s := step{at: c.Position - 1, field: f, col: &c, order: c.DateOrder, typ: strings.ToUpper(c.Type), values: c.Values}
	if s.order == "" {
		s.order = countryOrder(country)
	}
	for i := range known {
		if f.kind != custom || known[i].Key != f.key {
			continue
		}
		s.typ = strings.ToUpper(known[i].Type)
		s.choices = map[string]string{}
		for _, choice := range known[i].Choices {
			s.choices[key(choice)] = choice
		}
	}
	s.name = f.kind == scalar && (f.part == givenName || f.part == familyName || f.part == fullName || f.part == secondFamilyName || f.part == middleName)
	return s
}

// Resolve says what becomes of each of a file's columns, in their order and with
// their Positions: what the Mapping says of it, or what its Unmapped makes of it.
func (m Mapping) Resolve(columns []string, known ...CustomField) []Column {
	resolved := make([]Column, len(columns))
	for i, title := range columns {
		resolved[i] = Column{Title: title, Position: i + 1}
	}
	used, spoken := map[string]bool{}, make([]bool, len(columns))
	for i, at := range m.locate(columns) {
		if at < 0 {
			continue
		}
		resolved[at] = m.Columns[i]
		resolved[at].Title, resolved[at].Position = columns[at], at+1
		used[m.Columns[i].Field], spoken[at] = true, true
	}
	if m.Unmapped != UnmappedCustom {
		return resolved
	}
	for i := range resolved {
		if spoken[i] || columns[i] == ErrorColumn {
			continue
		}
		resolved[i].Field = customField(&resolved[i], known, used)
	}
	return resolved
}

// knownAs finds the custom field whose key or label is the heading.
func knownAs(heading string, known []CustomField) *CustomField {
	name := key(heading)
	if name == "" {
		return nil
	}
	for i := range known {
		if key(known[i].Key) == name {
			return &known[i]
		}
		for _, label := range known[i].Labels {
			if key(label) == name {
				return &known[i]
			}
		}
	}
	return nil
}

// Metadata are the cells of the columns mapped to metadata, as they stand
// there; nil if there are none.
func (r *Reader) Metadata(cells []string) map[string]string {
	if r.meta == 0 {
		return nil
	}
	values := make(map[string]string, r.meta)
	for i := range r.steps {
		if s := &r.steps[i]; s.field.kind == metadata && s.field.key != "" && s.at < len(cells) && cells[s.at] != Absent {
			values[s.field.key] = cells[s.at]
		}
	}
	return values
}

// text is an absent Text for "".
func text(value string) profile.Text { return profile.Text{Said: value != "", Value: value} }
