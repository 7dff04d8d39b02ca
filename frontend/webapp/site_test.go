package webapp_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"complero/db"
	"complero/db/dbtest"
	"complero/frontend/webapp"
	"complero/theme"
)

// today is the clock of all tests.
var today = time.Date(2026, 11, 21, 10, 30, 0, 0, time.UTC)

// A site is the Web App of two Companies over a real Store.
type site struct {
	t       testing.TB
	store   *db.Store
	config  db.Config
	handler http.Handler
	now     *time.Time
	// nordlicht speaks German with Sie, brightside English; sandbox is nordlicht's test mode.
	nordlicht, brightside, sandbox *db.Tenant
}

const anna = `{"externalId":"c-1","employee":"e-1","salutation":"Frau","title":"Dr.","givenName":"Anna","familyName":"Sommer",
	"birthDate":"1980-02-29","emails":[{"address":"anna@example.com"}],"phones":[{"number":"0171 2345678"},{"number":"030 901820","use":"BUSINESS"}],
	"addresses":[{"street":"Lindenstraße","houseNumber":"12a","postalCode":"10969","city":"Berlin"}],
	"customFields":{"contract_no":"A-4711","newsletter":true,"children":2}}`

const paul = `{"externalId":"c-2","employee":"e-1","salutation":"Mr","givenName":"Paul","familyName":"Winter",
	"emails":[{"address":"paul@example.org"}],"addresses":[{"street":"High Street","houseNumber":"7","postalCode":"SW1A 1AA","city":"London","countryCode":"GB"}]}`

func newSite(t testing.TB, changes ...dbtest.Change) *site {
	t.Helper()
	now := today
	s := &site{t: t, now: &now}
	s.config = dbtest.Config(t, dbtest.SQLite, append(changes, func(c *db.Config) {
		c.MailRoute = true
		c.BaseURL = "http://example.com" // as httptest asks
		c.Clock = func() time.Time { return now }
	})...)
	var err error
	if s.store, err = db.Open(t.Context(), s.config); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.store.Close() })
	s.nordlicht, s.sandbox = s.company("Nordlicht Versicherung", "DE", "de")
	s.brightside, _ = s.company("Brightside Energy", "GB", "en")
	for _, tenant := range []*db.Tenant{s.nordlicht, s.sandbox, s.brightside} {
		s.upload(tenant, anna, paul)
	}
	s.brand()
	mux := http.NewServeMux()
	webapp.New(s.store, slog.New(slog.NewTextHandler(t.Output(), nil))).Routes(mux)
	s.handler = mux
	return s
}

func (s *site) company(name, country, locale string) (live, test *db.Tenant) {
	s.t.Helper()
	a, err := s.store.CreateAccount(s.t.Context(), db.Setup{
		Customer: "Nordlicht Gruppe", Company: name, Country: country, Locale: locale, Sender: "kontakt@example.com",
		Imprint: name + "\nHafenstraße 1, 24103 Kiel\nAmtsgericht Kiel, HRB 1234",
	})
	s.must(err)
	live, err = s.store.Authenticate(s.t.Context(), a.LiveKey)
	s.must(err)
	test, err = s.store.Authenticate(s.t.Context(), a.TestKey)
	s.must(err)
	return live, test
}

func (s *site) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// upload has an Employee and Contacts uploaded and worked off.
func (s *site) upload(tenant *db.Tenant, contacts ...string) {
	s.t.Helper()
	employees := `[{"externalId":"e-1","displayName":"Jana Brandt","jobTitle":"Kundenberaterin","email":"jana@example.com"}]`
	op, err := tenant.UploadEmployees(s.t.Context(), db.EmployeesUpload{Employees: json.RawMessage(employees), Count: 1})
	s.must(err)
	s.work(tenant, op)
	list := "[" + strings.Join(contacts, ",") + "]"
	op, err = tenant.UploadContacts(s.t.Context(), db.ContactsUpload{Contacts: json.RawMessage(list), Count: len(contacts)})
	s.must(err)
	s.work(tenant, op)
}

