package table

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	headerSample  = 100  // rows that are looked at for the headings
	headerTries   = 2000 // … and rows to find them among
	headerDepth   = 30   // how far down the headings may stand
	headingLength = 200
)

// findHeader looks for the headings among a file's first rows, and makes the
// Columns of them. asked is Options.HeaderRow.
func (t *Table) findHeader(r rowReader, asked int) error {
	rows, err := t.firstRows(r, asked)
	if err != nil {
		return err
	}
	i, found := 0, false
	switch {
	case asked > 0:
		i = slices.IndexFunc(rows, func(row Row) bool { return row.Number == asked })
		if i < 0 {
			return &FileError{FileNoSuchPart, fmt.Sprintf("row %d holds no headings; name the row that does", asked)}
		}
		found = true
	case asked == NoHeader:
	default:
		i, found = headerAt(rows)
	}
	if found {
		if i == len(rows)-1 {
			return &FileError{FileNoRows, "the file holds headings and no row below them; export it again with its data"}
		}
		t.setHeader(rows[i], rows[i+1:])
	} else {
		t.setNumbered(rows[i:])
	}
	if len(t.Columns) > t.limits.Columns {
		return &FileError{FileTooWide, fmt.Sprintf("the file has more than %d columns; leave out those that are not needed", t.limits.Columns)}
	}
	if i > 0 && (i > 1 || rows[0].Number > t.skip) {
		t.Notes = append(t.Notes, Note{NoteRowsAbove, fmt.Sprintf("the table begins in row %d; what stands above it was left out", rows[i].Number)})
	}
	t.skip = rows[i].Number
	if !found {
		t.skip--
	}
	return nil
}

// firstRows reads the rows in which headings are looked for.
func (t *Table) firstRows(r rowReader, asked int) ([]Row, error) {
	var rows []Row
	var first *RowError
	for tries := 0; len(rows) < headerSample && tries < headerTries; tries++ {
		row, err := r.next()
		broken := asRowError(err)
		switch {
		case errors.Is(err, io.EOF):
			tries = headerTries
			continue
		case broken != nil:
			if first == nil {
				first = broken
			}
			// The headings themselves may hold a broken letter, and what cannot be
			// read at all is a row nevertheless.
			if row.Cells = broken.Cells; len(rows) == 0 && broken.Code != RowBadEncoding && broken.Code != RowNULByte && broken.Number != asked {
				continue
			}
		case err != nil:
			return nil, err
		}
		if row.Number <= t.skip && asked != row.Number || err == nil && blank(row.Cells) {
			continue
		}
		row.Cells = slices.Clone(row.Cells)
		rows = append(rows, row)
		if asked > 0 && row.Number < asked {
			rows = rows[:0]
			tries = 0
		}
	}
	switch {
	case len(rows) > 0:
		return rows, nil
	case first == nil && asked > 0:
		return nil, &FileError{FileNoSuchPart, fmt.Sprintf("row %d holds no headings; name the row that does", asked)}
	case first == nil:
		return nil, &FileError{FileEmpty, "the file holds no row; export it again"}
	case first.Code == RowTooManyCells, first.Code == RowTooLong:
		return nil, &FileError{FileTooWide, "no row can be read; the first " + first.What}
	}
	return nil, &FileError{FileBroken, "no row can be read; the first " + first.What}
}

// headerAt tells which row holds the headings, or, if none does, where the
// data begins.
func headerAt(rows []Row) (int, bool) {
	full := typicalFill(rows)
	begin := -1
	for i, row := range rows[:min(len(rows), headerDepth)] {
		n := fill(row.Cells)
		if n*5 >= full*3 || full < 3 && n >= full {
			begin = i
			break
		}
	}
	if begin < 0 {
		return 0, false
	}
	// Above the headings there may stand more than a title, such as a row that
	// groups them, or the export's date; the headings are the fuller row.
	for i := begin + 1; i < min(len(rows), begin+10); i++ {
		if n := fill(rows[i].Cells); n >= full && fill(rows[begin].Cells)*5 < n*4 && headings(rows[i].Cells) {
			begin = i
		}
	}
	if !headings(rows[begin].Cells) || recurs(rows[begin].Cells, rows[begin+1:]) {
		return begin, false
	}
	return begin, true
}

// typicalFill is how many cells the middle row of the sample has filled.
func typicalFill(rows []Row) int {
	fills := make([]int, len(rows))
	for i, row := range rows {
		fills[i] = fill(row.Cells)
	}
	slices.Sort(fills)
	return fills[len(fills)/2]
}

func fill(cells []string) int {
	n := 0
	for _, cell := range cells {
		if cell != Absent && strings.TrimSpace(cell) != "" {
			n++
		}
	}
	return n
}

