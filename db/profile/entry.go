package profile

import "slices"

// An entry is an e-mail, phone or address in the one form in which lists are
// compared and merged, so that the rules for lists are written once.
type entry struct {
	id     string
	key    string // identity; see list.identity
	leaves [8]string
	said   leafSet // of a statement's row: the leaves that were said
	health Health
}

// A leafSet is a set of an entry's leaves, by their places in list.leaves.
type leafSet uint8

func (s leafSet) has(leaf int) bool { return s&(1<<leaf) != 0 }

// A list describes one of a Profile's lists. The last leaf is always the use.
type list struct {
	field  Fields
	name   string   // as in the API
	kind   string   // of ids
	leaves []string // as in the API
	known  leafSet  // the leaves by which identity knows an entry
}

var (
	emailList   = list{FieldEmails, "emails", "email", []string{"address", "use"}, 1 << 0}
	phoneList   = list{FieldPhones, "phones", "phone", []string{"number", "kind", "use"}, 1 << 0}
	addressList = list{
		FieldAddresses, "addresses", "address",
		[]string{"street", "houseNumber", "addition", "postalCode", "city", "region", "countryCode", "use"},
		1<<0 | 1<<1 | 1<<leafPostalCode | 1<<leafCountryCode,
	}
)

// Places of the leaves that rules look at by name.
const (
	leafPhoneKind   = 1
	leafStreet      = 0
	leafHouseNumber = 1
	leafPostalCode  = 3
	leafCountryCode = 6
)

// use is the place of the use.
func (l *list) use() int { return len(l.leaves) - 1 }

// identity is what makes two entries the same one: the normalised address, the
// E.164 number, the place.
func (l *list) identity(e *entry) string {
	if l.field == FieldAddresses {
		return AddressIdentity(e.address())
	}
	return e.leaves[0]
}

func (e *entry) address() Address {
	return Address{
		ID: e.id, Street: e.leaves[0], HouseNumber: e.leaves[1], Addition: e.leaves[2], PostalCode: e.leaves[3],
		City: e.leaves[4], Region: e.leaves[5], CountryCode: e.leaves[leafCountryCode], Use: Use(e.leaves[7]), Health: e.health,
	}
}

// entries takes a list out of p.
func (l *list) entries(p *Profile) []entry {
	var out []entry
	switch l.field {
	case FieldEmails:
		out = make([]entry, 0, len(p.Emails))
		for _, e := range p.Emails {
			out = append(out, entry{id: e.ID, health: e.Health, leaves: [8]string{e.Address, string(e.Use)}})
		}
	case FieldPhones:
		out = make([]entry, 0, len(p.Phones))
		for _, n := range p.Phones {
			out = append(out, entry{id: n.ID, health: n.Health, leaves: [8]string{n.Number, string(n.Kind), string(n.Use)}})
		}
	case FieldAddresses:
		out = make([]entry, 0, len(p.Addresses))
		for _, a := range p.Addresses {
			out = append(out, entry{id: a.ID, health: a.Health, leaves: [8]string{
				a.Street, a.HouseNumber, a.Addition, a.PostalCode, a.City, a.Region, a.CountryCode, string(a.Use),
			}})
		}
	}
	return out
}

// put writes a list into p.
func (l *list) put(p *Profile, entries []entry) {
	switch l.field {
	case FieldEmails:
		p.Emails = make([]Email, 0, len(entries))
		for _, e := range entries {
			p.Emails = append(p.Emails, Email{ID: e.id, Address: e.leaves[0], Use: Use(e.leaves[1]), Health: e.health})
		}
	case FieldPhones:
		p.Phones = make([]Phone, 0, len(entries))
		for _, e := range entries {
			p.Phones = append(p.Phones, Phone{ID: e.id, Number: e.leaves[0], Kind: PhoneKind(e.leaves[1]), Use: Use(e.leaves[2]), Health: e.health})
		}
	case FieldAddresses:
		p.Addresses = make([]Address, 0, len(entries))
		for _, e := range entries {
			p.Addresses = append(p.Addresses, e.address())
		}
	}
}

// same reports whether two states of p hold the same data in a list; Health,
// which no one says, does not count.
func (l *list) same(before, after *Profile) bool {
	switch l.field {
	case FieldEmails:
		return slices.EqualFunc(before.Emails, after.Emails, func(a, b Email) bool {
			a.Health = b.Health
			return a == b
		})
	case FieldPhones:
		return slices.EqualFunc(before.Phones, after.Phones, func(a, b Phone) bool {
			a.Health = b.Health
			return a == b
		})
	default:
		return slices.EqualFunc(before.Addresses, after.Addresses, func(a, b Address) bool {
			a.Health = b.Health
			return a == b
		})
	}
}

// edited is an entry as a row says it: the same id, and what the row does not
// say stays, unless it is another address altogether.
func (l *list) edited(e, row *entry) entry {
	if row.key == e.key {
		return l.resaid(e, row)
	}
	next := entry{id: e.id, key: row.key, leaves: row.leaves}
	if !row.said.has(l.use()) {
		next.leaves[l.use()] = e.leaves[l.use()]
	}
	return next
}

// resaid is an entry with those leaves replaced that the row says.
func (l *list) resaid(e, row *entry) entry {
	next := *e
	for leaf := range l.leaves {
		if row.said.has(leaf) {
			next.leaves[leaf] = row.leaves[leaf]
		}
	}
	// Identity reads street and number as one text, so a row that says only one
	// of them says both in it: "Ring 1" must not become "Ring 1" 1.
	if l.field == FieldAddresses && row.said.has(leafStreet) != row.said.has(leafHouseNumber) {
		next.leaves[leafStreet], next.leaves[leafHouseNumber] = row.leaves[leafStreet], row.leaves[leafHouseNumber]
	}
	return next
}
