package webapp_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"complero/db"
	"complero/db/profile"
	"complero/theme"
)

func TestCustomFieldsAreFilledInByType(t *testing.T) {
	s := newSite(t)
	s.defineAll(s.nordlicht)
	link := s.ask(s.nordlicht, "c-1", db.AskCustom)
	intro := s.get(link).Body.String()
	for _, shown := range []string{"Vertragsnummer", "Kinder", "Rundbrief", "Ja", "Treuepunkte", "1234,5", "Note"} {
		if !strings.Contains(intro, shown) {
			t.Errorf("the first page does not show %s", shown)
		}
	}
	golden(t, "custom", s.get(link+"/form"))
	page := s.get(link + "/form").Body.String()
	fields := typed(t, page)
	if strings.Contains(intro+page, "zwiebelfisch") || strings.Contains(intro+page, "Geheimnis") || fields.Has("customFields.score") || fields.Has("customFields.paperless") {
		t.Error("what is hidden or fixed can be filled in")
	}
	review := s.post(link, with(fields, "do", "review", "customFields.contract_no", "B-0815", "customFields.children", "1.500", "customFields.since", "2001-05-04",
		"customFields.newsletter", "", "customFields.paperless", "no", "customFields.colour", "blue", "customFields.town", "Plön"))
	body := review.Body.String()
	for _, shown := range []string{"Vertragsnummer", "B-0815", ">1500<", "Kundin seit", "4. Mai 2001", "Rundbrief", "Post nur digital", ">Nein<", "Farbe", ">Blau<", "Filiale", ">Plön<"} {
		if !strings.Contains(body, shown) {
			t.Errorf("the review does not show %s", shown)
		}
	}
	if strings.Contains(body, ">Note<") || strings.Contains(body, "Treuepunkte") {
		t.Error("the review shows what was left as it was")
	}
	if saved := s.post(link, with(typed(t, body), "do", "save")); saved.Code != http.StatusSeeOther {
		t.Fatalf("saving answers %d: %s", saved.Code, saved.Body)
	}
	want := "map[children:1500 colour:blue contract_no:B-0815 note:Zeile 1\nZeile 2 paperless:false score:1234.5 secret:zwiebelfisch since:2001-05-04 town:Plön]"
	if got := fmt.Sprint(s.contact(s.nordlicht, "c-1").Profile.CustomFields); got != want {
		t.Errorf("keeps %s", got)
	}
	again := typed(t, s.get(link+"/form").Body.String())
	if again.Get("customFields.paperless") != "no" || again.Get("customFields.colour") != "blue" || again.Get("customFields.town") != "Plön" {
		t.Errorf("shows %v", again)
	}
	if body := s.post(link, with(again, "do", "review")).Body.String(); !strings.Contains(body, "Sie haben nichts geändert") {
		t.Error("the form as it came changes something")
	}
}

func TestWrongCustomFieldsSayWhatIsWanted(t *testing.T) {
	s := newSite(t)
	s.defineAll(s.nordlicht)
	s.define(s.nordlicht, db.FieldEditable, profile.Definition{Key: "until", Type: profile.TypeDate, Latest: ptr("2030-12-31")}, "Bis")
	s.define(s.nordlicht, db.FieldEditable, profile.Definition{Key: "short", Type: profile.TypeText, MaxLength: ptr(5)}, "Kürzel")
	s.define(s.nordlicht, db.FieldEditable, profile.Definition{Key: "weight", Type: profile.TypeNumber, Minimum: ptr(1.5)}, "Gewicht")
	link := s.ask(s.nordlicht, "c-1")
	fields := with(typed(t, s.get(link+"/form").Body.String()), "customFields.since", "2001-05-04", "customFields.paperless", "yes")
	tests := []struct{ field, value, problem string }{
		{"contract_no", "4711", "Das hat nicht die Form, die hier gebraucht wird."},
		{"children", "drei", "Bitte schreiben Sie hier eine Zahl von 0 bis 20000."},
		{"children", "20001", "Bitte schreiben Sie hier eine Zahl von 0 bis 20000."},
		{"weight", "1,4", "Bitte schreiben Sie hier eine Zahl, mindestens 1,5."},
		{"since", "1949-12-31", "Bitte geben Sie ein Datum ab dem 1. Januar 1950 an."},
		{"since", "", "Bitte füllen Sie dieses Feld aus."},
		{"until", "31.12.2031", "Bitte geben Sie ein Datum bis zum 31. Dezember 2030 an."},
		{"until", "morgen", "Bitte geben Sie ein Datum bis zum 31. Dezember 2030 an."},
		{"newsletter", "perhaps", "Bitte wählen Sie hier etwas aus."},
		{"colour", "green", "Bitte wählen Sie hier etwas aus."},
		{"town", "Bonn", "Bitte wählen Sie hier etwas aus."},
		{"short", "abcdef", "Bitte kürzen Sie es auf höchstens 5 Zeichen."},
	}
	for _, tt := range tests {
		name := "customFields." + tt.field
		page := s.post(link, with(fields, "do", "review", name, tt.value, "title", "Prof."))
		if page.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s %q answers %d", tt.field, tt.value, page.Code)
			continue
		}
		for _, shown := range []string{tt.problem, `href="#` + name + `"`, `id="` + name + `"`, `id="` + name + `-problem"`, `aria-invalid="true"`} {
			if !strings.Contains(page.Body.String(), shown) {
				t.Errorf("%s %q: the page does not show %s", tt.field, tt.value, shown)
			}
		}
		if kept := typed(t, page.Body.String()); kept.Get("title") != "Prof." || kept.Get(name) != tt.value {
			t.Errorf("%s %q: what was typed is lost: %q", tt.field, tt.value, kept.Get(name))
		}
	}
	fields.Del("customFields.paperless")
	if page := s.post(link, with(fields, "do", "save")).Body.String(); !strings.Contains(page, `id="customFields.paperless-problem">Bitte wählen Sie hier etwas aus.`) {
		t.Error("buttons that were left alone are no problem")
	}
}

