package intake

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Check tells what is wrong with a Mapping given by hand, all of it at once,
// and how to mend it. columns are the file's; nil checks the Mapping by itself.
func (m Mapping) Check(columns []string) error {
	var wrong []error
	if !slices.Contains([]Unmapped{"", UnmappedCustom, UnmappedIgnore}, m.Unmapped) {
		wrong = append(wrong, fmt.Errorf("unmapped %q is neither CUSTOM nor IGNORE", m.Unmapped))
	}
	if !slices.Contains([]EmptyCells{"", EmptyNone, EmptyAbsent}, m.EmptyCells) {
		wrong = append(wrong, fmt.Errorf("emptyCells %q is neither NONE nor ABSENT", m.EmptyCells))
	}
	at := make([]int, len(m.Columns))
	if columns != nil {
		at = m.locate(columns)
	}
	claimed := map[string]string{}
	for i := range m.Columns {
		c := &m.Columns[i]
		if at[i] < 0 && c.Field != "" {
			wrong = append(wrong, missingColumn(c, columns))
		}
		f, err := parseField(c.Field)
		if err != nil {
			wrong = append(wrong, fmt.Errorf("column %q: field %w", c.Title, err))
			continue
		}
		if other, twice := claimed[c.Field]; twice && f.kind != ignored {
			wrong = append(wrong, fmt.Errorf("columns %q and %q are both %s; give one another field, or \"\" to ignore it", other, c.Title, c.Field))
		}
		claimed[c.Field] = c.Title
		wrong = append(wrong, c.check(f)...)
	}
	if err := m.checkKey(claimed, columns); err != nil {
		wrong = append(wrong, err)
	}
	return errors.Join(wrong...)
}

// checkKey wants a column that the Source's key can be read from. Without any
// Columns they are recognised, and the key with them.
func (m *Mapping) checkKey(claimed map[string]string, columns []string) error {
	_, own := claimed["externalId"]
	_, named := claimed[m.Key]
	switch {
	case m.Key == "" && !own && len(m.Columns) > 0:
		return errors.New("no column is externalId, the key by which the Source knows the Contact; map one to it, or set key to a column that is another for each Contact, such as E-Mail")
	case m.Key != "" && !named && columns != nil && len(byTitle(columns, key)[key(m.Key)]) == 0:
		return fmt.Errorf("key %q is no column, and the field of none; write one of the file's columns: %s", m.Key, listed(columns))
	}
	return nil
}

func missingColumn(c *Column, columns []string) error {
	if c.Title == "" {
		return fmt.Errorf("a column without a title has the position %d; write its position from 1 to %d in the file", c.Position, len(columns))
	}
	return fmt.Errorf("column %q is not in the file; write its title as in the file, which has: %s", c.Title, listed(columns))
}

// check looks at what a Column says beside its title and field.
func (c *Column) check(f field) []error {
	var wrong []error
	refuse := func(name, value, cure string, fits ...string) {
		if value != "" && !slices.Contains(fits, value) {
			wrong = append(wrong, fmt.Errorf("column %q: %s %q %s", c.Title, name, value, cure))
		}
	}
	refuse("use", c.Use, "is no use; write PRIVATE or BUSINESS", "PRIVATE", "BUSINESS")
	refuse("kind", c.Kind, "is no kind of phone; write MOBILE, LANDLINE, FAX or OTHER", "MOBILE", "LANDLINE", "FAX", "OTHER")
	refuse("dateOrder", string(c.DateOrder), "is no order; write DMY, MDY, YMD, SERIAL or SERIAL_1904",
		string(DMY), string(MDY), string(YMD), string(Serial), string(Serial1904))
	refuse("nameOrder", string(c.NameOrder), "is no order; write GIVEN_FIRST or FAMILY_FIRST", string(GivenFirst), string(FamilyFirst))
	refuse("decimal", c.Decimal, `is no decimal sign; write "," or "."`, ",", ".")
	refuse("type", strings.ToUpper(c.Type), "is no type; write TEXT, NUMBER, DATE, BOOLEAN, CHOICE or JSON", typeText, typeNumber, typeDate, typeBoolean, typeChoice, typeJSON)
	if c.Use != "" && f.kind != email && f.kind != phone && f.kind != address {
		wrong = append(wrong, fmt.Errorf("column %q: only an e-mail, phone or address has a use; leave it out", c.Title))
	}
	if c.Kind != "" && f.kind != phone {
		wrong = append(wrong, fmt.Errorf("column %q: only a phone has a kind; leave it out", c.Title))
	}
	if c.Separator != "" && f.kind != email && f.kind != phone {
		wrong = append(wrong, fmt.Errorf("column %q: only e-mails and phones have a separator; leave it out", c.Title))
	}
	return wrong
}
