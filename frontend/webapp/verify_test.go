package webapp_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"complero/db"
	"complero/db/verification"
)

// martha is a Contact of whom no page may show anything to strangers.
const martha = `{"externalId":"kd-8315","employee":"e-1","salutation":"Frau","title":"Dr.","givenName":"Martha","familyName":"Quitzow",
	"birthDate":"1971-05-09","emails":[{"address":"quitzow@example.com"}],"phones":[{"number":"0171 2345678"}],
	"addresses":[{"street":"Lindenstraße","houseNumber":"12a","postalCode":"10969","city":"Berlin"}],
	"customFields":{"contract_no":"A-4711"}}`

// marks are what stands on file about martha, and who looks after her.
var marks = []string{
	"Martha", "Quitzow", "Dr.", "Frau", "1971", "quitzow", "2345678", "5678", "Lindenstra", "12a", "10969", "Berlin", "4711", "8315",
	"Jana", "Brandt", ">JB<", "Kundenberaterin", "jana@",
}

// asks sets what a Company asks for.
func (s *site) asks(tenant *db.Tenant, kinds ...verification.Kind) {
	s.t.Helper()
	_, err := tenant.UpdateCompany(s.t.Context(), db.CompanyChange{Verification: &kinds})
	s.must(err)
}

// send has a browser ask, which sends the cookies and headers given.
func (s *site) send(method, path string, fields url.Values, header map[string]string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(fields.Encode()))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, value := range header {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w
}

// cookie is what a page set, as a browser sends it back.
func cookie(w *httptest.ResponseRecorder) map[string]string {
	pair, _, _ := strings.Cut(w.Header().Get("Set-Cookie"), ";")
	return map[string]string{"Cookie": pair}
}

// linkRoutes finds in the sources every route below a link.
func linkRoutes(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var routes []string
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, found := range regexp.MustCompile(`"/u/\{token\}([^"]*)"`).FindAllStringSubmatch(string(source), -1) {
			routes = append(routes, found[1])
		}
	}
	if slices.Sort(routes); len(routes) < 7 {
		t.Fatalf("found only %q", routes)
	}
	return slices.Compact(routes)
}

// A call is one thing that a stranger who holds a link can do.
type call struct {
	method, path string
	fields       url.Values
}

func strangersCalls(t *testing.T) []call {
	var calls []call
	posts := []url.Values{
		{},
		{"do": {"confirm"}},
		{"do": {"save"}, "familyName": {"X"}},
		{"do": {"review"}, "emails": {"shown"}},
		{"do": {"edit"}},
		{"do": {"consents"}},
		{"do": {"add-email"}},
		{"do": {"withdraw-consent_x"}},
		{"do": {"notme"}},
		{"consent": {"all"}},
		{"consent": {"consent_x"}},
		{"do": {"code"}},
		{"do": {"check"}, "verify.postalCode": {"99999"}},
		{"do": {"check"}},
		{"List-Unsubscribe": {"One-Click"}},
		{"verify.then": {"/stop"}},
		{"locale": {"fr"}},
	}
	for _, route := range linkRoutes(t) {
		calls = append(calls, call{http.MethodGet, route, nil}, call{http.MethodHead, route, nil}, call{http.MethodPut, route, nil},
			call{http.MethodGet, route + "?do=confirm&consent=all&verify.postalCode=10969", nil})
		for _, fields := range posts {
			calls = append(calls, call{http.MethodPost, route, fields})
		}
	}
	return calls
}

