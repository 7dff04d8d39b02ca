package dashboard

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"complero/db"
	"complero/frontend/dashboard/query"
)

// A definitionsPage lists what Contacts are asked to agree to.
type definitionsPage struct {
	deskFrame
	Tabs []link
	Rows []definitionRow
	// MayDefine tells that whoever looks may change them here; Elsewhere is where
	// they can, if it is only the mode that forbids it.
	MayDefine bool
	Elsewhere string
}

// A definitionRow is a definition in the list.
type definitionRow struct {
	URL, Title, Key, Basis, Channels, Version, Languages string
	Active                                               bool
}

// A definitionPage changes a definition, or makes one.
type definitionPage struct {
	deskFrame
	Form *form
	New  bool
	Key  string
	// Rows are the languages of the text; the last is for one more.
	Rows     []wordingRow
	Versions []versionRow
	Back     string
	// Archive is where it is taken out of use, or into use again.
	Archive, ArchiveDo string
	Archived           bool
}

// A wordingRow is the text in one language, by the place of its fields.
type wordingRow struct {
	N      string
	Locale string
	More   bool
}

// A versionRow is a version of the text.
type versionRow struct {
	Title    string
	Wordings []query.Wording
}

// mayDefine reports whether whoever looks may change definitions here.
func (d *desk) mayDefine() bool { return d.may(db.ConsentsWrite) && d.tenant.Mode == db.Live }

// elsewhere is the same path in live mode for those who could write there with
// a right; "" for all others.
func (d *desk) elsewhere(right db.Right, path string) string {
	if d.tenant.Mode == db.Live || !d.may(right) {
		return ""
	}
	return deskRoot(d.tenant.Company, db.Live) + path
}

func (a *App) showDefinitions(w http.ResponseWriter, r *http.Request, d *desk) error {
	data, err := query.ConsentDefinitions(r.Context(), d.api)
	if err != nil {
		return err
	}
	p := &definitionsPage{
		deskFrame: d.frame("consents", d.voice.Say("consents.title")), Tabs: d.consentTabs("definitions"), MayDefine: d.mayDefine(),
		Elsewhere: d.elsewhere(db.ConsentsWrite, "/consents/definitions"),
	}
	for i := range data.ConsentDefinitions {
		p.Rows = append(p.Rows, d.definitionRow(&data.ConsentDefinitions[i]))
	}
	slices.SortStableFunc(p.Rows, func(a, b definitionRow) int {
		switch {
		case a.Active == b.Active:
			return 0
		case a.Active:
			return -1
		}
		return 1
	})
	return send(w, r, http.StatusOK, definitionsView(p))
}

func (d *desk) definitionRow(of *query.Definition) definitionRow {
	row := definitionRow{
		URL: d.root + "/consents/definitions/" + of.Key + "/edit", Title: d.titleOf(of.Key, of.Wordings), Key: of.Key,
		Basis: d.basis(of.Advertising), Version: d.voice.Say("definition.version", "N", d.number(of.Version)), Active: of.Active,
	}
	var channels, languages []string
	for _, c := range of.Channels {
		channels = append(channels, d.channelName(&c))
	}
	for _, w := range of.Wordings {
		languages = append(languages, w.Locale)
	}
	row.Channels, row.Languages = strings.Join(channels, ", "), strings.Join(languages, ", ")
	if len(channels) == 0 {
		row.Channels = d.voice.Say("definition.channels.none")
	}
	return row
}

func (a *App) showNewDefinition(w http.ResponseWriter, r *http.Request, d *desk) error {
	if !d.mayDefine() {
		return d.missing()
	}
	return d.newDefinitionPage(w, r, filled("locale.0", d.tenant.Company.Locale))
}

func (d *desk) newDefinitionPage(w http.ResponseWriter, r *http.Request, f *form) error {
	return send(w, r, f.status(), definitionView(&definitionPage{
		deskFrame: d.frame("consents", d.voice.Say("definition.new")), Form: f, New: true, Rows: wordingRows(f),
		Back: d.root + "/consents/definitions",
	}))
}

func (a *App) makeDefinition(w http.ResponseWriter, r *http.Request, d *desk) error {
	if !d.mayDefine() {
		return d.missing()
	}
	f, err := readForm(r)
	if err != nil {
		return err
	}
	if of, err := d.definition(r, strings.TrimSpace(f.Get("key"))); err != nil {
		return err
	} else if of != nil {
		f.Problems = append(f.Problems, problem{Field: "key", Text: d.voice.Say("problem.TAKEN")})
		return d.newDefinitionPage(w, r, f)
	}
	if saved, err := d.keepDefinition(r, f, strings.TrimSpace(f.Get("key")), nil); err != nil {
		return err
	} else if !saved {
		return d.newDefinitionPage(w, r, f)
	}
	return done(w, r, d.root+"/consents/definitions", "definition.made")
}

// definition is the one of a key; nil if there is none.
func (d *desk) definition(r *http.Request, key string) (*query.Definition, error) {
	data, err := query.ConsentDefinitions(r.Context(), d.api)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(data.ConsentDefinitions, func(one query.Definition) bool { return one.Key == key })
	if i < 0 {
		return nil, nil
	}
	return &data.ConsentDefinitions[i], nil
}

