package webapp_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"complero/db"
	"complero/frontend/locales"
	"complero/server/browsertest"
	"complero/theme"
)

// lina has two telephone numbers, and a name in two scripts.
const lina = `{"externalId":"c-LOCALE","employee":"e-1","locale":"LOCALE","salutation":"Frau","givenName":"لينا","familyName":"Haddad",
	"birthDate":"1991-03-01","organisation":"Haddad & Söhne (Import)","emails":[{"address":"lina@example.com"}],
	"phones":[{"number":"0171 2345678"},{"number":"+33639981234","use":"BUSINESS"}],
	"addresses":[{"street":"Lindenstraße","houseNumber":"12a","postalCode":"10969","city":"Berlin"}],
	"customFields":{"contract_no":"A-4711","newsletter":true,"children":2.5}}`

// speaking uploads lina with a language of her own and returns the path of her link.
func (s *site) speaking(locale string, f theme.Formality) string {
	s.t.Helper()
	_, err := s.nordlicht.UpdateBrand(s.t.Context(), db.BrandChange{Formality: &f})
	s.must(err)
	s.upload(s.nordlicht, strings.ReplaceAll(lina, "LOCALE", locale))
	return s.ask(s.nordlicht, "c-"+locale)
}

// changed changes something of everything; mistaken has a mistake everywhere.
var (
	changed = url.Values{
		"do": {"review"}, "givenName": {"Lina"}, "phones.1.number": {"+49 30 901820"}, "emails.0.address": {"haddad@example.com"},
		"wording.advertising": {"1 de"}, "consent.advertising.PHONE": {"yes"},
	}
	mistaken = url.Values{
		"do": {"review"}, "birthDate": {"1980-02-30"}, "emails.0.address": {"anna"}, "phones.0.number": {"12"},
		"addresses.0.postalCode": {"1"}, "addresses.0.city": {strings.Repeat("x", 500)},
	}
)

func TestPagesRunFromRightToLeft(t *testing.T) {
	s := newSite(t)
	s.advertising(s.nordlicht)
	link := s.speaking("ar", theme.Formal)
	golden(t, "intro-arabic", s.get(link))
	golden(t, "form-arabic", s.get(link+"/form"))
	golden(t, "review-arabic", s.post(link, changed))
	golden(t, "problems-arabic", s.post(link, mistaken))
}

// pages are what a visit shows, the form with all that can be wrong.
func (s *site) pages(link string) []string {
	list := []string{
		s.get(link).Body.String(), s.post(link, mistaken).Body.String(), s.post(link, changed).Body.String(), s.get(link + "/stop").Body.String(),
		s.get(link + "/abroad").Body.String(), s.get(link + "/deceased").Body.String(), s.post(link+"/question", nil).Body.String(),
	}
	s.post(link, url.Values{"do": {"confirm"}})
	return append(list, s.get(link+"/thanks").Body.String())
}

// TestNoLanguageIsWiderThanAPhone looks at every page of every language as a
// browser lays it out in 320 pixels, the width of WCAG 2.2, 1.4.10.
func TestNoLanguageIsWiderThanAPhone(t *testing.T) {
	shown := map[string]string{}
	s := newSite(t)
	s.advertising(s.nordlicht)
	_, err := s.nordlicht.SaveFieldPolicies(t.Context(), []db.FieldPolicy{{Field: "organisation", Policy: db.FieldShown}, {Field: "emails", Policy: db.FieldRequired}})
	s.must(err)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if page, found := shown[r.URL.Path]; found {
			_, _ = w.Write([]byte(page))
			return
		}
		s.handler.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	ctx := browsertest.New(t, browsertest.Viewport(320, 640))
	for _, tag := range locales.Languages() {
		for locale, f := range map[string]theme.Formality{tag + "-CH": theme.Formal, tag + "-AT": theme.Informal} {
			if f == theme.Informal && locales.For(theme.Formal, tag) == locales.For(f, tag) {
				continue // it is the same
			}
			for n, page := range s.pages(s.speaking(locale, f)) {
				name := "/" + locale + "-" + strconv.Itoa(n)
				if !strings.Contains(page, `<html lang="`+tag+`"`) {
					t.Errorf("%s is in another language", name)
				}
				shown[name] = page
				if err := chromedp.Do(ctx, chromedp.Navigate(server.URL+name)); err != nil {
					t.Fatal(err)
				}
				wide, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](widerThanThePage))
				if err != nil {
					t.Fatal(err)
				}
				if len(wide) > 0 {
					t.Errorf("%s is wider than the page: %q", name, wide)
				}
			}
		}
	}
}

// widerThanThePage lists what stands out of the page or out of its own box.
const widerThanThePage = `[...document.querySelectorAll("body *")].filter(e => {
	const box = e.getBoundingClientRect();
	return !e.closest(".first") && !(e.scrollWidth == 0) && (box.left < -1 || box.right > document.documentElement.clientWidth + 1 ||
		getComputedStyle(e).display != "inline" && !e.matches("input,select") && e.scrollWidth > e.clientWidth + 1);
}).map(e => e.tagName + "." + e.className + ": " + e.textContent.slice(0, 60))`

func TestPagesGreetInTheContactsLanguage(t *testing.T) {
	s := newSite(t)
	for _, tt := range []struct{ locale, salutation, want string }{
		{"fr", "Mme", "Bonjour Madame Haddad,"},
		{"it-IT", "Sig.", "Gentile Signor Haddad,"},
		{"es", "Sra.", "Hola, señora Haddad:"},
		{"nl", "Dhr.", "Beste meneer Haddad,"},
		{"pl", "Pani", "Dzień dobry, لينا Haddad!"},
		{"ar", "Frau", "مرحبًا \u2068لينا Haddad\u2069،"},
	} {
		contact := strings.Replace(strings.ReplaceAll(lina, "LOCALE", tt.locale), `"Frau"`, `"`+tt.salutation+`"`, 1)
		s.upload(s.nordlicht, contact)
		if page := s.get(s.ask(s.nordlicht, "c-"+tt.locale)).Body.String(); !strings.Contains(page, ">"+tt.want+"<") {
			t.Errorf("%s, %s is not greeted with %q", tt.locale, tt.salutation, tt.want)
		}
	}
}
