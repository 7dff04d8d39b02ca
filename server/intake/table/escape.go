package table

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// string reads a string, which begins here; its characters are the input's
// wherever none is escaped.
func (w *walker) string() ([]byte, error) {
	w.at++ // "
	n := bytes.IndexByte(w.data[w.at:], '"')
	if n < 0 {
		return nil, errNoJSON
	}
	s := w.data[w.at : w.at+n]
	for _, c := range s {
		if c == '\\' {
			return w.escaped()
		}
		if c < ' ' {
			return nil, errNoJSON
		}
	}
	w.at += n + 1
	return s, nil
}

// escaped reads a string with escapes, from behind its quote. A half of a
// character alone becomes U+FFFD.
func (w *walker) escaped() ([]byte, error) {
	w.text = w.text[:0]
	for w.at < len(w.data) {
		c := w.data[w.at]
		w.at++
		switch {
		case c == '"':
			return w.text, nil
		case c < ' ':
			return nil, errNoJSON
		case c != '\\':
			w.text = append(w.text, c)
			continue
		}
		if w.at >= len(w.data) {
			break
		}
		c = w.data[w.at]
		w.at++
		switch c {
		case '"', '\\', '/':
			w.text = append(w.text, c)
		case 'b':
			w.text = append(w.text, '\b')
		case 'f':
			w.text = append(w.text, '\f')
		case 'n':
			w.text = append(w.text, '\n')
		case 'r':
			w.text = append(w.text, '\r')
		case 't':
			w.text = append(w.text, '\t')
		case 'u':
			r, ok := w.hex()
			if !ok {
				return nil, errNoJSON
			}
			w.text = utf8.AppendRune(w.text, r)
		default:
			return nil, errNoJSON
		}
	}
	return nil, errNoJSON
}

// hex reads what follows \u, and with it the other half of a character.
func (w *walker) hex() (rune, bool) {
	r, ok := hex4(w.data[w.at:])
	if !ok {
		return 0, false
	}
	w.at += 4
	if !utf16.IsSurrogate(r) {
		return r, true
	}
	rest := w.data[w.at:]
	if len(rest) >= 6 && rest[0] == '\\' && rest[1] == 'u' {
		if low, ok := hex4(rest[2:]); ok {
			if whole := utf16.DecodeRune(r, low); whole != utf8.RuneError {
				w.at += 6
				return whole, true
			}
		}
	}
	return utf8.RuneError, true
}

func hex4(b []byte) (rune, bool) {
	if len(b) < 4 {
		return 0, false
	}
	var r rune
	for _, c := range b[:4] {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}
