package webapp

import (
	"net/http"
	"strings"
	"time"

	"complero/db"
	"complero/frontend"
	"complero/frontend/locales"
)

// A checkPage asks for the check code of a message, and tells what it stands
// for. It shows no more than anybody may know: who wrote, and on which day.
type checkPage struct {
	frame
	// Code is what was typed.
	Code string
	// Problem says what is wrong with it; "" for nothing.
	Problem string
	// Found and Text tell the answer; both are "" before one was asked for.
	Found, Text string
	Genuine     bool
}

// newCheckPage is the empty form: neutral, or a Company's on its own host.
func (a *App) newCheckPage(r *http.Request) (*checkPage, *db.Company, error) {
	company, brand, err := a.here(r)
	if err != nil {
		return nil, nil, err
	}
	p := &checkPage{frame: frame{Voice: locales.ForBrowser(r.Header.Get("Accept-Language")), shells: a.shells, Look: neutral}}
	if company != nil {
		p.frame = *a.homeFrame(r, company, brand)
	}
	p.Title = p.Say("check.title")
	return p, company, nil
}

func (a *App) showCheck(w http.ResponseWriter, r *http.Request) error {
	p, _, err := a.newCheckPage(r)
	if err != nil {
		return err
	}
	return frontend.Send(w, r, http.StatusOK, checkView(p))
}

// check answers a code. It is a POST so that no code stands in an address, and
// changes nothing.
func (a *App) check(w http.ResponseWriter, r *http.Request) error {
	if !a.pace.Admits(r.RemoteAddr, time.Now()) {
		w.Header().Set("Retry-After", "60")
		return &notice{status: http.StatusTooManyRequests, title: "check.fast.title", text: "check.fast"}
	}
	if err := form(w, r); err != nil {
		return err
	}
	p, company, err := a.newCheckPage(r)
	if err != nil {
		return err
	}
	p.Code = strings.TrimSpace(r.PostForm.Get("code"))
	written, err := a.store.Written(r.Context(), p.Code)
	switch {
	case db.CodeOf(err) == db.Invalid:
		p.Problem, p.Failed = p.Say("check.malformed"), true
		return frontend.Send(w, r, http.StatusUnprocessableEntity, checkView(p))
	case err != nil:
		return err
	case written == nil, company != nil && written.CompanyID != company.ID:
		p.Title, p.Text = p.Say("check.unknown.title"), p.Say("check.unknown")
		p.Found = p.Title
		return frontend.Send(w, r, http.StatusNotFound, checkView(p))
	}
	p.Test, p.Voice = written.Mode == db.Test, locales.For(written.Formality, p.Tag)
	p.Title, p.Text = p.Say("check.found.title"), p.Say("check.found", "Company", written.Name, "Date", p.Date(written.On))
	p.Found, p.Genuine = p.Title, true
	return frontend.Send(w, r, http.StatusOK, checkView(p))
}

// How often codes are tried from one place: ten at once, then one in six
// seconds. Of a hundred million messages' codes, one is found in two years.
const (
	checkBurst = 10
	checkEvery = 6 * time.Second
)
