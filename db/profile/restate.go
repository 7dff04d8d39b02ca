package profile

import (
	"maps"
	"slices"
)

// Restate is what a Source has to say so that a Contact of whom nothing is on
// file comes to have the Profile: all of it, with what there is none of said to
// be none. Ids of entries and what deliveries have shown are nobody's statement.
func (p *Profile) Restate() Input {
	in := Input{Emails: []EmailInput{}, Phones: []PhoneInput{}, Addresses: []AddressInput{}}
	for i := range scalars {
		*in.text(scalars[i].name) = Say(*p.scalar(scalars[i].field))
	}
	for _, e := range p.Emails {
		in.Emails = append(in.Emails, EmailInput{Address: Say(e.Address), Use: Say(string(e.Use))})
	}
	for _, n := range p.Phones {
		in.Phones = append(in.Phones, PhoneInput{Number: Say(n.Number), Kind: Say(string(n.Kind)), Use: Say(string(n.Use))})
	}
	for i := range p.Addresses {
		a := &p.Addresses[i]
		in.Addresses = append(in.Addresses, AddressInput{
			Street: Say(a.Street), HouseNumber: Say(a.HouseNumber), Addition: Say(a.Addition), PostalCode: Say(a.PostalCode),
			City: Say(a.City), Region: Say(a.Region), CountryCode: Say(a.CountryCode), Use: Say(string(a.Use)),
		})
	}
	if len(p.CustomFields) > 0 {
		in.CustomFields.Values = p.CustomFields
	}
	return in
}

// inputTexts are the single texts of an Input, in the order of a document.
var inputTexts = [...]string{
	"externalId", "employee", "locale", "salutation", "title", "givenName", "familyName", "birthDate", "organisation", "observedAt",
}

// AppendJSON adds the document that an Input is read from, on one line.
func (in *Input) AppendJSON(b []byte) []byte {
	e := encoder{out: append(b, '{')}
	for _, name := range inputTexts {
		e.said(name, *in.text(name))
	}
	if in.Emails != nil {
		e.key(emailList.name)
		for i := range in.Emails {
			row := &in.Emails[i]
			e.inputRow(i, row.ID, row.text, "address", "use")
		}
		e.end(len(in.Emails))
	}
	if in.Phones != nil {
		e.key(phoneList.name)
		for i := range in.Phones {
			row := &in.Phones[i]
			e.inputRow(i, row.ID, row.text, "number", "kind", "use")
		}
		e.end(len(in.Phones))
	}
	if in.Addresses != nil {
		e.key(addressList.name)
		for i := range in.Addresses {
			row := &in.Addresses[i]
			e.inputRow(i, row.ID, row.text, "street", "houseNumber", "addition", "postalCode", "city", "region", "countryCode", "use")
		}
		e.end(len(in.Addresses))
	}
	switch {
	case in.CustomFields.None:
		e.key(customName)
		e.raw(null)
	case in.CustomFields.Values != nil:
		e.key(customName)
		e.out = append(e.out, '{')
		for _, key := range slices.Sorted(maps.Keys(in.CustomFields.Values)) {
			e.key(key)
			e.any(in.CustomFields.Values[key])
		}
		e.out = append(e.out, '}')
	}
	if in.Metadata != nil {
		e.key(metadataName)
		e.raw(in.Metadata)
	}
	return append(e.out, '}')
}

// said writes a key with a text, or null where there is said to be none.
func (e *encoder) said(name string, t Text) {
	switch {
	case !t.Said:
	case t.Value == "":
		e.key(name)
		e.raw(null)
	default:
		e.key(name)
		e.quote(t.Value)
	}
}

// inputRow writes the n-th row of a list, with the texts of those names.
func (e *encoder) inputRow(n int, id string, text func(string) *Text, names ...string) {
	e.row(n)
	e.text("id", id)
	for _, name := range names {
		e.said(name, *text(name))
	}
	e.out = append(e.out, '}')
}

// end ends a list of n rows.
func (e *encoder) end(n int) {
	if n == 0 {
		e.out = append(e.out, '[')
	}
	e.out = append(e.out, ']')
}
