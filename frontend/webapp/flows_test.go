package webapp_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"complero/db"
	"complero/frontend/locales"
)

func TestLanguageIsChosenOnEveryPageAndTravelsAlong(t *testing.T) {
	s := newSite(t)
	s.advertising(s.nordlicht)
	link := s.ask(s.nordlicht, "c-1")
	before := s.dump()
	for _, page := range []string{"", "/form", "/stop", "/abroad", "/deceased", "/question"} {
		german := s.get(link + page).Body.String()
		for _, tag := range locales.Languages() {
			if !strings.Contains(german, `<a href="?lang=`+tag+`" hreflang="`+tag+`" lang="`+tag+`"`) {
				t.Errorf("%s offers no %s", page, tag)
			}
		}
		french := s.get(link + page + "?lang=fr").Body.String()
		if !strings.Contains(french, `<html lang="fr"`) {
			t.Errorf("%s does not speak French", page)
		}
		for _, part := range strings.Split(french, `"`) {
			if strings.HasPrefix(part, link) && !strings.HasSuffix(part, "?lang=fr") {
				t.Errorf("%s leads to %s, which forgets the language", page, part)
			}
		}
	}
	for _, strange := range []string{"?lang=tlh", "?lang=", `?lang="><script>`, "?lang=fr-CA&lang=de"} {
		if page := s.get(link + strange); page.Code != http.StatusOK || !strings.Contains(page.Body.String(), `<html lang="de"`) {
			t.Errorf("%s shows %d", strange, page.Code)
		}
	}
	if !slices.Equal(before, s.dump()) {
		t.Error("choosing a language changed the database")
	}
}

func TestLanguageKeepsWhatWasTyped(t *testing.T) {
	s := newSite(t)
	s.advertising(s.nordlicht)
	link := s.ask(s.nordlicht, "c-1")
	typed := url.Values{"do": {"review"}, "givenName": {"Annabell"}, "emails.0.address": {"nix"}}
	page := s.post(link, typed).Body.String()
	if !strings.Contains(page, `form="answer" name="do" value="review" formaction="`+link+`?lang=es"`) {
		t.Fatal("the page with problems offers no Spanish")
	}
	page = s.post(link+"?lang=es", typed).Body.String()
	if !strings.Contains(page, `<html lang="es"`) || !strings.Contains(page, `value="Annabell"`) || !strings.Contains(page, `value="nix"`) {
		t.Error("what was typed is lost")
	}
	typed = url.Values{"do": {"save"}, "givenName": {"Annabell"}, "wording.advertising": {"1 en"}, "consent.advertising.EMAIL": {"yes"}}
	if saved := s.post(link+"?lang=en", typed); saved.Header().Get("Location") != link+"/thanks?lang=en" {
		t.Errorf("saving leads to %s", saved.Header().Get("Location"))
	}
	all, err := s.nordlicht.Consents(t.Context(), db.Page{}, db.ConsentFilter{})
	s.must(err)
	for _, c := range all.Nodes {
		if c.Locale != "en" {
			t.Errorf("the Consent is held to have been read in %s", c.Locale)
		}
	}
}

func TestDeathIsToldInTwoStepsAndTakenBack(t *testing.T) {
	s := newSite(t)
	link := s.ask(s.nordlicht, "c-1")
	if page := s.get(link).Body.String(); !strings.Contains(page, `href="`+link+`/deceased"`) {
		t.Error("the page does not offer it")
	}
	golden(t, "deceased", s.get(link+"/deceased"))
	if told := s.post(link+"/deceased", nil); told.Code != http.StatusSeeOther {
		t.Fatalf("answers %d", told.Code)
	}
	for _, page := range []string{"", "/form", "/thanks", "/abroad", "/deceased"} {
		shown := s.get(link + page)
		if shown.Code != http.StatusOK || !strings.Contains(shown.Body.String(), "Unser herzliches Beileid") {
			t.Errorf("%s shows %d", page, shown.Code)
		}
		for _, personal := range []string{"Anna", "Sommer", "Jana", "anna@"} {
			if strings.Contains(shown.Body.String(), personal) {
				t.Errorf("%s tells %s", page, personal)
			}
		}
	}
	golden(t, "condolences", s.get(link))
	if s.contact(s.nordlicht, "c-1").StoppedAt == nil {
		t.Error("the Contact would be asked again")
	}
	back := s.post(link+"/resume", nil)
	if !strings.Contains(back.Body.String(), "Das ist zurückgenommen") || !strings.Contains(back.Body.String(), `href="`+link+`"`) {
		t.Errorf("taking it back shows %s", back.Body)
	}
	if page := s.get(link); !strings.Contains(page.Body.String(), "Sommer") {
		t.Error("the link stays closed")
	}
	if got := s.kinds(s.nordlicht); got != "REQUEST_DELIVERED DECEASED RESUME" {
		t.Errorf("events %s", got)
	}
}

func TestMovingAbroadBeginsWithTheCountry(t *testing.T) {
	s := newSite(t)
	link := s.ask(s.nordlicht, "c-1")
	before := s.dump()
	golden(t, "abroad", s.get(link+"/abroad"))
	page := s.post(link, url.Values{"do": {"abroad"}, "country": {"AT"}}).Body.String()
	if strings.Contains(page, "Lindenstraße") || !strings.Contains(page, "<option value=AT selected>") || !strings.Contains(page, `value="Anna"`) {
		t.Error("the form does not begin an address in Austria")
	}
	if !strings.Contains(page, `name="addresses.0.street" autocomplete="address-line1" autofocus`) {
		t.Error("the form does not begin with the street")
	}
	for _, country := range []string{"", "XX", "<b>"} {
		if page := s.post(link, url.Values{"do": {"abroad"}, "country": {country}}); page.Code != http.StatusOK || !strings.Contains(page.Body.String(), "Lindenstraße") {
			t.Errorf("%q shows %d", country, page.Code)
		}
	}
	if !slices.Equal(before, s.dump()) {
		t.Error("choosing a country changed the database")
	}
	link = s.ask(s.nordlicht, "c-2", db.AskPerson)
	if shown := s.get(link + "/abroad"); shown.Header().Get("Location") != link+"/form" {
		t.Errorf("a Request without addresses shows %d", shown.Code)
	}
}

