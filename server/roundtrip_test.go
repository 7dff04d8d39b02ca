package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"complero/db"
	"complero/db/dbtest"
	"complero/db/profile"
	"complero/graph"
	"complero/server/intake/table"
)

// oddContacts hold all that files, spreadsheets and guesses like to spoil.
var oddContacts = []string{
	`{"externalId": "K-1", "employee": "V-1", "locale": "de-AT", "salutation": "w", "title": "Dr. h. c.", "givenName": "Null", "familyName": "-",
		"birthDate": "1900-01-01", "organisation": "Müller, \"Söhne\" & <Co>; 100 | GmbH",
		"emails": [{"address": "a@example.com", "use": "BUSINESS"}, {"address": "b+c@exämple.de"}, {"address": "o'brien@example.org"}],
		"phones": [{"number": "+49 160 4905728"}, {"number": "+49 30 1234567", "kind": "FAX", "use": "BUSINESS"}, {"number": "+43 1 5125", "kind": "OTHER"}],
		"addresses": [{"street": "Hauptstr. 3, 24103 Kiel"}, {"street": "=1+1", "houseNumber": "12 a", "addition": "c/o -", "postalCode": "1010", "city": "1010 Wien", "countryCode": "AT", "use": "BUSINESS"},
			{"postalCode": "01067", "city": "Dresden", "region": "n/a"}],
		"customFields": {"text": "two\nlines\tand \"quotes\"", "mixed": "12", "Case": "upper", "case": "lower", "a.b-c_1": "@x", "apostrophe": "'5", "formula": "=\"0815\"", "yes": "true"},
		"metadata": {"list": [{"z": 1.50, "a": "<&>"}, null], "deep": {"empty": {}, "text": "ä\u2028 as text"}}}`,
	`{"externalId": "=1+1", "familyName": "=HYPERLINK(1)", "givenName": "keine Angabe", "customFields": {"mixed": 12, "number": 1.234, "flag": true, "text": "n/a"}, "metadata": {}}`,
	`{"externalId": "+49", "familyName": "'s-Gravenhage", "customFields": {"mixed": true, "number": -12345.678, "flag": false, "text": "'=x"}}`,
	`{"externalId": "-", "familyName": "@home", "customFields": {"number": 0, "text": "''"}}`,
	`{"externalId": "1E+05", "familyName": "👩🏽‍🚀 Ünver", "customFields": {"number": 0.0000001, "text": "1.234"}}`,
	`{"externalId": "12.0", "familyName": "عائلة", "customFields": {"number": 9007199254740992}}`,
	`{"externalId": "n/a", "addresses": [{"city": "Paris 16", "countryCode": "FR"}]}`,
	`{"externalId": "'=x"}`, `{"externalId": "ä;ö,\"q\"|x"}`, `{"externalId": "0815"}`, `{"externalId": "error"}`,
	`{"externalId": "defined", "customFields": {"premium": "1.234,50", "since": "31.1.2027", "member": "ja", "tariff": "Gold", "note": 42}}`,
}

// definitions are one of each type.
var definitions = []profile.Definition{
	{Key: "premium", Type: profile.TypeNumber},
	{Key: "since", Type: profile.TypeDate},
	{Key: "member", Type: profile.TypeBoolean},
	{Key: "note", Type: profile.TypeText},
	{Key: "tariff", Type: profile.TypeChoice, Choices: []profile.Choice{{Value: "gold", Labels: []profile.Label{{Locale: "de", Label: "Gold"}}}}},
}

// house is a Company on a database of its own.
func house(t *testing.T, engine dbtest.Engine, defined bool) *db.Tenant {
	t.Helper()
	store := dbtest.Open(t, engine, func(c *db.Config) { c.Rows = readRows })
	a, err := store.CreateAccount(t.Context(), db.Setup{Customer: "Nordlicht", Company: "Nordlicht", Country: "DE", Locale: "de", Imprint: "Nordlicht AG"})
	if err != nil {
		t.Fatal(err)
	}
	live, err := store.WorkOn(t.Context(), a.CompanyID, db.Live)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range definitions {
		if !defined {
			break
		}
		d.Labels = []profile.Label{{Locale: "de", Label: "Feld " + d.Key}}
		if _, err := live.SaveCustomField(t.Context(), db.CustomFieldSave{Definition: d}); err != nil {
			t.Fatal(err)
		}
	}
	op, err := live.UploadEmployees(t.Context(), db.EmployeesUpload{Employees: []byte(`[{"externalId": "V-1", "displayName": "Defne"}]`), Count: 1})
	workedOff(t, live, op, err)
	return live
}