// definitionNamed is the definition that a page's address names.
func (d *desk) definitionNamed(r *http.Request) (*query.Definition, error) {
	of, err := d.definition(r, r.PathValue("key"))
	if err == nil && of == nil {
		err = d.missing()
	}
	return of, err
}

func (a *App) showDefinition(w http.ResponseWriter, r *http.Request, d *desk) error {
	of, err := d.definitionNamed(r)
	if err != nil {
		return err
	}
	return d.definitionPage(w, r, of, definitionForm(of))
}

// definitionForm shows what is on file.
func definitionForm(of *query.Definition) *form {
	f := filled()
	if of.Advertising {
		f.Set("advertising", "yes")
	}
	for _, c := range of.Channels {
		f.Add("channels", string(c))
	}
	for i, one := range of.Wordings {
		n := "." + strconv.Itoa(i)
		f.Set("locale"+n, one.Locale)
		f.Set("title"+n, one.Title)
		f.Set("text"+n, one.Wording)
	}
	return f
}

func (d *desk) definitionPage(w http.ResponseWriter, r *http.Request, of *query.Definition, f *form) error {
	data, err := query.ConsentDefinitionVersions(r.Context(), d.api, of.Key)
	if err != nil {
		return err
	}
	p := &definitionPage{
		deskFrame: d.frame("consents", d.titleOf(of.Key, of.Wordings)), Form: f, Key: of.Key, Rows: wordingRows(f),
		Back: d.root + "/consents/definitions", Archived: !of.Active,
	}
	if d.mayDefine() {
		p.Archive, p.ArchiveDo = d.root+"/consents/definitions/"+of.Key+"/archive", d.voice.Say("definition.archive.do")
		if p.Archived {
			p.ArchiveDo = d.voice.Say("definition.restore.do")
		}
	}
	for _, one := range data.ConsentDefinitions {
		if one.Key != of.Key {
			continue
		}
		for _, v := range one.Versions {
			title := d.voice.Say("definition.version.of", "N", d.number(v.Version), "When", d.moment(v.CreatedAt))
			p.Versions = append(p.Versions, versionRow{title, v.Wordings})
		}
	}
	return send(w, r, f.status(), definitionView(p))
}

func (a *App) saveDefinition(w http.ResponseWriter, r *http.Request, d *desk) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	of, err := d.definitionNamed(r)
	if err != nil {
		return err
	}
	if saved, err := d.keepDefinition(r, f, of.Key, nil); err != nil {
		return err
	} else if !saved {
		return d.definitionPage(w, r, of, f)
	}
	return done(w, r, d.root+"/consents/definitions", "definition.saved")
}

// keepDefinition saves what a form says; what is refused is noted there.
func (d *desk) keepDefinition(r *http.Request, f *form, key string, active *bool) (bool, error) {
	advertising := f.Has("advertising")
	input := query.ConsentDefinitionSaveInput{Key: key, Advertising: &advertising, Channels: []query.ConsentChannel{}, Active: active}
	for _, c := range f.Values["channels"] {
		input.Channels = append(input.Channels, query.ConsentChannel(c))
	}
	names := map[string]string{}
	for _, row := range wordingRows(f) {
		locale, title, text := strings.TrimSpace(f.Get("locale."+row.N)), strings.TrimSpace(f.Get("title."+row.N)), strings.TrimSpace(f.Get("text."+row.N))
		if title == "" && text == "" && (row.More || len(input.Wordings) > 0) {
			continue
		}
		at := "wordings." + strconv.Itoa(len(input.Wordings)) + "."
		names[at+"locale"], names[at+"title"], names[at+"wording"] = "locale."+row.N, "title."+row.N, "text."+row.N
		input.Wordings = append(input.Wordings, query.ConsentWordingInput{Locale: locale, Title: title, Wording: text})
	}
	data, err := query.ConsentDefinitionSave(r.Context(), d.api, input)
	if err != nil {
		return false, err
	}
	d.refuse(f, data.ConsentDefinitionSave.UserErrors, names)
	return len(f.Problems) == 0, nil
}

// mostLanguages is how many languages a form has at most.
const mostLanguages = 100

// wordingRows are the languages of a form, and one row for one more.
func wordingRows(f *form) []wordingRow {
	var rows []wordingRow
	for i := range mostLanguages {
		n := strconv.Itoa(i)
		if !f.Has("locale." + n) {
			break
		}
		if f.Get("title."+n) != "" || f.Get("text."+n) != "" || i == 0 {
			rows = append(rows, wordingRow{N: n, Locale: f.Get("locale." + n)})
		}
	}
	if len(rows) < mostLanguages {
		last := -1
		if len(rows) > 0 {
			last, _ = strconv.Atoi(rows[len(rows)-1].N)
		}
		rows = append(rows, wordingRow{N: strconv.Itoa(last + 1), More: true})
	}
	return rows
}
