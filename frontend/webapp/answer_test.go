package webapp_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"complero/db"
)

// typed reads the fields of the form on a page as a browser would send them.
func typed(t *testing.T, page string) url.Values {
	t.Helper()
	fields := url.Values{}
	for _, input := range regexp.MustCompile(`<input [^>]*>`).FindAllString(page, -1) {
		name, value := attribute(input, "name"), attribute(input, "value")
		choice := strings.Contains(input, `type="checkbox"`) || strings.Contains(input, `type="radio"`)
		if choice && !strings.Contains(input, " checked") {
			continue
		}
		fields.Set(name, value)
	}
	for _, area := range regexp.MustCompile(`(?s)<textarea [^>]*>\n(.*?)</textarea>`).FindAllStringSubmatch(page, -1) {
		fields.Set(attribute(area[0], "name"), strings.ReplaceAll(html.UnescapeString(area[1]), "\n", "\r\n"))
	}
	for _, choice := range regexp.MustCompile(`(?s)<select [^>]*>.*?</select>`).FindAllString(page, -1) {
		selected := regexp.MustCompile(`<option value="?([^" >]*)"? selected`).FindStringSubmatch(choice)
		if selected != nil {
			fields.Set(attribute(choice, "name"), selected[1])
		}
	}
	return fields
}

func attribute(tag, name string) string {
	found := regexp.MustCompile(` ` + name + `="([^"]*)"`).FindStringSubmatch(tag)
	if found == nil {
		return ""
	}
	return html.UnescapeString(found[1])
}

// with is fields with one of them changed; "-" takes it away.
func with(fields url.Values, pairs ...string) url.Values {
	changed := url.Values{}
	for name, values := range fields {
		changed[name] = values
	}
	for i := 0; i < len(pairs); i += 2 {
		changed.Set(pairs[i], pairs[i+1])
	}
	return changed
}

func TestConfirmIsOneButton(t *testing.T) {
	s := newSite(t)
	link := s.ask(s.nordlicht, "c-1")
	for range 2 { // people press buttons twice
		answer := s.post(link, url.Values{"do": {"confirm"}})
		if answer.Code != http.StatusSeeOther || answer.Header().Get("Location") != link+"/thanks" {
			t.Fatalf("answers %d to %q", answer.Code, answer.Header().Get("Location"))
		}
	}
	if got := s.kinds(s.nordlicht); got != "REQUEST_DELIVERED CONFIRM" && got != "CONFIRM REQUEST_DELIVERED" {
		t.Errorf("records %s", got)
	}
	if s.contact(s.nordlicht, "c-1").ConfirmedAt == nil {
		t.Error("the Contact is not confirmed")
	}
	if page := s.get(link); page.Code != http.StatusOK || !strings.Contains(page.Body.String(), "am 21. November 2026 bestätigt") {
		t.Errorf("an answered link shows %d", page.Code)
	}
}

func TestFormUnchangedIsAConfirm(t *testing.T) {
	s := newSite(t)
	link := s.ask(s.nordlicht, "c-1")
	fields := typed(t, s.get(link+"/form").Body.String())
	review := s.post(link, with(fields, "do", "review"))
	if !strings.Contains(review.Body.String(), "Sie haben nichts geändert") {
		t.Fatalf("the form as it came changes something: %s", review.Body)
	}
	s.post(link, with(typed(t, review.Body.String()), "do", "save"))
	if got := s.kinds(s.nordlicht); !strings.Contains(got, "CONFIRM") || strings.Contains(got, "UPDATE") {
		t.Errorf("records %s", got)
	}
}

