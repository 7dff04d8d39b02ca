package webapp

import (
	"cmp"
	"errors"
	"log/slog"
	"net/http"

	"complero/db"
	"complero/frontend"
	"complero/frontend/locales"
	"complero/theme"
)

// A notice is a page that says something instead of what was asked for. A
// handler returns it as its error.
type notice struct {
	status int
	// title and text are keys of texts.
	title, text string
	// visit gives the page its Brand; nil makes a neutral page.
	visit *visit
	// reload offers to open the link again.
	reload bool
	// reference is what to quote to the operator.
	reference string
}

func (n *notice) Error() string { return n.title }

// A noticePage is a notice as it is shown.
type noticePage struct {
	frame
	Text      string
	Reference string
	Reload    bool
	// Closed is set on a closed link, which still stops and withdraws.
	Closed bool
	// Mistaken offers to take back that the Contact has died.
	Mistaken bool
}

// showError turns the error of a handler into the page for it.
func (a *App) showError(w http.ResponseWriter, r *http.Request, err error) {
	err, shown := a.showUnverified(w, r, err)
	if shown {
		return
	}
	n := noticeOf(err)
	if n == nil {
		n = &notice{status: http.StatusInternalServerError, title: "notice.fault.title", text: "notice.fault"}
		n.reference = w.Header().Get("Request-Id")
		a.log.ErrorContext(r.Context(), "page failed", slog.String("route", r.Pattern), slog.String("requestId", n.reference), slog.Any("error", err))
	}
	if err := a.showNotice(w, r, n); err != nil {
		a.log.ErrorContext(r.Context(), "notice failed", slog.Any("error", err))
	}
}

func (a *App) showNotice(w http.ResponseWriter, r *http.Request, n *notice) error {
	return frontend.Send(w, r, n.status, noticeView(a.noticePage(r, n)))
}

// noticeOf is the notice for what a reader can understand; nil for a fault.
func noticeOf(err error) *notice {
	var n *notice
	if errors.As(err, &n) {
		return n
	}
	switch db.CodeOf(err) {
	case "":
		return nil
	case db.NotFoundCode:
		return &notice{status: http.StatusNotFound, title: "notice.unknown.title", text: "notice.unknown"}
	case db.Gone:
		return &notice{status: http.StatusGone, title: "notice.cancelled.title", text: "notice.cancelled"}
	case db.ConflictCode:
		return &notice{status: http.StatusConflict, title: "notice.conflict.title", text: "notice.conflict"}
	default: // a form that no page of ours has made
		return &notice{status: http.StatusBadRequest, title: "notice.unreadable.title", text: "notice.unreadable"}
	}
}

func (a *App) noticePage(r *http.Request, n *notice) noticePage {
	p := noticePage{Reference: n.reference, Reload: n.reload}
	if n.visit != nil {
		p.frame = n.visit.frame("")
		p.Closed = n.status == http.StatusGone && n.visit.link.State != db.LinkGone
		p.Mistaken = n.visit.link.State == db.LinkDeceased
	} else {
		p.frame = frame{Voice: locales.ForBrowser(r.Header.Get("Accept-Language")), shells: a.shells, Look: neutral}
		if chosen := chosenLanguage(r); chosen != "" {
			p.Voice = locales.For(theme.Formal, chosen)
		}
	}
	if r.Method == http.MethodPost {
		p.Tongues.Path = cmp.Or(p.Root, "/")
	}
	p.Title, p.Text = p.Say(n.title), p.Say(n.text)
	return p
}

// conflict is the notice for a link that closed while its page was open.
func (v *visit) conflict() *notice {
	return &notice{status: http.StatusConflict, title: "notice.conflict.title", text: "notice.conflict", visit: v, reload: true}
}

// form reads a posted form of at most frontend.MaxForm bytes.
func form(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, frontend.MaxForm)
	err := r.ParseForm()
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return &notice{status: http.StatusRequestEntityTooLarge, title: "notice.large.title", text: "notice.large"}
	}
	if err != nil {
		return &notice{status: http.StatusBadRequest, title: "notice.unreadable.title", text: "notice.unreadable"}
	}
	return nil
}
