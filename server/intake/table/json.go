package table

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
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

// layout is how a file arranges its objects.
type layout struct {
	lines bool  // one a line
	list  int64 // where the list begins, within the text; 0: at its begin, or there is none
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

// arrangement tells how objects are arranged, by the beginning of a file.
func arrangement(head []byte, whole bool) layout {
	if trimmed := bytes.TrimLeft(head, " \t\r\n"); len(trimmed) == 0 || trimmed[0] != '{' {
		return layout{lines: len(trimmed) == 0 || trimmed[0] != '['}
	}
	n := objectLength(bytes.TrimLeft(head, " \t\r\n"))
	skipped := len(head) - len(bytes.TrimLeft(head, " \t\r\n"))
	alone := n > 0 && whole && len(bytes.TrimSpace(head[skipped+n:])) == 0
	if alone || n == 0 && len(head) >= 1<<20 {
		if at := listWithin(head); at > 0 {
			return layout{list: at}
		}
	}
	good, lines := 0, 0
	for line := range bytes.SplitSeq(head, []byte{'\n'}) {
		line = bytes.TrimSpace(line)
		if len(line) == 0 {
			continue
		}
		if lines++; line[0] == '{' && (&walker{}).walk(bytes.TrimSuffix(line, []byte{','})) == nil {
			good++
		}
		if lines == 20 {
			break
		}
	}
	// An object written over many lines has lines that are objects too, but
	// the first is not, and seldom most.
	return layout{lines: 2*good >= lines && good > 0 || n == 0 && lines == 1}
}

// objectLength is the length of the object that b begins with; 0 if it does
// not end within b.
func objectLength(b []byte) int {
	s := splitter{}
	return s.scan(b)
}

// listWithin returns where the first list of objects begins that stands within
// nothing but objects, as in {"data": {"contacts": [{…; 0 if there is none.
func listWithin(head []byte) int64 {
	w := walker{data: head}
	for depth := 0; depth < maxDepth; {
		switch w.peek() {
		case '{':
			w.at++
			depth++
			if w.peek() == '}' {
				return 0
			}
		case ',':
			w.at++
		case '}':
			w.at++
			if depth--; depth == 0 {
				return 0
			}
			continue
		default:
			return 0
		}
		if w.peek() != '"' {
			return 0
		}
		key, err := w.string()
		if err != nil || w.peek() != ':' {
			return 0
		}
		own := ownNames[string(key)] || ownNames[string(key)+"[]"]
		w.at++
		switch w.peek() {
		case '{':
			if !own {
				continue
			}
		case '[':
			start := w.at
			w.at++
			if w.peek() == '{' && !own {
				return int64(start)
			}
			w.at = start
		}
		if w.value() != nil {
			return 0
		}
	}
	return 0
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

// ownNames are the fields of the API's ContactInput, with [] for a list's
// rows, and the error that rejected documents come back with. What stands below
// customFields and metadata is free.
var ownNames = map[string]bool{
	"error":      true,
	"externalId": true, "employee": true, "locale": true, "salutation": true, "title": true,
	"givenName": true, "familyName": true, "birthDate": true, "organisation": true, "observedAt": true,
	"emails": true, "phones": true, "addresses": true, "customFields": true, "metadata": true,
	"emails[].id": true, "emails[].address": true, "emails[].use": true,
	"phones[].id": true, "phones[].number": true, "phones[].kind": true, "phones[].use": true,
	"addresses[].id": true, "addresses[].street": true, "addresses[].houseNumber": true,
	"addresses[].addition": true, "addresses[].postalCode": true, "addresses[].city": true,
	"addresses[].region": true, "addresses[].countryCode": true, "addresses[].use": true,
}

// ownPath reports whether a leaf's path is one of ContactInput.
func ownPath(path string) bool {
	if strings.HasPrefix(path, "customFields.") || strings.HasPrefix(path, "metadata.") || strings.HasPrefix(path, "metadata[") {
		return true
	}
	if i := strings.IndexByte(path, '['); i >= 0 {
		if j := strings.IndexByte(path[i:], ']'); j > 0 {
			path = path[:i+1] + path[i+j:]
		}
	}
	return ownNames[path]
}
