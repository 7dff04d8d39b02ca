package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"
)

// The German CRM's export goes in with no mapping given: the dry run tells all
// and stores nothing, and the import takes every good row.
func TestAnExportGoesInByTheAPI(t *testing.T) {
	for name, on := range engines {
		t.Run(name, func(t *testing.T) {
			s := settings(t)
			on(t, &s)
			r := start(t, s)
			a := account(t, s, "Holding", "Nord")
			file, err := os.ReadFile("intake/testdata/crm-export-de.csv")
			if err != nil {
				t.Fatal(err)
			}
			tried := r.imports(t, a.LiveKey, "crm-export-de.csv", file, map[string]any{"dryRun": true})
			if tried.Total != 500 || tried.Created != 493 || tried.Rejected != 7 || len(tried.Import.Sample) != 10 {
				t.Fatalf("the dry run tells %+v", tried)
			}
			if got := r.contact(t, a.LiveKey, "K-100000"); got != "null" {
				t.Errorf("the dry run has stored %s", got)
			}
			in(t, "the mapping", string(tried.Import.Mapping), `{"confidence":0.95,"field":"addresses[0].streetAndNumber","title":"Straße / Hausnr."}`,
				`{"field":"customFields.kundeSeit","title":"Kunde seit"}`, `"unmapped":"CUSTOM"`)
			in(t, "the sample", string(tried.Import.Sample[0].Contact), `"externalId":"K-100000"`, `"employee":"V-7"`, `"birthDate":"1968-01-27"`,
				`"street":"Columbusstrasse"`, `"houseNumber":"3638"`, `"number":"+41791262017"`)
			said := ""
			for _, p := range tried.Import.Problems {
				said += p.Severity + " " + p.Code + " " + p.Field + " " + p.Message + "\n"
				if len(p.Rows) == 0 || p.Count < len(p.Rows) {
					t.Errorf("the problem %+v names no rows", p)
				}
			}
			in(t, "the problems", said, `INVALID_DATE birthDate column "Geburtsdatum": "31.02.1970" is no date of the calendar`,
				`INVALID_PHONE phones[0].number column "Mobil": "geheim"`, `REQUIRED externalId column "Kundennr."`, `TAKEN externalId`, `INVALID_COUNTRY addresses[0].countryCode column "Land"`)
			done := r.imports(t, a.LiveKey, "crm-export-de.csv", file, nil)
			if done.Created != 493 || done.Rejected != 7 || done.Status != "COMPLETED" || done.Source != "crm" {
				t.Errorf("the import comes to %+v", done)
			}
			in(t, "K-100000", r.contact(t, a.LiveKey, "K-100000"), `"familyName":"Isler"`, `"customFields":{"kennzeichen":"AS44HXR","kundeSeit":"22.06.2019"}`, `"countryCode":"CH"`)
			again := r.imports(t, a.LiveKey, "crm-export-de.csv", file, map[string]any{"dryRun": true})
			if again.Created != 0 || again.Synced != 493 || again.Unchanged != 493 {
				t.Errorf("the same file again would be %+v", again)
			}
		})
	}
}