// TestNothingShowsBeforeVerification walks every page, in every state, as
// somebody who holds the link and nothing else. A page that is new is walked
// without being listed anywhere.
func TestNothingShowsBeforeVerification(t *testing.T) {
	calls := strangersCalls(t)
	states := []struct {
		name  string
		kinds []verification.Kind
		// bring has the links come into the state before anything is asked for,
		// and after.
		bring, late func(s *site, links []string)
	}{
		{"fresh", []verification.Kind{verification.PostalCode}, nil, nil},
		{"two kinds", []verification.Kind{verification.BirthDate, verification.PhoneDigits}, nil, nil},
		{"with a code", []verification.Kind{verification.CustomerNumber, verification.EmailCode}, nil, func(s *site, links []string) {
			s.post(links[0]+"/verify", url.Values{"do": {"code"}})
		}},
		{"confirmed", []verification.Kind{verification.PostalCode}, func(s *site, links []string) { s.answerAll(links, "confirm") }, nil},
		{"updated", []verification.Kind{verification.PostalCode}, func(s *site, links []string) {
			for i, link := range links {
				s.post(link, url.Values{"do": {"save"}, "givenName": {fmt.Sprint("Martha ", i)}})
			}
		}, nil},
		{"consenting", []verification.Kind{verification.PostalCode}, func(s *site, links []string) {
			s.post(links[0], url.Values{"do": {"consents"}, "wording.advertising": {"1 de"}, "consent.advertising.EMAIL": {"yes"}})
		}, nil},
		{"disowned", []verification.Kind{verification.PostalCode}, func(s *site, links []string) { s.answerAll(links, "notme") }, nil},
		{"stopped", []verification.Kind{verification.PostalCode}, func(s *site, links []string) { s.post(links[0]+"/stop", nil) }, nil},
		{"locked", []verification.Kind{verification.PostalCode}, nil, func(s *site, links []string) {
			for range 5 {
				s.post(links[0]+"/verify", url.Values{"verify.postalCode": {"99999"}})
			}
		}},
		{"cancelled", []verification.Kind{verification.PostalCode}, func(s *site, _ []string) { s.cancelAll() }, nil},
		{"expired", []verification.Kind{verification.PostalCode}, nil, func(s *site, _ []string) { *s.now = today.Add(91 * 24 * time.Hour) }},
		{"gone", []verification.Kind{verification.PostalCode}, nil, func(s *site, _ []string) {
			op, err := s.nordlicht.DeleteContacts(s.t.Context(), db.ContactsDelete{ExternalIDs: []string{"kd-8315"}})
			s.must(err)
			s.work(s.nordlicht, op)
		}},
	}
	for _, state := range states {
		t.Run(state.name, func(t *testing.T) {
			s := newSite(t)
			s.upload(s.nordlicht, martha)
			s.advertising(s.nordlicht)
			links := make([]string, len(calls))
			for i := range links {
				links[i] = s.ask(s.nordlicht, "kd-8315")
			}
			if state.bring != nil {
				state.bring(s, links)
			}
			if page := s.get(links[0]).Body.String(); state.bring == nil && !strings.Contains(page, "Quitzow") {
				t.Fatal("the page shows no Contact even without Verification, so this test finds nothing")
			}
			s.asks(s.nordlicht, state.kinds...)
			if state.late != nil {
				state.late(s, links)
			}
			for i, c := range calls {
				checkCall(t, s, links[i], c)
			}
		})
	}
}

func checkCall(t *testing.T, s *site, link string, c call) {
	t.Helper()
	for _, cookie := range []string{"", "complero-verified=1.x", "complero-verified=99999999999.AAAA"} {
		page := s.send(c.method, link+c.path, c.fields, map[string]string{"Cookie": cookie})
		shown := page.Body.String() + fmt.Sprint(page.Header())
		for _, mark := range marks {
			if strings.Contains(shown, mark) {
				t.Errorf("%s %s %v shows %q: %d %s", c.method, c.path, c.fields, mark, page.Code, shown)
			}
		}
		if page.Code >= 500 {
			t.Errorf("%s %s %v answers %d", c.method, c.path, c.fields, page.Code)
		}
		if page.Header().Get("Set-Cookie") != "" {
			t.Errorf("%s %s %v lets a stranger in", c.method, c.path, c.fields)
		}
		if to := page.Header().Get("Location"); to != "" && !strings.HasPrefix(to, link) {
			t.Errorf("%s %s %v leads to %s", c.method, c.path, c.fields, to)
		}
	}
}

func (s *site) answerAll(links []string, do string) {
	for _, link := range links {
		s.post(link, url.Values{"do": {do}})
	}
}

