package dashboard

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"complero/db"
)

// An accountPage shows a User's own passkeys and where they are signed in.
type accountPage struct {
	frame
	Passkeys []passkeyRow
	Sessions []sessionRow
	// Problem is what was wrong with the last thing tried.
	Problem string
}

type passkeyRow struct {
	ID, Name, Made, Used string
}

type sessionRow struct {
	ID, Agent, Address, Seen string
	Here                     bool
}

func (a *App) showAccount(w http.ResponseWriter, r *http.Request, v *visit) error {
	return a.account(w, r, v, http.StatusOK, "")
}

func (a *App) account(w http.ResponseWriter, r *http.Request, v *visit, status int, problem string) error {
	keys, err := v.who.Passkeys(r.Context())
	if err != nil {
		return err
	}
	sessions, err := v.who.Sessions(r.Context())
	if err != nil {
		return err
	}
	p := &accountPage{frame: v.frame(v.voice.Say("passkeys.title")), Problem: problem}
	for _, k := range keys {
		row := passkeyRow{ID: k.ID, Name: k.Name, Made: v.voice.Say("passkeys.made", "Date", v.voice.Date(k.CreatedAt))}
		if k.UsedAt != nil {
			row.Used = v.voice.Say("passkeys.used", "Date", v.voice.Date(*k.UsedAt))
		}
		p.Passkeys = append(p.Passkeys, row)
	}
	for _, s := range sessions {
		p.Sessions = append(p.Sessions, sessionRow{
			ID: s.ID, Agent: browserName(s.Agent), Address: s.Address,
			Seen: v.voice.Say("sessions.seen", "Date", v.voice.Date(s.SeenAt)), Here: s.ID == v.who.Session.ID,
		})
	}
	return send(w, r, status, accountView(p))
}

// askForNewPasskey answers with what a new passkey is to be for.
func (a *App) askForNewPasskey(w http.ResponseWriter, r *http.Request, v *visit) error {
	keys, err := v.who.Passkeys(r.Context())
	if err != nil {
		return err
	}
	h, err := newHolder(v.who.User, keys)
	if err != nil {
		return err
	}
	options, asked, err := a.passkeys.BeginRegistration(h, webauthn.WithExclusions(webauthn.Credentials(h.keys).CredentialDescriptors()))
	if err != nil {
		return fmt.Errorf("ask for a new passkey: %w", err)
	}
	data, err := json.Marshal(asked)
	if err != nil {
		return err
	}
	if err := a.store.KeepInSession(r.Context(), v.who.Session.ID, data); err != nil {
		return err
	}
	return answerJSON(w, options)
}

// addPasskey keeps the new passkey, once.
func (a *App) addPasskey(w http.ResponseWriter, r *http.Request, v *visit) error {
	made, err := a.newPasskey(r, v.who)
	if errors.Is(err, errRefused) {
		return a.account(w, r, v, http.StatusForbidden, v.voice.Say("passkeys.refused"))
	}
	if err != nil {
		return err
	}
	if err := a.store.KeepInSession(r.Context(), v.who.Session.ID, []byte{}); err != nil {
		return err
	}
	data, err := json.Marshal(made)
	if err != nil {
		return err
	}
	name := r.PostFormValue("name")
	if name == "" {
		name = browserName(r.UserAgent())
	}
	_, err = v.who.AddPasskey(r.Context(), name, made.ID, data)
	if errs := db.ErrorsOf(err); len(errs) > 0 {
		return a.account(w, r, v, http.StatusConflict, errs.Error())
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/account", http.StatusSeeOther)
	return nil
}

// newPasskey checks what a browser made.
func (a *App) newPasskey(r *http.Request, who *db.SignedIn) (*webauthn.Credential, error) {
	var asked webauthn.SessionData
	if json.Unmarshal(who.Session.Data, &asked) != nil {
		return nil, errRefused
	}
	answer, err := protocol.ParseCredentialCreationResponseBytes([]byte(r.PostFormValue("answer")))
	if err != nil {
		return nil, errRefused
	}
	h := &holder{user: who.User}
	made, err := a.passkeys.CreateCredential(h, asked, answer)
	if err != nil {
		return nil, errRefused
	}
	return made, nil
}

func (a *App) removePasskey(w http.ResponseWriter, r *http.Request, v *visit) error {
	err := v.who.RemovePasskey(r.Context(), r.PostFormValue("id"))
	if errs := db.ErrorsOf(err); len(errs) > 0 {
		return a.account(w, r, v, http.StatusConflict, errs.Error())
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/account", http.StatusSeeOther)
	return nil
}
