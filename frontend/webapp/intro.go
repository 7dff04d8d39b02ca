package webapp

import (
	"net/http"

	"complero/db"
	"complero/frontend"
)

// An introPage is what a link opens: who asks, why, and what is on file.
type introPage struct {
	frame
	Greeting string
	Why      string
	Asker    asker
	// Answered tells of the latest answer, if there is one.
	Answered string
	Waiting  []waitingAddress
	Groups   []group
	Granted  []grant
	// OpenQuestion tells that there are Consents to decide on.
	OpenQuestion bool
	// Abroad offers the short way to an address in another country.
	Abroad bool
}

// AsksData reports whether the Request asks for more than Consents.
func (p *introPage) AsksData() bool { return len(p.Groups) > 0 }

func (a *App) showIntro(w http.ResponseWriter, r *http.Request) error {
	v, err := a.open(r)
	if err != nil {
		return err
	}
	return frontend.Send(w, r, http.StatusOK, introView(v.introPage()))
}

func (v *visit) introPage() *introPage {
	p := &introPage{
		frame: v.frame(v.voice.Say("intro.title")), Greeting: v.greeting(), Asker: v.asker(),
		Answered: v.answered(), Groups: v.groups(), Granted: v.grants(),
		OpenQuestion: v.openQuestion(), Abroad: v.mayMove(), Waiting: v.waiting(),
	}
	p.Until = v.until()
	switch {
	case !p.AsksData():
		p.Title = v.voice.Say("intro.title.consents")
		p.Why = v.voice.Say("intro.why.consents", "Company", v.company())
	case v.link.Employee == nil:
		p.Why = v.voice.Say("intro.why.company", "Company", v.company())
	default:
		p.Why = v.voice.Say("intro.why", "Asker", p.Asker.Name, "Company", v.company())
	}
	return p
}

// answered says what the Contact answered last; "" before there is an answer.
func (v *visit) answered() string {
	r := v.link.Request
	if r.AnsweredAt == nil {
		return ""
	}
	date := v.date(*r.AnsweredAt)
	switch r.Status {
	case db.RequestUpdated:
		return v.voice.Say("intro.answered.updated", "Date", date)
	case db.RequestConfirmed:
		return v.voice.Say("intro.answered.confirmed", "Date", date)
	case db.RequestDeclined:
		return v.voice.Say("intro.answered.declined", "Date", date)
	}
	return ""
}
