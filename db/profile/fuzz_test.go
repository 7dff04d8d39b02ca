package profile

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/text/unicode/norm"
)

// inputOf is an item that says all that is in p.
func inputOf(p Profile) *Input {
	in := &Input{
		ExternalID: Say("K-1"), Locale: Say(p.Locale), Salutation: Say(p.Salutation), Title: Say(p.Title), GivenName: Say(p.GivenName),
		FamilyName: Say(p.FamilyName), BirthDate: Say(p.BirthDate), Organisation: Say(p.Organisation),
		Emails: []EmailInput{}, Phones: []PhoneInput{}, Addresses: []AddressInput{}, CustomFields: CustomInput{Values: p.CustomFields},
	}
	for _, e := range p.Emails {
		in.Emails = append(in.Emails, EmailInput{Address: Say(e.Address), Use: Say(string(e.Use))})
	}
	for _, n := range p.Phones {
		in.Phones = append(in.Phones, PhoneInput{Number: Say(n.Number), Kind: Say(string(n.Kind)), Use: Say(string(n.Use))})
	}
	for _, a := range p.Addresses {
		in.Addresses = append(in.Addresses, AddressInput{
			Street: Say(a.Street), HouseNumber: Say(a.HouseNumber), Addition: Say(a.Addition), PostalCode: Say(a.PostalCode),
			City: Say(a.City), Region: Say(a.Region), CountryCode: Say(a.CountryCode), Use: Say(string(a.Use)),
		})
	}
	return in
}

// What is read, normalised and merged is stored as it is, and normalises to
// itself; an Input that is written is read as the same.
func FuzzInput(f *testing.F) {
	f.Add([]byte(typicalItem))
	f.Add([]byte(`{"externalId":"1","familyName":"a\ud800b","customFields":{"a":[{"b":"]"}],"c":-0.5e3,"d":null}}`))
	f.Add([]byte(`{"title":null,"emails":[{"id":"x","address":" Ä@ü.de "}],"phones":[],"addresses":[{"postalCode":"d 1","countryCode":"uk"}]}`))
	f.Add([]byte(`{"externalId":"1","metadata": {"a": [1.0, "\ud800"], "a": {}} }`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var in Input
		direct := new(Input).UnmarshalJSON(data)
		if err := json.Unmarshal(data, &in); err != nil {
			return
		}
		if direct != nil {
			t.Fatalf("read through encoding/json, not directly: %v", direct)
		}
		written, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		var again Input
		if err := json.Unmarshal(written, &again); err != nil {
			t.Fatalf("%s: %v", written, err)
		}
		s, problems := in.Normalize(defaults)
		if len(problems) > 0 {
			for _, p := range problems {
				if !utf8.ValidString(p.Message) || len(p.Message) > 600 {
					t.Fatalf("message %q", p.Message)
				}
			}
			return
		}
		if s.Metadata != nil && (!json.Valid(s.Metadata) || !utf8.Valid(s.Metadata) || len(s.Metadata) > maxMetadata) {
			t.Fatalf("metadata %q", s.Metadata)
		}
		s.By = Source("crm")
		m := Merge(Profile{}, Provenance{}, s, counter())
		stored, err := json.Marshal(m.Profile)
		if err != nil {
			t.Fatal(err)
		}
		var back Profile
		if err := json.Unmarshal(stored, &back); err != nil {
			t.Fatal(err)
		}
		if changes := Diff(m.Profile, back); len(changes) > 0 {
			t.Fatalf("stored, it changes: %s", lines(changes))
		}
		same, problems := inputOf(back).Normalize(defaults)
		if len(problems) > 0 {
			t.Fatalf("normalised, it has problems: %v", problems)
		}
		same.By = Source("crm")
		if next := Merge(back, m.Provenance, same, counter()); len(next.Changes) > 0 || len(next.Kept) > 0 {
			t.Fatalf("normalised again, it changes: %s%s", lines(next.Changes), lines(next.Kept))
		}
		back.IdentityKeys()
	})
}

