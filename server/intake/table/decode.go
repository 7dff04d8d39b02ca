package table

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// notUTF8 stands in for what is no character, so that its row is found and
// reported where rows are checked to be UTF-8.
const notUTF8 = 0xff

// Read fills p with the text's next bytes as UTF-8. p holds at least
// leastRead.
func (t *text) Read(p []byte) (int, error) {
	if t.at >= t.size {
		return 0, io.EOF
	}
	switch {
	case t.letters != nil:
		raw, err := t.next(len(p) / 3)
		return t.decodeBytes(p, raw), err
	case t.name == utf16LEName:
		return t.readUTF16(p, binary.LittleEndian)
	case t.name == utf16BEName:
		return t.readUTF16(p, binary.BigEndian)
	}
	n, err := t.readAt(p)
	if t.decided || ascii(p[:n]) {
		return n, err
	}
	// The first bytes beyond ASCII, later than where Open looked: they decide,
	// and all that was read before is the same in any encoding.
	if name := guessEncoding([][]byte{wholeRunes(p[:n])}); name != "" {
		t.setName(name)
	}
	if t.letters == nil {
		return n, err
	}
	t.at -= int64(n)
	return t.Read(p)
}

// head returns the text's next n bytes, or nearly so many, and whether there
// are no more.
func (t *text) head(n int) (_ []byte, whole bool, err error) {
	b := make([]byte, 0, n)
	for cap(b)-len(b) >= leastRead {
		got, err := t.Read(b[len(b):cap(b)])
		b = b[:len(b)+got]
		if errors.Is(err, io.EOF) {
			return b, true, nil
		}
		if err != nil {
			return nil, false, err
		}
	}
	return b, t.at >= t.size, nil
}

// readAt reads what comes next into p.
func (t *text) readAt(p []byte) (int, error) {
	n, err := t.r.ReadAt(p[:min(int64(len(p)), t.size-t.at)], t.at)
	t.at += int64(n)
	if errors.Is(err, io.EOF) {
		if t.at < t.size {
			return n, fmt.Errorf("read the file: %w", io.ErrUnexpectedEOF)
		}
		err = nil
	}
	if err != nil {
		return n, fmt.Errorf("read the file: %w", err)
	}
	return n, nil
}

// next reads up to n bytes to decode.
func (t *text) next(n int) ([]byte, error) {
	n = min(n, 64<<10) // more would not stay in the processor's cache
	if cap(t.raw) < n {
		t.raw = make([]byte, n)
	}
	n, err := t.readAt(t.raw[:n])
	return t.raw[:n], err
}

// decodeBytes writes the UTF-8 of a text of one byte a character to dst, which
// holds three times as much.
func (t *text) decodeBytes(dst, src []byte) int {
	n := 0
	for i := 0; i < len(src); {
		if i+8 <= len(src) {
			if eight := binary.LittleEndian.Uint64(src[i:]); eight&0x8080808080808080 == 0 {
				binary.LittleEndian.PutUint64(dst[n:], eight)
				i, n = i+8, n+8
				continue
			}
		}
		for end := min(i+8, len(src)); i < end; i++ {
			c := src[i]
			if c < utf8.RuneSelf {
				dst[n] = c
				n++
				continue
			}
			l := &t.letters[c-utf8.RuneSelf]
			n += copy(dst[n:], l.bytes[:l.n])
		}
	}
	return n
}

func (t *text) readUTF16(p []byte, order binary.ByteOrder) (int, error) {
	raw, err := t.next(len(p) / 3 &^ 1)
	n, i := 0, 0
	for ; i+1 < len(raw); i += 2 {
		r := rune(order.Uint16(raw[i:]))
		if r < utf8.RuneSelf {
			p[n] = byte(r)
			n++
			continue
		}
		if utf16.IsSurrogate(r) {
			if i+3 >= len(raw) && t.at < t.size && i > 0 {
				break // its other half is still to come
			}
			pair := utf8.RuneError
			if i+3 < len(raw) {
				pair = utf16.DecodeRune(r, rune(order.Uint16(raw[i+2:])))
			}
			if pair == utf8.RuneError {
				p[n] = notUTF8
				n++
				continue
			}
			i += 2
			r = pair
		}
		n += utf8.EncodeRune(p[n:], r)
	}
	left := len(raw) - i
	if left == 1 && t.at >= t.size { // half a character: the file is cut off
		p[n] = notUTF8
		return n + 1, err
	}
	t.at -= int64(left)
	return n, err
}

// ascii reports whether all bytes are ASCII.
func ascii(b []byte) bool {
	for len(b) >= 8 {
		if binary.LittleEndian.Uint64(b)&0x8080808080808080 != 0 {
			return false
		}
		b = b[8:]
	}
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
