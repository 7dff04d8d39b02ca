package report

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestReportsSayTheSameInEachLanguage(t *testing.T) {
	said := map[string][]string{}
	for _, tag := range []string{"en", "de"} {
		data, err := texts.ReadFile("texts/" + tag + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var all map[string]string
		if err := json.Unmarshal(data, &all); err != nil {
			t.Fatal(err)
		}
		for key, text := range all {
			marks := strings.Count(text, "{{")
			said[tag] = append(said[tag], fmt.Sprint(key, " with ", marks))
		}
		slices.Sort(said[tag])
	}
	if !slices.Equal(said["en"], said["de"]) {
		for tag, other := range map[string]string{"en": "de", "de": "en"} {
			for _, key := range said[tag] {
				if !slices.Contains(said[other], key) {
					t.Errorf("%s says %s, %s does not", tag, key, other)
				}
			}
		}
	}
}

func TestNumbersAreWrittenAsTheLanguageDoes(t *testing.T) {
	de, en := VoiceFor("de-AT"), VoiceFor("fr", "en")
	for want, got := range map[string]string{
		"1.234.567": Number(de, 1234567), "-1,234": Number(en, -1234), "0,5 %": share(de, ptr(.005)).Text, "54 %": share(en, ptr(.541)).Text,
		"35,6 Std.": hours(de, ptr(35.61)).Text, "12 min": hours(en, ptr(.2)).Text, "3.0 days": hours(en, ptr(72.0)).Text,
		"0,385 EUR": money(de, .385, "EUR").Text, "1,204.50 CHF": money(en, 1204.5, "CHF").Text, "–": share(en, nil).Text,
		"1. Mai 2026 bis 31. Mai 2026": period(de, "2026-05-01", "2026-05-31"),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func ptr[T any](v T) *T { return &v }

func TestACustomReportReadsItsRows(t *testing.T) {
	c := Custom{Name: "Antworten", Chart: "LINE", RowsAt: "report.byDay", LabelAt: "date", ValuesAt: []string{"n", "deep.er"}, Since: "2026-05-01", Until: "2026-05-02"}
	d, err := c.Read(VoiceFor("en"), json.RawMessage(`{"report": {"byDay": [{"date": "2026-05-01", "n": 1200, "deep": {"er": 0.5}}, {"date": null, "n": "=x", "deep": []}]}}`))
	if err != nil {
		t.Fatal(err)
	}
	columns, rows := d.Table()
	if got := fmt.Sprintln(columns, rows, d.Sections[0].Rows[0].Cells[0].Text, d.Sections[0].Chart.Points[0].Values, d.Sections[0].Chart.Top()); got != "[date n deep.er] [[2026-05-01 1200 0.5] [ =x ]] 1,200 [1200 0.5] 1200\n" {
		t.Error(got)
	}
}

func FuzzCustomReport(f *testing.F) {
	f.Add(`{"a": [{"b": 1}]}`, "a", "b")
	f.Add(`{"a": {"b": [[], 1e999, {"": null}]}}`, "a.b", "")
	f.Fuzz(func(t *testing.T, data, rows, way string) {
		c := Custom{Chart: "BARS", RowsAt: rows, LabelAt: way, ValuesAt: []string{way}, Since: "2026-05-01", Until: "2026-05-02"}
		d, err := c.Read(VoiceFor("de"), json.RawMessage(data))
		if err != nil {
			return
		}
		columns, cells := d.Table()
		for _, row := range cells {
			if len(row) != len(columns) {
				t.Errorf("%d cells for %d columns", len(row), len(columns))
			}
		}
		if c := d.Sections[0].Chart; c != nil && !(c.Top() >= 1) {
			t.Errorf("the top is %v", c.Top())
		}
	})
}
