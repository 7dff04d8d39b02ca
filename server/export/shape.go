package export

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"

	"complero/db/profile"
	"complero/server/intake"
	"complero/server/intake/table"
)

// A shape is what Contacts take in a table: as many columns as the data needs.
type shape struct {
	contacts                int
	emails, phones, places  int
	employee, metadata      bool
	custom                  map[string]kinds
	keys                    []string // of custom, in order
	emailParts, phoneParts  []string
	placeParts, singleTexts []string
}

// kinds are those of values that a custom field has in one Contact or another.
type kinds uint8

const (
	aText kinds = 1 << iota
	aNumber
	aBoolean
)

func newShape() *shape {
	return &shape{
		emails: 1, phones: 1, places: 1, custom: map[string]kinds{},
		emailParts: []string{"address", "use"}, phoneParts: []string{"number", "kind", "use"},
		placeParts:  []string{"street", "houseNumber", "addition", "postalCode", "city", "region", "countryCode", "use"},
		singleTexts: intake.OwnScalars(),
	}
}

// add makes room for a Contact.
func (s *shape) add(in *profile.Input) {
	s.contacts++
	s.emails, s.phones, s.places = max(s.emails, len(in.Emails)), max(s.phones, len(in.Phones)), max(s.places, len(in.Addresses))
	s.employee = s.employee || in.Employee.Said
	s.metadata = s.metadata || string(in.Metadata) != "null"
	for key, value := range in.CustomFields.Values {
		s.custom[key] |= kindOf(value)
	}
}

func kindOf(value any) kinds {
	switch value.(type) {
	case string:
		return aText
	case bool:
		return aBoolean
	}
	return aNumber
}

// typ is how the column of a custom field is read.
func (k kinds) typ() string {
	switch k {
	case aText:
		return "TEXT"
	case aNumber:
		return "NUMBER"
	case aBoolean:
		return "BOOLEAN"
	}
	return "JSON"
}

// columns are the headings, once all Contacts were added.
func (s *shape) columns() []string {
	if !s.employee && s.contacts > 0 {
		s.singleTexts = slices.DeleteFunc(s.singleTexts, func(name string) bool { return name == "employee" })
	}
	columns := slices.Clone(s.singleTexts)
	for _, list := range []struct {
		name  string
		n     int
		parts []string
	}{{"emails", s.emails, s.emailParts}, {"phones", s.phones, s.phoneParts}, {"addresses", s.places, s.placeParts}} {
		for i := range list.n {
			for _, part := range list.parts {
				columns = append(columns, list.name+"["+strconv.Itoa(i)+"]."+part)
			}
		}
	}
	s.keys = slices.Sorted(maps.Keys(s.custom))
	for _, key := range s.keys {
		columns = append(columns, intake.CustomHeading(key, s.custom[key].typ()))
	}
	if s.metadata {
		columns = append(columns, "metadata")
	}
	return columns
}

// cells adds a Contact's, one for each column, to a row.
func (s *shape) cells(row []string, in *profile.Input) []string {
	for _, name := range s.singleTexts {
		row = append(row, single(in, name))
	}
	for i := range s.emails {
		var e profile.EmailInput
		if i < len(in.Emails) {
			e = in.Emails[i]
		}
		row = append(row, e.Address.Value, e.Use.Value)
	}
	for i := range s.phones {
		var n profile.PhoneInput
		if i < len(in.Phones) {
			n = in.Phones[i]
		}
		row = append(row, n.Number.Value, n.Kind.Value, n.Use.Value)
	}
	for i := range s.places {
		var a profile.AddressInput
		if i < len(in.Addresses) {
			a = in.Addresses[i]
		}
		row = append(row, a.Street.Value, a.HouseNumber.Value, a.Addition.Value, a.PostalCode.Value, a.City.Value,
			a.Region.Value, a.CountryCode.Value, a.Use.Value)
	}
	for _, key := range s.keys {
		row = append(row, customCell(in.CustomFields.Values[key], s.custom[key]))
	}
	if s.metadata {
		row = append(row, metadataCell(in.Metadata))
	}
	return row
}

func metadataCell(metadata json.RawMessage) string {
	if len(metadata) == 0 || string(metadata) == "null" {
		return table.Absent
	}
	return string(metadata)
}

func single(in *profile.Input, name string) string {
	switch name {
	case "externalId":
		return in.ExternalID.Value
	case "employee":
		return in.Employee.Value
	case "locale":
		return in.Locale.Value
	case "salutation":
		return in.Salutation.Value
	case "title":
		return in.Title.Value
	case "givenName":
		return in.GivenName.Value
	case "familyName":
		return in.FamilyName.Value
	case "birthDate":
		return in.BirthDate.Value
	case "organisation":
		return in.Organisation.Value
	}
	return ""
}

// customCell writes a custom field's value as its column is read.
func customCell(value any, of kinds) string {
	number, isNumber := value.(json.Number)
	switch {
	case value == nil:
		return table.Absent
	case of.typ() == "JSON" || isNumber && of != aNumber:
		data, err := json.Marshal(value)
		if err != nil {
			return table.Absent // what was read from JSON can be written
		}
		return string(data)
	case isNumber:
		if f, err := number.Float64(); err == nil {
			return profile.NumberText(f)
		}
		return number.String()
	}
	switch v := value.(type) {
	case bool:
		return strconv.FormatBool(v)
	case string:
		return v
	}
	return table.Absent
}
