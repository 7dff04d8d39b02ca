package intake

import (
	"encoding/csv"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"complero/db/profile"
)

var update = flag.Bool("update", false, "write the golden files anew")

// now is the day on which the tests take place.
var now = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// readTable reads a test file's rows. Files of a product that separates by
// semicolons or tabs have one in their first line.
func readTable(t testing.TB, data string) (columns []string, rows [][]string) {
	t.Helper()
	r := csv.NewReader(strings.NewReader(data))
	head, _, _ := strings.Cut(data, "\n")
	switch {
	case strings.Contains(head, "\t"):
		r.Comma = '\t'
	case strings.Contains(head, ";"):
		r.Comma = ';'
	}
	r.FieldsPerRecord = -1
	all, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all[0], all[1:]
}

func readFile(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// survey makes a Mapping of a whole table.
func survey(columns []string, rows [][]string, country, locale string, known ...CustomField) (Mapping, []Finding) {
	s := NewSurvey(columns, country, locale)
	for i, row := range rows {
		s.Add(i+1, row)
	}
	return s.Mapping(known)
}

func newReader(t testing.TB, m Mapping, columns []string, country string, known ...CustomField) *Reader {
	t.Helper()
	r, err := NewReader(m, columns, country, known...)
	if err != nil {
		t.Fatal(err)
	}
	r.Now = now
	return r
}

func asJSON(t testing.TB, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// normal is an item as it will be stored, with all that is wrong with it.
func normal(t testing.TB, in profile.Input, problems []profile.Problem, country string) (profile.Statement, []profile.Problem) {
	t.Helper()
	s, more := in.Normalize(profile.Defaults{Country: country, Now: now})
	return s, append(problems, more...)
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; run go test -update and look at the change\ngot:\n%s", path, got)
	}
}
