package intake

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"complero/db/profile"
)

func TestCheckNamesWhatIsWrongAndTheCure(t *testing.T) {
	columns := []string{"Nr", "Name", "Mail", ""}
	tests := []struct {
		name    string
		mapping Mapping
		want    []string // parts of the error; none for a good mapping
	}{
		{"good", Mapping{Columns: []Column{{Title: "nr.", Field: "externalId"}, {Title: "Mail", Field: "emails[0].address", Use: "PRIVATE"}}}, nil},
		{"key", Mapping{Columns: []Column{{Title: "Mail", Field: "emails[0].address"}}, Key: "emails[0].address"}, nil},
		{"position", Mapping{Columns: []Column{{Title: "Nr", Field: "externalId"}, {Position: 4, Field: "givenName"}}}, nil},
		{"no key", Mapping{Columns: []Column{{Title: "Name", Field: "fullName"}}}, []string{"no column is externalId", "set key"}},
		{"key of no column", Mapping{Columns: []Column{{Title: "Nr", Field: "externalId"}}, Key: "birthDate"}, []string{`key "birthDate" is no column, and the field of none`, "Nr, Name, Mail"}},
		{"column", Mapping{Columns: []Column{{Title: "Nummer", Field: "externalId"}}}, []string{`column "Nummer" is not in the file`, "Nr, Name, Mail"}},
		{"field", Mapping{Columns: []Column{{Title: "Nr", Field: "externalID"}, {Title: "Mail", Field: "emails[20].address"}}}, []string{`"externalID" is no field; write one of externalId`, "number from 0 to 19"}},
		{"part", Mapping{Columns: []Column{{Title: "Nr", Field: "externalId"}, {Title: "Mail", Field: "emails[0].number"}}}, []string{`"emails[0].number" is no field; write emails[0]. and one of address, use, label`}},
		{"twice", Mapping{Columns: []Column{{Title: "Nr", Field: "externalId"}, {Title: "Name", Field: "externalId"}}}, []string{`columns "Nr" and "Name" are both externalId`}},
		{"custom key", Mapping{Columns: []Column{{Title: "Nr", Field: "externalId"}, {Title: "Name", Field: "customFields.Größe"}}}, []string{"letters, digits"}},
		{
			"words",
			Mapping{Columns: []Column{{Title: "Nr", Field: "externalId", Use: "HOME", Kind: "CELL", DateOrder: "DDMM", NameOrder: "X", Decimal: ";", Type: "DAY", Separator: ";"}}, Unmapped: "KEEP", EmptyCells: "X"},
			[]string{"use", "kind", "dateOrder", "nameOrder", "decimal", "type", "separator", "unmapped", "emptyCells", "CUSTOM nor IGNORE"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := test.mapping.Check(columns)
			if (err == nil) != (test.want == nil) {
				t.Fatalf("got %v", err)
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is not in:\n%v", want, err)
				}
			}
			if _, err := NewReader(test.mapping, columns, "DE"); (err == nil) != (test.want == nil) {
				t.Errorf("NewReader: %v", err)
			}
		})
	}
}

func TestMappingSurvivesJSON(t *testing.T) {
	columns, rows := readTable(t, readFile(t, "exports/hubspot-es.csv"))
	m, _ := survey(columns, rows, "ES", "es")
	var again Mapping
	if err := json.Unmarshal([]byte(asJSON(t, m)), &again); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(m, again) {
		t.Errorf("got %+v, want %+v", again, m)
	}
	if err := again.Check(columns); err != nil {
		t.Error(err)
	}
}

