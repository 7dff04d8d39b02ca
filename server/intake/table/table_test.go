package table

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"
)

// show reads a file and writes down what came of it: the columns, then a line
// for each row. ∅ is a cell that is Absent, ¶ a line break in a cell.
func show(t testing.TB, data string, o Options) string {
	t.Helper()
	table, err := Open(strings.NewReader(data), int64(len(data)), o)
	if err != nil {
		var unfit *FileError
		if !errors.As(err, &unfit) {
			t.Fatalf("Open: %v is no *FileError", err)
		}
		return "! " + string(unfit.Code)
	}
	defer close(t, table)
	var b strings.Builder
	if !table.Documents {
		b.WriteString(plain(table.Columns) + "\n")
	}
	for {
		row, err := table.Next()
		var broken *RowError
		switch {
		case errors.Is(err, io.EOF):
			return strings.TrimSuffix(b.String(), "\n")
		case errors.As(err, &broken):
			if broken.Number != row.Number {
				t.Errorf("row %d comes with an error of row %d", row.Number, broken.Number)
			}
			fmt.Fprintf(&b, "%d! %s\n", broken.Number, broken.Code)
		case err != nil:
			fmt.Fprintf(&b, "! %v\n", err)
			return b.String()
		case table.Documents:
			fmt.Fprintf(&b, "%d %s\n", row.Number, row.Document)
		default:
			if len(row.Cells) != len(table.Columns) {
				t.Errorf("row %d has %d cells for %d columns", row.Number, len(row.Cells), len(table.Columns))
			}
			fmt.Fprintf(&b, "%d %s\n", row.Number, plain(row.Cells))
		}
	}
}

func plain(cells []string) string {
	s := strings.Join(cells, "|")
	return strings.NewReplacer(Absent, "∅", "\n", "¶", "\r", "␍").Replace(s)
}

func close(t testing.TB, table *Table) {
	t.Helper()
	if err := table.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
}

func openString(t testing.TB, data string, o Options) *Table {
	t.Helper()
	table, err := Open(strings.NewReader(data), int64(len(data)), o)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(func() { close(t, table) })
	return table
}

type example struct{ name, data, want string }

func check(t *testing.T, tests []example, o Options) {
	t.Helper()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := show(t, test.data, o); got != test.want {
				t.Errorf("%q\n got: %s\nwant: %s", test.data, got, test.want)
			}
		})
	}
}

