package profile

import (
	"fmt"
	"strconv"
	"time"
)

// Defaults are what an item is read by.
type Defaults struct {
	// Country is the Company's, ISO alpha-2: for addresses without one, and for
	// phone numbers when nothing is known of the Contact's.
	Country string
	// ContactCountry is that of the Contact's first address on file, if any: for
	// phone numbers of an item that says nothing of addresses.
	ContactCountry string
	Now            time.Time
	// Custom are the Company's own fields, as far as it has defined them. What it
	// has not is a text, a number or a boolean.
	Custom Definitions
}

const (
	maxRows       = 20
	maxExternalID = 200
)

// leafMax are the most characters of an address's leaves, by their places;
// postal code and country have their own rules.
var leafMax = [...]int{200, 20, 100, maxPostalCode, 100, 100, 2}

// Normalize reads an item of an upload. It returns all that is wrong with it;
// a Statement with any Problem is not to be applied. By, Rank and AckedThrough
// are left for the caller; At is d.Now.
func (in *Input) Normalize(d Defaults) (Statement, []Problem) {
	n := normalizer{d: d}
	s := Statement{At: d.Now}
	s.ExternalID = n.line(in.ExternalID.Value, maxExternalID, "externalId")
	if s.ExternalID == "" && len(n.problems) == 0 {
		n.refuse(fault{codeRequired, "is missing; write the key by which the Source knows the Contact"}, "", "externalId")
	}
	if in.Employee.Said {
		s.Employee = Say(n.line(in.Employee.Value, maxExternalID, "employee"))
	}
	var f fault
	if s.Observed, f = cleanObserved(in.ObservedAt.Value, d.Now); f.bad() {
		n.refuse(f, in.ObservedAt.Value, "observedAt")
	}
	if s.Metadata, f = cleanMetadata(in.Metadata); f.bad() {
		n.refuse(f, "", metadataName)
	}
	n.normalize(in, &s)
	return s, n.problems
}

// NormalizeAnswer reads a Contact's own answer, said at d.Now. externalId,
// employee, observedAt and metadata are none of a Contact's matters and are not
// looked at.
func (in *Input) NormalizeAnswer(d Defaults) (Statement, []Problem) {
	n := normalizer{d: d}
	s := Statement{At: d.Now, By: Contact}
	n.normalize(in, &s)
	return s, n.problems
}

// A normalizer collects what is wrong with one item.
type normalizer struct {
	d        Defaults
	problems []Problem
}

func (n *normalizer) refuse(f fault, value string, path ...string) {
	n.problems = append(n.problems, newProblem(f, value, path))
}

// line is cleanLine for one field.
func (n *normalizer) line(value string, most int, name string) string {
	s, f := cleanLine(value, most)
	if f.bad() {
		n.refuse(f, value, name)
	}
	return s
}

func (n *normalizer) normalize(in *Input, s *Statement) {
	for i := range scalars {
		n.scalar(in, s, &scalars[i])
	}
	// Addresses come first: they tell the country of the phone numbers.
	country := n.d.Country
	if n.d.ContactCountry != "" {
		country = n.d.ContactCountry
	}
	if in.Addresses != nil {
		s.says |= FieldAddresses
		if first := n.addresses(in.Addresses, s); first != "" {
			country = first
		}
	}
	if in.Emails != nil {
		s.says |= FieldEmails
		n.emails(in.Emails, s)
	}
	if in.Phones != nil {
		s.says |= FieldPhones
		n.phones(in.Phones, s, country)
	}
	if !in.CustomFields.IsZero() {
		s.says |= FieldCustomFields
		s.noCustom = in.CustomFields.None
		s.custom = n.normalizeCustom(in.CustomFields)
	}
}

func (n *normalizer) scalar(in *Input, s *Statement, sc *scalarField) {
	t := in.text(sc.name)
	if !t.Said {
		return
	}
	var f fault
	value := s.scalars.scalar(sc.field)
	switch sc.field {
	case FieldLocale:
		*value, f = cleanLocale(t.Value)
	case FieldBirthDate:
		*value, f = cleanBirthDate(t.Value, n.d.Now)
	default:
		*value, f = cleanLine(t.Value, sc.max)
	}
	if f.bad() {
		n.refuse(f, t.Value, sc.name)
	}
	s.says |= sc.field
}

