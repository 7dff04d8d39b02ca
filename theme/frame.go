package theme

import (
	"fmt"
	"regexp"
	"strings"
)

// A Frame is what stands around a Company's messages in one language, outside
// any template's reach: the logo above, the footer below. All of it is plain
// text.
type Frame struct {
	Locale       string // BCP 47, the document's language; may be empty
	Dir          string // ltr or rtl; empty is ltr
	LogoURL      string // https, or cid: of an image in the message; without it the Brand's name stands there
	Imprint      string // several lines; the Company's address by law
	SupportLabel string // such as "Questions?"
	Support      string // an e-mail address, a link or a phrase; may be empty
	PrivacyLabel string
	PrivacyURL   string // may be empty
	StopLabel    string // the stop link's label; with it every message needs the value StopLink
	CheckLabel   string // stands before the check code and says where to enter it; with it every message needs the value CheckCode
	SMSStop      string // the same two in an SMS, as short as can be
	SMSCheck     string
}

var (
	localeTag    = regexp.MustCompile(`^[A-Za-z0-9-]{0,35}$`)
	emailAddress = regexp.MustCompile(`^[^\s<>"@]+@[^\s<>"@]+\.[^\s<>"@]+$`)
)

// check names the first setting that would make a broken message.
func (f Frame) check() error {
	switch {
	case !localeTag.MatchString(f.Locale):
		return fmt.Errorf("frame: %q is no locale such as de or en-GB", shorten(f.Locale, 40))
	case f.Dir != "" && f.Dir != "ltr" && f.Dir != "rtl":
		return fmt.Errorf("frame: the direction is ltr or rtl, not %q", shorten(f.Dir, 40))
	case f.LogoURL != "" && !isWebLink(f.LogoURL) && !strings.HasPrefix(f.LogoURL, "cid:"):
		return fmt.Errorf("frame: the logo's address %q must begin with https://, http:// or cid:", shorten(f.LogoURL, 80))
	case f.PrivacyURL != "" && !isWebLink(f.PrivacyURL):
		return fmt.Errorf("frame: the privacy policy's address %q must begin with https:// or http://", shorten(f.PrivacyURL, 80))
	}
	return nil
}

func (f Frame) clean() Frame {
	for _, s := range []*string{&f.LogoURL, &f.Imprint, &f.SupportLabel, &f.Support, &f.PrivacyLabel, &f.PrivacyURL, &f.StopLabel, &f.CheckLabel, &f.SMSStop, &f.SMSCheck} {
		*s = cleanValue(*s)
	}
	if f.Dir == "" {
		f.Dir = "ltr"
	}
	return f
}

func isWebLink(s string) bool {
	scheme := linkScheme(s)
	return scheme == "https://" || scheme == "http://"
}

// supportLink is where the support contact leads, or "" for a phrase.
func (f Frame) supportLink() string {
	switch {
	case linkScheme(f.Support) != "" && !strings.ContainsAny(f.Support, " \n"):
		return f.Support
	case emailAddress.MatchString(f.Support):
		return "mailto:" + f.Support
	}
	return ""
}

