package main_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"complero/db/dbtest"
)

// mostMemory is what the program may take at most, in MB, whatever is sent.
const mostMemory = 150

// A badFile is one that cannot be imported, or not well.
type badFile struct {
	name string
	data func() io.Reader
	// counts are how many rows of the Operation were taken; "" where there is none.
	counts string
	// want is what is said.
	want string
}

func badFiles(t *testing.T) []badFile {
	text := func(s string) func() io.Reader { return func() io.Reader { return strings.NewReader(s) } }
	bomb := func(part string) func() io.Reader {
		data := zipBomb(t, part)
		return func() io.Reader { return bytes.NewReader(data) }
	}
	sheet, texts := bomb("xl/worksheets/sheet1.xml"), bomb("xl/sharedStrings.xml")
	const noKey, tooLong, damaged = "no column looks like the key by which the Source knows a Contact", "the first is longer than a row may be", "the file is cut off or damaged"
	return []badFile{
		{"empty.csv", text(""), "", "the file is empty"},
		{"header.csv", text("externalId,familyName\n"), "", "headings and no row below them"},
		{"blank.csv", text("\n\n  \n"), "", "nothing but white space"},
		{"letter.csv", text("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog>>\nendobj\n" + strings.Repeat("\x00\x01\x02stream\n", 1000)), "", "the file is a PDF"},
		{"nul.csv", text("externalId,familyName\nK-1,Fro\x00hn\nK-2,Kupfer\n"), "COMPLETED 1 of 2", "holds a NUL byte"},
		{"binary.csv", text(strings.Repeat("\x00", 1<<20)), "", "the file is no text"},
		{"quote.csv", text("externalId,familyName\nK-1,\"Frohn\nK-2,Kupfer\n" + strings.Repeat("K-3,Baum\n", 1000)), "", noKey},
		{"rejected.csv", func() io.Reader { return rejected(10_000) }, "COMPLETED 0 of 10000", "column \"birthDate\""},
		{"wide.csv", func() io.Reader { return columns(1_000_000) }, "", tooLong},
		{"line.csv", func() io.Reader { return endless("x", long) }, "", tooLong},
		{"line.json", func() io.Reader { return endless("x", long) }, "", tooLong},
		{"quoted.csv", func() io.Reader {
			return io.MultiReader(strings.NewReader("externalId,familyName\nK-1,\""), endless("Frohn,x\n", long/8))
		}, "", noKey},
		{"line.ndjson", func() io.Reader { return io.MultiReader(strings.NewReader(`{"externalId":"`), endless("x", long)) }, "", tooLong},
		{"line.vcf", func() io.Reader { return io.MultiReader(strings.NewReader("BEGIN:VCARD\nFN:"), endless("x", long)) }, "", "no row has an externalId"},
		{"sheet.xlsx", sheet, "", "unpacks to more than 500 times its size"},
		{"strings.xlsx", texts, "COMPLETED 1 of 1", ""},
		{"cut.xlsx", func() io.Reader { return io.LimitReader(texts(), 5000) }, "", damaged},
		{"nothing.xlsx", text("PK\x03\x04"), "", damaged},
	}
}

// long is a line that is longer than all memory that the program may take.
const long = 160 << 20

// rejected is a file of which no row is good.
func rejected(rows int) io.Reader {
	var b bytes.Buffer
	b.WriteString("externalId,familyName,birthDate\n")
	for n := range rows {
		fmt.Fprintf(&b, "R-%d,Frohn,1970-%02d-30\n", n, 2+11*(n%2))
	}
	return &b
}

// endless is n bytes of the same text again and again.
func endless(text string, n int64) io.Reader {
	return io.LimitReader(&repeated{text: bytes.Repeat([]byte(text), 64<<10/len(text))}, n)
}

type repeated struct {
	text []byte
	at   int
}

func (r *repeated) Read(into []byte) (int, error) {
	n := copy(into, r.text[r.at:])
	r.at = (r.at + n) % len(r.text)
	return n, nil
}

