package table

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// A jsonReader reads JSON objects: one a line (NDJSON), or any way that JSON
// may be written, one behind the other or in a list.
type jsonReader struct {
	lineReader
	layout layout
	begun  bool // what stands before the list has been passed
	listed bool // a list has begun and not ended
	wasted int64
	walker walker

	columns map[string]int
	names   []string // by index in columns
	likely  int      // the column that is likely to come next
	row     []byte   // the cells of a row, in the order of the object
	spans   [][2]int // where each column's stands in row; {-1, 0}: absent
	cells   []string
	whole   bool // hand over documents
}

func newJSONReader(txt *text, l layout, limits Limits) *jsonReader {
	j := &jsonReader{lineReader: newLineReader(txt, '\n', limits), layout: l, columns: map[string]int{}}
	return j
}

// openJSON recognises how the objects are arranged, and finds the columns by
// reading the file once.
func (t *Table) openJSON(r io.ReaderAt, size int64, o Options) error {
	txt, err := openText(r, size, o.Encoding)
	if err != nil {
		return err
	}
	head, whole, err := txt.again().head(o.Limits.Row + 4096)
	if err != nil {
		return err
	}
	l := arrangement(head, whole)
	if l.list > 0 {
		t.Notes = append(t.Notes, Note{NoteJSONWithin, "the objects were found in a list within an object; what stands around it was left out"})
	}
	first := newJSONReader(txt.again(), l, o.Limits)
	names, own, err := first.learn()
	if err != nil {
		return err
	}
	t.noteEncoding(first.encoding())
	again := newJSONReader(txt.again(), l, o.Limits)
	t.rows = again
	if own {
		t.Documents, again.whole = true, true
		t.Notes = append(t.Notes, Note{NoteOwnForm, "the objects have the form of the API's ContactInput and are taken as they are"})
		return nil
	}
	again.expect(names)
	t.Columns = names
	return nil
}

// learn reads the whole file for its columns, in the order of their first
// coming, and tells whether all objects have the API's own form.
func (j *jsonReader) learn() (names []string, own bool, err error) {
	own = true
	good, objects := 0, 0
	var first *RowError
	var fresh []string // the columns that an object brings
	j.walker.leaf = func(path, _ []byte) error {
		if len(path) == 0 { // {} or a key that is no name
			return nil
		}
		if j.likely < len(j.names) && string(path) == j.names[j.likely] {
			j.likely++
			return nil
		}
		if i, known := j.columns[string(path)]; known {
			j.likely = i + 1
			return nil
		}
		if len(fresh) <= j.limits.Columns {
			fresh = append(fresh, string(path))
		}
		return nil
	}
	for {
		row, err := j.object()
		if errors.Is(err, io.EOF) {
			break
		}
		broken := asRowError(err)
		if err != nil && broken == nil {
			return nil, false, err
		}
		objects++
		j.likely, fresh = 0, fresh[:0]
		if err == nil {
			broken = j.take(row.Document, row.Number)
		}
		if broken != nil {
			if first == nil {
				first = broken
			}
			continue
		}
		good++
		if len(fresh) > j.limits.Columns {
			continue // Next refuses it
		}
		for _, name := range fresh {
			own = own && ownPath(name)
			if len(j.names) > j.limits.Columns && own {
				continue // where all is our own, columns do not matter
			}
			if _, twice := j.columns[name]; twice {
				continue
			}
			j.columns[name] = len(j.names)
			j.names = append(j.names, name)
		}
		if len(j.names) > j.limits.Columns && !own {
			return nil, false, &FileError{FileTooWide, fmt.Sprintf("the objects have more than %d different fields; leave out those that are not needed", j.limits.Columns)}
		}
	}
	switch {
	case good == 0 && first != nil:
		return nil, false, &FileError{FileBroken, "no object can be read; the first " + first.What}
	case objects == 0:
		return nil, false, &FileError{FileNoRows, "the file holds no object; export it again with its data"}
	case len(j.names) == 0:
		return nil, false, &FileError{FileNoRows, "the objects have no field; export them again with their data"}
	}
	return j.names, own, nil
}

// take walks through an object and says what is wrong with it.
func (j *jsonReader) take(object []byte, number int) *RowError {
	if broken := j.check(object, number); broken != nil {
		return broken
	}
	err := j.walker.walk(object)
	if err == nil {
		return nil
	}
	if broken := asRowError(err); broken != nil {
		broken.Number = number
		return broken
	}
	return &RowError{Number: number, Code: RowBadJSON, What: err.Error() + "; write each Contact as one object in braces"}
}

// expect sets the columns that rows are filled by.
func (j *jsonReader) expect(names []string) {
	j.names = names
	for i, name := range names {
		j.columns[name] = i
	}
	j.spans = make([][2]int, len(names))
	j.cells = make([]string, len(names))
	j.walker.leaf = j.fill
}

// next returns the next object, as cells or as a document.
func (j *jsonReader) next() (Row, error) {
	row, err := j.object()
	if err != nil {
		return row, err
	}
	object := row.Document
	if j.whole {
		j.walker.leaf = nil
		if broken := j.take(object, row.Number); broken != nil {
			return Row{Number: row.Number}, broken
		}
		return row, nil
	}
	row.Document = nil
	j.row, j.likely = j.row[:0], 0
	for i := range j.spans {
		j.spans[i][0] = -1
	}
	if broken := j.take(object, row.Number); broken != nil {
		return row, broken
	}
	s := string(j.row)
	for i, span := range j.spans {
		j.cells[i] = Absent
		if span[0] >= 0 {
			j.cells[i] = s[span[0]:span[1]]
		}
	}
	row.Cells = j.cells
	return row, nil
}

// fill puts a leaf into its column.
func (j *jsonReader) fill(path, value []byte) error {
	if len(path) == 0 {
		return nil
	}
	i := j.likely
	if i >= len(j.names) || string(path) != j.names[i] {
		var known bool
		if i, known = j.columns[string(path)]; !known {
			return &RowError{Code: RowTooManyCells, What: "has more fields than a row may have; leave out those that are not needed"}
		}
	}
	j.likely = i + 1
	if len(value) > j.limits.Cell {
		return &RowError{Code: RowCellTooLong, Column: j.names[i], What: "is longer than a cell may be; shorten it"}
	}
	if bytes.IndexByte(value, 0) >= 0 {
		return &RowError{Code: RowNULByte, Column: j.names[i], What: "holds a NUL character, which no text does; take it out"}
	}
	j.spans[i] = [2]int{len(j.row), len(j.row) + len(value)}
	j.row = append(j.row, value...)
	return nil
}
