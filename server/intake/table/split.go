package table

import (
	"bytes"
	"io"
)

// A splitter finds where a JSON object ends. It keeps its place, so that what
// is not yet in view can follow.
type splitter struct {
	at       int
	depth    int
	inString bool
}

// scan goes on through b, of which it has seen the beginning, and returns the
// length of the object; 0 if it does not end within b.
func (s *splitter) scan(b []byte) int {
	for s.at < len(b) {
		c := b[s.at]
		s.at++
		if s.inString {
			switch c {
			case '\\':
				s.at++
			case '"':
				s.inString = false
			}
			continue
		}
		switch c {
		case '"':
			s.inString = true
			// Most of a file is within strings: go to the next byte that matters.
			rest := b[min(s.at, len(b)):]
			n := bytes.IndexByte(rest, '"')
			if n < 0 {
				n = len(rest)
			}
			if i := bytes.IndexByte(rest[:n], '\\'); i >= 0 {
				n = i
			}
			s.at += n
		case '{', '[':
			s.depth++
		case '}', ']':
			if s.depth--; s.depth == 0 {
				return s.at
			}
		}
	}
	return 0
}

// object returns the next object as it is written, in Row.Document, unchecked.
func (j *jsonReader) object() (Row, error) {
	if j.layout.lines {
		return j.lineObject()
	}
	if !j.begun {
		j.begun = true
		j.pass(j.layout.list)
	}
	for {
		c, ok := j.peek()
		if !ok {
			if j.err != nil {
				return Row{}, j.err
			}
			if j.listed {
				j.listed = false
				return Row{Number: j.line}, &RowError{Number: j.line, Code: RowCutOff, What: "is the file's end, but not its list's; it may be cut off, export it again"}
			}
			return Row{}, io.EOF
		}
		switch c {
		case '{':
			return j.spannedObject()
		case ',':
			j.from++
		case '[':
			j.from++
			j.listed = true
		case ']':
			j.listed = false
			j.from = j.to
			for j.more() {
				j.from = j.to // what follows a list is no row
			}
		default:
			return j.noObject()
		}
	}
}

// pass steps over n bytes.
func (j *jsonReader) pass(n int64) {
	for n > 0 && (j.from < j.to || j.more()) {
		part := j.buf[j.from:min(int64(j.to), int64(j.from)+n)]
		j.line += bytes.Count(part, []byte{'\n'})
		j.from += len(part)
		n -= int64(len(part))
	}
}

// peek steps over white space and returns the byte there.
func (j *jsonReader) peek() (byte, bool) {
	for {
		for j.from < j.to {
			switch c := j.buf[j.from]; c {
			case '\n':
				j.line++
				j.from++
			case ' ', '\t', '\r':
				j.from++
			default:
				return c, true
			}
		}
		if !j.more() {
			return 0, false
		}
	}
}

// lineObject returns the object that the next line holds.
func (j *jsonReader) lineObject() (Row, error) {
	for {
		n, err := j.lineLength(0)
		if err != nil {
			return j.skipLine(err)
		}
		if n == 0 && j.from == j.to {
			return Row{}, io.EOF
		}
		if n > j.limits.Row {
			return j.skipLine(errTooLong)
		}
		object := bytes.TrimSuffix(bytes.TrimSpace(j.rest()[:n]), []byte{','})
		row := Row{Number: j.line, Document: object}
		j.use(n, 1)
		switch string(object) {
		case "", "[", "]": // a list's brackets on lines of their own
		default:
			return row, nil
		}
	}
}

// spannedObject returns the object that begins here. If it never ends, or
// takes in the next one because a bracket or quote is missing, reading goes on
// with the next place that looks as this object began.
func (j *jsonReader) spannedObject() (Row, error) {
	row := Row{Number: j.line}
	s := splitter{}
	n := s.scan(j.rest())
	for n == 0 && j.more() {
		n = s.scan(j.rest())
	}
	if j.err != nil {
		return Row{}, j.err
	}
	object := j.rest()
	if n > 0 {
		object = object[:n]
	}
	next := likeIt(object)
	switch {
	case n > 0 && n <= j.limits.Row && (next < 0 || (&walker{}).walk(object) == nil):
		row.Document = object
		j.step(n)
		return row, nil
	case next >= 0:
		j.wasted += int64(len(object))
		j.step(next)
	case n > 0:
		j.step(n)
	default:
		j.skipObject(&s)
	}
	if j.wasted > 4*wasteFree+j.gone {
		return Row{}, &FileError{FileBroken, "the JSON is broken in many places: objects begin and never end; export it again"}
	}
	if len(object) > j.limits.Row && next < 0 {
		return row, &RowError{Number: row.Number, Code: RowTooLong, What: "is longer than a row may be; check its quotes and brackets"}
	}
	return row, &RowError{Number: row.Number, Code: RowBadJSON, What: "begins an object that does not end; check its quotes and brackets"}
}

// step goes n bytes on within what is in view.
func (j *jsonReader) step(n int) {
	j.line += bytes.Count(j.rest()[:n], []byte{'\n'})
	j.from += n
}

// likeIt returns where b begins once more as it does, up to its first key; -1
// if it does not. Exports write all objects' first key alike.
func likeIt(b []byte) int {
	n := bytes.IndexByte(b[:min(len(b), 256)], ':')
	if n < 0 {
		return -1
	}
	i := bytes.Index(b[n:], b[:n+1])
	if i < 0 {
		return -1
	}
	return n + i
}

// skipObject follows an object that is longer than the window to its end.
func (j *jsonReader) skipObject(s *splitter) {
	for {
		n := s.scan(j.rest())
		if n > 0 {
			j.step(n)
			return
		}
		seen := len(j.rest())
		j.step(seen)
		s.at -= seen // may be 1, behind a backslash
		if !j.more() {
			return
		}
	}
}

// noObject reports what stands between objects, and goes to the next.
func (j *jsonReader) noObject() (Row, error) {
	row := Row{Number: j.line}
	for {
		rest := j.rest()
		i := bytes.IndexAny(rest, "{]")
		if i < 0 {
			i = len(rest)
		}
		j.line += bytes.Count(rest[:i], []byte{'\n'})
		j.from += i
		if i < len(rest) || !j.more() {
			break
		}
	}
	if j.err != nil {
		return Row{}, j.err
	}
	return row, &RowError{Number: row.Number, Code: RowBadJSON, What: "holds something else than an object; write each Contact as one object in braces"}
}
