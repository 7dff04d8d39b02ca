package table

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
)

// A bookWriter writes a workbook of one sheet, whose cells all are texts, row by
// row: nothing of it is kept in memory or on disk. Other writers keep the packed
// file until it is complete.
type bookWriter struct {
	zip   *zip.Writer
	sheet io.Writer
	names []string // of the columns: A, B, …
	line  []byte
	rows  int
	bytes int64 // of the sheet, unpacked
}

// What a workbook can hold. A part of more than 4 GB, unpacked, is one that not
// every program opens.
const (
	xlsxRows  = 1 << 20
	xlsxCell  = 32767 // in UTF-16
	xlsxBytes = 4<<30 - 1<<20
)

// bookParts are all but the sheet (ECMA-376, part 2, and part 1, 18.2).
var bookParts = [...][2]string{
	{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` +
		`<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`},
	{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" ` +
		`Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
	{"xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" ` +
		`xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`},
	{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" ` +
		`Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`},
}

// beginBook writes all that stands before the rows.
func beginBook(w io.Writer, columns int) (*bookWriter, error) {
	b := &bookWriter{zip: zip.NewWriter(w)}
	for i := range columns {
		b.names = append(b.names, columnName(i))
	}
	for _, part := range bookParts {
		out, err := b.zip.Create(part[0])
		if err == nil {
			_, err = io.WriteString(out, xml.Header+part[1])
		}
		if err != nil {
			return nil, fmt.Errorf("begin a workbook: %w", err)
		}
	}
	var err error
	if b.sheet, err = b.zip.Create("xl/worksheets/sheet1.xml"); err != nil {
		return nil, fmt.Errorf("begin a workbook: %w", err)
	}
	return b, b.write(xml.Header + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`)
}

// columnName is a column's by its place from 0: A to Z, then AA.
func columnName(i int) string {
	name := string(rune('A' + i%26))
	if i >= 26 {
		return columnName(i/26-1) + name
	}
	return name
}

func (b *bookWriter) write(s string) error {
	b.bytes += int64(len(s))
	if b.bytes > xlsxBytes {
		return &FileError{FileTooLarge, "a sheet of XLSX holds at most 4 GB; export as CSV or NDJSON"}
	}
	if _, err := io.WriteString(b.sheet, s); err != nil {
		return fmt.Errorf("write a row: %w", err)
	}
	return nil
}

// row adds a row; cells that are empty or Absent are left out. columns are
// their headings.
func (b *bookWriter) row(cells, columns []string) error {
	if b.rows++; b.rows > xlsxRows {
		return &FileError{FileTooLarge, fmt.Sprintf("a sheet of XLSX holds at most %d rows; export as CSV or NDJSON", xlsxRows)}
	}
	b.line = fmt.Appendf(b.line[:0], `<row r="%d">`, b.rows)
	for i, cell := range cells {
		if cell == Absent || cell == "" {
			continue
		}
		if len(cell) > xlsxCell && len(utf16.Encode([]rune(cell))) > xlsxCell {
			return &FileError{FileTooLarge, fmt.Sprintf("%s has more than the %d characters that a cell of XLSX holds; export as CSV or NDJSON", columns[i], xlsxCell)}
		}
		b.line = fmt.Appendf(b.line, `<c r="%s%d" t="inlineStr"><is><t xml:space="preserve">`, b.names[i], b.rows)
		b.line = appendCellText(b.line, cell)
		b.line = append(b.line, `</t></is></c>`...)
	}
	b.line = append(b.line, `</row>`...)
	return b.write(string(b.line))
}

// appendCellText adds a text. Line ends and tabs are written by their numbers,
// since XML would make others of them.
func appendCellText(dst []byte, text string) []byte {
	plain := true
	for i := 0; i < len(text) && plain; i++ {
		c := text[i]
		plain = c >= ' ' && c < 0x7f && c != '<' && c != '>' && c != '&' && c != '_'
	}
	if plain {
		return append(dst, text...)
	}
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(withoutCodes(text))) // a Builder takes everything
	return append(dst, b.String()...)
}

// withoutCodes writes _x000D_ and the like, by which workbooks mean a character
// (ECMA-376, 22.9.2.19), so that they stand for themselves.
func withoutCodes(text string) string {
	if !strings.Contains(text, "_x") {
		return text
	}
	var b strings.Builder
	for i := range len(text) {
		b.WriteByte(text[i])
		if code := text[i:]; len(code) > 6 && code[0] == '_' && code[1] == 'x' && code[6] == '_' && hex(code[2:6]) {
			b.WriteString("x005F_")
		}
	}
	return b.String()
}

func hex(s string) bool { return strings.Trim(s, "0123456789abcdefABCDEF") == "" }

func (b *bookWriter) end() error {
	return errors.Join(b.write(`</sheetData></worksheet>`), b.zip.Close())
}