func (n *normalizer) emails(in []EmailInput, s *Statement) {
	if n.tooMany(len(in), &emailList) {
		return
	}
	s.emails = make([]entry, 0, len(in))
	for i := range in {
		row := &in[i]
		e := entry{id: row.ID}
		var f fault
		if e.leaves[0], f = cleanEmail(row.Address.Value); f.bad() {
			n.refuse(f, row.Address.Value, emailList.name, strconv.Itoa(i), "address")
			continue
		}
		n.use(&emailList, i, row.Use, &e)
		if e.leaves[0] != "" {
			s.emails = n.add(&emailList, s.emails, e)
		}
	}
}

func (n *normalizer) phones(in []PhoneInput, s *Statement, country string) {
	if n.tooMany(len(in), &phoneList) {
		return
	}
	s.phones = make([]entry, 0, len(in))
	for i := range in {
		row := &in[i]
		e := entry{id: row.ID}
		number, kind, f := cleanPhone(row.Number.Value, country)
		if f.bad() {
			n.refuse(f, row.Number.Value, phoneList.name, strconv.Itoa(i), "number")
			continue
		}
		if row.Kind.Value != "" {
			kind = PhoneKind(row.Kind.Value)
			e.said = 1 << leafPhoneKind
			if !kind.IsValid() {
				n.refuse(fault{codeInvalid, "is no kind of phone; write MOBILE, LANDLINE, FAX or OTHER"},
					row.Kind.Value, phoneList.name, strconv.Itoa(i), "kind")
			}
		}
		e.leaves[0], e.leaves[leafPhoneKind] = number, string(kind)
		n.use(&phoneList, i, row.Use, &e)
		if number != "" {
			s.phones = n.add(&phoneList, s.phones, e)
		}
	}
}

// addresses returns the country of the first row that has one, or "".
func (n *normalizer) addresses(in []AddressInput, s *Statement) (country string) {
	if n.tooMany(len(in), &addressList) {
		return ""
	}
	s.addresses = make([]entry, 0, len(in))
	for i := range in {
		row := &in[i]
		e := entry{id: row.ID}
		code := n.address(row, i, &e)
		if i == 0 {
			country = code
		}
		n.use(&addressList, i, row.Use, &e)
		// A country alone is no place to write to: forms have it preset.
		if e.leaves != ([8]string{leafCountryCode: e.leaves[leafCountryCode], 7: e.leaves[7]}) {
			s.addresses = n.add(&addressList, s.addresses, e)
		}
	}
	return country
}

// address reads a row's leaves and returns its country, or "".
func (n *normalizer) address(row *AddressInput, i int, e *entry) string {
	code, f := cleanCountry(row.CountryCode.Value)
	if f.bad() {
		n.refuse(f, row.CountryCode.Value, addressList.name, strconv.Itoa(i), "countryCode")
	} else if code == "" {
		code = n.d.Country
	}
	e.leaves[leafCountryCode] = code
	texts := [...]*Text{&row.Street, &row.HouseNumber, &row.Addition, &row.PostalCode, &row.City, &row.Region}
	for leaf, t := range texts {
		if !t.Said {
			continue
		}
		e.said |= 1 << leaf
		if leaf == leafPostalCode {
			e.leaves[leaf], f = cleanPostalCode(t.Value, code)
		} else {
			e.leaves[leaf], f = cleanLine(t.Value, leafMax[leaf])
		}
		if f.bad() {
			n.refuse(f, t.Value, addressList.name, strconv.Itoa(i), addressList.leaves[leaf])
		}
	}
	e.said |= 1 << leafCountryCode
	return code
}

// use reads a row's use; where none is said, it stays "".
func (n *normalizer) use(l *list, i int, t Text, e *entry) {
	if t.Value == "" {
		return
	}
	e.leaves[l.use()] = t.Value
	e.said |= 1 << l.use()
	if !Use(t.Value).IsValid() {
		n.refuse(fault{codeInvalid, "is no use; write PRIVATE or BUSINESS"}, t.Value, l.name, strconv.Itoa(i), "use")
	}
}

// add appends a row unless the list says the same entry already.
func (n *normalizer) add(l *list, rows []entry, e entry) []entry {
	e.key = l.identity(&e)
	for i := range rows {
		if rows[i].key == e.key {
			return rows
		}
	}
	return append(rows, e)
}

func (n *normalizer) tooMany(rows int, l *list) bool {
	if rows <= maxRows {
		return false
	}
	n.refuse(fault{codeTooMany, fmt.Sprintf("has %d entries; at most %d fit, leave some out", rows, maxRows)}, "", l.name)
	return true
}
