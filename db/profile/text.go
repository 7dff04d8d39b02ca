package profile

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// cleanLine normalises a text of one line: NFC, no white space at the ends,
// one space where there was any inside, nothing invisible that can turn or
// hide what a reader sees. It refuses control and broken characters, and more
// than most characters.
func cleanLine(s string, most int) (string, fault) {
	if plainLine(s) {
		if len(s) > most {
			return "", tooLong(len(s), most)
		}
		return s, fault{}
	}
	return cleanRunes(s, most, false)
}

// CleanExternalID is an externalId as Normalize leaves it, so that two
// spellings of one are known as one; what it would refuse stays as it is.
func CleanExternalID(s string) string {
	s = strings.TrimSpace(s)
	if clean, f := cleanLine(s, maxExternalID); !f.bad() {
		return clean
	}
	return s
}

// cleanText is cleanLine for a text that may have several lines; white space
// inside stays as it is.
func cleanText(s string, most int) (string, fault) {
	if plainLine(s) {
		return cleanLine(s, most)
	}
	return cleanRunes(s, most, true)
}

// plainLine reports whether s is printable ASCII that needs no normalising, as
// most texts are.
func plainLine(s string) bool {
	before := byte(' ')
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c < ' ' || c > '~' || (c == ' ' && before == ' ') {
			return false
		}
		before = c
	}
	return s == "" || before != ' '
}

func cleanRunes(s string, most int, lines bool) (string, fault) {
	if len(s) > 16*most+1000 {
		// No spelling of a text that fits is so long; spare the work.
		return "", tooLong(utf8.RuneCountInString(s), most)
	}
	if !utf8.ValidString(s) {
		return "", fault{codeInvalid, "holds bytes that are no UTF-8; send the text as UTF-8"}
	}
	if lines {
		s = strings.ReplaceAll(s, "\r\n", "\n")
	}
	var b strings.Builder
	b.Grow(len(s))
	space, at := false, 0
	for _, r := range s {
		at++
		switch {
		case lines && (r == '\n' || r == '\t'):
			b.WriteRune(r)
		case unicode.IsSpace(r):
			if lines {
				b.WriteByte(' ')
			}
			space = true
		case invisible(r):
		case forbidden(r):
			return "", fault{codeInvalid, fmt.Sprintf("holds the character %U at place %d, which no text may hold; remove it", r, at)}
		default:
			if space && !lines && b.Len() > 0 {
				b.WriteByte(' ')
			}
			space = false
			b.WriteRune(r)
		}
	}
	s = norm.NFC.String(strings.TrimSpace(b.String()))
	if n := utf8.RuneCountInString(s); n > most {
		return "", tooLong(n, most)
	}
	return s, fault{}
}

func tooLong(n, most int) fault {
	return fault{codeTooLong, fmt.Sprintf("has %d characters; at most %d fit, shorten it", n, most)}
}

// invisible reports characters that are dropped: they are not seen, come in by
// copying, and the bidirectional controls can make a text read as another.
// Joiners stay, since emoji and several scripts need them.
func invisible(r rune) bool {
	switch {
	case r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069:
		return true // bidirectional embedding, override, isolate
	case r == 0x200B, r == 0x2060, r == 0xFEFF, r == 0x00AD:
		return true // zero-width space, word joiner, byte order mark, soft hyphen
	}
	return false
}

// forbidden reports what no text may hold: controls (databases and mail
// headers cannot carry them), non-characters, and U+FFFD, which stands where a
// character was broken on its way, such as half a surrogate pair in JSON.
func forbidden(r rune) bool {
	return unicode.IsControl(r) || r == utf8.RuneError || r&0xFFFE == 0xFFFE || (r >= 0xFDD0 && r <= 0xFDEF)
}
