package theme

import (
	"fmt"
	"io"
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
	Dark         Colors       `json:"dark,omitzero"` // for dark mode; "" is derived
	HeadingFont  string       `json:"headingFont"`   // one that all have, or the family of an UploadedFont
	BodyFont     string       `json:"bodyFont"`      // likewise
	CornerRadius CornerRadius `json:"cornerRadius"`
	Formality    Formality    `json:"formality"`
	Logo         string       `json:"logo,omitempty"`     // Logo.Hash of the logo, or ""
	LogoDark     string       `json:"logoDark,omitempty"` // of the logo for dark mode, or ""
	Icon         string       `json:"icon,omitempty"`     // of the icon in a browser's tab, or ""

	// Fonts of the Company's own, where the names above are theirs.
	HeadingUpload *UploadedFont `json:"headingUpload,omitempty"`
	BodyUpload    *UploadedFont `json:"bodyUpload,omitempty"`
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
	// Contrast says that people could not read it, whereas we can: it keeps a
	// Brand from being published, and not from being tried out.
	Contrast bool
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
// case, fonts as they spell themselves, the name trimmed. What is not valid stays
// as it is, for Problems to name.
func (b Brand) Normalized() Brand {
	b.Name = strings.TrimSpace(b.Name)
	b.Colors.normalize()
	b.Dark.normalize()
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
	problems = append(problems, b.colorProblems()...)
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
	for _, picture := range []struct{ field, hash string }{{"logo", b.Logo}, {"logoDark", b.LogoDark}, {"icon", b.Icon}} {
		if picture.hash != "" && !isHash(picture.hash) {
			add("the picture must be named by the SHA-256 of its content, in hex", picture.field)
		}
	}
	return problems
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
