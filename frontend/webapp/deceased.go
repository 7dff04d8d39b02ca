package webapp

import (
	"net/http"

	"complero/db"
	"complero/frontend"
)

// A deceasedPage asks whether the Contact has died. One click on a page of
// facts would be too easy to make by mistake, and too curt.
type deceasedPage struct {
	frame
	Text string
}

func (a *App) showDeceased(w http.ResponseWriter, r *http.Request) error {
	v, err := a.open(r)
	if err != nil {
		return err
	}
	p := deceasedPage{frame: v.frame(v.voice.Say("deceased.title")), Text: v.voice.Say("deceased.hint", "Company", v.company())}
	return frontend.Send(w, r, http.StatusOK, deceasedView(&p))
}

// deceased records that the Contact has died. From then on the link shows
// nothing but that, and the way to take it back.
func (a *App) deceased(w http.ResponseWriter, r *http.Request) error {
	v, err := a.open(r)
	if err != nil {
		return err
	}
	if err := form(w, r); err != nil {
		return err
	}
	_, err = v.link.Answer(r.Context(), db.Answer{Deceased: true, Evidence: evidence(r), Locale: v.voice.Tag})
	if db.CodeOf(err) == db.ConflictCode {
		return v.conflict()
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, v.at(""), http.StatusSeeOther)
	return nil
}
