package webapp

import (
	"strings"

	"github.com/a-h/templ"

	"complero/frontend/locales"
)

// A frame is what stands around a page: its title, the Brand's header and the
// footer with all that the law and the reader want to find.
type frame struct {
	*locales.Voice
	shells *shells
	Title  string
	Look   *look
	// Root is the link's path; "" on pages that belong to none.
	Root string
	// Proof is what the link's addresses end in; see visit.
	Proof string
	// Test marks a page of test mode.
	Test       bool
	Support    support
	Imprint    string
	PrivacyURL string
	// Until is the day on which the link ends; "" where that is no matter.
	Until string
	// Failed says that what was sent needs mending.
	Failed bool
}

// windowTitle is what tabs and screen readers call the page. It says first
// that something is wrong (WCAG 2.2, technique G199).
func (f *frame) windowTitle() string {
	title := f.Title
	if title != f.Look.Name {
		title += " – " + f.Look.Name
	}
	if f.Failed {
		title = f.Say("error.title") + ": " + title
	}
	return title
}

// hasFoot reports whether there is anything to say below the page.
func (f *frame) hasFoot() bool {
	return f.Until+f.Support.Text+f.Imprint+f.PrivacyURL != ""
}

// at is the address of one of the link's pages, or of the link itself for "".
func (f *frame) at(page string) templ.SafeURL { return templ.SafeURL(f.Root + page + f.Proof) }

// A support is where people turn with questions, with a link where there is
// a way to make one.
type support struct {
	Text string
	Link templ.SafeURL
}

func newSupport(s string) support {
	switch {
	case strings.Contains(s, "@") && !strings.ContainsAny(s, " ,;:/<>?&"):
		return support{s, templ.URL("mailto:" + s)}
	case strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://"):
		return support{s, templ.URL(s)}
	case s != "" && strings.Trim(s, "+0123456789 ()/-") == "":
		return support{s, templ.URL("tel:" + phoneDigits(s))}
	}
	return support{Text: s}
}
