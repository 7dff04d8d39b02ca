package theme

import (
	"fmt"
	"io"
	"math"
)

// A Mode is light or dark, as a reader's device has it.
type Mode string

// The modes.
const (
	LightMode Mode = "LIGHT"
	DarkMode  Mode = "DARK"
)

// MarshalGQL writes m as a GraphQL enum value.
func (m Mode) MarshalGQL(w io.Writer) { writeEnum(w, string(m)) }

// UnmarshalGQL reads m from a GraphQL enum value.
func (m *Mode) UnmarshalGQL(v any) error {
	switch s, _ := v.(string); Mode(s) {
	case LightMode, DarkMode:
		*m = Mode(s)
		return nil
	}
	return fmt.Errorf("%v is no BrandMode", v)
}

// A PairUse is what two colours are side by side for.
type PairUse string

// The uses.
const (
	UseText       PairUse = "TEXT"        // running text on the background
	UseLink       PairUse = "LINK"        // a link on the background, in the primary colour
	UseButton     PairUse = "BUTTON"      // the main button's shape on the background
	UseButtonText PairUse = "BUTTON_TEXT" // what is written on the main button
	UseAccent     PairUse = "ACCENT"      // highlights and the focus ring on the background
	UseAccentText PairUse = "ACCENT_TEXT" // what is written on highlights
)

// MarshalGQL writes u as a GraphQL enum value.
func (u PairUse) MarshalGQL(w io.Writer) { writeEnum(w, string(u)) }

// UnmarshalGQL reads u from a GraphQL enum value.
func (u *PairUse) UnmarshalGQL(v any) error {
	switch s, _ := v.(string); PairUse(s) {
	case UseText, UseLink, UseButton, UseButtonText, UseAccent, UseAccentText:
		*u = PairUse(s)
		return nil
	}
	return fmt.Errorf("%v is no BrandContrastUse", v)
}

// A Pair is two colours that people see side by side, with their contrast.
type Pair struct {
	Mode Mode
	Use  PairUse
	// Path is the setting that the foreground, or what is written on, comes of.
	Path []string
	// Foreground and Background are what the Brand says, or what is derived where it says nothing.
	Foreground, Background string
	// Ratio is measured by WCAG 2.2, cut to two decimals so that it never flatters; Needed is its level AA.
	Ratio, Needed float64
	// Nearest is the foreground nearest to the one given that passes; "" where it does.
	Nearest string
	// Shown is the colour that pages show: Foreground, or what it was moved to so that it can be seen.
	Shown string
	// Refused says that a Brand with this pair cannot be published.
	Refused bool
}

// Passes reports whether the contrast suffices.
func (p *Pair) Passes() bool { return p.Nearest == "" }

// OptionalNearest is the nearest colour that passes; nil where the given one does.
func (p *Pair) OptionalNearest() *string {
	if p.Nearest == "" {
		return nil
	}
	return &p.Nearest
}

// Pairs measures the colours that the Brand chose, in light and in dark mode.
// Pairs with a colour that is none are left out.
func (b Brand) Pairs() []Pair {
	palette := b.Palette()
	var pairs []Pair
	for _, f := range b.Colors.fields() {
		if _, err := NormalizeColor(*f.value); err != nil {
			return nil
		}
	}
	pairs = append(pairs, pairsOf(LightMode, "colors", b.Colors, palette.Light)...)
	dark := b.Dark
	for i, f := range dark.fields() {
		if *f.value == "" {
			*f.value = *palette.Dark.chosen()[i]
		} else if _, err := NormalizeColor(*f.value); err != nil {
			return pairs
		}
	}
	return append(pairs, pairsOf(DarkMode, "dark", dark, palette.Dark)...)
}

// chosen are the colours of a Scheme that a Brand can choose, in the order of Colors.
func (s *Scheme) chosen() []*string {
	return []*string{&s.Primary, &s.Accent, &s.Background, &s.Text}
}

func pairsOf(mode Mode, field string, c Colors, shown Scheme) []Pair {
	ground := colorOr(c.Background, usual.Background)
	measure := func(use PairUse, setting, front, back, shown string, needed float64) Pair {
		f, g := colorOr(front, usual.Text), colorOr(back, usual.Background)
		p := Pair{
			Mode: mode, Use: use, Path: []string{field, setting}, Foreground: f.Hex(), Background: g.Hex(),
			Ratio: math.Floor(contrast(f, g)*100) / 100, Needed: needed, Shown: shown,
		}
		if contrast(f, g) < needed {
			p.Nearest = nearest(f, needed, g).Hex()
			p.Refused = use == UseText
		}
		return p
	}
	back := ground.Hex()
	return []Pair{
		measure(UseText, "text", c.Text, back, shown.Text, textContrast),
		measure(UseLink, "primary", c.Primary, back, shown.Link, textContrast),
		measure(UseButton, "primary", c.Primary, back, shown.PrimaryEdge, controlContrast),
		measure(UseButtonText, "primary", shown.OnPrimary, c.Primary, shown.OnPrimary, textContrast),
		measure(UseAccent, "accent", c.Accent, back, shown.AccentEdge, controlContrast),
		measure(UseAccentText, "accent", shown.OnAccent, c.Accent, shown.OnAccent, textContrast),
	}
}
