package table

import (
	"errors"
	"strconv"
)

// A walker takes one JSON object apart into its leaves, each with its path, as
// in emails[0].address. It is written by hand because files of any length pass
// through it twice, and decoding into maps would cost ten times as much.
type walker struct {
	data  []byte
	at    int
	path  []byte
	depth int
	text  []byte // a string's characters, where it is written with escapes

	// leaf takes what has no parts: a string's characters, a number or boolean
	// as it is written, nothing for null and for an empty list or object. Both
	// slices are only lent.
	leaf func(path, value []byte) error
}

var (
	errNoJSON   = errors.New("is no JSON")
	errNoObject = errors.New("is JSON, but no object")
	errTooDeep  = errors.New("is nested too deep")
)

const maxDepth = 64

// walk checks that data is one object, and calls leaf for each of its leaves.
func (w *walker) walk(data []byte) error {
	w.data, w.at, w.depth, w.path = data, 0, 0, w.path[:0]
	if w.peek() != '{' {
		leaf := w.leaf
		w.leaf = nil
		err := w.value()
		w.leaf = leaf
		if err == nil && w.peek() == 0 && w.at == len(w.data) {
			return errNoObject
		}
		return errNoJSON
	}
	if err := w.value(); err != nil {
		return err
	}
	if w.peek(); w.at < len(w.data) {
		return errNoJSON
	}
	return nil
}

// peek steps over white space and returns the byte there; 0 at the end.
func (w *walker) peek() byte {
	for w.at < len(w.data) {
		switch c := w.data[w.at]; c {
		case ' ', '\t', '\n', '\r':
			w.at++
		default:
			return c
		}
	}
	return 0
}

func (w *walker) value() error {
	switch c := w.peek(); c {
	case '{', '[':
		if w.depth++; w.depth > maxDepth {
			return errTooDeep
		}
		defer func() { w.depth-- }()
		if c == '{' {
			return w.object()
		}
		return w.list()
	case '"':
		s, err := w.string()
		if err != nil {
			return err
		}
		return w.found(s)
	default:
		return w.literal()
	}
}

func (w *walker) found(value []byte) error {
	if w.leaf == nil {
		return nil
	}
	return w.leaf(w.path, value)
}

func (w *walker) object() error {
	w.at++ // {
	base := len(w.path)
	for first := true; ; first = false {
		c := w.peek()
		if c == '}' && first {
			w.at++
			return w.found(nil)
		}
		if c != '"' {
			return errNoJSON
		}
		key, err := w.string()
		if err != nil {
			return err
		}
		if base > 0 {
			w.path = append(w.path, '.')
		}
		w.path = append(w.path, key...)
		if w.peek() != ':' {
			return errNoJSON
		}
		w.at++
		if err := w.value(); err != nil {
			return err
		}
		w.path = w.path[:base]
		if more, err := w.more('}'); err != nil || !more {
			return err
		}
	}
}

func (w *walker) list() error {
	w.at++ // [
	base := len(w.path)
	for i := 0; ; i++ {
		if w.peek() == ']' && i == 0 {
			w.at++
			return w.found(nil)
		}
		w.path = append(w.path, '[')
		w.path = strconv.AppendInt(w.path, int64(i), 10)
		w.path = append(w.path, ']')
		if err := w.value(); err != nil {
			return err
		}
		w.path = w.path[:base]
		if more, err := w.more(']'); err != nil || !more {
			return err
		}
	}
}

// more steps over a comma (true) or the closing bracket (false).
func (w *walker) more(closing byte) (bool, error) {
	c := w.peek()
	w.at++
	switch c {
	case ',':
		return true, nil
	case closing:
		return false, nil
	}
	return false, errNoJSON
}

// literal reads a number, true, false or null.
func (w *walker) literal() error {
	start := w.at
	for w.at < len(w.data) {
		c := w.data[w.at]
		if c == ',' || c == '}' || c == ']' || c <= ' ' {
			break
		}
		w.at++
	}
	word := w.data[start:w.at]
	switch {
	case string(word) == "null":
		return w.found(nil)
	case string(word) == "true", string(word) == "false", isNumber(word):
		return w.found(word)
	}
	return errNoJSON
}

// isNumber reports whether b is a number as RFC 8259 writes it.
func isNumber(b []byte) bool {
	digits := func() bool {
		n := 0
		for n < len(b) && '0' <= b[n] && b[n] <= '9' {
			n++
		}
		b = b[n:]
		return n > 0
	}
	if len(b) > 0 && b[0] == '-' {
		b = b[1:]
	}
	if len(b) > 1 && b[0] == '0' && '0' <= b[1] && b[1] <= '9' || !digits() {
		return false
	}
	if len(b) > 0 && b[0] == '.' {
		if b = b[1:]; !digits() {
			return false
		}
	}
	if len(b) > 0 && (b[0] == 'e' || b[0] == 'E') {
		if b = b[1:]; len(b) > 0 && (b[0] == '+' || b[0] == '-') {
			b = b[1:]
		}
		if !digits() {
			return false
		}
	}
	return len(b) == 0
}
