package theme

import "strings"

// A property is one CSS custom property, without its leading dashes.
type property struct{ name, value string }

// radii are the corners of buttons, inputs and cards. A pill is for buttons
// and one-line inputs; a card of that shape would cut into its text.
type radii struct{ button, input, card string }

// CSS returns the Brand as custom properties: a :root block and the dark
// colours in a media query, then the @font-face rules of fonts that it brings
// along. It is deterministic, and every value is a hex
// colour, a length or a font list of ours, so nothing in a Brand can break
// out of it.
//
// The names are --color-background, -surface, -text, -muted, -primary,
// -primary-hover, -primary-active, -primary-edge, -on-primary, -accent, -accent-edge,
// -on-accent, -link, -border, -line, -focus, -error, -error-surface, -warning,
// -warning-surface, -success, -success-surface; --font-heading and --font-body; --radius-button,
// --radius-input and --radius-card.
func (b Brand) CSS() string {
	p := b.Palette()
	r := b.CornerRadius.radii()
	body, heading := b.webFonts()
	fixed := []property{
		{"font-heading", heading.pageStack(stackOrSystem(b.HeadingFont))},
		{"font-body", body.pageStack(stackOrSystem(b.BodyFont))},
		{"radius-button", r.button},
		{"radius-input", r.input},
		{"radius-card", r.card},
	}
	var s strings.Builder
	s.WriteString(":root {\n  color-scheme: " + p.Light.shade() + ";\n")
	writeProperties(&s, "  ", append(fixed, p.Light.properties()...))
	s.WriteString("}\n@media (prefers-color-scheme: dark) {\n  :root {\n    color-scheme: " + p.Dark.shade() + ";\n")
	writeProperties(&s, "    ", p.Dark.properties())
	s.WriteString("  }\n}\n")
	s.WriteString(b.fontCSS())
	return s.String()
}

// shade is how the browser's own parts, such as scroll bars, are to look. It
// follows the page's ground: a dark Brand is dark by day as well.
func (s Scheme) shade() string {
	if isDark(colorOr(s.Background, usual.Background)) {
		return "dark"
	}
	return "light"
}

func writeProperties(s *strings.Builder, indent string, properties []property) {
	for _, p := range properties {
		s.WriteString(indent + "--" + p.name + ": " + p.value + ";\n")
	}
}

func (s Scheme) properties() []property {
	return []property{
		{"color-background", s.Background},
		{"color-surface", s.Surface},
		{"color-text", s.Text},
		{"color-muted", s.Muted},
		{"color-primary", s.Primary},
		{"color-primary-hover", s.PrimaryHover},
		{"color-primary-active", s.PrimaryActive},
		{"color-primary-edge", s.PrimaryEdge},
		{"color-on-primary", s.OnPrimary},
		{"color-accent", s.Accent},
		{"color-accent-edge", s.AccentEdge},
		{"color-on-accent", s.OnAccent},
		{"color-link", s.Link},
		{"color-border", s.Border},
		{"color-line", s.Line},
		{"color-focus", s.Focus},
		{"color-error", s.Error},
		{"color-error-surface", s.ErrorSurface},
		{"color-warning", s.Warning},
		{"color-warning-surface", s.WarningSurface},
		{"color-success", s.Success},
		{"color-success-surface", s.SuccessSurface},
	}
}

func (r CornerRadius) radii() radii {
	switch r {
	case RadiusNone:
		return radii{"0", "0", "0"}
	case RadiusSmall:
		return radii{"4px", "4px", "6px"}
	case RadiusLarge:
		return radii{"14px", "12px", "20px"}
	case RadiusPill:
		return radii{"999px", "999px", "24px"}
	default: // MEDIUM, and what Problems would have refused
		return radii{"8px", "8px", "12px"}
	}
}