func (s *site) cancelAll() {
	s.t.Helper()
	all, err := s.nordlicht.Requests(s.t.Context(), db.Page{First: ptr(1000)}, db.RequestFilter{})
	s.must(err)
	for _, r := range all.Nodes {
		_, err := s.nordlicht.CancelRequest(s.t.Context(), r.ID)
		s.must(err)
	}
}

func TestVerificationLetsOneDeviceIntoOneLink(t *testing.T) {
	s := newSite(t)
	s.asks(s.nordlicht, verification.BirthDate, verification.PostalCode)
	link, other := s.ask(s.nordlicht, "c-1"), s.ask(s.nordlicht, "c-1")
	facts := url.Values{"verify.day": {"29"}, "verify.month": {"2"}, "verify.year": {"1980"}, "verify.postalCode": {"1 0969"}, "do": {"check"}}
	in := s.post(link+"/verify", facts)
	if in.Code != http.StatusSeeOther || in.Header().Get("Location") != link {
		t.Fatalf("what is right answers %d %s", in.Code, in.Body)
	}
	set := in.Header().Get("Set-Cookie")
	if want := "; Path=" + link + "; Max-Age=1800; HttpOnly; SameSite=Lax"; !strings.HasSuffix(set, want) {
		t.Errorf("sets %q, want …%q", set, want)
	}
	key := cookie(in)
	for _, page := range []string{"", "/form"} {
		if body := s.send(http.MethodGet, link+page, nil, key).Body.String(); !strings.Contains(body, "Sommer") {
			t.Errorf("%s shows nothing on the device", page)
		}
	}
	if body := s.send(http.MethodGet, other, nil, key).Body.String(); strings.Contains(body, "Sommer") {
		t.Error("it opens another link")
	}
	if body := s.get(link).Body.String(); strings.Contains(body, "Sommer") {
		t.Error("it opens the link on every device")
	}
	if page := s.send(http.MethodGet, link+"/verify", nil, key); page.Code != http.StatusSeeOther {
		t.Errorf("whoever is in is asked again: %d", page.Code)
	}
	if page := s.send(http.MethodPost, link, url.Values{"do": {"confirm"}}, key); page.Header().Get("Location") != link+"/thanks" {
		t.Errorf("answering answers %d", page.Code)
	}
	if body := s.send(http.MethodGet, link+"/thanks", nil, key).Body.String(); !strings.Contains(body, "Jana") {
		t.Error("the thanks do not show on the device")
	}
	*s.now = today.Add(31 * time.Minute)
	if body := s.send(http.MethodGet, link, nil, key).Body.String(); strings.Contains(body, "Sommer") {
		t.Error("it never ends")
	}
}

func TestWhatWasTypedOutlivesASession(t *testing.T) {
	s := newSite(t)
	s.asks(s.nordlicht, verification.PostalCode)
	link := s.ask(s.nordlicht, "c-1")
	asked := s.post(link, url.Values{"do": {"save"}, "givenName": {"Annika"}, "phones": {"shown"}})
	if asked.Code != http.StatusForbidden || !strings.Contains(asked.Body.String(), "Ihre Eingaben sind noch da") {
		t.Fatalf("saving too late answers %d %s", asked.Code, asked.Body)
	}
	wrong := s.post(link+"/verify", with(typed(t, asked.Body.String()), "verify.postalCode", "99999"))
	in := s.post(link+"/verify", with(typed(t, wrong.Body.String()), "verify.postalCode", "10969"))
	if form := typed(t, in.Body.String()); in.Code != http.StatusOK || form.Get("givenName") != "Annika" || form.Get("familyName") != "Sommer" {
		t.Errorf("goes on with %d %v", in.Code, form)
	}
	if cookie(in)["Cookie"] == "" || s.contact(s.nordlicht, "c-1").Profile.GivenName != "Anna" {
		t.Error("it saved by itself, or lets nobody in")
	}
}

