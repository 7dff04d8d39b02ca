package table

import (
	"bytes"
	"io"
	"strconv"
	"unicode/utf8"
)

// An xmlReader takes the XML of a workbook apart. encoding/xml makes several
// pieces of garbage of each cell and reads some 20,000 rows a second; this
// reads the little of XML that a workbook has: no document types, no entities
// of its own, names without their namespace.
type xmlReader struct {
	window
}

type xmlKind uint8

const (
	xmlText  xmlKind = iota
	xmlOpen          // <v>
	xmlEmpty         // <v/>
	xmlClose         // </v>
)

// An xmlToken is valid until the next is read.
type xmlToken struct {
	kind xmlKind
	name []byte // of a tag, without its namespace
	rest []byte // a tag's attributes; a text, or a part of a long one
	raw  bool   // the text is CDATA, which has no entities
}

const xmlWindow = 256 << 10

func newXMLReader(src io.Reader) *xmlReader {
	return &xmlReader{window: newWindow(src, xmlWindow)}
}

var errXML = &FileError{FileBroken, "the workbook is damaged: its XML cannot be read; open it in a spreadsheet program and save it again"}

// next returns the next tag or text; io.EOF at the end.
func (x *xmlReader) next() (xmlToken, error) {
	for {
		if x.from == x.to && !x.more() {
			if x.err != nil {
				return xmlToken{}, unpackError(x.err)
			}
			return xmlToken{}, io.EOF
		}
		if x.buf[x.from] != '<' {
			return x.text(), nil
		}
		n := x.tagLength()
		if n < 0 {
			if x.err != nil {
				return xmlToken{}, unpackError(x.err)
			}
			return xmlToken{}, errXML
		}
		tag := x.buf[x.from+1 : x.from+n-1] // without < and >
		switch {
		case len(tag) == 0:
			return xmlToken{}, errXML
		case tag[0] == '?':
			x.from += n
			continue
		case tag[0] == '!':
			t, seen, err := x.special()
			if err != nil || seen {
				return t, err
			}
			continue
		}
		x.from += n
		return tagToken(tag), nil
	}
}

// text returns what stands before the next tag, or as much of it as is in view.
func (x *xmlReader) text() xmlToken {
	searched := 0
	for {
		rest := x.rest()
		if i := bytes.IndexByte(rest[searched:], '<'); i >= 0 {
			rest = rest[:searched+i]
			x.from += len(rest)
			return xmlToken{rest: rest}
		}
		searched = len(rest)
		if x.more() {
			continue
		}
		if !x.eof { // an entity is not cut in two
			if i := bytes.LastIndexByte(rest, '&'); i > len(rest)-16 && i > 0 {
				rest = rest[:i]
			}
		}
		x.from += len(rest)
		return xmlToken{rest: rest}
	}
}

// tagLength is the length of the tag that begins here, brackets and all; -1 if
// it does not end within the window.
func (x *xmlReader) tagLength() int {
	searched := 1
	for {
		rest := x.rest()
		for searched < len(rest) {
			i := bytes.IndexByte(rest[searched:], '>')
			if i < 0 {
				break
			}
			searched += i + 1
			if !withinQuotes(rest[1 : searched-1]) {
				return searched
			}
		}
		if i := bytes.IndexByte(rest[searched:], '>'); i < 0 {
			searched = len(rest)
		}
		if !x.more() {
			return -1
		}
	}
}

// withinQuotes reports whether the end of a tag's text is within an attribute,
// where a > stands for itself.
func withinQuotes(tag []byte) bool {
	if len(tag) > 0 && tag[0] == '!' {
		return false
	}
	if bytes.IndexByte(tag, '\'') < 0 {
		return bytes.Count(tag, []byte{'"'})&1 == 1
	}
	var open byte
	for _, c := range tag {
		switch {
		case open == 0 && (c == '"' || c == '\''):
			open = c
		case c == open:
			open = 0
		}
	}
	return open != 0
}

