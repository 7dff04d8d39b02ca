package export

import (
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"complero/db"
	"complero/frontend/report"
	"complero/server/intake/table"
	"complero/theme"
)

// sampleReport has one section of each sort, and what people may type.
func sampleReport() *report.Document {
	cells := func(texts ...string) []report.Cell {
		var all []report.Cell
		for _, text := range texts {
			all = append(all, report.Cell{Text: text, Raw: text})
		}
		return all
	}
	d := &report.Document{Voice: report.VoiceFor("de"), Title: "Bericht: Nordlicht", Period: "1. Mai 2026 bis 31. Mai 2026"}
	d.Sections = []*report.Section{
		{Key: "figures", Title: "Auf einen Blick", Columns: []string{"Kennzahl", "Jetzt"}, Rows: []report.Row{{Key: "sent", Label: "Gesendet", Cells: cells("4711")}}},
		{
			Key: "employee", Title: "Nach Mitarbeiter", Columns: []string{"Mitarbeiter", "Quote"},
			Rows:  []report.Row{{Key: "=1+1", Label: "=HYPERLINK(\"x\")", Cells: cells("54 %")}, {Key: "V-2", Label: strings.Repeat("Łukasz 😀 Żółć ", 20), Cells: cells("61 %")}},
			Chart: &report.Chart{Kind: report.Across, Parts: []string{"Quote"}, Points: []report.Point{{Label: "a", Values: []float64{.54}}, {Label: "b", Values: []float64{.61}}}},
		},
		{
			Key: "days", Title: "Verlauf", Columns: []string{"Tag", "a", "b"}, Rows: []report.Row{{Key: "1", Label: "1. Mai", Cells: cells("3", "5")}},
			Chart: &report.Chart{Parts: []string{"a", "b"}, Points: []report.Point{{Label: "1. Mai", Values: []float64{3, 5}}}},
		},
		{
			Key: "line", Title: "Linie", Columns: []string{"Tag", "a"},
			Chart: &report.Chart{Kind: report.Lines, Parts: []string{"a"}, Points: []report.Point{{Label: "x", Values: []float64{1}}, {Label: "y", Values: []float64{2}}}},
		},
	}
	for range 120 {
		d.Sections[0].Rows = append(d.Sections[0].Rows, report.Row{Key: "k", Label: "Zeile", Cells: cells("1")})
	}
	return d
}

func TestAReportsTablesBeginNoFormula(t *testing.T) {
	for _, kind := range []string{"csv", "xlsx"} {
		var file bytes.Buffer
		if err := Report(t.Context(), nil, sampleReport(), kind, &file); err != nil {
			t.Fatal(err)
		}
		if kind == "csv" && (regexp.MustCompile(`(?m)(^|,)"?=`).Match(file.Bytes()) || !strings.Contains(file.String(), "HYPERLINK")) {
			t.Errorf("a formula in\n%.600s", file.String())
		}
		if kind == "xlsx" && !bytes.HasPrefix(file.Bytes(), []byte("PK")) {
			t.Error("no workbook")
		}
	}
	if err := Report(t.Context(), nil, sampleReport(), string(table.KindNDJSON), io.Discard); err == nil {
		t.Error("any kind is written")
	}
}

// TestAReportsPDFHoldsItsFigures reads the file as a viewer does.
func TestAReportsPDFHoldsItsFigures(t *testing.T) {
	var file bytes.Buffer
	brand := &db.Brand{Theme: theme.Brand{Colors: theme.Colors{Primary: "#ffee00"}}}
	if err := writePDF(sampleReport(), brand, &file); err != nil {
		t.Fatal(err)
	}
	text := pdfText(t, file.Bytes())
	for _, want := range []string{"Bericht: Nordlicht", "1. Mai 2026 bis 31. Mai 2026", "Gesendet", "4711", "54 %", "=HYPERLINK", "Łukasz □ Żółć", "…", "bis zu 8"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%.800s", want, text)
		}
	}
	for _, want := range []string{"/Lang (de)", "/FontFile2", "/ToUnicode"} {
		if !bytes.Contains(file.Bytes(), []byte(want)) {
			t.Errorf("the file has no %s", want)
		}
	}
	if pages := bytes.Count(file.Bytes(), []byte("/Type /Page\n")); pages < 3 {
		t.Errorf("%d pages for 120 rows", pages)
	}
}

var (
	pdfObject = regexp.MustCompile(`(?s)\d+ 0 obj\n(.*?)endobj`)
	pdfStream = regexp.MustCompile(`(?s)stream\r?\n(.*?)\r?\nendstream`)
	pdfShown  = regexp.MustCompile(`(?s)\(((?:\\.|[^\\()])*)\) ?Tj|<([0-9A-Fa-f]+)> ?Tj`)
)

// pdfText checks the file's table of objects and reads the texts of its pages,
// which stand in UTF-16.
func pdfText(t *testing.T, file []byte) string {
	t.Helper()
	at := regexp.MustCompile(`startxref\s+(\d+)\s+%%EOF`).FindSubmatch(file)
	if !bytes.HasPrefix(file, []byte("%PDF-1.")) || at == nil {
		t.Fatal("this is no PDF")
	}
	if offset, err := strconv.Atoi(string(at[1])); err != nil || !bytes.HasPrefix(file[offset:], []byte("xref")) {
		t.Fatalf("there is no table of objects at %s", at[1])
	}
	var text strings.Builder
	for _, object := range pdfObject.FindAllSubmatch(file, -1) {
		stream := pdfStream.FindSubmatch(object[1])
		if stream == nil || bytes.Contains(object[1], []byte("/Length1")) {
			continue
		}
		body := stream[1]
		if bytes.Contains(object[1], []byte("FlateDecode")) {
			reader, err := zlib.NewReader(bytes.NewReader(body))
			if err != nil {
				continue
			}
			if body, err = io.ReadAll(reader); err != nil {
				t.Fatal(err)
			}
		}
		for _, shown := range pdfShown.FindAllSubmatch(body, -1) {
			text.WriteString(pdfString(t, shown) + "\n")
		}
	}
	return text.String()
}

func pdfString(t *testing.T, shown [][]byte) string {
	t.Helper()
	raw := regexp.MustCompile(`(?s)\\(.)`).ReplaceAllFunc(shown[1], func(escaped []byte) []byte {
		if by := map[byte]string{'r': "\r", 'n': "\n"}[escaped[1]]; by != "" {
			return []byte(by)
		}
		return escaped[1:]
	})
	if shown[2] != nil {
		var err error
		if raw, err = hex.DecodeString(string(shown[2])); err != nil {
			t.Fatal(err)
		}
	}
	var units []uint16
	for i := 0; i+1 < len(raw); i += 2 {
		units = append(units, uint16(raw[i])<<8|uint16(raw[i+1]))
	}
	return string(utf16.Decode(units))
}