func TestEveryKindOfFileGoesIn(t *testing.T) {
	s := settings(t)
	r := start(t, s)
	a := account(t, s, "Holding", "Nord")
	birth := time.Date(1970, 12, 31, 0, 0, 0, 0, time.UTC)
	plain := "Kundennr;Vorname;Nachname;Geburtsdatum;PLZ;Ort;Straße;Land\nK-1;Jürgen;Groß;31.12.1970;01067;Dresden;Am Wall 5 a;D\nK-2;Zoë;Łuk;1.2.1980;1010;Wien;Ring 1;Österreich\n"
	// A vCard has its own words, and Germans write the number behind the street.
	card := "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:K-1\r\nN:Groß;Jürgen;;Dr.;\r\nFN:Dr. Jürgen Groß\r\nBDAY:1970-12-31\r\nEMAIL;TYPE=WORK:gross@example.com\r\n" +
		"TEL;TYPE=CELL:0171 1234567\r\nADR;TYPE=HOME:;;Am Wall 5 a;Dresden;;01067;Deutschland\r\nEND:VCARD\r\n"
	own := `{"externalId":"K-1","givenName":"Jürgen","familyName":"Groß","birthDate":"1970-12-31","addresses":[{"street":"Am Wall 5 a","postalCode":"01067","city":"Dresden","countryCode":"Deutschland"}]}` + "\n"
	foreign := `{"kundennr":"K-1","name":{"vorname":"Jürgen","nachname":"Groß"},"geburtsdatum":"31.12.1970","adresse":{"straße":"Am Wall 5 a","plz":"01067","ort":"Dresden","land":"Deutschland"}}` + "\n"
	tests := []struct {
		name, file, format, encoding, separator string
		data                                    []byte
	}{
		{"semicolons", "a.csv", "CSV", "UTF-8", ";", []byte(plain)},
		{"tabs in UTF-16", "a.txt", "CSV", "UTF-16LE", "\t", utf16File(strings.ReplaceAll(plain, ";", "\t"))},
		{"commas", "a.csv", "CSV", "UTF-8", ",", []byte("\uFEFF" + strings.ReplaceAll(plain, ";", ","))},
		{"XLSX", "a.xlsx", "XLSX", "", "", workbook(t, []any{"Kundennr", "Vorname", "Nachname", "Geburtsdatum", "PLZ", "Ort", "Straße", "Land"},
			[]any{"K-1", "Jürgen", "Groß", birth, 1067, "Dresden", "Am Wall 5 a", "D"}, []any{"K-2", "Zoë", "Luk", birth, 1010, "Wien", "Ring 1", "A"})},
		{"vCard", "a.vcf", "VCARD", "UTF-8", "", []byte(card)},
		{"NDJSON of our form", "a.ndjson", "NDJSON", "UTF-8", "", []byte(own)},
		{"NDJSON of another", "a.ndjson", "NDJSON", "UTF-8", "", []byte(foreign)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r.call(t, a.LiveKey, `mutation { contactsDelete(input: {externalIds: ["K-1", "K-2"]}) { operation { id } } }`, nil)
			op := r.imports(t, a.LiveKey, test.file, test.data, nil)
			if i := op.Import; op.Created != op.Total || op.Rejected > 0 || i.Format != test.format || i.Encoding != test.encoding || i.Separator != test.separator {
				t.Fatalf("%+v", op)
			}
			in(t, "K-1", r.contact(t, a.LiveKey, "K-1"), `"givenName":"Jürgen"`, `"familyName":"Groß"`, `"birthDate":"1970-12-31"`,
				`{"addition":null,"city":"Dresden","countryCode":"DE","houseNumber":"5 a","postalCode":"01067","street":"Am Wall"}`)
		})
	}
}

