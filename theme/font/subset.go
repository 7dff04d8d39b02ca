package font

import (
	"strconv"
	"strings"

	"golang.org/x/image/font/sfnt"
)

// A subset is a writing system, or the part of one, that a file is cut to.
type subset struct {
	name       string
	characters string // as CSS unicode-range has them; the files of data/ were cut by the same lists
}

// Latin is the subset that nearly every page needs; Arabic that of pages from
// right to left.
const (
	Latin  = "latin"
	Arabic = "arabic"
)

// subsets are the same as in vendor.py: what a browser asks for a file must be
// what stands in it.
var subsets = []subset{
	{Latin, "U+0020-007E,U+00A0-00A1,U+00A3,U+00A7,U+00A9,U+00AB,U+00AE,U+00B0,U+00B7,U+00BB,U+00BF-00FF,U+0152-0153," +
		"U+2009,U+2013-2014,U+2018-201A,U+201C-201E,U+2022,U+2026,U+2032,U+2039-203A,U+20AC,U+2122,U+2212"},
	{"latin-ext", "U+0100-0130,U+0132-0151,U+0154-017F,U+018F,U+01A0-01A1,U+01AF-01B0,U+01CD-01DC,U+01E6-01E7,U+01EA-01EB," +
		"U+01FA-01FF,U+0218-021B,U+0237,U+0259,U+1E80-1E85,U+1E9E,U+1EF2-1EF3"},
	{"greek", "U+0384-038A,U+038C,U+038E-03A1,U+03A3-03CE"},
	{"cyrillic", "U+0400-045F,U+0490-0491,U+04B0-04B1,U+2116"},
	{Arabic, "U+060C,U+061B,U+061F,U+0621-063A,U+0640-0652,U+0660-066C,U+0670-0671,U+067E,U+0686,U+0698,U+06A9,U+06AF," +
		"U+06CC,U+06F0-06F9,U+200C-200E"},
}

// each calls visit for each of the subset's characters.
func (s subset) each(visit func(rune)) {
	for part := range strings.SplitSeq(s.characters, ",") {
		first, last, ranged := strings.Cut(strings.TrimPrefix(part, "U+"), "-")
		if !ranged {
			last = first
		}
		from, errFrom := strconv.ParseInt(first, 16, 32)
		to, errTo := strconv.ParseInt(last, 16, 32)
		if errFrom != nil || errTo != nil {
			continue // a test reads the lists, which are constant
		}
		for r := from; r <= to; r++ {
			visit(rune(r))
		}
	}
}

func coverage(parsed *sfnt.Font, buffer *sfnt.Buffer) []Coverage {
	covered := make([]Coverage, len(subsets))
	for i, s := range subsets {
		c := Coverage{Subset: s.name}
		s.each(func(r rune) {
			c.Of++
			if glyph, err := parsed.GlyphIndex(buffer, r); err == nil && glyph != 0 {
				c.Has++
			}
		})
		covered[i] = c
	}
	return covered
}
