package db

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"complero/db/profile"
)

// Coverage tells how much is on file about the Contacts, field by field, and how
// old that is, as it was measured some time ago.
type Coverage struct {
	// AsOf is when measuring began.
	AsOf     time.Time `json:"-"`
	Contacts int       `json:"contacts"`
	// Confirmed is how many have ever confirmed or changed something themselves.
	Confirmed int `json:"confirmed"`
	// Stopped is how many want to be left alone.
	Stopped int `json:"stopped"`
	// Mailable is how many have an e-mail address that is not known to fail;
	// Failing how many have none but such.
	Mailable int `json:"mailable"`
	Failing  int `json:"failing"`

	Fields []*FieldCoverage `json:"fields"`
}

// FieldCoverage is how many Contacts have a field, and how fresh it is.
type FieldCoverage struct {
	// Field is the API's name: emails, birthDate, customFields.vehicle.
	Field string `json:"field"`
	// Filled is how many Contacts have it; Confirmed of how many of these it is
	// their own word, or was seen and left by themselves.
	Filled    int `json:"filled"`
	Confirmed int `json:"confirmed"`
	// Bands count the Filled by age, in the order of coverageMonths, the oldest
	// at the end; Unknown are those whose age nobody knows.
	Bands   [len(coverageMonths) + 1]int `json:"bands"`
	Unknown int                          `json:"unknown"`

	of int
}

// coverageMonths are the upper ends of the age bands; the last has none.
var coverageMonths = [...]int{3, 6, 12, 24}

// Share is how much of the Contacts have the field, 0..1; nil without any Contacts.
func (f *FieldCoverage) Share() *float64 { return rate(f.Filled, f.of) }

// An AgeBand is how many Contacts' field was last said or confirmed so long ago.
type AgeBand struct {
	// FromMonths is the lower end, 0 for now; ToMonths the upper, nil for none.
	FromMonths int
	ToMonths   *int
	Contacts   int
}

// Ages are the bands, the freshest first.
func (f *FieldCoverage) Ages() []*AgeBand {
	bands := make([]*AgeBand, len(f.Bands))
	from := 0
	for i, n := range f.Bands {
		bands[i] = &AgeBand{FromMonths: from, Contacts: n}
		if i < len(coverageMonths) {
			bands[i].ToMonths, from = &coverageMonths[i], coverageMonths[i]
		}
	}
	return bands
}

// maxCustomCovered is how many of a Company's own fields are measured.
const maxCustomCovered = 100

// coverageFields are the fields that are always told, in this order.
var coverageFields = []string{
	"salutation", "title", "givenName", "familyName", "birthDate", "organisation", "locale", "emails", "phones", "addresses",
}

// Coverage is how the data on file are covered now, whatever the period; nil
// until that was measured, and where it is none of the Viewer's matters.
func (r *Report) Coverage(ctx context.Context) (*Coverage, error) {
	var sum *Coverage
	for _, t := range r.whole() {
		c, err := t.coverage(ctx)
		if err != nil {
			return nil, err
		}
		if c != nil {
			sum = sum.plus(c)
		}
	}
	return sum, nil
}

func (t *Tenant) coverage(ctx context.Context) (*Coverage, error) {
	var document []byte
	var at *time.Time
	rows, err := t.read(ctx, "SELECT document, at FROM report_coverage WHERE company_id = $1 AND mode = $2", t.Company.Key, t.Mode)
	err = scanRows(rows, err, func(r rowScanner) error { return r.Scan(&document, &at) })
	if err != nil || document == nil || at == nil {
		return nil, err
	}
	c := &Coverage{AsOf: *at}
	if err := json.Unmarshal(document, c); err != nil {
		return nil, fmt.Errorf("read how data are covered: %w", err)
	}
	c.spread()
	return c, nil
}

// spread gives the fields what their shares are of.
func (c *Coverage) spread() {
	for _, f := range c.Fields {
		f.of = c.Contacts
	}
}

// plus adds what another Company has on file; as old as the older.
func (c *Coverage) plus(more *Coverage) *Coverage {
	if c == nil {
		return more
	}
	c.Contacts += more.Contacts
	c.Confirmed += more.Confirmed
	c.Stopped += more.Stopped
	c.Mailable += more.Mailable
	c.Failing += more.Failing
	if more.AsOf.Before(c.AsOf) {
		c.AsOf = more.AsOf
	}
	for _, f := range more.Fields {
		own := c.field(f.Field)
		own.Filled, own.Confirmed, own.Unknown = own.Filled+f.Filled, own.Confirmed+f.Confirmed, own.Unknown+f.Unknown
		for i, n := range f.Bands {
			own.Bands[i] += n
		}
	}
	c.sort()
	c.spread()
	return c
}

