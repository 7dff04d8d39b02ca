package main

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"complero/db"
	"complero/db/dbtest"
	"complero/server/export"
)

// rejectedRows is the file of an import's rejected rows.
func rejectedRows(t *testing.T, on *db.Tenant, op *db.Operation) string {
	t.Helper()
	var out bytes.Buffer
	if err := export.Rejected(t.Context(), on, op, &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestRejectedRowsGoBackAsTheyCame(t *testing.T) {
	const csv = "Kundennr;Nachname;Geb.-Datum;Bemerkung\r\n" +
		"K-1;Frohn;31.12.1970;=gut\r\nK-2;Kupfer;gestern;\"zwei\nZeilen; \"\"und\"\" mehr\"\r\nK-3;-Meier;morgen;=1+1\r\nK-4;Zuviel;1.1.1980;Kiel;Schleswig\r\n"
	onEngines(t, func(t *testing.T, engine dbtest.Engine) {
		on := house(t, engine, false)
		op := takenIn(t, on, "kunden.csv", []byte(csv), nil)
		if op.Created != 1 || op.Rejected != 3 {
			t.Fatalf("created %d, rejected %d of %s", op.Created, op.Rejected, asText(op.Import))
		}
		got := rejectedRows(t, on, op)
		for _, want := range []string{
			"Kundennr;Nachname;Geb.-Datum;Bemerkung;error\r\n", "\nK-2;Kupfer;gestern;\"zwei\nZeilen; \"\"und\"\" mehr\";\"column \"\"Geb.-Datum\"\": \"\"gestern",
			"\nK-3;\"'-Meier\";morgen;\"'=1+1\";", "\nK-4;Zuviel;1.1.1980;Kiel;", ";Schleswig\r\n",
		} {
			if !strings.Contains(got, want) {
				t.Errorf("the file lacks %q:\n%s", want, got)
			}
		}
		// Sent again as it is, nothing of it goes in, and nothing of it is lost.
		op = takenIn(t, on, "kunden-rejected.csv", []byte(got), nil)
		if op.Created != 0 || op.Rejected != 3 || rejectedRows(t, on, op) != got {
			t.Errorf("sent again, created %d, rejected %d:\n%s\nwas\n%s", op.Created, op.Rejected, rejectedRows(t, on, op), got)
		}
		mended := strings.NewReplacer("gestern", "1.2.1990", "morgen", "2.2.1990", ";Schleswig", "").Replace(got)
		op = takenIn(t, on, "kunden-rejected.csv", []byte(mended), nil)
		if op.Created != 3 || op.Rejected != 0 {
			t.Fatalf("mended, created %d, rejected %d: %s", op.Created, op.Rejected, asText(op.Import.Problems))
		}
		for id, want := range map[string]string{"K-2": "zwei\nZeilen; \"und\" mehr", "K-3": "=1+1"} {
			c, err := on.Contact(t.Context(), db.ContactRef{ExternalID: &id})
			if err != nil || c == nil || c.CustomFields()["bemerkung"] != want || len(c.CustomFields()) != 1 {
				t.Errorf("%s became %+v, %v", id, c, err)
			}
		}
	})
}

func TestRowsThatCannotBeReadWaitToBeMended(t *testing.T) {
	on := house(t, dbtest.SQLite, false)
	op := takenIn(t, on, "kunden.csv", []byte("Kundennr,Nachname,Ort\nK-1,Frohn,Kiel\nK-2,Kup\x00fer,Kiel\nK-3,Meier,Kiel\n"), nil)
	if op.Created != 2 || op.Rejected != 1 {
		t.Fatalf("created %d, rejected %d", op.Created, op.Rejected)
	}
	again := takenIn(t, on, "again.csv", []byte(rejectedRows(t, on, op)), nil)
	if again.Created != 0 || again.Rejected != 1 {
		t.Errorf("sent again unmended, created %d, rejected %d:\n%s", again.Created, again.Rejected, rejectedRows(t, on, op))
	}
}

func TestRejectedDocumentsGoBackAsDocuments(t *testing.T) {
	tests := []struct{ name, file, data, mend, by string }{
		{"our own form", "x.ndjson", `{"externalId": "K-1"}` + "\n" + `{"externalId": "K-2", "birthDate": "morgen", "metadata": {"error": [1.50, "<"]}}` + "\n", "morgen", "1990-01-31"},
		{"another's", "x.json", `[{"id": "K-1", "lastName": "Frohn"}, {"id": "K-2", "lastName": "=Kupfer", "birthday": "morgen", "n": {"a": 1}}]`, "morgen", "1990-01-31"},
		{
			"vCard", "x.vcf",
			"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:K-1\r\nN:Frohn;Anna\r\nEND:VCARD\r\nBEGIN:VCARD\r\nVERSION:3.0\r\nUID:K-2\r\nN:Kupfer;Defne\r\nTEL:12\r\nEND:VCARD\r\n",
			`"12"`, `"030 1234567"`,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			on := house(t, dbtest.SQLite, false)
			op := takenIn(t, on, test.file, []byte(test.data), nil)
			if op.Created != 1 || op.Rejected != 1 {
				t.Fatalf("created %d, rejected %d: %s", op.Created, op.Rejected, asText(op.Import))
			}
			got := rejectedRows(t, on, op)
			if strings.Count(got, "\n") != 1 || !strings.Contains(got, `"error":"`) {
				t.Errorf("rejected\n%s", got)
			}
			if again := takenIn(t, on, "again.ndjson", []byte(got), nil); again.Rejected != 1 || rejectedRows(t, on, again) != got {
				t.Errorf("sent again, rejected %d:\n%s", again.Rejected, rejectedRows(t, on, again))
			}
			mended := takenIn(t, on, "again.ndjson", []byte(strings.ReplaceAll(got, test.mend, test.by)), nil)
			if mended.Created != 1 {
				t.Fatalf("mended, created %d: %s", mended.Created, asText(mended.Import.Problems))
			}
			id := "K-2"
			if c, err := on.Contact(t.Context(), db.ContactRef{ExternalID: &id}); err != nil || c == nil || c.CustomFields()["error"] != nil {
				t.Errorf("became %+v, %v", c, err)
			}
		})
	}
}

// onEngines runs a test on each engine.
func onEngines(t *testing.T, run func(t *testing.T, engine dbtest.Engine)) {
	for _, engine := range []dbtest.Engine{dbtest.SQLite, dbtest.Postgres} {
		t.Run(string(engine), func(t *testing.T) { run(t, engine) })
	}
}

func FuzzWithoutError(f *testing.F) {
	for _, document := range []string{`{"externalId":"K-1","error":"why"}`, `{"error":{"error":[1]},"a":"error"}`, `{"metadata":{"error":1.50}}`, `[`, `{"error"`, `{"error":1,"error":2}`} {
		f.Add([]byte(document))
	}
	f.Fuzz(func(t *testing.T, document []byte) {
		var before, after map[string]any
		if json.Unmarshal(document, &before) != nil || before == nil {
			withoutError(document)
			return
		}
		delete(before, "error")
		if err := json.Unmarshal(withoutError(document), &after); err != nil || !reflect.DeepEqual(before, after) {
			t.Errorf("%s became %s, %v", document, withoutError(document), err)
		}
	})
}
