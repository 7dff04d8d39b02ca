package intake

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
)

// TestRecognisesExports holds what is made of small files as the products
// write them, in their languages, to golden files.
func TestRecognisesExports(t *testing.T) {
	files, err := filepath.Glob("testdata/exports/*.csv")
	if err != nil || len(files) < 14 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	homes := map[string][2]string{"de": {"DE", "de"}, "en": {"US", "en"}, "fr": {"FR", "fr"}, "it": {"IT", "it"}, "es": {"ES", "es"}, "nl": {"NL", "nl"}, "pl": {"PL", "pl"}, "us": {"US", "en"}}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".csv")
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			home, known := homes[name[strings.LastIndexByte(name, '-')+1:]]
			if !known {
				home = homes["de"]
			}
			columns, rows := readTable(t, string(data))
			m, findings := survey(columns, rows, home[0], home[1])
			var out strings.Builder
			for _, c := range m.Columns {
				fmt.Fprintf(&out, "%s\n", asJSON(t, c))
			}
			for _, f := range findings {
				fmt.Fprintf(&out, "%s %s\n", f.Level, f.Message)
				if f.Code == NoKey {
					m.Key = "emails[0].address"
					if _, err := NewReader(m, columns, ""); err != nil {
						t.Fatal(err)
					}
				}
			}
			m.Unmapped = UnmappedIgnore
			r := newReader(t, m, columns, home[0])
			for i, row := range rows {
				in, problems := r.Item(row)
				_, problems = normal(t, in, problems, home[0])
				fmt.Fprintf(&out, "%d: %s\n", i+1, asJSON(t, in))
				for _, p := range problems {
					fmt.Fprintf(&out, "%d: %s %s\n", i+1, p.Code, p.Message)
				}
			}
			golden(t, filepath.Join("exports", name+".golden"), out.String())
		})
	}
}

// TestLongFilesAreRecognisedAsShortOnes repeats each file's rows beyond the
// sample: what is only tried on some cells must not count against the others.
func TestLongFilesAreRecognisedAsShortOnes(t *testing.T) {
	for _, name := range []string{"crm-it", "crm-us", "sap-kna1", "unlabelled", "dynamics-it", "salesforce-api"} {
		columns, rows := readTable(t, readFile(t, filepath.Join("exports", name+".csv")))
		short, _ := survey(columns, rows, "IT", "it")
		s := NewSurvey(columns, "IT", "it")
		id := -1
		for _, c := range short.Resolve(columns) {
			if c.Field == "externalId" {
				id = c.Position - 1
			}
		}
		for i := range sampleRows + 2000 {
			row := append([]string{}, rows[i%len(rows)]...)
			row[id] += strconv.Itoa(i)
			s.Add(i+1, row)
		}
		long, _ := s.Mapping(nil)
		if !reflect.DeepEqual(long, short) {
			t.Errorf("%s\nshort %+v\nlong  %+v", name, short, long)
		}
	}
}
