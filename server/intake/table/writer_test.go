package table

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func written(t testing.TB, kind Kind, mark bool, columns []string, rows ...[]string) string {
	t.Helper()
	var b bytes.Buffer
	w, err := NewWriter(&b, kind, columns)
	if err != nil {
		t.Fatal(err)
	}
	w.Mark = mark
	for _, row := range rows {
		if err := w.Write(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestCSVIsWrittenByTheBook(t *testing.T) {
	columns := []string{"a", "b", "=c"}
	got := written(t, KindCSV, true, columns, []string{"x", "1,5;\t|", "say \"hi\""}, []string{"", Absent, "two\nlines"}, []string{"+49", "-1", "@x"}, []string{"\tx", "\rx", "'=x"}, []string{"'s", "a=b", " y "})
	want := "\uFEFFa,b,\"'=c\"\r\nx,\"1,5;\t|\",\"say \"\"hi\"\"\"\r\n,,\"two\nlines\"\r\n\"'+49\",\"'-1\",\"'@x\"\r\n\"'\tx\",\"'\rx\",\"''=x\"\r\n\"'s\",a=b, y \r\n"
	if got != want {
		t.Errorf("\n got %q\nwant %q", got, want)
	}
}

func TestCSVIsWrittenForTheProgramItGoesTo(t *testing.T) {
	var b bytes.Buffer
	w, err := NewWriter(&b, KindCSV, []string{"a", "b"})
	if err != nil {
		t.Fatal(err)
	}
	w.Separator = ';'
	// The second row is broken on purpose.
	if err := errors.Join(w.Write([]string{"1;2", "=1"}), w.Write([]string{"1", "2", "3"}), w.Close()); err != nil {
		t.Fatal(err)
	}
	if got := b.String(); got != "a;b\r\n\"1;2\";\"'=1\"\r\n1;2;3\r\n" {
		t.Errorf("%q", got)
	}
	table := openString(t, b.String(), Options{})
	if row, err := table.Next(); err != nil || !slices.Equal(row.Cells, []string{"1;2", "=1"}) {
		t.Errorf("%q, %v", row.Cells, err)
	}
	var broken *RowError
	if _, err := table.Next(); !errors.As(err, &broken) || broken.Code != RowTooManyCells {
		t.Errorf("the broken row: %v", err)
	}
}

func TestNDJSONIsWrittenOneALine(t *testing.T) {
	if got := written(t, KindNDJSON, true, []string{"a", "b[0].c"}, []string{"x\ny", Absent}, []string{"", "ü"}); got != "{\"a\":\"x\\ny\"}\n{\"a\":\"\",\"b[0].c\":\"ü\"}\n" {
		t.Errorf("%q", got)
	}
	var b bytes.Buffer
	w, err := NewWriter(&b, KindNDJSON, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.WriteDocument([]byte("{ \"externalId\":\n\"1\" }")), w.Close()); err != nil {
		t.Fatal(err)
	}
	if b.String() != "{\"externalId\":\"1\"}\n" {
		t.Errorf("%q", b.String())
	}
	if err := w.WriteDocument([]byte("{")); err == nil {
		t.Error("broken JSON is written")
	}
}

func TestWriterRefusesWhatDoesNotFit(t *testing.T) {
	if _, err := NewWriter(io.Discard, KindVCard, nil); err == nil {
		t.Error("vCards are written")
	}
	for _, kind := range []Kind{KindCSV, KindXLSX} {
		w, err := NewWriter(io.Discard, kind, []string{"a", "b"})
		if err != nil {
			t.Fatal(err)
		}
		if w.Write([]string{"1"}) == nil {
			t.Errorf("%s: a row of one cell fits two columns", kind)
		}
		if w.WriteDocument([]byte("{}")) == nil {
			t.Errorf("%s: a document is written", kind)
		}
		if err := w.Write([]string{strings.Repeat("ä", 32768), ""}); (err == nil) == (kind == KindXLSX) {
			t.Errorf("%s: a long cell: %v", kind, err)
		}
		if err := w.Close(); err != nil {
			t.Error(err)
		}
		if w.Write([]string{"1", "2"}) == nil {
			t.Errorf("%s: a row is written after Close", kind)
		}
	}
}

// hard are cells that get lost easily.
var hard = [][]string{
	{"K-1", "+49 160 1", "=1+1", "-", "'+", "''@"},
	{"K-2", "a\r\nb", "a\nb", "\"", "a\"\"b", "' "},
	{"K-3", " x ", "1,5", "a;b", "a\tb", "a|b"},
	{"K-4", "007", "1970-12-31", "true", "1e5", "\\\""},
	{"K-5", "ü😀", "'s-Gravenhage", "<b>&amp;</b>", "_x000D_x000D__x", "\u00a0"},
	{"K-6", "", "", "", "", "x"},
}

func TestWhatIsWrittenIsReadTheSame(t *testing.T) {
	columns := []string{"externalId", "phones[0].number", "note", "a", "b", "c"}
	for _, kind := range []Kind{KindCSV, KindXLSX, KindNDJSON} {
		table := openString(t, written(t, kind, true, columns, hard...), Options{})
		if table.Kind != kind || !slices.Equal(table.Columns, columns) {
			t.Errorf("%s: read as %s with %q", kind, table.Kind, table.Columns)
		}
		for _, want := range hard {
			row, err := table.Next()
			if err != nil || !slices.Equal(row.Cells, want) {
				t.Errorf("%s: %q, %v, want %q", kind, row.Cells, err, want)
			}
		}
		if _, err := table.Next(); !errors.Is(err, io.EOF) {
			t.Errorf("%s: ends with %v", kind, err)
		}
	}
}

func FuzzWhatIsWrittenIsReadTheSame(f *testing.F) {
	for _, row := range hard {
		f.Add(row[1], row[2], row[3])
	}
	f.Add("'", "''=", "\x1a")
	columns := []string{"externalId", "one", "two", "three"}
	f.Fuzz(func(t *testing.T, one, two, three string) {
		row := []string{"K-1", one, two, three}
		for _, cell := range row {
			if !utf8.ValidString(cell) || strings.ContainsRune(cell, 0) || len(cell) > 10_000 {
				return
			}
		}
		for _, kind := range []Kind{KindCSV, KindNDJSON} {
			table := openString(t, written(t, kind, false, columns, row, row), Options{Kind: kind, HeaderRow: 1})
			for range 2 {
				got, err := table.Next()
				if err != nil || !slices.Equal(got.Cells, row) {
					t.Fatalf("%s: %q, %v, want %q", kind, got.Cells, err, row)
				}
			}
		}
	})
}
