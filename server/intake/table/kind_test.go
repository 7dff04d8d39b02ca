package table

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"strings"
	"testing"
)

func TestOtherFilesAreNamed(t *testing.T) {
	junk := strings.Repeat("\x00\x01\x02\x03\xff", 100)
	tests := []struct {
		name, data string
		code       FileCode
		says       string
	}{
		{"PDF", "%PDF-1.7\n" + junk, FileUnknown, "PDF"},
		{"JPEG", "\xff\xd8\xff\xe0" + junk, FileUnknown, "JPEG"},
		{"PNG", "\x89PNG\r\n\x1a\n" + junk, FileUnknown, "PNG"},
		{"old Excel", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + junk, FileUnknown, ".xls"},
		{"older Excel", "\x09\x08\x10\x00\x00\x06\x05\x00" + junk, FileUnknown, ".xls"},
		{"locked workbook", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + junk + wide("EncryptedPackage", binary.LittleEndian), FileEncrypted, "password"},
		{"Word", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + junk + wide("WordDocument", binary.LittleEndian), FileUnknown, "Word"},
		{"ODS", zipOf(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml", "<x/>"), FileUnknown, "OpenDocument"},
		{"DOCX", zipOf(t, "[Content_Types].xml", "", "word/document.xml", ""), FileUnknown, "Word"},
		{"XLSB", zipOf(t, "[Content_Types].xml", "", "xl/workbook.bin", ""), FileUnknown, ".xlsb"},
		{"Numbers", zipOf(t, "Index/Document.iwa", ""), FileUnknown, "Numbers"},
		{"no table in a zip", zipOf(t, "a.png", ""), FileUnknown, "no table"},
		{"two tables in a zip", zipOf(t, "a.csv", "a;b\n1;2\n", "b.csv", "a;b\n1;2\n"), FileUnknown, "2 tables"},
		{"cut off zip", zipOf(t, "a.csv", strings.Repeat("a;b\n", 99))[:80], FileBroken, "cut off"},
		{"cut off gzip", gzipOf(t, strings.Repeat("a;b\n", 9999))[:40], FileBroken, "cut off"},
		{"damaged gzip", gzipOf(t, strings.Repeat("a;b\n", 9999)) + "x", FileBroken, ""},
		{"packed twice", gzipOf(t, gzipOf(t, "a;b\n1;2\n")), FileUnknown, "twice"},
		{"7-Zip", "7z\xbc\xaf\x27\x1c" + junk, FileUnknown, "7-Zip"},
		{"a web page", "<!DOCTYPE html><table><tr><td>a</td></tr></table>", FileUnknown, "web page"},
		{"XML", "<?xml version=\"1.0\"?><Workbook/>", FileUnknown, "XML"},
		{"RTF", "{\\rtf1\\ansi x}", FileUnknown, "RTF"},
		{"a database", "SQLite format 3\x00" + junk, FileUnknown, "SQLite"},
		{"anything else", junk, FileUnknown, "no text"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			table, err := Open(strings.NewReader(test.data), int64(len(test.data)), Options{})
			if err == nil {
				close(t, table)
				t.Fatal("it is opened")
			}
			if got := "! " + string(test.code); show(t, test.data, Options{}) != got {
				t.Errorf("%v, want %s", err, test.code)
			}
			if !strings.Contains(err.Error(), test.says) || !strings.Contains(err.Error(), ";") {
				t.Errorf("%q names no %s and cure", err, test.says)
			}
		})
	}
}

func gzipOf(t testing.TB, data string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(data)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestPackedFilesAreRead(t *testing.T) {
	check(t, []example{
		{"gzip", gzipOf(t, "a;b\n1;2\n"), "a|b\n2 1|2"},
		{"zip", zipOf(t, "__MACOSX/._x.csv", "junk", "read.me", "x", "dir/x.csv", "a;b\n1;2\n"), "a|b\n2 1|2"},
		{"a workbook in a zip", zipOf(t, "x.xlsx", sheets(t, nil, `name="A"`, rowsOf(line("a", "b"), line("1", "2")))), "a|b\n2 1|2"},
	}, Options{})
}

func TestBombsAreStopped(t *testing.T) {
	zeros := strings.Repeat("a;b\n", 4<<20)
	limits := Limits{Unpacked: 1 << 20}
	check(t, []example{
		{"gzip", gzipOf(t, zeros), "! TOO_LARGE"},
		{"zip", zipOf(t, "x.csv", zeros), "! TOO_LARGE"},
		{"texts", sheets(t, []string{"xl/sharedStrings.xml", "<sst>" + strings.Repeat("<si><t>x</t></si>", 200_000)}, `name="A"`, ""), "! TOO_LARGE"},
		{"a sheet", sheets(t, nil, `name="A"`, "<sheetData>"+strings.Repeat("<row/>", 400_000)), "! TOO_LARGE"},
	}, Options{Limits: limits})
}

func TestKindAsked(t *testing.T) {
	tests := []struct {
		data string
		kind Kind
		want string
	}{
		{"[{\"a\":1}];b\nx;y\n", KindCSV, `[{"a":1}]|b` + "\n2 x|y"},
		{"a;b\n1;2\n", KindXLSX, "! BROKEN"},
		{"a;b\n1;2\n", "DBF", "! UNKNOWN"},
		{"a;b\n1;2\n", KindNDJSON, "! BROKEN"},
	}
	for _, test := range tests {
		if got := show(t, test.data, Options{Kind: test.kind}); got != test.want {
			t.Errorf("%q as %s: %s, want %s", test.data, test.kind, got, test.want)
		}
	}
}
