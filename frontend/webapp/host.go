package webapp

import (
	"net/http"

	"complero/db"
	"complero/frontend/locales"
)

// here returns the Company on whose own host a page is asked for, with its
// Brand. Both are nil where every Company's pages are served; on a host that is
// nobody's it fails with the neutral page for that.
func (a *App) here(r *http.Request) (*db.Company, *db.Brand, error) {
	if a.store.ServesAll(r.Host) {
		return nil, nil, nil
	}
	company, brand, err := a.store.CompanyOn(r.Context(), r.Host)
	if err == nil && company == nil {
		// RFC 9110, section 15.5.20: this server does not speak for that name.
		err = &notice{status: http.StatusMisdirectedRequest, title: "notice.missing.title", text: "notice.missing"}
	}
	return company, brand, err
}

// belongs fails with NOT_FOUND where a link was opened on another's host.
func (a *App) belongs(r *http.Request, company *db.Company) error {
	if a.store.ServesAll(r.Host) || company.AnswersOn(r.Host) {
		return nil
	}
	return db.NotFound("token", "this link is not known here")
}

// homeFrame is what stands around the home page of a Company's own host.
func (a *App) homeFrame(r *http.Request, c *db.Company, b *db.Brand) *frame {
	look := a.looks.of(c, b)
	wanted := c.Locale
	if accepted := r.Header.Get("Accept-Language"); accepted != "" {
		wanted = locales.ForBrowser(accepted).Tag
	}
	return &frame{
		Voice: locales.For(look.Formality, wanted, c.Locale), shells: a.shells,
		Title: look.Name, Look: look, Support: newSupport(textOf(c.SupportContact)),
		Imprint: textOf(c.Imprint), PrivacyURL: textOf(c.PrivacyURL),
	}
}
