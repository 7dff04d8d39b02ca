package theme

import (
	"fmt"
	"math"
	"strings"

	"github.com/lucasb-eyer/go-colorful"
)

// The contrasts of WCAG 2.2 level AA: 1.4.3 for text, 1.4.11 for the edges of
// controls and the focus ring.
const (
	textContrast    = 4.5
	controlContrast = 3.0
)

// readable returns the colour nearest to c in lightness that has the contrast
// to every ground, or fallback where there is none.
func readable(c, fallback colorful.Color, ratio float64, grounds ...colorful.Color) colorful.Color {
	if reaches(c, ratio, grounds) {
		return c
	}
	const steps = 250
	l, chroma, hue := c.OkLch()
	for i := 1; i <= steps; i++ {
		by := float64(i) / steps
		for _, moved := range []float64{l - by, l + by} {
			if moved < -1.0/steps || moved > 1+1.0/steps {
				continue
			}
			if candidate := oklch(moved, chroma, hue); reaches(candidate, ratio, grounds) {
				return candidate
			}
		}
	}
	return fallback
}

// nearest returns the colour nearest to c, by its distance in OkLab, which is
// OkLch with straight axes, that has the contrast to the ground. Lightness
// alone would drag a saturated colour further than it needs to go.
func nearest(c colorful.Color, ratio float64, ground colorful.Color) colorful.Color {
	if contrast(c, ground) >= ratio {
		return c
	}
	best, least := extremeOn(ground), math.Inf(1)
	l, chroma, hue := c.OkLch()
	for _, end := range []float64{0, 1} { // darker and lighter
		start := colorful.Color{R: end, G: end, B: end}
		if contrast(start, ground) < ratio {
			continue
		}
		for share := 0.01; share < 1; share += 0.01 {
			if moved := oklch(l+(end-l)*share, chroma, hue); contrast(moved, ground) >= ratio {
				start = moved
				break
			}
		}
		if found, at := descend(start, c, ratio, ground); at < least {
			best, least = found, at
		}
	}
	return best
}

// descend walks from a colour that has the contrast towards c, among the
// colours that #rrggbb can say, for as long as it comes nearer.
func descend(from, c colorful.Color, ratio float64, ground colorful.Color) (colorful.Color, float64) {
	least := distance(from, c)
	for _, step := range []float64{8, 4, 2, 1} {
		for nearer := true; nearer; {
			nearer = false
			at := from
			for i := range 27 { // a step back, none or one forth in each channel
				next := quantize(colorful.Color{
					R: at.R + step*float64(i%3-1)/255, G: at.G + step*float64(i/3%3-1)/255, B: at.B + step*float64(i/9-1)/255,
				})
				if d := distance(next, c); d < least && contrast(next, ground) >= ratio {
					from, least, nearer = next, d, true
				}
			}
		}
	}
	return from, least
}

// distance is how far apart two colours look, in OkLab.
func distance(a, b colorful.Color) float64 {
	l1, a1, b1 := a.OkLab()
	l2, a2, b2 := b.OkLab()
	return math.Hypot(l1-l2, math.Hypot(a1-a2, b1-b2))
}

func reaches(c colorful.Color, ratio float64, grounds []colorful.Color) bool {
	for _, ground := range grounds {
		if contrast(c, ground) < ratio {
			return false
		}
	}
	return true
}

// extremeOn is black or white, whichever stands out more.
func extremeOn(ground colorful.Color) colorful.Color {
	black, white := colorful.Color{}, colorful.Color{R: 1, G: 1, B: 1}
	if contrast(black, ground) > contrast(white, ground) {
		return black
	}
	return white
}

// contrast is (L1 + 0.05) / (L2 + 0.05) of the relative luminances.
func contrast(a, b colorful.Color) float64 {
	la, lb := luminance(a), luminance(b)
	return (math.Max(la, lb) + 0.05) / (math.Min(la, lb) + 0.05)
}

func luminance(c colorful.Color) float64 {
	r, g, b := c.LinearRgb()
	return 0.2126*r + 0.7152*g + 0.0722*b
}

func blend(from, to colorful.Color, t float64) colorful.Color {
	return quantize(from.BlendOkLab(to, t))
}

// oklch is the displayable colour of that lightness and hue: chroma gives way
// first, since clipping the channels would turn the hue.
func oklch(l, c, h float64) colorful.Color {
	l = math.Min(math.Max(l, 0), 1)
	for range 40 {
		color := colorful.OkLch(l, c, h)
		if displayable(color) {
			return quantize(color)
		}
		c *= 0.9
	}
	return quantize(colorful.OkLch(l, 0, h))
}

func displayable(c colorful.Color) bool {
	const slack = 1.0 / 512
	for _, v := range []float64{c.R, c.G, c.B} {
		if v < -slack || v > 1+slack {
			return false
		}
	}
	return true
}

// quantize rounds to what #rrggbb can say, so that contrast is measured on
// what is shown.
func quantize(c colorful.Color) colorful.Color {
	r, g, b := c.Clamped().RGB255()
	return colorful.Color{R: float64(r) / 255, G: float64(g) / 255, B: float64(b) / 255}
}

// NormalizeColor returns a colour written as #rgb or #rrggbb as #rrggbb in
// lower case.
func NormalizeColor(s string) (string, error) {
	hex := strings.ToLower(strings.TrimSpace(s))
	valid := (len(hex) == 4 || len(hex) == 7) && hex[0] == '#' && strings.Trim(hex[1:], "0123456789abcdef") == ""
	if !valid {
		return "", fmt.Errorf("%q is no colour; write it as #rrggbb, such as #1f5f8b", shorten(s, 40))
	}
	if len(hex) == 4 {
		hex = string([]byte{'#', hex[1], hex[1], hex[2], hex[2], hex[3], hex[3]})
	}
	return hex, nil
}

func parseColor(s string) (colorful.Color, error) {
	hex, err := NormalizeColor(s)
	if err != nil {
		return colorful.Color{}, err
	}
	c, err := colorful.Hex(hex)
	if err != nil {
		return colorful.Color{}, err
	}
	return quantize(c), nil
}

// colorOr parses s, or else the fallback, which is one of DefaultBrand's.
func colorOr(s, fallback string) colorful.Color {
	c, err := parseColor(s)
	if err != nil {
		c, _ = parseColor(fallback)
	}
	return c
}