func FuzzEmail(f *testing.F) {
	for _, s := range []string{"a@x.de", " Ä@Ü.de", "mailto:a@xn--mller-kva.de", "<a@x.de>", "a@ß.de", "a@\u200dx.de", "a@。de"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		address, fault := cleanEmail(s)
		if fault.bad() || address == "" {
			return
		}
		if again, fault := cleanEmail(address); fault.bad() || again != address {
			t.Fatalf("%q: %q, then %q (%s)", s, address, again, fault.what)
		}
		at := strings.LastIndexByte(address, '@')
		if !ascii(address) || address != strings.ToLower(address) || len(address) > maxEmail || at < 1 || at > maxLocalPart ||
			!strings.Contains(address[at:], ".") || strings.ContainsAny(address, " \r\n\t<>\"") {
			t.Fatalf("%q: %q", s, address)
		}
		if again, fault := cleanEmail(DisplayEmail(address)); fault.bad() || again != address {
			t.Fatalf("%q is shown as %q, which is %q (%s)", address, DisplayEmail(address), again, fault.what)
		}
	})
}

func FuzzPhone(f *testing.F) {
	for _, s := range []string{"0049 160/4905728", "+49 (0)30 1234567", "06 19 58 02 77", "+1 212 555 0100", "tel:+390612345678", "００49", "0030 0 1"} {
		f.Add(s, uint8(0))
		f.Add(s, uint8(3))
	}
	countries := []string{"DE", "AT", "CH", "FR", "IT", "ES", "NL", "BE", "US", "GB", "RU", ""}
	f.Fuzz(func(t *testing.T, s string, in uint8) {
		country := countries[int(in)%len(countries)]
		number, kind, fault := cleanPhone(s, country)
		if fault.bad() || number == "" {
			return
		}
		if len(number) > 16 || number[0] != '+' || strings.Trim(number[1:], "0123456789") != "" || !kind.IsValid() {
			t.Fatalf("%q in %s: %q %s", s, country, number, kind)
		}
		again, sameKind, fault := cleanPhone(number, country)
		if fault.bad() || again != number || sameKind != kind {
			t.Fatalf("%q in %s: %q %s, then %q %s (%s)", s, country, number, kind, again, sameKind, fault.what)
		}
		if _, _, ok := commonNumber(s, country); ok {
			if n, err := phonenumbers.Parse(s, country); err != nil || phonenumbers.Format(n, phonenumbers.E164) != number {
				t.Fatalf("%q in %s: %q, to the parser %v (%v)", s, country, number, n, err)
			}
		}
	})
}

func FuzzAddressIdentity(f *testing.F) {
	f.Add("Hauptstraße", "5 a", "10115", "Berlin")
	f.Add("STR. DES 17. JUNI", "", "", "Zürich")
	f.Add("ﬁ İ ß ẞ", "½", "a-1", "")
	f.Fuzz(func(t *testing.T, street, number, postal, city string) {
		var fault [4]fault
		street, fault[0] = cleanLine(street, 200)
		number, fault[1] = cleanLine(number, 20)
		postal, fault[2] = cleanPostalCode(postal, "DE")
		city, fault[3] = cleanLine(city, 100)
		for _, f := range fault {
			if f.bad() {
				return
			}
		}
		a := Address{Street: street, HouseNumber: number, PostalCode: postal, City: city, CountryCode: "DE"}
		key := AddressIdentity(a)
		if !utf8.ValidString(key) || !norm.NFC.IsNormalString(street) {
			t.Fatalf("%+v: %q", a, key)
		}
		for _, respell := range []func(string) string{FoldName, strings.TrimSpace, norm.NFD.String, func(s string) string { return strings.ReplaceAll(s, " ", "-") }} {
			b := a
			b.Street, b.HouseNumber, b.City = respell(a.Street), respell(a.HouseNumber), respell(a.City)
			if got := AddressIdentity(b); got != key {
				t.Fatalf("%+v is %q, %+v is %q", a, key, b, got)
			}
		}
	})
}
