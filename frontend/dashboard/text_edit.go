package dashboard

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"complero/db"
	"complero/frontend/dashboard/query"
)

// A textPage is where a text is written, with how it looks beside it.
type textPage struct {
	deskFrame
	Form *form
	// State says which wording is in use.
	State    string
	Key      *form
	Fields   []input
	Named    []query.TextField
	Filters  []query.TextField
	Versions []textVersion
	Messages messages
	Where    string
	Delete   string
	// Note says why nothing can be changed here; Live is where it can.
	Note, Live string
}

// A textVersion is one that was saved.
type textVersion struct {
	Number, Text, When, Subject, Body string
	// Current is the one in use; it need not be taken again.
	Current bool
}

// textExamples show how texts are written, by the key of what is said to each.
var textExamples = []pick{
	{Label: "if", Value: "{% if person %} … {% else %} … {% endif %}"},
	{Label: "bold", Value: "**…**"},
	{Label: "link", Value: "[…](https://example.com)"},
	{Label: "list", Value: "- …"},
	{Label: "button", Value: "{{ button }}"},
}

// textKey names a text.
type textKey struct {
	name, locale string
	formality    *query.Formality
}

// textNamed reads which text a page is about.
func textNamed(r *http.Request) textKey {
	k := textKey{name: strings.TrimSpace(r.FormValue("name")), locale: strings.TrimSpace(r.FormValue("locale"))}
	if f := query.Formality(r.FormValue("formality")); slices.Contains(query.AllFormality, f) {
		k.formality = &f
	}
	return k
}

func (k textKey) is(name, locale string, formality *query.Formality) bool {
	return k.name == name && k.locale == locale && (k.formality == nil) == (formality == nil) && (k.formality == nil || *k.formality == *formality)
}

// address names the text in an address below the texts.
func (k textKey) address(d *desk, page string) string {
	return d.root + "/texts/" + page + "?" + textAddress(k.name, k.locale, k.formality).Encode()
}

func (a *App) showText(w http.ResponseWriter, r *http.Request, d *desk) error {
	return d.textPage(w, r, nil)
}

// textPage shows a text: as it was typed or, without that, as it is in use.
func (d *desk) textPage(w http.ResponseWriter, r *http.Request, f *form) error {
	k := textNamed(r)
	if k.name == "" || k.locale == "" {
		return d.missing()
	}
	data, err := query.TextEditor(r.Context(), d.api, k.name)
	if err != nil {
		return err
	}
	title := d.voice.Say("text.title", "Name", k.name, "Language", d.language(k.locale))
	if k.name == db.DefaultText {
		title = d.voice.Say("text.title.default", "Language", d.language(k.locale))
	}
	p := &textPage{
		deskFrame: d.frame("texts", title), Key: filled("name", k.name, "locale", k.locale), Fields: d.textFields(),
		Named: data.TextFields.Fields, Filters: data.TextFields.Filters, Where: d.root + "/texts", State: d.address(k.formality),
	}
	if k.formality != nil {
		p.Key.Set("formality", string(*k.formality))
	}
	p.Note, p.Live = d.textsNote()
	if p.Live != "" {
		p.Live = strings.TrimSuffix(p.Live, "/texts") + strings.TrimPrefix(k.address(d, "edit"), d.root)
	}
	began := builtIn(data.BuiltInTexts, k)
	p.State += " · " + d.voice.Say("text.builtin.state")
	for _, t := range data.Texts {
		if !k.is(t.Name, t.Locale, t.Formality) {
			continue
		}
		p.Versions = d.versions(t.Versions)
		if !t.Deleted && len(t.Versions) > 0 {
			v := t.Versions[0]
			began = filled("subject", v.Subject, "preheader", v.Preheader, "body", v.Body, "button", v.Button, "sms", v.Sms)
			p.State = d.address(k.formality) + " · " + d.voice.Say("text.version", "N", d.number(v.Version), "Date", d.day(v.SavedAt))
			if p.Note == "" {
				p.Delete = k.address(d, "delete")
			}
		}
	}
	if p.Form = f; f == nil {
		p.Form = began
	}
	if p.Messages, err = d.messages(r, draftOf(p.Form, k)); err != nil {
		return err
	}
	if f != nil && len(f.Problems) == 0 {
		f.Problems, p.Messages.Wrong = p.Messages.Wrong.Problems, filled() // beside the fields, where there is room
	}
	return sendFraming(w, r, p.Form.status(), textView(p))
}

// builtIn is what a text begins with: the built-in one of its language and way
// of address or, where there is none, the nearest.
func builtIn(all []query.BuiltInWording, k textKey) *form {
	base, _, _ := strings.Cut(k.locale, "-")
	best, points := 0, -1
	for i, t := range all {
		n := 0
		switch t.Locale {
		case k.locale:
			n += 4
		case base:
			n += 2
		}
		if k.is(k.name, k.locale, t.Formality) {
			n++
		}
		if n > points {
			best, points = i, n
		}
	}
	if len(all) == 0 {
		return filled()
	}
	t := all[best]
	return filled("subject", t.Subject, "preheader", t.Preheader, "body", t.Body, "button", t.Button, "sms", t.Sms)
}

// draftOf is what is typed, as the API takes it for a preview.
func draftOf(f *form, k textKey) query.TextPreviewInput {
	in := query.TextPreviewInput{
		Name: &k.name, Locale: &k.locale, Formality: k.formality, ContactExternalId: f.optional("contact"),
		Text: &query.TextDraftInput{Subject: f.Get("subject"), Body: f.Get("body"), Preheader: f.optional("preheader"), Button: f.optional("button"), Sms: f.optional("sms")},
	}
	return in
}

func (d *desk) textFields() []input {
	say := d.voice.Say
	return []input{
		{Name: "subject", Label: say("text.subject"), Required: true, Max: 250},
		{Name: "preheader", Label: say("text.preheader"), Hint: say("text.preheader.hint"), Max: 250},
		{Name: "body", Label: say("text.body"), Hint: say("text.body.hint"), Type: "textarea", Rows: 18, Required: true, Max: 10_000},
		{Name: "button", Label: say("text.button"), Hint: say("text.button.hint"), Max: 60},
		{Name: "sms", Label: say("text.sms"), Hint: say("text.sms.hint"), Type: "textarea", Rows: 4, Max: 1000},
		{Name: "contact", Label: say("text.contact"), Hint: say("text.contact.hint"), Max: 200},
	}
}

func (d *desk) versions(all []query.EditedVersion) []textVersion {
	var list []textVersion
	for i, v := range all {
		line := textVersion{
			Number: strconv.Itoa(v.Version), Text: d.voice.Say("text.version.number", "N", d.number(v.Version)), When: d.day(v.SavedAt),
			Subject: v.Subject, Body: v.Body, Current: i == 0 && !v.Deleted,
		}
		if v.Deleted {
			line.Text = d.voice.Say("text.version.deleted", "N", d.number(v.Version))
		}
		list = append(list, line)
	}
	return list
}

// previewText shows how what is typed looks: beside it as it is typed or,
// without scripts, with the whole page.
func (a *App) previewText(w http.ResponseWriter, r *http.Request, d *desk) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	if r.Header.Get("HX-Request") == "" {
		return d.textPage(w, r, f)
	}
	m, err := d.messages(r, draftOf(f, textNamed(r)))
	if err != nil {
		return err
	}
	return sendFraming(w, r, http.StatusOK, messagesView(d.visit.frame(""), &m))
}
