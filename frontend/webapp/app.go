package webapp

import (
	"log/slog"
	"net/http"
	"sync"
	"time"

	"complero/db"
	"complero/frontend"
	"complero/frontend/locales"
	"complero/frontend/static"
)

// An App serves the Web App's pages.
type App struct {
	store    *db.Store
	log      *slog.Logger
	looks    *looks
	shells   *shells
	wordings *wordings
	options  map[*locales.Voice]countryOptions
	calling  map[*locales.Voice]countryOptions
	// zones keeps timezones by name, which Go reads from a file each time.
	zones sync.Map
	// phones keeps what takes long to write.
	phones shownPhones
	// pace is that of tried check codes.
	pace *frontend.Pace
}

// New makes an App over a Store.
func New(store *db.Store, log *slog.Logger) *App {
	a := &App{
		store: store, log: log, looks: newLooks(), shells: newShells(), wordings: newWordings(), pace: frontend.NewPace(checkBurst, checkEvery),
		options: map[*locales.Voice]countryOptions{}, calling: map[*locales.Voice]countryOptions{},
	}
	for _, voice := range locales.All() {
		a.options[voice] = newCountryOptions(voice)
		a.calling[voice] = newCallingOptions(voice)
	}
	return a
}

// Routes adds the App's pages to a mux, and with them the pages for addresses
// that nothing else serves.
func (a *App) Routes(mux frontend.Routes) {
	for _, route := range []struct {
		path, allow string
		serve       map[string]handler
	}{
		{"/u/{token}", "GET, HEAD, POST", map[string]handler{"GET": a.showIntro, "POST": a.answer}},
		{"/u/{token}/form", "GET, HEAD", map[string]handler{"GET": a.showForm}},
		{"/u/{token}/thanks", "GET, HEAD", map[string]handler{"GET": a.showThanks}},
		{"/u/{token}/abroad", "GET, HEAD", map[string]handler{"GET": a.showAbroad}},
		{"/u/{token}/deceased", "GET, HEAD, POST", map[string]handler{"GET": a.showDeceased, "POST": a.deceased}},
		{"/u/{token}/question", "GET, HEAD, POST", map[string]handler{"GET": a.showQuestion, "POST": a.question}},
		{"/u/{token}/stop", "GET, HEAD, POST", map[string]handler{"GET": a.showStop, "POST": a.stop}},
		{"/u/{token}/verify", "GET, HEAD, POST", map[string]handler{"GET": a.showVerify, "POST": a.verify}},
		{"/u/{token}/resume", "POST", map[string]handler{"POST": a.resume}},
		{"/u/{token}/withdraw", "POST", map[string]handler{"POST": a.withdraw}},
		{"/check", "GET, HEAD, POST", map[string]handler{"GET": a.showCheck, "POST": a.check}},
		{"/address/{token}", "GET, HEAD, POST", map[string]handler{"GET": a.showAddress, "POST": a.address}},
		{"/preview/{preview}", "GET, HEAD, POST", map[string]handler{"GET": a.showPreview, "POST": a.leavePreview}},
		{"/preview/{preview}/{page}", "GET, HEAD, POST", map[string]handler{"GET": a.showPreviewPage, "POST": a.leavePreview}},
		{"/assets/{file}", "GET, HEAD", map[string]handler{"GET": a.showAsset}},
		{"/brand/{company}/{file}", "GET, HEAD", map[string]handler{"GET": a.showBrand}},
		{"/{$}", "GET, HEAD", map[string]handler{"GET": a.showHome}},
	} {
		for method, h := range route.serve {
			mux.Handle(method+" "+route.path, a.page(h))
		}
		mux.Handle(route.path, a.page(notAllowed(route.allow)))
	}
	mux.Handle("GET "+static.CSS().Path, static.CSS())
	mux.Handle("/", a.page(a.showMissing))
}

// zone is a Company's timezone.
func (a *App) zone(c *db.Company) *time.Location {
	if known, found := a.zones.Load(c.Timezone); found {
		return known.(*time.Location)
	}
	zone := c.Location()
	a.zones.Store(c.Timezone, zone)
	return zone
}

// A handler serves one page; the error that it returns is shown as one.
type handler func(w http.ResponseWriter, r *http.Request) error

// page makes a handler of net/http of ours.
func (a *App) page(h handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			a.showError(w, r, err)
		}
	}
}

// notAllowed answers the methods that a page does not have.
func notAllowed(allow string) handler {
	return func(w http.ResponseWriter, _ *http.Request) error {
		w.Header().Set("Allow", allow)
		return &notice{status: http.StatusMethodNotAllowed, title: "notice.method.title", text: "notice.method"}
	}
}

func (a *App) showMissing(_ http.ResponseWriter, r *http.Request) error {
	if _, _, err := a.here(r); err != nil {
		return err
	}
	return &notice{status: http.StatusNotFound, title: "notice.missing.title", text: "notice.missing"}
}

func (a *App) showHome(w http.ResponseWriter, r *http.Request) error {
	company, brand, err := a.here(r)
	if err != nil {
		return err
	}
	if company != nil {
		p := noticePage{frame: *a.homeFrame(r, company, brand)}
		p.Text = p.Say("home.company", "Company", p.Look.Name)
		return frontend.Send(w, r, http.StatusOK, noticeView(p))
	}
	return &notice{status: http.StatusOK, title: "home.title", text: "home.hint"}
}
