package table

import (
	"errors"
	"io"
	"strings"
)

// Absent is a cell that is not there at all, as opposed to one that is empty:
// a key that a JSON object lacks, the end of a row that is shorter than the
// header, a formula that was never calculated. No file can hold it as text,
// because rows with NUL bytes are refused.
const Absent = "\x00"

// A Table is an open file. It is for one goroutine.
type Table struct {
	Kind      Kind
	Encoding  string // such as UTF-8 or Windows-1252; "" for XLSX
	Separator byte   // CSV only
	Quote     byte   // CSV only
	HeaderRow int    // the line or sheet row of the headings; 0: there are none
	Columns   []string
	Sheet     string   // XLSX only
	Sheets    []string // XLSX only: all visible sheets' names, in order
	Documents bool     // rows are Documents, not Cells; Columns is empty
	// Notes tell what was recognised and is worth knowing. Some are only known
	// when the last row has been read.
	Notes []Note

	rows   rowReader
	header []string // as it stands in the file, to know it again
	skip   int      // rows up to here are headings, or stand above them
	limits Limits
	close  []func() error
	cells  []string
	err    error // what ended the reading
}

// A Row is one row of a Table.
type Row struct {
	// Number is where the row stands, from 1: the line on which it begins, in
	// a workbook the sheet's row, of a vCard the line of its BEGIN. It never
	// goes back; only JSON objects may share a line.
	Number int

	// Cells holds a text for each of the Table's Columns. The slice is used
	// again by the next call of Next; the texts stay.
	Cells []string

	// Document is the row as JSON, where Table.Documents says so. It is used
	// again by the next call of Next.
	Document []byte
}

// rowReader reads one kind of file. Its cells and document are used again by
// its next call. An error that is no *RowError is final.
type rowReader interface {
	next() (Row, error)
	offset() int64 // bytes read so far
	size() int64   // bytes in all
	encoding() string
	notes() []Note // what came to light on the way
}

// Open recognises what the file of that size is and where its rows begin. What
// cannot be read as a table is a *FileError that names the cure. The Table
// must be closed; r is the caller's and stays open.
func Open(r io.ReaderAt, size int64, o Options) (*Table, error) {
	o.Limits = o.Limits.withDefaults()
	t := &Table{limits: o.Limits}
	err := t.open(r, size, o)
	if err != nil {
		return nil, errors.Join(err, t.Close())
	}
	return t, nil
}

func (t *Table) open(r io.ReaderAt, size int64, o Options) error {
	if size <= 0 {
		return &FileError{FileEmpty, "the file is empty; export it again"}
	}
	f, err := recognise(r, size, &o)
	if err != nil {
		return err
	}
	if f.packed != nil {
		inner, err := f.packed.unpack(o.Limits)
		if err != nil {
			return err
		}
		t.close = append(t.close, inner.Close)
		t.Notes = append(t.Notes, Note{NotePacked, f.packed.note()})
		o.Name, r, size = f.packed.name, inner, inner.size
		if f, err = recognise(r, size, &o); err != nil {
			return err
		}
		if f.packed != nil {
			return &FileError{FileUnknown, "the file is packed twice over; unpack it first"}
		}
	}
	t.Kind = f.kind
	switch f.kind {
	case KindXLSX:
		return t.openXLSX(f.zip, size, o)
	case KindNDJSON:
		return t.openJSON(r, size, o)
	case KindVCard:
		return t.openVCard(r, size, o)
	default:
		return t.openCSV(r, size, o)
	}
}

// Next returns the next row. At the end it returns io.EOF. A row that is broken
// comes as a *RowError beside whatever of it could be read, and the next call
// goes on with the row behind it. Any other error is final.
func (t *Table) Next() (Row, error) {
	if t.err != nil {
		return Row{}, t.err
	}
	for {
		row, err := t.rows.next()
		if err != nil {
			broken := asRowError(err)
			if broken == nil {
				t.end(err)
				return Row{}, err
			}
			if broken.Number <= t.skip {
				continue
			}
			return row, err
		}
		if t.Documents {
			return row, nil
		}
		if row.Number <= t.skip || blank(row.Cells) || t.isHeader(row) {
			continue
		}
		return t.fit(row)
	}
}

// end keeps what ended the reading, and takes over what was learnt on the way.
func (t *Table) end(err error) {
	t.err = err
	t.noteEncoding(t.rows.encoding())
	t.Notes = append(t.Notes, t.rows.notes()...)
}

// noteEncoding tells an encoding that is a guess.
func (t *Table) noteEncoding(name string) {
	t.Encoding = name
	if name == "" || strings.HasPrefix(name, "UTF-") || t.noted(NoteEncoding) {
		return
	}
	t.Notes = append(t.Notes, Note{NoteEncoding, "the text was read as " + name + "; look at names with accents, they show whether that is right"})
}

// fit gives a row as many cells as there are columns.
func (t *Table) fit(row Row) (Row, error) {
	n := len(t.Columns)
	if len(row.Cells) > n {
		if !blank(row.Cells[n:]) {
			return row, &RowError{
				Number: row.Number, Code: RowTooManyCells, Cells: row.Cells,
				What: "has more cells than there are columns; put a cell that holds the separator into quotes, or give each column a heading",
			}
		}
		row.Cells = row.Cells[:n]
		return row, nil
	}
	if len(row.Cells) < n {
		missing := Absent
		if t.Kind == KindXLSX {
			missing = "" // a workbook does not store empty cells
		}
		t.cells = append(t.cells[:0], row.Cells...)
		for len(t.cells) < n {
			t.cells = append(t.cells, missing)
		}
		row.Cells = t.cells
	}
	return row, nil
}

// isHeader reports whether a row repeats the headings, as where several
// exports were put one behind the other.
func (t *Table) isHeader(row Row) bool {
	if len(t.header) < 2 || len(row.Cells) < len(t.header) || row.Cells[0] != t.header[0] {
		return false
	}
	for i, heading := range t.header {
		if row.Cells[i] != heading {
			return false
		}
	}
	if !t.noted(NoteHeaderAgain) {
		t.Notes = append(t.Notes, Note{NoteHeaderAgain, "the headings stand in the file more than once; those rows were passed over"})
	}
	return true
}

func (t *Table) noted(code NoteCode) bool {
	for _, n := range t.Notes {
		if n.Code == code {
			return true
		}
	}
	return false
}

// Offset is how many bytes have been read, of Size. For a packed file or a
// workbook both count what came out of it.
func (t *Table) Offset() int64 { return min(t.rows.offset(), t.rows.size()) }

// Size is how many bytes there are to read.
func (t *Table) Size() int64 { return t.rows.size() }

// Close gives back what the Table holds: temporary files, which are its only
// lasting resource.
func (t *Table) Close() error {
	var errs []error
	for i := len(t.close) - 1; i >= 0; i-- {
		errs = append(errs, t.close[i]())
	}
	t.close = nil
	if t.err == nil {
		t.err = errors.New("table: read after Close")
	}
	return errors.Join(errs...)
}

// blank reports whether no cell holds anything but white space.
func blank(cells []string) bool {
	for _, cell := range cells {
		if cell == Absent {
			continue
		}
		for i := 0; i < len(cell); i++ {
			if c := cell[i]; c != ' ' && c != '\t' && c != '\r' && c != '\n' {
				return false
			}
		}
	}
	return true
}
