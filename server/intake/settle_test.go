package intake

import (
	"strings"
	"testing"

	"complero/db/profile"
)

func TestSettledMappingSpeaksOfEveryColumnAndReadsTheSame(t *testing.T) {
	columns := []string{"Nr", "Mail", "Kunde seit", "", "Nr"}
	m := Mapping{Columns: []Column{{Title: "Nr", Field: "externalId"}, {Title: "Mail", Field: ""}, {Title: "Fort", Field: ""}}, Unmapped: UnmappedCustom}
	settled := m.Settle(columns, CustomField{Key: "since", Type: "DATE", Labels: []string{"Kunde seit"}})
	want := `{"columns":[{"title":"Nr","position":1,"field":"externalId"},{"title":"Mail","field":""},{"title":"Kunde seit","field":"customFields.since","type":"DATE"},` +
		`{"title":"","position":4,"field":"customFields.column4"},{"title":"Nr","position":5,"field":"customFields.nr"}],"unmapped":"CUSTOM"}`
	if got := asJSON(t, settled); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if again := asJSON(t, settled.Settle(columns)); again != want {
		t.Errorf("settled twice it is %s", again)
	}
}

func TestKeyNamesAColumnByItsHeading(t *testing.T) {
	columns := []string{"Nr", "E-Mail", "Mitglied"}
	row := []string{"1", "Eva <Eva@Example.com>; b@example.com", "M-7"}
	tests := []struct{ key, want, nr string }{
		{"e-mail", "eva@example.com", "customFields.nr"},
		{"emails[0].address", "1", "externalId"}, // only where there is no externalId
		{"Mitglied", "M-7", "customFields.nr"},
		{"Nr", "1", "externalId"},
	}
	for _, test := range tests {
		m := Mapping{Columns: []Column{{Title: "Nr", Field: "externalId"}, {Title: "E-Mail", Field: "emails[0].address"}}, Unmapped: UnmappedCustom, Key: test.key}
		in, problems := newReader(t, m, columns, "DE").Item(row)
		if in.ExternalID.Value != test.want || len(problems) > 0 {
			t.Errorf("key %s: %q, %v", test.key, in.ExternalID.Value, problems)
		}
		if got := m.Settle(columns).Columns[0].Field; got != test.nr {
			t.Errorf("key %s: Nr becomes %s, want %s", test.key, got, test.nr)
		}
	}
}

func TestCompleteFillsInWhatAMappingLeavesOpen(t *testing.T) {
	columns := []string{"a", "b", "c", "d"}
	rows := [][]string{{"1", "12/31/1970", "f", "1.234,5"}, {"2", "01/02/1980", "m", "12,5"}}
	s := NewSurvey(columns, "DE", "de")
	for i, row := range rows {
		s.Add(i+2, row)
	}
	given := Mapping{Columns: []Column{{Title: "a", Field: "externalId"}, {Title: "b", Field: "birthDate"}, {Title: "c", Field: "salutation"}, {Title: "d", Field: "customFields.beitrag"}}}
	m, _ := s.Complete(given, []CustomField{{Key: "beitrag", Type: "NUMBER"}})
	if m.Columns[1].DateOrder != MDY || m.Columns[3].Decimal != "," || m.Columns[3].Type != "NUMBER" || given.Columns[1].DateOrder != "" {
		t.Errorf("%+v", m.Columns)
	}
	given.Columns[1].DateOrder = DMY
	if m, _ = s.Complete(given, nil); m.Columns[1].DateOrder != DMY {
		t.Errorf("what was said became %+v", m.Columns[1])
	}
	m, findings := s.Complete(Mapping{Unmapped: UnmappedIgnore, Key: "a"}, nil)
	if m.Unmapped != UnmappedIgnore || m.Key != "a" {
		t.Errorf("recognised as %+v, %v", m, findings)
	}
}

