package webapp

import (
	"net/http"
	"strings"

	"complero/db"
	"complero/frontend"
)

// A questionPage takes down a question to whoever looks after the Contact, or
// says that it is on its way. It shows nothing of the Contact, so that it
// works for links that have expired too.
type questionPage struct {
	frame
	Lead     string
	Words    field
	Reply    field
	Problems []problem
	Sent     bool
	// Open tells that the link still leads somewhere.
	Open bool
}

// asks is the visit of a page for questions, to whoever's link still leads to
// a Contact and where somebody would get one.
func (a *App) asks(r *http.Request) (*visit, error) {
	v, err := a.visit(r)
	if err != nil {
		return nil, err
	}
	if v.link.State == db.LinkGone {
		return nil, v.closed()
	}
	if !v.link.TakesEnquiries() {
		return nil, a.showMissing(nil, nil)
	}
	return v, nil
}

func (a *App) showQuestion(w http.ResponseWriter, r *http.Request) error {
	v, err := a.asks(r)
	if err != nil {
		return err
	}
	p := v.questionPage(db.Enquiry{}, nil)
	if r.URL.Query().Has("sent") {
		p.Sent, p.Title = true, v.voice.Say("question.sent.title")
		p.Lead = v.voice.Say("question.sent", "Asker", v.answerer())
		p.Tongues.Path = v.root + "/question"
	}
	return frontend.Send(w, r, http.StatusOK, questionView(p))
}

// question keeps a question. What is wrong with it is shown beside it.
func (a *App) question(w http.ResponseWriter, r *http.Request) error {
	v, err := a.asks(r)
	if err != nil {
		return err
	}
	if err := form(w, r); err != nil {
		return err
	}
	typed := db.Enquiry{Words: strings.TrimSpace(r.PostForm.Get("words")), ReplyTo: strings.TrimSpace(r.PostForm.Get("replyTo"))}
	err = v.link.Enquire(r.Context(), typed)
	if errs := db.ErrorsOf(err); len(errs) > 0 && db.CodeOf(err) != db.NotFoundCode {
		p := v.questionPage(typed, errs)
		p.Failed, p.Tongues.Path = true, v.root+"/question"
		return frontend.Send(w, r, http.StatusUnprocessableEntity, questionView(p))
	}
	if err != nil {
		return err
	}
	// Reloading the page must not send the question again.
	mark := "?sent=1"
	if v.query != "" {
		mark = "&sent=1"
	}
	http.Redirect(w, r, v.at("/question")+mark, http.StatusSeeOther)
	return nil
}

// answerer is who gets a question. A closed link names nobody.
func (v *visit) answerer() string {
	if v.link.State != db.LinkOpen {
		return v.company()
	}
	return v.asker().Name
}

// questionPage shows what was typed, and what is wrong with it.
func (v *visit) questionPage(typed db.Enquiry, errs db.Errors) *questionPage {
	p := &questionPage{
		frame: v.frame(v.voice.Say("question.title")), Lead: v.voice.Say("question.hint", "Asker", v.answerer()), Open: v.link.State == db.LinkOpen,
		Words: field{Name: "words", Label: v.voice.Say("question.words"), Value: typed.Words, Multiline: true, Required: v.voice.Say("field.required")},
		Reply: field{Name: "replyTo", Label: v.voice.Say("question.reply"), Value: typed.ReplyTo, Type: "text", Complete: "email", Hint: v.voice.Say("question.reply.hint")},
	}
	p.Ask = ""
	for _, e := range errs {
		text := v.voice.Say(errorText(e.Code))
		if e.Code == db.TooManyItems {
			text = v.voice.Say("question.many")
		}
		if len(e.Path) > 0 && e.Path[0] == "replyTo" {
			p.Reply.Problem = text
		} else {
			p.Words.Problem = text
		}
		p.Problems = append(p.Problems, problem{strings.Join(e.Path, "."), text})
	}
	return p
}
