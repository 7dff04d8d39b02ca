package webapp

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/a-h/templ"

	"complero/frontend/locales"
)

// The reader may choose another language than the one that is known of the
// Contact. The choice travels in the links and forms of the pages, as
// ?lang=fr, and is kept nowhere: a GET writes nothing.

// A tongues says where a page's choice of languages leads. The zero tongues
// leads to the page itself, which anybody may open again.
type tongues struct {
	// Path is another page's, for pages that answer a post.
	Path string
	// Do names, for a form that holds what was typed, the button that shows it
	// again.
	Do string
}

// answerForm is the id of the form that holds what was typed.
const answerForm = "answer"

// chosenLanguage is the one that the reader has chosen; "" if none.
func chosenLanguage(r *http.Request) string {
	if r.URL.RawQuery == "" {
		return ""
	}
	if tag := r.URL.Query().Get("lang"); slices.Contains(locales.Languages(), tag) {
		return tag
	}
	return ""
}

// at is the address of one of the link's pages, in the language that was chosen.
func (v *visit) at(page string) string { return v.root + page + v.query }

// langQuery is the query that chooses a language; "" for none.
func langQuery(tag string) string {
	if tag == "" {
		return ""
	}
	return "?lang=" + url.QueryEscape(tag)
}

// languageTitle is languageName with the capital that begins an entry of a list.
func languageTitle(tag string) string {
	name := languageName(tag)
	first := firstLetter(name)
	return strings.ToUpper(first) + name[len(first):]
}

// languageLinks are the links to the same page in each language, made once for
// each Voice: they stand on every page.
var languageLinks = sync.OnceValue(func() map[*locales.Voice]string {
	all := map[*locales.Voice]string{}
	for _, voice := range locales.All() {
		all[voice] = string(linksTo("", voice))
	}
	return all
})

func linksTo(path string, voice *locales.Voice) markup {
	h := markup{}
	for _, tag := range locales.Languages() {
		h = h.raw(`<li><a href="`).text(path + langQuery(tag)).raw(`" hreflang="`).raw(tag).raw(`" lang="`).raw(tag).raw(`"`)
		if tag == voice.Tag {
			h = h.raw(` aria-current="true"`)
		}
		h = h.raw(`>`).text(languageTitle(tag)).raw(`</a></li>`)
	}
	return h
}

// languages are the entries of the page's choice of languages.
func (f *frame) languages() templ.Component {
	switch {
	case f.Tongues.Do != "":
		return templ.Raw(string(f.languageButtons()))
	case f.Tongues.Path != "":
		return templ.Raw(string(linksTo(f.Tongues.Path, f.Voice)))
	}
	return templ.Raw(languageLinks()[f.Voice])
}

// languageButtons send in again what was typed.
func (f *frame) languageButtons() markup {
	h := markup{}
	for _, tag := range locales.Languages() {
		h = h.raw(`<li><button class="tongue" form="` + answerForm + `" name="do" value="`).text(f.Tongues.Do).raw(`" formaction="`).text(f.Root + tail(langQuery(tag), f.Proof))
		h = h.raw(`" lang="`).raw(tag).raw(`"`)
		if tag == f.Tag {
			h = h.raw(` aria-current="true"`)
		}
		h = h.raw(`>`).text(languageTitle(tag)).raw(`</button></li>`)
	}
	return h
}
