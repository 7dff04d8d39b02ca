package font

import (
	"fmt"
	"math"

	"golang.org/x/image/font/sfnt"
)

// Metrics are a font's measures in parts of an em, from which a fallback is
// stretched to take the same room.
type Metrics struct {
	Ascent  float64 `json:"ascent"`
	Descent float64 `json:"descent"` // below the line, positive
	LineGap float64 `json:"lineGap"`
	// Width is that of an average character of running text.
	Width float64 `json:"width"`
}

// frequencies are how often letters and the space come in a thousand
// characters of German and English text.
var frequencies = []struct {
	letter rune
	count  float64
}{
	{' ', 160},
	{'e', 123},
	{'n', 72},
	{'i', 63},
	{'t', 62},
	{'a', 58},
	{'s', 55},
	{'r', 55},
	{'h', 43},
	{'d', 40},
	{'o', 39},
	{'l', 31},
	{'u', 30},
	{'c', 24},
	{'m', 21},
	{'g', 20},
	{'f', 16},
	{'w', 16},
	{'b', 14},
	{'p', 12},
	{'k', 9},
	{'v', 8},
	{'z', 5},
	{'y', 8},
	{'j', 2},
	{'x', 1},
	{'q', 1},
}

// The average widths of the fonts that every system has under one name or
// another, from the measures of Helvetica and Times that Adobe has published,
// which Arial and Times New Roman share.
var (
	sansWidth = averageOf(map[rune]float64{
		' ': 278, 'a': 556, 'b': 556, 'c': 500, 'd': 556, 'e': 556, 'f': 278, 'g': 556, 'h': 556, 'i': 222, 'j': 222, 'k': 500, 'l': 222, 'm': 833,
		'n': 556, 'o': 556, 'p': 556, 'q': 556, 'r': 333, 's': 500, 't': 278, 'u': 556, 'v': 500, 'w': 722, 'x': 500, 'y': 500, 'z': 500,
	})
	serifWidth = averageOf(map[rune]float64{
		' ': 250, 'a': 444, 'b': 500, 'c': 444, 'd': 500, 'e': 444, 'f': 333, 'g': 500, 'h': 500, 'i': 278, 'j': 278, 'k': 500, 'l': 278, 'm': 778,
		'n': 500, 'o': 500, 'p': 500, 'q': 500, 'r': 333, 's': 389, 't': 278, 'u': 500, 'v': 500, 'w': 722, 'x': 500, 'y': 500, 'z': 444,
	})
)

func averageOf(widths map[rune]float64) float64 {
	return average(1000, func(r rune) float64 { return widths[r] })
}

// average is the width of a character of running text in parts of an em; 0
// where letters are missing.
func average(em float64, width func(rune) float64) float64 {
	sum, count := 0.0, 0.0
	for _, f := range frequencies {
		w := width(f.letter)
		if w <= 0 {
			return 0
		}
		sum, count = sum+w*f.count, count+f.count
	}
	return round(sum / count / em)
}

func round(x float64) float64 { return math.Round(x*1e4) / 1e4 }

func (t tables) metrics(parsed *sfnt.Font, buffer *sfnt.Buffer) (Metrics, error) {
	em := float64(parsed.UnitsPerEm())
	hhea, os2 := t.byTag["hhea"], t.byTag["OS/2"]
	ascent, descent, gap := i16(hhea, 4), i16(hhea, 6), i16(hhea, 8)
	if u16(os2, 62)&0x80 != 0 || ascent == 0 { // USE_TYPO_METRICS
		ascent, descent, gap = i16(os2, 68), i16(os2, 70), i16(os2, 72)
	}
	m := Metrics{
		Ascent: round(float64(ascent) / em), Descent: round(float64(-descent) / em), LineGap: round(float64(gap) / em),
		Width: average(em, func(r rune) float64 { return advance(parsed, buffer, r) }),
	}
	if m.Ascent <= 0 || m.Ascent > 4 || m.Descent < 0 || m.Descent > 4 || m.LineGap < 0 || m.LineGap > 4 {
		return m, fmt.Errorf("has lines of no possible height (ascent %d, descent %d, gap %d of %g); export it again", ascent, descent, gap, em)
	}
	return m, nil
}

// fallback describes the font of every system, stretched to these measures;
// without an average width, which a font without Latin does not have, "".
func (m Metrics) fallback(family string, serif bool) string {
	width, local := sansWidth, `local("Arial"),local("Helvetica"),local("Liberation Sans"),local("Arimo")`
	if serif {
		width, local = serifWidth, `local("Times New Roman"),local("Times"),local("Liberation Serif"),local("Tinos")`
	}
	if m.Width == 0 {
		return ""
	}
	stretch := m.Width / width
	percent := func(x float64) string { return fmt.Sprintf("%.2f%%", 100*x) }
	return `@font-face{font-family:"` + family + ` Fallback";src:` + local + ";size-adjust:" + percent(stretch) +
		";ascent-override:" + percent(m.Ascent/stretch) + ";descent-override:" + percent(m.Descent/stretch) +
		";line-gap-override:" + percent(m.LineGap/stretch) + "}\n"
}
