package intake

import (
	"unicode"
	"unicode/utf8"

	"complero/db/profile"
)

// appendKey folds a text so far that spellings of one word meet, for looking
// words up: lower case, accents off, letters and digits only, and ae, oe, ue as
// a, o, u, because an ä may have been written as either.
func appendKey(dst []byte, s string) []byte {
	start := len(dst)
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= utf8.RuneSelf:
			return appendForeign(dst[:start], s)
		case c >= 'A' && c <= 'Z':
			dst = append(dst, c+'a'-'A')
		case c == 'e' && len(dst) > start && umlauted(dst[len(dst)-1]):
			continue
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			dst = append(dst, c)
			continue
		default:
			continue
		}
		if n := len(dst); dst[n-1] == 'e' && n-1 > start && umlauted(dst[n-2]) {
			dst = dst[:n-1]
		}
	}
	return dst
}

// appendForeign is appendKey for what is more than ASCII.
func appendForeign(dst []byte, s string) []byte {
	start := len(dst)
	for _, r := range profile.FoldName(s) {
		switch {
		case r == 'e' && len(dst) > start && umlauted(dst[len(dst)-1]):
		case r == 'º' || r == 'ª': // Nº is N°
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			dst = utf8.AppendRune(dst, r)
		}
	}
	return dst
}

func umlauted(c byte) bool { return c == 'a' || c == 'o' || c == 'u' }

// key is appendKey as a text.
func key(s string) string { return string(appendKey(nil, s)) }

func digit(c byte) bool { return c >= '0' && c <= '9' }

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

func letter(c byte) bool { c = lower(c); return (c >= 'a' && c <= 'z') || c >= utf8.RuneSelf }

// firstDigit is where the first digit stands; -1 if nowhere.
func firstDigit(s string) int {
	for i := 0; i < len(s); i++ {
		if digit(s[i]) {
			return i
		}
	}
	return -1
}

// digits reports whether s is digits and nothing else.
func digits(s string) bool {
	for i := 0; i < len(s); i++ {
		if !digit(s[i]) {
			return false
		}
	}
	return s != ""
}
