package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"complero/db"
)

const fewRows = "Kundennr;Vorname;Nachname;Geburtsdatum;E-Mail;Farbe\n" +
	"K-1;Eva;Groß;31.12.1970;eva@example.com;rot\nK-2;Udo;Klein;31.02.1970;udo@example.com;blau\n;-;;;n/a;\nK-3;Ute;Rot;1.2.1980;;\n"

// The command works rows off by itself where no server runs, and tells what
// has become of them.
func TestTheCommandImportsWithoutAServer(t *testing.T) {
	for name, on := range engines {
		t.Run(name, func(t *testing.T) {
			s := settings(t)
			on(t, &s)
			a := account(t, s, "Holding", "Nord")
			file := fileOf(t, "kunden.csv", []byte(fewRows))
			stdout, stderr, err := command(t, s, file, "--company", "nord", "--dry-run")
			if err != nil {
				t.Fatalf("%v\n%s", err, stderr)
			}
			in(t, "the dry run", stdout, `kunden.csv: CSV, UTF-8, cells parted by ";", headings in row 1, 3 rows`,
				"Kundennr       externalId", "Geburtsdatum   birthDate", "dates as DMY", "Farbe          customFields.farbe   kept as a field of your own",
				"row 2: K-1; Eva Groß; 1970-12-31; eva@example.com; farbe rot",
				`ERROR    row 3: column "Geburtsdatum": "31.02.1970" is no date of the calendar`,
				"2 of 3 rows would be imported: 2 new, 0 known already, 0 of them unchanged. 1 would be rejected.", "Nothing was stored")
			f := commandJSON(t, s, file, "--company", a.CompanyID, "--ignore")
			if f.Status != db.OperationCompleted || f.Total != 3 || f.Created != 2 || f.Rejected != 1 || f.DryRun || len(f.Sample) != 0 {
				t.Errorf("imported, it prints %+v", f)
			}
			in(t, "the mapping", string(f.Mapping), `"title": "Farbe",`, `"field": ""`, `"unmapped": "IGNORE"`)
			tested := commandJSON(t, s, file, "--company", "nord", "--test", "--dry-run")
			if tested.Created != 2 || len(tested.Sample) != 3 {
				t.Errorf("in test mode the file would be %+v", tested)
			}
			stdout, _, err = command(t, s, fileOf(t, "neu.csv", []byte("Kundennr;Nachname\nK-1;Groß\n")), "--company", "nord", "--complete", "--delete")
			if err != nil {
				t.Fatal(err)
			}
			in(t, "a file that lacks half", stdout, "lacks 1 of the Source's 2 Contacts, 50 %, which is more than 5 %", "waits for that, by operationConfirm")
			gone := commandJSON(t, s, fileOf(t, "neu.csv", []byte("Kundennr;Nachname\nK-1;Groß\n")), "--company", "nord", "--complete", "--delete", "--max-share", "0.5")
			if gone.Deleted != 1 || gone.Missing == nil || *gone.Missing != 1 {
				t.Errorf("told to delete half, it prints %+v", gone)
			}
		})
	}
}

