package theme

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxBrandName is the longest name, in characters, that still fits a page's
// header and a mail's sender.
const MaxBrandName = 120

// A Brand is how a Company looks and speaks. It is stored as one JSON document.
type Brand struct {
	Name         string       `json:"name"`
	Colors       Colors       `json:"colors"`
	HeadingFont  string       `json:"headingFont"` // one of Fonts, or the family of an UploadedFont
	BodyFont     string       `json:"bodyFont"`    // likewise
	CornerRadius CornerRadius `json:"cornerRadius"`
	Formality    Formality    `json:"formality"`
	Logo         string       `json:"logo,omitempty"` // Logo.Hash of the logo, or ""

	// Fonts of the Company's own, where the names above are theirs.
	HeadingUpload *UploadedFont `json:"headingUpload,omitempty"`
	BodyUpload    *UploadedFont `json:"bodyUpload,omitempty"`
}

// Colors are the four colours that a Brand chooses, each #rrggbb. All others
// are derived from them by Palette.
type Colors struct {
	Primary    string `json:"primary"`
	Accent     string `json:"accent"`
	Background string `json:"background"`
	Text       string `json:"text"`
}

// CornerRadius says how round buttons, inputs and cards are.
type CornerRadius string

// The corner radii a Brand can choose.
const (
	RadiusNone   CornerRadius = "NONE"
	RadiusSmall  CornerRadius = "SMALL"
	RadiusMedium CornerRadius = "MEDIUM"
	RadiusLarge  CornerRadius = "LARGE"
	RadiusPill   CornerRadius = "PILL"
)

// Formality says how a Brand addresses a Contact: Sie or du, vous or tu.
type Formality string

// The two ways of address.
const (
	Formal   Formality = "FORMAL"
	Informal Formality = "INFORMAL"
)

// A Problem is something about a Brand that its author can mend.
type Problem struct {
	Path    []string // of the field, such as ["colors", "text"]
	Message string   // what is wrong and what would be right
}

// Error makes a Problem an error, where a function can only find one.
func (p Problem) Error() string { return strings.Join(p.Path, ".") + ": " + p.Message }

// DefaultBrand is calm and accessible: what a Company looks like before it
// has chosen anything.
func DefaultBrand(name string) Brand {
	return Brand{
		Name: name,
		Colors: Colors{
			Primary:    "#1f5f8b",
			Accent:     "#0f766e",
			Background: "#ffffff",
			Text:       "#1f2933",
		},
		HeadingFont:  "System",
		BodyFont:     "System",
		CornerRadius: RadiusMedium,
		Formality:    Formal,
	}
}

// Normalized returns the Brand as it is stored: colours as #rrggbb in lower
// case, fonts as Fonts spells them, the name trimmed. What is not valid stays
// as it is, for Problems to name.
func (b Brand) Normalized() Brand {
	b.Name = strings.TrimSpace(b.Name)
	for _, c := range []*string{&b.Colors.Primary, &b.Colors.Accent, &b.Colors.Background, &b.Colors.Text} {
		if normal, err := NormalizeColor(*c); err == nil {
			*c = normal
		}
	}
	for _, name := range []*string{&b.HeadingFont, &b.BodyFont} {
		if own, ok := b.uploaded(*name); ok {
			*name = own.Family
		} else if open, ok := findFont(*name); ok {
			*name = open.Name
		}
	}
	return b
}

// Problems lists everything that keeps a Brand from being published; none
// means that every page and message in it is readable (WCAG 2.2 AA).
func (b Brand) Problems() []Problem {
	var problems []Problem
	add := func(message string, path ...string) {
		problems = append(problems, Problem{Path: path, Message: message})
	}
	if message := nameProblem(b.Name); message != "" {
		add(message, "name")
	}
	problems = append(problems, b.Colors.problems()...)
	if !b.hasFont(b.HeadingFont) {
		add(unknownFont(b.HeadingFont), "headingFont")
	}
	if !b.hasFont(b.BodyFont) {
		add(unknownFont(b.BodyFont), "bodyFont")
	}
	if !b.CornerRadius.IsValid() {
		add(fmt.Sprintf("%q is no corner radius; choose NONE, SMALL, MEDIUM, LARGE or PILL", b.CornerRadius), "cornerRadius")
	}
	if !b.Formality.IsValid() {
		add(fmt.Sprintf("%q is no formality; choose FORMAL or INFORMAL", b.Formality), "formality")
	}
	if b.Logo != "" && !isHash(b.Logo) {
		add("the logo must be named by the SHA-256 of its content, in hex", "logo")
	}
	return problems
}

