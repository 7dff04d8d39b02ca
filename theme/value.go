package theme

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"
)

// cleanValue prepares what a person or a database said for being shown: valid
// UTF-8, line breaks as \n, no control characters, and no marks that turn the
// direction of the text around it (with which a name can rewrite a sentence).
func cleanValue(s string) string {
	if plain(s) {
		return strings.Trim(s, " ")
	}
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\r\n", "\n")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\u0085' || r == '\u2028' || r == '\u2029':
			return '\n'
		case r == '\t':
			return ' '
		case unicode.IsControl(r), r == '\ufeff',
			r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}

// plain reports whether s is printable ASCII, as most values are.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// appendHTML writes s as HTML text or as the value of a quoted attribute;
// line breaks become <br>.
func appendHTML(out []byte, s string) []byte {
	last := 0
	for i := range len(s) {
		var escaped string
		switch s[i] {
		case '&':
			escaped = "&amp;"
		case '<':
			escaped = "&lt;"
		case '>':
			escaped = "&gt;"
		case '"':
			escaped = "&#34;"
		case '\'':
			escaped = "&#39;"
		case '\n':
			escaped = "<br>\n"
		default:
			continue
		}
		out = append(out, s[last:i]...)
		out = append(out, escaped...)
		last = i + 1
	}
	return append(out, s[last:]...)
}

func escapeHTML(s string) string { return string(appendHTML(nil, s)) }

// linkSchemes are where a link may lead.
var linkSchemes = []string{"https://", "http://", "mailto:", "tel:"}

var errScheme = errors.New("a link must begin with one of https://, http://, mailto: and tel: to be shown")

// linkScheme returns the scheme that s begins with, or "".
func linkScheme(s string) string {
	for _, scheme := range linkSchemes {
		if len(s) >= len(scheme) && strings.EqualFold(s[:len(scheme)], scheme) {
			return scheme
		}
	}
	return ""
}

const hexDigits = "0123456789ABCDEF"

// appendURL writes a whole address, or a part that the template's author
// wrote: only what can never stand in a URL is percent-encoded (RFC 3986).
func appendURL(out []byte, s string) []byte {
	for i := range len(s) {
		c := s[i]
		if c <= ' ' || c >= 0x7f || strings.IndexByte("\"<>\\^`{|}'", c) >= 0 {
			out = append(out, '%', hexDigits[c>>4], hexDigits[c&15])
			continue
		}
		out = append(out, c)
	}
	return out
}

// appendArgument writes a value into a URL, where it must stay one argument:
// all but unreserved characters are percent-encoded, and @ and + in addresses
// and telephone numbers are not.
func appendArgument(out []byte, s string, address bool) []byte {
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9',
			c == '-', c == '.', c == '_', c == '~', address && (c == '@' || c == '+'):
			out = append(out, c)
		default:
			out = append(out, '%', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	return out
}

// oneLine makes a header of s: one line, single spaces, at most limit
// characters.
func oneLine(s string, limit int) string {
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	return strings.TrimRight(shorten(s, limit-1), " ")
}
