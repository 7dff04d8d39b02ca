package dashboard

import (
	"net/http"

	"complero/frontend/dashboard/query"
)

// An imprintPage says who is responsible and where the privacy notice is.
type imprintPage struct {
	deskFrame
	Tabs      []link
	Form      *form
	MayChange bool
	Elsewhere string
}

func (a *App) showImprint(w http.ResponseWriter, r *http.Request, d *desk) error {
	data, err := query.Imprint(r.Context(), d.api)
	if err != nil {
		return err
	}
	if data.Company == nil {
		return d.missing()
	}
	return d.imprintPage(w, r, filled("imprint", textOf(data.Company.Imprint), "privacyUrl", textOf(data.Company.PrivacyUrl)))
}

func (d *desk) imprintPage(w http.ResponseWriter, r *http.Request, f *form) error {
	return send(w, r, f.status(), imprintView(&imprintPage{
		deskFrame: d.frame("brand", d.voice.Say("brand.title")), Tabs: d.brandTabs("imprint"), Form: f, MayChange: d.mayBrand(),
		Elsewhere: d.elsewhereBrand("/imprint"),
	}))
}

func (a *App) saveImprint(w http.ResponseWriter, r *http.Request, d *desk) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	data, err := query.ImprintSave(r.Context(), d.api, f.optional("imprint"), f.optional("privacyUrl"))
	if err != nil {
		return err
	}
	if wrong := data.CompanyUpdate.UserErrors; len(wrong) > 0 {
		d.refuse(f, wrong, nil)
		return d.imprintPage(w, r, f)
	}
	return done(w, r, d.root+"/brand/imprint", "imprint.saved")
}
