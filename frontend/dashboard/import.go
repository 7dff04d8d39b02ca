package dashboard

import (
	"encoding/json"
	"net/http"
	"slices"

	"complero/db"
	"complero/frontend/dashboard/query"
)

// An uploadPage takes a file.
type uploadPage struct {
	deskFrame
	Form *form
	// Sources are empty where there is no choice; Mappings are those that are kept.
	Sources, Mappings []pick
	// Keyed tells that the file's key was not recognised, so that one is asked for.
	Keyed bool
}

func (a *App) showUpload(w http.ResponseWriter, r *http.Request, d *desk) error {
	if !d.may(db.ContactsWrite) {
		return d.missing()
	}
	return d.uploadPage(w, r, filled())
}

func (d *desk) uploadPage(w http.ResponseWriter, r *http.Request, f *form) error {
	choices, err := query.ImportChoices(r.Context(), d.api)
	if err != nil {
		return err
	}
	p := &uploadPage{deskFrame: d.frame("operations", d.voice.Say("upload.title")), Form: f, Keyed: f.wrong("key") != nil || f.Get("key") != ""}
	if len(choices.Sources) > 1 {
		for _, s := range choices.Sources {
			p.Sources = append(p.Sources, pick{Value: s.Key, Label: s.Name})
		}
	}
	if len(choices.ImportMappings) > 0 {
		p.Mappings = []pick{{Label: d.voice.Say("upload.mapping.none")}}
	}
	for _, m := range choices.ImportMappings {
		label := m.Name
		if len(p.Sources) > 0 {
			label += " (" + m.Source + ")"
		}
		p.Mappings = append(p.Mappings, pick{Value: m.Name, Label: label})
	}
	return send(w, r, f.status(), uploadView(p))
}

// upload hands a file on to the API as it comes.
func (a *App) upload(w http.ResponseWriter, r *http.Request, d *desk) error {
	if !d.may(db.ContactsWrite) {
		return d.missing()
	}
	f, file, err := readUpload(w, r)
	if err != nil {
		return err
	}
	if file == nil {
		f.Problems = append(f.Problems, problem{Field: "file", Text: d.voice.Say("upload.file.missing")})
		return d.uploadPage(w, r, f)
	}
	mapping, err := mappingOf(&mapping{Key: f.Get("key")})
	if err != nil {
		return err
	}
	if f.optional("key") == nil {
		mapping = json.RawMessage("null")
	}
	data, err := query.ContactsImport(r.Context(), uploading{client{api: d.own, tenant: d.tenant}, file}, query.Upload{}, f.optional("source"), &mapping,
		f.optional("mapping"), !f.checked("how", "now"), completion(f))
	if err != nil {
		return err
	}
	if wrong := data.ContactsImport.UserErrors; len(wrong) > 0 {
		d.refuse(f, wrong, map[string]string{"mapping": "key", "mappingName": "mapping", "complete.maxShare": "share"})
		f.Problems = append(f.Problems, problem{Field: "file", Text: d.voice.Say("upload.file.again")})
		return d.uploadPage(w, r, f)
	}
	http.Redirect(w, r, d.root+"/operations/"+data.ContactsImport.Operation.Id, http.StatusSeeOther)
	return nil
}

// completion is what a form says of Contacts that the file has not: nothing, or
// that they are counted, or deleted.
func completion(f *form) *query.ImportCompleteInput {
	switch f.Get("complete") {
	case "count":
		return &query.ImportCompleteInput{}
	case "delete":
		yes := true
		return &query.ImportCompleteInput{Delete: &yes}
	}
	return nil
}

// completeChoices are the ways to say how much a file holds.
func completeChoices(f frame, chosen string) input {
	i := input{Name: "complete", Label: f.Say("upload.complete"), Type: "radio", Value: chosen}
	for _, value := range []string{"part", "count", "delete"} {
		i.Choices = append(i.Choices, pick{Value: value, Label: f.Say("upload.complete." + value), Hint: f.Say("upload.complete." + value + ".hint")})
	}
	return i
}

// howChoices are the ways to take a file.
func howChoices(f frame) input {
	return input{Name: "how", Label: f.Say("upload.how"), Type: "radio", Value: "try", Choices: []pick{
		{Value: "try", Label: f.Say("upload.how.try"), Hint: f.Say("upload.how.try.hint")},
		{Value: "now", Label: f.Say("upload.how.now"), Hint: f.Say("upload.how.now.hint")},
	}}
}

// importAgain takes a file that was tried once more, as its form says.
func (a *App) importAgain(w http.ResponseWriter, r *http.Request, d *desk) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	data, err := query.Operation(r.Context(), d.api, r.PathValue("id"))
	if err != nil {
		return err
	}
	o := data.Operation
	if o == nil || o.Import == nil {
		return d.missing()
	}
	m, err := readMapping(o.Import.Mapping)
	if err != nil {
		return err
	}
	m.edit(f)
	mapping, err := mappingOf(m)
	if err != nil {
		return err
	}
	if name := f.optional("name"); name != nil {
		kept, err := query.ImportMappingSave(r.Context(), d.api, o.Source, *name, mapping)
		if err != nil {
			return err
		}
		d.refuse(f, kept.ImportMappingSave.UserErrors, map[string]string{"mapping": "columns"})
	}
	if len(f.Problems) > 0 {
		return d.operationPage(w, r, data, f)
	}
	again, err := query.ContactsImportAgain(r.Context(), d.api, o.Id, &mapping, f.Get("do") != "import", completion(f))
	if err != nil {
		return err
	}
	if wrong := again.ContactsImportAgain.UserErrors; len(wrong) > 0 {
		d.refuse(f, wrong, map[string]string{"mapping": "columns", "operationId": ""})
		return d.operationPage(w, r, data, f)
	}
	http.Redirect(w, r, d.root+"/operations/"+again.ContactsImportAgain.Operation.Id, http.StatusSeeOther)
	return nil
}

// completionOf is what a form shows of what was said of a file.
func completionOf(c *query.ImportCompletion) string {
	switch {
	case c == nil:
		return "part"
	case c.Delete:
		return "delete"
	}
	return "count"
}

// meaning is what a column can be.
type meaning struct{ Group, Field string }

// meanings are the fields that a column can be, in the order of the select.
var meanings = []meaning{
	{"person", "externalId"},
	{"person", "fullName"},
	{"person", "salutation"},
	{"person", "title"},
	{"person", "givenName"},
	{"person", "middleName"},
	{"person", "familyNamePrefix"},
	{"person", "familyName"},
	{"person", "secondFamilyName"},
	{"person", "birthDate"},
	{"person", "organisation"},
	{"person", "locale"},
	{"person", "employee"},
	{"person", "observedAt"},
	{"reach", "emails[0].address"},
	{"reach", "emails[1].address"},
	{"reach", "phones[0].number"},
	{"reach", "phones[1].number"},
	{"reach", "phones[2].number"},
	{"place", "addresses[0].streetAndNumber"},
	{"place", "addresses[0].street"},
	{"place", "addresses[0].houseNumber"},
	{"place", "addresses[0].addition"},
	{"place", "addresses[0].postalCodeAndCity"},
	{"place", "addresses[0].postalCode"},
	{"place", "addresses[0].city"},
	{"place", "addresses[0].region"},
	{"place", "addresses[0].countryCode"},
	{"place", "addresses[0].whole"},
	{"place", "addresses[0].poBox"},
}

// isMeaning reports whether a field is one of meanings.
func isMeaning(field string) bool {
	return slices.ContainsFunc(meanings, func(m meaning) bool { return m.Field == field })
}