// Columns are read by the Company's own fields, and those of metadata come
// back in events.
func TestColumnsBecomeTheCompanysOwnFieldsAndMetadata(t *testing.T) {
	for name, on := range engines {
		t.Run(name, func(t *testing.T) {
			s := settings(t)
			on(t, &s)
			r := start(t, s)
			a := account(t, s, "Holding", "Nord")
			for _, field := range []string{
				`key: "since", type: DATE, labels: [{locale: "de", label: "Kunde seit"}]`,
				`key: "premium", type: NUMBER, labels: [{locale: "de", label: "Jahresbeitrag"}]`,
				`key: "tariff", type: CHOICE, labels: [{locale: "de", label: "Tarif"}], choices: [{value: "green", labels: [{locale: "de", label: "Ökotarif"}]}, {value: "A"}, {value: "A+"}]`,
				`key: "vip", type: BOOLEAN, labels: [{locale: "de", label: "VIP-Kunde"}]`,
			} {
				r.call(t, a.LiveKey, `mutation { customFieldSave(input: {`+field+`}) { customField { key } } }`, nil)
			}
			file := "Kundennr;Nachname;Kunde seit;Jahresbeitrag;Tarif;VIP-Kunde;metadata.sap;metadata.run\n" +
				"K-1;Groß;31.12.1990;1.234,50;ökotarif;ja;0815;7\nK-2;Klein;1.2.1990;12,5;A+;nein;;7\nK-3;Mittel;1.2.1990;12 Äpfel;A;vielleicht;;\nK-4;Rot;13.2.1990;1;B;x;;\n"
			op := r.imports(t, a.LiveKey, "a.csv", []byte(file), nil)
			in(t, "the mapping", string(op.Import.Mapping), `{"confidence":1,"dateOrder":"DMY","field":"customFields.since","title":"Kunde seit","type":"DATE"}`,
				`{"confidence":1,"field":"metadata.sap","title":"metadata.sap"}`)
			if op.Created != 2 || op.Rejected != 2 {
				t.Errorf("%+v", op)
			}
			said := ""
			for _, p := range op.Import.Problems {
				said += p.Field + " " + p.Column + " " + p.Message + "\n"
			}
			in(t, "the problems", said, `customFields.premium Jahresbeitrag column "Jahresbeitrag": "12 Äpfel" is no number`, `customFields.vip VIP-Kunde column "VIP-Kunde": "vielleicht" is neither yes nor no`,
				`customFields.tariff Tarif column "Tarif": "B" is none of the field's choices; write green, A or A+`)
			in(t, "K-1", r.contact(t, a.LiveKey, "K-1"), `"customFields":{"premium":1234.5,"since":"1990-12-31","tariff":"green","vip":true}`)
			in(t, "K-2", r.contact(t, a.LiveKey, "K-2"), `"customFields":{"premium":12.5,"since":"1990-02-01","tariff":"A+","vip":false}`)
			events, err := json.Marshal(r.call(t, a.LiveKey, `{ events { nodes { contactExternalId metadata } } }`, nil))
			if err != nil {
				t.Fatal(err)
			}
			in(t, "the events", string(events), `"sap":"0815"`, `"run":"7"`)
		})
	}
}

func TestAMappingIsEditedKeptAndUsedAgain(t *testing.T) {
	s := settings(t)
	r := start(t, s)
	a := account(t, s, "Holding", "Nord")
	file := []byte("Nr;Wer;Mail;Rot;Geb\nK-1;Groß, Eva;eva@example.com;x;03/04/1970\nK-2;Klein, Udo;udo@example.com;y;12/31/1971\n")
	tried := r.imports(t, a.LiveKey, "a.csv", file, map[string]any{"dryRun": true})
	var m map[string]any
	if err := json.Unmarshal(tried.Import.Mapping, &m); err != nil {
		t.Fatal(err)
	}
	for _, c := range m["columns"].([]any) {
		c := c.(map[string]any)
		switch c["title"] {
		case "Wer":
			c["field"], c["nameOrder"] = "fullName", "FAMILY_FIRST"
		case "Rot":
			c["field"] = ""
		case "Geb":
			c["field"] = "birthDate"
			delete(c, "dateOrder")
		}
	}
	saved := r.call(t, a.LiveKey, `mutation($m: JSON!) { importMappingSave(input: {name: "alt", mapping: $m}) { mapping { source name } userErrors { message } } }`, map[string]any{"m": m})
	if text, _ := json.Marshal(saved); !strings.Contains(string(text), `"source":"crm"`) {
		t.Fatalf("%s", text)
	}
	op := r.imports(t, a.LiveKey, "a.csv", file, map[string]any{"mappingName": "alt"})
	if op.Created != 2 {
		t.Errorf("%+v", op)
	}
	in(t, "K-1", r.contact(t, a.LiveKey, "K-1"), `"givenName":"Eva"`, `"familyName":"Groß"`, `"birthDate":"1970-03-04"`, `"customFields":{}`)
	in(t, "the mapping", string(op.Import.Mapping), `"dateOrder":"MDY"`)

	given := map[string]any{"columns": []any{map[string]any{"title": "Nr", "field": "externalId"}, map[string]any{"title": "Rot", "field": "customFields.rot"}}}
	r.imports(t, a.LiveKey, "a.csv", file, map[string]any{"mapping": given, "unmapped": "IGNORE"})
	in(t, "K-1", r.contact(t, a.LiveKey, "K-1"), `"customFields":{"rot":"x"}`, `"familyName":"Groß"`)
	r.imports(t, a.LiveKey, "a.csv", file, map[string]any{"mapping": given, "unmapped": "CUSTOM"})
	in(t, "K-1", r.contact(t, a.LiveKey, "K-1"), `"customFields":{"geb":"03/04/1970","mail":"eva@example.com","rot":"x","wer":"Groß, Eva"}`)
}

