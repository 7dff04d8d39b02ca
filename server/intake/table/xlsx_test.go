package table

import (
	"archive/zip"
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

func zipOf(t testing.TB, parts ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(parts[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

const workbookHead = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"

// sheets makes a workbook; each sheet is its attributes, then its XML.
func sheets(t testing.TB, more []string, list ...string) string {
	t.Helper()
	var book, rels strings.Builder
	parts := []string{"[Content_Types].xml", workbookHead + "<Types/>"}
	for i := 0; i+1 < len(list); i += 2 {
		fmt.Fprintf(&book, `<sheet sheetId="%d" r:id="rId%d" %s/>`, i/2+1, i/2+1, list[i])
		fmt.Fprintf(&rels, `<Relationship Id="rId%d" Type="http://x/relationships/worksheet" Target="worksheets/sheet%d.xml"/>`, i/2+1, i/2+1)
		parts = append(parts, fmt.Sprintf("xl/worksheets/sheet%d.xml", i/2+1), workbookHead+"<worksheet>"+list[i+1]+"</worksheet>")
	}
	rels.WriteString(`<Relationship Id="s" Type="http://x/relationships/sharedStrings" Target="/xl/sharedStrings.xml"/><Relationship Id="t" Type="http://x/relationships/styles" Target="styles.xml"/>`)
	parts = append(parts,
		"_rels/.rels", `<Relationships><Relationship Id="a" Type="http://x/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml", workbookHead+`<workbook xmlns:r="r"><sheets>`+book.String()+`</sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", `<Relationships>`+rels.String()+`</Relationships>`)
	return zipOf(t, append(parts, more...)...)
}

func rowsOf(rows ...string) string { return "<sheetData>" + strings.Join(rows, "") + "</sheetData>" }

// line is a row of inline texts.
func line(cells ...string) string {
	var b strings.Builder
	b.WriteString("<row>")
	for _, cell := range cells {
		b.WriteString(`<c t="inlineStr"><is><t>` + cell + "</t></is></c>")
	}
	return b.String() + "</row>"
}

func TestWorkbooksAreRead(t *testing.T) {
	shared := []string{"xl/sharedStrings.xml", `<sst><si><t>Name</t></si><si><r><t>Ort</t></r><r><t xml:space="preserve"> &amp; Land</t></r><rPh><t>x</t></rPh></si><si><t>a_x000D_&#10;b</t></si><si/><si><t><![CDATA[<z>]]></t></si></sst>`}
	check(t, []example{
		{"inline texts", sheets(t, nil, `name="A"`, rowsOf(line("a", "b"), line("1", "2"))), "a|b\n2 1|2"},
		{"shared texts", sheets(t, shared, `name="A"`, rowsOf(`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>`,
			`<row r="3"><c r="A3" t="s"><v>2</v></c><c r="B3" t="s"><v>4</v></c></row><row r="4"><c r="B4" t="s"><v>99</v></c></row>`)), "Name|Ort & Land\n3 a␍¶b|<z>"},
		{"left out cells", sheets(t, nil, `name="A"`, rowsOf(line("a", "b", "c"), `<row r="5"><c r="B5"><v>2</v></c></row><row r="6"><c r="A6"><v>1</v></c></row>`)), "a|b|c\n5 |2|\n6 1||"},
		{"formulas", sheets(t, nil, `name="A"`, rowsOf(line("a", "b", "c"), `<row><c t="str"><f>X</f><v>text</v></c><c><f>1+1</f><v>2</v></c><c><f>Y</f></c></row>`)), "a|b|c\n2 text|2|∅"},
		{"booleans and errors", sheets(t, nil, `name="A"`, rowsOf(line("a", "b", "c"), `<row><c t="b"><v>1</v></c><c t="b"><v>0</v></c><c t="e"><v>#N/A</v></c></row>`)), "a|b|c\n2 true|false|∅"},
		{"ISO dates", sheets(t, nil, `name="A"`, rowsOf(line("a", "b"), `<row><c t="d"><v>1970-12-31T00:00:00.000</v></c><c t="d"><v>1970-12-31T10:20:30Z</v></c></row>`)), "a|b\n2 1970-12-31|1970-12-31T10:20:30"},
		{"a hidden sheet first", sheets(t, nil, `name="A" state="hidden"`, rowsOf(line("x", "y"), line("8", "9")), `name="B"`, rowsOf(line("a", "b"), line("1", "2"))), "a|b\n2 1|2"},
		{"an empty sheet first", sheets(t, nil, `name="A"`, "<sheetData/>", `name="B"`, rowsOf(line("a", "b"), line("1", "2"))), "a|b\n2 1|2"},
		{"a cover first", sheets(t, nil, `name="A"`, rowsOf(line("Export"), line("by me")), `name="B"`, rowsOf(line("a", "b"), line("1", "2"))), "a|b\n2 1|2"},
		{"headings below a title", sheets(t, nil, `name="A"`, rowsOf(line("Export"), `<row r="3"><c r="A3" t="str"><v>a</v></c><c r="B3" t="str"><v>b</v></c></row>`, line("1", "2"), line("3", "4"))), "a|b\n4 1|2\n5 3|4"},
		{"merged cells", sheets(t, nil, `name="A"`, rowsOf(line("a", "b"), line("1", "2"))+`<mergeCells><mergeCell ref="A1:B1"/></mergeCells>`), "a|b\n2 1|2"},
		{"a namespace", sheets(t, nil, `name="A"`, strings.ReplaceAll(strings.ReplaceAll(rowsOf(line("a", "b"), line("1", "2")), "<", "<x:"), "<x:/", "</x:")), "a|b\n2 1|2"},
		{"headings only", sheets(t, nil, `name="A"`, rowsOf(line("a", "b"))), "! NO_ROWS"},
		{"no sheet", sheets(t, nil), "! NO_ROWS"},
		{"hidden sheets only", sheets(t, nil, `name="A" state="veryHidden"`, rowsOf(line("x", "y"), line("8", "9"))), "! NO_ROWS"},
		{"empty styled cells far out", sheets(t, nil, `name="A"`, rowsOf(line("a", "b"), `<row r="2"><c r="A2"><v>1</v></c><c r="XFD2" s="1"/></row>`)), "a|b\n2 1|"},
		{"filled cells far out", sheets(t, nil, `name="A"`, rowsOf(line("a", "b"), `<row r="2"><c r="A2"><v>1</v></c><c r="XFD2"><v>1</v></c></row>`, line("3", "4"))), "a|b\n2! TOO_MANY_CELLS\n3 3|4"},
		{"a long text", sheets(t, nil, `name="A"`, rowsOf(line("a", "b"), line(strings.Repeat("x", 600<<10), "2"), line("3", "4"))), "a|b\n2! CELL_TOO_LONG\n3 3|4"},
		{"no end", sheets(t, nil, `name="A"`, `<sheetData>`+line("a", "b")+line("1", "2")), "! BROKEN"},
		{"a document type", zipOf(t, "[Content_Types].xml", "", "xl/workbook.xml", `<!DOCTYPE x [<!ENTITY a "b">]><workbook/>`), "! BROKEN"},
	}, Options{})
}

func TestNumbersOfWorkbooksAreWrittenAsPeopleDo(t *testing.T) {
	styles := `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="[$-407]TT\.\ MMMM\ JJJJ;@"/><numFmt numFmtId="165" formatCode="00000"/><numFmt numFmtId="166" formatCode="&quot;day&quot; 0.00\d"/><numFmt numFmtId="167" formatCode="dd/mm/yyyy hh:mm"/></numFmts>` +
		`<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="20"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/><xf numFmtId="167"/><xf numFmtId="9"/></cellXfs></styleSheet>`
	tests := []struct{ style, value, want string }{
		{"0", "42", "42"},
		{"0", "0.1", "0.1"},
		{"0", "0.30000000000000004", "0.3"},
		{"0", "4.9151234567890E+12", "4915123456789"},
		{"0", "1E-5", "0.00001"},
		{"0", "-3.50", "-3.5"},
		{"0", "-0", "0"},
		{"0", "12345678901234567890", "12345678901234567890"},
		{"0", "007", "7"},
		{"0", "abc", "abc"},
		{"1", "25933", "1970-12-31"},
		{"1", "25933.75", "1970-12-31"},
		{"1", "1", "1900-01-01"},
		{"1", "59", "1900-02-28"},
		{"1", "60", "1900-02-29"},
		{"1", "61", "1900-03-01"},
		{"1", "-5", "-5"},
		{"1", "99999999", "99999999"},
		{"2", "25933.5", "1970-12-31T12:00:00"},
		{"2", "25933", "1970-12-31"},
		{"3", "0.5", "12:00:00"},
		{"4", "25933", "1970-12-31"},
		{"5", "1067", "01067"},
		{"5", "24103", "24103"},
		{"6", "25933", "25933"},
		{"7", "25933.000011574", "1970-12-31T00:00:01"},
		{"8", "0.07", "0.07"},
		{"99", "5", "5"},
	}
	var rows []string
	for _, test := range tests {
		rows = append(rows, fmt.Sprintf(`<row><c s="%s"><v>%s</v></c><c><v>1</v></c></row>`, test.style, test.value))
	}
	data := sheets(t, []string{"xl/styles.xml", styles}, `name="A"`, rowsOf(append([]string{line("a", "b")}, rows...)...))
	table := openString(t, data, Options{})
	for _, test := range tests {
		row, err := table.Next()
		if err != nil {
			t.Fatal(err)
		}
		if row.Cells[0] != test.want {
			t.Errorf("%s in style %s is %q, want %q", test.value, test.style, row.Cells[0], test.want)
		}
	}
}

func TestWorkbooksCountFrom1904IfTheySay(t *testing.T) {
	parts := []string{
		"[Content_Types].xml", "",
		"xl/workbook.xml", `<workbook><workbookPr date1904="1"/><sheets><sheet name="A" r:id="a"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="a" Type="/worksheet" Target="a.xml"/><Relationship Id="b" Type="/styles" Target="b.xml"/></Relationships>`,
		"xl/b.xml", `<styleSheet><cellXfs><xf numFmtId="14"/></cellXfs></styleSheet>`,
		"xl/a.xml", `<worksheet>` + rowsOf(line("a", "b"), `<row><c s="0"><v>24471</v></c><c s="0"><v>0</v></c></row>`) + `</worksheet>`,
	}
	if got := show(t, zipOf(t, parts...), Options{}); got != "a|b\n2 1970-12-31|1904-01-01" {
		t.Error(got)
	}
}

func TestWorkbooksNotesTellWhatWasLeftOut(t *testing.T) {
	data := sheets(t, nil,
		`name="Deckblatt"`, rowsOf(line("Export")),
		`name="Kunden"`, rowsOf(line("a", "b"), `<row><c t="e"><v>#REF!</v></c><c><f>X</f></c></row>`, line("1", "2"))+`<mergeCells><mergeCell ref="A1:B1"/></mergeCells>`,
		`name="Alt" state="hidden"`, rowsOf(line("a", "b"), line("1", "2")))
	table := openString(t, data, Options{})
	if table.Sheet != "Kunden" || len(table.Sheets) != 2 {
		t.Errorf("sheet %q of %q", table.Sheet, table.Sheets)
	}
	for {
		if _, err := table.Next(); err != nil {
			break
		}
	}
	for _, code := range []NoteCode{NoteSheets, NoteHiddenSheets, NoteMergedCells, NoteCellErrors, NoteFormulas} {
		if !table.noted(code) {
			t.Errorf("no note %s among %v", code, table.Notes)
		}
	}
}

func TestSheetAsked(t *testing.T) {
	data := sheets(t, nil, `name="A"`, rowsOf(line("a", "b"), line("1", "2")), `name="B"`, rowsOf(line("c", "d"), line("3", "4")))
	if got := show(t, data, Options{Sheet: "B"}); got != "c|d\n2 3|4" {
		t.Error(got)
	}
	if got := show(t, data, Options{Sheet: "C"}); got != "! NO_SUCH_ROW" {
		t.Error(got)
	}
}

// Millions of texts go through a temporary file.
func TestManySharedTextsAreRead(t *testing.T) {
	var texts, rows strings.Builder
	const n = 300_000
	for i := range n {
		fmt.Fprintf(&texts, "<si><t>Text %d</t></si>", i)
	}
	for i := 0; i < n; i += 3 {
		fmt.Fprintf(&rows, `<row><c t="s"><v>%d</v></c><c t="s"><v>%d</v></c><c t="s"><v>%d</v></c></row>`, i, n-1-i, i%100)
	}
	data := sheets(t, []string{"xl/sharedStrings.xml", "<sst>" + texts.String() + "</sst>"}, `name="A"`, rowsOf(line("a", "b", "c"), rows.String()))
	table := openString(t, data, Options{})
	for i := 0; i < n; i += 3 {
		row, err := table.Next()
		if err != nil {
			t.Fatal(err)
		}
		if held := table.rows.(*sheetReader).book.strings.held; held > stringsHeld+1<<20 {
			t.Fatalf("%d bytes of texts are held", held)
		}
		if want := fmt.Sprintf("Text %d|Text %d|Text %d", i, n-1-i, i%100); plain(row.Cells) != want {
			t.Fatalf("row %d is %q, want %s", row.Number, row.Cells, want)
		}
	}
}

func TestExcelizesWorkbooksAreRead(t *testing.T) {
	book := excelize.NewFile()
	defer func() {
		if err := book.Close(); err != nil {
			t.Error(err)
		}
	}()
	date, err := book.NewStyle(&excelize.Style{NumFmt: 14})
	if err != nil {
		t.Fatal(err)
	}
	for cell, value := range map[string]any{"A1": "Name", "B1": "Geburtstag", "C1": "PLZ", "D1": "aktiv", "A2": "Jürgen", "B2": 25933, "C2": 24103, "D2": true} {
		if err := book.SetCellValue("Sheet1", cell, value); err != nil {
			t.Fatal(err)
		}
	}
	if err := book.SetCellStyle("Sheet1", "B2", "B2", date); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	if got := show(t, b.String(), Options{}); got != "Name|Geburtstag|PLZ|aktiv\n2 Jürgen|1970-12-31|24103|true" {
		t.Error(got)
	}
}

func TestOurWorkbooksAreReadByOthers(t *testing.T) {
	columns := make([]string, 60)
	for i := range columns {
		columns[i] = fmt.Sprintf("Column %d", i)
	}
	want := slices.Clone(columns)
	want[0], want[1], want[2], want[59] = "=1+1", "two\nlines\tand <&>", "_x000D_", " last "
	book, err := excelize.OpenReader(strings.NewReader(written(t, KindXLSX, false, columns, want)))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows("Sheet1")
	if err != nil || len(rows) != 2 || !slices.Equal(rows[0], columns) || !slices.Equal(rows[1], want) {
		t.Errorf("%q, %v", rows, err)
	}
}
