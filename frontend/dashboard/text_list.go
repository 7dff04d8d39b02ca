package dashboard

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"complero/db"
	"complero/frontend/dashboard/query"
)

// A textsPage lists how Requests are worded: by the Company's own texts, and by
// those that are built in.
type textsPage struct {
	deskFrame
	Groups []textGroup
	// New is the form for one more; nil where the User may not write any here.
	New *form
	// Fields are those of New.
	Fields []input
	Where  string
	// Note says why nothing can be changed here.
	Note, Live string
}

// A textGroup are the texts of one name.
type textGroup struct {
	Name, Label, Hint string
	Texts             []textLine
}

// A textLine is one text in the list.
type textLine struct {
	URL, Language, Address, State, Subject, SMS string
	Own                                         bool
}

func (a *App) textsRoutes() map[string]deskHandler {
	return map[string]deskHandler{
		"GET /app/{company}/texts":          a.showTexts,
		"GET /app/{company}/texts/frame":    a.showFrame,
		"GET /app/{company}/texts/edit":     a.showText,
		"POST /app/{company}/texts/edit":    a.saveText,
		"POST /app/{company}/texts/preview": a.previewText,
		"POST /app/{company}/texts/restore": a.restoreText,
		"GET /app/{company}/texts/delete":   a.showDeleteText,
		"POST /app/{company}/texts/delete":  a.deleteText,
	}
}

func (a *App) showTexts(w http.ResponseWriter, r *http.Request, d *desk) error {
	data, err := query.Texts(r.Context(), d.api)
	if err != nil {
		return err
	}
	p := &textsPage{deskFrame: d.frame("texts", d.voice.Say("area.texts")), Groups: d.textGroups(data), Where: d.root + "/texts"}
	p.Note, p.Live = d.textsNote()
	if p.Note == "" {
		p.New, p.Fields = filled("locale", companyLocale(data.Company)), d.newTextFields(data.BuiltInTexts)
	}
	return send(w, r, http.StatusOK, textsView(p))
}

func companyLocale(c *query.TextHome) string {
	if c == nil {
		return ""
	}
	return c.Locale
}

// textsNote says why a User cannot change texts here, and where they can; "" if they can.
func (d *desk) textsNote() (note, live string) {
	switch {
	case !d.may(db.TextsWrite):
		return d.voice.Say("text.readonly"), ""
	case d.tenant.Mode == db.Test:
		return d.voice.Say("text.live"), deskRoot(d.tenant.Company, db.Live) + "/texts"
	}
	return "", ""
}

// textGroups are the texts by name: the default first, in every language that
// there is one in, then the Company's others.
func (d *desk) textGroups(data *query.TextsResponse) []textGroup {
	groups := []textGroup{{Name: db.DefaultText, Label: d.voice.Say("text.name.default"), Hint: d.voice.Say("text.name.default.hint")}}
	own := map[string]bool{}
	for i := range data.Texts {
		t := &data.Texts[i]
		if t.Deleted {
			continue
		}
		at := slices.IndexFunc(groups, func(g textGroup) bool { return g.Name == t.Name })
		if at < 0 {
			at, groups = len(groups), append(groups, textGroup{Name: t.Name, Label: t.Name})
		}
		line := d.textLine(t.Name, t.Locale, t.Formality)
		line.Own, line.Subject, line.SMS = true, t.Subject, d.voice.Say("text.builtin")
		if t.Sms != "" {
			line.SMS = d.voice.Say("text.own")
		}
		line.State = d.voice.Say("text.version", "N", d.number(t.Version), "Date", d.day(t.SavedAt))
		own[line.URL] = true
		groups[at].Texts = append(groups[at].Texts, line)
	}
	for _, t := range data.BuiltInTexts {
		line := d.textLine(db.DefaultText, t.Locale, t.Formality)
		if own[line.URL] {
			continue
		}
		line.State, line.Subject, line.SMS = d.voice.Say("text.builtin"), t.Subject, d.voice.Say("text.builtin")
		groups[0].Texts = append(groups[0].Texts, line)
	}
	for _, g := range groups {
		slices.SortStableFunc(g.Texts, func(a, b textLine) int {
			return cmp.Or(compareFold(a.Language, b.Language), compareFold(a.Address, b.Address))
		})
	}
	slices.SortStableFunc(groups[1:], func(a, b textGroup) int { return compareFold(a.Label, b.Label) })
	return groups
}

func (d *desk) textLine(name, locale string, formality *query.Formality) textLine {
	return textLine{URL: d.root + "/texts/edit?" + textAddress(name, locale, formality).Encode(), Language: d.language(locale), Address: d.address(formality)}
}

// textAddress names a text in an address.
func textAddress(name, locale string, formality *query.Formality) url.Values {
	v := url.Values{"name": {name}, "locale": {locale}}
	if formality != nil {
		v.Set("formality", string(*formality))
	}
	return v
}

// language is what a language is called in the User's own.
func (d *desk) language(tag string) string {
	t, err := language.Parse(tag)
	if err != nil {
		return tag
	}
	ui, _ := language.MatchStrings(language.NewMatcher([]language.Tag{language.English, language.German}), d.voice.Tag)
	names := display.Languages(ui)
	if names == nil {
		return tag
	}
	if name := names.Name(t); name != "" {
		return name
	}
	return tag
}

func (d *desk) address(formality *query.Formality) string {
	if formality == nil {
		return d.voice.Say("text.formality.any")
	}
	return d.voice.Say("text.formality." + string(*formality))
}

// newTextFields are those by which one more text is named.
func (d *desk) newTextFields(builtIn []query.BuiltInText) []input {
	var locales []pick
	for _, t := range builtIn {
		if !slices.ContainsFunc(locales, func(p pick) bool { return p.Value == t.Locale }) {
			locales = append(locales, pick{Value: t.Locale, Label: d.language(t.Locale)})
		}
	}
	slices.SortStableFunc(locales, func(a, b pick) int { return compareFold(a.Label, b.Label) })
	return []input{
		{Name: "name", Label: d.voice.Say("text.name"), Hint: d.voice.Say("text.name.hint"), Required: true, Max: 64, Pattern: "[a-z0-9][a-z0-9_.\\-]*"},
		{Name: "locale", Label: d.voice.Say("text.locale"), Type: "select", Choices: locales},
		{Name: "formality", Label: d.voice.Say("text.formality"), Type: "select", Choices: d.formalities()},
	}
}

func (d *desk) formalities() []pick {
	choices := []pick{{Label: d.voice.Say("text.formality.any")}}
	for _, f := range query.AllFormality {
		choices = append(choices, pick{Value: string(f), Label: d.voice.Say("text.formality." + string(f))})
	}
	return choices
}
