package intake

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"complero/db/profile"
)

// TestExportGoesInWithNoMappingGiven holds the German CRM's export to what its
// rows say, and every trouble in it to a golden file.
func TestExportGoesInWithNoMappingGiven(t *testing.T) {
	columns, rows := readTable(t, readFile(t, "crm-export-de.csv"))
	m, findings := survey(columns, rows, "DE", "de")
	r := newReader(t, m, columns, "DE")
	var out strings.Builder
	for _, c := range m.Resolve(columns) {
		fmt.Fprintf(&out, "%s\n", asJSON(t, c))
	}
	for _, f := range findings {
		fmt.Fprintf(&out, "%s\n", asJSON(t, f))
	}
	bad := 0
	for i, row := range rows {
		in, problems := r.Item(row)
		_, problems = normal(t, in, problems, "DE")
		if len(problems) > 0 {
			bad++
		}
		for _, p := range problems {
			fmt.Fprintf(&out, "row %d: %s %s: %s\n", i+1, strings.Join(p.Path, "."), p.Code, p.Message)
		}
		if len(problems) > 0 || i < 8 || odd.MatchString(strings.Join(row, ";")) {
			fmt.Fprintf(&out, "row %d: %s\n", i+1, asJSON(t, in))
		}
		if len(problems) == 0 {
			sameAsRow(t, i+1, row, in)
		}
	}
	fmt.Fprintf(&out, "%d rows, %d bad\n", len(rows), bad)
	golden(t, "crm-export-de.golden", out.String())
}

// odd are the rows with a trouble that does no harm.
var odd = regexp.MustCompile(`\n|00\.00\.0000|1\.4\.61| Max\.Muster|[^\d] \d+/\d|Ko\?cian`)

// sameAsRow compares an item with its row by other means than the Reader's.
func sameAsRow(t *testing.T, row int, cells []string, in profile.Input) {
	t.Helper()
	want := map[string]string{
		cells[0]: in.ExternalID.Value, cells[1]: in.Salutation.Value, cells[2]: in.Title.Value,
		cells[3]: in.GivenName.Value, cells[4]: in.FamilyName.Value, cells[12]: in.Employee.Value,
	}
	for cell, got := range want {
		if strings.TrimSpace(cell) != got {
			t.Errorf("row %d: %q became %q", row, cell, got)
		}
	}
	a := in.Addresses[0]
	if got := a.Street.Value + " " + a.HouseNumber.Value; got != cells[8] {
		t.Errorf("row %d: %q became %q", row, cells[8], got)
	}
	if !regexp.MustCompile(`^\d+[a-z]?(/\d+)?$`).MatchString(a.HouseNumber.Value) {
		t.Errorf("row %d: house number %q of %q", row, a.HouseNumber.Value, cells[8])
	}
	if a.PostalCode.Value != cells[9] || a.City.Value != cells[10] {
		t.Errorf("row %d: %s became %+v", row, cells[9:11], a)
	}
	country := map[string]string{"Deutschland": "DE", "Österreich": "AT", "Schweiz": "CH", "Italien": "IT", "Frankreich": "FR", "Polen": "PL"}[cells[11]]
	if a.CountryCode.Value != country {
		t.Errorf("row %d: %s became %s", row, cells[11], a.CountryCode.Value)
	}
	day := strings.Split(cells[5], ".")
	if got := in.BirthDate.Value; len(cells[5]) == 10 && got != day[2]+"-"+day[1]+"-"+day[0] && cells[5] != "00.00.0000" {
		t.Errorf("row %d: %s became %s", row, cells[5], got)
	}
	if got := len(in.Emails); (strings.TrimSpace(cells[6]) != "") != (got == 1) {
		t.Errorf("row %d: %q became %d e-mails", row, cells[6], got)
	}
	if got := len(in.Phones); (cells[7] != "") != (got == 1) {
		t.Errorf("row %d: %q became %d phones", row, cells[7], got)
	}
	if got := in.CustomFields.Values["kennzeichen"]; got != cells[14] {
		t.Errorf("row %d: %s became %v", row, cells[14], got)
	}
}