// Whatever is wrong with a call is told where it is wrong, with the cure.
func TestAnImportThatCannotBeIsRefusedWithTheCure(t *testing.T) {
	s := settings(t)
	r := start(t, s)
	a := account(t, s, "Holding", "Nord")
	r.call(t, a.LiveKey, `mutation { importMappingSave(input: {name: "SAP", mapping: {columns: [{title: "KUNNR", field: "externalId"}]}}) { userErrors { message } } }`, nil)
	file := "Name;E-Mail;Ort\nEva Groß;eva@example.com;Kiel\nUdo Klein;udo@example.com;Bonn\n"
	card := "BEGIN:VCARD\nVERSION:3.0\nFN:Eva Groß\nEMAIL:eva@example.com\nEND:VCARD\n"
	columns := func(title, field string) map[string]any {
		return map[string]any{"mapping": map[string]any{"columns": []any{map[string]any{"title": title, "field": field}}}}
	}
	tests := []struct {
		name, file string
		input      map[string]any
		want       []string
	}{
		{"no key column", file, nil, []string{"REQUIRED input.mapping:", `{"key": "E-Mail"}`, "Name, E-Mail, Ort"}},
		{"no key in vCards", card, nil, []string{"REQUIRED input.mapping:", "UID", `{"key": "emails[0].address"}`}},
		{"columns for vCards", card, columns("Name", "fullName"), []string{"INVALID input.mapping:", "leave columns out"}},
		{"unknown column", file, columns("Nummer", "externalId"), []string{"INVALID input.mapping:", `column "Nummer" is not in the file`, "Name, E-Mail, Ort"}},
		{"unknown field", file, columns("Name", "lastName"), []string{"INVALID input.mapping:", `"lastName" is no field`, "familyName"}},
		{"unknown key", file, map[string]any{"mapping": map[string]any{"key": "Kundennr"}}, []string{"INVALID input.mapping:", `key "Kundennr" is no column`, "Name, E-Mail, Ort"}},
		{"a mapping that is none", file, map[string]any{"mapping": []any{1}}, []string{"INVALID input.mapping:", "it is a list where an object is wanted"}},
		{"a misspelt property", file, map[string]any{"mapping": map[string]any{"colums": []any{}}}, []string{"INVALID input.mapping:", `unknown field "colums"`}},
		{"unknown name", file, map[string]any{"mappingName": "HubSpot"}, []string{"NOT_FOUND input.mappingName:", `no mapping "HubSpot"`, `it has "SAP"`}},
		{"a name that does not fit", file, map[string]any{"mappingName": "SAP"}, []string{"INVALID input.mappingName:", `column "KUNNR" is not in the file`}},
		{"name and mapping", file, map[string]any{"mappingName": "SAP", "mapping": map[string]any{}}, []string{"INVALID input.mappingName:", "not both"}},
		{"unknown Source", file, map[string]any{"source": "agency"}, []string{"NOT_FOUND input.source:", `no Source "agency"`, "sourceSave"}},
		{"an empty file", " \n", nil, []string{"INVALID input.file:", "export it again"}},
		{"headings alone", "Name;E-Mail\n", nil, []string{"INVALID input.file:"}},
		{"a PDF", "%PDF-1.4 and so on", nil, []string{"INVALID input.file:", "PDF", "CSV or XLSX"}},
		{"a share beyond all", "Kundennr;Name\nK-1;Groß\nK-2;Klein\n", map[string]any{"complete": map[string]any{"maxShare": 5.0}}, []string{"INVALID input.maxShare:", "from 0 to 1"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			id, errs := r.send(t, a.LiveKey, "a.dat", []byte(test.file), test.input)
			if id != "" {
				t.Fatalf("it was taken as %s", id)
			}
			in(t, "the error", told(errs), test.want...)
		})
	}
	for file, want := range map[string]string{file: `"eva@example.com"`, card: `"eva@example.com"`} {
		op := r.imports(t, a.LiveKey, "a.dat", []byte(file), map[string]any{"mapping": map[string]any{"key": map[bool]string{true: "emails[0].address", false: "E-Mail"}[file == card]}, "dryRun": true})
		if op.Rejected > 0 || len(op.Import.Sample) == 0 || !strings.Contains(string(op.Import.Sample[0].Contact), `"externalId":`+want) {
			t.Errorf("by its cure it becomes %+v", op)
		}
	}
}

