package profile

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"unicode/utf8"
)

// A reader takes an item's JSON apart. encoding/json has checked the document
// before it hands an item over, so the reader only has to be safe, not strict,
// about broken JSON. It exists because an upload's items are read at tens of
// thousands a second, and because encoding/json cannot tell where an unknown
// field or a wrong type stands.
type reader struct {
	data    []byte
	at      int
	spelled []Word // those that have been read
}

var errBroken = errors.New("the item is no JSON")

// next skips white space and returns the byte there; 0 at the end.
func (r *reader) next() byte {
	for r.at < len(r.data) {
		switch c := r.data[r.at]; c {
		case ' ', '\t', '\n', '\r':
			r.at++
		default:
			return c
		}
	}
	return 0
}

func (r *reader) end() error {
	if r.next() != 0 {
		return errBroken
	}
	return nil
}

// object calls each for every key, with the reader before the value.
func (r *reader) object(each func(key []byte) error) error {
	if r.next() != '{' {
		return wrongType("an object")
	}
	r.at++
	if r.next() == '}' {
		r.at++
		return nil
	}
	for {
		if r.next() != '"' {
			return errBroken
		}
		key, err := r.str()
		if err != nil {
			return err
		}
		if r.next() != ':' {
			return errBroken
		}
		r.at++
		if err := each(key); err != nil {
			return err
		}
		more, err := r.more('}')
		if err != nil || !more {
			return err
		}
	}
}

// more passes a comma (true) or the closing bracket (false).
func (r *reader) more(closing byte) (bool, error) {
	c := r.next()
	r.at++
	switch c {
	case ',':
		return true, nil
	case closing:
		return false, nil
	}
	return false, errBroken
}

// str returns the bytes of a JSON string, which begins here; they belong to
// the input wherever nothing was escaped.
func (r *reader) str() ([]byte, error) {
	start := r.at
	plain := true
	for r.at++; r.at < len(r.data); r.at++ {
		switch c := r.data[r.at]; {
		case c == '\\':
			plain = false
			r.at++
		case c >= utf8.RuneSelf:
			plain = false
		case c == '"':
			r.at++
			if plain {
				return r.data[start+1 : r.at-1], nil
			}
			return unquote(r.data[start:r.at])
		}
	}
	return nil, errBroken
}

// unquote resolves escapes; what is no character (a lone surrogate, bytes that
// are no UTF-8) becomes U+FFFD, which Normalize refuses.
func unquote(quoted []byte) ([]byte, error) {
	inner := quoted[1 : len(quoted)-1]
	if bytes.IndexByte(inner, '\\') < 0 && utf8.Valid(inner) {
		return inner, nil
	}
	var s string
	if err := json.Unmarshal(quoted, &s); err != nil {
		return nil, errBroken
	}
	return []byte(s), nil
}

// null passes a null, if there is one.
func (r *reader) null() bool {
	if r.next() == 'n' && bytes.HasPrefix(r.data[r.at:], []byte("null")) {
		r.at += len("null")
		return true
	}
	return false
}

// text reads a text or null.
func (r *reader) text(into *Text) error {
	if r.null() {
		*into = Text{Said: true}
		return nil
	}
	if r.next() != '"' {
		return wrongType("a text")
	}
	s, err := r.str()
	if err != nil {
		return err
	}
	*into = Text{Said: true, Value: string(s)}
	return nil
}

// rows reads a list of objects of texts, or null. add makes room for a row and
// returns where its id goes and which texts it has.
func (r *reader) rows(add func() (id *string, text func(key string) *Text)) error {
	if r.null() {
		return nil
	}
	if r.next() != '[' {
		return wrongType("a list")
	}
	r.at++
	if r.next() == ']' {
		r.at++
		return nil
	}
	for n := 0; ; n++ {
		id, text := add()
		err := r.object(func(key []byte) error {
			if string(key) == "id" {
				var t Text
				err := r.text(&t)
				*id = t.Value
				return under2(err, key)
			}
			t := text(string(key))
			if t == nil {
				return unknownField(string(key))
			}
			return under2(r.text(t), key)
		})
		if err != nil {
			return under(err, strconv.Itoa(n))
		}
		more, err := r.more(']')
		if err != nil || !more {
			return err
		}
	}
}

// custom reads customFields. A nested value is kept as it is, for Normalize to
// refuse it with its path.
func (r *reader) custom() (CustomInput, error) {
	if r.null() {
		return CustomInput{None: true}, nil
	}
	values := map[string]any{}
	err := r.object(func(key []byte) error {
		name := string(key)
		value, err := r.value()
		if err != nil {
			return err
		}
		values[name] = value
		return nil
	})
	return CustomInput{Values: values}, err
}

// value reads any JSON value: string, json.Number, bool, nil, or for an object
// or list its json.RawMessage.
func (r *reader) value() (any, error) {
	switch r.next() {
	case '"':
		s, err := r.str()
		return string(s), err
	case '{', '[':
		return r.nested()
	}
	start := r.at
	for r.at < len(r.data) && bytes.IndexByte([]byte(",}] \t\r\n"), r.data[r.at]) < 0 {
		r.at++
	}
	switch word := string(r.data[start:r.at]); word {
	case "null":
		return nil, nil
	case "true":
		return true, nil
	case "false":
		return false, nil
	default:
		if !json.Valid([]byte(word)) {
			return nil, errBroken
		}
		return json.Number(word), nil
	}
}

// raw keeps any JSON value as it stands.
func (r *reader) raw() (json.RawMessage, error) {
	r.next()
	start := r.at
	if _, err := r.value(); err != nil {
		return nil, err
	}
	return bytes.Clone(r.data[start:r.at]), nil
}

// nested passes an object or list, without recursion: depth is the sender's.
func (r *reader) nested() (any, error) {
	start, depth := r.at, 0
	for r.at < len(r.data) {
		switch r.data[r.at] {
		case '"':
			if _, err := r.str(); err != nil {
				return nil, err
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
		r.at++
		if depth == 0 {
			return json.RawMessage(bytes.Clone(r.data[start:r.at])), nil
		}
	}
	return nil, errBroken
}
