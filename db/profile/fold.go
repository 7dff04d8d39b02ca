package profile

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// FoldName writes a name for searching and sorting: lower case, accents off,
// letters that are none but an accented one to most people spelt out (ß ss,
// ø o, æ ae, ł l). Müller folds to muller. Spaces and punctuation stay.
func FoldName(s string) string {
	i := 0
	for i < len(s) && s[i] < utf8.RuneSelf && (s[i] < 'A' || s[i] > 'Z') {
		i++
	}
	if i == len(s) {
		return s
	}
	return string(appendFolded(make([]byte, 0, len(s)+8), s))
}

func appendFolded(dst []byte, s string) []byte {
	if ascii(s) {
		for i := 0; i < len(s); i++ {
			dst = append(dst, lower(s[i]))
		}
		return dst
	}
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case spelt(r) != "":
			dst = append(dst, spelt(r)...)
		default:
			dst = utf8.AppendRune(dst, r)
		}
	}
	return dst
}

// spelt spells a letter that Unicode does not take apart; "" if it has none.
func spelt(r rune) string {
	switch r {
	case 'ß', 'ẞ':
		return "ss"
	case 'æ':
		return "ae"
	case 'œ':
		return "oe"
	case 'ø':
		return "o"
	case 'đ', 'ð':
		return "d"
	case 'ł':
		return "l"
	case 'ı':
		return "i"
	case 'þ':
		return "th"
	case 'ħ':
		return "h"
	}
	return ""
}

// foldIdentity folds a text so far that different spellings of one name meet:
// as FoldName, letters and digits only, and ae, oe, ue as a, o, u, because an
// ä may have been written as either.
func foldIdentity(s string) string { return string(appendIdentity(nil, s)) }

func appendIdentity(dst []byte, s string) []byte {
	start := len(dst)
	folded := appendFolded(dst, s)
	kept := folded[:start]
	for i := start; i < len(folded); {
		r, size := utf8.DecodeRune(folded[i:])
		if r == 'e' && i > start && umlauted(folded[i-1]) {
			i += size
			continue
		}
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			kept = append(kept, folded[i:i+size]...)
		}
		i += size
	}
	return kept
}

func umlauted(c byte) bool { return c == 'a' || c == 'o' || c == 'u' }

func ascii(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

func letter(c byte) bool { c = lower(c); return c >= 'a' && c <= 'z' }
