package theme

import "strings"

// mailStyle is a Brand in the pieces of HTML that mail programs agree on.
//
// The rules behind it: styles stand inline, since some programs drop the
// sheet; the sheet holds the dark colours only and stays far below the 8 kB
// from which Gmail ignores it; the layout is tables, and Outlook on Windows,
// which ignores max-width and padding of links, gets its own width and
// padding by conditional comments and mso- properties; background colours
// stand in bgcolor too.
type mailStyle struct {
	sheet string
	body  string
	// preheader hides what mail programs show in the list of mails.
	preheader string
	pageOpen  string
	logoOpen  string
	nameOpen  string
	cardOpen  string
	footOpen  string
	footLink  string // up to the address

	paragraph  string
	headings   [3]string // style of h1, h2, h3 and below
	list       string    // style of ul and ol
	quote      string
	rule       string
	link       string // up to the address
	buttonOpen string // up to the address
	buttonText string // from after the address up to the label
	buttonEnd  string

	tableOpen, tableHead, tableField, tableBefore, tableAfter string

	pageClose string
}

func newMailStyle(b Brand, dir string) *mailStyle {
	p := b.Palette()
	c := p.Light
	start, end := "left", "right"
	if dir == "rtl" {
		start, end = end, start
	}
	bodyFont, headingFont := b.mailStack(b.BodyFont), b.mailStack(b.HeadingFont)
	r := b.CornerRadius.radii()
	v := strings.NewReplacer(
		"$background", c.Background, "$surface", c.Surface, "$text", c.Text, "$muted", c.Muted,
		"$primary", c.Primary, "$edge", c.PrimaryEdge, "$onPrimary", c.OnPrimary, "$link", c.Link,
		"$line", c.Line, "$bodyFont", bodyFont, "$headingFont", headingFont,
		"$card", r.card, "$button", r.button, "$start", start, "$end", end,
	)
	s := &mailStyle{sheet: darkSheet(p.Dark) + outlookSheet(bodyFont, headingFont)}
	s.setPage(v)
	s.setText(v)
	s.setTable(v)
	return s
}

func (s *mailStyle) setPage(v *strings.Replacer) {
	s.body = v.Replace(`<body class="c-surface" bgcolor="$surface" style="margin:0;padding:0;background-color:$surface;-webkit-text-size-adjust:100%">` + "\n")
	s.preheader = v.Replace(`<div style="display:none;max-height:0;overflow:hidden;mso-hide:all;font-size:1px;line-height:1px;color:$surface">`)
	s.pageOpen = v.Replace(`<table role="presentation" class="c-surface" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="$surface" style="background-color:$surface"><tr><td align="center" style="padding:24px 12px">` + "\n" +
		`<!--[if mso]><table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->` + "\n" +
		`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px">` + "\n")
	// The logo keeps the light background in the dark too: it was drawn for it.
	// The type is that of its description, which stands there until people let
	// images through.
	s.logoOpen = v.Replace(`<tr><td align="$start" bgcolor="$background" style="padding:16px 24px;background-color:$background;border-radius:$card;font-family:$headingFont;font-size:20px;line-height:28px;font-weight:bold;color:$text">`)
	s.nameOpen = v.Replace(`<tr><td class="c-text" align="$start" style="padding:8px 24px;font-family:$headingFont;font-size:20px;line-height:28px;font-weight:bold;color:$text">`)
	s.cardOpen = v.Replace(`<tr><td style="height:12px;font-size:0;line-height:12px">&nbsp;</td></tr>` + "\n" +
		`<tr><td class="c-card c-text" align="$start" bgcolor="$background" style="padding:24px 24px 8px;background-color:$background;border-radius:$card;font-family:$bodyFont;font-size:16px;line-height:24px;color:$text;word-break:break-word">` + "\n")
	s.footOpen = v.Replace(`<tr><td class="c-muted" align="$start" style="padding:24px;font-family:$bodyFont;font-size:13px;line-height:20px;color:$muted;word-break:break-word">` + "\n")
	s.footLink = v.Replace(`<a class="c-muted" target="_blank" style="color:$muted;text-decoration:underline" href="`)
	s.pageClose = "</td></tr>\n</table>\n<!--[if mso]></td></tr></table><![endif]-->\n</td></tr></table>\n</body>\n</html>\n"
}

