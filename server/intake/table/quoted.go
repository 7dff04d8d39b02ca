package table

import (
	"bytes"
	"errors"
	"strings"
)

// What may be wrong with a row that holds quotes.
var (
	errUnclosed = errors.New("a quote is never closed")
	errLongCell = errors.New("a cell is too long")
	errManyCell = errors.New("too many cells")
)

// After so many bytes were looked at in vain, more than the file has, a quoted
// cell that goes over its line is only followed for that short way: a file
// whose every line opens a quote would take forever otherwise.
const (
	wasteFree  = 16 << 20
	wasteReach = 1 << 10
)

// nextQuoted reads a row that holds quotes. If one of them is never closed,
// the row is broken, and reading goes on with its second line: otherwise the
// rest of the file would vanish in one cell.
func (c *csvReader) nextQuoted(number int) (Row, error) {
	row := Row{Number: number}
	if first, err := c.lineLength(0); err == nil && c.splitQuoted(first, number) {
		row.Cells = c.cells
		c.cutOff(first) // which it is not, but it may be short
		c.use(first, 1)
		return row, nil
	}
	n, err := c.readQuoted()
	if err == nil && (c.swallowed(n) || c.lenient && len(c.ends) < c.wide) {
		err = errUnclosed
	}
	var broken *RowError
	switch {
	case err == nil:
		record := c.rest()[:n]
		if broken = c.check(record, number); broken != nil {
			c.keep(record)
			break
		}
		c.cut()
		if c.cutOff(n) {
			broken = cutOffError(number)
		}
	case errors.Is(err, errUnclosed):
		broken = &RowError{Number: number, Code: RowUnclosedQuote, What: "opens a quote that is never closed; close it, or double each quote within a cell"}
	case errors.Is(err, errManyCell):
		broken = c.beyond("x", number)
	default:
		broken = c.longCell(number)
	}
	if err != nil {
		c.wasted += int64(n)
		if n, err = c.lineLength(0); err != nil {
			return c.skipLine(err)
		}
		c.keep(trimCR(c.rest()[:n]))
	}
	row.Cells = c.cells
	c.use(n, 1+bytes.Count(c.rest()[:n], []byte{c.d.newline}))
	if broken != nil {
		broken.Cells = row.Cells
		return row, broken
	}
	return row, nil
}

// splitQuoted parts a line whose quotes stand around whole cells only, as most
// do, without copying them one by one. It reports false for any other, which
// readQuoted then takes apart.
func (c *csvReader) splitQuoted(n, number int) bool {
	line := trimCR(c.rest()[:n])
	if len(line) > c.limits.Cell || c.check(line, number) != nil {
		return false
	}
	c.cells = c.cells[:0]
	for rest := string(line); len(c.cells) < c.limits.Columns; {
		cell, end := rest, len(rest)
		if rest != "" && rest[0] == c.d.quote {
			end = strings.IndexByte(rest[1:], c.d.quote) + 2
			if end < 2 || end < len(rest) && rest[end] != c.d.separator {
				return false
			}
			cell = rest[1 : end-1]
			if c.d.escape != 0 && strings.IndexByte(cell, c.d.escape) >= 0 {
				return false
			}
		} else if i := strings.IndexByte(rest, c.d.separator); i >= 0 {
			cell, end = rest[:i], i
		}
		if cell != "" && (cell[0] == '\'' || cell[0] == ' ') {
			if cell[0] == ' ' && strings.IndexByte(cell, c.d.quote) >= 0 {
				return false // spaces before a quote
			}
			cell = unescapeFormula(cell)
		}
		c.cells = append(c.cells, cell)
		if end == len(rest) {
			return len(c.cells) >= c.wide || !c.eof // what may be cut off is looked at more closely
		}
		rest = rest[end+1:]
	}
	return false
}

// readQuoted takes a row apart into c.row and c.ends, and returns its length
// without the line end. With an error it returns how far it looked.
func (c *csvReader) readQuoted() (int, error) {
	c.row, c.ends, c.lenient = c.row[:0], c.ends[:0], false
	for at := 0; ; {
		var err error
		start := c.skipSpaces(at)
		if b, ok := c.byteAt(start); ok && b == c.d.quote {
			at, err = c.readCell(start + 1)
			if err != nil {
				return at, err
			}
		} else {
			at = c.readBare(at)
		}
		if len(c.row)-c.lastEnd() > c.limits.Cell {
			return at, errLongCell
		}
		c.ends = append(c.ends, len(c.row))
		b, ok := c.byteAt(at)
		if !ok || b == c.d.newline {
			return at, nil
		}
		if b == '\r' {
			if next, ok := c.byteAt(at + 1); !ok || next == c.d.newline {
				return min(at+1, len(c.rest())), nil
			}
		}
		at++ // the separator
		if len(c.ends) >= c.limits.Columns {
			return at, errManyCell
		}
		if len(c.row) > c.limits.Row {
			return at, errLongCell
		}
	}
}