// field is the one of a name, which is added where it is not there.
func (c *Coverage) field(name string) *FieldCoverage {
	for _, f := range c.Fields {
		if f.Field == name {
			return f
		}
	}
	c.Fields = append(c.Fields, &FieldCoverage{Field: name})
	return c.Fields[len(c.Fields)-1]
}

// sort puts the usual fields into their order, and the Company's own behind them.
func (c *Coverage) sort() {
	place := func(f *FieldCoverage) int {
		if i := slices.Index(coverageFields, f.Field); i >= 0 {
			return i
		}
		return len(coverageFields)
	}
	slices.SortFunc(c.Fields, func(a, b *FieldCoverage) int {
		return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a.Field, b.Field))
	})
}

// A measuring counts Contacts, one after the other.
type measuring struct {
	Coverage
	now    time.Time
	ages   [len(coverageMonths)]time.Time
	fields map[string]*FieldCoverage
	// confirmed is when the Contact that is being counted last said that all that
	// was on file then is right; zero for never.
	confirmed time.Time
}

// newMeasuring goes on with what was counted so far.
func newMeasuring(c Coverage, now time.Time) *measuring {
	m := &measuring{Coverage: c, now: now, fields: map[string]*FieldCoverage{}}
	for i, months := range coverageMonths {
		m.ages[i] = now.AddDate(0, -months, 0)
	}
	for _, name := range coverageFields {
		m.Coverage.field(name)
	}
	for _, f := range m.Fields {
		m.fields[f.Field] = f
	}
	return m
}

// contact counts one Contact.
func (m *measuring) contact(c *Contact) {
	m.Contacts++
	m.confirmed = time.Time{}
	if c.ConfirmedAt != nil {
		m.Confirmed++
		m.confirmed = *c.ConfirmedAt
	}
	if c.StoppedAt != nil {
		m.Stopped++
	}
	p, words := &c.Profile, &c.provenance
	switch {
	case mailAddress(p) != nil:
		m.Mailable++
	case len(p.Emails) > 0:
		m.Failing++
	}
	for i, value := range [...]string{p.Salutation, p.Title, p.GivenName, p.FamilyName, p.BirthDate, p.Organisation, p.Locale} {
		if value != "" {
			m.filled(coverageFields[i], words.Field(coverageFields[i]))
		}
	}
	for name := range p.CustomFields {
		m.filled("customFields."+name, words.Field("customFields."+name))
	}
	entries := func(list string, ids []string) {
		said := make([]profile.Word, len(ids))
		for i, id := range ids {
			said[i] = words.Entry(id)
		}
		m.filled(list, said...)
	}
	entries("emails", idsOf(p.Emails, func(e profile.Email) string { return e.ID }))
	entries("phones", idsOf(p.Phones, func(e profile.Phone) string { return e.ID }))
	entries("addresses", idsOf(p.Addresses, func(e profile.Address) string { return e.ID }))
}

func idsOf[T any](entries []T, id func(T) string) []string {
	ids := make([]string, len(entries))
	for i, e := range entries {
		ids[i] = id(e)
	}
	return ids
}

// filled counts a field with the words for its values; the freshest counts.
func (m *measuring) filled(name string, words ...profile.Word) {
	if len(words) == 0 {
		return
	}
	f := m.fields[name]
	if f == nil {
		if len(m.fields) >= len(coverageFields)+maxCustomCovered {
			return
		}
		f = m.Coverage.field(name)
		m.fields[name] = f
	}
	f.Filled++
	var said time.Time
	own := false
	for _, w := range words {
		if m.confirmed.After(w.Confirmed) && !w.At.After(m.confirmed) {
			w.Confirmed = m.confirmed
		}
		own = own || w.By == profile.Contact || !w.Confirmed.IsZero()
		for _, at := range [...]time.Time{w.At, w.Observed, w.Confirmed} {
			if at.After(said) {
				said = at
			}
		}
	}
	if own {
		f.Confirmed++
	}
	if said.IsZero() {
		f.Unknown++
		return
	}
	for i, since := range m.ages {
		if !said.Before(since) {
			f.Bands[i]++
			return
		}
	}
	f.Bands[len(m.ages)]++
}

// document is what was counted, as it is stored.
func (m *measuring) document() string {
	m.Fields = slices.Collect(maps.Values(m.fields))
	m.Coverage.sort()
	return jsonOf(m.Coverage)
}
