package export

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"complero/db/profile"
	"complero/server/intake"
	"complero/server/intake/table"
)

// drawContact draws a Contact whose texts are whatever a text may be.
func drawContact(t *rapid.T, id int) *profile.Input {
	// What is on file is trimmed and has no control characters but these two.
	text := rapid.Custom(func(t *rapid.T) string {
		odd := rapid.SampledFrom([]string{"-", "n/a", "NULL", "=1+1", "'", "''=", "\"", ";", ",", "|", "\t", "\n", "x", "1.234", "12.0", "1E+05", "31.12.1970", "true", "ü", "😀", " "})
		return strings.TrimSpace(strings.Join(rapid.SliceOfN(odd, 0, 4).Draw(t, "parts"), ""))
	})
	line := rapid.Map(text, func(s string) string { return strings.Join(strings.Fields(s), " ") })
	p := profile.Profile{
		Locale: line.Draw(t, "locale"), Salutation: line.Draw(t, "salutation"), GivenName: line.Draw(t, "given"), FamilyName: line.Draw(t, "family"),
		Organisation: line.Draw(t, "organisation"),
	}
	some := func(what string) string { return "x" + line.Draw(t, what) }
	for range rapid.IntRange(0, 2).Draw(t, "emails") {
		p.Emails = append(p.Emails, profile.Email{Address: some("address"), Use: profile.UseBusiness})
	}
	for range rapid.IntRange(0, 2).Draw(t, "phones") {
		p.Phones = append(p.Phones, profile.Phone{Number: some("number"), Kind: profile.PhoneOther, Use: profile.UsePrivate})
	}
	for range rapid.IntRange(0, 2).Draw(t, "addresses") {
		p.Addresses = append(p.Addresses, profile.Address{Street: some("street"), City: line.Draw(t, "city"), CountryCode: "FR", Use: profile.UsePrivate})
	}
	values := map[string]any{}
	for _, key := range []string{"a", "A", "b"} {
		switch rapid.IntRange(0, 3).Draw(t, "kind") {
		case 1:
			values[key] = "x" + text.Draw(t, "text")
		case 2:
			values[key] = rapid.Float64Range(-1e15, 1e15).Draw(t, "number")
		case 3:
			values[key] = rapid.Bool().Draw(t, "boolean")
		}
	}
	if len(values) > 0 {
		p.CustomFields = values
	}
	in := p.Restate()
	in.ExternalID, in.Employee = profile.Say(strconv.Itoa(id)+line.Draw(t, "id")), profile.Say(line.Draw(t, "employee"))
	in.Metadata = json.RawMessage(rapid.SampledFrom([]string{"null", "{}", `{"a":[1.50,"="]}`}).Draw(t, "metadata"))
	return &in
}

func TestCellsSayWhatTheDocumentSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := newShape()
		var contacts []*profile.Input
		for id := range rapid.IntRange(1, 4).Draw(t, "contacts") {
			// As it comes out of the spool.
			in := new(profile.Input)
			if err := in.UnmarshalJSON(drawContact(t, id).AppendJSON(nil)); err != nil {
				t.Fatal(err)
			}
			contacts = append(contacts, in)
			s.add(in)
		}
		columns := s.columns()
		for _, kind := range []table.Kind{table.KindCSV, table.KindXLSX} {
			var file bytes.Buffer
			out, err := table.NewWriter(&file, kind, columns)
			if err != nil {
				t.Fatal(err)
			}
			for _, in := range contacts {
				if err := out.Write(s.cells(nil, in)); err != nil {
					t.Fatal(err)
				}
			}
			if err := out.Close(); err != nil {
				t.Fatal(err)
			}
			back := readBack(t, file.Bytes())
			if len(back) != len(contacts) {
				t.Fatalf("%s: %d of %d rows come back", kind, len(back), len(contacts))
			}
			for i, in := range contacts {
				if got, want := document(t, back[i]), document(t, *in); got != want {
					t.Fatalf("%s: row %d\ngot  %s\nwant %s", kind, i, got, want)
				}
			}
		}
	})
}

// readBack reads a file as an import does.
func readBack(t *rapid.T, file []byte) []profile.Input {
	open, err := table.Open(bytes.NewReader(file), int64(len(file)), table.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer open.Close()
	m, findings := intake.NewSurvey(open.Columns, "DE", "de").Mapping(nil)
	r, err := intake.NewReader(m, open.Columns, "DE")
	if err != nil || !m.Exact {
		t.Fatalf("%q is not known as an export: %v, %v", open.Columns, findings, err)
	}
	var all []profile.Input
	for {
		row, err := open.Next()
		if err != nil {
			return all
		}
		in, problems := r.Item(row.Cells)
		if len(problems) > 0 {
			t.Fatalf("%q: %v", row.Cells, problems)
		}
		all = append(all, in)
	}
}

// document is what an Input says, numbers written alike, and custom fields that
// are none left out.
func document(t *rapid.T, in profile.Input) string {
	values := map[string]any{}
	for key, value := range in.CustomFields.Values {
		if n, is := value.(json.Number); is {
			f, err := n.Float64()
			if err != nil {
				t.Fatal(err)
			}
			value = f
		}
		if value != nil {
			values[key] = value
		}
	}
	in.CustomFields.Values = values
	if in.Metadata == nil {
		in.Metadata = json.RawMessage("null")
	}
	return string(in.AppendJSON(nil))
}
