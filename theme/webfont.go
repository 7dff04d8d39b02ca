package theme

import (
	"strings"

	"complero/theme/font"
)

// AssetPath begins the address, on every installation, of a file that is named
// by its content: pictures and fonts.
const AssetPath = "/assets/"

// An UploadedFont is a font of a Company's own, as a Brand that uses it keeps
// it: what its stylesheet has to know of the files.
type UploadedFont struct {
	Family  string       `json:"family"`
	Serif   bool         `json:"serif,omitempty"`
	Metrics font.Metrics `json:"metrics"`
	Faces   []font.Face  `json:"faces"`
}

// A webFont is what a stylesheet needs to set text in a font that it brings
// along.
type webFont struct {
	name    string // in the stylesheet
	metrics font.Metrics
	serif   bool
	faces   []font.Face
}

// The names of a Brand's fonts in its stylesheet. They are not the fonts' own:
// a modified font may not bear a reserved name (SIL OFL 1.1, 3), and no
// name of an upload gets into a stylesheet.
const (
	bodyFontName    = "Brand Body"
	headingFontName = "Brand Heading"
)

// webFonts are the fonts that the Brand's pages bring along: none, one, or one
// for running text and one for headings. The fonts of the system need none.
func (b Brand) webFonts() (body, heading *webFont) {
	body = b.webFont(b.BodyFont, bodyFontName, false)
	if strings.EqualFold(b.HeadingFont, b.BodyFont) {
		return body, body
	}
	return body, b.webFont(b.HeadingFont, headingFontName, true)
}

func (b Brand) webFont(family, name string, headings bool) *webFont {
	if own, found := b.uploaded(family); found {
		return &webFont{name, own.Metrics, own.Serif, own.Faces}
	}
	if open, found := font.Find(strings.TrimSpace(family)); found {
		return &webFont{name, open.Metrics, open.Serif, open.Faces(headings)}
	}
	return nil
}

func (b Brand) uploaded(family string) (UploadedFont, bool) {
	for _, f := range []*UploadedFont{b.HeadingUpload, b.BodyUpload} {
		if f != nil && strings.EqualFold(f.Family, strings.TrimSpace(family)) {
			return *f, true
		}
	}
	return UploadedFont{}, false
}

// fontCSS are the rules for the fonts that the Brand brings along; "" where
// it has the system's.
func (b Brand) fontCSS() string {
	var s strings.Builder
	body, heading := b.webFonts()
	if body != nil {
		s.WriteString(font.CSS(body.name, AssetPath, body.faces, body.metrics, body.serif))
	}
	if heading != nil && heading != body {
		s.WriteString(font.CSS(heading.name, AssetPath, heading.faces, heading.metrics, heading.serif))
	}
	return s.String()
}

// pageStack is the font-family list of pages, where mail, which brings no
// fonts along, has that of mailStack.
func (w *webFont) pageStack(otherwise string) string {
	if w == nil {
		return otherwise
	}
	fallback := sansFallback
	if w.serif {
		fallback = serifFallback
	}
	if w.metrics.Width > 0 {
		fallback = "'" + w.name + " Fallback', " + fallback
	}
	return "'" + w.name + "', " + fallback
}

// mailStack is the font-family list of messages: the font, where the reader's
// device has it. Messages load nothing, for that would tell when they are read.
func (b Brand) mailStack(name string) string {
	own, found := b.uploaded(name)
	if !found {
		return stackOrSystem(name)
	}
	fallback := sansFallback
	if own.Serif {
		fallback = serifFallback
	}
	if strings.Trim(strings.ToLower(own.Family), "abcdefghijklmnopqrstuvwxyz0123456789 -") != "" {
		return fallback // a name that style attributes might not survive
	}
	return "'" + own.Family + "', " + fallback
}

// FontFiles are the addresses of the font files that a page needs at once,
// written from left to right, or from right to left: at most one for text and
// one for headings. Pages ask for them before the stylesheet does; all others come by
// unicode-range when a page has such a letter.
func (b Brand) FontFiles(rightToLeft bool) []string {
	subset := font.Latin
	if rightToLeft {
		subset = font.Arabic
	}
	var files []string
	body, heading := b.webFonts()
	add := func(w *webFont, weight int) {
		if w == nil {
			return
		}
		for _, f := range w.faces {
			if (f.Subset == subset || f.Subset == "") && !f.Italic && f.Weights[0] <= weight && weight <= f.Weights[1] {
				files = append(files, AssetPath+f.Hash+".woff2")
				return
			}
		}
	}
	add(body, 400)
	if heading != body {
		add(heading, 700)
	}
	return files
}
