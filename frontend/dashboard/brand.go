package dashboard

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"complero/db"
	"complero/frontend/dashboard/query"
	"complero/frontend/locales"
	"complero/frontend/static"
)

// A brandPage is where a Company's look is made: settings on one side, what
// comes of them on the other.
type brandPage struct {
	deskFrame
	Tabs []link
	Form *form
	// MayChange tells that whoever looks may change it here; Elsewhere is where
	// they can, if it is only the mode that forbids it.
	MayChange bool
	Elsewhere string
	// Draft tells that there is one, of the version Version.
	Draft   bool
	State   string
	Light   []colorField
	Dark    []colorField
	Fonts   []fontRow
	Tongues []pick
	Look    *lookPart
	// Pictures are the logo and the icon.
	Pictures []pictureRow
	Script   string
}

// A colorField is a colour of the form: a text and a picker.
type colorField struct {
	Name, Label, Hint string
	// Pick is what the picker shows, also where the text is empty.
	Pick     string
	Required bool
}

// A fontRow is a font to choose, with the class that shows it in itself.
type fontRow struct{ Name, Class string }

// A pictureRow is a picture of the Brand, on the ground that it stands on.
type pictureRow struct {
	Name, Label, Hint, URL, Ground string
}

func (a *App) brandRoutes() map[string]deskHandler {
	return map[string]deskHandler{
		"GET /app/{company}/brand":                     a.showBrand,
		"POST /app/{company}/brand":                    a.changeBrand,
		"GET /app/{company}/brand/mail":                a.showBrandMail,
		"GET /app/{company}/brand/fonts.css":           a.showSpecimens,
		"POST /app/{company}/brand/picture":            a.changePicture,
		"GET /app/{company}/brand/publish":             a.askPublish,
		"POST /app/{company}/brand/publish":            a.publish,
		"GET /app/{company}/brand/discard":             a.askDiscard,
		"POST /app/{company}/brand/discard":            a.discard,
		"GET /app/{company}/brand/versions":            a.showVersions,
		"GET /app/{company}/brand/versions/{version}":  a.showVersion,
		"POST /app/{company}/brand/versions/{version}": a.rollBack,
		"GET /app/{company}/brand/tokens":              a.showTokens,
		"POST /app/{company}/brand/tokens":             a.importTokens,
		"GET /app/{company}/brand/tokens.json":         a.exportTokens,
		"GET /app/{company}/brand/fonts":               a.showFonts,
		"POST /app/{company}/brand/fonts":              a.uploadFont,
		"GET /app/{company}/brand/fonts/{id}/delete":   a.askDeleteFont,
		"POST /app/{company}/brand/fonts/{id}/delete":  a.deleteFont,
		"GET /app/{company}/brand/imprint":             a.showImprint,
		"POST /app/{company}/brand/imprint":            a.saveImprint,
	}
}

// brandTabs are the parts of the area.
func (d *desk) brandTabs(here string) []link {
	var tabs []link
	for _, t := range []struct{ key, path string }{
		{"look", ""}, {"fonts", "/fonts"}, {"tokens", "/tokens"}, {"versions", "/versions"}, {"imprint", "/imprint"},
	} {
		tabs = append(tabs, link{d.voice.Say("brand.tab." + t.key), d.root + "/brand" + t.path, t.key == here})
	}
	return tabs
}

// mayBrand reports whether whoever looks may change the Brand here.
func (d *desk) mayBrand() bool { return d.may(db.CompanyWrite) && d.tenant.Mode == db.Live }

func (a *App) showBrand(w http.ResponseWriter, r *http.Request, d *desk) error {
	data, err := query.Brand(r.Context(), d.api)
	if err != nil {
		return err
	}
	return d.brandPage(w, r, data, brandForm(currentLook(data)))
}

// currentLook is the draft, or else what is in use.
func currentLook(data *query.BrandResponse) *query.Look {
	if draft := data.Company.BrandDraft; draft != nil {
		return draft
	}
	return &data.Company.Brand
}

// brandForm shows what is on file.
func brandForm(of *query.Look) *form {
	f := filled(
		"name", of.Name, "headingFont", of.HeadingFont, "bodyFont", of.BodyFont,
		"cornerRadius", string(of.CornerRadius), "formality", string(of.Formality),
		"colors.primary", of.Colors.Primary, "colors.accent", of.Colors.Accent,
		"colors.background", of.Colors.Background, "colors.text", of.Colors.Text,
		"dark.primary", textOf(of.Dark.Primary), "dark.accent", textOf(of.Dark.Accent),
		"dark.background", textOf(of.Dark.Background), "dark.text", textOf(of.Dark.Text),
	)
	return f
}

// colorNames are the settings that are colours.
var colorNames = []string{"primary", "accent", "background", "text"}

func (d *desk) brandPage(w http.ResponseWriter, r *http.Request, data *query.BrandResponse, f *form) error {
	look, err := d.look(r, f)
	if err != nil {
		return err
	}
	of := currentLook(data)
	p := &brandPage{
		deskFrame: d.frame("brand", d.voice.Say("brand.title")), Tabs: d.brandTabs("look"), Form: f,
		MayChange: d.mayBrand(), Elsewhere: d.elsewhere(db.CompanyWrite, "/brand"), Draft: data.Company.BrandDraft != nil,
		State: d.brandState(data), Fonts: fontRows(data.FontChoices), Tongues: d.tongues(), Look: look, Script: static.Brand().Path,
	}
	for _, name := range colorNames {
		label := d.voice.Say("brand.color." + name)
		p.Light = append(p.Light, colorField{"colors." + name, label, d.voice.Say("brand.color." + name + ".hint"), look.effective["colors."+name], true})
		p.Dark = append(p.Dark, colorField{"dark." + name, label, "", look.effective["dark."+name], false})
	}
	p.Pictures = d.pictures(of, look)
	return sendFraming(w, r, f.status(), brandView(p))
}