// special steps over a comment, returns the text of a CDATA section, and
// refuses a document type, with which XML can be made to grow without end.
func (x *xmlReader) special() (_ xmlToken, seen bool, err error) {
	for len(x.rest()) < 9 && x.more() {
	}
	begin, end := "<!--", "-->"
	if bytes.HasPrefix(x.rest(), []byte("<![CDATA[")) {
		begin, end = "<![CDATA[", "]]>"
	} else if !bytes.HasPrefix(x.rest(), []byte(begin)) {
		return xmlToken{}, false, errXML
	}
	for {
		rest := x.rest()
		if i := bytes.Index(rest[len(begin):], []byte(end)); i >= 0 {
			x.from += len(begin) + i + len(end)
			return xmlToken{rest: rest[len(begin) : len(begin)+i], raw: true}, begin != "<!--", nil
		}
		if !x.more() {
			return xmlToken{}, false, errXML
		}
	}
}

func tagToken(tag []byte) xmlToken {
	t := xmlToken{kind: xmlOpen}
	switch {
	case tag[0] == '/':
		t.kind, tag = xmlClose, tag[1:]
	case tag[len(tag)-1] == '/':
		t.kind, tag = xmlEmpty, tag[:len(tag)-1]
	}
	n := 0
	for n < len(tag) && tag[n] > ' ' {
		n++
	}
	t.name, t.rest = tag[:n], tag[n:]
	if i := bytes.IndexByte(t.name, ':'); i >= 0 {
		t.name = t.name[i+1:]
	}
	return t
}

// is reports whether a tag begins an element of that name.
func (t *xmlToken) is(name string) bool {
	return (t.kind == xmlOpen || t.kind == xmlEmpty) && string(t.name) == name
}

// closes reports whether a tag ends an element of that name.
func (t *xmlToken) closes(name string) bool {
	return t.kind == xmlClose && string(t.name) == name
}

// attribute returns the value of an attribute, as it is written; nil if there
// is none.
func (t *xmlToken) attribute(name string) []byte {
	rest := t.rest
	for {
		i := 0
		for i < len(rest) && rest[i] <= ' ' {
			i++
		}
		rest = rest[i:]
		equals := bytes.IndexByte(rest, '=')
		if equals < 0 {
			return nil
		}
		key := bytes.TrimRight(rest[:equals], " \t\r\n")
		rest = rest[equals+1:]
		for len(rest) > 0 && rest[0] <= ' ' {
			rest = rest[1:]
		}
		if len(rest) == 0 || rest[0] != '"' && rest[0] != '\'' {
			return nil
		}
		end := bytes.IndexByte(rest[1:], rest[0])
		if end < 0 {
			return nil
		}
		if i := bytes.IndexByte(key, ':'); i >= 0 {
			key = key[i+1:]
		}
		if string(key) == name {
			return rest[1 : 1+end]
		}
		rest = rest[end+2:]
	}
}

// attributeText is the text of an attribute.
func (t *xmlToken) attributeText(name string) string {
	return string(appendXML(nil, t.attribute(name)))
}

// appendXML appends a text with its entities resolved.
func appendXML(dst, src []byte) []byte {
	for {
		i := bytes.IndexByte(src, '&')
		if i < 0 {
			return append(dst, src...)
		}
		dst, src = append(dst, src[:i]...), src[i:]
		n := bytes.IndexByte(src[:min(len(src), 12)], ';')
		if n < 0 {
			dst, src = append(dst, '&'), src[1:]
			continue
		}
		r, ok := entity(string(src[1:n]))
		if !ok {
			dst, src = append(dst, '&'), src[1:]
			continue
		}
		dst, src = utf8.AppendRune(dst, r), src[n+1:]
	}
}

func entity(name string) (rune, bool) {
	switch name {
	case "amp":
		return '&', true
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	if len(name) < 2 || name[0] != '#' {
		return 0, false
	}
	base, digits := 10, name[1:]
	if digits[0] == 'x' || digits[0] == 'X' {
		base, digits = 16, digits[1:]
	}
	n, err := strconv.ParseInt(digits, base, 32)
	return rune(n), err == nil && n > 0
}
