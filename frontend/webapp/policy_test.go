package webapp_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"complero/db"
	"complero/db/profile"
	"complero/theme"
)

// rules says what Contacts of a Company may do, as field and policy in turn.
func (s *site) rules(tenant *db.Tenant, pairs ...string) {
	s.t.Helper()
	var save []db.FieldPolicy
	for i := 0; i < len(pairs); i += 2 {
		save = append(save, db.FieldPolicy{Field: pairs[i], Policy: db.Policy(pairs[i+1])})
	}
	_, err := tenant.SaveFieldPolicies(s.t.Context(), save)
	s.must(err)
}

// define defines a field; labels are in German, then in English.
func (s *site) define(tenant *db.Tenant, policy db.Policy, d profile.Definition, labels ...string) {
	s.t.Helper()
	for i, locale := range []string{"de", "en"}[:len(labels)] {
		d.Labels = append(d.Labels, profile.Label{Locale: locale, Label: labels[i]})
	}
	_, err := tenant.SaveCustomField(s.t.Context(), db.CustomFieldSave{Definition: d, Policy: &policy})
	s.must(err)
}

// defineAll defines a field of each type for the Contact anna and others.
func (s *site) defineAll(tenant *db.Tenant) {
	s.t.Helper()
	colours := []profile.Choice{
		{Value: "red", Labels: []profile.Label{{Locale: "de", Label: "Rot"}, {Locale: "en", Label: "Red"}}},
		{Value: "blue", Labels: []profile.Label{{Locale: "de", Label: "Blau"}}},
	}
	var towns []profile.Choice
	for _, town := range []string{"Kiel", "Lübeck", "Husum", "Plön", "Eutin", "Preetz"} {
		towns = append(towns, profile.Choice{Value: town})
	}
	s.define(tenant, db.FieldEditable, profile.Definition{
		Key: "contract_no", Type: profile.TypeText, Pattern: ptr("[A-Z]-[0-9]{4}"),
		Hints: []profile.Label{{Locale: "de", Label: "Steht auf jeder Rechnung, wie A-4711"}},
	}, "Vertragsnummer", "Contract number")
	s.define(tenant, db.FieldEditable, profile.Definition{Key: "children", Type: profile.TypeNumber, Minimum: ptr(0.0), Maximum: ptr(20000.0)}, "Kinder", "Children")
	s.define(tenant, db.FieldRequired, profile.Definition{Key: "since", Type: profile.TypeDate, Earliest: ptr("1950-01-01")}, "Kundin seit", "Customer since")
	s.define(tenant, db.FieldEditable, profile.Definition{Key: "newsletter", Type: profile.TypeBoolean}, "Rundbrief", "Newsletter")
	s.define(tenant, db.FieldRequired, profile.Definition{Key: "paperless", Type: profile.TypeBoolean}, "Post nur digital")
	s.define(tenant, db.FieldEditable, profile.Definition{Key: "colour", Type: profile.TypeChoice, Choices: colours}, "Farbe", "Colour")
	s.define(tenant, db.FieldEditable, profile.Definition{Key: "town", Type: profile.TypeChoice, Choices: towns}, "Filiale", "Branch")
	s.define(tenant, db.FieldShown, profile.Definition{Key: "score", Type: profile.TypeNumber}, "Treuepunkte", "Points")
	s.define(tenant, db.FieldHidden, profile.Definition{Key: "secret", Type: profile.TypeText}, "Geheimnis")
	s.upload(tenant, `{"externalId":"c-1","customFields":{"score":1234.5,"secret":"zwiebelfisch","note":"Zeile 1\nZeile 2"}}`, `{"externalId":"c-2","customFields":{"score":1234.5}}`)
}

