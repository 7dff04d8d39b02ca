package webapp_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"complero/db"
)

// proposed are the paths of the links in the mails about the newest Proposal
// of a link: to the new place and to the old one.
func (s *site) proposed(tenant *db.Tenant, link string) (confirm, undo string) {
	s.t.Helper()
	l, err := s.store.OpenLink(s.t.Context(), strings.TrimPrefix(link, "/u/"))
	s.must(err)
	if len(l.Waiting) == 0 {
		s.t.Fatal("nothing waits")
	}
	system, err := s.store.Work(s.t.Context(), db.TenantRef{CompanyID: tenant.Company.ID, Mode: tenant.Mode})
	s.must(err)
	mails, err := system.ProposalMails(s.t.Context(), l.Waiting[len(l.Waiting)-1].ID)
	s.must(err)
	for _, m := range mails {
		at, err := url.Parse(m.Link)
		s.must(err)
		if m.Undo {
			undo = at.Path
		} else {
			confirm = at.Path
		}
	}
	return confirm, undo
}

// readdress posts the form with another e-mail address.
func (s *site) readdress(tenant *db.Tenant, link, address, do string) string {
	s.t.Helper()
	id := s.contact(tenant, "c-1").Emails()[0].ID
	w := s.post(link, url.Values{"do": {do}, "emails": {"shown"}, "emails.0.id": {id}, "emails.0.address": {address}, "emails.0.use": {"PRIVATE"}})
	if do == "save" && w.Code != http.StatusSeeOther {
		s.t.Fatalf("saving shows %d %s", w.Code, w.Body)
	}
	return w.Body.String()
}

func TestNewAddressIsConfirmedAtTheNewPlace(t *testing.T) {
	s := newSite(t)
	link := s.ask(s.nordlicht, "c-1")
	if page := s.readdress(s.nordlicht, link, "neu@example.org", "review"); !strings.Contains(page, "neu@example.org gilt erst, wenn Sie es dort bestätigen") {
		t.Error("the review does not tell that the address has to be confirmed")
	}
	s.readdress(s.nordlicht, link, "neu@example.org", "save")
	for _, page := range []string{"", "/form", "/thanks"} {
		shown := s.get(link + page).Body.String()
		if !strings.Contains(shown, "Wartet auf Bestätigung: neu@example.org") {
			t.Errorf("%s does not tell that the address waits", page)
		}
	}
	golden(t, "waiting", s.get(link+"/thanks"))
	confirm, undo := s.proposed(s.nordlicht, link)
	before := s.dump()
	asked, told := s.get(confirm), s.get(undo)
	golden(t, "address-confirm", asked)
	golden(t, "address-undo", told)
	for _, personal := range []string{"Anna", "Sommer", "Jana", "anna@"} {
		if strings.Contains(asked.Body.String()+told.Body.String(), personal) {
			t.Errorf("the pages tell %s", personal)
		}
	}
	if strings.Contains(told.Body.String(), "neu@") {
		t.Error("the old place is told all of the new address")
	}
	if page := s.get(confirm + "?lang=pl").Body.String(); !strings.Contains(page, `<html lang="pl"`) || !strings.Contains(page, `action="`+confirm+`?lang=pl"`) {
		t.Error("the page does not speak Polish")
	}
	if !slices.Equal(before, s.dump()) {
		t.Error("a GET changed the database")
	}
	for range 2 {
		if done := s.post(confirm, url.Values{"do": {"confirm"}}); done.Header().Get("Location") != confirm {
			t.Errorf("confirming shows %d", done.Code)
		}
	}
	if page := s.get(confirm).Body.String(); !strings.Contains(page, "Danke, die Adresse ist bestätigt") {
		t.Errorf("confirmed: %s", page)
	}
	if got := s.contact(s.nordlicht, "c-1").Emails()[0].Address; got != "neu@example.org" {
		t.Errorf("on file is %s", got)
	}
	if page := s.get(link).Body.String(); strings.Contains(page, "Wartet auf Bestätigung") {
		t.Error("the page still waits")
	}
	s.post(undo, url.Values{"do": {"undo"}})
	if page := s.get(undo).Body.String(); !strings.Contains(page, "Es bleibt bei der bisherigen Adresse") {
		t.Errorf("undone: %s", page)
	}
	if page := s.get(confirm).Body.String(); !strings.Contains(page, "Hier ist nichts mehr zu tun") {
		t.Errorf("at the new place then: %s", page)
	}
	if got := s.contact(s.nordlicht, "c-1").Emails()[0].Address; got != "anna@example.com" {
		t.Errorf("on file is %s", got)
	}
	if got := s.kinds(s.nordlicht); got != "REQUEST_DELIVERED UPDATE_PROPOSED UPDATE UPDATE" {
		t.Errorf("events %s", got)
	}
}

