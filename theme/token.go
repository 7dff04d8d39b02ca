package theme

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
)

// Design tokens are read and written by the Design Tokens Format Module
// 2025.10 of the W3C's community group, with its colour module.

// A TokenScheme says which colours a file holds: design tools write a file for
// each mode.
type TokenScheme string

// The schemes.
const (
	// LightTokens are the Brand's colours; those with the word dark in their
	// path are for dark mode all the same.
	LightTokens TokenScheme = "LIGHT"
	// DarkTokens are for dark mode, all of them.
	DarkTokens TokenScheme = "DARK"
)

// A TokenOutcome is what became of a token.
type TokenOutcome string

// The outcomes.
const (
	TokenUsed      TokenOutcome = "USED"
	TokenAdapted   TokenOutcome = "ADAPTED"   // used, though not as it stood
	TokenOverruled TokenOutcome = "OVERRULED" // another token said the same setting, by a better name
	TokenUnknown   TokenOutcome = "UNKNOWN"   // it means no setting of a Brand
	TokenUnusable  TokenOutcome = "UNUSABLE"  // it is broken, or cannot be what its setting needs
)

// A TokenResult tells what became of one token.
type TokenResult struct {
	Path    string // the names on the way to it, joined by dots; "" for what is about the file
	Setting string // of a Brand, such as colors.primary; "" where it means none
	Outcome TokenOutcome
	Message string // "" where it was used as it stood
}

// TokenSettings are what a file of tokens says of a Brand, normalised; what it
// does not say is "".
type TokenSettings struct {
	Name                  string
	Colors, Dark          Colors
	HeadingFont, BodyFont string
	CornerRadius          CornerRadius
	Formality             Formality
}

// Apply returns b with the settings.
func (s TokenSettings) Apply(b Brand) Brand {
	b.Name = cmp.Or(s.Name, b.Name)
	for i, f := range s.Colors.fields() {
		to := b.Colors.fields()[i].value
		*to = cmp.Or(*f.value, *to)
	}
	for i, f := range s.Dark.fields() {
		to := b.Dark.fields()[i].value
		*to = cmp.Or(*f.value, *to)
	}
	b.HeadingFont, b.BodyFont = cmp.Or(s.HeadingFont, b.HeadingFont), cmp.Or(s.BodyFont, b.BodyFont)
	b.CornerRadius, b.Formality = cmp.Or(s.CornerRadius, b.CornerRadius), cmp.Or(s.Formality, b.Formality)
	return b
}

// ownExtension is what stands in a file beside tokens: what the format has no
// type for.
const ownExtension = "com.complero"

type extension struct {
	Name      string    `json:"name,omitempty"`
	Formality Formality `json:"formality,omitempty"`
}

// A designToken is written with its value; groups give the type.
type designToken struct {
	Type  string `json:"$type,omitempty"`
	Value any    `json:"$value"`
}

type tokenColor struct {
	ColorSpace string     `json:"colorSpace"`
	Components [3]float64 `json:"components"`
	Hex        string     `json:"hex"`
}

type tokenDimension struct {
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
}

type colorGroup struct {
	Type       string       `json:"$type"`
	Primary    *designToken `json:"primary,omitempty"`
	Accent     *designToken `json:"accent,omitempty"`
	Background *designToken `json:"background,omitempty"`
	Text       *designToken `json:"text,omitempty"`
}

type darkGroup struct {
	Color *colorGroup `json:"color"`
}

type fontGroup struct {
	Type    string      `json:"$type"`
	Heading designToken `json:"heading"`
	Body    designToken `json:"body"`
}

type tokenDocument struct {
	Schema      string               `json:"$schema"`
	Description string               `json:"$description"`
	Extensions  map[string]extension `json:"$extensions"`
	Color       *colorGroup          `json:"color"`
	Dark        *darkGroup           `json:"dark,omitempty"`
	Font        fontGroup            `json:"font"`
	Radius      designToken          `json:"radius"`
}

// Tokens writes the Brand as design tokens, in JSON: color.primary, .accent,
// .background and .text, dark.color.* for those chosen for dark mode,
// font.heading and font.body, and radius. Name and formality stand in an
// extension of ours. Pictures are no tokens.
func (b Brand) Tokens() ([]byte, error) {
	b = b.Normalized()
	d := tokenDocument{
		Schema:      "https://www.designtokens.org/schemas/2025.10/format.json",
		Description: "The Brand " + b.Name,
		Extensions:  map[string]extension{ownExtension: {Name: b.Name, Formality: b.Formality}},
		Color:       b.Colors.tokens(),
		Font:        fontGroup{Type: "fontFamily", Heading: designToken{Value: families(b.HeadingFont)}, Body: designToken{Value: families(b.BodyFont)}},
		Radius:      designToken{Type: "dimension", Value: tokenDimension{Value: b.CornerRadius.pixels(), Unit: "px"}},
	}
	if b.Dark != (Colors{}) {
		d.Dark = &darkGroup{Color: b.Dark.tokens()}
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(d); err != nil {
		return nil, fmt.Errorf("write design tokens: %w", err)
	}
	return out.Bytes(), nil
}

// tokens leaves out what is no colour.
func (c Colors) tokens() *colorGroup {
	g := &colorGroup{Type: "color"}
	for i, to := range []**designToken{&g.Primary, &g.Accent, &g.Background, &g.Text} {
		color, err := parseColor(*c.fields()[i].value)
		if err != nil {
			continue
		}
		share := func(v float64) float64 { return math.Round(v*10_000) / 10_000 }
		*to = &designToken{Value: tokenColor{
			ColorSpace: "srgb", Components: [3]float64{share(color.R), share(color.G), share(color.B)}, Hex: color.Hex(),
		}}
	}
	return g
}

// families is a font's name, then what stands in for it.
func families(font string) []string {
	list := []string{font}
	known, _ := findFont(font)
	for name := range strings.SplitSeq(known.Stack, ", ") {
		if name = strings.Trim(name, "'"); name != "" && !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	return list
}

// pixels is the radius of a button.
func (r CornerRadius) pixels() float64 {
	switch r {
	case RadiusNone:
		return 0
	case RadiusSmall:
		return 4
	case RadiusLarge:
		return 14
	case RadiusPill:
		return 999
	default: // as radii has it
		return 8
	}
}

// OptionalSetting is the Setting; nil where it means none.
func (r *TokenResult) OptionalSetting() *string { return optional(&r.Setting) }

// OptionalMessage is the Message; nil where there is nothing to tell.
func (r *TokenResult) OptionalMessage() *string { return optional(&r.Message) }

func optional(s *string) *string {
	if *s == "" {
		return nil
	}
	return s
}