// brandState says what the settings are: a draft or what is in use.
func (d *desk) brandState(data *query.BrandResponse) string {
	used := data.Company.Brand
	if data.Company.BrandDraft != nil {
		return d.voice.Say("brand.state.draft", "N", d.number(used.Version))
	}
	return d.voice.Say("brand.state.used", "N", d.number(used.Version), "When", d.day(used.PublishedAt))
}

// tongues are the languages of pages and messages.
func (d *desk) tongues() []pick {
	picks := []pick{{"", d.voice.Say("brand.locale.own"), ""}}
	for _, tag := range locales.Languages() {
		picks = append(picks, pick{tag, d.language(tag), ""})
	}
	return picks
}

// pictures are the logo and the icon on their grounds.
func (d *desk) pictures(of *query.Look, look *lookPart) []pictureRow {
	var rows []pictureRow
	for _, one := range []struct {
		name, ground string
		url          *string
	}{
		{"logo", "colors.background", of.LogoUrl},
		{"logoDark", "dark.background", of.LogoDarkUrl},
		{"icon", "colors.background", of.IconUrl},
	} {
		rows = append(rows, pictureRow{
			Name: one.name, Label: d.voice.Say("brand." + one.name), Hint: d.voice.Say("brand." + one.name + ".hint"),
			URL: pathOf(textOf(one.url)), Ground: look.effective[one.ground],
		})
	}
	return rows
}

// changeBrand saves the form as the draft, or only shows what would come of it.
func (a *App) changeBrand(w http.ResponseWriter, r *http.Request, d *desk) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	f.settle()
	if r.Header.Get("HX-Request") != "" {
		look, err := d.look(r, f)
		if err != nil {
			return err
		}
		return sendFraming(w, r, http.StatusOK, lookView(d.visit.frame(""), look))
	}
	data, err := query.Brand(r.Context(), d.api)
	if err != nil {
		return err
	}
	if f.Get("do") != "save" || f.Has("take") {
		return d.brandPage(w, r, data, f)
	}
	draft := false
	input := f.brandChange()
	input.Publish = &draft
	saved, err := query.BrandUpdate(r.Context(), d.api, *input)
	if err != nil {
		return err
	}
	if wrong := saved.BrandUpdate.UserErrors; len(wrong) > 0 {
		d.refuse(f, wrong, nil)
		return d.brandPage(w, r, data, f)
	}
	return done(w, r, d.root+"/brand", "brand.drafted")
}

// settle makes one value of a colour's text and picker, which without scripts
// know nothing of each other: whichever was changed counts, the text first. A
// colour that was offered instead counts above all.
func (f *form) settle() {
	for _, group := range []string{"colors.", "dark."} {
		for _, color := range colorNames {
			name := group + color
			if text := strings.TrimSpace(f.Get(name)); text == f.Get(name+".was") && f.Get(name+".pick") != f.Get(name+".had") {
				f.Set(name, f.Get(name+".pick"))
			}
		}
	}
	if name, color, found := strings.Cut(f.Get("take"), "="); found {
		f.Set(name, color)
	}
	for name := range f.Values {
		if strings.HasSuffix(name, ".was") || strings.HasSuffix(name, ".had") || strings.HasSuffix(name, ".pick") {
			f.Del(name)
		}
	}
}

// brandChange is what a form asks for.
func (f *form) brandChange() *query.BrandUpdateInput {
	text := func(name string) *string {
		value := strings.TrimSpace(f.Get(name))
		return &value
	}
	radius, formality := query.CornerRadius(f.Get("cornerRadius")), query.Formality(f.Get("formality"))
	return &query.BrandUpdateInput{
		Name: text("name"), HeadingFont: text("headingFont"), BodyFont: text("bodyFont"), CornerRadius: &radius, Formality: &formality,
		Colors: &query.BrandColorsInput{
			Primary: text("colors.primary"), Accent: text("colors.accent"), Background: text("colors.background"), Text: text("colors.text"),
		},
		Dark: &query.BrandDarkColorsInput{
			Primary: f.optional("dark.primary"), Accent: f.optional("dark.accent"), Background: f.optional("dark.background"), Text: f.optional("dark.text"),
		},
	}
}

// fontRows are the fonts to choose, each with its class in the stylesheet of
// specimens: those of every installation count from 0, and so do the Company's own.
func fontRows(choices []query.FontChoice) []fontRow {
	var rows []fontRow
	open, own := 0, 0
	for _, c := range choices {
		if c.Own {
			rows = append(rows, fontRow{c.Name, "own-" + strconv.Itoa(own)})
			own++
			continue
		}
		rows = append(rows, fontRow{c.Name, "font-" + strconv.Itoa(open)})
		open++
	}
	return rows
}

// classOf is the class that shows a font in itself; "" for one that is none.
func (p *brandPage) classOf(name string) string {
	i := slices.IndexFunc(p.Fonts, func(f fontRow) bool { return strings.EqualFold(f.Name, name) })
	if i < 0 {
		return ""
	}
	return p.Fonts[i].Class
}

// chosenDark reports whether any colour for dark mode was chosen, or is wrong.
func chosenDark(f *form) bool {
	return slices.ContainsFunc(colorNames, func(name string) bool { return f.Get("dark."+name) != "" || f.wrong("dark."+name) != nil })
}

// placeholder stands in the text of a colour that is derived.
func placeholder(c colorField) string {
	if c.Required {
		return ""
	}
	return c.Pick
}