func TestOldValuesDoNotKeepTheContactFromAnswering(t *testing.T) {
	s := newSite(t)
	s.upload(s.nordlicht, `{"externalId":"c-1","customFields":{"contract_no":"unknown","newsletter":"kaum","colour":"Mint","day":"gestern","n":1.234}}`)
	s.define(s.nordlicht, db.FieldRequired, profile.Definition{Key: "contract_no", Type: profile.TypeText, Pattern: ptr("[0-9]+")}, "Vertragsnummer")
	s.define(s.nordlicht, db.FieldEditable, profile.Definition{Key: "newsletter", Type: profile.TypeBoolean}, "Rundbrief")
	s.define(s.nordlicht, db.FieldEditable, profile.Definition{Key: "colour", Type: profile.TypeChoice, Choices: []profile.Choice{{Value: "red"}}}, "Farbe")
	s.define(s.nordlicht, db.FieldEditable, profile.Definition{Key: "day", Type: profile.TypeDate}, "Tag")
	s.define(s.nordlicht, db.FieldEditable, profile.Definition{Key: "n", Type: profile.TypeNumber}, "Menge")
	link := s.ask(s.nordlicht, "c-1")
	fields := typed(t, s.get(link+"/form").Body.String())
	for name, value := range map[string]string{"contract_no": "unknown", "newsletter": "kaum", "colour": "Mint", "day": "gestern", "n": "1,234"} {
		if fields.Get("customFields."+name) != value {
			t.Errorf("%s shows %q", name, fields.Get("customFields."+name))
		}
	}
	if page := s.post(link, with(fields, "do", "review")); !strings.Contains(page.Body.String(), "Sie haben nichts geändert") {
		t.Errorf("answers %d", page.Code)
	}
	if page := s.post(link, with(fields, "do", "review", "customFields.n", "2,345")); !strings.Contains(page.Body.String(), ">2,345<") {
		t.Errorf("answers %d", page.Code)
	}
}

func TestLabelsAreInTheLanguageOfThePage(t *testing.T) {
	s := newSite(t)
	for _, tenant := range []*db.Tenant{s.nordlicht, s.brightside} {
		s.defineAll(tenant)
	}
	english := s.get(s.ask(s.brightside, "c-2") + "/form").Body.String()
	for _, shown := range []string{"Contract number", "Children", "Newsletter", "Red", "Blau", "Post nur digital", "(required)", "No answer", "1234.5", "You can see this here"} {
		if !strings.Contains(english, shown) {
			t.Errorf("the English form does not show %s", shown)
		}
	}
	informal := theme.Informal
	_, err := s.nordlicht.UpdateBrand(t.Context(), db.BrandChange{Formality: &informal})
	s.must(err)
	german := s.get(s.ask(s.nordlicht, "c-1") + "/form").Body.String()
	for _, shown := range []string{"Vertragsnummer", "Steht auf jeder Rechnung", "Keine Angabe", "(erforderlich)", "Das kannst du hier ansehen"} {
		if !strings.Contains(german, shown) {
			t.Errorf("the German form does not show %s", shown)
		}
	}
}

func TestTheLanguageCanBeChosenWhereItMayBe(t *testing.T) {
	s := newSite(t)
	s.rules(s.nordlicht, "locale", "EDITABLE")
	s.upload(s.nordlicht, `{"externalId":"c-1","locale":"de-AT"}`)
	link := s.ask(s.nordlicht, "c-1", db.AskPerson)
	page := s.get(link + "/form").Body.String()
	fields := typed(t, page)
	if fields.Get("locale") != "de-AT" || !strings.Contains(page, `<option value="en">English</option>`) {
		t.Errorf("the form offers %s", fields.Get("locale"))
	}
	if body := s.post(link, with(fields, "do", "review", "locale", "en")).Body.String(); !strings.Contains(body, "Sprache") || !strings.Contains(body, "English") {
		t.Error("the review does not show the language")
	}
	s.post(link, with(fields, "do", "save", "locale", "en"))
	if thanks := s.get(link + "/thanks").Body.String(); !strings.Contains(thanks, `<html lang="en">`) {
		t.Error("the pages do not speak English now")
	}
}
