package webapp

import (
	"complero/db"
	"complero/db/profile"
)

// A contactForm is the form's content as text: what is on file, or what was
// typed. A nil part is not asked about.
type contactForm struct {
	Person    []personField
	Emails    *emailPart
	Phones    *phonePart
	Addresses *addressPart
	Custom    []customRow
}

type emailPart struct{ Rows []emailRow }

// A row's ID is the entry's own; a new row has none.
type emailRow struct{ ID, Address, Use string }

type phonePart struct{ Rows []phoneRow }

// Country is that of a number without a code of its own. Kind is "" where it is to be recognised by the number. Was is the kind and
// number that the form began with: it travels with the form, since what is on
// file may have changed by the time the form comes back.
type phoneRow struct{ ID, Number, Country, Kind, Use, Was string }

type addressPart struct{ Rows []addressRow }

type addressRow struct {
	ID, Street, HouseNumber, Addition, PostalCode, City, Region, CountryCode, Use string
}

// formOf is the form with what is on file, as far as the Request asks and the
// Contact may change it.
func (v *visit) formOf(p *profile.Profile) *contactForm {
	f := &contactForm{Person: v.personFields(p), Custom: v.customRows(p)}
	if v.asks(db.AskDigital) && v.may("emails") {
		f.Emails = &emailPart{}
		for _, e := range p.Emails {
			f.Emails.Rows = append(f.Emails.Rows, emailRow{e.ID, profile.DisplayEmail(e.Address), string(e.Use)})
		}
	}
	if v.asks(db.AskDigital) && v.may("phones") {
		f.Phones = &phonePart{}
		for _, n := range p.Phones {
			f.Phones.Rows = append(f.Phones.Rows, phoneRow{n.ID, v.phones.of(n.Number), callingCountry(n.Number), string(n.Kind), string(n.Use), string(n.Kind) + " " + n.Number})
		}
	}
	if v.asks(db.AskAddress) && v.may("addresses") {
		f.Addresses = &addressPart{}
		for _, a := range p.Addresses {
			f.Addresses.Rows = append(f.Addresses.Rows, addressRow{
				a.ID, a.Street, a.HouseNumber, a.Addition, a.PostalCode, a.City, a.Region, a.CountryCode, string(a.Use),
			})
		}
	}
	return f
}

// offerRows gives each list that is empty a row to fill in; addresses only
// where one is required.
func (v *visit) offerRows(f *contactForm) {
	if f.Emails != nil && len(f.Emails.Rows) == 0 {
		f.addEmail()
	}
	if f.Phones != nil && len(f.Phones.Rows) == 0 {
		f.addPhone(v.phoneCountry())
	}
	if f.Addresses != nil && len(f.Addresses.Rows) == 0 && v.must("addresses") {
		f.addAddress(v.link.Company.CountryCode)
	}
}

// maxRows is how many entries of one kind a form takes; db takes fewer, and
// says so on the field.
const maxRows = 40

func (f *contactForm) addEmail() int {
	f.Emails.Rows = append(f.Emails.Rows, emailRow{Use: string(profile.UsePrivate)})
	return len(f.Emails.Rows) - 1
}

func (f *contactForm) addPhone(country string) int {
	f.Phones.Rows = append(f.Phones.Rows, phoneRow{Country: country, Use: string(profile.UsePrivate)})
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
	for _, p := range f.Person {
		add(p.Name, p.Value)
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
			add(rowName("phones", i, "country"), n.Country)
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
