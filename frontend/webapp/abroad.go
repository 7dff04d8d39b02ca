package webapp

import (
	"net/http"

	"complero/db"
	"complero/db/profile"
	"complero/frontend"
)

// An abroadPage asks for the country that the Contact lives in now, which
// decides how the address is written. The answer comes by a post, so that it
// stands in no URL.
type abroadPage struct {
	frame
	countries countryOptions
}

func (a *App) showAbroad(w http.ResponseWriter, r *http.Request) error {
	v, err := a.open(r)
	if err != nil {
		return err
	}
	if !v.mayMove() {
		http.Redirect(w, r, v.at("/form"), http.StatusSeeOther)
		return nil
	}
	p := abroadPage{frame: v.frame(v.voice.Say("abroad.title")), countries: a.options[v.voice]}
	p.Until = v.until()
	return frontend.Send(w, r, http.StatusOK, abroadView(&p))
}

// mayMove reports whether the Contact may write another postal address.
func (v *visit) mayMove() bool { return v.asks(db.AskAddress) && v.may("addresses") }

// abroad shows the form with an empty address in the country that was chosen.
func (a *App) abroad(w http.ResponseWriter, r *http.Request, v *visit) error {
	f := v.formOf(&v.link.Contact.Profile)
	v.offerRows(f)
	options, country := a.options[v.voice], r.PostForm.Get("country")
	focus := ""
	if options.knows(country) && f.Addresses != nil {
		focus = rowName("addresses", f.moveTo(country), "street")
	}
	p := a.formPage(v, f, func(string) bool { return false })
	p.Focus, p.Tongues = focus, tongues{Do: "edit"}
	return frontend.Send(w, r, http.StatusOK, formView(p))
}

// moveTo empties the private address, or the first one, for one in another
// country, and returns its place. It remains the entry that it was.
func (f *contactForm) moveTo(country string) int {
	rows := f.Addresses.Rows
	for i, row := range rows {
		if row.Use == string(profile.UsePrivate) {
			rows[i] = addressRow{ID: row.ID, Use: row.Use, CountryCode: country}
			return i
		}
	}
	if len(rows) == 0 {
		return f.addAddress(country)
	}
	rows[0] = addressRow{ID: rows[0].ID, Use: rows[0].Use, CountryCode: country}
	return 0
}

// country is the select of the country.
func (p *abroadPage) country() field {
	return field{Name: "country", Label: p.Say("field.countryCode"), Complete: "country", Countries: &p.countries, Blank: p.Say("custom.choose")}
}
