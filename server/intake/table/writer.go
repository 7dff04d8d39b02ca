package table

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// A Writer writes a table so that Open reads the same columns and cells from
// it. What is lost on the way: whether an empty cell in CSV or XLSX was Absent,
// and rows without any filled cell.
type Writer struct {
	// Mark, set before the first row, begins a CSV with a byte order mark.
	// Excel takes UTF-8 without one for the machine's own encoding.
	Mark bool
	// Separator, set before the first row, parts the cells of a CSV: ';', a tab or
	// '|' instead of the comma.
	Separator byte

	kind    Kind
	columns []string
	out     *bufio.Writer
	line    []byte
	begun   bool
	closed  bool

	book *bookWriter
}

// NewWriter begins a file of the kind CSV, XLSX or NDJSON. A CSV is UTF-8 with
// commas, unless Separator says otherwise, and CR LF (RFC 4180), and none of its
// cells begins like a formula; a workbook's cells are texts, which no program
// takes for dates or numbers. What a workbook cannot hold is a *FileError.
func NewWriter(w io.Writer, kind Kind, columns []string) (*Writer, error) {
	t := &Writer{kind: kind, columns: columns, out: bufio.NewWriterSize(w, 64<<10)}
	switch kind {
	case KindCSV, KindNDJSON:
		return t, nil
	case KindXLSX:
		var err error
		t.book, err = beginBook(t.out, len(columns))
		return t, err
	}
	return nil, fmt.Errorf("kind %q cannot be written; choose CSV, XLSX or NDJSON", kind)
}

// Write adds a row: a cell for each column. In NDJSON it becomes an object of
// texts, without those that are Absent. A row of CSV may have more cells: to
// whoever reads the file it is broken, as rows that were rejected may have to be.
func (t *Writer) Write(cells []string) error {
	if len(cells) < len(t.columns) || len(cells) > len(t.columns) && t.kind != KindCSV {
		return fmt.Errorf("write a row: %d cells for %d columns", len(cells), len(t.columns))
	}
	if err := t.begin(); err != nil {
		return err
	}
	switch t.kind {
	case KindXLSX:
		return t.book.row(cells, t.columns)
	case KindNDJSON:
		return t.writeObject(cells)
	}
	return t.writeLine(cells)
}

// WriteDocument adds a JSON object as it is, on one line; NDJSON only.
func (t *Writer) WriteDocument(document []byte) error {
	if t.kind != KindNDJSON {
		return fmt.Errorf("write a row: %s has cells, not documents", t.kind)
	}
	var line bytes.Buffer
	if err := json.Compact(&line, document); err != nil {
		return fmt.Errorf("write a document: %w", err)
	}
	line.WriteByte('\n')
	return t.write(line.Bytes())
}

// Close ends the file. It does not close what the file is written to.
func (t *Writer) Close() error {
	if t.closed {
		return nil
	}
	err := t.begin()
	t.closed = true
	if t.book != nil {
		err = errors.Join(err, t.book.end())
	}
	if err == nil {
		err = t.out.Flush()
	}
	if err != nil {
		return fmt.Errorf("end the file: %w", err)
	}
	return nil
}

// begin writes the headings.
func (t *Writer) begin() error {
	if t.closed {
		return errors.New("write a row: the file has been closed")
	}
	if t.begun {
		return nil
	}
	t.begun = true
	switch t.kind {
	case KindXLSX:
		return t.book.row(t.columns, t.columns)
	case KindCSV:
		if t.Mark {
			if err := t.write([]byte("\uFEFF")); err != nil {
				return err
			}
		}
		return t.writeLine(t.columns)
	}
	return nil
}

func (t *Writer) write(b []byte) error {
	if _, err := t.out.Write(b); err != nil {
		return fmt.Errorf("write a row: %w", err)
	}
	return nil
}

// writeLine writes a row of CSV.
func (t *Writer) writeLine(cells []string) error {
	t.line = t.line[:0]
	for i, cell := range cells {
		if i > 0 {
			t.line = append(t.line, cmp.Or(t.Separator, ','))
		}
		t.line = appendCell(t.line, cell, len(cells) == 1)
	}
	t.line = append(t.line, '\r', '\n')
	return t.write(t.line)
}

// appendCell appends a cell of CSV, quoted where that is needed, also against
// being taken for cells of another separator or with other quotes.
func appendCell(dst []byte, cell string, alone bool) []byte {
	if cell == Absent {
		cell = ""
	}
	cell = escapeFormula(strings.ToValidUTF8(strings.ReplaceAll(cell, "\x00", "\uFFFD"), "\uFFFD"))
	if !strings.ContainsAny(cell, "\",;\t|\r\n") && !strings.HasPrefix(cell, "'") && (cell != "" || !alone) {
		return append(dst, cell...)
	}
	dst = append(dst, '"')
	for {
		i := strings.IndexByte(cell, '"')
		if i < 0 {
			dst = append(dst, cell...)
			return append(dst, '"')
		}
		dst = append(dst, cell[:i]...)
		dst = append(dst, '"', '"')
		cell = cell[i+1:]
	}
}

// writeObject writes a row of NDJSON.
func (t *Writer) writeObject(cells []string) error {
	t.line = append(t.line[:0], '{')
	for i, cell := range cells {
		if cell == Absent {
			continue
		}
		if len(t.line) > 1 {
			t.line = append(t.line, ',')
		}
		for _, s := range []string{t.columns[i], cell} {
			text, err := json.Marshal(s)
			if err != nil {
				return fmt.Errorf("write a row: %w", err)
			}
			t.line = append(t.line, text...)
			t.line = append(t.line, ':')
		}
		t.line = t.line[:len(t.line)-1]
	}
	t.line = append(t.line, '}', '\n')
	return t.write(t.line)
}
