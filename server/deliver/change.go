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

// A word is one in German and in English.
type word struct{ german, english string }

func (l Language) word(w word) string {
	if l.german() {
		return w.german
	}
	return w.english
}

// fieldNames are what people call the fields of a Contact.
var fieldNames = map[string]word{
	"locale": {"Sprache", "Language"}, "salutation": {"Anrede", "Salutation"}, "title": {"Titel", "Title"},
	"givenName": {"Vorname", "Given name"}, "familyName": {"Nachname", "Family name"}, "birthDate": {"Geburtsdatum", "Date of birth"},
	"organisation": {"Firma oder Organisation", "Organisation"},
	"emails":       {"E-Mail-Adresse", "E-mail address"}, "emails.address": {"E-Mail-Adresse", "E-mail address"}, "emails.use": {"Verwendung der E-Mail-Adresse", "Use of the e-mail address"},
	"phones": {"Telefonnummer", "Phone number"}, "phones.number": {"Telefonnummer", "Phone number"}, "phones.use": {"Verwendung der Telefonnummer", "Use of the phone number"},
	"phones.kind": {"Art der Telefonnummer", "Kind of phone number"},
	"addresses":   {"Anschrift", "Postal address"}, "addresses.street": {"Straße", "Street"}, "addresses.houseNumber": {"Hausnummer", "House number"},
	"addresses.addition": {"Adresszusatz", "Address addition"}, "addresses.postalCode": {"Postleitzahl", "Postal code"}, "addresses.city": {"Ort", "Town or city"},
	"addresses.region": {"Region", "Region"}, "addresses.countryCode": {"Land", "Country"}, "addresses.use": {"Verwendung der Anschrift", "Use of the postal address"},
}

// values are what people call the values that are words of the API.
var values = map[string]word{
	"PRIVATE": {"privat", "private"}, "BUSINESS": {"geschäftlich", "business"},
	"MOBILE": {"Mobiltelefon", "mobile"}, "LANDLINE": {"Festnetz", "landline"}, "FAX": {"Fax", "fax"}, "OTHER": {"Sonstige", "other"},
	"true": {"ja", "yes"}, "false": {"nein", "no"},
}

// changes is the table of what a Contact changed, in words.
func (l Language) changes(list []profile.Change) theme.Table {
	table := theme.Table{Field: changesField, Head: theme.Row{l.word(word{"Angabe", "Field"}), l.word(word{"bisher", "before"}), l.word(word{"jetzt", "now"})}}
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
	w, known := fieldNames[name]
	if !known {
		return path
	}
	if index > 0 {
		return fmt.Sprintf("%s (%d)", l.word(w), index+1)
	}
	return l.word(w)
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
		return joined(e.Email, e.Number, l.address(e.Address))
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
			return l.date(day)
		}
	case name == "addresses.countryCode":
		return l.country(text)
	case name == "locale":
		return l.tongue(text)
	case strings.HasSuffix(name, ".use") || strings.HasSuffix(name, ".kind"):
		return l.known(text)
	}
	return text
}

func (l Language) known(value string) string {
	if w, ok := values[value]; ok {
		return l.word(w)
	}
	return value
}

// address writes an entry as on an envelope.
func (l Language) address(a profile.Address) string {
	lines := []string{joined(a.Street, a.HouseNumber), a.Addition, joined(a.PostalCode, a.City), a.Region, l.country(a.CountryCode)}
	var there []string
	for _, line := range lines {
		if line != "" {
			there = append(there, line)
		}
	}
	return strings.Join(there, "\n")
}

// country is "" where there is none.
func (l Language) country(code string) string {
	region, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	return display.Regions(language.Make(l.locale())).Name(region)
}

func (l Language) tongue(locale string) string {
	tag, err := language.Parse(locale)
	if err != nil {
		return locale
	}
	return display.Tags(language.Make(l.locale())).Name(tag)
}
