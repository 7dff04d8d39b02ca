package outbox_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"complero/db"
	"complero/db/dbtest"
	"complero/frontend/outbox"
)

// A site is the outbox over a Store with one message sent in live mode and one
// in test mode.
type site struct {
	t       *testing.T
	store   *db.Store
	account *db.Account
	handler http.Handler
}

func newSite(t *testing.T, demo bool) *site {
	t.Helper()
	s := &site{t: t, store: dbtest.Open(t, dbtest.SQLite, func(c *db.Config) { c.MailRoute, c.Demo = true, demo })}
	var err error
	s.account, err = s.store.CreateAccount(t.Context(), db.Setup{
		Customer: "Nordlicht Gruppe", Company: "Nordlicht", Country: "DE", Locale: "de", Sender: "kontakt@example.com", Imprint: "Kiel",
	})
	s.must(err)
	s.send(s.account.LiveKey, "live subject")
	s.send(s.account.TestKey, "test subject")
	mux := http.NewServeMux()
	outbox.New(s.store, demo).Routes(mux)
	s.handler = mux
	return s
}

func (s *site) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// send makes a Contact and a Request, and keeps its message in the outbox.
func (s *site) send(key, subject string) {
	s.t.Helper()
	ctx := s.t.Context()
	tenant, err := s.store.Authenticate(ctx, key)
	s.must(err)
	system, err := s.store.Work(ctx, db.TenantRef{CompanyID: tenant.Company.ID, Mode: tenant.Mode})
	s.must(err)
	contacts := `[{"externalId":"c","emails":[{"address":"anna@example.com"}]}]`
	op, err := tenant.UploadContacts(ctx, db.ContactsUpload{Contacts: json.RawMessage(contacts), Count: 1})
	s.must(err)
	for done := false; !done; {
		done, err = system.WorkOperation(ctx, op.ID)
		s.must(err)
	}
	_, err = tenant.CreateRequests(ctx, db.RequestsCreate{ContactExternalIDs: []string{"c"}})
	s.must(err)
	claimed, err := system.ClaimDeliveries(ctx, 10)
	s.must(err)
	var outcomes []db.DeliveryOutcome
	for _, c := range claimed {
		outcomes = append(outcomes, db.DeliveryOutcome{
			DeliveryID: c.DeliveryID, RequestID: c.RequestID, Status: db.DeliverySent,
			Message: &db.OutboxMessage{
				MessageID: c.MessageID, From: "kontakt@example.com", To: c.To.Address, Subject: subject, RequestID: c.RequestID,
				HTML: "<p>Hello</p><script>alert(1)</script>", Text: "Hello\n" + c.Link + "\n" + c.StopLink,
				Headers: map[string]string{"List-Unsubscribe": "<" + c.StopLink + ">"},
			},
		})
	}
	s.must(system.RecordDeliveries(ctx, outcomes))
}

func (s *site) get(path string, cookies ...*http.Cookie) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for _, c := range cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w
}

func (s *site) enter(key string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/outbox", strings.NewReader(url.Values{"key": {key}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w
}

var messagePath = regexp.MustCompile(`/outbox/message_[0-9a-z]+`)

