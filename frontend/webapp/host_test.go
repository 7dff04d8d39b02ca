package webapp_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"complero/db"
)

// on asks for a page on a host.
func (s *site) on(host, path string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Host = host
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w
}

// ownHosts gives both Companies host names.
func (s *site) ownHosts() {
	s.t.Helper()
	_, err := s.nordlicht.UpdateCompany(s.t.Context(), db.CompanyChange{Domains: &[]string{"daten.nordlicht.example", "data.nordlicht.example"}})
	s.must(err)
	_, err = s.brightside.UpdateCompany(s.t.Context(), db.CompanyChange{Domains: &[]string{"check.brightside.example"}})
	s.must(err)
}

func TestACompanysHostServesOnlyItsOwn(t *testing.T) {
	s := newSite(t)
	s.ownHosts()
	german, english := s.ask(s.nordlicht, "c-1"), s.ask(s.brightside, "c-2")
	parts := pageFiles(s.get(german).Body.String())
	if len(parts) < 2 {
		t.Fatalf("the page has the files %q", parts)
	}
	for _, host := range []string{"daten.nordlicht.example", "DATEN.nordlicht.example:8443", "data.nordlicht.example", "example.com", "localhost:8080", "10.0.0.7"} {
		for _, path := range append(parts, german, german+"/form", german+"/stop") {
			if got := s.on(host, path); got.Code != http.StatusOK {
				t.Errorf("%s%s answers %d", host, path, got.Code)
			}
		}
	}
	unknown := s.on("check.brightside.example", "/u/aaaaaaaaaaaaaaaaaaaaaaaaaa").Body.String()
	for _, host := range []string{"check.brightside.example", "nobody.example", "nordlicht.example"} {
		for _, page := range []string{"", "/form", "/thanks", "/stop"} {
			got := s.on(host, german+page)
			if got.Code != http.StatusNotFound || got.Body.String() != unknown {
				t.Errorf("%s shows another Company's page %s: %d", host, page, got.Code)
			}
		}
		for _, path := range parts {
			if got := s.on(host, path); !strings.HasPrefix(path, "/static/") && got.Code == http.StatusOK {
				t.Errorf("%s shows another Company's file %s", host, path)
			}
		}
	}
	if got := s.on("check.brightside.example", english); got.Code != http.StatusOK || !strings.Contains(got.Body.String(), "Brightside") {
		t.Errorf("the other Company's own link answers %d", got.Code)
	}
}

func TestAForeignHostTakesNoAnswers(t *testing.T) {
	s := newSite(t)
	s.ownHosts()
	link := s.ask(s.nordlicht, "c-1")
	for _, path := range []string{link, link + "/stop", link + "/resume", link + "/withdraw"} {
		r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(url.Values{"do": {"confirm"}, "consent": {"all"}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Host = "check.brightside.example"
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, r)
		if w.Code != http.StatusNotFound {
			t.Errorf("POST %s answers %d", path, w.Code)
		}
	}
	if kinds := s.kinds(s.nordlicht); kinds != "" {
		t.Errorf("it recorded %s", kinds)
	}
}

func TestTheHomePageIsTheHostsOwn(t *testing.T) {
	s := newSite(t)
	s.ownHosts()
	home := s.on("daten.nordlicht.example", "/")
	golden(t, "home-own", home)
	if home.Code != http.StatusOK {
		t.Errorf("it answers %d", home.Code)
	}
	if got := s.on("check.brightside.example", "/nowhere"); got.Code != http.StatusNotFound {
		t.Errorf("a page that does not exist answers %d", got.Code)
	}
	for _, path := range []string{"/", "/nowhere"} {
		got := s.on("nobody.example", path)
		if got.Code != http.StatusMisdirectedRequest || strings.Contains(got.Body.String(), "Nordlicht") {
			t.Errorf("on an unknown host %s answers %d", path, got.Code)
		}
	}
	golden(t, "host-unknown", s.on("nobody.example", "/"))
	if got := s.get("/"); got.Code != http.StatusOK || !strings.Contains(got.Body.String(), "Complero") {
		t.Errorf("the installation's own home page answers %d", got.Code)
	}
}

// pageFiles are the addresses of stylesheets and pictures on a page.
func pageFiles(page string) []string {
	var files []string
	for _, part := range strings.FieldsFunc(page, func(r rune) bool { return r == '"' }) {
		if strings.HasPrefix(part, "/static/") || strings.HasPrefix(part, "/brand/") || strings.HasPrefix(part, "/assets/") {
			files = append(files, part)
		}
	}
	return files
}