func TestItemTellsEmptyFromAbsent(t *testing.T) {
	columns := []string{"id", "vorname", "mail", "mail2", "tel", "strasse", "plz", "ort", "rot"}
	m := Mapping{Columns: []Column{
		{Title: "id", Field: "externalId"},
		{Title: "vorname", Field: "givenName"},
		{Title: "mail", Field: "emails[0].address", Use: "BUSINESS"},
		{Title: "mail2", Field: "emails[1].address"},
		{Title: "tel", Field: "phones[0].number", Kind: "MOBILE"},
		{Title: "strasse", Field: "addresses[0].streetAndNumber"},
		{Title: "plz", Field: "addresses[0].postalCode"},
		{Title: "ort", Field: "addresses[0].city"},
		{Title: "rot", Field: "customFields.rot", Type: "boolean"},
	}}
	all := []string{"1", "Eva", "a@b.de", "c@d.de", "0171 1234567", "Weg 5", "1067", "Dresden", "ja"}
	tests := []struct {
		name  string
		empty EmptyCells
		cells []string
		want  string
	}{
		{"all", EmptyNone, all, `{"externalId":"1","givenName":"Eva","emails":[{"address":"a@b.de","use":"BUSINESS"},{"address":"c@d.de"}],"phones":[{"number":"0171 1234567","kind":"MOBILE"}],"addresses":[{"street":"Weg","houseNumber":"5","postalCode":"01067","city":"Dresden"}],"customFields":{"rot":true}}`},
		{"empty", EmptyNone, []string{"1", "", "", "", "", "", "", "", ""}, `{"externalId":"1","givenName":null,"emails":[],"phones":[],"addresses":[],"customFields":{"rot":null}}`},
		{"absent", EmptyNone, []string{"1", Absent, Absent, Absent, Absent, Absent, Absent, Absent, Absent}, `{"externalId":"1"}`},
		{"short", EmptyNone, []string{"1"}, `{"externalId":"1"}`},
		{"empty cells say nothing", EmptyAbsent, []string{"1", "", "", "c@d.de", "", "", "", "k.A.", "-"}, `{"externalId":"1","emails":[{"address":"c@d.de"}]}`},
		{"one mail", EmptyNone, []string{"1", Absent, "", "c@d.de", Absent, Absent, Absent, Absent, Absent}, `{"externalId":"1","emails":[{"address":"c@d.de"}]}`},
		{"too long, but empty", EmptyNone, append(append([]string{}, all...), "", " "), ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m.EmptyCells = test.empty
			in, problems := newReader(t, m, columns, "DE").Item(test.cells)
			if len(problems) > 0 {
				t.Error(problems)
			}
			if got := asJSON(t, in); test.want != "" && got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
	_, problems := newReader(t, m, columns, "DE").Item(append(append([]string{}, all...), "x"))
	if len(problems) != 1 || !strings.Contains(problems[0].Message, "10 cells where the file has 9 columns") {
		t.Errorf("a row with a cell too many: %v", problems)
	}
}

func TestCustomFieldsAreReadByTheirTypes(t *testing.T) {
	known := []CustomField{
		{Key: "vip", Type: "boolean"},
		{Key: "since", Type: "DATE", Labels: []string{"Kunde seit"}},
		{Key: "income", Type: "number"},
		{Key: "tariff", Type: "choice", Choices: []string{"Basis", "Komfort"}},
	}
	columns := []string{"id", "VIP", "Kunde seit", "Income", "Tariff", "Note"}
	rows := [][]string{{"1", "x", "31.12.2019", "1.234,50", "komfort", "a"}, {"2", "nein", "00.00.0000", "7,25", "", ""}, {"3", "vielleicht", "31.02.2019", "viel", "Luxus", ""}}
	m, _ := survey(columns, rows, "DE", "de", known...)
	r := newReader(t, m, columns, "DE", known...)
	want := []string{
		`{"externalId":"1","customFields":{"income":1234.50,"note":"a","since":"2019-12-31","tariff":"Komfort","vip":true}}`,
		`{"externalId":"2","customFields":{"income":7.25,"note":null,"since":null,"tariff":null,"vip":false}}`,
		`{"externalId":"3","customFields":{"note":null,"tariff":"Luxus"}}`,
	}
	wantProblems := []int{0, 0, 3}
	for i, row := range rows {
		in, problems := r.Item(row)
		if got := asJSON(t, in); got != want[i] {
			t.Errorf("got  %s\nwant %s", got, want[i])
		}
		if len(problems) != wantProblems[i] {
			t.Errorf("row %d: %v", i, problems)
		}
	}
	_, problems := r.Item(rows[2])
	if p := problems[1]; p.Code != "INVALID_DATE" || strings.Join(p.Path, ".") != "customFields.since" || !strings.Contains(p.Message, "write it as YYYY-MM-DD") {
		t.Errorf("%+v", p)
	}
}

func TestUnmappedColumnsBecomeWhatIsChosen(t *testing.T) {
	columns := []string{"id", "Kunde seit", "Kunde Seit", "metadata.row", ""}
	m := Mapping{Columns: []Column{{Title: "id", Field: "externalId"}, {Title: "metadata.row", Field: "metadata.row"}}, Unmapped: UnmappedCustom}
	r := newReader(t, m, columns, "DE")
	cells := []string{"1", "a", "b", " NULL ", "c"}
	in, _ := r.Item(cells)
	if got, want := asJSON(t, in.CustomFields), `{"column5":"c","kundeSeit":"a","kundeSeit2":"b"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := r.Metadata(cells); !reflect.DeepEqual(got, map[string]string{"row": " NULL "}) {
		t.Errorf("metadata %v", got)
	}
	m.Unmapped = UnmappedIgnore
	if in, _ = newReader(t, m, columns, "DE").Item(cells); !in.CustomFields.IsZero() {
		t.Errorf("ignored columns came in: %v", in.CustomFields)
	}
}

func TestKeyMayBeAnotherColumn(t *testing.T) {
	columns := []string{"Mail", "Name"}
	m := Mapping{Columns: []Column{{Title: "Mail", Field: "emails[0].address"}, {Title: "Name", Field: "fullName"}}, Key: "emails[0].address"}
	in, problems := newReader(t, m, columns, "DE").Item([]string{"Hans <Hans@B.de>", "Hans Müller"})
	if in.ExternalID != profile.Say("hans@b.de") || len(problems) > 0 {
		t.Errorf("%+v %v", in.ExternalID, problems)
	}
}

// TestPeopleCalledNullKeepTheirName: where a file writes NULL for nothing, it
// does so in other columns too.
func TestPeopleCalledNullKeepTheirName(t *testing.T) {
	columns := []string{"id", "Vorname", "Nachname", "E-Mail"}
	rows := make([][]string, 0, 40)
	for i := range 40 {
		rows = append(rows, []string{string(rune('A' + i)), "Eva", "Müller", "eva@b.de"})
	}
	rows[7][2] = "NULL"
	family := func(rows [][]string) string {
		m, _ := survey(columns, rows, "DE", "de")
		in, _ := newReader(t, m, columns, "DE").Item(rows[7])
		return in.FamilyName.Value
	}
	if got := family(rows); got != "NULL" {
		t.Errorf("got %q beside normal names", got)
	}
	rows[9][3] = "NULL"
	if got := family(rows); got != "" {
		t.Errorf("got %q in a file that writes NULL for nothing", got)
	}
	rows[7][2] = "Null"
	if got := family(rows); got != "Null" {
		t.Errorf("got %q for Null as names are written", got)
	}
}

func TestNumbersThatLostTheirDigitsAreNamed(t *testing.T) {
	columns := []string{"id", "tel", "plz", "owner"}
	m := Mapping{Columns: []Column{
		{Title: "id", Field: "externalId"}, {Title: "tel", Field: "phones[0].number"}, {Title: "plz", Field: "addresses[0].postalCode"}, {Title: "owner", Field: "employee"},
	}}
	in, problems := newReader(t, m, columns, "DE").Item([]string{"1,23457E+11", "4.91512E+11", "1,0115E+4", "7.0"})
	codes := ""
	for _, p := range problems {
		codes += p.Code + " "
		if !strings.Contains(p.Message, "format the column as text and export it again") {
			t.Error(p.Message)
		}
	}
	if codes != "INVALID INVALID_PHONE INVALID_POSTAL_CODE " {
		t.Errorf("got %s", codes)
	}
	if got, want := asJSON(t, in), `{"employee":"7"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestOneColumnOfTwoThatClaimAFieldIsTaken(t *testing.T) {
	columns := []string{"ID", "Kundennummer", "Nachname", "Familienname", "E-Mail", "Mail privat", "Kind Vorname", "E-Mail Vermittler", "Mobil", "Newsletter"}
	var rows [][]string
	for i := range 30 {
		n := string(rune('A' + i))
		rows = append(rows, []string{n, "K" + n, "Müller", "", "a@b.de", "c@d.de", "Tim", "x@y.de", "ja", "nein"})
	}
	m, findings := survey(columns, rows, "DE", "de")
	got := map[string]string{}
	for _, c := range m.Columns {
		got[c.Title] = c.Field
	}
	want := map[string]string{"Kundennummer": "externalId", "Nachname": "familyName", "Familienname": "", "E-Mail": "emails[0].address", "Mail privat": "emails[1].address"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	codes := map[string]string{}
	for _, f := range findings {
		codes[f.Column] = f.Code
	}
	if !reflect.DeepEqual(codes, map[string]string{"ID": SameField, "Mobil": ValuesDisagree}) {
		t.Errorf("got %v", findings)
	}
}

func TestOwnNamesAreSure(t *testing.T) {
	columns := strings.Split("externalId,salutation,title,givenName,familyName,birthDate,email,mobile,street,houseNumber,postalCode,city,countryCode,employee,customFields.licencePlate", ",")
	row := strings.Split("K-100000,Frau,Prof. Dr.,Juliane,Kettenis,2003-11-13,Juliane.Kettenis@mail.example.net,0049 160/4905728,Alkenrather Str.,317,83310,Krullland,DE,V-11,SP59ZIG", ",")
	m, findings := survey(columns, [][]string{row}, "DE", "de")
	for _, c := range m.Columns {
		if c.Confidence != 1 || c.Field == "" {
			t.Errorf("%+v", c)
		}
	}
	if len(findings) > 0 || len(m.Columns) != len(columns) {
		t.Errorf("%d columns, %v", len(m.Columns), findings)
	}
	in, _ := newReader(t, m, columns, "DE").Item(row)
	want := `{"externalId":"K-100000","employee":"V-11","salutation":"Frau","title":"Prof. Dr.","givenName":"Juliane","familyName":"Kettenis","birthDate":"2003-11-13","emails":[{"address":"Juliane.Kettenis@mail.example.net"}],"phones":[{"number":"0049 160/4905728","kind":"MOBILE"}],"addresses":[{"street":"Alkenrather Str.","houseNumber":"317","postalCode":"83310","city":"Krullland","countryCode":"DE"}],"customFields":{"licencePlate":"SP59ZIG"}}`
	if got := asJSON(t, in); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestPathsOfTheAPIAreTakenAsTheyStand(t *testing.T) {
	columns := []string{"externalId", "emails[0].address", "emails[0].use", "emails[1].address", "phones[0].number", "phones[0].kind", "phones[0].use", "addresses[0].street", "addresses[0].houseNumber", "addresses[0].addition", "addresses[0].postalCode", "addresses[0].city", "addresses[0].region", "addresses[0].countryCode", "addresses[0].use", "observedAt", "locale", "metadata.id"}
	row := []string{"1", "a@b.de", "BUSINESS", "", "+49301234567", "LANDLINE", "PRIVATE", "Weg", "5", "", "10115", "Berlin", "", "DE", "PRIVATE", "2026-01-01T00:00:00Z", "de-AT", "m"}
	m, _ := survey(columns, [][]string{row}, "DE", "de")
	for _, c := range m.Columns {
		if c.Field != c.Title {
			t.Errorf("%s became %s", c.Title, c.Field)
		}
	}
	in, _ := newReader(t, m, columns, "DE").Item(row)
	want := `{"externalId":"1","locale":"de-AT","emails":[{"address":"a@b.de","use":"BUSINESS"}],"phones":[{"number":"+49301234567","kind":"LANDLINE","use":"PRIVATE"}],"addresses":[{"street":"Weg","houseNumber":"5","addition":null,"postalCode":"10115","city":"Berlin","region":null,"countryCode":"DE","use":"PRIVATE"}],"observedAt":"2026-01-01T00:00:00Z","metadata":{"id":"m"}}`
	if got := asJSON(t, in); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestBlankRowsAreBlank(t *testing.T) {
	if !Blank([]string{"", " ", Absent, "-"}) || Blank([]string{"", "x"}) {
		t.Error("a blank row is one that says nothing")
	}
}

func TestColumnsThatNoContactCanHoldAreIgnored(t *testing.T) {
	columns, row := []string{"Kundennr", "Notiz"}, []string{"1", strings.Repeat("lang ", 500)}
	m, findings := survey(columns, [][]string{row}, "DE", "de")
	if got := m.Resolve(columns)[1].Field; got != "" || len(findings) != 1 || findings[0].Code != LongTexts {
		t.Errorf("a column of long texts became %q: %v", got, findings)
	}
	for i := range 120 {
		columns, row = append(columns, "Merkmal "+strings.Repeat("i", i)), append(row, "x")
	}
	m, _ = survey(columns, [][]string{row}, "DE", "de")
	if m.Unmapped != UnmappedIgnore {
		t.Errorf("121 columns not understood are left to %s", m.Unmapped)
	}
	in, problems := newReader(t, m, columns, "DE").Item(row)
	if _, problems = normal(t, in, problems, "DE"); len(problems) > 0 {
		t.Error(problems)
	}
}

// TestCodesAreHeldToTheWholeColumn: one late cell that is no gender code, and
// the column says nothing of salutations.
func TestCodesAreHeldToTheWholeColumn(t *testing.T) {
	s := NewSurvey([]string{"id", "Geschlecht"}, "DE", "de")
	for i := range sampleRows + 1 {
		s.Add(i+1, []string{"x", "M"})
	}
	if m, _ := s.Mapping(nil); len(m.Columns) != 1 || m.Columns[0].Values["m"] != "Herr" {
		t.Errorf("%+v", m.Columns)
	}
	s.Add(sampleRows+1, []string{"y", "siehe Akte"})
	if m, _ := s.Mapping(nil); len(m.Columns) != 0 {
		t.Errorf("%+v", m.Columns)
	}
}

func TestNumbersThatCountTheRowsAreNoSafeKey(t *testing.T) {
	rows := [][]string{{"1"}, {"2"}, {"3"}, {"4"}, {"5"}}
	_, findings := survey([]string{"Nr."}, rows, "DE", "de")
	if len(findings) != 1 || findings[0].Code != RunningNumbers {
		t.Error(findings)
	}
}
