package dashboard

import (
	"net/http"
	"strconv"

	"complero/db"
	"complero/frontend/dashboard/query"
)

// savePaths leads from the API's fields to those of the text's form.
var savePaths = map[string]string{"name": "", "locale": "", "formality": ""}

func (a *App) saveText(w http.ResponseWriter, r *http.Request, d *desk) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	k := textNamed(r)
	wrong, err := d.save(r, k, f)
	if err != nil {
		return err
	}
	if d.refuse(f, wrong, savePaths); len(f.Problems) > 0 {
		return d.textPage(w, r, f)
	}
	return done(w, r, k.address(d, "edit"), "textSaved")
}

func (d *desk) save(r *http.Request, k textKey, f *form) ([]query.Problem, error) {
	data, err := query.TextSave(r.Context(), d.api, query.TextSaveInput{
		Name: &k.name, Locale: k.locale, Formality: k.formality, Subject: f.Get("subject"), Body: f.Get("body"),
		Preheader: f.optional("preheader"), Button: f.optional("button"), Sms: f.optional("sms"),
	})
	if err != nil {
		return nil, err
	}
	return data.TextSave.UserErrors, nil
}

// restoreText saves an older version's wording again.
func (a *App) restoreText(w http.ResponseWriter, r *http.Request, d *desk) error {
	k := textNamed(r)
	data, err := query.TextEditor(r.Context(), d.api, k.name)
	if err != nil {
		return err
	}
	wanted, _ := strconv.Atoi(r.FormValue("version"))
	for _, t := range data.Texts {
		if !k.is(t.Name, t.Locale, t.Formality) {
			continue
		}
		for _, v := range t.Versions {
			if v.Version != wanted {
				continue
			}
			f := filled("subject", v.Subject, "preheader", v.Preheader, "body", v.Body, "button", v.Button, "sms", v.Sms)
			wrong, err := d.save(r, k, f)
			if err != nil {
				return err
			}
			if d.refuse(f, wrong, savePaths); len(f.Problems) > 0 {
				return d.textPage(w, r, f)
			}
			return done(w, r, k.address(d, "edit"), "textRestored")
		}
	}
	return d.missing()
}

func (a *App) showDeleteText(w http.ResponseWriter, r *http.Request, d *desk) error {
	k := textNamed(r)
	if note, _ := d.textsNote(); note != "" {
		return d.missing()
	}
	data, err := query.TextEditor(r.Context(), d.api, k.name)
	if err != nil {
		return err
	}
	for _, t := range data.Texts {
		if k.is(t.Name, t.Locale, t.Formality) && !t.Deleted {
			return d.deletePage(w, r, k, len(t.Versions), "")
		}
	}
	return d.missing()
}

func (d *desk) deletePage(w http.ResponseWriter, r *http.Request, k textKey, versions int, refused string) error {
	p := &confirmation{
		deskFrame: d.frame("texts", d.voice.Say("text.delete.title", "Language", d.language(k.locale))),
		Consequences: []string{
			d.voice.Say("text.delete.lead", "Language", d.language(k.locale)), d.counted("text.delete.versions", versions),
		},
		Do: d.voice.Say("text.delete.do"), Action: d.root + "/texts/delete", Hidden: &form{Values: textAddress(k.name, k.locale, k.formality)},
		Back: k.address(d, "edit"), Problem: refused,
	}
	if k.name != db.DefaultText {
		p.Consequences = append(p.Consequences, d.voice.Say("text.delete.named", "Name", k.name))
	}
	return d.confirm(w, r, p)
}

func (a *App) deleteText(w http.ResponseWriter, r *http.Request, d *desk) error {
	k := textNamed(r)
	data, err := query.TextDelete(r.Context(), d.api, query.TextDeleteInput{Name: &k.name, Locale: k.locale, Formality: k.formality})
	if err != nil {
		return err
	}
	if wrong := data.TextDelete.UserErrors; len(wrong) > 0 {
		return d.deletePage(w, r, k, 0, d.voice.Say("problem."+string(wrong[0].Code)))
	}
	return done(w, r, k.address(d, "edit"), "textDeleted")
}
