package webapp

import (
	"strings"

	"github.com/a-h/templ"

	"complero/frontend/locales"
)

// countryOptions are the options of a select of all countries, made once for
// each Voice: rendering 250 of them for each address would cost more than the
// rest of the form.
type countryOptions struct {
	html string
	// at is where each country's option takes the attribute selected.
	at map[string]int
}

func newCountryOptions(voice *locales.Voice) countryOptions {
	var s strings.Builder
	o := countryOptions{at: make(map[string]int, len(voice.Countries))}
	for _, c := range voice.Countries {
		s.WriteString("<option value=" + c.Code)
		o.at[c.Code] = s.Len()
		s.WriteString(">" + templ.EscapeString(c.Name))
	}
	o.html = s.String()
	return o
}

// knows reports whether there is an option for a code.
func (o *countryOptions) knows(code string) bool {
	_, found := o.at[code]
	return found
}

// selecting adds the options with one selected.
func (o *countryOptions) selecting(code string, h markup) markup {
	at, found := o.at[code]
	if !found {
		return h.raw(o.html)
	}
	return h.raw(o.html[:at]).raw(" selected").raw(o.html[at:])
}
