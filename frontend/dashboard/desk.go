package dashboard

import (
	"net/http"
	"strings"

	"github.com/Khan/genqlient/graphql"

	"complero/db"
)

// A desk is a visit to the pages of one Company, live or test.
type desk struct {
	*visit
	tenant *db.Tenant
	api    graphql.Client
	// own is what api calls.
	own API
	// root is where the Company's pages begin: /app/nordlicht, of test mode
	// /app/nordlicht.test.
	root string
	// done is what the page before has done, for this one to say.
	done string
}

// testMark ends a Company's name in the addresses of test mode. Slugs have no dots.
const testMark = ".test"

// A deskHandler serves a page of a Company.
type deskHandler func(w http.ResponseWriter, r *http.Request, d *desk) error

// at opens the Company that a path names, for whoever is signed in.
func (a *App) at(h deskHandler) handler {
	return a.signedIn(func(w http.ResponseWriter, r *http.Request, v *visit) error {
		t, err := companyOf(r, v.who)
		if err != nil {
			return err
		}
		if t.Viewer.EmployeeID != "" && r.Method == http.MethodGet {
			http.Redirect(w, r, meRoot(t.Company, t.Mode)+"/", http.StatusSeeOther)
			return nil
		}
		return h(w, r, a.desk(r, v, t))
	})
}

// Handle adds to a mux what is not made here but belongs to a Company's pages,
// behind the same door.
func (a *App) Handle(mux *http.ServeMux, route string, serve func(w http.ResponseWriter, r *http.Request, t *db.Tenant)) {
	mux.Handle(route, a.page(a.at(func(w http.ResponseWriter, r *http.Request, d *desk) error {
		serve(w, r, d.tenant)
		return nil
	})))
}

// companyIn is the Company, live or test, that a path names.
func companyIn(r *http.Request) (name string, mode db.Mode) {
	name, test := strings.CutSuffix(r.PathValue("company"), testMark)
	if test {
		return name, db.Test
	}
	return name, db.Live
}

// desk is a visit to a Company's pages.
func (a *App) desk(r *http.Request, v *visit, t *db.Tenant) *desk {
	return &desk{
		visit: v, tenant: t, api: client{api: a.api, tenant: t}, own: a.api,
		root: deskRoot(t.Company, t.Mode), done: r.URL.Query().Get("done"),
	}
}

func deskRoot(c *db.Company, mode db.Mode) string {
	root := "/app/" + c.Slug
	if mode == db.Test {
		root += testMark
	}
	return root
}

// showHome leads to the Company that a User works in, or lets them choose.
func (a *App) showHome(w http.ResponseWriter, r *http.Request, v *visit) error {
	if r.URL.Path != "/app/" {
		return v.missing()
	}
	d, companies, err := a.home(r, v)
	if err != nil {
		return err
	}
	if len(companies) == 1 {
		http.Redirect(w, r, homeIn(v.who.User, d.tenant.Company), http.StatusSeeOther)
		return nil
	}
	return a.showCompanies(w, r, v)
}

// A deskFrame is what stands around a Company's page: where one is, and where
// one can go.
type deskFrame struct {
	frame
	Company string
	Slug    string
	Root    string
	Test    bool
	// Other is the same page in the other mode.
	Other string
	// Here is the area that the page belongs to.
	Here  string
	Areas []area
	// Done is what was just done, as a text's key below "done."; "" for nothing.
	Done string
	// Several tells that the User works in other Companies too.
	Several bool
}

// An area is a part of the dashboard, in a group or, with "", before them.
type area struct{ Key, Path, Group string }

// areas are all of them, with the right that opens each.
var areas = []struct {
	area
	right db.Right
}{
	{area{"overview", "/", ""}, db.ReportRead},
	{area{"contacts", "/contacts", "data"}, db.ContactsRead},
	{area{"operations", "/operations", "data"}, db.ContactsWrite},
	{area{"lookup", "/lookup", "data"}, db.RequestsRead},
	{area{"requests", "/requests", "ask"}, db.RequestsRead},
	{area{"texts", "/texts", "ask"}, db.CompanyRead},
	{area{"consents", "/consents", "ask"}, db.ConsentsRead},
	{area{"report", "/report", "ask"}, db.ReportRead},
	{area{"brand", "/brand", "house"}, db.CompanyRead},
	{area{"settings", "/settings", "house"}, db.CompanyWrite},
	{area{"team", "/team", "house"}, db.TeamRead},
	{area{"keys", "/keys", "house"}, db.CompanyWrite},
	{area{"audit", "/audit", "house"}, db.AuditRead},
}

// may reports whether whoever looks has a right here.
func (d *desk) may(right db.Right) bool { return d.tenant.Viewer.May(right) }

// frame is what stands around a page of an area.
func (d *desk) frame(here, title string) deskFrame {
	c := d.tenant.Company
	f := deskFrame{
		frame: d.visit.frame(title), Company: c.Name, Slug: c.Slug, Root: d.root, Test: d.tenant.Mode == db.Test, Here: here, Done: d.done,
		Several: len(d.who.User.Roles) > 1 || d.who.User.Roles[0].Role.Everywhere(),
	}
	other := db.Test
	if f.Test {
		other = db.Live
	}
	f.Other = deskRoot(c, other)
	for _, a := range areas {
		if d.may(a.right) {
			f.Areas = append(f.Areas, a.area)
		}
		if a.Key == here {
			f.Other += a.Path
		}
	}
	return f
}
