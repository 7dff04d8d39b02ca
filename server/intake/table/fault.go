package table

import (
	"errors"
	"strconv"
)

// FileCode tells what is the matter with a file as a whole.
type FileCode string

// The values of FileCode.
const (
	FileEmpty      FileCode = "EMPTY"       // no byte, or nothing but white space
	FileNoRows     FileCode = "NO_ROWS"     // headings, and no row below
	FileUnknown    FileCode = "UNKNOWN"     // of a kind that is no table
	FileEncrypted  FileCode = "ENCRYPTED"   // opens only with a password
	FileBroken     FileCode = "BROKEN"      // damaged or cut off
	FileTooLarge   FileCode = "TOO_LARGE"   // unpacks to more than the limit
	FileTooWide    FileCode = "TOO_WIDE"    // more columns than the limit
	FileNoSuchPart FileCode = "NO_SUCH_ROW" // the asked for header row or sheet is not there
)

// A FileError tells why a file cannot be read, or not to its end, and the cure.
type FileError struct {
	Code FileCode
	What string
}

func (e *FileError) Error() string { return e.What }

// RowCode tells what is the matter with a row.
type RowCode string

// The values of RowCode.
const (
	RowUnclosedQuote RowCode = "UNCLOSED_QUOTE"
	RowBadEncoding   RowCode = "BAD_ENCODING"
	RowNULByte       RowCode = "NUL_BYTE"
	RowCellTooLong   RowCode = "CELL_TOO_LONG"
	RowTooLong       RowCode = "ROW_TOO_LONG"
	RowTooManyCells  RowCode = "TOO_MANY_CELLS"
	RowCutOff        RowCode = "CUT_OFF"
	RowTorn          RowCode = "TORN"
	RowBadJSON       RowCode = "BAD_JSON"
	RowBadCard       RowCode = "BAD_CARD"
)

// A RowError tells what is wrong with one row, and the cure. Neither it nor a
// FileError quotes what stands in a cell.
type RowError struct {
	Number int // as Row.Number
	Code   RowCode
	What   string
	Column string   // the heading of the cell at fault, where it is one
	Cells  []string // what could be read of the row, as in Row.Cells
}

func (e *RowError) Error() string {
	at := "row " + strconv.Itoa(e.Number)
	if e.Column != "" {
		at += ", " + e.Column
	}
	return at + ": " + e.What
}

// asRowError returns err if it is about one row, else nil.
func asRowError(err error) *RowError {
	if err == nil {
		return nil
	}
	var broken *RowError
	if errors.As(err, &broken) {
		return broken
	}
	return nil
}

// NoteCode tells what a Note is about.
type NoteCode string

// The values of NoteCode.
const (
	NoteEncoding     NoteCode = "ENCODING"      // the text is not UTF-8; which encoding it was taken for
	NoteDialect      NoteCode = "DIALECT"       // an uncommon separator, quote or escape
	NoteRowsAbove    NoteCode = "ROWS_ABOVE"    // rows above the headings were left out
	NoteNoHeader     NoteCode = "NO_HEADER"     // there are no headings; columns are numbered
	NoteEmptyHeading NoteCode = "EMPTY_HEADING" // a column without heading was numbered
	NoteSameHeading  NoteCode = "SAME_HEADING"  // a heading that came twice was numbered
	NoteHeaderAgain  NoteCode = "HEADER_AGAIN"  // the headings were repeated further down
	NoteSheets       NoteCode = "SHEETS"        // which of several sheets was read
	NoteHiddenSheets NoteCode = "HIDDEN_SHEETS" // hidden sheets were not read
	NoteMergedCells  NoteCode = "MERGED_CELLS"  // only the first of merged cells holds their value
	NoteFormulas     NoteCode = "FORMULAS"      // cells with formulas that have no value
	NoteCellErrors   NoteCode = "CELL_ERRORS"   // cells that show an error such as #N/A
	NotePacked       NoteCode = "PACKED"        // what the file was packed with
	NoteOwnForm      NoteCode = "OWN_FORM"      // objects have the API's own form
	NoteLeftOut      NoteCode = "LEFT_OUT"      // parts that have no place, such as photos
	NoteJSONWithin   NoteCode = "JSON_WITHIN"   // the list was found within an object
)

// A Note tells what was recognised in a file and is worth knowing.
type Note struct {
	Code NoteCode
	Text string
}
