package outbox

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"complero/db"
	"complero/frontend"
)

// passCookie holds what a browser got for a test key.
const passCookie = "complero_outbox"

// maxKey is the largest form with a key that is read, in bytes.
const maxKey = 4 << 10

// An App serves the outbox.
type App struct {
	store *db.Store
	demo  bool
}

// New makes an App over a Store. demo opens every Company's outbox to
// everybody; the Store must be one of a demo too.
func New(store *db.Store, demo bool) *App { return &App{store: store, demo: demo} }

// Routes adds the outbox to a mux.
func (a *App) Routes(mux frontend.Routes) {
	mux.Handle("GET /outbox", page(a.showList))
	mux.Handle("POST /outbox", page(a.enter))
	mux.Handle("GET /outbox/{id}", page(a.showMessage))
	mux.Handle("GET /outbox/{id}/html", page(a.showHTML))
}

// errClosed says that there is no such message, or not for this reader.
var errClosed = errors.New("the outbox is closed")

// page shows the error of a handler.
func page(h func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		err := h(w, r)
		if err == nil {
			return
		}
		p := keyPage{}
		status := http.StatusNotFound
		if !errors.Is(err, errClosed) {
			status, p.Fault = http.StatusInternalServerError, "Something went wrong. Request-Id: "+w.Header().Get("Request-Id")
			slog.ErrorContext(r.Context(), "outbox failed", slog.String("route", r.Pattern), slog.Any("error", err))
		}
		if err := frontend.Send(w, r, status, keyView(p)); err != nil {
			slog.ErrorContext(r.Context(), "outbox failed", slog.Any("error", err))
		}
	}
}

// A keyPage asks for a test key, where there is nothing to see without one.
type keyPage struct {
	// Fault says what was wrong with the last key.
	Fault string
}

// enter takes a test key once and gives a pass for it, as a cookie that no
// other website can send.
func (a *App) enter(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxKey)
	pass, until, err := a.store.OutboxPass(r.Context(), strings.TrimSpace(r.PostFormValue("key")))
	if errs := db.ErrorsOf(err); len(errs) > 0 {
		p := keyPage{Fault: "This is no test key that is known here. Copy it once more, with the ck_test_ that it begins with."}
		if db.CodeOf(err) == db.TestOnly {
			p.Fault = "This is a live key. Only the outbox of test mode can be read: show a test key, which begins with ck_test_."
		}
		return frontend.Send(w, r, http.StatusForbidden, keyView(p))
	}
	if err != nil {
		return err
	}
	http.SetCookie(w, &http.Cookie{
		Name: passCookie, Value: pass, Path: "/outbox", Expires: until, HttpOnly: true,
		SameSite: http.SameSiteStrictMode, Secure: strings.HasPrefix(a.store.BaseURL(), "https://"),
	})
	http.Redirect(w, r, "/outbox", http.StatusSeeOther)
	return nil
}

// tenants are those whose outboxes the reader may see; errClosed if there is none.
func (a *App) tenants(ctx context.Context, r *http.Request) ([]*db.Tenant, error) {
	if a.demo {
		return a.store.DemoTenants(ctx)
	}
	cookie, err := r.Cookie(passCookie)
	if err != nil {
		return nil, errClosed
	}
	t, err := a.store.OutboxTenant(ctx, cookie.Value)
	if db.CodeOf(err) == db.Unauthenticated {
		return nil, errClosed
	}
	if err != nil {
		return nil, err
	}
	return []*db.Tenant{t}, nil
}
