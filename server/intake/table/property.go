package table

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/ianaindex"
)

// A card is the properties of one vCard.
type card struct {
	properties []property
	line       []byte // the latest, as it is written
	old        bool   // version 2.1
}

// A property is one statement of a vCard, as in item1.TEL;TYPE=work:+49 30 1.
type property struct {
	group string // item1
	name  string // TEL
	types []string
	value string // as it is written, but for its transfer encoding and charset
}

func (c *card) last() []byte { return c.line }

// add reads a property; a line that is none is passed over.
func (c *card) add(line []byte) {
	c.line = line
	colon := unquotedIndex(line, ':')
	if colon < 0 {
		return
	}
	var p property
	var encoding, charset string
	for i, part := range splitUnquoted(line[:colon], ';') {
		word := strings.TrimSpace(string(part))
		if i == 0 {
			p.name = strings.ToUpper(word)
			if dot := strings.IndexByte(p.name, '.'); dot >= 0 {
				p.group, p.name = p.name[:dot], p.name[dot+1:]
			}
			continue
		}
		key, value, named := strings.Cut(word, "=")
		value = strings.Trim(value, `"`)
		switch key = strings.ToUpper(key); {
		case !named && (key == "QUOTED-PRINTABLE" || key == "BASE64" || key == "B"):
			encoding = key
		case !named:
			p.types = append(p.types, key) // 2.1 writes TEL;CELL:
		case key == "TYPE":
			p.types = append(p.types, strings.Split(strings.ToUpper(value), ",")...)
		case key == "PREF" && value == "1":
			p.types = append(p.types, "PREF")
		case key == "ENCODING":
			encoding = strings.ToUpper(value)
		case key == "CHARSET":
			charset = value
		}
	}
	value := line[colon+1:]
	switch encoding {
	case "QUOTED-PRINTABLE":
		p.value = decodeCharset(decodeQuoted(value), charset)
	case "BASE64", "B":
		return // an attachment, whatever its name
	default:
		p.value = string(value)
	}
	if p.name == "VERSION" {
		c.old = strings.HasPrefix(strings.TrimSpace(p.value), "2")
	}
	c.properties = append(c.properties, p)
}

// unquotedIndex returns where c first stands outside of quotes; -1 if nowhere.
func unquotedIndex(b []byte, c byte) int {
	quoted := false
	for i := range b {
		switch {
		case b[i] == '"':
			quoted = !quoted
		case b[i] == c && !quoted:
			return i
		}
	}
	if quoted { // a quote that is never closed is no quote
		return bytes.IndexByte(b, c)
	}
	return -1
}

func splitUnquoted(b []byte, c byte) [][]byte {
	var parts [][]byte
	for {
		i := unquotedIndex(b, c)
		if i < 0 {
			return append(parts, b)
		}
		parts, b = append(parts, b[:i]), b[i+1:]
	}
}

// decodeQuoted resolves quoted-printable (RFC 2045, 6.7); what is none stands
// for itself.
func decodeQuoted(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] == '=' && i+2 < len(b) {
			high, low := hexDigit(b[i+1]), hexDigit(b[i+2])
			if high >= 0 && low >= 0 {
				out = append(out, byte(high<<4|low))
				i += 2
				continue
			}
		}
		out = append(out, b[i])
	}
	return out
}

func hexDigit(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	}
	return -1
}

// decodeCharset makes UTF-8 of bytes in a charset. Where it is not named, or
// named wrongly, the bytes tell.
func decodeCharset(b []byte, charset string) string {
	if charset != "" && !strings.EqualFold(charset, utf8Name) {
		if e, err := ianaindex.MIME.Encoding(charset); err == nil && e != nil {
			if s, err := e.NewDecoder().Bytes(b); err == nil {
				return cleanControl(string(s))
			}
		}
	}
	if utf8.Valid(b) {
		return cleanControl(string(b))
	}
	var seen occurrences
	seen.add(b)
	t := text{}
	t.setName(seen.guess())
	out := make([]byte, 3*len(b))
	return cleanControl(string(out[:t.decodeBytes(out, b)]))
}

// cleanControl takes NUL characters out, which no text holds.
func cleanControl(s string) string { return strings.ReplaceAll(s, "\x00", "") }

// has reports whether a property is of one of the types.
func (p *property) has(types ...string) bool {
	for _, have := range p.types {
		for _, want := range types {
			if strings.TrimSpace(have) == want {
				return true
			}
		}
	}
	return false
}

// plain is the value of a property that holds one text.
func (c *card) plain(p *property) string {
	return strings.TrimSpace(unescapeCard(p.value, c.old))
}

// parts is the value of a property that holds several, such as a name.
func (c *card) parts(p *property) []string {
	var parts []string
	start := 0
	for i := 0; i <= len(p.value); i++ {
		if i < len(p.value) && p.value[i] == '\\' {
			i++
			continue
		}
		if i == len(p.value) || p.value[i] == ';' {
			parts = append(parts, strings.TrimSpace(unescapeCard(p.value[start:i], c.old)))
			start = i + 1
		}
	}
	if start < len(p.value) { // it ended in a backslash
		parts = append(parts, strings.TrimSpace(unescapeCard(p.value[start:], c.old)))
	}
	return parts
}

// unescapeCard resolves a value's escapes: of line breaks, commas, semicolons
// and backslashes; version 2.1 only escapes semicolons.
func unescapeCard(s string, old bool) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		switch next := s[i+1]; {
		case next == ';' || !old && (next == ',' || next == '\\' || next == ':'):
			b.WriteByte(next)
			i++
		case !old && (next == 'n' || next == 'N'):
			b.WriteByte('\n')
			i++
		default:
			b.WriteByte('\\')
		}
	}
	return b.String()
}
