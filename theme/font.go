package theme

import (
	"slices"
	"strings"
)

// A Font is a typeface that a Brand can choose by name.
type Font struct {
	Name  string
	Stack string // the value of CSS font-family in mail; quotes are single, so that it fits a style attribute
}

const (
	sansFallback  = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
	serifFallback = "Georgia, Cambria, 'Times New Roman', Times, serif"
)

// fonts are those a Brand can choose from: the system's, and open ones that
// package font has. Stacks are those of mail, which takes what the reader's device has.
var fonts = []Font{
	{"System", sansFallback},
	{"Inter", "Inter, " + sansFallback},
	{"Source Sans 3", "'Source Sans 3', 'Source Sans Pro', " + sansFallback},
	{"Roboto", "Roboto, " + sansFallback},
	{"Open Sans", "'Open Sans', " + sansFallback},
	{"Lato", "Lato, " + sansFallback},
	{"Noto Sans", "'Noto Sans', " + sansFallback},
	{"Work Sans", "'Work Sans', " + sansFallback},
	{"Nunito Sans", "'Nunito Sans', Nunito, " + sansFallback},
	{"IBM Plex Sans", "'IBM Plex Sans', " + sansFallback},
	{"Noto Sans Arabic", "'Noto Sans Arabic', 'Noto Sans', " + sansFallback},
	{"Georgia", serifFallback},
	{"Source Serif 4", "'Source Serif 4', 'Source Serif Pro', " + serifFallback},
	{"Lora", "Lora, " + serifFallback},
	{"Merriweather", "Merriweather, " + serifFallback},
	{"Noto Serif", "'Noto Serif', " + serifFallback},
}

// Fonts lists the fonts that a Brand can choose from.
func Fonts() []Font { return slices.Clone(fonts) }

// findFont returns the font of that name, whatever its case.
func findFont(name string) (Font, bool) {
	name = strings.TrimSpace(name)
	for _, f := range fonts {
		if strings.EqualFold(f.Name, name) {
			return f, true
		}
	}
	return Font{}, false
}

// hasFont reports whether the Brand can be set in the font of that name.
func (b Brand) hasFont(name string) bool {
	_, own := b.uploaded(name)
	_, open := findFont(name)
	return own || open
}

// stackOrSystem returns the font's stack, or the system's for a name that
// Problems would have refused.
func stackOrSystem(name string) string {
	if f, ok := findFont(name); ok {
		return f.Stack
	}
	return sansFallback
}

// outlookFont is the fallback for Outlook on Windows, which knows none of the
// open fonts and would set Times New Roman instead of reading on in the list.
func outlookFont(stack string) string {
	if strings.HasSuffix(stack, "sans-serif") {
		return "Arial, sans-serif"
	}
	return "Georgia, serif"
}
