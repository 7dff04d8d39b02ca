package table

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"path"
	"slices"
	"strings"
)

// A dialect is how a CSV is written.
type dialect struct {
	separator byte // 0: there is one column only
	quote     byte
	escape    byte // '\\', or 0 where quotes within a cell are doubled
	newline   byte // '\n', also for CR LF, or '\r'
	told      bool // the first line is sep=; and no row
}

// separators are those that are recognised, the likeliest first.
var separators = []byte{';', ',', '\t', '|'}

const dialectSample = 128 << 10

// guessDialect tells a CSV's dialect by its beginning.
func guessDialect(sample []byte, whole bool, o Options) dialect {
	d := dialect{quote: '"', newline: '\n'}
	if bytes.IndexByte(sample, '\n') < 0 && bytes.IndexByte(sample, '\r') >= 0 {
		d.newline = '\r'
	}
	if !whole { // a row that is cut in half tells nothing
		if i := bytes.LastIndexByte(sample, d.newline); i > 0 {
			sample = sample[:i+1]
		}
	}
	d.separator, d.told = toldSeparator(sample, d.newline)
	if d.told {
		sample = sample[bytes.IndexByte(sample, d.newline)+1:]
	}
	if o.Separator != 0 {
		d.separator = o.Separator
	}
	if d.separator != 0 {
		d.quote, d.escape = guessQuote(sample, d)
		return d
	}
	best, score := d, 0.
	for _, separator := range separators {
		try := d
		try.separator = separator
		try.quote, try.escape = guessQuote(sample, try)
		s := regularity(sample, try, o.Limits)
		if separator == '\t' && slices.Contains([]string{".tsv", ".tab"}, strings.ToLower(path.Ext(o.Name))) {
			s *= 1.5
		}
		if s > score {
			best, score = try, s
		}
	}
	if score == 0 {
		best.quote, best.escape = guessQuote(sample, best)
	}
	return best
}

// toldSeparator reads the line sep=; that Excel takes as a hint.
func toldSeparator(sample []byte, newline byte) (byte, bool) {
	i := bytes.IndexByte(sample, newline)
	if i < 0 || i > 16 {
		return 0, false
	}
	line := bytes.Trim(bytes.TrimRight(sample[:i], "\r,;"), `"`)
	if bytes.EqualFold(line, []byte("sep=")) { // the separator was trimmed off above
		line = bytes.Trim(bytes.TrimRight(sample[:i], "\r"), `"`)
		line = line[:min(len(line), 5)]
	}
	if len(line) == 5 && bytes.EqualFold(line[:4], []byte("sep=")) {
		return line[4], true
	}
	return 0, false
}

// guessQuote tells which quotes stand around cells, and how they are written
// within one.
func guessQuote(sample []byte, d dialect) (quote, escape byte) {
	var double, single int
	for line := range bytes.SplitSeq(sample, []byte{d.newline}) {
		for cell := range bytes.SplitSeq(trimCR(line), []byte{d.separator}) {
			n := len(cell)
			if n < 2 || cell[0] != cell[n-1] {
				continue
			}
			switch cell[0] {
			case '"':
				double++
			case '\'':
				if n > 2 {
					single++
				}
			}
		}
	}
	quote = '"'
	if single > 2*double {
		quote = '\''
	}
	escaped := 0
	doubled := bytes.Count(sample, []byte{quote, quote})
	for i := 0; i+2 < len(sample); i++ {
		j := bytes.Index(sample[i:], []byte{'\\', quote})
		if j < 0 || i+j+2 >= len(sample) {
			break
		}
		i += j + 1
		// A backslash at a cell's end is that of a folder's name.
		if next := sample[i+1]; next != d.separator && next != '\r' && next != '\n' {
			escaped++
		}
	}
	doubled -= bytes.Count(sample, []byte{d.separator, quote, quote, d.separator}) // cells that are empty
	if escaped > 0 && escaped > doubled {
		escape = '\\'
	}
	return quote, escape
}

// regularity is how well a dialect fits a text: the share of rows that have
// the most common number of cells, weighed by that number. One column scores 0.
func regularity(sample []byte, d dialect, limits Limits) float64 {
	limits.Row = min(limits.Row, len(sample)+1)
	rows := newCSVReader(bytes.NewReader(sample), d, limits)
	counts := map[int]int{}
	total := 0
	for total < 2000 {
		row, err := rows.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if broken := asRowError(err); broken != nil {
			total++
			if broken.Code == RowTooManyCells {
				counts[limits.Columns+1]++
			}
			continue
		}
		if blank(row.Cells) {
			continue
		}
		total++
		counts[len(row.Cells)]++
	}
	most, cells := 0, 1
	for n, count := range counts {
		if count > most || count == most && n > cells {
			most, cells = count, n
		}
	}
	if cells < 2 {
		return 0
	}
	return float64(most) / float64(total) * (1 + math.Log(float64(cells)))
}

// openCSV recognises a CSV's encoding, dialect and headings.
func (t *Table) openCSV(r io.ReaderAt, size int64, o Options) error {
	txt, err := openText(r, size, o.Encoding)
	if err != nil {
		return err
	}
	sample, whole, err := txt.again().head(dialectSample)
	if err != nil {
		return err
	}
	if whole && len(bytes.Trim(sample, " \t\r\n,;|\"\x1a")) == 0 {
		return &FileError{FileEmpty, "the file holds no row; export it again"}
	}
	d := guessDialect(sample, whole, o)
	t.Separator, t.Quote = d.separator, d.quote
	if d.separator > '~' || d.separator < ' ' && d.separator != '\t' && d.separator != 0 || d.quote != '"' || d.escape != 0 {
		t.Notes = append(t.Notes, Note{NoteDialect, fmt.Sprintf("cells are parted by %q and quoted by %q", d.separator, d.quote)})
	}
	t.noteEncoding(txt.name)
	if d.told {
		t.skip = 1
	}
	if err := t.findHeader(newCSVReader(txt.again(), d, o.Limits), o.HeaderRow); err != nil {
		return err
	}
	c := newCSVReader(txt.again(), d, o.Limits)
	c.wide = len(t.Columns)
	t.rows = c
	return nil
}
