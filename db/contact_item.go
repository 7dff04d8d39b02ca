package db

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"complero/db/profile"
)

// contactItem is one item of an upload, read and normalised.
type contactItem struct {
	index int
	row   int // in a file; 0 elsewhere
	// at is the path of the item: contacts, 17.
	at        []string
	input     profile.Input
	statement profile.Statement
	custom    profile.Definitions
	errors    Errors
	// warnings tell what was left out of an item that was taken.
	warnings Errors
}

// contactItems reads and normalises a slice of an upload. What is wrong with
// an item stays with that item.
func (t *Tenant) contactItems(raw []json.RawMessage, first int, source string, rules *FieldRules) []*contactItem {
	defaults := profile.Defaults{Country: t.Company.CountryCode, Now: t.store.now()}
	items := make([]*contactItem, len(raw))
	for n, data := range raw {
		i := &contactItem{index: first + n, at: []string{"contacts", strconv.Itoa(first + n)}, custom: rules.defined()}
		items[n] = i
		if err := i.input.UnmarshalJSON(data); err != nil {
			at := i.at
			var shape *profile.ShapeError
			if errors.As(err, &shape) {
				at = append(at, shape.Path...)
			}
			i.errors = Errors{{Code: Invalid, Path: at, Message: err.Error()}}
			var named struct{ ExternalID string }
			if json.Unmarshal(data, &named) == nil && len(named.ExternalID) <= 200 && !strings.ContainsRune(named.ExternalID, 0) {
				i.statement.ExternalID = strings.TrimSpace(named.ExternalID)
			}
			continue
		}
		i.normalize(defaults, source)
	}
	return items
}

func (i *contactItem) normalize(d profile.Defaults, source string) {
	var problems []profile.Problem
	d.Custom = i.custom
	i.statement, problems = i.input.Normalize(d)
	i.statement.By = profile.Source(source)
	i.errors = problemErrors(i.at, problems)
}

// abroad normalises an item once more for a known Contact who lives in another
// country than the Company: numbers that come without an address are those of
// the country on file.
func (i *contactItem) abroad(d profile.Defaults, c *Contact, source string) {
	says := i.statement.Says()
	if len(c.Profile.Addresses) == 0 || !says.Has(profile.FieldPhones) || says.Has(profile.FieldAddresses) {
		return
	}
	if d.ContactCountry = c.Profile.Addresses[0].CountryCode; d.ContactCountry != d.Country {
		i.normalize(d, source)
	}
}

// reject ends an item with an error about one of its fields. A transaction
// that is run again says it again, which changes nothing.
func (i *contactItem) reject(code Code, field, format string, args ...any) {
	e := i.about(code, field, format, args...)
	if !slices.ContainsFunc(i.errors, func(said *Error) bool { return said.Code == e.Code && slices.Equal(said.Path, e.Path) }) {
		i.errors = append(i.errors, e)
	}
}

func (i *contactItem) about(code Code, field, format string, args ...any) *Error {
	return &Error{Code: code, Path: append(slices.Clone(i.at), field), Message: fmt.Sprintf(format, args...)}
}

// withoutEmployee takes an item of a file that names an Employee who is not on
// file: the rest of the row is worth having.
func (i *contactItem) withoutEmployee() {
	name := i.statement.Employee.Value
	i.statement.Employee = profile.Text{}
	i.warnings = Errors{i.about(NotFoundCode, "employee",
		"there is no Employee %q, so the Contact's Employee was left as it is; upload the Employees and import again", name)}
}
