package webapp

import (
	"net/http"

	"complero/db"
	"complero/frontend"
)

// A stopPage asks whether to stop asking, or says that it is so.
type stopPage struct {
	frame
	Text    string
	Stopped bool
	Resumed bool
	// Open tells that the link still leads somewhere.
	Open bool
	// Final tells that it cannot be undone here: who it is can no longer be shown.
	Final bool
}

func (a *App) showStop(w http.ResponseWriter, r *http.Request) error {
	v, err := a.visit(r)
	if err != nil {
		return err
	}
	if v.link.State == db.LinkGone {
		return v.closed()
	}
	p := v.stopPage("stop.title", "stop.hint")
	if v.link.Withheld() { // whether it is so already is not shown
		p = v.stopPage("stop.title", "verify.stop.hint")
	}
	if v.link.Contact.StoppedAt != nil {
		p = v.stopPage("stop.done.title", "stop.done.hint")
		p.Stopped = true
	}
	return frontend.Send(w, r, http.StatusOK, stopView(p))
}

// stop takes one post and no login, and works after expiry too. The post of a
// mail program (RFC 8058) gets a plain answer and is never redirected.
func (a *App) stop(w http.ResponseWriter, r *http.Request) error {
	v, err := a.posted(w, r)
	if err != nil {
		return err
	}
	if err := v.link.Stop(r.Context(), evidence(r)); err != nil {
		return err
	}
	if r.PostForm.Get("List-Unsubscribe") == "One-Click" {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		_, _ = w.Write([]byte(v.voice.Say("stop.done.title") + "\n"))
		return nil
	}
	p := v.stopPage("stop.done.title", "stop.done.hint")
	p.Stopped = true
	return frontend.Send(w, r, http.StatusOK, stopView(p))
}

// resume takes a stop back. That is the Contact's own to do: where a
// Verification is due, it comes first.
func (a *App) resume(w http.ResponseWriter, r *http.Request) error {
	v, err := a.posted(w, r)
	if err != nil {
		return err
	}
	if v.link.State == db.LinkUnverified {
		return &unverified{visit: v, then: "/stop"}
	}
	if n := v.closed(); n != nil && v.link.Withheld() {
		return n
	}
	if err := v.link.Resume(r.Context()); err != nil {
		return err
	}
	p := v.stopPage("stop.resumed.title", "stop.resumed.hint")
	if v.link.State == db.LinkDeceased {
		p = v.stopPage("deceased.undone.title", "deceased.undone")
		p.Open = true
	}
	p.Resumed, p.Tongues.Path = true, v.root
	return frontend.Send(w, r, http.StatusOK, stopView(p))
}

func (v *visit) stopPage(title, hint string) *stopPage {
	return &stopPage{
		frame: v.frame(v.voice.Say(title)), Text: v.voice.Say(hint, "Company", v.company()),
		Open:  v.link.State == db.LinkOpen || v.link.State == db.LinkUnverified,
		Final: v.link.Withheld() && v.link.State != db.LinkUnverified,
	}
}
