package table

import (
	"bytes"
	"io"
	"strings"
)

// A csvReader reads CSV of any dialect. It is written by hand because
// encoding/csv knows neither other quotes nor escapes, takes the rest of the
// file into one cell where a quote is never closed, and bounds no cell. Both
// are about equally fast (BenchmarkCSV), this one with each row checked to be
// text: most lines are parted by nothing but searches for one byte, which the
// processor does many bytes at a time.
type csvReader struct {
	lineReader
	d      dialect
	wide   int   // how many cells a row should have; 0: not known
	wasted int64 // bytes looked at in vain
	short  bool  // rows with too few cells have been seen, which then mean nothing

	cells []string
	row   []byte // the cells of a row with quotes, one behind the other
	ends  []int  // where each of them ends

	lenient bool // the row has quotes within a cell that were not doubled
}

func newCSVReader(src io.Reader, d dialect, limits Limits) *csvReader {
	return &csvReader{lineReader: newLineReader(src, d.newline, limits), d: d}
}

// next returns the next line that holds anything, or the next several if a
// quoted cell goes over their ends.
func (c *csvReader) next() (Row, error) {
	for {
		n, err := c.lineLength(0)
		if err != nil {
			return c.skipLine(err)
		}
		if n == 0 && c.from == c.to {
			return Row{}, io.EOF
		}
		if n > c.limits.Row {
			return c.skipLine(errTooLong)
		}
		line := trimCR(c.rest()[:n])
		if len(line) == 0 || len(line) == 1 && line[0] == 0x1a { // DOS ends its files with 0x1a
			c.use(n, 1)
			continue
		}
		number := c.line
		if bytes.IndexByte(line, c.d.quote) >= 0 {
			return c.nextQuoted(number)
		}
		row := Row{Number: number}
		broken := c.check(line, number)
		if broken == nil {
			broken = c.split(string(line), number)
		} else {
			c.keep(line)
		}
		if broken == nil && len(c.cells) < c.wide && !c.short {
			if all, lines := c.torn(n); lines > 1 {
				return c.tornRow(all, lines)
			}
		}
		row.Cells = c.cells
		cutOff := c.cutOff(n)
		c.use(n, 1)
		if broken == nil && cutOff {
			broken = cutOffError(number)
		}
		if broken != nil {
			broken.Cells = row.Cells
			return row, broken
		}
		return row, nil
	}
}

// cutOff reports whether the row of n bytes is where the file was cut off.
func (c *csvReader) cutOff(n int) bool {
	if len(c.cells) >= c.wide || c.short {
		return false
	}
	last := c.eof && c.from+n == c.to
	c.short = !last
	return last && c.line > 2
}

func cutOffError(number int) *RowError {
	return &RowError{Number: number, Code: RowCutOff, What: "ends early and without a line end, and no row before it does; the file may be cut off, export it again"}
}

// keep makes cells of a row that is broken, for the report.
func (c *csvReader) keep(b []byte) {
	b = bytes.ReplaceAll(b, []byte{0}, []byte("\uFFFD"))
	s := strings.ToValidUTF8(string(b[:min(len(b), c.limits.Cell)]), "\uFFFD")
	_ = c.split(s, 0) // what is wrong with it is known already
}

// split parts a line that holds no quotes.
func (c *csvReader) split(s string, number int) *RowError {
	c.cells = c.cells[:0]
	long := len(s) > c.limits.Cell
	for rest := s; ; {
		i := strings.IndexByte(rest, c.d.separator)
		cell := rest
		if i >= 0 {
			cell = rest[:i]
		}
		if long && len(cell) > c.limits.Cell {
			return c.longCell(number)
		}
		if len(cell) > 1 && cell[0] == '\'' {
			cell = unescapeFormula(cell)
		}
		c.cells = append(c.cells, cell)
		if i < 0 {
			return nil
		}
		rest = rest[i+1:]
		if len(c.cells) >= c.limits.Columns {
			return c.beyond(rest, number)
		}
	}
}

// beyond judges what follows when there are as many cells as there may be.
func (c *csvReader) beyond(rest string, number int) *RowError {
	if strings.Trim(rest, string(rune(c.d.separator))+" \t") == "" {
		return nil
	}
	return &RowError{Number: number, Code: RowTooManyCells, What: "has more cells than a row may have; check the separator and the quotes"}
}

func (c *csvReader) longCell(number int) *RowError {
	e := &RowError{Number: number, Code: RowCellTooLong, What: "has a cell that is longer than a cell may be; shorten it, or check the quotes around it"}
	return e
}
