package dashboard

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"complero/db"
	"complero/frontend"
	"complero/frontend/locales"
	"complero/frontend/static"
)

// An App serves the dashboard's pages.
type App struct {
	store    *db.Store
	log      *slog.Logger
	api      API
	passkeys *webauthn.WebAuthn
	// pace is that of tries to sign in.
	pace *frontend.Pace
	// secure cookies go over TLS only.
	secure bool
	// files writes reports as files; nil where none are offered.
	files FileWriter
}

// New makes an App over a Store and the API. Passkeys belong to the host name of the
// Store's base URL; those made under another one do not work.
func New(store *db.Store, api API, log *slog.Logger) (*App, error) {
	base, err := url.Parse(store.BaseURL())
	if err != nil {
		return nil, fmt.Errorf("read the base URL: %w", err)
	}
	host := base.Hostname()
	if net.ParseIP(host) != nil {
		host = "localhost" // browsers make no passkeys for an IP address; links sign in there
	}
	keys, err := webauthn.New(&webauthn.Config{
		RPID: host, RPDisplayName: "Complero", RPOrigins: []string{store.BaseURL()},
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired,
		},
	})
	if err != nil {
		return nil, fmt.Errorf("set passkeys up: %w", err)
	}
	return &App{pace: frontend.NewPace(doorBurst, doorEvery), store: store, api: api, log: log, passkeys: keys, secure: base.Scheme == "https"}, nil
}

// Routes adds the App's pages to a mux.
func (a *App) Routes(mux *http.ServeMux) {
	for _, f := range []*static.File{static.Passkeys(), static.HTMX(), static.Brand(), static.Dashboard(), static.Desk()} {
		mux.Handle("GET "+f.Path, f)
	}
	for route, h := range map[string]handler{
		"GET /sign-in":                  a.showSignIn,
		"POST /sign-in/options":         a.paced(a.askForPasskey),
		"POST /sign-in":                 a.paced(a.signIn),
		"GET /sign-in/{token}":          a.paced(a.showLink),
		"POST /sign-in/{token}":         a.paced(a.useLink),
		"GET /app/":                     a.signedIn(a.showHome),
		"GET /app/companies":            a.signedIn(a.showCompanies),
		"GET /app/new":                  a.signedIn(a.showNewCompany),
		"POST /app/new":                 a.signedIn(a.makeCompany),
		"GET /account":                  a.signedIn(a.showAccount),
		"POST /account/passkey/options": a.signedIn(a.askForNewPasskey),
		"POST /account/passkey":         a.signedIn(a.addPasskey),
		"POST /account/passkey/remove":  a.signedIn(a.removePasskey),
		"POST /account/session/end":     a.signedIn(a.endSession),
		"POST /sign-out":                a.signedIn(a.signOut),
		"GET /me/sign-in":               a.showMeSignIn,
		"POST /me/sign-in":              a.askForLink,
		"GET /me/{$}":                   a.signedIn(a.showMe),
	} {
		mux.Handle(route, a.page(h))
	}
	for route, h := range a.meRoutes() {
		mux.Handle(route, a.page(a.meAt(h)))
	}
	for _, area := range []map[string]deskHandler{
		a.overviewRoutes(),
		a.contactsRoutes(),
		a.operationsRoutes(),
		a.mergesRoutes(),
		a.lookupRoutes(),
		a.requestsRoutes(),
		a.textsRoutes(),
		a.consentsRoutes(),
		a.reportRoutes(),
		a.brandRoutes(),
		a.settingsRoutes(),
		a.teamRoutes(),
		a.keysRoutes(),
		a.auditRoutes(),
	} {
		for route, h := range area {
			mux.Handle(route, a.page(a.at(h)))
		}
	}
	for route, h := range a.uploadRoutes() {
		mux.Handle(route, a.pageOf(maxImport, a.at(h)))
	}
}

// A visit is a request of the dashboard: how its page speaks and, behind the
// door, who is signed in.
type visit struct {
	voice *locales.Voice
	// who is nil in front of the door.
	who *db.SignedIn
}

// A handler serves one page; the error that it returns is shown as one.
type handler func(w http.ResponseWriter, r *http.Request, v *visit) error

// page makes a handler of net/http of ours.
func (a *App) page(h handler) http.HandlerFunc { return a.pageOf(frontend.MaxForm, h) }

