package email

import (
	"encoding/base64"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Mailbox is whom a message is from or for.
type Mailbox struct {
	// Name is what people read, in any script; it may be empty.
	Name    string
	Address string
}

// String writes the mailbox for people's eyes.
func (m Mailbox) String() string {
	name := cleanHeader(m.Name)
	if name == "" {
		return m.Address
	}
	return name + " <" + m.Address + ">"
}

// maxHeaderLine is the longest line with encoded words in it (RFC 2047, 2).
const maxHeaderLine = 76

// appendMailbox writes a header with one mailbox; none for nil.
func appendMailbox(out []byte, header string, m *Mailbox) ([]byte, error) {
	if m == nil {
		return out, nil
	}
	if err := checkAddress(m.Address); err != nil {
		return nil, fmt.Errorf("%w: header %s: %w", ErrHeader, header, err)
	}
	address := asciiDomain(m.Address)
	out = append(append(out, header...), ": "...)
	start := len(out) - len(header) - 2
	if name := cleanHeader(m.Name); name != "" {
		switch {
		case !ascii(name) || strings.Contains(name, "=?"):
			out = appendWords(out, len(header)+2, name)
		case strings.ContainsAny(name, `()<>[]:;@\,."`):
			out = appendQuotedString(out, name)
		default:
			out = append(out, name...)
		}
		if lastLine(out[start:])+len(address)+3 > maxHeaderLine {
			out = append(out, "\r\n"...)
		}
		out = append(out, ' ')
	}
	out = append(out, '<')
	out = append(out, address...)
	return append(out, ">\r\n"...), nil
}

// appendText writes a header of free text, folded at its blanks or, outside
// ASCII, as encoded words.
func appendText(out []byte, header, text string) []byte {
	text = cleanHeader(text)
	out = append(append(out, header...), ':')
	if !ascii(text) || strings.Contains(text, "=?") {
		out = append(out, ' ')
		return append(appendWords(out, len(header)+2, text), "\r\n"...)
	}
	column := len(header) + 1
	for i, word := range strings.Fields(text) {
		if i > 0 && column+1+len(word) > maxHeaderLine {
			out = append(out, "\r\n"...)
			column = 0
		}
		out = append(append(out, ' '), word...)
		column += 1 + len(word)
	}
	return append(out, "\r\n"...)
}

// cleanHeader makes one line of a text: line breaks and other control
// characters become blanks, so that nothing can begin a header of its own, and
// marks that turn the direction of the text around them go.
func cleanHeader(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r) || r == '\u2028' || r == '\u2029':
			return ' '
		case r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' || r == '\ufeff':
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
	return strings.Join(strings.Fields(s), " ")
}

func appendQuotedString(out []byte, s string) []byte {
	out = append(out, '"')
	for i := range len(s) {
		if s[i] == '"' || s[i] == '\\' {
			out = append(out, '\\')
		}
		out = append(out, s[i])
	}
	return append(out, '"')
}

// appendWords writes text as encoded words (RFC 2047), Q or B, whichever is
// shorter, folded so that no line is too long. Q leaves only letters and
// digits as they are, which is safe in a name as well (RFC 2047, 5(3)).
func appendWords(out []byte, column int, text string) []byte {
	const frame = len("=?utf-8?q??=")
	quoted := quotedLength(text) <= (len(text)+2)/3*4
	for first := true; text != ""; first = false {
		if !first {
			out = append(out, "\r\n "...)
			column = 1
		}
		n := wordPrefix(text, maxHeaderLine-column-frame, quoted)
		if quoted {
			out = append(out, "=?utf-8?q?"...)
			out = appendQ(out, text[:n])
		} else {
			out = append(out, "=?utf-8?b?"...)
			out = base64.StdEncoding.AppendEncode(out, []byte(text[:n]))
		}
		out = append(out, "?="...)
		text = text[n:]
	}
	return out
}

// wordPrefix is how many bytes of text, in whole characters, fit in width
// columns once they are encoded; at least one character.
func wordPrefix(text string, width int, quoted bool) int {
	n, used := 0, 0
	for n < len(text) {
		_, size := utf8.DecodeRuneInString(text[n:])
		if quoted {
			used += quotedLength(text[n : n+size])
		} else {
			used = (n + size + 2) / 3 * 4
		}
		if used > width && n > 0 {
			break
		}
		n += size
	}
	return n
}

func quotedLength(s string) int {
	n := 0
	for i := range len(s) {
		if plainQ(s[i]) || s[i] == ' ' {
			n++
		} else {
			n += 3
		}
	}
	return n
}

func appendQ(out []byte, s string) []byte {
	for i := range len(s) {
		switch c := s[i]; {
		case c == ' ':
			out = append(out, '_')
		case plainQ(c):
			out = append(out, c)
		default:
			out = append(out, '=', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	return out
}

func plainQ(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

func lastLine(b []byte) int {
	for i := len(b) - 1; i >= 0; i-- {
		if b[i] == '\n' {
			return len(b) - 1 - i
		}
	}
	return len(b)
}
