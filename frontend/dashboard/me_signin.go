package dashboard

import (
	"net/http"

	"complero/db"
)

// A meSignInPage lets an Employee in, by passkey or by a link that is mailed to them.
type meSignInPage struct {
	signInPage
	Form *form
	// Asked says that a link was asked for.
	Asked bool
}

func (a *App) showMeSignIn(w http.ResponseWriter, r *http.Request, v *visit) error {
	who, err := a.whoIs(r)
	if err != nil {
		return err
	}
	if who != nil {
		http.Redirect(w, r, meNext(r), http.StatusSeeOther)
		return nil
	}
	return a.meSignIn(w, r, v, filled(), http.StatusOK)
}

func (a *App) meSignIn(w http.ResponseWriter, r *http.Request, v *visit, f *form, status int) error {
	p := &meSignInPage{Form: f, Asked: r.URL.Query().Get("asked") != ""}
	p.signInPage = signInPage{frame: v.frame(v.voice.Say("me.signin.title")), Next: meNext(r)}
	return send(w, r, status, meSignInView(p))
}

// meNext is where an Employee wanted to go, or their own pages.
func meNext(r *http.Request) string {
	if to := next(r); to != "/app/" {
		return to
	}
	return "/me/"
}

// askForLink has a link mailed. What it answers, and when, does not depend on
// whose the address is, or whether it is anybody's.
func (a *App) askForLink(w http.ResponseWriter, r *http.Request, v *visit) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	err = a.store.AskDoor(r.Context(), f.Get("email"), place(r))
	switch {
	case db.CodeOf(err) == db.TryLater:
		return &notice{http.StatusTooManyRequests, v.voice.Say("me.signin.later.title"), v.voice.Say("me.signin.later")}
	case len(db.ErrorsOf(err)) > 0:
		f.Problems = append(f.Problems, problem{Field: "email", Text: v.voice.Say("problem.INVALID_EMAIL")})
		return a.meSignIn(w, r, v, f, f.status())
	case err != nil:
		return err
	}
	http.Redirect(w, r, "/me/sign-in?asked=1", http.StatusSeeOther)
	return nil
}