func TestUndoingAStopTakesAVerification(t *testing.T) {
	s := newSite(t)
	s.asks(s.nordlicht, verification.PostalCode)
	link := s.ask(s.nordlicht, "c-1")
	s.post(link+"/stop", nil)
	asked := s.post(link+"/resume", nil)
	if asked.Code != http.StatusForbidden || s.contact(s.nordlicht, "c-1").StoppedAt == nil {
		t.Fatalf("a stranger undoes a stop: %d", asked.Code)
	}
	in := s.post(link+"/verify", with(typed(t, asked.Body.String()), "verify.postalCode", "10969"))
	if in.Header().Get("Location") != link+"/stop" {
		t.Fatalf("goes on at %q", in.Header().Get("Location"))
	}
	if page := s.send(http.MethodGet, link+"/stop", nil, cookie(in)); !strings.Contains(page.Body.String(), link+"/resume") {
		t.Error("the page does not offer it")
	}
	if s.send(http.MethodPost, link+"/resume", nil, cookie(in)); s.contact(s.nordlicht, "c-1").StoppedAt != nil {
		t.Error("it is not undone")
	}
}

func TestEntriesThatCannotBeRightAreNoTries(t *testing.T) {
	s := newSite(t)
	s.asks(s.nordlicht, verification.BirthDate, verification.PhoneDigits)
	link := s.ask(s.nordlicht, "c-1")
	for range 10 {
		page := s.post(link+"/verify", url.Values{"verify.day": {"30"}, "verify.month": {"2"}, "verify.year": {"1980"}, "verify.phoneDigits": {"12"}})
		body := page.Body.String()
		if page.Code != http.StatusUnprocessableEntity || !strings.Contains(body, "kein mögliches Geburtsdatum") || !strings.Contains(body, "letzten vier Ziffern ein") {
			t.Fatalf("answers %d %s", page.Code, body)
		}
	}
	if got := s.kinds(s.nordlicht); got != "" {
		t.Errorf("records %s", got)
	}
}

func TestALockSaysWhomToAsk(t *testing.T) {
	s := newSite(t)
	s.asks(s.nordlicht, verification.PostalCode)
	link := s.ask(s.nordlicht, "c-1")
	for range 5 {
		s.post(link+"/verify", url.Values{"verify.postalCode": {"99999"}})
	}
	for _, page := range []*httptest.ResponseRecorder{s.get(link), s.post(link+"/verify", url.Values{"verify.postalCode": {"10969"}}), s.get(link + "/thanks")} {
		if page.Code != http.StatusTooManyRequests || page.Header().Get("Retry-After") == "" || strings.Count(page.Body.String(), "kontakt@example.com") < 2 {
			t.Errorf("answers %d %s %s", page.Code, page.Header(), page.Body)
		}
	}
	if got := s.kinds(s.nordlicht); got != "VERIFICATION_LOCKED" {
		t.Errorf("records %s", got)
	}
}

// TestAnUnknownOriginProvesItself: without Sec-Fetch-Site a post says nothing of
// where it comes from, and a session alone does not count.
func TestAnUnknownOriginProvesItself(t *testing.T) {
	s := newSite(t)
	s.asks(s.nordlicht, verification.PostalCode)
	link := s.ask(s.nordlicht, "c-1")
	key := cookie(s.post(link+"/verify", url.Values{"verify.postalCode": {"10969"}}))
	plain := s.send(http.MethodGet, link, nil, key).Body.String()
	action := regexp.MustCompile(`action="(` + link + `\?form=[^"]+)"`).FindStringSubmatch(plain)
	if action == nil {
		t.Fatal("the forms prove nothing")
	}
	key["Sec-Fetch-Site"] = "none"
	if strings.Contains(s.send(http.MethodGet, link, nil, key).Body.String(), "?form=") {
		t.Error("the forms prove what the browser says by itself")
	}
	delete(key, "Sec-Fetch-Site")
	tests := []struct {
		name, path, origin, site string
		want                     int
	}{
		{"another page's form", link, "null", "", http.StatusForbidden},
		{"with a wrong proof", link + "?form=x", "null", "", http.StatusForbidden},
		{"our form", action[1], "null", "", http.StatusSeeOther},
		{"our form, and the browser says so", link, "null", "same-origin", http.StatusSeeOther},
	}
	for _, tt := range tests {
		key["Origin"], key["Sec-Fetch-Site"] = tt.origin, tt.site
		if page := s.send(http.MethodPost, tt.path, url.Values{"do": {"confirm"}}, key); page.Code != tt.want {
			t.Errorf("%s answers %d, want %d", tt.name, page.Code, tt.want)
		}
	}
}

