package webapp

import (
	"net/http"
	"time"

	"complero/db"
	"complero/frontend"
	"complero/frontend/locales"
)

// A visit is a Contact's link being opened: what it leads to, and how pages
// speak and look there.
type visit struct {
	link   *db.Link
	phones *shownPhones
	shells *shells
	voice  *locales.Voice
	look   *look
	zone   *time.Location
	// root is the link's path, where its pages begin; proof is what addresses
	// end in, if anything, query carries the language that the reader has chosen.
	root, proof, query string
}

// visit opens the link that a request is about, in whatever state it is. An
// unknown one is NOT_FOUND.
func (a *App) visit(r *http.Request) (*visit, error) {
	token := r.PathValue("token")
	link, err := a.store.OpenLink(r.Context(), token)
	if err == nil {
		err = a.belongs(r, link.Company)
	}
	if err != nil {
		return nil, err
	}
	v := &visit{link: link, phones: &a.phones, shells: a.shells, look: a.looks.of(link.Company, link.Brand), zone: a.zone(link.Company), root: "/u/" + token}
	if err := a.admit(r, v); err != nil {
		return nil, err
	}
	wanted := link.Company.Locale
	if link.Contact != nil && link.Contact.Profile.Locale != "" {
		wanted = link.Contact.Profile.Locale
	}
	if chosen := chosenLanguage(r); chosen != "" {
		wanted, v.query = chosen, langQuery(chosen)
	}
	v.voice = locales.For(v.look.Formality, wanted, link.Company.Locale)
	return v, nil
}

// open is visit for a link that still opens the data, to somebody who has
// passed the Verification, if one is due: any other state is the notice that
// tells so, or the page that asks.
func (a *App) open(r *http.Request) (*visit, error) {
	v, err := a.visit(r)
	if err != nil {
		return nil, err
	}
	if v.link.State == db.LinkUnverified {
		return nil, &unverified{visit: v}
	}
	if n := v.closed(); n != nil {
		return nil, n
	}
	return v, nil
}

// closed is the notice that a link shows which opens nothing any more; nil if
// it does. It tells nothing about a person.
func (v *visit) closed() *notice {
	n := &notice{status: http.StatusGone, visit: v}
	switch v.link.State {
	case db.LinkOpen:
		return nil
	case db.LinkExpired:
		n.title, n.text = "notice.expired.title", "notice.expired"
	case db.LinkCancelled:
		n.title, n.text = "notice.cancelled.title", "notice.cancelled"
	case db.LinkDisowned:
		n.status, n.title, n.text = http.StatusOK, "notice.notme.title", "notice.notme"
	case db.LinkDeceased:
		n.status, n.title, n.text = http.StatusOK, "deceased.done.title", "deceased.done"
	default:
		n.title, n.text = "notice.gone.title", "notice.gone"
	}
	return n
}

// frame is what stands around each page of the visit.
func (v *visit) frame(title string) frame {
	c := v.link.Company
	f := frame{
		Voice: v.voice, shells: v.shells, Title: title, Look: v.look, Root: v.root, Query: v.query, Proof: v.proof,
		Test:    v.link.Request.Mode == db.Test,
		Support: newSupport(textOf(c.SupportContact)),
		Imprint: textOf(c.Imprint), PrivacyURL: textOf(c.PrivacyURL),
	}
	if e := v.link.Employee; e != nil && v.link.State == db.LinkOpen {
		f.Person = helper{e.DisplayName, newSupport(v.phones.of(textOf(e.Phone))), newSupport(textOf(e.Email))}
	}
	if v.link.TakesEnquiries() {
		f.Ask = f.at("/question")
	}
	return f
}

// company is how pages name the Company.
func (v *visit) company() string { return v.look.Name }

// date writes a day as the Company's calendar has it.
func (v *visit) date(t time.Time) string { return v.voice.Date(t.In(v.zone)) }

// until is the day on which the link ends.
func (v *visit) until() string { return v.date(v.link.Request.ExpiresAt) }

// evidence is how and from where a decision was made.
func evidence(r *http.Request) db.Evidence {
	address, agent := frontend.Caller(r)
	return db.Evidence{Manner: "web-app", IP: address, UserAgent: agent}
}

func textOf(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// posted is the visit of a post, with its form read, to whoever's link still
// leads to a Contact.
func (a *App) posted(w http.ResponseWriter, r *http.Request) (*visit, error) {
	v, err := a.visit(r)
	if err != nil {
		return nil, err
	}
	if err := form(w, r); err != nil {
		return nil, err
	}
	if v.link.State == db.LinkGone {
		return nil, v.closed()
	}
	return v, nil
}