func TestAFullFileTellsWhatIsMissingAndTheSameCallIsOneImport(t *testing.T) {
	s := settings(t)
	r := start(t, s)
	a := account(t, s, "Holding", "Nord")
	all := "Kundennr;Nachname\nK-1;Groß\nK-2;Klein\nK-3;Mittel\n"
	first, errs := r.send(t, a.LiveKey, "a.csv", []byte(all), map[string]any{"idempotencyKey": "monday"})
	again, _ := r.send(t, a.LiveKey, "a.csv", []byte(all), map[string]any{"idempotencyKey": "monday"})
	if len(errs) > 0 || first != again {
		t.Errorf("sent twice, it is %s and %s", first, again)
	}
	if _, errs := r.send(t, a.LiveKey, "a.csv", []byte(all+"K-4;Rot\n"), map[string]any{"idempotencyKey": "monday"}); len(errs) != 1 || errs[0].Code != "IDEMPOTENCY_CONFLICT" {
		t.Errorf("another file by the same key: %+v", errs)
	}
	r.finish(t, a.LiveKey, first)
	less := []byte("Kundennr;Nachname\nK-1;Groß\nK-2;Klein\n")
	op := r.imports(t, a.LiveKey, "a.csv", less, map[string]any{"complete": map[string]any{}})
	if op.Import.Missing == nil || *op.Import.Missing != 1 || op.Import.MissingSample[0] != "K-3" || op.Deleted != 0 {
		t.Errorf("it reports %+v", op)
	}
	op = r.imports(t, a.LiveKey, "a.csv", less, map[string]any{"complete": map[string]any{"delete": true}})
	if op.Status != "WAITING_FOR_CONFIRMATION" || len(op.Errors) != 1 || !strings.Contains(op.Errors[0].Message, "lacks 1 of the Source's 3 Contacts") {
		t.Errorf("a third would be deleted: %+v", op)
	}
	r.call(t, a.LiveKey, `mutation($id: ID!) { operationConfirm(input: {id: $id}) { operation { id } userErrors { message } } }`, map[string]any{"id": op.ID})
	if op = r.finish(t, a.LiveKey, op.ID); op.Deleted != 1 || r.contact(t, a.LiveKey, "K-3") != "null" {
		t.Errorf("confirmed, it comes to %+v", op)
	}
}

