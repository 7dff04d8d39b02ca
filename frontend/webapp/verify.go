package webapp

import (
	"errors"
	"net/http"

	"complero/db"
	"complero/db/verification"
)

// unverified is what a handler returns in place of a page that would show the
// Contact, before the Verification that the Company asks for.
type unverified struct {
	visit *visit
	// then is the link's page to go on with afterwards; "" is the first one.
	then string
}

func (*unverified) Error() string { return "a Verification is due" }

// showVerify shows the page to whoever opens its address.
func (a *App) showVerify(w http.ResponseWriter, r *http.Request) error {
	v, err := a.open(r)
	if err != nil {
		return err
	}
	http.Redirect(w, r, v.root, http.StatusSeeOther)
	return nil
}

// challenge shows the page in place of another. What was posted to that one is
// kept on the page: a session can end while somebody types.
func (a *App) challenge(w http.ResponseWriter, r *http.Request, due *unverified) error {
	v := due.visit
	try, err := v.link.Verification(r.Context())
	if err != nil {
		return err
	}
	p := v.verifyPage(try, nil)
	p.Then = due.then
	status := http.StatusOK
	if r.Method == http.MethodPost {
		if err := form(w, r); err != nil {
			return a.showNotice(w, r, noticeOf(err))
		}
		status = http.StatusForbidden
		if r.URL.Path == v.root {
			p.Kept = keptPairs(r)
		}
		if len(p.Kept) > 0 {
			p.Status = v.voice.Say("verify.kept")
		}
	}
	return p.send(w, r, status, try)
}

// verify serves the page's own posts.
func (a *App) verify(w http.ResponseWriter, r *http.Request) error {
	v, err := a.posted(w, r)
	if err != nil {
		return err
	}
	switch v.link.State {
	case db.LinkUnverified:
	case db.LinkOpen:
		http.Redirect(w, r, v.root, http.StatusSeeOther)
		return nil
	default:
		return v.closed()
	}
	if r.PostForm.Get("do") == "code" {
		err = a.sendCode(w, r, v)
	} else {
		err = a.tryAnswers(w, r, v)
	}
	if db.CodeOf(err) == db.ConflictCode {
		return v.conflict()
	}
	return err
}

// sendCode has a one-time code sent, and shows where to enter it.
func (a *App) sendCode(w http.ResponseWriter, r *http.Request, v *visit) error {
	try, err := v.link.SendCode(r.Context())
	if err != nil {
		return err
	}
	p := v.verifyPage(try, r)
	if try.HasCode {
		p.Status = v.voice.Say(codeTexts(try).sent, "Company", v.company())
	}
	return p.send(w, r, http.StatusOK, try)
}

// tryAnswers judges what was typed. What cannot be right whatever is on file is said
// beside its field, and is no try.
func (a *App) tryAnswers(w http.ResponseWriter, r *http.Request, v *visit) error {
	kinds := v.link.Company.Verification()
	said := verification.Said{}
	var problems []problem
	for _, k := range kinds {
		said[k] = typedFact(r, k)
		if _, sound := verification.Fold(k, said[k]); !sound {
			problems = append(problems, problem{factField(k), v.factProblem(k, said[k])})
		}
	}
	if len(problems) > 0 {
		return a.recheck(w, r, v, problems)
	}
	try, err := v.link.Verify(r.Context(), said)
	if err != nil {
		return err
	}
	if !try.Passed {
		p := v.verifyPage(try, r)
		p.Failed = true
		p.Wrong = v.voice.Say("verify.wrong", "Company", v.company())
		return p.send(w, r, http.StatusUnprocessableEntity, try)
	}
	a.remember(w, r, v, try.Session)
	admitted, err := v.link.Admit(r.Context(), try.Session)
	if err != nil {
		return err
	}
	if !admitted || len(keptPairs(r)) == 0 {
		http.Redirect(w, r, v.root+thenOf(r), http.StatusSeeOther)
		return nil
	}
	v.proof = a.proofFor(r, try.Session)
	return a.edit(w, r, v, "")
}

// recheck shows the page with what is wrong with its fields.
func (a *App) recheck(w http.ResponseWriter, r *http.Request, v *visit, problems []problem) error {
	try, err := v.link.Verification(r.Context())
	if err != nil {
		return err
	}
	p := v.verifyPage(try, r)
	p.Failed, p.Problems = true, problems
	for i := range p.Fields {
		for _, wrong := range problems {
			if wrong.Field == p.Fields[i].Name {
				p.Fields[i].Problem = wrong.Text
			}
		}
	}
	for _, wrong := range problems {
		if wrong.Field == factField(verification.BirthDate) {
			p.BirthProblem = wrong.Text
		}
	}
	return p.send(w, r, http.StatusUnprocessableEntity, try)
}

// thenOf is where a post of the page's own goes on.
func thenOf(r *http.Request) string {
	if r.PostForm.Get(thenField) == "/stop" {
		return "/stop"
	}
	return ""
}

// answerUnverified serves a post to the link itself before the Verification:
// whoever is not this person cannot pass it, and may say so.
func (a *App) answerUnverified(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := form(w, r); err != nil {
		return err
	}
	if r.PostForm.Get("do") == "notme" {
		return a.finish(w, r, v, db.Answer{NotMe: true})
	}
	return &unverified{visit: v}
}

// showUnverified shows the page if that is what an error stands for.
func (a *App) showUnverified(w http.ResponseWriter, r *http.Request, err error) (error, bool) {
	var u *unverified
	if !errors.As(err, &u) {
		return err, false
	}
	err = a.challenge(w, r, u)
	return err, err == nil
}
