package intake

import (
	"strings"
	"testing"
)

func TestOwnExportIsTakenAsItStands(t *testing.T) {
	columns := append(OwnScalars(), "emails[0].address", "emails[0].use", "phones[0].number", "phones[0].kind", "addresses[0].street", "addresses[0].countryCode",
		"customFields.note", "customFields.premium:number", "customFields.member:boolean", "customFields.mixed:json", "metadata", "error")
	row := []string{
		"1E+05", "12.0", "de", "w", "n/a", "Null", "-", "1970-12-31", "=\"x\"", "A@b.de", "BUSINESS", "+49301234567", "OTHER", "Hauptstr. 3, 24103 Kiel", "DE",
		"'5", "1.2340", "false", `"12"`, `{"a":[1.50]}`, "why it was rejected",
	}
	m, findings := survey(columns, [][]string{row}, "DE", "de")
	if !m.Exact || len(findings) != 1 || findings[0].Code != OwnExport {
		t.Fatalf("%+v, %v", m, findings)
	}
	in, problems := newReader(t, m, columns, "DE").Item(row)
	want := `{"externalId":"1E+05","employee":"12.0","locale":"de","salutation":"w","title":"n/a","givenName":"Null","familyName":"-","birthDate":"1970-12-31","organisation":"=\"x\"",` +
		`"emails":[{"address":"A@b.de","use":"BUSINESS"}],"phones":[{"number":"+49301234567","kind":"OTHER"}],"addresses":[{"street":"Hauptstr. 3, 24103 Kiel","countryCode":"DE"}],` +
		`"customFields":{"member":false,"mixed":"12","note":"'5","premium":1.2340},"metadata":{"a":[1.50]}}`
	if got := asJSON(t, in); got != want || len(problems) > 0 {
		t.Errorf("got  %s %v\nwant %s", got, problems, want)
	}
	// A spreadsheet has written the day in its own way.
	row[7] = "31.12.1970"
	if in, _ := newReader(t, m, columns, "DE").Item(row); in.BirthDate.Value != "1970-12-31" {
		t.Errorf("the day is %q", in.BirthDate.Value)
	}
	row[18] = "12,5"
	if _, problems := newReader(t, m, columns, "DE").Item(row); len(problems) != 1 || !strings.Contains(problems[0].Message, "text in quotes") {
		t.Errorf("what is no JSON: %v", problems)
	}
}

func TestOnlyAnExportIsTakenAsItStands(t *testing.T) {
	for name, columns := range map[string][]string{
		"some of our names":      {"externalId", "familyName", "birthDate"},
		"another's column":       append(OwnScalars(), "Bemerkung"),
		"what no export has":     append(OwnScalars(), "fullName"),
		"the same field twice":   append(OwnScalars(), "customFields.a", "customFields.a:number"),
		"a list's further entry": append(OwnScalars(), "emails[20].address"),
	} {
		m, _ := survey(columns, nil, "DE", "de")
		if m.Exact {
			t.Errorf("%s: %v", name, columns)
		}
	}
	without := append([]string{"externalId"}, OwnScalars()[2:]...)
	if m, _ := survey(without, nil, "DE", "de"); !m.Exact {
		t.Error("an export that says nothing of Employees is taken for another file")
	}
}

func TestTheErrorOfARejectedRowIsNeverRead(t *testing.T) {
	columns, row := []string{"Nr", "Name", "error"}, []string{"1", "Frohn", "phone 030 1234567 of a@example.com is none"}
	m, _ := survey(columns, [][]string{row}, "DE", "de")
	kept := Mapping{Columns: []Column{{Title: "Nr", Field: "externalId"}}, Unmapped: UnmappedCustom}
	for _, mapping := range []Mapping{m, kept} {
		in, problems := newReader(t, mapping, columns, "DE").Item(row)
		if len(problems) > 0 || in.CustomFields.Values["error"] != nil || in.Emails != nil || in.Phones != nil {
			t.Errorf("%+v: %+v, %v", mapping, in, problems)
		}
	}
}

func TestMetadataOfAColumnEachIsCarried(t *testing.T) {
	columns := []string{"Nr", "A", "B"}
	m := Mapping{Columns: []Column{{Title: "Nr", Field: "externalId"}, {Title: "A", Field: "metadata.a"}, {Title: "B", Field: "metadata.b"}}}
	in, _ := newReader(t, m, columns, "DE").Item([]string{"1", " NULL ", Absent})
	if got := string(in.Metadata); got != `{"a":" NULL "}` {
		t.Errorf("metadata %s", got)
	}
	m = Mapping{Columns: []Column{{Title: "Nr", Field: "externalId"}, {Title: "A", Field: "metadata"}}}
	for cell, want := range map[string]string{` {"x": 1} `: `{"x": 1}`, "": "null", Absent: ""} {
		if in, _ := newReader(t, m, columns, "DE").Item([]string{"1", cell, ""}); string(in.Metadata) != want {
			t.Errorf("%q carries %s", cell, in.Metadata)
		}
	}
}