// problems lists colours that cannot be read by us, and then those that
// cannot be read by people.
func (c Colors) problems() []Problem {
	var problems []Problem
	for _, field := range []struct{ name, value string }{
		{"primary", c.Primary},
		{"accent", c.Accent},
		{"background", c.Background},
		{"text", c.Text},
	} {
		if _, err := NormalizeColor(field.value); err != nil {
			problems = append(problems, Problem{Path: []string{"colors", field.name}, Message: err.Error()})
		}
	}
	background, errBackground := parseColor(c.Background)
	text, errText := parseColor(c.Text)
	if errBackground != nil || errText != nil {
		return problems
	}
	if measured := contrast(text, background); measured < textContrast {
		nearest := readable(text, extremeOn(background), textContrast, background)
		problems = append(problems, Problem{
			Path: []string{"colors", "text"},
			Message: fmt.Sprintf("text %s on background %s has a contrast of %.2f:1, and %.1f:1 is needed; the nearest text colour that passes is %s",
				text.Hex(), background.Hex(), math.Floor(measured*100)/100, textContrast, nearest.Hex()),
		})
	}
	return problems
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

// IsValid reports whether r is one of the five radii.
func (r CornerRadius) IsValid() bool {
	switch r {
	case RadiusNone, RadiusSmall, RadiusMedium, RadiusLarge, RadiusPill:
		return true
	}
	return false
}

// MarshalGQL writes r as a GraphQL enum value.
func (r CornerRadius) MarshalGQL(w io.Writer) { writeEnum(w, string(r)) }

// UnmarshalGQL reads r from a GraphQL enum value.
func (r *CornerRadius) UnmarshalGQL(v any) error {
	s, ok := v.(string)
	if !ok || !CornerRadius(s).IsValid() {
		return fmt.Errorf("%v is no CornerRadius", v)
	}
	*r = CornerRadius(s)
	return nil
}

// IsValid reports whether f is FORMAL or INFORMAL.
func (f Formality) IsValid() bool { return f == Formal || f == Informal }

// MarshalGQL writes f as a GraphQL enum value.
func (f Formality) MarshalGQL(w io.Writer) { writeEnum(w, string(f)) }

// UnmarshalGQL reads f from a GraphQL enum value.
func (f *Formality) UnmarshalGQL(v any) error {
	s, ok := v.(string)
	if !ok || !Formality(s).IsValid() {
		return fmt.Errorf("%v is no Formality", v)
	}
	*f = Formality(s)
	return nil
}

// writeEnum writes an enum value as JSON. gqlgen's interface leaves no way to
// report an error; its writer is a buffer, which has none.
func writeEnum(w io.Writer, value string) {
	_, _ = io.WriteString(w, strconv.Quote(value))
}

func nameProblem(name string) string {
	switch {
	case strings.TrimSpace(name) == "":
		return "a Brand needs a name: it is what a Contact reads first"
	case utf8.RuneCountInString(name) > MaxBrandName:
		return fmt.Sprintf("the name is longer than %d characters", MaxBrandName)
	case strings.ContainsFunc(name, unicode.IsControl) || !utf8.ValidString(name):
		return "the name contains characters that cannot be shown, such as a line break"
	}
	return ""
}

func unknownFont(name string) string {
	names := make([]string, 0, len(fonts))
	for _, f := range fonts {
		names = append(names, f.Name)
	}
	return fmt.Sprintf("there is no font %q; upload it, or choose one of %s", shorten(name, 40), strings.Join(names, ", "))
}

// isHash reports whether s is a SHA-256 in lower-case hex.
func isHash(s string) bool {
	return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == ""
}

// shorten cuts s to at most limit characters, so that a message that quotes
// what somebody sent stays a message.
func shorten(s string, limit int) string {
	runes := 0
	for i := range s {
		if runes == limit {
			return s[:i] + "…"
		}
		runes++
	}
	return s
}
