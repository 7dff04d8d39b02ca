package table

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// A cardReader reads vCards (RFC 6350, RFC 2426, and the vCard 2.1 that phones
// and Outlook still write) as documents. A library for them keeps neither
// lines nor limits, and none reads 2.1, whose values come in quoted-printable
// over several lines and in any charset.
type cardReader struct {
	lineReader
	ahead   []byte // a line read too far
	hasMore bool   // ahead holds one
	groups  int    // cards that are lists of others
	dropped map[string]bool
}

// openVCard makes sure that there is a card.
func (t *Table) openVCard(r io.ReaderAt, size int64, o Options) error {
	txt, err := openText(r, size, o.Encoding)
	if err != nil {
		return err
	}
	head, _, err := txt.again().head(headSize)
	if err != nil {
		return err
	}
	newline := byte('\n')
	if bytes.IndexByte(head, '\n') < 0 && bytes.IndexByte(head, '\r') >= 0 {
		newline = '\r'
	}
	open := func() *cardReader {
		return &cardReader{lineReader: newLineReader(txt.again(), newline, o.Limits), dropped: map[string]bool{}}
	}
	if _, err = open().next(); errors.Is(err, io.EOF) {
		return &FileError{FileNoRows, "the file holds no vCard; export it again"}
	} else if err != nil && asRowError(err) == nil {
		return err
	}
	t.noteEncoding(txt.name)
	t.Documents, t.rows = true, open()
	return nil
}

func (c *cardReader) notes() []Note {
	var notes []Note
	if c.groups > 0 {
		notes = append(notes, Note{NoteLeftOut, fmt.Sprintf("%d vCards are lists of others and were left out", c.groups)})
	}
	if len(c.dropped) > 0 {
		notes = append(notes, Note{NoteLeftOut, "photos and other attachments of the vCards were left out"})
	}
	return notes
}

// attached are properties that hold pictures, sounds and keys, of any length.
var attached = map[string]bool{"PHOTO": true, "LOGO": true, "SOUND": true, "KEY": true}

// next returns the next card as the JSON of a ContactInput.
func (c *cardReader) next() (Row, error) {
	for {
		card, number, err := c.card()
		if err != nil {
			return Row{Number: number}, err
		}
		if card.group() {
			c.groups++
			continue
		}
		row := Row{Number: number}
		input, said := card.input()
		if !said {
			return row, &RowError{Number: number, Code: RowBadCard, What: "is a vCard that holds neither a name nor any other data"}
		}
		if row.Document, err = json.Marshal(input); err != nil {
			return row, fmt.Errorf("write the vCard of line %d as JSON: %w", number, err)
		}
		return row, nil
	}
}

// card reads the properties of the next card. After an error in it, reading
// goes on behind it.
func (c *cardReader) card() (card, int, error) {
	number, err := c.begin()
	if err != nil {
		return card{}, number, err
	}
	var read card
	var fault *RowError
	fail := func(code RowCode, what string) {
		if fault == nil {
			fault = &RowError{Number: number, Code: code, What: what}
		}
	}
	for size, depth := 0, 1; ; {
		line, err := c.property()
		broken := asRowError(err)
		switch {
		case errors.Is(err, io.EOF):
			return card{}, number, &RowError{Number: number, Code: RowBadCard, What: "begins a vCard that never ends; the file is cut off"}
		case broken != nil:
			fail(broken.Code, broken.What)
			continue
		case err != nil:
			return card{}, number, err
		}
		if isMark(line, "BEGIN") {
			if !bytes.HasPrefix(bytes.ToUpper(read.last()), []byte("AGENT")) || depth > maxDepth {
				c.ahead, c.hasMore = line, true
				c.line--
				return card{}, number, &RowError{Number: number, Code: RowBadCard, What: "begins a vCard that does not end before the next"}
			}
			depth++
			continue
		}
		if isMark(line, "END") {
			if depth--; depth > 0 {
				continue // that was the card of an agent
			}
			if fault != nil {
				return card{}, number, fault
			}
			return read, number, nil
		}
		if depth > 1 || len(line) == 0 || fault != nil {
			continue
		}
		if size += len(line); size > c.limits.Row {
			fail(RowTooLong, "is longer than a vCard may be; leave something out")
			continue
		}
		if broken := c.check(line, number); broken != nil {
			fail(broken.Code, broken.What)
			continue
		}
		read.add(line)
	}
}

