package deliver

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"complero/db/profile"
	"complero/theme"
)

// fieldTexts name the fields of a Contact.
var fieldTexts = map[string]string{
	"locale": "field.locale", "salutation": "field.salutation", "title": "field.title",
	"givenName": "field.givenName", "familyName": "field.familyName", "birthDate": "field.birthDate", "organisation": "field.organisation",
	"emails": "field.email", "emails.address": "field.email", "emails.use": "change.emails.use",
	"phones": "field.phone", "phones.number": "field.phone", "phones.use": "change.phones.use", "phones.kind": "change.phones.kind",
	"addresses": "field.address", "addresses.street": "field.street", "addresses.houseNumber": "field.houseNumber",
	"addresses.addition": "field.addition", "addresses.postalCode": "field.postalCode", "addresses.city": "field.city",
	"addresses.region": "field.region", "addresses.countryCode": "field.countryCode", "addresses.use": "change.addresses.use",
}

// valueTexts name the values that are words of the API.
var valueTexts = map[string]string{
	"PRIVATE": "use.PRIVATE", "BUSINESS": "use.BUSINESS",
	"MOBILE": "kind.MOBILE", "LANDLINE": "kind.LANDLINE", "FAX": "kind.FAX", "OTHER": "kind.OTHER",
	"true": "custom.yes", "false": "custom.no",
}

// changes is the table of what a Contact changed, in words.
func (l Language) changes(list []profile.Change) theme.Table {
	table := theme.Table{Field: changesField, Head: theme.Row{l.Say("change.field"), l.Say("change.before"), l.Say("change.after")}}
	for _, c := range list {
		if strings.HasSuffix(c.Field, ".health") {
			continue
		}
		table.Rows = append(table.Rows, theme.Row{l.field(c.Field), l.value(c.Field, c.Before), l.value(c.Field, c.After)})
	}
	return table
}

// field names a path such as emails[1].address, with a number from the second
// entry on. The Company's own fields go by their own names.
func (l Language) field(path string) string {
	if custom, ok := strings.CutPrefix(path, "customFields."); ok {
		return custom
	}
	name, index := withoutIndex(path)
	text, known := fieldTexts[name]
	if !known {
		return path
	}
	if index > 0 {
		return fmt.Sprintf("%s (%d)", l.Say(text), index+1)
	}
	return l.Say(text)
}

// withoutIndex takes emails[1].address apart into emails.address and 1.
func withoutIndex(path string) (name string, index int) {
	before, rest, found := strings.Cut(path, "[")
	number, after, closed := strings.Cut(rest, "]")
	if !found || !closed {
		return path, 0
	}
	index, err := strconv.Atoi(number)
	if err != nil {
		return path, 0
	}
	return before + after, index
}

// listEntry is a whole entry of one of the lists; the fields of the others stay empty.
type listEntry struct {
	profile.Address
	Email  string `json:"address"`
	Number string `json:"number"`
}

// value writes a value of a change as people read it; "" for none.
func (l Language) value(path string, raw json.RawMessage) string {
	name, _ := withoutIndex(path)
	switch name {
	case "emails", "phones", "addresses":
		var e *listEntry
		if err := json.Unmarshal(raw, &e); err != nil || e == nil {
			return ""
		}
		return joined(e.Email, l.upright(e.Number), l.address(e.Address))
	}
	var v any
	if err := json.Unmarshal(raw, &v); err != nil || v == nil {
		return ""
	}
	text, isText := v.(string)
	switch {
	case !isText:
		return l.known(strings.Trim(string(raw), `"`))
	case name == "birthDate":
		if day, err := time.Parse(time.DateOnly, text); err == nil {
			return l.Date(day)
		}
	case name == "addresses.countryCode":
		return l.Country(text)
	case name == "locale":
		return l.tongue(text)
	case strings.HasSuffix(name, ".use") || strings.HasSuffix(name, ".kind"):
		return l.known(text)
	}
	return l.upright(text)
}

func (l Language) known(value string) string {
	if text, ok := valueTexts[value]; ok {
		return l.Say(text)
	}
	return value
}

// address writes an entry as on an envelope.
func (l Language) address(a profile.Address) string {
	lines := []string{joined(a.Street, a.HouseNumber), a.Addition, joined(a.PostalCode, a.City), a.Region, l.Country(a.CountryCode)}
	var there []string
	for _, line := range lines {
		if line != "" {
			there = append(there, line)
		}
	}
	return strings.Join(there, "\n")
}

func (l Language) tongue(locale string) string {
	tag, err := language.Parse(locale)
	if err != nil {
		return locale
	}
	return display.Tags(language.Make(l.Tag)).Name(tag)
}