func TestFormReviewedAndSavedIsAnUpdate(t *testing.T) {
	s := newSite(t)
	s.advertising(s.nordlicht)
	link := s.ask(s.nordlicht, "c-1")
	fields := with(typed(t, s.get(link+"/form").Body.String()),
		"do", "review", "familyName", "Sommer-Müller", "addresses.0.street", "Ringstraße", "consent.advertising.EMAIL", "yes",
		"customFields.children", "3", "customFields.newsletter", "no", "phones.0.number", "030 111222")
	review := s.post(link, fields)
	body := review.Body.String()
	for _, shown := range []string{"Sommer-Müller", "Lindenstraße", "Ringstraße", "Neuigkeiten und Angebote", "Per E-Mail", "Nein", "+49 30 111222"} {
		if !strings.Contains(body, shown) {
			t.Errorf("the review does not show %s", shown)
		}
	}
	if got := s.kinds(s.nordlicht); got != "" {
		t.Fatalf("the review records %s", got)
	}
	for range 2 {
		if saved := s.post(link, with(typed(t, body), "do", "save")); saved.Code != http.StatusSeeOther {
			t.Fatalf("saving answers %d", saved.Code)
		}
	}
	got := s.kinds(s.nordlicht)
	for _, kind := range []string{"UPDATE", "CONSENT_GRANTED", "CONSENT_DECLINED"} {
		if strings.Count(got+" ", kind+" ") != 1 {
			t.Errorf("records not one %s: %s", kind, got)
		}
	}
	p := s.contact(s.nordlicht, "c-1").Profile
	if p.FamilyName != "Sommer-Müller" || p.Addresses[0].Street != "Ringstraße" || p.CustomFields["children"] != 3.0 || p.CustomFields["newsletter"] != false {
		t.Errorf("keeps %+v", p)
	}
	if phone := p.Phones[0]; phone.Number != "+4930111222" || phone.Kind != "LANDLINE" {
		t.Errorf("a mobile that became a landline is %+v", phone)
	}
	if !strings.Contains(s.get(link+"/thanks").Body.String(), "Ihre Änderungen sind gespeichert") {
		t.Error("there are no thanks")
	}
}

func TestRowsComeAndGoWithEverythingKept(t *testing.T) {
	s := newSite(t)
	_, err := s.nordlicht.UpdateCompany(t.Context(), db.CompanyChange{ConfirmNewAddresses: ptr(false)})
	s.must(err)
	link := s.ask(s.nordlicht, "c-1")
	fields := with(typed(t, s.get(link+"/form").Body.String()), "givenName", "Änne", "do", "add-email")
	page := s.post(link, fields).Body.String()
	fields = typed(t, page)
	if fields.Get("givenName") != "Änne" || !fields.Has("emails.1.address") || !strings.Contains(page, `name="emails.1.address" autocomplete="section-emails1 email" inputmode="email" autofocus`) {
		t.Fatalf("a row was added wrongly: %v", fields)
	}
	page = s.post(link, with(fields, "emails.1.address", "zwei@example.com", "do", "remove-email-0")).Body.String()
	fields = typed(t, page)
	if fields.Get("emails.0.address") != "zwei@example.com" || fields.Has("emails.1.address") {
		t.Fatalf("a row was removed wrongly: %v", fields)
	}
	for _, do := range []string{"add-phone", "add-address", "remove-phone-0", "remove-address-1", "remove-address-99", "remove-email--1", "edit", "nonsense"} {
		answer := s.post(link, with(fields, "do", do))
		if answer.Code != http.StatusOK {
			t.Errorf("%s answers %d", do, answer.Code)
		}
		fields = typed(t, answer.Body.String())
	}
	if got := s.kinds(s.nordlicht); got != "" {
		t.Fatalf("editing records %s", got)
	}
	s.post(link, with(fields, "do", "save"))
	p := s.contact(s.nordlicht, "c-1").Profile
	if len(p.Emails) != 1 || p.Emails[0].Address != "zwei@example.com" || p.GivenName != "Änne" {
		t.Errorf("keeps %+v", p)
	}
}

func TestWrongFieldsKeepWhatWasTyped(t *testing.T) {
	s := newSite(t)
	link := s.ask(s.nordlicht, "c-1")
	fields := typed(t, s.get(link+"/form").Body.String())
	tests := []struct{ name, field, value, problem string }{
		{"no e-mail", "emails.0.address", "anna@", "Das ist keine E-Mail-Adresse."},
		{"300 characters", "familyName", strings.Repeat("ü", 300), "Das ist zu lang."},
		{"year 0001", "birthDate", "0001-01-01", "Das ist kein mögliches Geburtsdatum."},
		{"NUL", "givenName", "An\x00na", "Das lässt sich nicht lesen."},
		{"no UTF-8", "givenName", "\xff\xfe", "Das lässt sich nicht lesen."},
		{"postal code", "addresses.0.postalCode", "1", "Diese Postleitzahl passt nicht zum Land."},
		{"country", "addresses.0.countryCode", "QQ", "Bitte wählen Sie ein Land aus der Liste."},
		{"phone", "phones.1.number", "12", "Das ist keine Telefonnummer."},
		{"number", "customFields.children", "drei", "Bitte schreiben Sie hier eine Zahl"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, do := range []string{"review", "save"} {
				answer := s.post(link, with(fields, "do", do, tt.field, tt.value, "organisation", "مؤسسة 🌻"))
				page := answer.Body.String()
				if answer.Code != http.StatusUnprocessableEntity {
					t.Fatalf("%s answers %d", do, answer.Code)
				}
				for _, shown := range []string{tt.problem, `href="#` + tt.field + `"`, `id="` + tt.field + `-problem"`, `aria-describedby="`, `aria-invalid="true"`, "<title>Fehler: "} {
					if !strings.Contains(page, shown) {
						t.Errorf("%s: the page does not show %s", do, shown)
					}
				}
				if kept := typed(t, page); kept.Get("organisation") != "مؤسسة 🌻" {
					t.Errorf("%s: what was typed is lost: %v", do, kept)
				}
			}
		})
	}
	if got := s.kinds(s.nordlicht); got != "" {
		t.Errorf("something was recorded: %s", got)
	}
}

