package table

import "bytes"

// swallowed reports whether a row of several lines has swallowed others that
// are rows themselves, as when a quote was opened and a later row's happened
// to close it. Where the row has the cells that it should, that takes more than
// a line or two: what people write may look like a row by chance.
func (c *csvReader) swallowed(n int) bool {
	record := c.rest()[:n]
	i := bytes.IndexByte(record, c.d.newline)
	if i < 0 || c.wide < 3 {
		return false
	}
	fits := len(c.ends) == c.wide
	for rows := 0; ; rows++ {
		record = record[i+1:]
		if i = bytes.IndexByte(record, c.d.newline); i < 0 {
			// What is left ends in the quote that closed it all.
			return !fits && rows == 0 && c.isRow(record)
		}
		switch {
		case !c.isRow(record[:i]):
			return false
		case !fits || rows == 2:
			return true
		}
	}
}

// isRow reports whether a line is a whole row by itself.
func (c *csvReader) isRow(line []byte) bool {
	cells := 1
	for line = trimCR(line); ; cells++ {
		if len(line) > 0 && line[0] == c.d.quote {
			end := bytes.IndexByte(line[1:], c.d.quote) + 2
			if end < 2 || end < len(line) && line[end] != c.d.separator {
				return false
			}
			line = line[end:]
		}
		i := bytes.IndexByte(line, c.d.separator)
		if i < 0 {
			return cells >= c.wide
		}
		line = line[i+1:]
	}
}

const mostTorn = 10 // lines that a row is followed over

// torn recognises a row that a line break in a cell without quotes tore apart:
// it and the next lines have too few cells each, and just enough together. It
// returns the length of them all, and their number. Two rows that each lack
// their last cells may look alike, so it is only asked where no row has lacked
// any before.
func (c *csvReader) torn(n int) (all, lines int) {
	cells := len(c.cells)
	for lines = 2; lines <= mostTorn && c.wide > 3; lines++ {
		if _, more := c.byteAt(n + 1); !more {
			break
		}
		m, err := c.lineLength(n + 1)
		if err != nil {
			break
		}
		line := c.rest()[n+1 : n+1+m]
		more := bytes.Count(line, []byte{c.d.separator})
		n += 1 + m
		cells += more
		if n > c.limits.Row || more+1 >= c.wide || cells > c.wide || bytes.IndexByte(line, c.d.quote) >= 0 {
			break
		}
		if cells == c.wide {
			return n, lines
		}
	}
	return 0, 1
}

// tornRow reports a row that was torn apart, with the cells that it was meant
// to have.
func (c *csvReader) tornRow(n, lines int) (Row, error) {
	row := Row{Number: c.line}
	broken := &RowError{Number: c.line, Code: RowTorn, What: "goes over several lines; put the cell that holds the line break into quotes"}
	record := trimCR(c.rest()[:n])
	if other := c.check(record, c.line); other != nil {
		broken = other
		c.keep(record)
	} else {
		_ = c.split(string(record), c.line) // broken it is already
	}
	row.Cells, broken.Cells = c.cells, c.cells
	c.use(n, lines)
	return row, broken
}
