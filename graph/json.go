package graph

import (
	"encoding/json"
	"errors"
	"strconv"
)

// maxNesting is how deep JSON may be nested.
const maxNesting = 64

// errNoJSON tells that a text is no JSON, or nested too deeply to be read.
var errNoJSON = errors.New("this is no JSON")

// walker goes through JSON once, without decoding it. It accepts what
// encoding/json accepts, up to maxNesting.
type walker struct {
	data  []byte
	pos   int
	depth int
}

// next passes white space and returns the byte there; 0 at the end.
func (w *walker) next() byte {
	for w.pos < len(w.data) {
		switch b := w.data[w.pos]; b {
		case ' ', '\t', '\n', '\r':
			w.pos++
		default:
			return b
		}
	}
	return 0
}

// end fails unless nothing follows.
func (w *walker) end() error {
	if w.next(); w.pos < len(w.data) {
		return errNoJSON
	}
	return nil
}

// value passes any value.
func (w *walker) value() error {
	switch w.next() {
	case '"':
		_, err := w.text()
		return err
	case '{':
		return w.object(func([]byte) error { return w.value() })
	case '[':
		return w.array(func(int) error { return w.value() })
	case 't':
		return w.word("true")
	case 'f':
		return w.word("false")
	case 'n':
		return w.word("null")
	}
	return w.number()
}

// object passes an object; each passes the value of a key.
func (w *walker) object(each func(key []byte) error) error {
	more, err := w.enter('{', '}')
	for more && err == nil {
		if w.next() != '"' {
			return errNoJSON
		}
		var key []byte
		if key, err = w.key(); err != nil {
			return err
		}
		if w.next() != ':' {
			return errNoJSON
		}
		w.pos++
		if err = each(key); err == nil {
			more, err = w.more('}')
		}
	}
	return err
}

// array passes a list; each passes the element at a place.
func (w *walker) array(each func(i int) error) error {
	more, err := w.enter('[', ']')
	for i := 0; more && err == nil; i++ {
		if err = each(i); err == nil {
			more, err = w.more(']')
		}
	}
	return err
}

// enter passes an opening bracket, and the closing one if nothing is between.
func (w *walker) enter(opening, closing byte) (more bool, err error) {
	if w.next() != opening || w.depth == maxNesting {
		return false, errNoJSON
	}
	w.pos++
	if w.next() == closing {
		w.pos++
		return false, nil
	}
	w.depth++
	return true, nil
}

// more passes a comma (true) or the closing bracket (false).
func (w *walker) more(closing byte) (bool, error) {
	switch w.next() {
	case ',':
		w.pos++
		return true, nil
	case closing:
		w.pos++
		w.depth--
		return false, nil
	}
	return false, errNoJSON
}

func (w *walker) word(word string) error {
	end := w.pos + len(word)
	if end > len(w.data) || string(w.data[w.pos:end]) != word {
		return errNoJSON
	}
	w.pos = end
	return nil
}

// key passes a string and returns what it says.
func (w *walker) key() ([]byte, error) {
	start := w.pos
	escaped, err := w.text()
	if err != nil || !escaped {
		return w.data[start+1 : max(start+1, w.pos-1)], err
	}
	var s string
	if err := json.Unmarshal(w.data[start:w.pos], &s); err != nil {
		return nil, errNoJSON
	}
	return []byte(s), nil
}

// text passes a string and tells whether anything in it is escaped.
func (w *walker) text() (escaped bool, err error) {
	for w.pos++; w.pos < len(w.data); w.pos++ {
		switch b := w.data[w.pos]; {
		case b == '"':
			w.pos++
			return escaped, nil
		case b < ' ':
			return escaped, errNoJSON
		case b == '\\':
			escaped = true
			if err := w.escape(); err != nil {
				return escaped, err
			}
		}
	}
	return escaped, errNoJSON
}

// escape passes an escape but for its last byte.
func (w *walker) escape() error {
	w.pos++
	if w.pos >= len(w.data) {
		return errNoJSON
	}
	switch w.data[w.pos] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return nil
	case 'u':
		if w.pos+4 >= len(w.data) {
			return errNoJSON
		}
		_, err := strconv.ParseUint(string(w.data[w.pos+1:w.pos+5]), 16, 16)
		w.pos += 4
		if err != nil {
			return errNoJSON
		}
		return nil
	}
	return errNoJSON
}

func (w *walker) number() error {
	if w.at('-') {
		w.pos++
	}
	if w.at('0') {
		w.pos++
	} else if !w.digits() {
		return errNoJSON
	}
	if w.at('.') {
		w.pos++
		if !w.digits() {
			return errNoJSON
		}
	}
	if w.at('e') || w.at('E') {
		w.pos++
		if w.at('+') || w.at('-') {
			w.pos++
		}
		if !w.digits() {
			return errNoJSON
		}
	}
	return nil
}

func (w *walker) at(b byte) bool { return w.pos < len(w.data) && w.data[w.pos] == b }

func (w *walker) digits() bool {
	start := w.pos
	for w.pos < len(w.data) && w.data[w.pos] >= '0' && w.data[w.pos] <= '9' {
		w.pos++
	}
	return w.pos > start
}

// members returns an object's members as they stand in the data; of a key
// that occurs twice the last one counts, as encoding/json has it.
func members(data []byte) (map[string][]byte, error) {
	w := &walker{data: data}
	found := map[string][]byte{}
	err := w.object(func(key []byte) error {
		w.next()
		start := w.pos
		if err := w.value(); err != nil {
			return err
		}
		found[string(key)] = data[start:w.pos]
		return nil
	})
	if err != nil {
		return nil, err
	}
	return found, w.end()
}