func TestProblemsFindTheirRowsBehindBlankOnes(t *testing.T) {
	s := newSite(t)
	link := s.ask(s.nordlicht, "c-1")
	page := s.post(link, url.Values{"do": {"review"}, "emails.0.address": {""}, "emails.1.address": {"falsch"}}).Body.String()
	if !strings.Contains(page, `href="#emails.1.address">E-Mail-Adresse 2: `) {
		t.Error("the problem is shown at another row")
	}
}

func TestNamesOfAllScriptsAreKept(t *testing.T) {
	s := newSite(t)
	link := s.ask(s.nordlicht, "c-1")
	fields := typed(t, s.get(link+"/form").Body.String())
	for _, name := range []string{"李小龍", "עברית", "Zoë 🌻", `<b>"Ann" & 'Co'</b>`, "O’Neill"} {
		if answer := s.post(link, with(fields, "do", "save", "familyName", name)); answer.Code != http.StatusSeeOther {
			t.Fatalf("%s answers %d", name, answer.Code)
		}
		if got := s.contact(s.nordlicht, "c-1").Profile.FamilyName; got != name {
			t.Errorf("%s is kept as %s", name, got)
		}
		page := s.get(link + "/form").Body.String()
		if strings.Contains(page, "<b>") || typed(t, page).Get("familyName") != name {
			t.Errorf("%s is shown wrongly", name)
		}
	}
}

func TestHalfAFormLosesNothing(t *testing.T) {
	s := newSite(t)
	link := s.ask(s.nordlicht, "c-1")
	s.post(link, url.Values{"do": {"save"}, "givenName": {"Anne"}})
	p := s.contact(s.nordlicht, "c-1").Profile
	if p.GivenName != "Anne" || p.FamilyName != "Sommer" || len(p.Emails) != 1 || len(p.Phones) != 2 || len(p.Addresses) != 1 || len(p.CustomFields) != 3 {
		t.Errorf("keeps %+v", p)
	}
}

func TestPagesShowOnlyWhatIsAsked(t *testing.T) {
	s := newSite(t)
	s.advertising(s.nordlicht)
	link := s.ask(s.nordlicht, "c-1", db.AskAddress)
	for _, path := range []string{link, link + "/form"} {
		page := s.get(path).Body.String()
		if !strings.Contains(page, "Lindenstraße") {
			t.Error("the address is not shown")
		}
		for _, hidden := range []string{"anna@example.com", "1980", "A-4711", "171 2345678", "Neuigkeiten"} {
			if strings.Contains(page, hidden) {
				t.Errorf("%s shows %s", path, hidden)
			}
		}
	}
	s.post(link, url.Values{"do": {"save"}, "givenName": {"X"}, "addresses.0.city": {"Kiel"}, "addresses.0.postalCode": {"24103"}})
	if p := s.contact(s.nordlicht, "c-1").Profile; p.GivenName != "Anna" || p.Addresses[0].City != "Kiel" {
		t.Errorf("keeps %+v", p)
	}
}

func TestNotMeShowsNothingMore(t *testing.T) {
	s := newSite(t)
	link := s.ask(s.nordlicht, "c-1")
	s.post(link, url.Values{"do": {"notme"}})
	for _, path := range []string{link, link + "/form", link + "/thanks"} {
		page := s.get(path)
		if page.Code != http.StatusOK || strings.Contains(page.Body.String(), "Sommer") || !strings.Contains(page.Body.String(), "Danke für den Hinweis") {
			t.Errorf("%s shows %d %s", path, page.Code, page.Body)
		}
	}
	if got := s.kinds(s.nordlicht); strings.Count(got, "NOT_ME") != 1 {
		t.Errorf("records %s", got)
	}
}