// columns is a file of a header and a row with so many columns.
func columns(n int) io.Reader {
	var b bytes.Buffer
	for _, cell := range []string{"column %d", "%d"} {
		for k := range n {
			fmt.Fprintf(&b, cell+",", k)
		}
		b.WriteString("\n")
	}
	return &b
}

// zipBomb is a workbook one part of which is a thousand times as large as the file.
func zipBomb(t *testing.T, part string) []byte {
	t.Helper()
	const size = 256 << 20
	parts := []struct{ name, head, fill string }{
		{"[Content_Types].xml", `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`, ""},
		{"_rels/.rels", `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`, ""},
		{"xl/workbook.xml", `<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>`, ""},
		{"xl/_rels/workbook.xml.rels", `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>`, ""},
		{"xl/sharedStrings.xml", `<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>externalId</t></si>`, `<si><t>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa</t></si>`},
		{"xl/worksheets/sheet1.xml", `<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>`, "aaaaaaaaaaaaaaaa"},
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range parts {
		w, err := z.Create(p.name)
		if err == nil {
			_, err = io.WriteString(w, p.head)
		}
		if err == nil && p.name == part {
			_, err = io.Copy(w, endless(p.fill, size))
		} else if err == nil && p.name == "xl/worksheets/sheet1.xml" {
			_, err = io.WriteString(w, `K-1</t></is></c></row></sheetData></worksheet>`)
		} else if err == nil && p.name == "xl/sharedStrings.xml" {
			_, err = io.WriteString(w, `</sst>`)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Whatever is sent ends in an error or an Operation that says what is wrong;
// the server goes on, in bounded memory, and so does the command.
func TestBadFilesEndClearlyInBoundedMemory(t *testing.T) {
	i := install(t, dbtest.SQLite, "--upload-rate", "0")
	a := i.setup("Nordlicht")
	i.start()
	for _, bad := range badFiles(t) {
		t.Run(bad.name, func(t *testing.T) {
			got := i.importBad(a, bad)
			if peak := i.peak(); !strings.HasPrefix(got, bad.counts) || !strings.Contains(got, bad.want) || peak > mostMemory {
				t.Errorf("the API answers %q in %.0f MB, want %q", got, peak, bad.want)
			}
			got, peak := i.importByCommand(t, a, bad)
			if !strings.Contains(got, bad.want) || peak > mostMemory {
				t.Errorf("the command says %q in %.0f MB, want %q", got, peak, bad.want)
			}
		})
	}
	i.stop()
}

// importBad imports by the API, and returns the error or what has come of it.
func (i *installation) importBad(a account, bad badFile) string {
	i.t.Helper()
	id, err := i.importFile(a.LiveKey, bad.name, bad.data(), nil)
	if err != nil {
		return err.Error()
	}
	op := i.finish(a.LiveKey, id)
	var got struct {
		Operation struct {
			Import struct{ Problems []struct{ Message string } }
		}
	}
	i.call(a.LiveKey, `query($id: ID!) { operation(id: $id) { import { problems { message } } } }`, map[string]any{"id": id}, &got)
	text := fmt.Sprintf("%s %d of %d: ", op.Status, op.Processed-op.Rejected, op.Processed)
	for _, p := range got.Operation.Import.Problems {
		text += p.Message
	}
	return text
}

// importByCommand imports by the command, which finds the server running, and
// returns what it says, and its peak memory in MB, as far as Linux tells it.
func (i *installation) importByCommand(t *testing.T, a account, bad badFile) (said string, peak float64) {
	t.Helper()
	file := filepath.Join(t.TempDir(), bad.name)
	f, err := os.Create(file)
	if err == nil {
		_, err = io.Copy(f, bad.data())
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(i.file, append([]string{"import", file, "--company", a.CompanyID}, i.storage()...)...)
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	for {
		peak = max(peak, peakOf(t, c.Process.Pid))
		select {
		case err := <-ended:
			return fmt.Sprintf("%s%v", out.String(), err), peak
		case <-time.After(5 * time.Millisecond):
		}
	}
}
