package webapp

import (
	"net/http"

	"complero/frontend"
	"complero/frontend/locales"
)

// A preview is a visit of nobody: the pages of a Brand that may not be
// published yet, with a sample of a Contact. It has no way to change anything.

// preview opens the preview that a request is about. One that is over is
// NOT_FOUND.
func (a *App) preview(r *http.Request) (*visit, error) {
	token := r.PathValue("preview")
	link, err := a.store.OpenPreview(r.Context(), token)
	if err != nil {
		return nil, err
	}
	root := "/preview/" + token
	// A draft changes under its number, so its look is kept nowhere.
	look := newLook(link.Company, link.Brand)
	look.Stylesheet = root + "/brand.css"
	if mode := r.URL.Query().Get("mode"); mode == "light" || mode == "dark" {
		look.only(mode)
	}
	v := &visit{link: link, phones: &a.phones, look: look, zone: a.zone(link.Company), root: root}
	v.voice = locales.For(look.Formality, link.Contact.Profile.Locale, link.Company.Locale)
	return v, nil
}

func (a *App) showPreview(w http.ResponseWriter, r *http.Request) error {
	v, err := a.preview(r)
	if err != nil {
		return err
	}
	return frontend.SendFramed(w, r, http.StatusOK, introView(v.introPage()))
}

func (a *App) showPreviewPage(w http.ResponseWriter, r *http.Request) error {
	v, err := a.preview(r)
	if err != nil {
		return err
	}
	switch r.PathValue("page") {
	case "form":
		f := v.formOf(&v.link.Contact.Profile)
		v.offerRows(f)
		return frontend.SendFramed(w, r, http.StatusOK, formView(a.formPage(v, f, func(string) bool { return false })))
	case "brand.css":
		frontend.SendFresh(w, r, "text/css; charset=utf-8", v.look.stylesheet())
		return nil
	}
	return a.showMissing(w, r)
}

// leavePreview answers whatever a preview's buttons send: nothing is read, and
// the preview begins anew.
func (a *App) leavePreview(w http.ResponseWriter, r *http.Request) error {
	v, err := a.preview(r)
	if err != nil {
		return err
	}
	http.Redirect(w, r, v.root, http.StatusSeeOther)
	return nil
}