func TestOutboxOpensToATestKeyShownOnce(t *testing.T) {
	s := newSite(t, false)
	if page := s.get("/outbox"); page.Code != http.StatusNotFound || strings.Contains(page.Body.String(), "subject") {
		t.Fatalf("a stranger gets %d %s", page.Code, page.Body)
	}
	entered := s.enter(" " + s.account.TestKey + "\n")
	cookies := entered.Result().Cookies()
	if entered.Code != http.StatusSeeOther || len(cookies) != 1 || !cookies[0].HttpOnly || cookies[0].SameSite != http.SameSiteStrictMode {
		t.Fatalf("a test key gets %d %v", entered.Code, cookies)
	}
	if strings.Contains(cookies[0].Value, s.account.TestKey) {
		t.Error("the cookie holds the key")
	}
	list := s.get("/outbox", cookies...).Body.String()
	if !strings.Contains(list, "test subject") || strings.Contains(list, "live subject") {
		t.Fatalf("the list shows %s", list)
	}
	path := messagePath.FindString(list)
	message := s.get(path, cookies...)
	if !strings.Contains(message.Header().Get("Content-Security-Policy"), "frame-src 'self'") {
		t.Error("the message may not be framed")
	}
	body := message.Body.String()
	for _, shown := range []string{"anna@example.com", "List-Unsubscribe", `src="` + path + `/html"`, `sandbox="`} {
		if !strings.Contains(body, shown) {
			t.Errorf("the message does not show %s", shown)
		}
	}
	if !regexp.MustCompile(`href="/u/[a-z2-7]{26}"`).MatchString(body) {
		t.Error("the message has no link to open")
	}
	html := s.get(path+"/html", cookies...)
	if policy := html.Header().Get("Content-Security-Policy"); !strings.HasPrefix(policy, "sandbox ") || strings.Contains(policy, "allow-scripts") {
		t.Errorf("the message's HTML runs under %s", policy)
	}
	for _, closed := range []string{path, path + "/html", "/outbox/message_x"} {
		if page := s.get(closed); page.Code != http.StatusNotFound {
			t.Errorf("a stranger gets %d for %s", page.Code, closed)
		}
	}
}

func TestOutboxStaysClosedToOtherKeys(t *testing.T) {
	s := newSite(t, false)
	for _, key := range []string{"", "x", s.account.LiveKey, s.account.TestKey + "x", strings.Repeat("k", 10_000)} {
		if page := s.enter(key); page.Code != http.StatusForbidden || len(page.Result().Cookies()) > 0 {
			t.Errorf("%.20s gets %d", key, page.Code)
		}
	}
	if page := s.get("/outbox", &http.Cookie{Name: "complero_outbox", Value: "key_1.99999999999.00"}); page.Code != http.StatusNotFound {
		t.Errorf("a forged pass gets %d", page.Code)
	}
}

func TestOutboxOfTheDemoIsOpen(t *testing.T) {
	s := newSite(t, true)
	list := s.get("/outbox").Body.String()
	if !strings.Contains(list, "test subject") || !strings.Contains(list, "live subject") {
		t.Fatalf("the list shows %s", list)
	}
	for _, path := range messagePath.FindAllString(list, -1) {
		if page := s.get(path); page.Code != http.StatusOK {
			t.Errorf("%s answers %d", path, page.Code)
		}
	}
	if page := s.get("/outbox?after=nonsense"); page.Code != http.StatusNotFound {
		t.Errorf("a wrong cursor gets %d", page.Code)
	}
}

func TestOutboxShowsAnSMSForWhatItIs(t *testing.T) {
	s := newSite(t, false)
	tenant, err := s.store.Authenticate(t.Context(), s.account.TestKey)
	s.must(err)
	system, err := s.store.Work(t.Context(), db.TenantRef{CompanyID: tenant.Company.ID, Mode: db.Test})
	s.must(err)
	found, err := tenant.Contacts(t.Context(), db.Page{}, db.ContactFilter{}, "")
	s.must(err)
	path := "/address/abcdefghijklmnopqrstuvwxyz"
	s.must(system.RecordCode(t.Context(), &db.VerificationCode{Contact: found.Nodes[0], MessageID: "sms@example.com"},
		&db.OutboxMessage{Channel: db.SMS, From: "Nordlicht", To: "+4915112345678", Text: "Nordlicht: is this your new mobile number? http://localhost:8080" + path}))
	cookies := s.enter(s.account.TestKey).Result().Cookies()
	list := s.get("/outbox", cookies...).Body.String()
	if !strings.Contains(list, "SMS: Nordlicht: is this your new mobile number?") || !strings.Contains(list, "+4915112345678") {
		t.Fatalf("the list shows %s", list)
	}
	page := s.get(messagePath.FindString(list), cookies...).Body.String()
	for _, want := range []string{"<title>SMS: Nordlicht: is this your new mobile number?</title>", "<h2>SMS</h2>", "99 of GSM7, segments: 1", `href="` + path + `"`} {
		if !strings.Contains(page, want) {
			t.Errorf("%s is missing in %s", want, page)
		}
	}
	if strings.Contains(page, "<iframe") {
		t.Error("there is no HTML to show")
	}
}