func (s *mailStyle) setText(v *strings.Replacer) {
	s.paragraph = `<p style="margin:0 0 16px">`
	for i, size := range []string{"font-size:24px;line-height:32px", "font-size:20px;line-height:28px", "font-size:16px;line-height:24px"} {
		s.headings[i] = v.Replace(` class="c-text" style="margin:8px 0 12px;font-family:$headingFont;` + size + `;font-weight:bold;color:$text">`)
	}
	s.list = v.Replace(` style="margin:0 0 16px;padding:0;padding-$start:24px"`)
	s.quote = v.Replace(`<blockquote class="c-line" style="margin:0 0 16px;padding:0;padding-$start:16px;border-$start:3px solid $line">` + "\n")
	s.rule = v.Replace(`<hr class="c-line" style="margin:8px 0 24px;border:0;border-top:1px solid $line">` + "\n")
	s.link = v.Replace(`<a class="c-link" target="_blank" style="color:$link;text-decoration:underline" href="`)
	s.buttonOpen = v.Replace(`<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:8px 0 24px;border-collapse:separate"><tr>` +
		`<td class="c-button" align="center" bgcolor="$primary" style="background-color:$primary;border:1px solid $edge;border-radius:$button;mso-padding-alt:14px 28px"><a href="`)
	s.buttonText = v.Replace(`" class="c-label" target="_blank" style="display:inline-block;padding:14px 28px;font-family:$bodyFont;font-size:16px;line-height:20px;font-weight:bold;color:$onPrimary;text-decoration:none;border-radius:$button">`)
	s.buttonEnd = "</a></td></tr></table>\n"
}

func (s *mailStyle) setTable(v *strings.Replacer) {
	const cell = `align="$start" valign="top" style="padding:8px;padding-$start:0;border-bottom:1px solid $line;font-family:$bodyFont;font-size:14px;line-height:20px;`
	s.tableOpen = `<table width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 16px;border-collapse:collapse">` + "\n"
	s.tableHead = v.Replace(`<th scope="col" class="c-line c-muted" ` + cell + `word-break:normal;font-weight:normal;color:$muted">`)
	s.tableField = v.Replace(`<th scope="row" class="c-line c-text" ` + cell + `word-break:normal;font-weight:bold;color:$text">`)
	s.tableBefore = v.Replace(`<td class="c-line c-muted" ` + cell + `color:$muted">`)
	s.tableAfter = v.Replace(`<td class="c-line c-text" ` + cell + `color:$text">`)
}

// darkRules are what becomes of the classes in the dark.
var darkRules = []struct{ class, property, value string }{
	{"surface", "background-color", "$background"},
	{"card", "background-color", "$surface"},
	{"text", "color", "$text"},
	{"muted", "color", "$muted"},
	{"link", "color", "$link"},
	{"line", "border-color", "$line"},
	{"button", "background-color", "$primary!important;border-color:$edge"},
	{"label", "color", "$onPrimary"},
}

// darkSheet recolours the classes for programs that ask for dark mode, and for
// Outlook's apps and website, which ask for nothing and invert the colours: they
// mark elements whose text (data-ogsc) or background (data-ogsb) they changed.
func darkSheet(c Scheme) string {
	v := strings.NewReplacer(
		"$background", c.Background, "$surface", c.Surface, "$text", c.Text, "$muted", c.Muted,
		"$primary", c.Primary, "$edge", c.PrimaryEdge, "$onPrimary", c.OnPrimary, "$link", c.Link, "$line", c.Line,
	)
	var asked, inverted strings.Builder
	for _, r := range darkRules {
		rule := ".c-" + r.class + "{" + r.property + ":" + r.value + "!important}\n"
		asked.WriteString(rule)
		switch r.property {
		case "color":
			inverted.WriteString("[data-ogsc] " + rule)
		case "background-color":
			inverted.WriteString("[data-ogsb] " + rule)
		}
	}
	return "<style>\n:root{color-scheme:light dark;supported-color-schemes:light dark}\n@media (prefers-color-scheme:dark){\n" +
		v.Replace(asked.String()) + "}\n" + v.Replace(inverted.String()) + "</style>\n"
}

func outlookSheet(bodyFont, headingFont string) string {
	return "<!--[if mso]><style>td, th, a { font-family: " + outlookFont(bodyFont) + " !important; } " +
		"h1, h2, h3 { font-family: " + outlookFont(headingFont) + " !important; }</style><![endif]-->\n"
}
