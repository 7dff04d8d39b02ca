package dashboard

import (
	"net/http"
	"strconv"
	"strings"

	"complero/frontend/dashboard/query"
)

// A publishPage asks before a draft, or an older version, comes into use.
type publishPage struct {
	deskFrame
	Back, Do  string
	Lead      string
	Changes   []settingChange
	Problems  []problem
	Warnings  []said
	MayChange bool
	// Look is how a version looks; nil where that is seen elsewhere.
	Look *lookPart
}

// A settingChange is a setting before and after.
type settingChange struct {
	Label, Before, After string
	// Color tells that both are colours, of which "" is derived.
	Color bool
}

func (a *App) askPublish(w http.ResponseWriter, r *http.Request, d *desk) error {
	return d.publishPage(w, r, filled())
}

func (d *desk) publishPage(w http.ResponseWriter, r *http.Request, f *form) error {
	data, err := query.BrandDraft(r.Context(), d.api)
	if err != nil {
		return err
	}
	draft := data.Company.BrandDraft
	if draft == nil {
		http.Redirect(w, r, d.root+"/brand", http.StatusSeeOther)
		return nil
	}
	if len(f.Problems) == 0 {
		f.Problems = d.brandProblems(&draft.Judgement)
	}
	p := &publishPage{
		deskFrame: d.frame("brand", d.voice.Say("brand.publish.title")), Back: d.root + "/brand", Do: d.voice.Say("brand.publish.now"),
		Lead: d.voice.Say("brand.publish.lead"), Changes: d.changes(&data.Company.Brand, &draft.Look), Problems: f.Problems, MayChange: d.mayBrand(),
	}
	for _, one := range draft.Warnings {
		p.Warnings = append(p.Warnings, said{d.voice.Say("brand." + strings.Join(one.Path, ".")), one.Message})
	}
	status := http.StatusOK
	if r.Method == http.MethodPost {
		status = http.StatusUnprocessableEntity
	}
	return sendFraming(w, r, status, publishView(p))
}

func (a *App) publish(w http.ResponseWriter, r *http.Request, d *desk) error {
	data, err := query.BrandPublish(r.Context(), d.api)
	if err != nil {
		return err
	}
	if wrong := data.BrandPublish.UserErrors; len(wrong) > 0 {
		// What the draft itself says is wrong is told by the page.
		f := filled()
		if wrong[0].Code != query.ErrorCodeInvalid {
			d.refuse(f, wrong, nil)
		}
		return d.publishPage(w, r, f)
	}
	return done(w, r, d.root+"/brand", "brand.published")
}

// changes are the settings in which two looks differ.
func (d *desk) changes(before, after *query.Look) []settingChange {
	var changes []settingChange
	was, is := brandForm(before), brandForm(after)
	for _, name := range []string{
		"name", "colors.primary", "colors.accent", "colors.background", "colors.text",
		"dark.primary", "dark.accent", "dark.background", "dark.text", "headingFont", "bodyFont",
	} {
		if was.Get(name) != is.Get(name) {
			color := strings.Contains(name, ".")
			changes = append(changes, settingChange{d.voice.Say("brand." + name), was.Get(name), is.Get(name), color})
		}
	}
	for _, one := range []struct{ name, word string }{{"cornerRadius", "brand.radius."}, {"formality", "brand.formality."}} {
		if was.Get(one.name) != is.Get(one.name) {
			before, after := d.voice.Say(one.word+was.Get(one.name)), d.voice.Say(one.word+is.Get(one.name))
			changes = append(changes, settingChange{d.voice.Say("brand." + one.name), before, after, false})
		}
	}
	for _, one := range []struct {
		name    string
		was, is *string
	}{{"logo", before.LogoUrl, after.LogoUrl}, {"logoDark", before.LogoDarkUrl, after.LogoDarkUrl}, {"icon", before.IconUrl, after.IconUrl}} {
		if textOf(one.was) != textOf(one.is) {
			changes = append(changes, settingChange{d.voice.Say("brand." + one.name), d.pictureWord(one.was), d.pictureWord(one.is), false})
		}
	}
	return changes
}

// pictureWord says whether there is a picture.
func (d *desk) pictureWord(url *string) string {
	if url == nil {
		return d.voice.Say("brand.picture.none")
	}
	return d.voice.Say("brand.picture.there")
}

func (a *App) askDiscard(w http.ResponseWriter, r *http.Request, d *desk) error {
	data, err := query.Brand(r.Context(), d.api)
	if err != nil {
		return err
	}
	if data.Company.BrandDraft == nil {
		http.Redirect(w, r, d.root+"/brand", http.StatusSeeOther)
		return nil
	}
	n := len(d.changes(&data.Company.Brand, data.Company.BrandDraft))
	return send(w, r, http.StatusOK, confirmView(&confirmation{
		deskFrame: d.frame("brand", d.voice.Say("brand.discard.title")), Consequences: []string{d.voice.Count("brand.discard.lead", n)},
		Do: d.voice.Say("brand.discard.do"), Action: r.URL.Path, Back: d.root + "/brand",
	}))
}

