package table

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"
)

// sharedStrings are a workbook's texts, to which its cells refer by number.
// There may be millions of them, so beyond a few megabytes they go to a
// temporary file. Programs number them in the order in which rows need them,
// so a few that were just read are nearly always those that are needed next.
type sharedStrings struct {
	all   []string // while they are few
	bytes int

	file   *tempFile
	out    *bufio.Writer
	count  int
	size   int64
	starts []int64          // where each group begins
	groups map[int][]string // some that were read again
	held   int              // bytes of these
}

const (
	stringsInMemory = 8 << 20
	stringsHeld     = 8 << 20
	stringGroup     = 64
	stringCost      = 16 // bytes that a string takes beside its text
	maxStrings      = 64 << 20
)

// tooLongText stands in for a text that is longer than a cell may be.
const tooLongText = "\x00too long"

// Close deletes the temporary file, if there is one.
func (s *sharedStrings) Close() error {
	if s == nil || s.file == nil {
		return nil
	}
	return s.file.Close()
}

// readStrings reads a workbook's shared strings.
func (b *workbook) readStrings() (_ *sharedStrings, err error) {
	s := &sharedStrings{groups: map[int][]string{}}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	if b.texts == "" {
		return s, nil
	}
	part, err := b.part(b.texts)
	if part == nil || err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, part.Close()) }()
	x := newXMLReader(part)
	var text []byte
	within, sounds := false, false
	for {
		token, err := x.next()
		if errors.Is(err, io.EOF) {
			return s, s.flush()
		}
		switch {
		case err != nil:
			return nil, err
		case token.kind == xmlText:
			if within && !sounds && len(text) <= b.limits.Cell {
				text = appendToken(text, token)
			}
		case token.is("si"):
			text = text[:0]
			if token.kind == xmlEmpty {
				err = s.add("")
			}
		case token.closes("si"):
			err = s.add(cellText(text, b.limits))
		case token.is("t"):
			within = token.kind == xmlOpen
		case token.closes("t"):
			within = false
		case token.is("rPh"): // how to pronounce it
			sounds = token.kind == xmlOpen
		case token.closes("rPh"):
			sounds = false
		}
		if err != nil {
			return nil, err
		}
	}
}

func appendToken(dst []byte, token xmlToken) []byte {
	if token.raw {
		return append(dst, token.rest...)
	}
	return appendXML(dst, token.rest)
}

// cellText makes a cell of a text as workbooks write it: what XML cannot hold
// is written like _x000D_ (ECMA-376, 22.9.2.19).
func cellText(text []byte, limits Limits) string {
	if len(text) > limits.Cell {
		return tooLongText
	}
	if bytes.Contains(text, []byte("_x")) {
		text = unescapeX(text)
	}
	if !utf8.Valid(text) {
		text = bytes.ToValidUTF8(text, []byte("\uFFFD"))
	}
	if bytes.IndexByte(text, 0) >= 0 {
		text = bytes.ReplaceAll(text, []byte{0}, []byte("\uFFFD"))
	}
	return string(text)
}

func unescapeX(text []byte) []byte {
	var out []byte
	for i := 0; i < len(text); i++ {
		if text[i] == '_' && i+6 < len(text) && text[i+1] == 'x' && text[i+6] == '_' {
			if n, err := strconv.ParseUint(string(text[i+2:i+6]), 16, 16); err == nil && n > 0 {
				out = utf8.AppendRune(out, rune(n))
				i += 6
				continue
			}
		}
		out = append(out, text[i])
	}
	return out
}

// add keeps one more text.
func (s *sharedStrings) add(text string) error {
	if s.count++; s.count > maxStrings {
		return &FileError{FileTooLarge, "the workbook holds more texts than any program makes; send the data as CSV"}
	}
	if s.file == nil {
		s.all = append(s.all, text)
		s.bytes += len(text) + stringCost
		if s.bytes <= stringsInMemory {
			return nil
		}
		file, err := newTempFile()
		if err != nil {
			return err
		}
		s.file, s.out = file, bufio.NewWriterSize(file, 64<<10)
		all := s.all
		s.all, s.count = nil, 0
		for _, text := range all {
			s.count++
			if err := s.write(text); err != nil {
				return err
			}
		}
		return nil
	}
	return s.write(text)
}

// write appends a text to the file, its length before it.
func (s *sharedStrings) write(text string) error {
	if (s.count-1)%stringGroup == 0 {
		s.starts = append(s.starts, s.size)
	}
	var length [binary.MaxVarintLen64]byte
	n := binary.PutUvarint(length[:], uint64(len(text)))
	s.size += int64(n + len(text))
	if _, err := s.out.Write(length[:n]); err != nil {
		return fmt.Errorf("write a temporary file: %w", err)
	}
	if _, err := s.out.WriteString(text); err != nil {
		return fmt.Errorf("write a temporary file: %w", err)
	}
	return nil
}

func (s *sharedStrings) flush() error {
	if s.file == nil {
		return nil
	}
	if err := s.out.Flush(); err != nil {
		return fmt.Errorf("write a temporary file: %w", err)
	}
	s.out = nil
	return nil
}

// get returns the text of that number; "" if there is none.
func (s *sharedStrings) get(i int) (string, error) {
	if i < 0 || i >= s.count {
		return "", nil
	}
	if s.file == nil {
		return s.all[i], nil
	}
	group, ok := s.groups[i/stringGroup]
	if !ok {
		var err error
		if group, err = s.load(i / stringGroup); err != nil {
			return "", err
		}
	}
	return group[i%stringGroup], nil
}

// load reads a group of texts again.
func (s *sharedStrings) load(g int) ([]string, error) {
	end := s.size
	if g+1 < len(s.starts) {
		end = s.starts[g+1]
	}
	buf := make([]byte, end-s.starts[g])
	if _, err := s.file.ReadAt(buf, s.starts[g]); err != nil {
		return nil, fmt.Errorf("read a temporary file: %w", err)
	}
	if s.held += len(buf) + stringGroup*stringCost; s.held > stringsHeld {
		clear(s.groups)
		s.held = len(buf)
	}
	text := string(buf)
	group := make([]string, 0, stringGroup)
	for at := 0; at < len(text); {
		n, width := binary.Uvarint(buf[at:])
		at += width
		group = append(group, text[at:at+int(n)])
		at += int(n)
	}
	s.groups[g] = group
	return group, nil
}
