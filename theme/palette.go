package theme

import (
	"math"

	"github.com/lucasb-eyer/go-colorful"
)

// A Palette holds every colour of a Brand's pages and messages.
type Palette struct {
	Light Scheme // with the Brand's own colours, unchanged where they are readable
	Dark  Scheme // with the Brand's own colours for it; the same as Light where the Brand itself is dark and has none
}

// A Scheme is one set of colours that go together, each #rrggbb.
//
// Text, Muted, Link, Error, Warning and Success are readable (4.5:1) on
// Background, Surface, ErrorSurface, WarningSurface and SuccessSurface; Border,
// Focus, PrimaryEdge and AccentEdge stand out (3:1) from all of these;
// OnPrimary is readable on Primary, PrimaryHover and PrimaryActive, OnAccent on
// Accent. Line only decorates.
type Scheme struct {
	Background     string
	Surface        string // cards and bands, a shade off the background
	Text           string
	Muted          string // hints and footers
	Primary        string // the main button
	PrimaryHover   string
	PrimaryActive  string // while it is pressed
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
	Warning        string
	WarningSurface string
	Success        string
	SuccessSurface string
}

// usual are the colours in the place of those that cannot be parsed.
var usual = DefaultBrand("").Colors

// Palette derives all colours in OkLch, so that lightness moves and hue stays.
// It also holds for a Brand that has Problems: what cannot be parsed is
// replaced by DefaultBrand's, what cannot be read is moved until it can.
func (b Brand) Palette() Palette {
	background := colorOr(b.Colors.Background, usual.Background)
	text := nearest(colorOr(b.Colors.Text, usual.Text), textContrast, background)
	primary := colorOr(b.Colors.Primary, usual.Primary)
	accent := colorOr(b.Colors.Accent, usual.Accent)

	p := Palette{Light: deriveScheme(background, text, primary, accent)}
	if isDark(background) && b.Dark == (Colors{}) {
		p.Dark = p.Light
	} else {
		p.Dark = b.deriveDark(text, primary, accent)
	}
	return p
}

// deriveScheme expects that text is readable on background. Each step keeps
// that promise for the grounds it adds, so that black, white or the text
// itself is always an answer for the next.
func deriveScheme(background, text, primary, accent colorful.Color) Scheme {
	reads := func(ground colorful.Color) bool { return contrast(text, ground) >= textContrast }
	surface := stepLightness(background, 0.03, reads)
	errorSurface := tint(background, oklch(0.58, 0.20, 27), reads)
	warningSurface := tint(background, oklch(0.58, 0.12, 75), reads)
	successSurface := tint(background, oklch(0.58, 0.14, 150), reads)
	grounds := []colorful.Color{background, surface, errorSurface, warningSurface, successSurface}

	onPrimary := textOn(primary, background, text)
	writable := func(c colorful.Color) bool { return contrast(onPrimary, c) >= textContrast }
	hover := stepLightness(primary, -0.06, writable)
	at := func(c colorful.Color, ratio float64) string { return readable(c, text, ratio, grounds...).Hex() }
	return Scheme{
		Background:     background.Hex(),
		Surface:        surface.Hex(),
		Text:           text.Hex(),
		Muted:          muted(text, grounds).Hex(),
		Primary:        primary.Hex(),
		PrimaryHover:   hover.Hex(),
		PrimaryActive:  stepLightness(primary, -0.12, writable).Hex(),
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
		Warning:        at(oklch(0.54, 0.12, 70), textContrast),
		WarningSurface: warningSurface.Hex(),
		Success:        at(oklch(0.50, 0.13, 150), textContrast),
		SuccessSurface: successSurface.Hex(),
	}
}

// deriveDark keeps the hues of a light Brand on a nearly black ground, but for
// what the Brand chose for the dark itself. Here the buttons' colours move too:
// a navy button would sink into the night.
func (b Brand) deriveDark(text, primary, accent colorful.Color) Scheme {
	ground, _ := b.darkGround()
	light := text
	if isDark(ground) && !isDark(colorOr(b.Colors.Background, usual.Background)) {
		_, c, h := text.OkLch()
		light = oklch(0.93, math.Min(c, 0.02), h)
	}
	light = nearest(colorOr(b.Dark.Text, light.Hex()), textContrast, ground)
	primary = readable(primary, light, controlContrast, ground)
	accent = readable(accent, light, controlContrast, ground)
	return deriveScheme(ground, light, colorOr(b.Dark.Primary, primary.Hex()), colorOr(b.Dark.Accent, accent.Hex()))
}

// darkGround is the page behind everything in dark mode, and whether the Brand
// chose it for that: a dark Brand's own, or else nearly black.
func (b Brand) darkGround() (ground colorful.Color, given bool) {
	if ground, err := parseColor(b.Dark.Background); err == nil {
		return ground, true
	}
	background := colorOr(b.Colors.Background, usual.Background)
	if isDark(background) {
		return background, true
	}
	_, c, h := background.OkLch()
	return oklch(0.19, math.Min(c, 0.02), h), false
}

func isDark(c colorful.Color) bool {
	l, _, _ := c.OkLch()
	return l < 0.5
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