func TestHiddenFieldsAppearNowhere(t *testing.T) {
	s := newSite(t)
	s.advertising(s.nordlicht)
	s.define(s.nordlicht, db.FieldHidden, profile.Definition{Key: "contract_no", Type: profile.TypeText}, "Vertragsnummer")
	s.rules(s.nordlicht, "familyName", "HIDDEN", "birthDate", "HIDDEN", "emails", "HIDDEN", "addresses", "HIDDEN", "customFields", "HIDDEN")
	link := s.ask(s.nordlicht, "c-1")
	forged := url.Values{
		"familyName": {"Forged"}, "birthDate": {"1999-09-09"}, "emails": {"shown"}, "emails.0.address": {"forged@example.com"},
		"addresses": {"shown"}, "addresses.0.city": {"Forged"}, "customFields.contract_no": {"Forged"}, "customFields.children": {"9"}, "customFields.new": {"Forged"},
	}
	pages := []string{s.get(link).Body.String(), s.get(link + "/form").Body.String()}
	for _, do := range []string{"review", "edit", "add-email", "add-address", "remove-email-0"} {
		pages = append(pages, s.post(link, with(forged, "do", do, "givenName", "Anne")).Body.String())
	}
	pages = append(pages, s.post(link, with(forged, "do", "review", "phones.0.number", "1")).Body.String())
	if saved := s.post(link, with(forged, "do", "save", "givenName", "Anne")); saved.Code != http.StatusSeeOther {
		t.Fatalf("saving answers %d: %s", saved.Code, saved.Body)
	}
	pages = append(pages, s.get(link+"/thanks").Body.String(), s.get(link).Body.String())
	for i, page := range pages {
		for _, hidden := range []string{
			"Sommer", "1980", "anna@example.com", "Lindenstraße", "A-4711", "Vertragsnummer", "Children", "Nachname", "Geburtsdatum", "E-Mail-Adresse", "Anschrift",
			`name="familyName"`, `name="birthDate"`, "emails", "addresses", "customFields", "Forged", "forged",
		} {
			if strings.Contains(page, hidden) {
				t.Errorf("page %d shows %s", i, hidden)
			}
		}
	}
	p := s.contact(s.nordlicht, "c-1").Profile
	if p.GivenName != "Anne" || p.FamilyName != "Sommer" || p.BirthDate != "1980-02-29" || p.Emails[0].Address != "anna@example.com" ||
		p.Addresses[0].City != "Berlin" || fmt.Sprint(p.CustomFields) != "map[children:2 contract_no:A-4711 newsletter:true]" {
		t.Errorf("keeps %+v", p)
	}
}

func TestShownFieldsCannotBeChanged(t *testing.T) {
	s := newSite(t)
	s.define(s.nordlicht, db.FieldShown, profile.Definition{Key: "contract_no", Type: profile.TypeText}, "Vertragsnummer")
	s.rules(s.nordlicht, "familyName", "SHOWN", "birthDate", "SHOWN", "phones", "SHOWN", "addresses", "SHOWN", "locale", "SHOWN")
	s.upload(s.nordlicht, `{"externalId":"c-1","locale":"de"}`)
	link := s.ask(s.nordlicht, "c-1")
	page := s.get(link + "/form").Body.String()
	for _, shown := range []string{"Sommer", "29. Februar 1980", "+49 171 2345678", "Lindenstraße 12a", "Vertragsnummer", "A-4711", "Deutsch", "Das können Sie hier ansehen, aber nicht ändern."} {
		if !strings.Contains(page, shown) {
			t.Errorf("the form does not show %s", shown)
		}
	}
	for name := range typed(t, page) {
		for _, fixed := range []string{"familyName", "birthDate", "phones", "addresses", "customFields.contract_no", "locale"} {
			if name == fixed || strings.HasPrefix(name, fixed+".") {
				t.Errorf("the form has the field %s", name)
			}
		}
	}
	forged := with(typed(t, page), "do", "save", "title", "Prof.", "familyName", "Forged", "birthDate", "1999-09-09", "phones", "shown",
		"addresses.0.city", "Kiel", "customFields.contract_no", "X", "locale", "en")
	if saved := s.post(link, forged); saved.Code != http.StatusSeeOther {
		t.Fatalf("saving answers %d", saved.Code)
	}
	p := s.contact(s.nordlicht, "c-1").Profile
	if p.Title != "Prof." || p.FamilyName != "Sommer" || p.BirthDate != "1980-02-29" || len(p.Phones) != 2 || p.Addresses[0].City != "Berlin" ||
		p.CustomFields["contract_no"] != "A-4711" || p.Locale != "de" {
		t.Errorf("keeps %+v", p)
	}
}

