package table

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"
)

// A lineReader reads a text line by line, and knows their numbers.
type lineReader struct {
	window
	text    *text // nil where the source is a sample
	newline byte
	line    int // the next line's number
	limits  Limits
}

func newLineReader(src io.Reader, newline byte, limits Limits) lineReader {
	// A row that is just too long must be seen to be, with its line end.
	size := limits.Row + 256<<10
	text, ok := src.(*text)
	if ok { // no encoding's text grows to more than three times its size
		size = int(min(int64(size), 3*text.size+2*leastRead))
	}
	return lineReader{window: newWindow(src, size), text: text, newline: newline, line: 1, limits: limits}
}

func (l *lineReader) size() int64      { return l.text.size }
func (l *lineReader) encoding() string { return l.text.name }
func (l *lineReader) notes() []Note    { return nil }

// offset is exact for UTF-8; other encodings' bytes in view count as if they were.
func (l *lineReader) offset() int64 { return max(0, l.text.at-int64(l.to-l.from)) }

// use steps over n bytes, the line end behind them, and as many lines.
func (l *lineReader) use(n, lines int) {
	l.from = min(l.from+n+1, l.to)
	l.line += lines
}

var errTooLong = errors.New("the line is too long")

// lineLength is how long the line is that begins at that place of what is in
// view, without its end; errTooLong if the window cannot hold it.
func (l *lineReader) lineLength(at int) (int, error) {
	for searched := at; ; {
		rest := l.rest()
		if i := bytes.IndexByte(rest[searched:], l.newline); i >= 0 {
			return searched + i - at, nil
		}
		searched = len(rest)
		if l.more() {
			continue
		}
		switch {
		case l.err != nil:
			return 0, l.err
		case l.eof:
			return searched - at, nil
		}
		return 0, errTooLong
	}
}

// skipLine passes over a line that is longer than a row may be.
func (l *lineReader) skipLine(err error) (Row, error) {
	if !errors.Is(err, errTooLong) {
		return Row{}, err
	}
	number := l.line
	for {
		if i := bytes.IndexByte(l.rest(), l.newline); i >= 0 {
			l.use(i, 1)
			break
		}
		l.from = l.to
		if !l.more() {
			break
		}
	}
	return Row{Number: number}, &RowError{
		Number: number, Code: RowTooLong,
		What: "is longer than a row may be; check whether its line breaks got lost",
	}
}

// check refuses what is no text.
func (l *lineReader) check(b []byte, number int) *RowError {
	if bytes.IndexByte(b, 0) >= 0 {
		return &RowError{Number: number, Code: RowNULByte, What: "holds a NUL byte, which no text does; export it again"}
	}
	if !utf8.Valid(b) {
		return &RowError{Number: number, Code: RowBadEncoding, What: "holds bytes that are no " + l.encodingName() + "; type the letters with accents again, or export as UTF-8"}
	}
	return nil
}

func (l *lineReader) encodingName() string {
	if l.text == nil {
		return utf8Name
	}
	return l.text.name
}

// trimCR takes off the CR of a line that ends in CR LF.
func trimCR(line []byte) []byte {
	if n := len(line); n > 0 && line[n-1] == '\r' {
		return line[:n-1]
	}
	return line
}