// finished works an Operation off, of which nothing may be rejected.
func workedOff(t *testing.T, on *db.Tenant, op *db.Operation, err error) *db.Operation {
	t.Helper()
	if op = worked(t, on, op, err); op.Rejected > 0 || op.Status != db.OperationCompleted {
		items, _ := on.OperationItems(t.Context(), op, db.Page{}, db.OperationItemFilter{})
		for _, i := range items.Nodes {
			if len(i.Errors) > 0 {
				t.Errorf("item %d: %v", i.Index, i.Errors)
			}
		}
		t.Fatalf("%s: %d rejected, %v", op.Status, op.Rejected, op.Errors)
	}
	return op
}

// worked works an Operation off.
func worked(t *testing.T, on *db.Tenant, op *db.Operation, err error) *db.Operation {
	t.Helper()
	for done := false; !done && err == nil; {
		done, err = on.WorkOperation(t.Context(), op.ID)
	}
	if err == nil {
		op, err = on.Operation(t.Context(), op.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	return op
}

func uploaded(t *testing.T, on *db.Tenant, contacts ...string) {
	t.Helper()
	op, err := on.UploadContacts(t.Context(), db.ContactsUpload{Contacts: []byte("[" + strings.Join(contacts, ",") + "]"), Count: len(contacts)})
	workedOff(t, on, op, err)
}

// imported has a file imported as it comes, and returns its Operation.
func takenIn(t *testing.T, on *db.Tenant, name string, data []byte, source *string) *db.Operation {
	t.Helper()
	op, err := importer{}.Import(t.Context(), on, graph.ImportFile{Name: name, Data: bytes.NewReader(data), Size: int64(len(data)), Source: source})
	return worked(t, on, op, err)
}

func exported(t *testing.T, from *db.Tenant, noun string, kind table.Kind, asked url.Values) []byte {
	t.Helper()
	write, err := exportOf(from, noun, kind, asked)
	var out bytes.Buffer
	if err == nil {
		err = write(t.Context(), &out)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// otherEngine is the one that a file goes to.
var otherEngine = map[dbtest.Engine]dbtest.Engine{dbtest.SQLite: dbtest.Postgres, dbtest.Postgres: dbtest.SQLite}

func TestExportComesBackAsItWas(t *testing.T) {
	for from, to := range otherEngine {
		t.Run(string(from), func(t *testing.T) {
			a := house(t, from, true)
			uploaded(t, a, oddContacts...)
			want := exported(t, a, "contacts", table.KindNDJSON, nil)
			if n := bytes.Count(want, []byte("\n")); n != len(oddContacts) {
				t.Fatalf("%d of %d Contacts are exported:\n%s", n, len(oddContacts), want)
			}
			for ext, kind := range fileKinds {
				for _, defined := range []bool{false, true} {
					for _, engine := range []dbtest.Engine{from, to} {
						t.Run(fmt.Sprint(kind, " ", defined, " ", engine), func(t *testing.T) {
							b := house(t, engine, defined)
							data := exported(t, a, "contacts", kind, nil)
							op := takenIn(t, b, "x"+ext, data, nil)
							if op.Created != len(oddContacts) || len(op.Import.Problems) > 0 {
								t.Errorf("created %d, rejected %d: %s", op.Created, op.Rejected, asText(op.Import.Problems))
							}
							if got := exported(t, b, "contacts", table.KindNDJSON, nil); !bytes.Equal(got, want) {
								differ(t, got, want)
							}
							if again := exported(t, b, "contacts", kind, nil); !bytes.Equal(again, data) && kind != table.KindXLSX {
								differ(t, again, data)
							}
						})
					}
				}
			}
		})
	}
}

func asText(v any) string {
	data, _ := json.Marshal(v)
	return string(data)
}

func differ(t *testing.T, got, want []byte) {
	t.Helper()
	g, w := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i := range max(len(g), len(w)) {
		if i >= len(g) || i >= len(w) || g[i] != w[i] {
			t.Errorf("line %d of %d, %d:\ngot  %s\nwant %s", i, len(g), len(w), g[min(i, len(g)-1)], w[min(i, len(w)-1)])
			return
		}
	}
}
