package webapp

import (
	"net/http"

	"complero/db"
	"complero/frontend"
)

// A thanksPage follows an answer. It is made from what is on file, so that it
// can be opened again.
type thanksPage struct {
	frame
	Text  string
	Again string
	Asker asker
	// Waiting are new addresses that have yet to be confirmed.
	Waiting []waitingAddress
	// Questions are Consents that the Contact has never decided on.
	Questions []question
}

func (a *App) showThanks(w http.ResponseWriter, r *http.Request) error {
	v, err := a.open(r)
	if err != nil {
		return err
	}
	p := thanksPage{frame: v.frame(v.voice.Say("thanks.title")), Asker: v.asker(), Waiting: v.waiting()}
	switch v.link.Request.Status {
	case db.RequestUpdated:
		p.Text = v.voice.Say("thanks.updated", "Company", v.company())
	case db.RequestConfirmed:
		p.Text = v.voice.Say("thanks.confirmed")
	case db.RequestDeclined:
		p.Text = v.voice.Say("thanks.declined")
	default:
		http.Redirect(w, r, v.at(""), http.StatusSeeOther)
		return nil
	}
	p.Again = v.voice.Say("thanks.again", "Date", v.until())
	for _, q := range a.questions(v, func(string) bool { return false }) {
		if v.undecided(q) {
			p.Questions = append(p.Questions, q)
		}
	}
	return frontend.Send(w, r, http.StatusOK, thanksView(&p))
}