// Where a server runs on the same data, the command leaves the work to it.
func TestTheCommandLeavesTheWorkToARunningServer(t *testing.T) {
	for name, on := range engines {
		t.Run(name, func(t *testing.T) {
			s := settings(t)
			on(t, &s)
			a := account(t, s, "Holding", "Nord")
			attended := func(r *running) bool {
				t.Helper()
				is, err := r.store.Attended(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				return is
			}
			stored := commandJSON(t, s, fileOf(t, "kunden.csv", []byte(fewRows)), "--company", "nord", "--no-wait")
			if stored.Status != db.OperationPending || stored.Processed != 0 {
				t.Errorf("without waiting, it prints %+v", stored)
			}
			r := start(t, s)
			for n := 0; !attended(r); n++ {
				if n == 500 {
					t.Fatal("nobody is seen to work")
				}
				time.Sleep(10 * time.Millisecond)
			}
			if op := r.finish(t, a.LiveKey, stored.OperationID); op.Created != 2 {
				t.Errorf("the server makes of it %+v", op)
			}
			f := commandJSON(t, s, fileOf(t, "kunden.csv", []byte(fewRows)), "--company", "nord")
			if f.Status != db.OperationCompleted || f.Unchanged != 2 {
				t.Errorf("beside the server it prints %+v", f)
			}
			if err := r.stop(); err != nil {
				t.Fatal(err)
			}
			store, err := openStore(t.Context(), s, config{}, false, s.logger(&record{}))
			if err != nil {
				t.Fatal(err)
			}
			defer store.Close()
			if is, err := store.Attended(t.Context()); is || err != nil {
				t.Errorf("after the server has stopped, somebody works: %v", err)
			}
		})
	}
}

func TestTheCommandTakesMappingsByFileAndByName(t *testing.T) {
	s := settings(t)
	r := start(t, s)
	a := account(t, s, "Holding", "Nord")
	r.call(t, a.LiveKey, `mutation { importMappingSave(input: {name: "kurz", mapping: {columns: [{title: "Kundennr", field: "externalId"}, {title: "Farbe", field: "familyName"}], unmapped: "IGNORE"}}) { userErrors { message } } }`, nil)
	file := fileOf(t, "kunden.csv", []byte(fewRows))
	mapping := fileOf(t, "mapping.json", []byte(`{"columns": [{"title": "Kundennr", "field": "externalId"}, {"title": "Farbe", "field": "title"}], "unmapped": "IGNORE"}`))
	for _, test := range []struct{ mapping, want string }{{mapping, `"title":"rot"`}, {"kurz", `"familyName":"rot"`}} {
		f := commandJSON(t, s, file, "--company", "nord", "--mapping", test.mapping)
		if f.Rejected != 0 {
			t.Errorf("by %s it prints %+v", test.mapping, f)
		}
		in(t, "K-1", r.contact(t, a.LiveKey, "K-1"), test.want)
	}
	f := commandJSON(t, s, fileOf(t, "namen.csv", []byte("Name;E-Mail\nEva Groß;Eva@Example.com\n")), "--company", "nord", "--key", "e-mail")
	if f.Created != 1 || r.contact(t, a.LiveKey, "eva@example.com") == "null" {
		t.Errorf("by the column that is the key: %+v", f)
	}
}

func TestTheCommandTellsWhatIsWrong(t *testing.T) {
	s := settings(t)
	account(t, s, "Holding", "Nord")
	good := fileOf(t, "kunden.csv", []byte(fewRows))
	bare := fileOf(t, "namen.csv", []byte("Name;E-Mail\nEva Groß;eva@example.com\n"))
	broken := fileOf(t, "mapping.json", []byte("{\n\"columns\": [{]}"))
	tests := []struct {
		name string
		args []string
		want []string
	}{
		{"no file", []string{"nirgends.csv", "--company", "nord"}, []string{"nirgends.csv", "no such file"}},
		{"a folder", []string{filepath.Dir(good), "--company", "nord"}, []string{"is no file"}},
		{"an unknown Company", []string{good, "--company", "süd"}, []string{`no Company "süd"`, "id or its slug"}},
		{"no Company", []string{good}, []string{"--company"}},
		{"no key column", []string{bare, "--company", "nord"}, []string{`by --key "E-Mail", or export`, "Name, E-Mail"}},
		{"an unknown key", []string{bare, "--company", "nord", "--key", "Nummer"}, []string{"--key:", `key "Nummer" is no column`, "Name, E-Mail"}},
		{"an unknown mapping", []string{good, "--company", "nord", "--mapping", "hubspot"}, []string{"--mapping:", "no file hubspot", `no mapping "hubspot"`}},
		{"broken JSON", []string{good, "--company", "nord", "--mapping", broken}, []string{"--mapping:", "no JSON in line 2"}},
		{"key and mapping", []string{good, "--company", "nord", "--mapping", broken, "--key", "x"}, []string{"--key"}},
		{"deleting without all", []string{good, "--company", "nord", "--delete"}, []string{"--complete"}},
		{"an unknown Source", []string{good, "--company", "nord", "--source", "agency"}, []string{"--source:", `no Source "agency"`}},
		{"a share beyond all", []string{good, "--company", "nord", "--complete", "--max-share", "7"}, []string{"--max-share:", "from 0 to 1"}},
		{"a picture", []string{fileOf(t, "logo.csv", []byte("\x89PNG\r\n\x1a\n")), "--company", "nord"}, []string{"logo.csv:", "picture"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			stdout, _, err := command(t, s, test.args...)
			if err == nil {
				t.Fatalf("it prints %s", stdout)
			}
			in(t, "the error", err.Error(), test.want...)
			if strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), "json:") {
				t.Errorf("says %q", err)
			}
		})
	}
}

// On a terminal a bar grows in one line; elsewhere a line comes every 5 s.
func TestProgressIsABarOnATerminalAndLinesElsewhere(t *testing.T) {
	at := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	for _, terminal := range []bool{true, false} {
		var b bytes.Buffer
		p := newProgress(&b)
		p.terminal, p.now = terminal, func() time.Time { return at }
		for n := range 5 {
			p.reading((n+1)*1000, int64(n+1), 8)
			at = at.Add(3 * time.Second)
		}
		total := 8000
		for n := range 3 {
			p.working(&db.Operation{Total: &total, Processed: n * 4000, Rejected: n})
			at = at.Add(6 * time.Second)
		}
		p.end()
		want := "reading  38 %  3000 rows, 500 rows/s, 10s left\nreading  62 %  5000 rows, 417 rows/s, 7s left\n" +
			"importing  50 %  4000 rows, 667 rows/s, 1 rejected, 6s left\nimporting 100 %  8000 rows, 667 rows/s, 2 rejected\n"
		if terminal {
			want = bar(7, "reading  25 %  2000 rows, 667 rows/s, 9s left") + bar(11, "reading  38 %  3000 rows, 500 rows/s, 10s left") +
				bar(15, "reading  50 %  4000 rows, 444 rows/s, 9s left") + bar(18, "reading  62 %  5000 rows, 417 rows/s, 7s left") + "\n" +
				bar(15, "importing  50 %  4000 rows, 667 rows/s, 1 rejected, 6s left") + bar(30, "importing 100 %  8000 rows, 667 rows/s, 2 rejected") + "\n"
		}
		if b.String() != want {
			t.Errorf("terminal %t:\n%q\nwant\n%q", terminal, &b, want)
		}
	}
	if file, err := os.Create(filepath.Join(t.TempDir(), "log")); err != nil || newProgress(file).terminal {
		t.Errorf("a file is taken for a terminal (%v)", err)
	}
}

func bar(full int, text string) string {
	return fmt.Sprintf("\r[%s%s] %s\x1b[K", strings.Repeat("#", full), strings.Repeat(".", 30-full), text)
}