func (c *csvReader) lastEnd() int {
	if len(c.ends) == 0 {
		return 0
	}
	return c.ends[len(c.ends)-1]
}

// byteAt returns a byte counted from the row's begin, bringing it into view.
func (c *csvReader) byteAt(at int) (byte, bool) {
	for c.from+at >= c.to {
		if !c.more() {
			return 0, false
		}
	}
	return c.buf[c.from+at], true
}

func (c *csvReader) skipSpaces(at int) int {
	for {
		if b, ok := c.byteAt(at); !ok || b != ' ' || c.d.separator == ' ' {
			return at
		}
		at++
	}
}

// readBare reads a cell without quotes around it, and returns where it ends.
// Quotes within it stand for themselves.
func (c *csvReader) readBare(at int) int {
	n, err := c.lineLength(at)
	if err != nil { // the window is full, so the row is too long whatever it is
		n = len(c.rest()) - at
	}
	line := trimCR(c.rest()[at : at+n])
	if i := bytes.IndexByte(line, c.d.separator); i >= 0 {
		line = line[:i]
	}
	c.row = append(c.row, line...)
	return at + len(line)
}

// readCell reads a quoted cell from behind its opening quote, and returns
// where the separator or line end behind it stands.
func (c *csvReader) readCell(at int) (int, error) {
	begin, over := at, false // over: the cell goes over the end of a line
	for {
		i := c.findQuote(at, begin, over)
		if i < 0 {
			return at, errUnclosed
		}
		piece := c.rest()[at:i]
		over = over || bytes.IndexByte(piece, c.d.newline) >= 0
		c.row = append(c.row, piece...)
		mark := c.buf[c.from+i]
		next, more := c.byteAt(i + 1)
		switch {
		case mark == '\\' && mark != c.d.quote:
			if more && (next == c.d.quote || next == '\\') {
				c.row = append(c.row, next)
				at = i + 2
			} else {
				c.row = append(c.row, mark)
				at = i + 1
			}
			continue
		case more && next == c.d.quote:
			c.row = append(c.row, mark)
			at = i + 2
			continue
		}
		end := c.skipSpaces(i + 1)
		if c.endsCell(end) {
			return end, nil
		}
		if over {
			return i, errUnclosed
		}
		c.lenient = true
		c.row = append(c.row, mark) // a quote that should have been doubled
		at = i + 1
	}
}

// findQuote returns where the next quote or escape stands; -1 if there is none
// as far as a cell may reach.
func (c *csvReader) findQuote(at, begin int, over bool) int {
	reach := c.limits.Cell + 1024
	if over && c.wasted > wasteFree+c.gone {
		reach = wasteReach
	}
	for searched := at; ; {
		rest := c.rest()
		rest = rest[:min(len(rest), begin+reach)]
		if searched < len(rest) {
			i := bytes.IndexByte(rest[searched:], c.d.quote)
			if c.d.escape != 0 {
				part := rest[searched:]
				if i >= 0 {
					part = part[:i]
				}
				if j := bytes.IndexByte(part, c.d.escape); j >= 0 {
					i = j
				}
			}
			if i >= 0 {
				return searched + i
			}
		}
		searched = max(searched, len(rest))
		if len(rest) >= begin+reach || !c.more() {
			return -1
		}
	}
}

// endsCell reports whether a cell may end before that place.
func (c *csvReader) endsCell(at int) bool {
	b, ok := c.byteAt(at)
	if !ok || b == c.d.separator || b == c.d.newline {
		return true
	}
	if b != '\r' {
		return false
	}
	next, ok := c.byteAt(at + 1)
	return !ok || next == c.d.newline
}

// cut makes cells of what readQuoted has read.
func (c *csvReader) cut() {
	s, start := string(c.row), 0
	c.cells = c.cells[:0]
	for _, end := range c.ends {
		cell := s[start:end]
		if len(cell) > 1 && cell[0] == '\'' {
			cell = unescapeFormula(cell)
		}
		c.cells = append(c.cells, cell)
		start = end
	}
}