func (a *App) discard(w http.ResponseWriter, r *http.Request, d *desk) error {
	data, err := query.BrandDraftDiscard(r.Context(), d.api)
	if err != nil {
		return err
	}
	if wrong := data.BrandDraftDiscard.UserErrors; len(wrong) > 0 {
		return d.conflict(wrong)
	}
	return done(w, r, d.root+"/brand", "brand.discarded")
}

// conflict is the page for what can be done no more, or not by whoever tried.
func (d *desk) conflict(wrong []query.Problem) error {
	f := filled()
	d.refuse(f, wrong, nil)
	return &notice{http.StatusConflict, d.voice.Say("notice.conflict.title"), f.Problems[0].Text + " " + f.Problems[0].Detail}
}

// versionsPerPage is how many versions are listed at a time.
const versionsPerPage = 20

// A versionsPage lists the versions of the Brand that were in use.
type versionsPage struct {
	deskFrame
	Tabs  []tab
	Rows  []brandVersion
	After string
}

// A brandVersion is a version in the list.
type brandVersion struct {
	URL, Title, When, Note, Fonts string
	Colors                        []string
	Used                          bool
}

func (a *App) showVersions(w http.ResponseWriter, r *http.Request, d *desk) error {
	first := versionsPerPage + 1
	var before *int
	if n, err := strconv.Atoi(r.FormValue("before")); err == nil {
		before = &n
	}
	data, err := query.BrandVersions(r.Context(), d.api, &first, before)
	if err != nil {
		return err
	}
	p := &versionsPage{deskFrame: d.frame("brand", d.voice.Say("brand.title")), Tabs: d.brandTabs("versions")}
	versions := data.Company.BrandVersions
	if len(versions) == first {
		versions = versions[:versionsPerPage]
		p.After = d.root + "/brand/versions?before=" + strconv.Itoa(versions[versionsPerPage-1].Version)
	}
	for i := range versions {
		p.Rows = append(p.Rows, d.brandVersion(&versions[i], data.Company.Brand.Version))
	}
	return send(w, r, http.StatusOK, versionsView(p))
}

func (d *desk) brandVersion(of *query.Look, used int) brandVersion {
	row := brandVersion{
		URL:   d.root + "/brand/versions/" + strconv.Itoa(of.Version),
		Title: d.voice.Say("brand.version", "N", d.number(of.Version)), Used: of.Version == used,
		Fonts:  of.HeadingFont + " / " + of.BodyFont,
		Colors: []string{of.Colors.Primary, of.Colors.Accent, of.Colors.Background, of.Colors.Text},
	}
	if of.PublishedAt != nil {
		row.When = d.moment(*of.PublishedAt)
	}
	if of.RestoredFrom != nil {
		row.Note = d.voice.Say("brand.restored", "N", d.number(*of.RestoredFrom))
	}
	return row
}

// version is the version that a page's address names, with the one in use.
func (d *desk) version(r *http.Request) (named, used *query.Look, err error) {
	n, err := strconv.Atoi(r.PathValue("version"))
	if err != nil {
		return nil, nil, d.missing()
	}
	first, before := 1, n+1
	data, err := query.BrandVersions(r.Context(), d.api, &first, &before)
	if err != nil {
		return nil, nil, err
	}
	if len(data.Company.BrandVersions) == 0 || data.Company.BrandVersions[0].Version != n {
		return nil, nil, d.missing()
	}
	return &data.Company.BrandVersions[0], &data.Company.Brand, nil
}

// showVersion shows an older version, and asks whether it is to be used again.
func (a *App) showVersion(w http.ResponseWriter, r *http.Request, d *desk) error {
	named, used, err := d.version(r)
	if err != nil {
		return err
	}
	data, err := query.BrandPreview(r.Context(), d.api, &named.Version, nil, nil, nil)
	if err != nil {
		return err
	}
	shown := data.BrandPreview
	p := &publishPage{
		deskFrame: d.frame("brand", d.voice.Say("brand.version", "N", d.number(named.Version))), Back: d.root + "/brand/versions",
		Do: d.voice.Say("brand.rollback.do"), Changes: d.changes(used, named), MayChange: d.mayBrand() && named.Version != used.Version,
		Look: &lookPart{
			Page: pathOf(shown.PageUrl), Form: pathOf(shown.FormUrl), Mail: d.root + "/brand/mail?version=" + strconv.Itoa(named.Version),
			From: shown.Mail.From, Subject: shown.Mail.Subject, SMS: shown.Sms, Letter: shown.Letter, Locale: shown.Locale, Direction: "auto",
		},
	}
	p.Lead = d.voice.Say("brand.rollback.lead", "N", d.number(used.Version))
	if named.Version == used.Version {
		p.Lead = d.voice.Say("brand.rollback.used")
	}
	return sendFraming(w, r, http.StatusOK, publishView(p))
}

func (a *App) rollBack(w http.ResponseWriter, r *http.Request, d *desk) error {
	named, _, err := d.version(r)
	if err != nil {
		return err
	}
	data, err := query.BrandRollback(r.Context(), d.api, named.Version)
	if err != nil {
		return err
	}
	if wrong := data.BrandRollback.UserErrors; len(wrong) > 0 {
		return d.conflict(wrong)
	}
	return done(w, r, d.root+"/brand/versions", "brand.rolledback")
}
