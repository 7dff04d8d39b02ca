package webapp

import (
	"strings"

	"complero/db"
	"complero/db/profile"
)

// What a page shows and lets the Contact change follows from the Request, which
// asks about parts of the data, and from the Company's policy for each field.
// db refuses answers that go beyond it; pages do not offer what it refuses.

func (v *visit) policy(field string) db.Policy { return v.link.Fields.Policy(field) }

// may reports whether the Contact may change a field.
func (v *visit) may(field string) bool { return v.policy(field).Editable() }

// must reports whether the Contact has to fill in a field.
func (v *visit) must(field string) bool { return v.policy(field) == db.FieldRequired }

// mustFill is must for a field of the form. Of a list, one entry is enough.
func (v *visit) mustFill(name string) bool {
	list, rest, _ := strings.Cut(name, ".")
	if first := firstFields[list]; first != "" {
		return rest == "0."+first && v.must(list)
	}
	return v.must(name)
}

func (v *visit) asks(a db.Ask) bool { return v.link.Request.Asks(a) }

// partFields are the fields of each part of the data but for the Company's own.
var partFields = map[db.Ask][]string{
	db.AskPerson:  {"salutation", "title", "givenName", "familyName", "birthDate", "organisation", "locale"},
	db.AskDigital: {"emails", "phones"},
	db.AskAddress: {"addresses"},
}

// shows reports whether a part of the data is asked about and there is anything
// of it that the Contact sees.
func (v *visit) shows(a db.Ask) bool {
	if !v.asks(a) {
		return false
	}
	for _, field := range partFields[a] {
		if v.policy(field).Visible() {
			return true
		}
	}
	if a != db.AskCustom {
		return false
	}
	for _, c := range v.link.Fields.CustomFields() {
		if c.Policy.Visible() {
			return true
		}
	}
	return len(v.link.Contact.Profile.CustomFields) > 0
}

// asksData reports whether the page is about more than Consents.
func (v *visit) asksData() bool {
	return v.shows(db.AskPerson) || v.shows(db.AskDigital) || v.shows(db.AskAddress) || v.shows(db.AskCustom)
}

// mustAny reports whether there is anything that the Contact has to fill in.
func (v *visit) mustAny() bool {
	for part, fields := range partFields {
		for _, field := range fields {
			if v.asks(part) && v.must(field) {
				return true
			}
		}
	}
	for _, c := range v.link.Fields.CustomFields() {
		if v.asks(db.AskCustom) && c.Policy == db.FieldRequired {
			return true
		}
	}
	return false
}

// fixedFacts are what stands on file that the Contact sees and cannot change,
// by the group of the form.
type fixedFacts struct{ Person, Emails, Phones, Addresses, Custom []fact }

func (v *visit) fixed() fixedFacts {
	p := &v.link.Contact.Profile
	fixed := func(part db.Ask, field string) bool { return v.asks(part) && !v.may(field) }
	var f fixedFacts
	for _, field := range partFields[db.AskPerson] {
		value := ""
		if fixed(db.AskPerson, field) && v.policy(field).Visible() {
			value = v.personValue(p, field)
		}
		if value != "" {
			f.Person = append(f.Person, fact{Label: v.voice.Say(fieldTexts[field]), Lines: []string{value}})
		}
	}
	if fixed(db.AskDigital, "emails") {
		f.Emails = v.emailFacts(p)
	}
	if fixed(db.AskDigital, "phones") {
		f.Phones = v.phoneFacts(p)
	}
	if fixed(db.AskAddress, "addresses") {
		f.Addresses = v.addressFacts(p)
	}
	if v.asks(db.AskCustom) {
		f.Custom = v.customFacts(p, func(policy db.Policy) bool { return policy == db.FieldShown })
	}
	return f
}

// personValue is a field of the person as people read it.
func (v *visit) personValue(p *profile.Profile, field string) string {
	switch value := *personOnFile(p, field); field {
	case "birthDate":
		return v.day(value)
	case "locale":
		return languageName(value)
	default:
		return value
	}
}