// writeHead writes the document up to where the template's text begins.
func (f Frame) writeHead(s *segments, brand string, style *mailStyle, preheader string) {
	s.literal("<!doctype html>\n<html")
	if f.Locale != "" {
		s.literal(` lang="` + f.Locale + `"`)
	}
	s.literal(` dir="` + f.Dir + `">` + "\n<head>\n" +
		`<meta charset="utf-8">` + "\n" +
		`<meta name="viewport" content="width=device-width, initial-scale=1">` + "\n" +
		`<meta name="x-apple-disable-message-reformatting">` + "\n" +
		`<meta name="format-detection" content="telephone=no, date=no, address=no, email=no">` + "\n" +
		`<meta name="color-scheme" content="light dark">` + "\n" +
		`<meta name="supported-color-schemes" content="light dark">` + "\n" +
		"<title>" + escapeHTML(brand) + "</title>\n" + style.sheet + "</head>\n" +
		style.body)
	if preheader = strings.TrimSpace(preheader); preheader != "" {
		s.literal(style.preheader)
		for _, p := range partsOf(preheader) {
			if p.field < 0 {
				s.literal(escapeHTML(cleanLiteral(p.text)))
			} else {
				s.place(value, p.field)
			}
		}
		s.literal("</div>\n")
	}
	s.literal(style.pageOpen)
	if f.LogoURL != "" {
		s.literal(style.logoOpen + `<img src="` + escapeHTML(string(appendURL(nil, f.LogoURL))) + `" alt="` + escapeHTML(brand) + `" height="48" ` +
			`style="display:block;height:48px;width:auto;max-width:100%;border:0">` + "</td></tr>\n")
	} else {
		s.literal(style.nameOpen + escapeHTML(brand) + "</td></tr>\n")
	}
	s.literal(style.cardOpen)
}

// writeFoot writes the rest of the document: help, the way out, the imprint.
func (f Frame) writeFoot(s *segments, style *mailStyle) {
	s.literal("</td></tr>\n" + style.footOpen)
	var lines []func()
	if f.Support != "" {
		lines = append(lines, func() {
			s.literal(escapeHTML(spaced(f.SupportLabel)))
			if to := f.supportLink(); to != "" {
				s.literal(style.footLink + escapeHTML(string(appendURL(nil, to))) + `">` + escapeHTML(f.Support) + "</a>")
			} else {
				s.literal(escapeHTML(f.Support))
			}
		})
	}
	if f.StopLabel != "" {
		lines = append(lines, func() {
			s.literal(style.footLink)
			s.place(destination, stopField)
			s.literal(`">` + escapeHTML(f.StopLabel) + "</a>")
		})
	}
	if f.CheckLabel != "" {
		lines = append(lines, func() {
			s.literal(escapeHTML(f.CheckLabel) + " <strong>")
			s.place(value, checkField)
			s.literal("</strong>")
		})
	}
	if f.PrivacyURL != "" {
		lines = append(lines, func() {
			s.literal(style.footLink + escapeHTML(string(appendURL(nil, f.PrivacyURL))) + `">` + escapeHTML(f.privacyLabel()) + "</a>")
		})
	}
	if f.Imprint != "" {
		lines = append(lines, func() { s.literal(escapeHTML(f.Imprint)) })
	}
	for _, write := range lines {
		s.literal(`<p style="margin:0 0 12px">`)
		write()
		s.literal("</p>\n")
	}
	s.literal(style.pageClose)
}

// footBlocks is the footer in plain text.
func (f Frame) footBlocks() []textBlock {
	var blocks []textBlock
	add := func(write func(s *segments)) {
		s := &segments{}
		write(s)
		blocks = append(blocks, textBlock{gap: len(blocks) > 0, table: -1, list: s.done()})
	}
	if f.Support != "" {
		add(func(s *segments) { s.literal(spaced(f.SupportLabel) + f.Support) })
	}
	if f.StopLabel != "" {
		add(func(s *segments) {
			s.literal(f.StopLabel + ":\n")
			s.place(destination, stopField)
		})
	}
	if f.CheckLabel != "" {
		add(func(s *segments) {
			s.literal(f.CheckLabel + " ")
			s.place(value, checkField)
		})
	}
	if f.PrivacyURL != "" {
		add(func(s *segments) { s.literal(f.privacyLabel() + ":\n" + string(appendURL(nil, f.PrivacyURL))) })
	}
	if f.Imprint != "" {
		add(func(s *segments) { s.literal(f.Imprint) })
	}
	return blocks
}

func (f Frame) privacyLabel() string {
	if f.PrivacyLabel != "" {
		return f.PrivacyLabel
	}
	return f.PrivacyURL
}

// spaced is a label with the blank that parts it from what it labels.
func spaced(label string) string {
	if label == "" {
		return ""
	}
	return label + " "
}