func TestVerificationPagesLookAsTheyShould(t *testing.T) {
	s := newSite(t)
	s.advertising(s.nordlicht)
	s.upload(s.nordlicht, strings.Replace(strings.Replace(anna, "{", `{"locale":"ar",`, 1), "c-1", "c-8", 1))
	link, arabic := s.ask(s.nordlicht, "c-1"), s.ask(s.nordlicht, "c-8")
	s.asks(s.nordlicht, verification.BirthDate, verification.CustomerNumber)
	golden(t, "verify", s.get(link))
	golden(t, "verify-arabic", s.get(arabic))
	golden(t, "verify-problems", s.post(link+"/verify", url.Values{"verify.day": {"31"}, "verify.month": {"2"}, "verify.year": {"1980"}}))
	golden(t, "verify-wrong", s.post(link+"/verify", url.Values{"verify.day": {"1"}, "verify.month": {"2"}, "verify.year": {"1980"}, "verify.customerNumber": {"x"}}))
	s.asks(s.nordlicht, verification.PostalCode, verification.EmailCode)
	golden(t, "verify-code", s.get(link))
	golden(t, "verify-code-sent", s.post(link+"/verify", url.Values{"do": {"code"}}))
	golden(t, "verify-kept", s.post(link, url.Values{"do": {"save"}, "givenName": {"Annika"}}))
	s.post(link+"/verify", url.Values{"do": {"code"}})
	s.post(link+"/verify", url.Values{"do": {"code"}})
	*s.now = today.Add(15 * time.Minute)
	golden(t, "verify-enough", s.post(link+"/verify", url.Values{"do": {"code"}}))
	for range 4 {
		s.post(link+"/verify", url.Values{"verify.postalCode": {"1"}, "verify.code": {"000000"}})
	}
	golden(t, "verify-locked", s.get(link))
	golden(t, "verify-stop", s.get(link+"/stop"))
}

func TestLookingAtVerificationChangesNothing(t *testing.T) {
	s := newSite(t)
	s.asks(s.nordlicht, verification.PostalCode, verification.EmailCode)
	link := s.ask(s.nordlicht, "c-1")
	s.post(link+"/verify", url.Values{"do": {"code"}})
	before := s.dump()
	for _, route := range linkRoutes(t) {
		s.get(link + route + "?do=code&verify.postalCode=10969&verify.code=000000")
	}
	if after := s.dump(); !slices.Equal(before, after) {
		t.Error("a GET changed the database")
	}
}

func TestVerifyAsksForACodeBySMS(t *testing.T) {
	s := newSite(t, func(c *db.Config) { c.SMSRoute = true })
	s.asks(s.nordlicht, verification.SMSCode)
	var pages []string
	for _, contact := range []string{"c-1", "c-2"} { // the second has no number
		link := s.ask(s.nordlicht, contact)
		asked, sent := s.get(link).Body.String(), s.post(link+"/verify", url.Values{"do": {"code"}}).Body.String()
		if !strings.Contains(asked, "senden wir zuerst einen Code per SMS") || !strings.Contains(sent, "Code aus der SMS") || !strings.Contains(sent, `autocomplete="one-time-code"`) {
			t.Errorf("%s is asked by\n%s\n%s", contact, asked, sent)
		}
		wrong := s.post(link+"/verify", url.Values{"verify.code": {"12345"}}).Body.String()
		if !strings.Contains(wrong, "alle sechs Ziffern") || strings.Contains(wrong, "12345") {
			t.Errorf("five digits: %s", wrong)
		}
		pages = append(pages, strings.ReplaceAll(asked+sent+wrong, link, ""))
	}
	if pages[0] != pages[1] {
		t.Error("the pages tell who has no number on file")
	}
}