// begin goes to the next card and returns its line.
func (c *cardReader) begin() (int, error) {
	for {
		number := c.line
		line, err := c.physical()
		if err != nil && asRowError(err) == nil {
			return number, err
		}
		if isMark(line, "BEGIN") {
			return number, nil
		}
	}
}

// isMark reports whether a line begins or ends a card.
func isMark(line []byte, word string) bool {
	before, after, found := bytes.Cut(line, []byte{':'})
	return found && strings.EqualFold(string(bytes.TrimSpace(before)), word) && strings.EqualFold(string(bytes.TrimSpace(after)), "VCARD")
}

// physical returns one line of the file, without white space at its end.
func (c *cardReader) physical() ([]byte, error) {
	if c.hasMore {
		c.hasMore = false
		c.line++
		return c.ahead, nil
	}
	n, err := c.lineLength(0)
	if err != nil {
		name, _, _ := bytes.Cut(c.rest()[:min(len(c.rest()), 64)], []byte{':'})
		if name, _, _ = bytes.Cut(name, []byte{';'}); attached[strings.ToUpper(string(name))] {
			c.dropped[strings.ToUpper(string(name))] = true
			_, err = c.skipLine(err)
			if asRowError(err) == nil {
				return nil, err
			}
			return nil, nil // a photo may be of any length
		}
		_, err := c.skipLine(err)
		return nil, err
	}
	if n == 0 && c.from == c.to {
		return nil, io.EOF
	}
	line := trimCR(c.rest()[:n])
	c.use(n, 1)
	return line, nil
}

// property returns a whole property: lines that begin with white space go on
// with the one before them (folding), and so do those behind an = at the end
// where values are quoted-printable.
func (c *cardReader) property() ([]byte, error) {
	line, err := c.physical()
	if err != nil {
		return nil, err
	}
	head, _, _ := bytes.Cut(line, []byte{':'})
	head = bytes.ToUpper(head)
	quoted := bytes.Contains(head, []byte("QUOTED-PRINTABLE"))
	name, _, _ := bytes.Cut(head, []byte{';'})
	if i := bytes.IndexByte(name, '.'); i >= 0 {
		name = name[i+1:]
	}
	drop := attached[string(name)]
	if drop {
		c.dropped[string(name)] = true
	}
	whole := bytes.Clone(line)
	for {
		soft := quoted && bytes.HasSuffix(whole, []byte{'='})
		n, err := c.lineLength(0)
		if c.hasMore || err != nil || n == 0 || c.from == c.to {
			break
		}
		first := c.buf[c.from]
		if !soft && first != ' ' && first != '\t' {
			break
		}
		more := trimCR(c.rest()[:n])
		switch {
		case drop:
		case soft:
			whole = append(whole[:len(whole)-1], more...)
		default:
			whole = append(whole, more[1:]...)
		}
		c.use(n, 1)
		if len(whole) > c.limits.Cell {
			return nil, c.tooLong()
		}
	}
	switch {
	case drop:
		return nil, nil
	case len(whole) > c.limits.Cell:
		return nil, &RowError{Code: RowCellTooLong, What: "has a property that is longer than a cell may be; shorten it"}
	}
	return whole, nil
}

// tooLong passes over what is left of a property.
func (c *cardReader) tooLong() error {
	for c.from < c.to && (c.buf[c.from] == ' ' || c.buf[c.from] == '\t') {
		if _, err := c.physical(); err != nil {
			break
		}
	}
	return &RowError{Code: RowCellTooLong, What: "has a property that is longer than a cell may be; shorten it"}
}
