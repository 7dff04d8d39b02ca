package dashboard

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"complero/frontend"
	"complero/frontend/dashboard/query"
)

// A lookPart is what comes of a Brand's settings: whether it can be read, and
// how pages and messages look.
type lookPart struct {
	Modes    []modePart
	Problems []problem
	Warnings []said
	// Page, Form and Mail are addresses of frames.
	Page, Form, Mail  string
	From, Subject     string
	SMS, Letter       string
	Locale, Direction string
	// Stranger tells that the Contact to write to is not there.
	Stranger bool
	// effective is the colour of each setting, derived where none was chosen.
	effective map[string]string
}

// A modePart is light or dark, with the contrast of its pairs.
type modePart struct {
	Title string
	Pairs []pairRow
}

// A pairRow is two colours side by side.
type pairRow struct {
	Label, Foreground, Background, Ratio, Note string
	Passes, Refused                            bool
	// Take sets the nearest colour that passes; TakeDo says so.
	Take, TakeDo string
}

// look asks the API what comes of a form, without keeping anything.
func (d *desk) look(r *http.Request, f *form) (*lookPart, error) {
	contact, stranger, err := d.sampleContact(r, f)
	if err != nil {
		return nil, err
	}
	data, err := query.BrandPreview(r.Context(), d.api, nil, f.optional("locale"), contact, f.brandChange())
	if err != nil {
		return nil, err
	}
	shown := data.BrandPreview
	if shown == nil {
		return nil, d.missing()
	}
	mode := "?mode=light"
	if f.Get("mode") == "dark" {
		mode = "?mode=dark"
	}
	p := &lookPart{
		Page: pathOf(shown.PageUrl) + mode, Form: pathOf(shown.FormUrl) + mode, Mail: d.root + "/brand/mail?" + f.Encode(),
		From: shown.Mail.From, Subject: shown.Mail.Subject, SMS: shown.Sms, Letter: shown.Letter, Locale: shown.Locale, Direction: "auto",
		Stranger: stranger, effective: map[string]string{},
	}
	d.judge(p, &shown.Brand)
	seen := filled()
	d.refuse(seen, shown.Problems, nil)
	p.Problems = append(seen.Problems, d.brandProblems(&shown.Brand)...)
	return p, nil
}

// brandProblems are what keeps a Brand from being published, what cannot be read
// in the User's words.
func (d *desk) brandProblems(of *query.Judgement) []problem {
	f := filled()
	d.refuse(f, of.Problems, nil)
	for i := range of.Contrasts {
		c := &of.Contrasts[i]
		if p := f.wrong(strings.Join(c.Path, ".")); c.Refused && p != nil {
			p.Text, p.Detail = d.voice.Say("brand.unreadable", "Ratio", d.ratio(c.Ratio), "Needed", d.ratio(c.Needed), "Color", textOf(c.Nearest)), ""
		}
	}
	return f.Problems
}

// ratio writes a contrast.
func (d *desk) ratio(v float64) string {
	return strings.Replace(strconv.FormatFloat(v, 'f', -1, 64), ".", d.voice.Say("number.point"), 1) + ":1"
}

// sampleContact is the id of the Contact to write to; nil for a sample.
func (d *desk) sampleContact(r *http.Request, f *form) (id *string, stranger bool, err error) {
	number := f.optional("contact")
	if number == nil {
		return nil, false, nil
	}
	data, err := query.BrandContact(r.Context(), d.api, *number)
	if err != nil || data.Contact == nil {
		return nil, true, err
	}
	return &data.Contact.Id, false, nil
}

// judge fills in whether it can be read, and what else is to be said.
func (d *desk) judge(p *lookPart, of *query.Judgement) {
	for i := range of.Contrasts {
		c := &of.Contrasts[i]
		title := d.voice.Say("brand.mode." + string(c.Mode))
		if len(p.Modes) == 0 || p.Modes[len(p.Modes)-1].Title != title {
			p.Modes = append(p.Modes, modePart{Title: title})
		}
		last := &p.Modes[len(p.Modes)-1]
		last.Pairs = append(last.Pairs, d.pairRow(c))
		switch c.Use {
		case query.BrandContrastUseText:
			p.effective[c.Path[0]+".text"], p.effective[c.Path[0]+".background"] = c.Foreground, c.Background
		case query.BrandContrastUseLink, query.BrandContrastUseAccent:
			p.effective[strings.Join(c.Path, ".")] = c.Foreground
		}
	}
	for _, one := range of.Warnings {
		p.Warnings = append(p.Warnings, said{d.voice.Say("brand." + strings.Join(one.Path, ".")), one.Message})
	}
}

func (d *desk) pairRow(c *query.Contrast) pairRow {
	row := pairRow{
		Label: d.voice.Say("brand.pair." + string(c.Use)), Foreground: c.Foreground, Background: c.Background,
		Ratio: d.ratio(c.Ratio), Passes: c.Passes, Refused: c.Refused,
	}
	if c.Passes {
		return row
	}
	row.Note = d.voice.Say("brand.pair.moved", "Needed", d.ratio(c.Needed), "Color", c.Shown)
	if c.Refused {
		row.Note = d.voice.Say("brand.pair.refused", "Needed", d.ratio(c.Needed))
	}
	row.Take = strings.Join(c.Path, ".") + "=" + textOf(c.Nearest)
	row.TakeDo = d.voice.Say("brand.pair.take", "Color", textOf(c.Nearest))
	return row
}

// showBrandMail sends the mail of a look, for a frame.
func (a *App) showBrandMail(w http.ResponseWriter, r *http.Request, d *desk) error {
	f := &form{Values: r.URL.Query()}
	contact, _, err := d.sampleContact(r, f)
	if err != nil {
		return err
	}
	var version *int
	change := f.brandChange()
	if n, err := strconv.Atoi(f.Get("version")); err == nil {
		version, change = &n, nil
	}
	data, err := query.BrandMail(r.Context(), d.api, version, f.optional("locale"), contact, change)
	if err != nil {
		return err
	}
	if data.BrandPreview == nil {
		return d.missing()
	}
	wanted, mode := "not all", "light"
	if f.Get("mode") == "dark" {
		wanted, mode = "all", "dark"
	}
	html := strings.NewReplacer(
		"(prefers-color-scheme:dark)", wanted, "color-scheme:light dark", "color-scheme:"+mode, `content="light dark"`, `content="`+mode+`"`,
	).Replace(data.BrandPreview.Mail.Html)
	frontend.SendMessage(w, r, html, a.store.BaseOf(d.tenant.Company))
	return nil
}

// pathOf is an address of this installation without its host, so that it opens
// on the one that the reader uses.
func pathOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Path
}
