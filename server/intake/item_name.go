package intake

import (
	"strings"

	"complero/db/profile"
)

// scalars puts single texts together, and names out of their parts.
func (r *Reader) scalars(in *profile.Input) {
	d := &r.draft.scalars
	if d[fullName].Said {
		r.fullName(d)
	}
	if name := d[familyName].Value; len(name) > 4 && d[givenName].Value == "" && d[organisation].Value == "" && firm(name) {
		d[organisation], d[familyName] = profile.Say(name), profile.Say("") // a firm in the column of people
	}
	if extra := d[middleName].Value; extra != "" {
		d[givenName] = profile.Say(spaced(d[givenName].Value, extra))
	}
	if prefix := d[familyNamePrefix].Value; prefix != "" && d[familyName].Value != "" && !strings.HasPrefix(d[familyName].Value, prefix+" ") {
		space := " "
		if strings.HasSuffix(prefix, "'") || strings.HasSuffix(prefix, "’") {
			space = ""
		}
		d[familyName].Value = prefix + space + d[familyName].Value
	}
	if second := d[secondFamilyName].Value; second != "" {
		d[familyName] = profile.Say(spaced(d[familyName].Value, second))
	}
	in.ExternalID, in.Employee, in.Locale = d[externalID], d[employee], d[locale]
	in.Salutation, in.Title, in.GivenName, in.FamilyName = d[salutation], d[title], d[givenName], d[familyName]
	in.BirthDate, in.Organisation, in.ObservedAt = d[birthDate], d[organisation], d[observedAt]
}

// fullName fills the parts of a name that no other column says. A firm's name
// is none of a person.
func (r *Reader) fullName(d *[scalarCount]profile.Text) {
	cell := d[fullName].Value
	if d[givenName].Value != "" || d[familyName].Value != "" {
		return
	}
	if firm(cell) {
		if d[organisation].Value == "" {
			d[organisation] = profile.Say(cell)
		}
		d[givenName], d[familyName] = profile.Say(""), profile.Say("")
		return
	}
	var order NameOrder
	for i := range r.steps {
		if f := r.steps[i].field; f.kind == scalar && f.part == fullName {
			order = r.steps[i].col.NameOrder
		}
	}
	p := splitName(cell, order)
	d[givenName], d[familyName] = profile.Say(p.given), profile.Say(p.family)
	if p.salutation != "" && d[salutation].Value == "" {
		d[salutation] = profile.Say(p.salutation)
	}
	if p.title != "" && d[title].Value == "" {
		d[title] = profile.Say(p.title)
	}
}

func spaced(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " " + b
}
