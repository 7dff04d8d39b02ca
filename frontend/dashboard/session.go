package dashboard

import (
	"net/http"

	"complero/db"
)

// cookieName is the session cookie's. Over TLS it has the prefix by which
// browsers take it from this very host only (RFC 6265bis).
func (a *App) cookieName() string {
	if a.secure {
		return "__Host-complero"
	}
	return "complero"
}

// keep gives the browser a session's token. The cookie ends with the browser;
// how long the session lasts, the database knows.
func (a *App) keep(w http.ResponseWriter, token string) {
	http.SetCookie(w, &http.Cookie{
		Name: a.cookieName(), Value: token, Path: "/", HttpOnly: true, Secure: a.secure, SameSite: http.SameSiteLaxMode,
	})
}

func (a *App) forget(w http.ResponseWriter) {
	http.SetCookie(w, &http.Cookie{
		Name: a.cookieName(), Path: "/", MaxAge: -1, HttpOnly: true, Secure: a.secure, SameSite: http.SameSiteLaxMode,
	})
}

// session is that of the request's cookie; nil without one that holds.
func (a *App) session(r *http.Request) (*db.Session, error) {
	token := ""
	for _, cookie := range r.CookiesNamed(a.cookieName()) {
		token = cookie.Value
	}
	if token == "" {
		return nil, nil
	}
	return a.store.Session(r.Context(), token)
}

// whoIs is who is signed in; nil for nobody.
func (a *App) whoIs(r *http.Request) (*db.SignedIn, error) {
	session, err := a.session(r)
	if err != nil {
		return nil, err
	}
	return a.store.SignedIn(r.Context(), session)
}

// Tenant is the Company that a signed-in User's call of the API is for, as the
// headers Complero-Company and Complero-Mode name it; nil where nobody is
// signed in or no Company is named. Only these headers let the cookie count:
// no page of another origin can have a browser send them (Fetch, CORS preflight).
func (a *App) Tenant(r *http.Request) (*db.Tenant, error) {
	company := r.Header.Get("Complero-Company")
	if company == "" {
		return nil, nil
	}
	who, err := a.whoIs(r)
	if err != nil || who == nil {
		return nil, err
	}
	mode := db.Live
	if r.Header.Get("Complero-Mode") == "test" {
		mode = db.Test
	}
	t, err := who.Tenant(r.Context(), company, mode)
	if db.CodeOf(err) == db.NotFoundCode {
		return nil, nil
	}
	return t, err
}

// companyOf opens the Company, in the mode, that an address names.
func companyOf(r *http.Request, who *db.SignedIn) (*db.Tenant, error) {
	name, mode := companyIn(r)
	return who.Tenant(r.Context(), name, mode)
}

// endSession signs out in another browser.
func (a *App) endSession(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := v.who.EndOwnSession(r.Context(), r.PostFormValue("id")); err != nil {
		return err
	}
	http.Redirect(w, r, "/account", http.StatusSeeOther)
	return nil
}

// signOut ends the session in this one.
func (a *App) signOut(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := a.store.EndSession(r.Context(), v.who.Session.ID); err != nil {
		return err
	}
	a.forget(w)
	http.Redirect(w, r, "/sign-in?ended=1", http.StatusSeeOther)
	return nil
}
