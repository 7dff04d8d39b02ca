package table

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// A sheetReader reads the rows of one sheet.
type sheetReader struct {
	x      *xmlReader
	part   io.Closer
	book   *workbook
	total  int64
	number int // of the latest row
	row    []byte
	value  []byte // of one cell, as it is written
	cells  []sheetCell
	out    []string
	weight int // bytes of the row's texts
	broken *RowError

	merged, errors, formulas int
}

// A sheetCell is one cell while its row is read.
type sheetCell struct {
	text       string // of a shared string, or Absent
	start, end int    // else its place in the row's bytes
}

func (b *workbook) read(s sheet) (*sheetReader, error) {
	part, err := b.unpack(s.part)
	if err != nil {
		return nil, err
	}
	return &sheetReader{x: newXMLReader(part), part: part, book: b, total: int64(s.part.UncompressedSize64)}, nil
}

// Close gives back what reading the part takes.
func (s *sheetReader) Close() error { return s.part.Close() }

func (s *sheetReader) size() int64      { return s.total }
func (s *sheetReader) offset() int64    { return s.x.offset() }
func (s *sheetReader) encoding() string { return "" }

func (s *sheetReader) notes() []Note {
	var notes []Note
	if s.merged > 0 {
		notes = append(notes, Note{NoteMergedCells, fmt.Sprintf("%d groups of cells are merged; only the first cell of each holds its value", s.merged)})
	}
	if s.errors > 0 {
		notes = append(notes, Note{NoteCellErrors, fmt.Sprintf("%d cells show an error such as #N/A and say nothing", s.errors)})
	}
	if s.formulas > 0 {
		notes = append(notes, Note{NoteFormulas, fmt.Sprintf("%d formulas have no value; open the workbook in a spreadsheet program and save it again", s.formulas)})
	}
	return notes
}

// next returns the next row that is in the file; a sheet leaves empty ones out.
func (s *sheetReader) next() (Row, error) {
	for {
		token, err := s.x.next()
		switch {
		case errors.Is(err, io.EOF):
			return Row{}, &FileError{FileBroken, "the sheet ends before its rows do; open the workbook in a spreadsheet program and save it again"}
		case err != nil:
			return Row{}, err
		case token.is("row"):
			s.begin(token)
			if token.kind == xmlEmpty {
				continue
			}
			return s.readRow()
		case token.closes("sheetData"), token.kind == xmlEmpty && token.is("sheetData"):
			return Row{}, s.finish()
		}
	}
}

// finish reads what stands behind the rows.
func (s *sheetReader) finish() error {
	for {
		token, err := s.x.next()
		if err != nil {
			return err // io.EOF
		}
		if token.is("mergeCell") {
			s.merged++
		}
	}
}

func (s *sheetReader) begin(token xmlToken) {
	s.number++
	if n, err := strconv.Atoi(string(token.attribute("r"))); err == nil && n >= s.number {
		s.number = n
	}
	s.row, s.cells, s.weight, s.broken = s.row[:0], s.cells[:0], 0, nil
}

func (s *sheetReader) readRow() (Row, error) {
	for {
		token, err := s.x.next()
		switch {
		case errors.Is(err, io.EOF):
			return Row{}, &FileError{FileBroken, "the sheet ends within a row; open the workbook in a spreadsheet program and save it again"}
		case err != nil:
			return Row{}, err
		case token.is("c"):
			if err := s.readCell(token); err != nil {
				return Row{}, err
			}
		case token.closes("row"):
			row := Row{Number: s.number, Cells: s.texts()}
			if s.broken != nil {
				s.broken.Cells = row.Cells
				return row, s.broken
			}
			return row, nil
		}
	}
}

// texts makes cells of what was read of a row.
func (s *sheetReader) texts() []string {
	all := string(s.row)
	s.out = s.out[:0]
	for _, c := range s.cells {
		if c.end > c.start {
			s.out = append(s.out, all[c.start:c.end])
		} else {
			s.out = append(s.out, c.text)
		}
	}
	return s.out
}

func (s *sheetReader) fail(code RowCode, what string) {
	if s.broken == nil {
		s.broken = &RowError{Number: s.number, Code: code, What: what}
	}
}

// place makes room for the cell of a column and returns it; nil if the row may
// not have so many.
func (s *sheetReader) place(column int) *sheetCell {
	if column >= s.book.limits.Columns {
		s.fail(RowTooManyCells, "has more cells than a row may have; leave out the columns that are not needed")
		return nil
	}
	for len(s.cells) <= column {
		s.cells = append(s.cells, sheetCell{})
	}
	return &s.cells[column]
}

// readCell reads a cell from behind its opening tag.
func (s *sheetReader) readCell(open xmlToken) error {
	column := len(s.cells)
	if ref := open.attribute("r"); ref != nil {
		if n, ok := columnOf(ref); ok {
			column = n
		}
	}
	if open.kind == xmlEmpty {
		if column < s.book.limits.Columns {
			s.place(column)
		}
		return nil
	}
	kind := cellKind(open.attribute("t"))
	var look style
	if kind == cellNumber {
		if n, err := strconv.Atoi(string(open.attribute("s"))); err == nil && n >= 0 && n < len(s.book.styles) {
			look = s.book.styles[n]
		}
	}
	formula, err := s.readValue()
	if err != nil {
		return err
	}
	if len(s.value) == 0 && !formula {
		if column < s.book.limits.Columns {
			s.place(column)
		}
		return nil
	}
	cell := s.place(column)
	if cell == nil {
		return nil
	}
	return s.set(cell, kind, look, formula)
}

// set gives a cell the value that was read.
func (s *sheetReader) set(cell *sheetCell, kind byte, look style, formula bool) error {
	value := s.value
	start := len(s.row)
	switch kind {
	case cellShared:
		i, err := strconv.Atoi(string(value))
		if err != nil {
			i = -1
		}
		text, err := s.book.strings.get(i)
		if err != nil {
			return err
		}
		s.keep(cell, text)
		return nil
	case cellString:
		s.keep(cell, cellText(value, s.book.limits))
		return nil
	case cellError:
		s.errors++
		cell.text = Absent
		return nil
	case cellBool:
		s.row = append(s.row, boolText(value)...)
	case cellDate:
		s.row = append(s.row, isoText(value)...)
	default:
		if len(value) == 0 && formula {
			s.formulas++
			cell.text = Absent
			return nil
		}
		if len(value) > 400 || !ascii(value) || bytes.IndexByte(value, 0) >= 0 { // no number
			s.keep(cell, cellText(value, s.book.limits))
			return nil
		}
		s.row = appendNumber(s.row, value, look, s.book.date1904)
	}
	cell.start, cell.end = start, len(s.row)
	return nil
}

// keep gives a cell its text, within the limits.
func (s *sheetReader) keep(cell *sheetCell, text string) {
	if text == tooLongText {
		s.fail(RowCellTooLong, "has a cell that is longer than a cell may be; shorten it")
		return
	}
	if s.weight += len(text); s.weight > s.book.limits.Row {
		s.fail(RowTooLong, "is longer than a row may be; leave something out")
		return
	}
	cell.text = text
}