func TestNothingToChangeIsStillToConfirm(t *testing.T) {
	s := newSite(t)
	for _, field := range []string{"salutation", "title", "givenName", "familyName", "birthDate", "organisation", "emails", "phones", "addresses", "customFields"} {
		s.rules(s.nordlicht, field, "SHOWN")
	}
	link := s.ask(s.nordlicht, "c-1")
	page := s.get(link + "/form").Body.String()
	if strings.Contains(page, "<fieldset") || !strings.Contains(page, "Lindenstraße") {
		t.Errorf("the form is %s", page)
	}
	s.post(link, with(typed(t, page), "do", "save"))
	if got := s.kinds(s.nordlicht); !strings.Contains(got, "CONFIRM") {
		t.Errorf("records %s", got)
	}
}

func TestRequiredFieldsAreAskedFor(t *testing.T) {
	for _, tt := range []struct {
		name          string
		informal      bool
		company       func(*site) *db.Tenant
		lead, problem string
	}{
		{"formal", false, func(s *site) *db.Tenant { return s.nordlicht }, "Ändern Sie, was nicht mehr stimmt. Nur was erforderlich ist", "Bitte füllen Sie dieses Feld aus."},
		{"informal", true, func(s *site) *db.Tenant { return s.nordlicht }, "Ändere, was nicht mehr stimmt. Nur was erforderlich ist", "Bitte fülle dieses Feld aus."},
		{"english", true, func(s *site) *db.Tenant { return s.brightside }, "Change what is no longer right. Only what is required", "Please fill this in."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newSite(t)
			tenant := tt.company(s)
			if informal := theme.Informal; tt.informal {
				_, err := tenant.UpdateBrand(t.Context(), db.BrandChange{Formality: &informal})
				s.must(err)
			}
			s.rules(tenant, "birthDate", "REQUIRED", "phones", "REQUIRED", "addresses", "REQUIRED", "title", "REQUIRED")
			s.upload(tenant, `{"externalId":"c-2","addresses":null}`)
			link := s.ask(tenant, "c-2")
			want := []string{"birthDate", "title", "phones.0.number", "addresses.0.street"}

			// Pressing "all is right" leads to what is missing.
			page := s.post(link, url.Values{"do": {"confirm"}})
			if page.Code != http.StatusUnprocessableEntity {
				t.Fatalf("confirming answers %d", page.Code)
			}
			fields := typed(t, page.Body.String())
			for _, name := range want {
				for _, shown := range []string{`href="#` + name + `"`, `id="` + name + `"`, `id="` + name + `-problem">` + tt.problem} {
					if !strings.Contains(page.Body.String(), shown) {
						t.Errorf("the page does not show %s", shown)
					}
				}
			}
			if !strings.Contains(page.Body.String(), tt.lead) {
				t.Errorf("the lead is not %s", tt.lead)
			}
			// Half of it filled in loses nothing.
			fields = with(fields, "do", "review", "birthDate.day", "2", "birthDate.month", "1", "birthDate.year", "1970", "organisation", "مؤسسة", "phones.0.number", "+44 20 7946 0018")
			page = s.post(link, fields)
			fields = typed(t, page.Body.String())
			if page.Code != http.StatusUnprocessableEntity || fields.Get("birthDate.day")+fields.Get("birthDate.month")+fields.Get("birthDate.year") != "211970" || fields.Get("organisation") != "مؤسسة" ||
				strings.Contains(page.Body.String(), `href="#birthDate"`) || !strings.Contains(page.Body.String(), `href="#title"`) {
				t.Errorf("%d: %v", page.Code, fields)
			}
			page = s.post(link, with(fields, "do", "save", "title", "Dr.", "addresses.0.street", "Ring", "addresses.0.houseNumber", "1"))
			if page.Code != http.StatusSeeOther {
				t.Fatalf("saving answers %d %s", page.Code, page.Body)
			}
			if p := s.contact(tenant, "c-2").Profile; p.Title != "Dr." || p.Addresses[0].Street != "Ring" {
				t.Errorf("keeps %+v", p)
			}
			if page = s.post(link, url.Values{"do": {"confirm"}}); page.Code != http.StatusSeeOther {
				t.Errorf("confirming answers %d", page.Code)
			}
		})
	}
}
