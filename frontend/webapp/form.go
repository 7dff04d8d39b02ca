package webapp

import (
	"strconv"

	"complero/db"
	"complero/db/profile"
)

// A contactForm is the form's content as text: what is on file, or what was
// typed. A nil part is not asked about.
type contactForm struct {
	Person    *personPart
	Emails    *emailPart
	Phones    *phonePart
	Addresses *addressPart
	Custom    []customRow
}

// A personPart holds the fields about the person.
type personPart struct {
	Salutation, Title, GivenName, FamilyName, BirthDate, Organisation string
}

type emailPart struct{ Rows []emailRow }

// A row's ID is the entry's own; a new row has none.
type emailRow struct{ ID, Address, Use string }

type phonePart struct{ Rows []phoneRow }

// Kind is "" where it is to be recognised by the number. Was is the kind and
// number that the form began with: it travels with the form, since what is on
// file may have changed by the time the form comes back.
type phoneRow struct{ ID, Number, Kind, Use, Was string }

type addressPart struct{ Rows []addressRow }

type addressRow struct {
	ID, Street, HouseNumber, Addition, PostalCode, City, Region, CountryCode, Use string
}

// A customRow is one of the Company's own fields. Value is as typed; Was is
// what is on file, which tells the field's type.
type customRow struct {
	Key, Value string
	Was        any
}

// formOf is the form with what is on file, as far as the Request asks.
func (v *visit) formOf(p *profile.Profile) *contactForm {
	r := v.link.Request
	f := &contactForm{}
	if r.Asks(db.AskPerson) {
		f.Person = &personPart{p.Salutation, p.Title, p.GivenName, p.FamilyName, p.BirthDate, p.Organisation}
	}
	if r.Asks(db.AskDigital) {
		f.Emails, f.Phones = &emailPart{}, &phonePart{}
		for _, e := range p.Emails {
			f.Emails.Rows = append(f.Emails.Rows, emailRow{e.ID, profile.DisplayEmail(e.Address), string(e.Use)})
		}
		for _, n := range p.Phones {
			f.Phones.Rows = append(f.Phones.Rows, phoneRow{n.ID, showPhone(n.Number), string(n.Kind), string(n.Use), string(n.Kind) + " " + n.Number})
		}
	}
	if r.Asks(db.AskAddress) {
		f.Addresses = &addressPart{}
		for _, a := range p.Addresses {
			f.Addresses.Rows = append(f.Addresses.Rows, addressRow{
				a.ID, a.Street, a.HouseNumber, a.Addition, a.PostalCode, a.City, a.Region, a.CountryCode, string(a.Use),
			})
		}
	}
	if r.Asks(db.AskCustom) {
		for _, key := range customKeys(p.CustomFields) {
			f.Custom = append(f.Custom, customRow{key, customText(p.CustomFields[key]), p.CustomFields[key]})
		}
	}
	return f
}

// The values of a custom field that is true or false.
const (
	yes = "yes"
	no  = "no"
)

func customText(value any) string {
	switch value := value.(type) {
	case bool:
		if value {
			return yes
		}
		return no
	case float64:
		return strconv.FormatFloat(value, 'f', -1, 64)
	case string:
		return value
	}
	return ""
}

// offerRows gives each list that is empty a row to fill in.
func (f *contactForm) offerRows() {
	if f.Emails != nil && len(f.Emails.Rows) == 0 {
		f.addEmail()
	}
	if f.Phones != nil && len(f.Phones.Rows) == 0 {
		f.addPhone()
	}
}

// maxRows is how many entries of one kind a form takes; db takes fewer, and
// says so on the field.
const maxRows = 40

func (f *contactForm) addEmail() int {
	f.Emails.Rows = append(f.Emails.Rows, emailRow{Use: string(profile.UsePrivate)})
	return len(f.Emails.Rows) - 1
}

func (f *contactForm) addPhone() int {
	f.Phones.Rows = append(f.Phones.Rows, phoneRow{Use: string(profile.UsePrivate)})
	return len(f.Phones.Rows) - 1
}

func (f *contactForm) addAddress(country string) int {
	f.Addresses.Rows = append(f.Addresses.Rows, addressRow{CountryCode: country, Use: string(profile.UsePrivate)})
	return len(f.Addresses.Rows) - 1
}

func (r emailRow) blank() bool { return r.Address == "" }

func (r phoneRow) blank() bool { return r.Number == "" }

// blank leaves out the country and the use, which new rows begin with.
func (r addressRow) blank() bool {
	return r.Street+r.HouseNumber+r.Addition+r.PostalCode+r.City+r.Region == ""
}

// A pair is a field of a form as it is posted.
type pair struct{ Name, Value string }

// pairs are the form's fields as typed, in the order of the page.
func (f *contactForm) pairs() []pair {
	var list []pair
	add := func(name, value string) { list = append(list, pair{name, value}) }
	if p := f.Person; p != nil {
		list = append(list, pair{"salutation", p.Salutation}, pair{"title", p.Title}, pair{"givenName", p.GivenName},
			pair{"familyName", p.FamilyName}, pair{"birthDate", p.BirthDate}, pair{"organisation", p.Organisation})
	}
	if f.Emails != nil {
		add("emails", "shown")
		for i, e := range f.Emails.Rows {
			add(rowName("emails", i, "id"), e.ID)
			add(rowName("emails", i, "address"), e.Address)
			add(rowName("emails", i, "use"), e.Use)
		}
	}
	if f.Phones != nil {
		add("phones", "shown")
		for i, n := range f.Phones.Rows {
			add(rowName("phones", i, "id"), n.ID)
			add(rowName("phones", i, "number"), n.Number)
			add(rowName("phones", i, "kind"), n.Kind)
			add(rowName("phones", i, "use"), n.Use)
			add(rowName("phones", i, "was"), n.Was)
		}
	}
	if f.Addresses != nil {
		add("addresses", "shown")
		for i := range f.Addresses.Rows {
			row := &f.Addresses.Rows[i]
			add(rowName("addresses", i, "id"), row.ID)
			for _, field := range row.fields() {
				add(rowName("addresses", i, field.name), *field.value)
			}
		}
	}
	for _, c := range f.Custom {
		add("customFields."+c.Key, c.Value)
	}
	return list
}
