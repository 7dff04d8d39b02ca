package profile

import "strings"

// A Profile is all that is on file about a Contact. It is stored as one JSON
// document; every text in it is normalised as Input.Normalize leaves it.
type Profile struct {
	Locale       string         `json:"locale,omitempty"` // BCP 47: de, de-AT
	Salutation   string         `json:"salutation,omitempty"`
	Title        string         `json:"title,omitempty"`
	GivenName    string         `json:"givenName,omitempty"`
	FamilyName   string         `json:"familyName,omitempty"`
	BirthDate    string         `json:"birthDate,omitempty"` // YYYY-MM-DD
	Organisation string         `json:"organisation,omitempty"`
	Emails       []Email        `json:"emails,omitempty"`
	Phones       []Phone        `json:"phones,omitempty"`
	Addresses    []Address      `json:"addresses,omitempty"`
	CustomFields map[string]any `json:"customFields,omitempty"` // string, float64 or bool
}

// An Email is an e-mail address in lower case, its domain in ASCII (IDNA), as
// mail servers want it; DisplayEmail shows it as people write it.
type Email struct {
	ID      string `json:"id,omitempty"`
	Address string `json:"address"`
	Use     Use    `json:"use"`
	Health  Health `json:"health,omitempty"`
}

// A Phone is a number in E.164 form: +4915112345678.
type Phone struct {
	ID     string    `json:"id,omitempty"`
	Number string    `json:"number"`
	Kind   PhoneKind `json:"kind"`
	Use    Use       `json:"use"`
	Health Health    `json:"health,omitempty"`
}

// An Address is a postal address; CountryCode is ISO 3166-1 alpha-2.
type Address struct {
	ID          string `json:"id,omitempty"`
	Street      string `json:"street,omitempty"`
	HouseNumber string `json:"houseNumber,omitempty"`
	Addition    string `json:"addition,omitempty"`
	PostalCode  string `json:"postalCode,omitempty"`
	City        string `json:"city,omitempty"`
	Region      string `json:"region,omitempty"`
	CountryCode string `json:"countryCode"`
	Use         Use    `json:"use"`
	Health      Health `json:"health,omitempty"`
}

// DisplayName is how lists and greetings without a salutation name the Contact:
// given and family name, else the organisation, else "".
func (p *Profile) DisplayName() string {
	if name := strings.TrimSpace(p.GivenName + " " + p.FamilyName); name != "" {
		return name
	}
	return p.Organisation
}

// IdentityKeys are the marks by which the same person is known again after
// deletion, each a plain string to be hashed and never to be stored:
//
//	email:<address>|<family name>
//	phone:<E.164>|<family name>
//	birth:<given name>|<family name>|<birth date>|<postal code>
//
// Names are folded, so that Müller, MUELLER and Muller are one. A birth key
// needs all of its parts; there is one for each postal code on file.
func (p *Profile) IdentityKeys() []string {
	family := foldIdentity(p.FamilyName)
	var keys []string
	for _, e := range p.Emails {
		keys = append(keys, "email:"+e.Address+"|"+family)
	}
	for _, n := range p.Phones {
		keys = append(keys, "phone:"+n.Number+"|"+family)
	}
	given := foldIdentity(p.GivenName)
	if family == "" || given == "" || p.BirthDate == "" {
		return keys
	}
	seen := map[string]bool{}
	for _, a := range p.Addresses {
		postal := foldPostalCode(a.PostalCode)
		if postal == "" || seen[postal] {
			continue
		}
		seen[postal] = true
		keys = append(keys, "birth:"+given+"|"+family+"|"+p.BirthDate+"|"+postal)
	}
	return keys
}

// empty reports whether nothing at all is on file.
func (p *Profile) empty() bool {
	for _, s := range scalars {
		if *p.scalar(s.field) != "" {
			return false
		}
	}
	return len(p.Emails) == 0 && len(p.Phones) == 0 && len(p.Addresses) == 0 && len(p.CustomFields) == 0
}