func (s *site) work(tenant *db.Tenant, op *db.Operation) {
	s.t.Helper()
	system, err := s.store.Work(s.t.Context(), db.TenantRef{CompanyID: tenant.Company.ID, Mode: tenant.Mode})
	s.must(err)
	for done := false; !done; {
		done, err = system.WorkOperation(s.t.Context(), op.ID)
		s.must(err)
	}
}

// brand gives the two Companies looks that have nothing in common.
func (s *site) brand() {
	s.t.Helper()
	radius, informal := theme.RadiusPill, theme.Informal
	_, err := s.brightside.UpdateBrand(s.t.Context(), db.BrandChange{
		Primary: ptr("#c2410c"), Accent: ptr("#facc15"), Background: ptr("#fffaf3"), Text: ptr("#2b1a10"),
		HeadingFont: ptr("Lora"), BodyFont: ptr("Source Sans 3"), CornerRadius: &radius, Formality: &informal,
	})
	s.must(err)
	_, err = s.nordlicht.UpdateBrand(s.t.Context(), db.BrandChange{Logo: logo(s.t)})
	s.must(err)
	_, err = s.nordlicht.UpdateCompany(s.t.Context(), db.CompanyChange{PrivacyURL: ptr(ptr("https://example.com/datenschutz"))})
	s.must(err)
}

// logo is a plain picture.
func logo(t testing.TB) io.Reader {
	picture := image.NewRGBA(image.Rect(0, 0, 240, 60))
	for x := range 240 {
		for y := range 60 {
			if (x-30)*(x-30)+(y-30)*(y-30) < 900 || y > 20 && y < 40 {
				picture.Set(x, y, color.RGBA{31, 95, 139, 255})
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		t.Fatal(err)
	}
	return &b
}

func ptr[T any](v T) *T { return &v }

// advertising defines a Consent with two Channels.
func (s *site) advertising(tenant *db.Tenant) {
	s.t.Helper()
	_, err := tenant.SaveConsentDefinition(s.t.Context(), db.ConsentDefinitionSave{
		Key: "advertising", Advertising: ptr(true), Channels: []db.ConsentChannel{db.ConsentEmail, db.ConsentPhone},
		Wordings: []db.ConsentWording{
			{Locale: "de", Title: "Neuigkeiten und Angebote", Wording: "Ich möchte **Angebote** erhalten. <script>alert(1)</script>\n\n- jederzeit [widerruflich](https://example.com)"},
			{Locale: "en", Title: "News and offers", Wording: "I would like to hear of **offers**."},
		},
	})
	s.must(err)
}

// ask makes a Request to a Contact and returns the path of its link.
func (s *site) ask(tenant *db.Tenant, externalID string, ask ...db.Ask) string {
	s.t.Helper()
	made, err := tenant.CreateRequests(s.t.Context(), db.RequestsCreate{ContactExternalIDs: []string{externalID}, Ask: ask})
	s.must(err)
	if len(made.Requests) != 1 {
		s.t.Fatalf("no Request to %s: %v", externalID, made.Items[0].Errors)
	}
	link := tenant.RequestLink(made.Requests[0])
	if link == nil {
		s.t.Fatal("the Request has no link")
	}
	at, err := url.Parse(*link)
	s.must(err)
	return at.Path
}

func (s *site) get(path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w
}

func (s *site) post(path string, fields url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(fields.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w
}

// contact reads a Contact by its externalId.
func (s *site) contact(tenant *db.Tenant, externalID string) *db.Contact {
	s.t.Helper()
	c, err := tenant.Contact(s.t.Context(), db.ContactRef{ExternalID: &externalID})
	s.must(err)
	return c
}

// kinds lists the kinds of a Contact's events since the upload.
func (s *site) kinds(tenant *db.Tenant) string {
	s.t.Helper()
	all, err := tenant.Events(s.t.Context(), db.Page{First: ptr(1000)}, db.EventFilter{})
	s.must(err)
	var list []string
	for _, e := range all.Nodes {
		if e.Kind != db.CreateEvent {
			list = append(list, string(e.Kind))
		}
	}
	return strings.Join(list, " ")
}