// headings reports whether cells may be headings: hardly any has the form of
// data, and they differ from one another.
func headings(cells []string) bool {
	data, same, seen := 0, 0, map[string]bool{}
	for _, cell := range cells {
		cell = strings.TrimSpace(cell)
		if cell == "" || cell == Absent {
			continue
		}
		if dataLike(cell) {
			data++
		}
		if seen[cell] {
			same++
		}
		seen[cell] = true
	}
	n := len(seen)
	return n > 0 && data*5 <= n && (data == 0 || n > 1) && same <= n
}

// dataLike reports whether a text is what no heading is: an address, a number,
// a date, a long text.
func dataLike(s string) bool {
	if len(s) > 2*headingLength || strings.Contains(s, "@") && strings.Contains(s, ".") {
		return true
	}
	digits, others := 0, 0
	for _, r := range s {
		switch {
		case '0' <= r && r <= '9':
			digits++
		case r > ' ':
			others++
		}
	}
	return digits > 0 && digits >= others
}

// recurs reports whether several of the cells come again in their columns,
// which headings do not, unless all of them do.
func recurs(cells []string, rows []Row) bool {
	again := make([]bool, len(cells))
	for _, row := range rows {
		if slices.Equal(row.Cells, cells) {
			continue
		}
		for i, cell := range row.Cells[:min(len(cells), len(row.Cells))] {
			if cell != "" && cell != Absent && cell == cells[i] {
				again[i] = true
			}
		}
	}
	n := 0
	for _, a := range again {
		if a {
			n++
		}
	}
	return n > 0 && n*5 >= fill(cells)
}

// setHeader makes Columns of a row of headings: each has one, and no two are
// the same.
func (t *Table) setHeader(header Row, below []Row) {
	t.HeaderRow = header.Number
	t.header = header.Cells
	n := lastFilled(header.Cells)
	for _, row := range below { // a column without heading counts if it holds anything
		n = max(n, min(len(header.Cells), lastFilled(row.Cells)))
	}
	taken := map[string]bool{}
	for _, cell := range header.Cells[:n] {
		taken[strings.ToLower(heading(cell))] = true
	}
	seen := map[string]bool{}
	for i, cell := range header.Cells[:n] {
		name := heading(cell)
		if name == "" {
			name = unique(fmt.Sprintf("Column %d", i+1), taken)
			t.Notes = append(t.Notes, Note{NoteEmptyHeading, fmt.Sprintf("column %d has no heading; it is called %q", i+1, name)})
		} else if seen[folded(name)] {
			first := name
			name = unique(name, taken)
			t.Notes = append(t.Notes, Note{NoteSameHeading, fmt.Sprintf("column %d has the same heading as one before it, %q; it is called %q", i+1, first, name)})
		}
		seen[folded(name)], taken[strings.ToLower(name)] = true, true
		t.Columns = append(t.Columns, name)
	}
}

// folded is what two headings have in common that count as the same. The keys
// of our own custom fields differ by case too.
func folded(name string) string {
	if strings.HasPrefix(name, "customFields.") {
		return name
	}
	return strings.ToLower(name)
}

// setNumbered makes Columns where there are no headings.
func (t *Table) setNumbered(rows []Row) {
	n := 0
	for _, row := range rows {
		n = max(n, lastFilled(row.Cells))
	}
	for i := range n {
		t.Columns = append(t.Columns, fmt.Sprintf("Column %d", i+1))
	}
	t.Notes = append(t.Notes, Note{NoteNoHeader, "the first row is data already; the columns are numbered"})
}

// lastFilled is how many cells there are up to the last that holds anything.
func lastFilled(cells []string) int {
	for n := len(cells); n > 0; n-- {
		if cell := cells[n-1]; cell != Absent && strings.TrimSpace(cell) != "" {
			return n
		}
	}
	return 0
}

// heading is a cell's text in one line, of a length that can be shown.
func heading(cell string) string {
	if cell == Absent {
		return ""
	}
	s := strings.Join(strings.Fields(strings.ReplaceAll(cell, "\uFEFF", "")), " ")
	for len(s) > headingLength {
		_, n := utf8.DecodeLastRuneInString(s[:headingLength+1])
		s = s[:headingLength+1-n]
	}
	return s
}

// unique adds the first number to a heading that makes it a new one.
func unique(name string, taken map[string]bool) string {
	if !taken[strings.ToLower(name)] {
		return name
	}
	for n := 2; ; n++ {
		if numbered := fmt.Sprintf("%s %d", name, n); !taken[strings.ToLower(numbered)] {
			return numbered
		}
	}
}
