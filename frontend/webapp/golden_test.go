package webapp_test

import (
	"flag"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"complero/db"
	"complero/theme"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares a page with its file, one element to a line and without
// what is different each time.
func golden(t *testing.T, name string, page *httptest.ResponseRecorder) {
	t.Helper()
	got := page.Body.String()
	for _, changing := range []struct{ pattern, with string }{
		{`/(u|address)/[a-z2-7]{26}`, "/$1/TOKEN"},
		{`\b(company|contact|consent|email|phone|address|proposal)_[0-9a-z]{26}`, "${1}_ID"},
		{`/assets/[0-9a-f]{64}\.woff2`, "/assets/FONT.woff2"},
		{`/static/complero-[0-9a-f]+`, "/static/complero-HASH"},
		{`/(\d+)-[0-9a-f]{12}\.css`, "/$1-HASH.css"},
	} {
		got = regexp.MustCompile(changing.pattern).ReplaceAllString(got, changing.with)
	}
	// All countries but the chosen one say little on every form.
	got = regexp.MustCompile(`(<option value=[A-Z]{2}>[^<]*)+`).ReplaceAllString(got, "…")
	got = strings.ReplaceAll(got, "><", ">\n<") + "\n"
	file := filepath.Join("testdata", name+".html")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is another page now; look at it and run with -update:\n%s", file, firstDifference(got, string(want)))
	}
}

func firstDifference(got, want string) string {
	gotLines, wantLines := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i, line := range gotLines {
		if i >= len(wantLines) || line != wantLines[i] {
			return "got  " + line + "\nwant " + strings.Join(wantLines[min(i, len(wantLines)):min(i+1, len(wantLines))], "")
		}
	}
	return "it ends too soon"
}

func TestPagesLookAsTheyShould(t *testing.T) {
	s := newSite(t)
	s.advertising(s.nordlicht)
	formal, english, test := s.ask(s.nordlicht, "c-1"), s.ask(s.brightside, "c-2"), s.ask(s.sandbox, "c-1", db.AskDigital)
	golden(t, "intro-formal", s.get(formal))
	golden(t, "intro-english", s.get(english))
	golden(t, "intro-test", s.get(test))
	golden(t, "form-formal", s.get(formal+"/form"))
	golden(t, "form-english", s.get(english+"/form"))
	golden(t, "stop", s.get(formal+"/stop"))
	golden(t, "unknown", s.get("/u/aaaaaaaaaaaaaaaaaaaaaaaaaa"))

	typed := url.Values{
		"do": {"review"}, "givenName": {"Anna Maria"}, "title": {""}, "phones.0.number": {"0171 2345678"},
		"wording.advertising": {"1 de"}, "consent.advertising.PHONE": {"yes"},
	}
	golden(t, "review", s.post(formal, typed))
	golden(t, "problems", s.post(formal, url.Values{"do": {"review"}, "birthDate": {"1980-02-30"}, "emails.0.address": {"anna"}}))
	s.post(formal, url.Values{"do": {"confirm"}})
	golden(t, "thanks", s.get(formal+"/thanks"))
	golden(t, "stopped", s.post(formal+"/stop", nil))
	*s.now = today.Add(91 * 24 * time.Hour)
	golden(t, "expired", s.get(formal))
}

func TestPagesSayDuWhereTheBrandDoes(t *testing.T) {
	s := newSite(t)
	informal := theme.Informal
	_, err := s.nordlicht.UpdateBrand(t.Context(), db.BrandChange{Formality: &informal})
	s.must(err)
	golden(t, "intro-informal", s.get(s.ask(s.nordlicht, "c-1")))
}
