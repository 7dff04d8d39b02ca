package theme

import (
	"strings"
	"unicode/utf8"
)

// A Row is one line of a Table: the field, its value before and after.
type Row = [3]string

// A Table is a list of changes for a template's field: in HTML a table, in
// plain text a short paragraph for each row. Without rows the field is empty.
type Table struct {
	Field string // the template's field that it fills
	Head  Row    // what stands above the columns, in the message's language
	Rows  []Row
}

// noValue stands in a cell that says nothing.
const noValue = "–"

// clean returns the table as it is shown, or nil without rows.
func (t Table) clean() *Table {
	if len(t.Rows) == 0 {
		return nil
	}
	cleaned := &Table{Field: t.Field, Head: cleanRow(t.Head), Rows: make([]Row, len(t.Rows))}
	for i, row := range t.Rows {
		row = cleanRow(row)
		for j, cell := range row {
			if cell == "" {
				row[j] = noValue
			}
		}
		cleaned.Rows[i] = row
	}
	return cleaned
}

func cleanRow(r Row) Row {
	return Row{cleanValue(r[0]), cleanValue(r[1]), cleanValue(r[2])}
}

// size is about how many bytes the table's values take.
func (t Table) size() int {
	size := 0
	for _, row := range t.Rows {
		size += len(row[0]) + len(row[1]) + len(row[2])
	}
	return size
}

func (t *Table) appendHTML(out []byte, style *mailStyle) []byte {
	out = append(out, style.tableOpen...)
	out = append(out, "<tr>"...)
	for _, head := range t.Head {
		out = append(out, style.tableHead...)
		out = appendHTML(out, head)
		out = append(out, "</th>"...)
	}
	out = append(out, "</tr>\n"...)
	for _, row := range t.Rows {
		out = append(out, "<tr>"...)
		out = append(out, style.tableField...)
		out = appendHTML(out, row[0])
		out = append(out, "</th>"...)
		out = append(out, style.tableBefore...)
		out = appendHTML(out, row[1])
		out = append(out, "</td>"...)
		out = append(out, style.tableAfter...)
		out = appendHTML(out, row[2])
		out = append(out, "</td></tr>\n"...)
		if len(out) > maxOutput {
			return out
		}
	}
	return append(out, "</table>\n"...)
}

// appendText writes each row as the field's name and, indented below it, what
// it was and what it is.
func (t *Table) appendText(out []byte, indent string) []byte {
	for i, row := range t.Rows {
		if i > 0 {
			out = append(out, '\n')
		}
		out = wrap(out, row[0], indent, indent)
		for column := 1; column <= 2; column++ {
			first := indent + "  "
			if head := t.Head[column]; head != "" {
				first += oneLine(head, 30) + ": "
			}
			out = wrap(out, row[column], first, strings.Repeat(" ", utf8.RuneCountInString(first)))
		}
		if len(out) > maxOutput {
			return out
		}
	}
	return out
}
