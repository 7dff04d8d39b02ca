package webapp

import (
	"crypto/subtle"
	"net/http"
	"net/url"
	"strings"

	"complero/db/verification"
)

// verifiedCookie names the cookie that lets a device in after a Verification.
const verifiedCookie = "complero-verified"

// formProof is the field of a form's address that shows where a post comes from.
const formProof = "form"

// admit lets the visit see the Contact if the device has passed the Company's
// Verification for this link.
func (a *App) admit(r *http.Request, v *visit) error {
	if !v.link.Withheld() {
		return nil
	}
	for _, cookie := range r.CookiesNamed(verifiedCookie) {
		if !a.fromOurPage(r, cookie.Value) {
			continue
		}
		admitted, err := v.link.Admit(r.Context(), cookie.Value)
		if admitted {
			v.proof = a.proofFor(r, cookie.Value)
		}
		if err != nil || admitted {
			return err
		}
	}
	return nil
}

// remember lets the device in from now on: into this link only, for
// verification.SessionTime. SameSite is Lax, since a link in a mail is opened
// from another site.
func (a *App) remember(w http.ResponseWriter, r *http.Request, v *visit, session string) {
	http.SetCookie(w, &http.Cookie{
		Name: verifiedCookie, Value: session, Path: v.root, MaxAge: int(verification.SessionTime.Seconds()),
		HttpOnly: true, Secure: r.TLS != nil || strings.HasPrefix(a.store.BaseURL(), "https://"), SameSite: http.SameSiteLaxMode,
	})
}

// Our pages tell nobody where they are (Referrer-Policy: no-referrer), so
// browsers post with "Origin: null", which any page can have them do. Whoever
// posts to a link knows its token, which no other page does. A session needs
// more, since a browser adds it by itself: the word of the browser in
// Sec-Fetch-Site, on which the server has insisted before, or, where the
// browser gives none (without TLS, and Safari before 16.4), a proof that only a
// page opened by this session can have.

// fromOurPage reports whether a session counts for a request.
func (a *App) fromOurPage(r *http.Request, session string) bool {
	if r.Header.Get("Sec-Fetch-Site") != "" || r.Header.Get("Origin") != "null" {
		return true
	}
	proof := r.URL.Query().Get(formProof)
	return subtle.ConstantTimeCompare([]byte(proof), []byte(a.store.FormProof(session))) == 1
}

// proofFor is what the addresses on a page end in where the browser will say
// nothing of where it posts from.
func (a *App) proofFor(r *http.Request, session string) string {
	if r.Header.Get("Sec-Fetch-Site") != "" {
		return ""
	}
	return "?" + formProof + "=" + url.QueryEscape(a.store.FormProof(session))
}