// pageOf is page for bodies of up to so many bytes.
func (a *App) pageOf(most int64, h handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v := &visit{voice: voiceFor("", r.Header.Get("Accept-Language"))}
		largest := most
		if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
			largest = max(most, maxUpload)
		}
		r.Body = http.MaxBytesReader(w, r.Body, largest)
		if err := h(w, r, v); err != nil {
			a.showError(w, r, v, err)
		}
	}
}

// How often somebody tries to come in from one place: as many as share an
// office's address in the morning, then one in two seconds.
const (
	doorBurst = 60
	doorEvery = 2 * time.Second
)

// paced has those wait who knock too often from one place. Each knock may leave
// a session behind, and each link may be a guess.
func (a *App) paced(h handler) handler {
	return func(w http.ResponseWriter, r *http.Request, v *visit) error {
		if !a.pace.Admits(r.RemoteAddr, time.Now()) {
			w.Header().Set("Retry-After", "60")
			return &notice{http.StatusTooManyRequests, v.voice.Say("notice.fast.title"), v.voice.Say("notice.fast")}
		}
		return h(w, r, v)
	}
}

// signedIn is the door: it leads whoever is not signed in to where they can be,
// and back afterwards.
func (a *App) signedIn(h handler) handler {
	return func(w http.ResponseWriter, r *http.Request, v *visit) error {
		who, err := a.whoIs(r)
		if err != nil {
			return err
		}
		if who == nil {
			to := "/sign-in"
			if strings.HasPrefix(r.URL.Path, "/me/") {
				to = "/me/sign-in"
			}
			if r.Method == http.MethodGet {
				to += "?next=" + url.QueryEscape(r.URL.RequestURI())
			}
			http.Redirect(w, r, to, http.StatusSeeOther)
			return nil
		}
		v.who, v.voice = who, voiceFor(who.User.Locale, r.Header.Get("Accept-Language"))
		return h(w, r, v)
	}
}

// next is where somebody wanted to go before they were led to the door: a page
// of ours, or the beginning.
func next(r *http.Request) string { return nextPage(r.FormValue("next")) }

func nextPage(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(u.Path, "/app/") && !strings.HasPrefix(u.Path, "/me/") && u.Path != "/account" || strings.Contains(to, "\\") {
		return "/app/"
	}
	return to
}

// place is where a request comes from.
func place(r *http.Request) db.Place {
	address, agent := frontend.Caller(r)
	return db.Place{Address: address, Agent: agent}
}

// A notice is a page that says something instead of what was asked for.
type notice struct {
	status      int
	title, text string
}

func (n *notice) Error() string { return n.title }

func (v *visit) missing() *notice {
	return &notice{http.StatusNotFound, v.voice.Say("notice.missing.title"), v.voice.Say("notice.missing")}
}

// showError turns the error of a handler into the page for it.
func (a *App) showError(w http.ResponseWriter, r *http.Request, v *visit, err error) {
	var n *notice
	var refused *apiError
	switch {
	case errors.As(err, &n):
	case errors.As(err, &refused) && (refused.code == db.Forbidden || refused.code == db.NotFoundCode):
		n = v.missing()
	case errors.As(err, &refused) && refused.mendable():
		n = &notice{http.StatusBadRequest, v.voice.Say("notice.bad.title"), v.voice.Say("notice.bad")}
	case db.CodeOf(err) == db.NotFoundCode || db.CodeOf(err) == db.Forbidden:
		n = v.missing()
	case len(db.ErrorsOf(err)) > 0:
		n = &notice{http.StatusConflict, v.voice.Say("notice.conflict.title"), err.Error()}
	default:
		reference := w.Header().Get("Request-Id")
		a.log.ErrorContext(r.Context(), "page failed", slog.String("route", r.Pattern), slog.String("requestId", reference), slog.Any("error", err))
		n = &notice{http.StatusInternalServerError, v.voice.Say("notice.fault.title"), v.voice.Say("notice.fault", "ID", reference)}
	}
	if err := send(w, r, n.status, noticeView(&noticePage{frame: v.frame(n.title), Text: n.text})); err != nil {
		a.log.ErrorContext(r.Context(), "notice failed", slog.Any("error", err))
	}
}