func TestAnExampleExportGoesInWhole(t *testing.T) {
	data, err := os.ReadFile("testdata/crm-export-de.csv")
	if err != nil {
		t.Fatal(err)
	}
	table := openString(t, string(data), Options{})
	if table.Encoding != "Windows-1252" || table.Separator != ';' || table.HeaderRow != 1 || len(table.Columns) != 16 {
		t.Fatalf("read as %s, %q, headings in row %d: %q", table.Encoding, table.Separator, table.HeaderRow, table.Columns)
	}
	breaks := 0
	for n := 0; ; n++ {
		row, err := table.Next()
		if errors.Is(err, io.EOF) {
			if n != 500 {
				t.Errorf("%d rows, want 500", n)
			}
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if n == 201 {
			breaks++ // the line before it holds nothing but separators
		}
		if row.Number != n+2+breaks {
			t.Fatalf("row %d of the file counts as line %d, want %d", n, row.Number, n+2+breaks)
		}
		breaks += strings.Count(strings.Join(row.Cells, ""), "\n")
	}
	if table.Offset() != table.Size() {
		t.Errorf("at the end, %d of %d bytes are read", table.Offset(), table.Size())
	}
}

func TestReadingFailureIsFinal(t *testing.T) {
	data := strings.Repeat("a;b;c\n", 1<<20)
	broken := errors.New("the disk is gone")
	table, err := Open(failingReader{data, 4 << 20, broken}, int64(len(data)), Options{HeaderRow: 1, Encoding: "UTF-8"})
	if err != nil {
		t.Fatal(err)
	}
	defer close(t, table)
	for {
		_, err = table.Next()
		if err != nil {
			break
		}
	}
	if !errors.Is(err, broken) {
		t.Errorf("Next = %v, want the disk's error", err)
	}
	if _, again := table.Next(); !errors.Is(again, broken) {
		t.Errorf("Next after it = %v, want the same again", again)
	}
}

type failingReader struct {
	data string
	from int64
	err  error
}

func (f failingReader) ReadAt(p []byte, at int64) (int, error) {
	if at+int64(len(p)) > f.from {
		return 0, f.err
	}
	return strings.NewReader(f.data).ReadAt(p, at)
}

// endless is a CSV of any size that is made as it is read.
type endless struct {
	header, row string
	size        int64
}

func (e endless) ReadAt(p []byte, at int64) (int, error) {
	n := 0
	for n < len(p) && at < e.size {
		part := e.header
		if at >= int64(len(e.header)) {
			part = e.row[(at-int64(len(e.header)))%int64(len(e.row)):]
		} else {
			part = part[at:]
		}
		copied := copy(p[n:], part)
		n, at = n+copied, at+int64(copied)
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func TestMemoryIsBoundedForFilesOfAnyLength(t *testing.T) {
	row := strings.Repeat("Juliane;Kettenis;juliane@example.net;Hauptstr. 3;24103;Kiel\n", 40) + "\"Max\";Muster;max@example.net;\"Weg \"\"A\"\" 1\";24103;Kiel\n"
	tests := []struct {
		name string
		file endless
		rows bool
	}{
		{"rows", endless{"Vorname;Name;E-Mail;Straße;PLZ;Ort\n", row, 300 << 20}, true},
		{"a line that never ends", endless{"Vorname;Name;E-Mail\n", strings.Repeat("a;b;c", 20_000), 2 << 30}, false},
		{"a quote that is never closed", endless{"Vorname;Name;E-Mail\na;\"b;c\n", "a;b;c\n", 40 << 20}, true},
		{"quotes that are never closed", endless{"Vorname;Name;E-Mail\n", "a;\"\"\"\n", 4 << 20}, false},
		{"JSON", endless{"", `{"a":{"b":"c","d":["e",1,2,3]}}` + "\n", 30 << 20}, true},
		{"a list that never ends", endless{"[", `{"a":{"b":"c","d":["e",1,2,3]}},`, 30 << 20}, true},
		{"an object that never ends", endless{"[{", strings.Repeat(`"a":[`, 20_000), 300 << 20}, false},
		{"cards", endless{"", "BEGIN:VCARD\nFN:Max Muster\nEND:VCARD\n", 10 << 20}, true},
		{"a photo", endless{"BEGIN:VCARD\nFN:Max Muster\nPHOTO:", strings.Repeat("AAAA", 20_000), 300 << 20}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var before, now runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			table, err := Open(test.file, test.file.size, Options{})
			var most uint64
			rows := 0
			for err == nil || !errors.Is(err, io.EOF) {
				var broken *RowError
				var unfit *FileError
				if errors.As(err, &unfit) {
					break
				}
				if err != nil && !errors.As(err, &broken) {
					t.Fatal(err)
				}
				_, err = table.Next()
				if rows++; rows%200_000 == 1 {
					runtime.GC()
					runtime.ReadMemStats(&now)
					most = max(most, now.HeapAlloc)
				}
			}
			if table != nil {
				close(t, table)
			}
			if most > before.HeapAlloc+16<<20 {
				t.Errorf("holds %d KiB after %d rows", (most-before.HeapAlloc)>>10, rows)
			}
			if test.rows && rows < 200_000 {
				t.Errorf("%d rows only: %v", rows, err)
			}
		})
	}
}

func TestProgressGoesFromNothingToTheSize(t *testing.T) {
	file := endless{"a;b\n", "1;2\n", 4 << 20}
	table, err := Open(file, file.size, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer close(t, table)
	last := int64(0)
	for {
		_, err := table.Next()
		at := table.Offset()
		if at < last || at > table.Size() {
			t.Fatalf("offset %d after %d of %d", at, last, table.Size())
		}
		last = at
		if errors.Is(err, io.EOF) {
			break
		}
	}
	if last != file.size {
		t.Errorf("ends at %d of %d", last, file.size)
	}
}

func TestTextsOfARowStay(t *testing.T) {
	table := openString(t, "a;b\n1;\"2\"\n3;4\n", Options{})
	first, err := table.Next()
	if err != nil {
		t.Fatal(err)
	}
	one, two := first.Cells[0], first.Cells[1]
	if _, err := table.Next(); err != nil {
		t.Fatal(err)
	}
	if one != "1" || two != "2" {
		t.Errorf("texts became %q, %q", one, two)
	}
	if !bytes.Equal([]byte(one), []byte("1")) {
		t.Error("a text changed")
	}
}
