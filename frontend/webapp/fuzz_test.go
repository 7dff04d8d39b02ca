package webapp_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func FuzzPost(f *testing.F) {
	s := newSite(f)
	s.advertising(s.nordlicht)
	s.defineAll(s.nordlicht)
	s.rules(s.nordlicht, "birthDate", "HIDDEN", "phones", "SHOWN", "addresses", "REQUIRED", "locale", "EDITABLE")
	link := s.ask(s.nordlicht, "c-1")
	for _, body := range []string{
		"do=save&givenName=%00", "do=review&emails.0.address=%ff", "do=remove-email-0&emails=shown", "do=add-address",
		"do=save&addresses.0.id=x&addresses.39.city=%F0%9F%8C%BB", "do=save&wording.advertising=9+de&consent.advertising.EMAIL=yes",
		"do=withdraw-x", "do=consents", "&&&=%zz",
		"do=save&locale=xx&customFields.since=2001-01-01&customFields.paperless=yes&customFields.children=1.234&addresses.0.city=Kiel",
		"do=review&customFields.secret=x&customFields.score=1&birthDate=1999-01-01&customFields.colour=%ff&customFields.note=%0d%0a", "do=save&phones.0.number=%2B49&phones.0.kind=FAX",
	} {
		f.Add("", body)
		f.Add("/withdraw", body)
	}
	f.Fuzz(func(t *testing.T, page, body string) {
		if strings.ContainsAny(page, " \x00?#%") || strings.ContainsFunc(page, func(r rune) bool { return r < ' ' || r > '~' }) || strings.Contains(page, "//") || strings.Contains(page, "..") {
			t.Skip()
		}
		at, err := url.Parse("http://localhost" + link + page)
		if err != nil {
			t.Skip()
		}
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.URL = at
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, r)
		if w.Code >= 500 {
			t.Errorf("%s answers %d to %q", page, w.Code, body)
		}
	})
}

func FuzzToken(f *testing.F) {
	s := newSite(f)
	link := s.ask(s.nordlicht, "c-1")
	known := strings.TrimPrefix(link, "/u/")
	for _, token := range []string{"", "a", strings.Repeat("a", 26), strings.Repeat("7", 27), "ü", "%00", "../form"} {
		f.Add(token)
	}
	f.Fuzz(func(t *testing.T, token string) {
		if strings.Contains(token, known) {
			t.Skip()
		}
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.URL.Path, r.URL.RawPath = "/u/"+token, "/u/"+url.PathEscape(token)
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, r)
		if w.Code >= 500 || strings.Contains(w.Body.String(), "Sommer") {
			t.Errorf("%q answers %d", token, w.Code)
		}
	})
}
