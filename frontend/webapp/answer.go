package webapp

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"complero/db"
	"complero/frontend"
)

// answer serves every post to the link itself; its field do says what the
// pressed button means.
func (a *App) answer(w http.ResponseWriter, r *http.Request) error {
	v, err := a.open(r)
	var due *unverified
	if errors.As(err, &due) {
		return a.answerUnverified(w, r, due.visit)
	}
	if err != nil {
		return err
	}
	if err := form(w, r); err != nil {
		return err
	}
	do := r.PostForm.Get("do")
	switch do {
	case "confirm":
		return a.confirm(w, r, v)
	case "notme":
		return a.finish(w, r, v, db.Answer{NotMe: true})
	case "consents":
		return a.decide(w, r, v)
	case "save":
		return a.save(w, r, v)
	case "abroad":
		return a.abroad(w, r, v)
	case "keep":
		return a.keep(w, r, v)
	case "review", "":
		return a.review(w, r, v)
	}
	return a.edit(w, r, v, do)
}

// confirm records that all is right. Where something is empty that may not be,
// the form asks for it.
func (a *App) confirm(w http.ResponseWriter, r *http.Request, v *visit) error {
	err := a.finish(w, r, v, db.Answer{Confirm: true})
	if !mendable(err) {
		return err
	}
	var s sent
	s.answerErrors(v, db.ErrorsOf(err))
	return a.showProblems(w, r, v, v.formOf(&v.link.Contact.Profile), s.problems)
}

// finish records an answer and thanks for it.
func (a *App) finish(w http.ResponseWriter, r *http.Request, v *visit, answer db.Answer) error {
	answer.Evidence, answer.Locale = evidence(r), v.voice.Tag
	_, err := v.link.Answer(r.Context(), answer)
	if db.CodeOf(err) == db.ConflictCode {
		return v.conflict()
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, v.at("/thanks"), http.StatusSeeOther)
	return nil
}

// decide records what was decided on Consents alone.
func (a *App) decide(w http.ResponseWriter, r *http.Request, v *visit) error {
	decisions := v.decisions(r)
	if len(decisions) == 0 {
		http.Redirect(w, r, v.at("/thanks"), http.StatusSeeOther)
		return nil
	}
	return a.finish(w, r, v, db.Answer{Consents: decisions})
}

// save records what the form says; what is wrong with it is shown on the form.
func (a *App) save(w http.ResponseWriter, r *http.Request, v *visit) error {
	f := v.readForm(r.PostForm)
	s := v.send(f)
	if len(s.problems) > 0 {
		return a.showProblems(w, r, v, f, s.problems)
	}
	answer := db.Answer{Data: s.data, Consents: v.decisions(r)}
	if answer.Data == nil && len(answer.Consents) == 0 {
		http.Redirect(w, r, v.at(""), http.StatusSeeOther)
		return nil
	}
	err := a.finish(w, r, v, answer)
	if mendable(err) {
		s.answerErrors(v, db.ErrorsOf(err))
		return a.showProblems(w, r, v, f, s.problems)
	}
	return err
}

// mendable reports whether an error is about what was typed.
func mendable(err error) bool {
	errs := db.ErrorsOf(err)
	return len(errs) > 0 && len(errs[0].Path) > 0 && errs[0].Path[0] == "data"
}

// edit shows the form again with what was typed and one thing done to it: a
// row more or less, a Consent withdrawn, or nothing.
func (a *App) edit(w http.ResponseWriter, r *http.Request, v *visit, do string) error {
	f := v.readForm(r.PostForm)
	focus := f.change(do, v.link.Company.CountryCode, v.phoneCountry())
	status := ""
	if id, found := strings.CutPrefix(do, "withdraw-"); found {
		if err := v.link.Withdraw(r.Context(), id, evidence(r)); err != nil {
			return err
		}
		status = v.voice.Say("consent.withdrawn.title") + ". " + v.voice.Say("consent.withdrawn")
		var err error
		if v, err = a.open(r); err != nil {
			return err
		}
	}
	p := a.formPage(v, f, r.PostForm.Has)
	p.Focus, p.Status, p.Tongues = focus, status, tongues{Do: "edit"}
	return frontend.Send(w, r, http.StatusOK, formView(p))
}

// change adds or removes the row that a button names, or has its fields follow
// the country that was chosen, and returns the name of
// the field to type in next.
func (f *contactForm) change(do, country, calling string) (focus string) {
	switch {
	case do == "add-email" && f.Emails != nil:
		return rowName("emails", f.addEmail(), "address")
	case do == "add-phone" && f.Phones != nil:
		return rowName("phones", f.addPhone(calling), "number")
	case do == "add-address" && f.Addresses != nil:
		return rowName("addresses", f.addAddress(country), "street")
	}
	what, number, _ := cutLast(do, "-")
	i, err := strconv.Atoi(number)
	if err != nil {
		return ""
	}
	switch {
	case what == "remove-email" && f.Emails != nil:
		f.Emails.Rows = without(f.Emails.Rows, i)
	case what == "remove-phone" && f.Phones != nil:
		f.Phones.Rows = without(f.Phones.Rows, i)
	case what == "remove-address" && f.Addresses != nil:
		f.Addresses.Rows = without(f.Addresses.Rows, i)
	case what == "country" && f.Addresses != nil && i >= 0 && i < len(f.Addresses.Rows):
		return rowName("addresses", i, "street") // its fields follow the country
	}
	return ""
}

// without leaves out the row of that number, if there is one.
func without[R any](rows []R, i int) []R {
	if i < 0 || i >= len(rows) {
		return rows
	}
	return append(rows[:i:i], rows[i+1:]...)
}

// cutLast cuts s at the last sep.
func cutLast(s, sep string) (before, after string, found bool) {
	at := strings.LastIndex(s, sep)
	if at < 0 {
		return s, "", false
	}
	return s[:at], s[at+len(sep):], true
}