func TestQuestionGoesOnItsWayFromAnyLink(t *testing.T) {
	s := newSite(t)
	link := s.ask(s.nordlicht, "c-1")
	golden(t, "question", s.get(link+"/question"))
	empty := s.post(link+"/question", url.Values{"words": {"  "}, "replyTo": {"0431 1"}})
	if empty.Code != http.StatusUnprocessableEntity || !strings.Contains(empty.Body.String(), `value="0431 1"`) {
		t.Errorf("an empty question: %d", empty.Code)
	}
	sent := s.post(link+"/question", url.Values{"words": {"Gilt <i>das</i> noch?"}})
	if sent.Header().Get("Location") != link+"/question?sent=1" {
		t.Fatalf("sent: %d %s", sent.Code, sent.Header().Get("Location"))
	}
	if page := s.get(link + "/question?sent=1").Body.String(); !strings.Contains(page, "Jana Brandt bekommt sie in wenigen Minuten") {
		t.Errorf("sent: %s", page)
	}
	*s.now = today.Add(91 * 24 * time.Hour)
	page := s.get(link + "/question").Body.String()
	if !strings.Contains(page, "Nordlicht Versicherung bekommt es als E-Mail") || strings.Contains(page, "Jana") {
		t.Errorf("an expired link shows %s", page)
	}
	for n := range 6 {
		want := http.StatusSeeOther
		if n == 5 {
			want = http.StatusUnprocessableEntity
		}
		if got := s.post(link+"/question?lang=en", url.Values{"words": {"Why?"}}); got.Code != want {
			t.Errorf("question %d: %d", n, got.Code)
		}
	}
	report, err := s.nordlicht.Report(t.Context(), db.ReportFilter{})
	s.must(err)
	if report.Enquiries != 6 {
		t.Errorf("%d enquiries are counted", report.Enquiries)
	}
	if got := s.kinds(s.nordlicht); got != "" {
		t.Errorf("events %s", got)
	}
}

func TestAddressFieldsFollowTheCountry(t *testing.T) {
	s := newSite(t)
	link := s.ask(s.nordlicht, "c-1")
	fields := typed(t, s.get(link+"/form").Body.String())
	page := s.post(link+"?lang=en", with(fields, "addresses.0.countryCode", "US", "do", "country-0")).Body.String()
	var places []int
	for _, name := range []string{"countryCode", "houseNumber", "street", "addition", "city", "region", "postalCode", "use"} {
		places = append(places, strings.Index(page, `id="addresses.0.`+name+`"`))
	}
	if places[0] < 0 || !slices.IsSorted(places) || !strings.Contains(page, ">ZIP code<") || !strings.Contains(page, ">State<") {
		t.Errorf("the fields stand at %d", places)
	}
	if !strings.Contains(page, `value="Lindenstraße" dir="auto" id="addresses.0.street" name="addresses.0.street" autocomplete="address-line1" autofocus`) {
		t.Error("what was typed is lost")
	}
	for _, strange := range []string{"country-9", "country--1", "country-", "country-x"} {
		if shown := s.post(link, with(fields, "do", strange)); shown.Code != http.StatusOK {
			t.Errorf("%s shows %d", strange, shown.Code)
		}
	}
}

func TestBirthDateAndNumberComeFromTheirFields(t *testing.T) {
	s := newSite(t)
	link := s.ask(s.nordlicht, "c-1")
	fields := typed(t, s.get(link+"/form").Body.String())
	if got := fields.Get("birthDate.day") + "." + fields.Get("birthDate.month") + "." + fields.Get("birthDate.year"); got != "29.2.1980" {
		t.Errorf("the form shows %s", got)
	}
	wrong := s.post(link, with(fields, "do", "review", "birthDate.day", "30"))
	if wrong.Code != http.StatusUnprocessableEntity || !strings.Contains(wrong.Body.String(), `href="#birthDate"`) ||
		!strings.Contains(wrong.Body.String(), `value="30" id="birthDate" name="birthDate.day" autocomplete="bday-day" aria-invalid="true"`) {
		t.Errorf("30 February shows %d", wrong.Code)
	}
	fields = with(fields, "birthDate.day", "1", "birthDate.month", "3", "phones.0.country", "FR", "phones.0.number", "06 39 98 12 34", "do", "review")
	review := typed(t, s.post(link, fields).Body.String())
	if review.Get("birthDate") != "1980-03-01" || review.Get("phones.0.country") != "FR" {
		t.Fatalf("the review keeps %v", review)
	}
	s.post(link, with(review, "do", "save"))
	p := s.contact(s.nordlicht, "c-1").Profile
	if p.BirthDate != "1980-03-01" || p.Phones[0].Number != "+33639981234" {
		t.Errorf("on file is %s, %s", p.BirthDate, p.Phones[0].Number)
	}
	s.upload(s.brightside, strings.Replace(paul, `"c-2"`, `"c-3","locale":"en-US","birthDate":"1970-01-02"`, 1))
	page := s.get(s.ask(s.brightside, "c-3") + "/form").Body.String()
	if month, day := strings.Index(page, `name="birthDate.month"`), strings.Index(page, `name="birthDate.day"`); month < 0 || month > day {
		t.Error("an American writes the day first")
	}
}
