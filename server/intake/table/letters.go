package table

import (
	"math"
	"unicode"
	"unicode/utf8"
)

// This file tells encodings of one byte a character apart. UTF-8 gives itself
// away by its form; these do not, so what decides is which reading makes the
// likelier letters: "Małgorzata" and "Maùgorzata" are the same bytes. A general
// detector of character sets judges a web page's running text; an export has
// few such letters, nearly all of them in names.

// languages hold how often, in percent, each letter beyond ASCII is met in a
// language's names and places, among such letters.
var languages = []struct {
	west    bool
	letters map[rune]float64
}{
	{true, map[rune]float64{'ü': 36, 'ä': 28, 'ö': 22, 'ß': 14}},
	{true, map[rune]float64{'é': 60, 'è': 12, 'ç': 6, 'ê': 4, 'ë': 4, 'ï': 3, 'ô': 3, 'î': 2, 'à': 2, 'â': 2, 'û': 1, 'œ': 1}},
	{true, map[rune]float64{'à': 26, 'è': 22, 'ì': 16, 'ò': 16, 'ù': 12, 'é': 8}},
	{true, map[rune]float64{'í': 26, 'á': 22, 'é': 18, 'ó': 18, 'ñ': 10, 'ú': 5, 'ü': 1}},
	{true, map[rune]float64{'ã': 22, 'ç': 18, 'é': 13, 'á': 12, 'í': 9, 'ó': 8, 'õ': 6, 'ê': 6, 'â': 3, 'ú': 2, 'ô': 1}},
	{true, map[rune]float64{'ë': 48, 'é': 32, 'ï': 10, 'ö': 6, 'ü': 3, 'è': 1}},
	{true, map[rune]float64{'ö': 26, 'ä': 26, 'å': 22, 'ø': 14, 'æ': 10, 'é': 2}},
	{false, map[rune]float64{'ł': 24, 'ó': 14, 'ś': 12, 'ń': 12, 'ż': 11, 'ą': 10, 'ę': 8, 'ć': 6, 'ź': 3}},
	{false, map[rune]float64{'á': 20, 'í': 16, 'é': 10, 'č': 10, 'ý': 9, 'ř': 8, 'š': 8, 'ž': 7, 'ě': 6, 'ů': 3, 'ú': 1, 'ň': 1, 'ď': .5, 'ť': .5, 'ľ': 1}},
	{false, map[rune]float64{'á': 34, 'é': 26, 'ó': 10, 'ö': 9, 'í': 7, 'ő': 5, 'ü': 4, 'ú': 4, 'ű': 1}},
	{false, map[rune]float64{'č': 34, 'ć': 22, 'š': 22, 'ž': 16, 'đ': 6}},
	{false, map[rune]float64{'ă': 30, 'ş': 25, 'ţ': 20, 'â': 13, 'î': 12}},
}

// occurrences counts the bytes beyond ASCII by what stands around them.
type occurrences [128][16]int

// What stands beside a byte. Of another byte beyond ASCII it is not known
// whether it is a letter, which counts as nothing.
const (
	smallBefore = 1 << iota
	largeBefore
	smallAfter
	largeAfter

	letterBefore = smallBefore | largeBefore
	letterAfter  = smallAfter | largeAfter
)

func (o *occurrences) add(b []byte) {
	for i, c := range b {
		if c < utf8.RuneSelf {
			continue
		}
		around := 0
		if i > 0 {
			around = beside(b[i-1])
		}
		if i+1 < len(b) {
			around |= beside(b[i+1]) << 2
		}
		o[c-utf8.RuneSelf][around]++
	}
}

func beside(c byte) int {
	switch {
	case 'a' <= c && c <= 'z':
		return smallBefore
	case 'A' <= c && c <= 'Z':
		return largeBefore
	}
	return 0
}

// guess names the encoding and language under which the bytes are likeliest.
func (o *occurrences) guess() string {
	best, name := math.Inf(-1), charsets[0].name
	for _, set := range charsets {
		for _, language := range languages {
			if set.west != language.west {
				continue
			}
			score := set.prior
			for i := range o {
				r := set.decode.DecodeByte(byte(i + utf8.RuneSelf))
				var base float64
				for around, n := range o[i] {
					if n == 0 {
						continue
					}
					if base == 0 {
						base = likelihood(r, set.west, language.letters)
					}
					score += float64(n) * (base + oddness(r, around))
				}
			}
			if score > best {
				best, name = score, set.name
			}
		}
	}
	return name
}

// likelihood is the logarithm of how likely a character is in a language, with
// some room for its neighbours' names.
func likelihood(r rune, west bool, letters map[rune]float64) float64 {
	if !unicode.IsLetter(r) || r == 'ª' || r == 'º' {
		return signLikelihood(r)
	}
	small := unicode.ToLower(r)
	p := .9 * letters[small] / 100
	near := 0.
	for _, l := range languages {
		if l.west == west {
			near += l.letters[small] / 700
		}
	}
	return math.Log(p + .08*near + .0001)
}

// signLikelihood is that of a character that is no letter.
func signLikelihood(r rune) float64 {
	switch {
	case r < 0xa0 || r == utf8.RuneError:
		return -14 // a control character
	case r == '€':
		return -3
	case r == '’', r == '´', r == '–', r == '\u00a0', r == '§', r == '°':
		return -4.5
	case r == '„', r == '“', r == '”', r == '‘', r == '‚', r == '…', r == '—', r == '•', r == '«', r == '»', r == '²', r == '½', r == '®', r == '™', r == 'ª', r == 'º':
		return -6
	case r >= 0x2500 && r < 0x2600:
		return -12 // lines and boxes
	}
	return -9
}

// oddness is what a character's surroundings take from its likelihood.
func oddness(r rune, around int) float64 {
	before, after := around&letterBefore, around&letterAfter
	switch {
	case unicode.IsUpper(r):
		if before == smallBefore {
			return -5
		}
	case unicode.IsLetter(r) && r != 'ª' && r != 'º':
		switch {
		case before == 0 && after == 0:
			return -1.5
		case before == 0 && after == largeAfter, before == largeBefore && after == largeAfter:
			return -2
		}
	case r == '’' || r == '´':
	case before != 0 && after != 0:
		return -6
	}
	return 0
}
