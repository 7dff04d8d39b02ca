package webapp_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"complero/db"
	"complero/theme"
)

// sent has a Request sent to somebody, and returns its check code.
func (s *site) sent(tenant *db.Tenant, externalID string) string {
	s.t.Helper()
	s.ask(tenant, externalID)
	system, err := s.store.Work(s.t.Context(), db.TenantRef{CompanyID: tenant.Company.ID, Mode: tenant.Mode})
	s.must(err)
	claimed, err := system.ClaimDeliveries(s.t.Context(), 50)
	s.must(err)
	code := ""
	for _, o := range claimed {
		s.must(system.RecordDeliveries(s.t.Context(), []db.DeliveryOutcome{{DeliveryID: o.DeliveryID, RequestID: o.RequestID, EmailID: o.To.ID, Status: db.DeliverySent}}))
		code = o.CheckCode
	}
	return code
}

// try posts a code from an address, in a language.
func (s *site) try(code, from, language string) *httptest.ResponseRecorder {
	s.t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/check", strings.NewReader(url.Values{"code": {code}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept-Language", language)
	r.RemoteAddr = from
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w
}

func TestCheckTellsWhoWroteAndOnWhichDay(t *testing.T) {
	s := newSite(t)
	code := s.sent(s.nordlicht, "c-1")
	form := s.get("/check")
	if form.Code != http.StatusOK {
		t.Fatal(form.Code)
	}
	golden(t, "check", form)
	found := s.try(strings.ToLower(code), "192.0.2.1:1", "de")
	if found.Code != http.StatusOK || !strings.Contains(found.Body.String(), "Nordlicht Versicherung hat sie am 21. November 2026 geschrieben.") {
		t.Errorf("%d\n%s", found.Code, found.Body)
	}
	golden(t, "check-found", found)
	for _, secret := range []string{"Anna", "Sommer", "Jana", "anna@example.com", "/u/"} {
		if strings.Contains(found.Body.String(), secret) {
			t.Errorf("the page tells %s", secret)
		}
	}
	if test := s.try(s.sent(s.sandbox, "c-1"), "192.0.2.2:1", "en"); !strings.Contains(test.Body.String(), "This page shows test data") {
		t.Errorf("a test message is not told apart:\n%s", test.Body)
	}
	if other := s.try(s.sent(s.brightside, "c-2"), "192.0.2.2:1", "en-GB"); !strings.Contains(other.Body.String(), "Brightside Energy wrote it on 21 November 2026.") {
		t.Errorf("\n%s", other.Body)
	}
}

func TestCheckSaysWhatItDoesNotKnow(t *testing.T) {
	s := newSite(t)
	s.sent(s.nordlicht, "c-1")
	unknown := s.try("00000-00000", "192.0.2.1:1", "de")
	if unknown.Code != http.StatusNotFound || !strings.Contains(unknown.Body.String(), "Diesen Code kennen wir nicht") {
		t.Errorf("%d\n%s", unknown.Code, unknown.Body)
	}
	malformed := s.try("<script>", "192.0.2.1:1", "ar")
	golden(t, "check-malformed", malformed)
	if malformed.Code != http.StatusUnprocessableEntity || strings.Contains(malformed.Body.String(), "<script>") {
		t.Errorf("%d\n%s", malformed.Code, malformed.Body)
	}
	if long := s.try(strings.Repeat("0", 300<<10), "192.0.2.1:1", "de"); long.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("a long one: %d", long.Code)
	}
}

func TestCheckSpeaksAsTheBrandDoes(t *testing.T) {
	s := newSite(t)
	informal := theme.Informal
	_, err := s.nordlicht.UpdateBrand(t.Context(), db.BrandChange{Formality: &informal})
	s.must(err)
	if found := s.try(s.sent(s.nordlicht, "c-1"), "192.0.2.1:1", "de"); !strings.Contains(found.Body.String(), "die dir vorliegt") {
		t.Errorf("\n%s", found.Body)
	}
}

func TestCheckStopsWhoTriesAndTries(t *testing.T) {
	s := newSite(t)
	code := s.sent(s.nordlicht, "c-1")
	for i := range 10 {
		if w := s.try("00000-00000", "192.0.2.1:99", "de"); w.Code != http.StatusNotFound {
			t.Fatalf("try %d: %d", i, w.Code)
		}
	}
	for _, again := range []string{"192.0.2.1:100", "[::ffff:192.0.2.1]:5"} {
		if w := s.try(code, again, "de"); w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" {
			t.Errorf("%s: %d", again, w.Code)
		}
	}
	if w := s.try(code, "192.0.2.7:1", "de"); w.Code != http.StatusOK {
		t.Errorf("somebody else: %d", w.Code)
	}
	for i := range 11 {
		w := s.try("00000-00000", "[2001:db8::"+string(rune('1'+i%9))+"]:1", "de")
		if want := map[bool]int{true: http.StatusTooManyRequests, false: http.StatusNotFound}[i == 10]; w.Code != want {
			t.Errorf("try %d from one network of IPv6: %d", i, w.Code)
		}
	}
	if w := s.get("/check"); w.Code != http.StatusOK || regexp.MustCompile(`Retry`).MatchString(w.Body.String()) {
		t.Errorf("the form itself: %d", w.Code)
	}
}
