package dashboard

import (
	"net/http"
	"slices"
	"time"

	"complero/db"
	"complero/frontend/dashboard/query"
)

// A companiesPage shows a Customer's Companies side by side.
type companiesPage struct {
	frame
	Companies []companyRow
	// New leads to the page that makes a Company; "" for whoever may not.
	New string
	// Figures tells that there are any to be seen.
	Figures bool
	Done    string
}

// A companyRow is a Company with its figures of the last 30 days.
type companyRow struct {
	Name, URL, Sub                      string
	Contacts, Requests, Answered, Share string
	Archived                            string
}

// home is the desk of a Company where a User may see the most, from which a
// page that is about all of them asks the API.
func (a *App) home(r *http.Request, v *visit) (*desk, []*db.Company, error) {
	companies, err := v.who.Companies(r.Context())
	if err != nil || len(companies) == 0 {
		return nil, nil, err
	}
	at := max(0, slices.IndexFunc(companies, func(c *db.Company) bool { return c.ArchivedAt == nil }))
	t, err := v.who.Tenant(r.Context(), companies[at].ID, db.Live)
	if err != nil {
		return nil, nil, err
	}
	return a.desk(r, v, t), companies, nil
}

func (a *App) showCompanies(w http.ResponseWriter, r *http.Request, v *visit) error {
	d, companies, err := a.home(r, v)
	if err != nil {
		return err
	}
	p := &companiesPage{frame: v.frame(v.voice.Say("choice.title"))}
	if d != nil {
		if p, err = d.companiesPage(r, companies); err != nil {
			return err
		}
	}
	return send(w, r, http.StatusOK, companiesView(p))
}

// companiesPage asks for all Companies at once. Whoever may not see the figures
// of one still finds the way there.
func (d *desk) companiesPage(r *http.Request, companies []*db.Company) (*companiesPage, error) {
	p := &companiesPage{frame: d.visit.frame(d.voice.Say("choice.title")), Done: d.done}
	if d.administersAll() {
		p.New = "/app/new"
	}
	figures := map[string]*query.CompanyRow{}
	if d.mayAll(companies, db.ReportRead) {
		until := d.now().In(d.tenant.Company.Location())
		data, err := query.Companies(r.Context(), d.api, until.AddDate(0, 0, -29).Format(time.DateOnly), until.Format(time.DateOnly))
		if err != nil {
			return nil, err
		}
		if data.Customer != nil {
			p.Title, p.Figures = data.Customer.Name, true
			for i := range data.Customer.Companies {
				figures[data.Customer.Companies[i].Id] = &data.Customer.Companies[i]
			}
		}
	}
	for _, c := range companies {
		row := companyRow{Name: c.Name, URL: deskRoot(c, db.Live) + "/", Sub: c.CountryCode + " · " + c.Locale}
		if c.ArchivedAt != nil {
			row.Archived = d.voice.Say("companies.archived", "Date", d.day(c.ArchivedAt))
		}
		if f := figures[c.ID]; f != nil {
			row.Contacts, row.Requests = d.number(f.Report.Contacts), d.number(f.Report.Requests)
			row.Answered, row.Share = d.number(f.Report.Updated+f.Report.Confirmed), d.share(f.Report.ResponseRate)
		}
		p.Companies = append(p.Companies, row)
	}
	return p, nil
}

// mayAll reports whether whoever looks has a right in each of the Companies.
func (d *desk) mayAll(companies []*db.Company, right db.Right) bool {
	for _, c := range companies {
		if !slices.ContainsFunc(d.who.User.Roles, func(g db.Grant) bool {
			return (g.Role.Everywhere() || g.CompanyID == c.ID) && slices.Contains(g.Role.Rights(), right)
		}) {
			return false
		}
	}
	return true
}

// A newCompanyPage asks what a new Company is to be.
type newCompanyPage struct {
	frame
	Form   *form
	Inputs []input
}

func (a *App) showNewCompany(w http.ResponseWriter, r *http.Request, v *visit) error {
	d, companies, err := a.home(r, v)
	if err != nil {
		return err
	}
	if d == nil {
		return v.missing()
	}
	return d.newCompanyPage(w, r, filled("copyFrom", d.tenant.Company.ID), companies)
}

