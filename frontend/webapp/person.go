package webapp

import (
	"slices"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"complero/db"
	"complero/db/profile"
	"complero/frontend/locales"
)

// A personField is one of the fields about the person that may be changed.
type personField struct{ Name, Value string }

// personFields are those that may be changed, in the order of the form.
func (v *visit) personFields(p *profile.Profile) []personField {
	if !v.asks(db.AskPerson) {
		return nil
	}
	list := make([]personField, 0, len(partFields[db.AskPerson]))
	for _, field := range partFields[db.AskPerson] {
		if v.may(field) {
			list = append(list, personField{field, *personOnFile(p, field)})
		}
	}
	return list
}

// personOnFile points at a field about the person.
func personOnFile(p *profile.Profile, field string) *string {
	switch field {
	case "salutation":
		return &p.Salutation
	case "title":
		return &p.Title
	case "givenName":
		return &p.GivenName
	case "familyName":
		return &p.FamilyName
	case "birthDate":
		return &p.BirthDate
	case "organisation":
		return &p.Organisation
	}
	return &p.Locale
}

// personText is where an answer says a field about the person.
func personText(in *profile.Input, field string) *profile.Text {
	switch field {
	case "salutation":
		return &in.Salutation
	case "title":
		return &in.Title
	case "givenName":
		return &in.GivenName
	case "familyName":
		return &in.FamilyName
	case "birthDate":
		return &in.BirthDate
	case "organisation":
		return &in.Organisation
	case "locale":
		return &in.Locale
	}
	return nil
}

// personInputs are the attributes type and autocomplete of fields about the
// person that have any.
var personInputs = map[string][2]string{
	"salutation": {"text", "honorific-prefix"}, "givenName": {"text", "given-name"}, "familyName": {"text", "family-name"},
	"organisation": {"text", "organization"},
}

// personRows are the fields about the person, two to a row; a date takes one
// to itself.
func (p *formPage) personRows() [][]field {
	var rows [][]field
	list := make([]field, 0, len(p.Form.Person))
	for _, person := range p.Form.Person {
		f := p.field(fieldTexts[person.Name], person.Name, person.Value)
		if as, found := personInputs[person.Name]; found {
			f = f.as(as[0], as[1], "")
		}
		if person.Name == "locale" {
			f.Options = p.languageOptions(person.Value)
		}
		if person.Name == "birthDate" {
			f.Parts = p.dateParts(f.Name, person.Value)
			rows = append(append(rows, slices.Collect(slices.Chunk(list, 2))...), []field{f})
			list = nil
			continue
		}
		list = append(list, f)
	}
	return append(rows, slices.Collect(slices.Chunk(list, 2))...)
}

// languageOptions are the languages that pages speak, and the one on file.
func (p *formPage) languageOptions(chosen string) []option {
	var options []option
	for _, tag := range locales.Languages() {
		options = append(options, option{tag, languageName(tag)})
	}
	if chosen == "" {
		return slices.Insert(options, 0, option{"", p.Say("custom.none")})
	}
	if !slices.ContainsFunc(options, func(o option) bool { return o.Value == chosen }) {
		options = slices.Insert(options, 0, option{chosen, languageName(chosen)})
	}
	return options
}

// languageName is what those who speak a language call it.
func languageName(locale string) string {
	tag, err := language.Parse(locale)
	if err != nil {
		return locale
	}
	if name := display.Self.Name(tag); name != "" {
		return name
	}
	return locale
}
