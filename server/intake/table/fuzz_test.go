package table

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"complero/db/profile"
)

// readAll reads whatever it is given, and checks what holds of any file.
func readAll(t *testing.T, data string, o Options) {
	t.Helper()
	table, err := Open(strings.NewReader(data), int64(len(data)), o)
	if err != nil {
		var unfit *FileError
		if !errors.As(err, &unfit) {
			t.Fatalf("Open: %v is no *FileError", err)
		}
		return
	}
	defer close(t, table)
	seen := map[string]bool{}
	for _, column := range table.Columns {
		if low := strings.ToLower(column); seen[low] && table.Kind != KindNDJSON {
			t.Fatalf("column %q comes twice", column)
		} else {
			seen[low] = true
		}
	}
	last, lastOffset := 0, int64(0)
	for n := 0; ; n++ {
		row, err := table.Next()
		if at := table.Offset(); at < lastOffset || at > table.Size() {
			t.Fatalf("offset %d after %d of %d", at, lastOffset, table.Size())
		} else {
			lastOffset = at
		}
		var broken *RowError
		var unfit *FileError
		switch {
		case errors.Is(err, io.EOF), errors.As(err, &unfit):
			return
		case errors.As(err, &broken):
			if broken.Number != row.Number || broken.What == "" {
				t.Fatalf("row %d: %v", row.Number, broken)
			}
		case err != nil:
			t.Fatalf("Next: %v", err)
		case table.Documents:
			if !json.Valid(row.Document) {
				t.Fatalf("row %d: %q is no JSON", row.Number, row.Document)
			}
		default:
			checkRow(t, table, row)
		}
		if row.Number < last {
			t.Fatalf("row %d comes after %d", row.Number, last)
		}
		last = row.Number
		if n > len(data)+10 && table.Size() <= int64(len(data)) {
			t.Fatal("more rows than bytes")
		}
	}
}

func checkRow(t *testing.T, table *Table, row Row) {
	t.Helper()
	if len(row.Cells) != len(table.Columns) {
		t.Fatalf("row %d has %d cells for %d columns", row.Number, len(row.Cells), len(table.Columns))
	}
	for _, cell := range row.Cells {
		if cell != Absent && (!utf8.ValidString(cell) || strings.ContainsRune(cell, 0)) {
			t.Fatalf("row %d: %q is no text", row.Number, cell)
		}
	}
}

func FuzzCSV(f *testing.F) {
	if data, err := os.ReadFile("testdata/crm-export-de.csv"); err == nil {
		f.Add(string(data[:3000]))
	}
	for _, s := range []string{"a;b\n1;\"2\n3;4\n", "sep=,\na,b\n'1','2'\n", "a\tb\r1\t\"x\"\"y\"\r", "a,b\n\"x\\\"y\",2\n", wideText, "\xff\xfea\x00;\x00b\x00", "t\n\na;b;c\n1;2;3;4\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, data string) {
		readAll(t, data, Options{Kind: KindCSV, Limits: Limits{Cell: 200, Row: 500, Columns: 20}})
	})
}

const wideText = "a\x00;\x00b\x00\n\x001\x00;\x002\x00\n\x00"

func FuzzJSON(f *testing.F) {
	for _, s := range []string{`{"a":1}` + "\n" + `{"a":{"b":[1,null,"x"]}}`, `[{"a":1},{"a":2`, `{"data":{"x":[{"a":"\u00fc\ud83d"}]}}`, `{"externalId":"1","emails":[{"address":"x"}]}`, "[{\"a\":\"1,\n{\"a\":2}]"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, data string) {
		readAll(t, data, Options{Kind: KindNDJSON, Limits: Limits{Cell: 200, Row: 500, Columns: 20}})
	})
}

// The walker takes for JSON what encoding/json does.
func FuzzJSONIsWhatEncodingJSONTakesForIt(f *testing.F) {
	for _, s := range []string{`{"a":[1,-0.5e+3,true,null,{}],"b":"\u00e4\n"}`, `{"a":01}`, `{"a":1,}`, `{"a":"` + "\t" + `"}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, data string) {
		w := walker{}
		err := w.walk([]byte(data))
		if errors.Is(err, errTooDeep) {
			return
		}
		isObject := strings.HasPrefix(strings.TrimLeft(data, " \t\r\n"), "{")
		if want := json.Valid([]byte(data)) && isObject; (err == nil) != want {
			t.Fatalf("%q: %v, encoding/json says %t", data, err, want)
		}
	})
}

func FuzzVCard(f *testing.F) {
	for _, s := range []string{cardOf("VERSION:2.1", "N;ENCODING=QUOTED-PRINTABLE:=C3=\r\n=BC;x"), cardOf("FN:A", "item1.TEL;TYPE=\"a,b\":1", "item1.X-ABLABEL:_$!<Work>!$_", "ADR:;;a\\nb;c"), "BEGIN:VCARD\nBEGIN:VCARD\nEND:VCARD", cardOf("AGENT:", "BEGIN:VCARD", "END:VCARD", "PHOTO:", " x", "BDAY:19700101")} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, data string) {
		readAll(t, data, Options{Kind: KindVCard, Limits: Limits{Cell: 200, Row: 500}})
		table, err := Open(strings.NewReader(data), int64(len(data)), Options{Kind: KindVCard})
		if err != nil {
			return
		}
		defer close(t, table)
		for {
			row, err := table.Next()
			var broken *RowError
			if errors.As(err, &broken) {
				continue
			}
			if err != nil {
				return
			}
			var in profile.Input
			if err := in.UnmarshalJSON(row.Document); err != nil {
				t.Fatalf("%s is no ContactInput: %v", row.Document, err)
			}
		}
	})
}

func FuzzXLSXSheet(f *testing.F) {
	for _, s := range []string{rowsOf(line("a", "b"), line("1", "2")), `<sheetData><row r="2"><c r="B2" s="1"><f>x</f><v>1.5</v></c><c t="s"><v>1</v></c></row></sheetData><mergeCell/>`, `<x:sheetData><row a='>'><c t="e"/></row><!-- x --><![CDATA[x]]>`} {
		f.Add(s, `<si><t>a</t></si><si><r><t>b</t></r></si>`, `<cellXfs><xf numFmtId="14"/></cellXfs>`)
	}
	f.Fuzz(func(t *testing.T, sheet, texts, styles string) {
		data := sheets(t, []string{"xl/sharedStrings.xml", texts, "xl/styles.xml", styles}, `name="A"`, sheet)
		readAll(t, data, Options{Limits: Limits{Cell: 200, Row: 500, Columns: 20}})
	})
}

func FuzzAnyFile(f *testing.F) {
	f.Add(sheets(f, nil, `name="A"`, rowsOf(line("a", "b"), line("1", "2"))))
	f.Add(gzipOf(f, "a;b\n1;2\n"))
	f.Add(zipOf(f, "a.csv", "a;b\n1;2\n"))
	f.Add("a;b\n1;2\n")
	f.Add(`{"a":1}`)
	f.Add(cardOf("FN:A"))
	f.Add("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
	f.Fuzz(func(t *testing.T, data string) {
		readAll(t, data, Options{Limits: Limits{Cell: 200, Row: 500, Columns: 20, Unpacked: 1 << 20}})
	})
}
