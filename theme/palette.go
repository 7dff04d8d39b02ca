package theme

import (
	"math"

	"github.com/lucasb-eyer/go-colorful"
)

// The contrasts of WCAG 2.2 level AA: 1.4.3 for text, 1.4.11 for the edges of
// controls and the focus ring.
const (
	textContrast    = 4.5
	controlContrast = 3.0
)

// A Palette holds every colour of a Brand's pages and messages.
type Palette struct {
	Light Scheme // with the Brand's own colours, unchanged where they are readable
	Dark  Scheme // the same as Light where the Brand itself is dark
}

// A Scheme is one set of colours that go together, each #rrggbb.
//
// Text, Muted, Link, Error and Success are readable (4.5:1) on Background,
// Surface, ErrorSurface and SuccessSurface; Border, Focus, PrimaryEdge and
// AccentEdge stand out (3:1) from all of these; OnPrimary is readable on
// Primary and PrimaryHover, OnAccent on Accent. Line only decorates.
type Scheme struct {
	Background     string
	Surface        string // cards and bands, a shade off the background
	Text           string
	Muted          string // hints and footers
	Primary        string // the main button
	PrimaryHover   string
	PrimaryEdge    string // the main button's border, where the Brand's own colour is too pale to show its shape
	OnPrimary      string
	Accent         string
	AccentEdge     string
	OnAccent       string
	Link           string
	Border         string // of inputs
	Line           string // between rows
	Focus          string
	Error          string
	ErrorSurface   string
	Success        string
	SuccessSurface string
}

// Palette derives all colours in OkLch, so that lightness moves and hue stays.
// It also holds for a Brand that has Problems: what cannot be parsed is
// replaced by DefaultBrand's, what cannot be read is moved until it can.
func (b Brand) Palette() Palette {
	fallback := DefaultBrand("").Colors
	background := colorOr(b.Colors.Background, fallback.Background)
	text := colorOr(b.Colors.Text, fallback.Text)
	primary := colorOr(b.Colors.Primary, fallback.Primary)
	accent := colorOr(b.Colors.Accent, fallback.Accent)

	text = readable(text, extremeOn(background), textContrast, background)
	light := deriveScheme(background, text, primary, accent)
	if l, _, _ := background.OkLch(); l < 0.5 {
		return Palette{Light: light, Dark: light}
	}
	return Palette{Light: light, Dark: deriveDark(background, text, primary, accent)}
}

// Contrast is the ratio of WCAG 2.2 between two colours, 1 to 21.
func Contrast(a, b string) (float64, error) {
	ca, err := parseColor(a)
	if err != nil {
		return 0, err
	}
	cb, err := parseColor(b)
	if err != nil {
		return 0, err
	}
	return contrast(ca, cb), nil
}

// deriveScheme expects that text is readable on background. Each step keeps
// that promise for the grounds it adds, so that black, white or the text
// itself is always an answer for the next.
func deriveScheme(background, text, primary, accent colorful.Color) Scheme {
	reads := func(ground colorful.Color) bool { return contrast(text, ground) >= textContrast }
	surface := stepLightness(background, 0.03, reads)
	errorSurface := tint(background, oklch(0.58, 0.20, 27), reads)
	successSurface := tint(background, oklch(0.58, 0.14, 150), reads)
	grounds := []colorful.Color{background, surface, errorSurface, successSurface}

	onPrimary := textOn(primary, background, text)
	hover := stepLightness(primary, -0.06, func(c colorful.Color) bool {
		return contrast(onPrimary, c) >= textContrast
	})
	at := func(c colorful.Color, ratio float64) string { return readable(c, text, ratio, grounds...).Hex() }
	return Scheme{
		Background:     background.Hex(),
		Surface:        surface.Hex(),
		Text:           text.Hex(),
		Muted:          muted(text, grounds).Hex(),
		Primary:        primary.Hex(),
		PrimaryHover:   hover.Hex(),
		PrimaryEdge:    at(primary, controlContrast),
		OnPrimary:      onPrimary.Hex(),
		Accent:         accent.Hex(),
		AccentEdge:     at(accent, controlContrast),
		OnAccent:       textOn(accent, background, text).Hex(),
		Link:           at(primary, textContrast),
		Border:         at(blend(background, text, 0.45), controlContrast),
		Line:           blend(background, text, 0.14).Hex(),
		Focus:          at(accent, controlContrast),
		Error:          at(oklch(0.52, 0.20, 27), textContrast),
		ErrorSurface:   errorSurface.Hex(),
		Success:        at(oklch(0.50, 0.13, 150), textContrast),
		SuccessSurface: successSurface.Hex(),
	}
}

// deriveDark keeps the hues of a light Brand on a nearly black ground. Here
// the buttons' colours move too: a navy button would sink into the night.
func deriveDark(background, text, primary, accent colorful.Color) Scheme {
	_, c, h := background.OkLch()
	ground := oklch(0.19, math.Min(c, 0.02), h)
	_, c, h = text.OkLch()
	light := readable(oklch(0.93, math.Min(c, 0.02), h), extremeOn(ground), textContrast, ground)
	return deriveScheme(ground, light,
		readable(primary, light, controlContrast, ground),
		readable(accent, light, controlContrast, ground))
}

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

func reaches(c colorful.Color, ratio float64, grounds []colorful.Color) bool {
	for _, ground := range grounds {
		if contrast(c, ground) < ratio {
			return false
		}
	}
	return true
}

// stepLightness moves c by that much lightness, or the other way, or not at
// all: the first of these that keeps what must hold.
func stepLightness(c colorful.Color, by float64, holds func(colorful.Color) bool) colorful.Color {
	l, chroma, hue := c.OkLch()
	for _, d := range []float64{by, -by} {
		if l+d < 0 || l+d > 1 {
			continue
		}
		if moved := oklch(l+d, chroma, hue); holds(moved) {
			return moved
		}
	}
	return c
}

// tint lays a little colour over the ground, as much as holds.
func tint(ground, over colorful.Color, holds func(colorful.Color) bool) colorful.Color {
	for _, t := range []float64{0.10, 0.07, 0.04, 0.02} {
		if c := blend(ground, over, t); holds(c) {
			return c
		}
	}
	return ground
}

// muted is the text's colour, faded as far as it stays readable.
func muted(text colorful.Color, grounds []colorful.Color) colorful.Color {
	for _, t := range []float64{0.30, 0.25, 0.20, 0.15, 0.10, 0.05} {
		if c := blend(text, grounds[0], t); reaches(c, textContrast, grounds) {
			return c
		}
	}
	return text
}

// textOn chooses the writing on a coloured button: the Brand's own background
// or text where that can be read, else white or black, of which one always
// can (the worse ground still gives 4.58:1).
func textOn(ground, background, text colorful.Color) colorful.Color {
	for _, c := range []colorful.Color{background, {R: 1, G: 1, B: 1}, text} {
		if contrast(c, ground) >= textContrast {
			return c
		}
	}
	return extremeOn(ground)
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