// What a call means does not change with what has been set up since.
func TestAnImportSentAgainIsTheSameAfterTheFieldsHaveChanged(t *testing.T) {
	s := settings(t)
	r := start(t, s)
	a := account(t, s, "Holding", "Nord")
	file, other := "Kundennr;Fahrzeug\nK-1;VW Golf\nK-2;Opel\n", "Kundennr;Anrede\nK-1;VW Golf\nK-2;Opel\n"
	r.call(t, a.LiveKey, `mutation { importMappingSave(input: {name: "SAP", mapping: {columns: [{title: "Kundennr", field: "externalId"}]}}) { mapping { name } } }`, nil)
	calls := map[string]map[string]any{
		"recognised": {},
		"given":      {"mapping": map[string]any{"columns": []any{map[string]any{"title": "Kundennr", "field": "externalId"}}, "unmapped": "CUSTOM"}},
		"named":      {"mappingName": "SAP"},
	}
	first := map[string]string{}
	for name, input := range calls {
		input["idempotencyKey"] = name
		id, errs := r.send(t, a.LiveKey, "a.csv", []byte(file), input)
		if len(errs) > 0 {
			t.Fatalf("%s: %+v", name, errs)
		}
		first[name] = id
	}
	r.call(t, a.LiveKey, `mutation { customFieldSave(input: {key: "vehicle", type: TEXT, policy: EDITABLE, labels: [{locale: "de", label: "Fahrzeug"}]}) { customField { key } } }`, nil)
	for name, input := range calls {
		if again, errs := r.send(t, a.LiveKey, "a.csv", []byte(file), input); again != first[name] {
			t.Errorf("%s: sent again it is %q, %+v, and was %s", name, again, errs, first[name])
		}
		if _, errs := r.send(t, a.LiveKey, "a.csv", []byte(other), input); len(errs) != 1 || errs[0].Code != "IDEMPOTENCY_CONFLICT" {
			t.Errorf("%s: a file of other columns by the same key: %+v", name, errs)
		}
		input["unmapped"] = "IGNORE"
		if _, errs := r.send(t, a.LiveKey, "a.csv", []byte(file), input); len(errs) != 1 || errs[0].Code != "IDEMPOTENCY_CONFLICT" {
			t.Errorf("%s: another call by the same key: %+v", name, errs)
		}
	}
}

// An agency's file is its own Source's, and test mode stays apart.
func TestAnAgencysFileIsItsOwn(t *testing.T) {
	s := settings(t)
	r := start(t, s)
	a := account(t, s, "Holding", "Nord")
	r.call(t, a.LiveKey, `mutation { sourceSave(input: {key: "agency", name: "Agentur"}) { source { key } } }`, nil)
	made := r.call(t, a.LiveKey, `mutation { apiKeyCreate(input: {name: "Agentur", source: "agency"}) { secret } }`, nil)
	agency := made["apiKeyCreate"].(map[string]any)["secret"].(string)
	file := []byte("Kundennr;Nachname;Vermittler\nK-1;Groß;V-1\n")
	r.imports(t, a.LiveKey, "a.csv", file, nil)
	op := r.imports(t, agency, "a.csv", []byte("Kundennr;Nachname;Vermittler\nK-1;Anders;V-1\n"), nil)
	if op.Source != "agency" || op.Created != 1 {
		t.Errorf("the agency's file is %+v", op)
	}
	in(t, "the CRM's", r.contact(t, a.LiveKey, "K-1"), `"familyName":"Groß"`)
	if _, errs := r.send(t, agency, "a.csv", file, map[string]any{"source": "crm"}); len(errs) != 1 || errs[0].Code != "FORBIDDEN" {
		t.Errorf("a file in another's name: %+v", errs)
	}
	r.call(t, a.LiveKey, `mutation { importMappingSave(input: {name: "geheim", mapping: {columns: [{title: "Kundennr", field: "externalId"}]}}) { userErrors { message } } }`, nil)
	if seen := r.call(t, agency, `{ importMappings { name } }`, nil); len(seen["importMappings"].([]any)) != 0 {
		t.Errorf("the agency sees %v", seen)
	}
	if tested := r.imports(t, a.TestKey, "a.csv", file, nil); tested.Created != 1 {
		t.Errorf("in test mode the file is %+v", tested)
	}
}
