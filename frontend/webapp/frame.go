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
	// Query carries the language that the reader has chosen, Proof what shows
	// where a post comes from; see visit. The link's addresses end in them.
	Query, Proof string
	Tongues      tongues
	// Test marks a page of test mode.
	Test    bool
	Support support
	// Person is whom to ask, Ask where to write a question; both may be missing.
	Person     helper
	Ask        templ.SafeURL
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
	return f.Until+f.Support.Text+f.Imprint+f.PrivacyURL != "" || f.asked()
}

// asked reports whether there is anybody to ask.
func (f *frame) asked() bool { return f.Support.Text != "" || f.Person.Name != "" || f.Ask != "" }

// at is the address of one of the link's pages, or of the link itself for "",
// in the language that was chosen.
func (f *frame) at(page string) templ.SafeURL {
	return templ.SafeURL(f.Root + page + tail(f.Query, f.Proof))
}

// tail is what the link's addresses end in.
func tail(query, proof string) string {
	if query != "" && proof != "" {
		return query + "&" + proof[1:]
	}
	return query + proof
}

// help tells whom to ask.
func (f *frame) help(h markup) markup {
	h = h.raw(`<div class="help"><p>`).text(f.Say("page.support")).raw(`</p>`)
	if f.Person.Name != "" {
		h = h.raw(`<p><bdi>`).text(f.Person.Name).raw(`</bdi>`)
		for _, way := range []support{f.Person.Phone, f.Person.Mail} {
			if way.Text != "" {
				h = way.write(h.raw(` `))
			}
		}
		h = h.raw(`</p>`)
	}
	if f.Support.Text != "" {
		h = f.Support.write(h.raw(`<p>`)).raw(`</p>`)
	}
	if f.Ask != "" {
		h = h.raw(`<p><a`).attribute("href", string(f.Ask)).raw(`>`).text(f.Say("page.ask")).raw(`</a></p>`)
	}
	return h.raw(`</div>`)
}

// write adds a way to reach somebody.
func (s support) write(h markup) markup {
	if s.Link == "" {
		return h.raw(`<bdi>`).text(s.Text).raw(`</bdi>`)
	}
	return h.raw(`<a`).attribute("href", string(s.Link)).raw(`><bdi>`).text(s.Text).raw(`</bdi></a>`)
}

// A helper is an Employee whom the reader may ask.
type helper struct {
	Name        string
	Phone, Mail support
}

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
