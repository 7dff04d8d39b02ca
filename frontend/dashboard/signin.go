package dashboard

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"complero/db"
)

// A signInPage lets somebody in by passkey.
type signInPage struct {
	frame
	Next string
	// Ended says that they have just signed out.
	Ended bool
	// Problem is what was wrong with the last try.
	Problem string
}

func (a *App) showSignIn(w http.ResponseWriter, r *http.Request, v *visit) error {
	who, err := a.whoIs(r)
	if err != nil {
		return err
	}
	if who != nil {
		http.Redirect(w, r, next(r), http.StatusSeeOther)
		return nil
	}
	p := &signInPage{frame: v.frame(v.voice.Say("signin.title")), Next: next(r), Ended: r.FormValue("ended") != ""}
	return send(w, r, http.StatusOK, signInView(p))
}

// askForPasskey begins a session in which nobody is signed in, and answers
// with what the browser's passkey is to sign.
func (a *App) askForPasskey(w http.ResponseWriter, r *http.Request, _ *visit) error {
	options, asked, err := a.passkeys.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return fmt.Errorf("ask for a passkey: %w", err)
	}
	data, err := json.Marshal(asked)
	if err != nil {
		return err
	}
	token, err := a.store.BeginSession(r.Context(), data, place(r))
	if err != nil {
		return err
	}
	a.keep(w, token)
	return answerJSON(w, options)
}

func answerJSON(w http.ResponseWriter, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(data) // who has gone needs no answer
	return nil
}

// errRefused says that what a browser sent as a passkey's answer is none.
var errRefused = errors.New("the passkey's answer is not one that holds")

// signIn checks what the passkey signed, and opens a session.
func (a *App) signIn(w http.ResponseWriter, r *http.Request, v *visit) error {
	token, err := a.checkPasskey(r)
	if errors.Is(err, errRefused) || db.CodeOf(err) == db.Unauthenticated {
		p := &signInPage{frame: v.frame(v.voice.Say("signin.title")), Next: next(r), Problem: v.voice.Say("signin.refused")}
		return send(w, r, http.StatusForbidden, signInView(p))
	}
	if err != nil {
		return err
	}
	a.keep(w, token)
	http.Redirect(w, r, next(r), http.StatusSeeOther)
	return nil
}

// checkPasskey returns the token of the new session.
func (a *App) checkPasskey(r *http.Request) (string, error) {
	session, err := a.session(r)
	if err != nil {
		return "", err
	}
	var asked webauthn.SessionData
	if session == nil || session.UserID != nil || json.Unmarshal(session.Data, &asked) != nil {
		return "", errRefused
	}
	answer, err := protocol.ParseCredentialRequestResponseBytes([]byte(r.PostFormValue("answer")))
	if err != nil {
		return "", errRefused
	}
	var keys []*db.Passkey
	var fault error
	_, used, err := a.passkeys.ValidatePasskeyLogin(func(_, handle []byte) (webauthn.User, error) {
		var u *db.User
		if u, keys, fault = a.store.PasskeysOf(r.Context(), string(handle)); fault != nil || u == nil {
			return nil, errRefused
		}
		return newHolder(u, keys)
	}, asked, answer)
	if fault != nil {
		return "", fault
	}
	// A counter that goes back tells of a copied authenticator (Web Authentication Level 3, 6.1.1).
	if err != nil || used.Authenticator.CloneWarning {
		return "", errRefused
	}
	for _, k := range keys {
		if bytes.Equal(k.CredentialID, used.ID) {
			data, err := json.Marshal(used)
			if err != nil {
				return "", err
			}
			return a.store.UsePasskey(r.Context(), k, data, session, place(r))
		}
	}
	return "", errRefused
}

// A holder is a User as the library knows one.
type holder struct {
	user *db.User
	keys []webauthn.Credential
}

func newHolder(u *db.User, keys []*db.Passkey) (*holder, error) {
	h := &holder{user: u}
	for _, k := range keys {
		var c webauthn.Credential
		if err := json.Unmarshal(k.Data, &c); err != nil {
			return nil, fmt.Errorf("read passkey %s: %w", k.ID, err)
		}
		h.keys = append(h.keys, c)
	}
	return h, nil
}

// WebAuthnID is the handle that passkeys keep of the User.
func (h *holder) WebAuthnID() []byte { return []byte(h.user.ID) }

// WebAuthnName is by which a browser tells accounts apart.
func (h *holder) WebAuthnName() string { return h.user.Email }

// WebAuthnDisplayName is the User's name.
func (h *holder) WebAuthnDisplayName() string { return h.user.Name }

// WebAuthnCredentials are the User's passkeys.
func (h *holder) WebAuthnCredentials() []webauthn.Credential { return h.keys }

// A linkPage lets somebody in by a link that works once. To open it uses
// nothing up: mail scanners do that.
type linkPage struct {
	frame
	Customer string
	Token    string
}

func (a *App) showLink(w http.ResponseWriter, r *http.Request, v *visit) error {
	token := r.PathValue("token")
	u, err := a.store.SignInUser(r.Context(), token)
	if err != nil {
		return err
	}
	if u == nil {
		return v.linkOver()
	}
	customer, err := a.store.CustomerOf(r.Context(), u)
	if err != nil {
		return err
	}
	v.voice = voiceFor(u.Locale, r.Header.Get("Accept-Language"))
	p := &linkPage{frame: v.frame(v.voice.Say("link.title", "Name", u.Name)), Customer: customer.Name, Token: token}
	return send(w, r, http.StatusOK, linkView(p))
}

func (v *visit) linkOver() *notice {
	return &notice{http.StatusGone, v.voice.Say("link.over.title"), v.voice.Say("link.over")}
}

// useLink signs in by the link, and asks for a passkey where there is none.
func (a *App) useLink(w http.ResponseWriter, r *http.Request, v *visit) error {
	token, err := a.store.UseSignIn(r.Context(), r.PathValue("token"), place(r))
	if db.CodeOf(err) == db.Unauthenticated {
		return v.linkOver()
	}
	if err != nil {
		return err
	}
	a.keep(w, token)
	to := "/account"
	if employee, err := a.store.EmployeeOnly(r.Context(), token); err != nil {
		return err
	} else if employee {
		to = "/me/"
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}
