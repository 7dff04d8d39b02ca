package dashboard

import (
	"net/http"
	"strconv"

	"complero/frontend/dashboard/query"
)

// A rotatePage asks for how long a key's former secret is to be good.
type rotatePage struct {
	deskFrame
	Form  *form
	Input input
	Used  string
}

// overlaps are the hours that can be chosen; the API takes any up to 720.
var overlaps = []int{0, 1, 24, 72, 168, 720}

func (a *App) showRotateKey(w http.ResponseWriter, r *http.Request, d *desk) error {
	k, err := d.keyNamed(r)
	if err != nil {
		return err
	}
	return d.rotatePage(w, r, k, filled("hours", "24"))
}

func (d *desk) rotatePage(w http.ResponseWriter, r *http.Request, k *query.KeyRow, f *form) error {
	hours := input{Name: "hours", Label: d.voice.Say("keys.overlap"), Hint: d.voice.Say("keys.overlap.hint"), Type: "select", Required: true}
	for _, n := range overlaps {
		name := d.voice.Count("keys.hours", n)
		switch {
		case n == 0:
			name = d.voice.Say("keys.overlap.none")
		case n >= 48:
			name = d.voice.Count("keys.days", n/24)
		}
		hours.Choices = append(hours.Choices, pick{strconv.Itoa(n), name, ""})
	}
	return send(w, r, f.status(), rotateView(&rotatePage{
		deskFrame: d.frame("keys", d.voice.Say("keys.rotate.title", "Name", k.Name)), Form: f, Input: hours,
		Used: d.keyLastUsed(k),
	}))
}

func (d *desk) keyLastUsed(k *query.KeyRow) string {
	if k.LastUsedAt == nil {
		return d.voice.Say("keys.never")
	}
	return d.voice.Say("keys.last", "Date", d.moment(*k.LastUsedAt))
}

func (a *App) rotateKey(w http.ResponseWriter, r *http.Request, d *desk) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	k, err := d.keyNamed(r)
	if err != nil {
		return err
	}
	hours, err := strconv.Atoi(f.Get("hours"))
	if err != nil {
		f.Problems = append(f.Problems, problem{"hours", d.voice.Say("problem.INVALID"), ""})
		return d.rotatePage(w, r, k, f)
	}
	answer, err := query.KeyRotate(r.Context(), d.api, k.Id, &hours)
	if err != nil {
		return err
	}
	if d.refuse(f, answer.ApiKeyRotate.UserErrors, map[string]string{"overlapHours": "hours", "id": ""}); len(f.Problems) > 0 {
		return d.rotatePage(w, r, k, f)
	}
	made := answer.ApiKeyRotate
	if made.ApiKey == nil || made.Secret == nil {
		return d.missing()
	}
	former := d.voice.Say("keys.former.ended")
	if made.ApiKey.FormerUntil != nil {
		former = d.voice.Say("keys.former.until", "Date", d.moment(*made.ApiKey.FormerUntil))
	}
	return d.secretPage(w, r, k.Name, *made.Secret, former)
}

func (a *App) showRevokeKey(w http.ResponseWriter, r *http.Request, d *desk) error {
	k, err := d.keyNamed(r)
	if err != nil {
		return err
	}
	return d.askRevoke(w, r, k, "")
}

func (d *desk) askRevoke(w http.ResponseWriter, r *http.Request, k *query.KeyRow, refused string) error {
	return d.confirm(w, r, &confirmation{
		deskFrame:    d.frame("keys", d.voice.Say("keys.revoke.title", "Name", k.Name)),
		Consequences: []string{d.voice.Say("keys.revoke.lead"), d.keyLastUsed(k)},
		Do:           d.voice.Say("keys.revoke.do"), Action: d.root + "/keys/" + k.Id + "/revoke", Back: d.root + "/keys", Problem: refused,
	})
}

func (a *App) revokeKey(w http.ResponseWriter, r *http.Request, d *desk) error {
	k, err := d.keyNamed(r)
	if err != nil {
		return err
	}
	answer, err := query.KeyRevoke(r.Context(), d.api, k.Id)
	if err != nil {
		return err
	}
	if wrong := answer.ApiKeyRevoke.UserErrors; len(wrong) > 0 {
		return d.askRevoke(w, r, k, d.voice.Say("problem."+string(wrong[0].Code)))
	}
	return done(w, r, d.root+"/keys", "key.revoked")
}