func TestTidyReadsDocumentsAsCells(t *testing.T) {
	r := newReader(t, Mapping{Key: "emails[0].address"}, nil, "DE")
	tests := []struct{ in, want string }{
		{
			`{"addresses":[{"street":"Am Wall 5 a","postalCode":"1067","city":"Dresden","countryCode":"Deutschland"}],"locale":"Deutsch"}`,
			`{"locale":"de","addresses":[{"street":"Am Wall","houseNumber":"5 a","postalCode":"01067","city":"Dresden","countryCode":"DE"}]}`,
		},
		{`{"addresses":[{"street":"Straße des 17. Juni","houseNumber":null,"countryCode":"D"}]}`, `{"addresses":[{"street":"Straße des 17. Juni","houseNumber":null,"countryCode":"DE"}]}`},
		{`{"addresses":[{"street":"12 bis rue de la Paix","countryCode":"France"}]}`, `{"addresses":[{"street":"rue de la Paix","houseNumber":"12 bis","countryCode":"FR"}]}`},
		{`{"addresses":[{"street":"Marktplatz","city":"1010 Wien","countryCode":"Österreich"}]}`, `{"addresses":[{"street":"Marktplatz","postalCode":"1010","city":"Wien","countryCode":"AT"}]}`},
		{`{"addresses":[{"street":"Weg 5","countryCode":"Absurdistan"}]}`, `{"addresses":[{"street":"Weg","houseNumber":"5","countryCode":"Absurdistan"}]}`},
		{`{"emails":[{"address":"Eva@Example.com"}]}`, `{"externalId":"eva@example.com","emails":[{"address":"Eva@Example.com"}]}`},
		{`{"externalId":"K-1","emails":[{"address":"eva@example.com"}]}`, `{"externalId":"K-1","emails":[{"address":"eva@example.com"}]}`},
		{`{"familyName":"Groß"}`, `{"familyName":"Groß"}`},
	}
	for _, test := range tests {
		var in profile.Input
		if err := in.UnmarshalJSON([]byte(test.in)); err != nil {
			t.Fatal(err)
		}
		r.Tidy(&in)
		if got := asJSON(t, in); got != test.want {
			t.Errorf("%s\nbecame %s\nwant   %s", test.in, got, test.want)
		}
	}
	for _, m := range []Mapping{{Columns: []Column{{Title: "a", Field: "externalId"}}}, {Key: "familyName"}, {Unmapped: "x"}} {
		if err := m.CheckDocuments(); err == nil {
			t.Errorf("%+v is taken", m)
		}
	}
}

func TestRowsOfNoContactAreNamed(t *testing.T) {
	columns := []string{"Kundennr", "Vorname", "Nachname", "Beitrag"}
	r := newReader(t, Mapping{Columns: []Column{{Title: "Kundennr", Field: "externalId"}, {Title: "Vorname", Field: "givenName"}, {Title: "Nachname", Field: "familyName"}}}, columns, "DE")
	if _, problems := r.Item([]string{"Summe:", "", "", "120,00"}); len(problems) != 1 || !strings.Contains(problems[0].Message, "sum below a table") {
		t.Errorf("a sum: %v", problems)
	}
	if in, problems := r.Item([]string{"Total", "", "Groß", ""}); len(problems) != 0 || in.FamilyName.Value != "Groß" {
		t.Errorf("a key that is a word: %v", problems)
	}
	if in, _ := r.Item([]string{"K-1", "", "Bäckerei Mehl GmbH", ""}); in.Organisation.Value != "Bäckerei Mehl GmbH" || in.FamilyName.Value != "" {
		t.Errorf("a firm among people: %+v", in)
	}
}

func TestHeadingsOfDocumentsAreUnderstood(t *testing.T) {
	for title, want := range map[string]string{
		"attributes.first_name": "givenName", "properties.lastname": "familyName", "data.attributes.email": "email", "name.vorname": "givenName",
		"name.nachname": "familyName", "contact.address.city": "city", "spouse.first_name": "", "Name, Vorname": "fullName", "Correo electrónico": "email",
	} {
		if got := readHeading(title).concept; got != want {
			t.Errorf("%q is %q, want %q", title, got, want)
		}
	}
}

func TestAPostalCodeOfOneCountryOnlyTellsIt(t *testing.T) {
	columns := []string{"Nr", "Zeile 1", "Zeile 2", "PLZ", "Ort"}
	r := newReader(t, Mapping{Columns: []Column{
		{Title: "Nr", Field: "externalId"},
		{Title: "Zeile 1", Field: "addresses[0].streetAndNumber"},
		{Title: "Zeile 2", Field: "addresses[0].addition"},
		{Title: "PLZ", Field: "addresses[0].postalCode"},
		{Title: "Ort", Field: "addresses[0].city"},
	}}, columns, "DE")
	for _, test := range []struct{ row, want string }{
		{"1|Flat 2|14 High Street|GU1 3AA|Guildford", `"street":"High Street","houseNumber":"14","addition":"Flat 2","postalCode":"GU1 3AA","city":"Guildford","countryCode":"GB"`},
		{"2|Prinsengracht 263||1016GV|Amsterdam", `"street":"Prinsengracht","houseNumber":"263","addition":null,"postalCode":"1016GV","city":"Amsterdam","countryCode":"NL"`},
		{"3|c/o Meier|Weg 5|24103|Kiel", `"street":"Weg","houseNumber":"5","addition":"c/o Meier","postalCode":"24103","city":"Kiel"}`},
	} {
		in, _ := r.Item(strings.Split(test.row, "|"))
		if got := asJSON(t, in.Addresses[0]); !strings.Contains(got, test.want) {
			t.Errorf("%s became %s", test.row, got)
		}
	}
}