func (d *desk) newCompanyPage(w http.ResponseWriter, r *http.Request, f *form, companies []*db.Company) error {
	if !d.administersAll() {
		return d.missing()
	}
	from := input{Name: "copyFrom", Label: d.voice.Say("companies.copy"), Hint: d.voice.Say("companies.copy.hint"), Type: "select", Required: true, Choices: []pick{{"", d.voice.Say("companies.copy.none"), ""}}}
	for _, c := range companies {
		from.Choices = append(from.Choices, pick{c.ID, c.Name, ""})
	}
	return send(w, r, f.status(), newCompanyView(&newCompanyPage{frame: d.visit.frame(d.voice.Say("companies.new.title")), Form: f, Inputs: []input{
		{Name: "name", Label: d.voice.Say("settings.name"), Required: true, Max: 200},
		from,
		{Name: "countryCode", Label: d.voice.Say("settings.country"), Hint: d.voice.Say("companies.country.hint"), Max: 2},
		{Name: "locale", Label: d.voice.Say("settings.locale"), Hint: d.voice.Say("companies.locale.hint"), Max: 20},
		{Name: "timezone", Label: d.voice.Say("settings.timezone"), Hint: d.voice.Say("companies.timezone.hint"), Max: 60},
	}}))
}

func (a *App) makeCompany(w http.ResponseWriter, r *http.Request, v *visit) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	d, companies, err := a.home(r, v)
	if err != nil {
		return err
	}
	if d == nil {
		return v.missing()
	}
	answer, err := query.CompanyCreate(r.Context(), d.api, query.CompanyCreateInput{
		Name: f.Get("name"), CountryCode: f.optional("countryCode"), Locale: f.optional("locale"), Timezone: f.optional("timezone"), CopyFrom: f.optional("copyFrom"),
	})
	if err != nil {
		return err
	}
	if d.refuse(f, answer.CompanyCreate.UserErrors, nil); len(f.Problems) > 0 || answer.CompanyCreate.Company == nil {
		return d.newCompanyPage(w, r, f, companies)
	}
	return done(w, r, "/app/"+answer.CompanyCreate.Company.Slug+"/settings", "company.made")
}

func (a *App) showArchive(w http.ResponseWriter, r *http.Request, d *desk) error {
	return d.askArchive(w, r, "")
}

func (d *desk) askArchive(w http.ResponseWriter, r *http.Request, refused string) error {
	if !d.administersAll() || d.tenant.Mode != db.Live {
		return d.missing()
	}
	c := d.tenant.Company
	q := &confirmation{Action: d.root + "/settings/archive", Back: d.root + "/settings", Problem: refused, Hidden: filled("to", "archived")}
	if c.ArchivedAt != nil {
		q.deskFrame = d.frame("settings", d.voice.Say("archive.back.title", "Company", c.Name))
		q.Consequences, q.Do = []string{d.voice.Say("archive.back.lead")}, d.voice.Say("archive.back.do")
		q.Hidden = filled("to", "use")
		return d.confirm(w, r, q)
	}
	data, err := query.ArchiveConsequences(r.Context(), d.api)
	if err != nil {
		return err
	}
	keys := 0
	for _, k := range data.ApiKeys {
		if k.RevokedAt == nil && (k.ExpiresAt == nil || d.now().Before(*k.ExpiresAt)) {
			keys++
		}
	}
	q.deskFrame = d.frame("settings", d.voice.Say("archive.title", "Company", c.Name))
	q.Consequences = []string{
		d.voice.Say("archive.send"), d.voice.Count("archive.keys", keys), d.voice.Say("archive.contacts", "N", d.number(data.Report.Contacts)), d.voice.Say("archive.undo"),
	}
	q.Do = d.voice.Say("archive.do")
	return d.confirm(w, r, q)
}

// archiveCompany archives the Company or takes that back, as the form says: a form
// that was open for long does not do the opposite.
func (a *App) archiveCompany(w http.ResponseWriter, r *http.Request, d *desk) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	var wrong []query.Problem
	key := "company.archived"
	if f.Get("to") == "use" {
		key = "company.back"
		answer, failed := query.CompanyUnarchive(r.Context(), d.api)
		if err = failed; err == nil {
			wrong = answer.CompanyUnarchive.UserErrors
		}
	} else {
		answer, failed := query.CompanyArchive(r.Context(), d.api)
		if err = failed; err == nil {
			wrong = answer.CompanyArchive.UserErrors
		}
	}
	if err != nil {
		return err
	}
	if len(wrong) > 0 {
		return d.askArchive(w, r, d.voice.Say("problem."+string(wrong[0].Code)))
	}
	return done(w, r, d.root+"/settings", key)
}