func TestNewAddressIsRefusedAndWithdrawn(t *testing.T) {
	s := newSite(t)
	link := s.ask(s.sandbox, "c-1")
	s.readdress(s.sandbox, link, "neu@example.org", "save")
	confirm, undo := s.proposed(s.sandbox, link)
	if page := s.get(confirm).Body.String(); !strings.Contains(page, `class="test"`) {
		t.Error("the page is not marked as a test")
	}
	s.post(confirm, url.Values{"do": {"undo"}}) // not the new place's to say
	s.post(undo, url.Values{"do": {"confirm"}}) // nor the old one's
	if page := s.get(confirm).Body.String(); !strings.Contains(page, `value="confirm"`) {
		t.Error("each place can do what is the other's")
	}
	s.post(confirm, url.Values{"do": {"refuse"}})
	if page := s.get(confirm).Body.String(); !strings.Contains(page, "Diese Adresse wird nicht verwendet") {
		t.Errorf("refused: %s", page)
	}
	s.readdress(s.sandbox, link, "anders@example.org", "save")
	l, err := s.store.OpenLink(t.Context(), strings.TrimPrefix(link, "/u/"))
	s.must(err)
	if kept := s.post(link, url.Values{"do": {"keep"}, "proposal": {l.Waiting[0].ID}}); kept.Header().Get("Location") != link {
		t.Errorf("keeping shows %d", kept.Code)
	}
	if page := s.get(link).Body.String(); strings.Contains(page, "anders@") {
		t.Error("the address still waits")
	}
	s.readdress(s.sandbox, link, "spaet@example.org", "save")
	confirm, undo = s.proposed(s.sandbox, link)
	*s.now = today.Add(8 * 24 * time.Hour)
	for _, page := range []string{confirm, undo} {
		if shown := s.get(page); shown.Code != http.StatusOK || !strings.Contains(shown.Body.String(), "Hier ist nichts mehr zu tun") {
			t.Errorf("a week later: %d", shown.Code)
		}
	}
	if shown := s.get("/address/abc"); shown.Code != http.StatusNotFound {
		t.Errorf("an unknown link shows %d", shown.Code)
	}
	if got := s.kinds(s.sandbox); got != "REQUEST_DELIVERED UPDATE_PROPOSED UPDATE_REFUSED UPDATE_PROPOSED UPDATE_REFUSED UPDATE_PROPOSED" {
		t.Errorf("events %s", got)
	}
}

func TestTooManyNewAddressesAreToldOnTheForm(t *testing.T) {
	s := newSite(t)
	link := s.ask(s.nordlicht, "c-1")
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		s.readdress(s.nordlicht, link, name+"@example.org", "save")
	}
	id := s.contact(s.nordlicht, "c-1").Emails()[0].ID
	page := s.post(link, url.Values{"do": {"save"}, "emails": {"shown"}, "emails.0.id": {id}, "emails.0.address": {"f@example.org"}})
	if page.Code != http.StatusUnprocessableEntity || !strings.Contains(page.Body.String(), "Heute wurden schon mehrere neue Adressen oder Nummern angegeben") {
		t.Errorf("the sixth shows %d", page.Code)
	}
}

func TestNewNumberIsConfirmedAtTheNewPlace(t *testing.T) {
	s := newSite(t)
	link := s.ask(s.sandbox, "c-1") // the outbox takes every SMS
	redial := func(do string) string {
		phones := s.contact(s.sandbox, "c-1").Phones()
		w := s.post(link, url.Values{
			"do": {do}, "phones": {"shown"}, "phones.0.id": {phones[0].ID}, "phones.0.number": {"0151 12345678"}, "phones.0.use": {"PRIVATE"},
			"phones.1.id": {phones[1].ID}, "phones.1.number": {phones[1].Number}, "phones.1.use": {"BUSINESS"},
		})
		return w.Body.String()
	}
	if page := redial("review"); !strings.Contains(page, "+49 1511 2345678 gilt erst, wenn Sie sie bestätigen: Wir schicken eine SMS") {
		t.Error("the review does not tell that the number has to be confirmed")
	}
	redial("save")
	if page := s.get(link).Body.String(); !strings.Contains(page, "Wartet auf Bestätigung: +49 1511 2345678") || !strings.Contains(page, "Dort liegt eine SMS") {
		t.Error("the page does not tell that the number waits")
	}
	confirm, undo := s.proposed(s.sandbox, link)
	before := s.dump()
	asked, told := s.get(confirm), s.get(undo)
	golden(t, "number-confirm", asked)
	golden(t, "number-undo", told)
	golden(t, "number-confirm-arabic", s.get(confirm+"?lang=ar"))
	if !slices.Equal(before, s.dump()) {
		t.Error("a GET changed the database")
	}
	if page := told.Body.String(); strings.Contains(page, "1511") || !strings.Contains(page, "…678") || strings.Contains(page, "Sommer") {
		t.Errorf("the old place is told %s", page)
	}
	s.post(confirm, url.Values{"do": {"confirm"}})
	if page := s.get(confirm).Body.String(); !strings.Contains(page, "Danke, die Nummer ist bestätigt") {
		t.Errorf("confirmed: %s", page)
	}
	if got := s.contact(s.sandbox, "c-1").Phones()[0].Number; got != "+4915112345678" {
		t.Errorf("on file is %s", got)
	}
	s.post(undo, url.Values{"do": {"undo"}})
	if page := s.get(undo).Body.String(); !strings.Contains(page, "Die neue Nummer wird nicht verwendet") {
		t.Errorf("undone: %s", page)
	}
	if got := s.contact(s.sandbox, "c-1").Phones()[0].Number; got != "+491712345678" {
		t.Errorf("on file is %s", got)
	}
}
