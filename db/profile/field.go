package profile

// Fields is a set of a Contact's fields.
type Fields uint16

// The fields of a Profile; each is one bit of Fields.
const (
	FieldLocale Fields = 1 << iota
	FieldSalutation
	FieldTitle
	FieldGivenName
	FieldFamilyName
	FieldBirthDate
	FieldOrganisation
	FieldEmails
	FieldPhones
	FieldAddresses
	FieldCustomFields
)

// Has reports whether all of the fields in other are in f.
func (f Fields) Has(other Fields) bool { return f&other == other }

// A scalarField is a field with one text as its value.
type scalarField struct {
	field Fields
	name  string // as in the API
	max   int    // characters
}

// scalars are in the order in which changes are reported.
var scalars = [...]scalarField{
	{FieldLocale, "locale", maxLocale},
	{FieldSalutation, "salutation", 50},
	{FieldTitle, "title", 50},
	{FieldGivenName, "givenName", 100},
	{FieldFamilyName, "familyName", 100},
	{FieldBirthDate, "birthDate", 10},
	{FieldOrganisation, "organisation", 200},
}

// scalar points at the field's text in p; nil for a field that is no scalar.
func (p *Profile) scalar(f Fields) *string {
	switch f {
	case FieldLocale:
		return &p.Locale
	case FieldSalutation:
		return &p.Salutation
	case FieldTitle:
		return &p.Title
	case FieldGivenName:
		return &p.GivenName
	case FieldFamilyName:
		return &p.FamilyName
	case FieldBirthDate:
		return &p.BirthDate
	case FieldOrganisation:
		return &p.Organisation
	}
	return nil
}

// Has reports whether there is something on file of each of the fields.
func (p *Profile) Has(f Fields) bool {
	for i := range scalars {
		if f.Has(scalars[i].field) && *p.scalar(scalars[i].field) == "" {
			return false
		}
	}
	for _, l := range [...]struct {
		field Fields
		n     int
	}{
		{FieldEmails, len(p.Emails)},
		{FieldPhones, len(p.Phones)},
		{FieldAddresses, len(p.Addresses)},
		{FieldCustomFields, len(p.CustomFields)},
	} {
		if f.Has(l.field) && l.n == 0 {
			return false
		}
	}
	return true
}

// Clear takes fields away.
func (p *Profile) Clear(f Fields) {
	for i := range scalars {
		if f.Has(scalars[i].field) {
			*p.scalar(scalars[i].field) = ""
		}
	}
	if f.Has(FieldEmails) {
		p.Emails = nil
	}
	if f.Has(FieldPhones) {
		p.Phones = nil
	}
	if f.Has(FieldAddresses) {
		p.Addresses = nil
	}
	if f.Has(FieldCustomFields) {
		p.CustomFields = nil
	}
}
