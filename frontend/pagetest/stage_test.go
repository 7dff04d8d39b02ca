package pagetest

import (
	"encoding/json"
	"fmt"
	"image/color"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"complero/db"
	"complero/db/dbtest"
	"complero/frontend/outbox"
	"complero/frontend/webapp"
	"complero/theme"
)

// today is the clock of all pages.
var today = time.Date(2026, 11, 21, 10, 30, 0, 0, time.UTC)

// A stage is all pages over one Store, with a cast for each language.
type stage struct {
	t      *testing.T
	store  *db.Store
	now    time.Time
	routes *routes
	broken *http.ServeMux // the Web App without its database
	casts  []*cast
	pass   *http.Cookie // of the outbox
}

// routes is a mux that knows its patterns and which of them were asked for.
type routes struct {
	*http.ServeMux
	patterns []string
	visited  map[string]bool
}

// Handle adds a route.
func (r *routes) Handle(pattern string, h http.Handler) {
	r.patterns = append(r.patterns, pattern)
	r.ServeMux.Handle(pattern, h)
}

// A cast is a Company with a Brand of its own, its Employee and its Contacts.
type cast struct {
	*stage
	name       string // of the Brand, in names of tests and pictures
	language   string
	live, test *db.Tenant
	testKey    string
	contacts   int
}

// A setting is what makes a cast.
type setting struct {
	name, language, country, company, imprint string
	brand                                     db.BrandChange
	logo                                      color.Color // nil for none
	employee, jobTitle, greeted               string
	given, family, street, city, postalCode   string
}

// settings are three Brands that have little in common, in three languages.
var settings = []setting{
	{
		name: "default", language: "de", country: "DE", company: "Nordlicht Versicherung",
		imprint:  "Nordlicht Versicherung AG\nHafenstraße 1, 24103 Kiel\nAmtsgericht Kiel, HRB 1234",
		employee: "Jana Brandt", jobTitle: "Kundenberaterin", greeted: "Frau",
		given: "Anna-Katharina", family: "Sommerfeld-Oberbacher", street: "Lindenstraße", city: "Berlin", postalCode: "10969",
	},
	{
		name: "loud", language: "en", country: "GB", company: "Brightside Energy & Sons",
		imprint: "Brightside Energy Ltd\n1 Quay Street, Bristol BS1 4DB",
		brand: db.BrandChange{
			Primary: ptr("#ffcc00"), Accent: ptr("#d40511"), Background: ptr("#fffdf5"), Text: ptr("#222222"),
			HeadingFont: ptr("Work Sans"), BodyFont: ptr("Open Sans"), CornerRadius: ptr(theme.RadiusPill),
		},
		logo:     color.RGBA{0xd4, 0x05, 0x11, 0xff},
		employee: "Oliver Pemberton", jobTitle: "Customer care", greeted: "Mr",
		given: "Paul", family: "Winter", street: "High Street", city: "London", postalCode: "SW1A 1AA",
	},
	{
		name: "dark", language: "ar", country: "AE", company: "نور للطاقة",
		imprint: "نور للطاقة\nشارع الشيخ زايد ١، دبي",
		brand: db.BrandChange{
			Primary: ptr("#5b2be0"), Accent: ptr("#3dd6c4"), Background: ptr("#14141f"), Text: ptr("#e8e8f0"),
			HeadingFont: ptr("Merriweather"), BodyFont: ptr("Source Serif 4"), CornerRadius: ptr(theme.RadiusNone),
		},
		logo:     color.RGBA{0x3d, 0xd6, 0xc4, 0xff},
		employee: "ليلى حداد", jobTitle: "خدمة العملاء", greeted: "السيدة",
		given: "سلمى", family: "العلي", street: "شارع الوصل", city: "دبي", postalCode: "00000",
	},
}

func ptr[T any](v T) *T { return &v }

func newStage(t *testing.T) *stage {
	t.Helper()
	s := &stage{t: t, now: today, routes: &routes{ServeMux: http.NewServeMux(), visited: map[string]bool{}}}
	s.store = dbtest.Open(t, dbtest.SQLite, func(c *db.Config) {
		c.MailRoute, c.SMSRoute, c.BaseURL = true, true, "http://example.com" // as httptest asks
		c.Clock = func() time.Time { return s.now }
	})
	log := slog.New(slog.DiscardHandler)
	webapp.New(s.store, log).Routes(s.routes)
	outbox.New(s.store, false).Routes(s.routes)
	closed := dbtest.Open(t, dbtest.SQLite)
	s.must(closed.Close())
	s.broken = http.NewServeMux()
	webapp.New(closed, log).Routes(s.broken)
	for _, set := range settings {
		s.casts = append(s.casts, s.cast(set))
	}
	return s
}

func (s *stage) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) cast(set setting) *cast {
	s.t.Helper()
	ctx := s.t.Context()
	a, err := s.store.CreateAccount(ctx, db.Setup{
		Customer: "Example Group", Company: set.company, Country: set.country, Locale: set.language,
		Sender: "contact@" + set.name + ".example.com", Imprint: set.imprint,
	})
	s.must(err)
	c := &cast{stage: s, name: set.name, language: set.language, testKey: a.TestKey}
	c.live, err = s.store.Authenticate(ctx, a.LiveKey)
	s.must(err)
	c.test, err = s.store.Authenticate(ctx, a.TestKey)
	s.must(err)
	_, err = c.live.UpdateCompany(ctx, db.CompanyChange{
		PrivacyURL: ptr(ptr("https://example.com/privacy")), Domains: &[]string{"check." + set.name + ".example.com"},
	})
	s.must(err)
	if set.logo != nil {
		set.brand.Logo, set.brand.LogoDark = drawLogo(s.t, set.logo), strings.NewReader(drawnLogo)
	}
	_, err = c.live.UpdateBrand(ctx, set.brand)
	s.must(err)
	for _, tenant := range []*db.Tenant{c.live, c.test} {
		op, err := tenant.UploadEmployees(ctx, db.EmployeesUpload{Count: 1, Employees: encode(s.t, []any{map[string]any{
			"externalId": "e-1", "displayName": set.employee, "jobTitle": set.jobTitle, "email": "care@" + set.name + ".example.com",
		}})})
		s.must(err)
		s.work(tenant, op)
	}
	c.consents(set)
	c.fields()
	return c
}

func encode(t *testing.T, v any) json.RawMessage {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// work works an Operation off.
func (s *stage) work(tenant *db.Tenant, op *db.Operation) {
	s.t.Helper()
	system, err := s.store.Work(s.t.Context(), db.TenantRef{CompanyID: tenant.Company.ID, Mode: tenant.Mode})
	s.must(err)
	for done := false; !done; {
		done, err = system.WorkOperation(s.t.Context(), op.ID)
		s.must(err)
	}
}

// setting is what the cast was made of.
func (c *cast) setting() setting {
	for _, set := range settings {
		if set.name == c.name {
			return set
		}
	}
	return setting{}
}

// contact uploads one more Contact, who has everything but what is changed,
// where nil takes away, and returns the externalId.
func (c *cast) contact(tenant *db.Tenant, changes ...any) string {
	c.t.Helper()
	c.contacts++
	id, set := fmt.Sprintf("c-%d", c.contacts), c.setting()
	item := map[string]any{
		"externalId": id, "employee": "e-1", "salutation": set.greeted, "title": "Dr.", "givenName": set.given, "familyName": set.family,
		"birthDate": "1980-02-29", "emails": []any{map[string]any{"address": fmt.Sprintf("a.rather.long.address-%d@%s.example.com", c.contacts, c.name)}},
		"phones": []any{map[string]any{"number": "+49 171 2345678"}, map[string]any{"number": "+49 30 901820", "use": "BUSINESS"}},
		"addresses": []any{map[string]any{
			"street": set.street, "houseNumber": "12a", "postalCode": set.postalCode, "city": set.city, "countryCode": set.country,
		}},
		"customFields": map[string]any{"contract_no": "A-4711", "newsletter": true, "children": 2, "score": 1234.5, "note": "1\n2"},
	}
	for n := 0; n+1 < len(changes); n += 2 {
		if name := changes[n].(string); changes[n+1] == nil {
			delete(item, name)
		} else {
			item[name] = changes[n+1]
		}
	}
	op, err := tenant.UploadContacts(c.t.Context(), db.ContactsUpload{Contacts: encode(c.t, []any{item}), Count: 1})
	c.must(err)
	c.work(tenant, op)
	return id
}

// link asks a Contact and returns the path of the link with the Request.
func (c *cast) link(tenant *db.Tenant, externalID string, ask ...db.Ask) (string, *db.Request) {
	c.t.Helper()
	made, err := tenant.CreateRequests(c.t.Context(), db.RequestsCreate{ContactExternalIDs: []string{externalID}, Ask: ask})
	c.must(err)
	if len(made.Requests) != 1 {
		c.t.Fatalf("no Request: %v", made.Items[0].Errors)
	}
	at, err := url.Parse(*tenant.RequestLink(made.Requests[0]))
	c.must(err)
	return at.Path, made.Requests[0]
}

// asked is the link of a new Contact, for all but fields of the Company's own.
func (c *cast) asked() string {
	link, _ := c.link(c.live, c.contact(c.live), db.AskPerson, db.AskDigital, db.AskAddress, db.AskConsents)
	return link
}

// A page is an answer that a browser would show.
type page struct {
	*httptest.ResponseRecorder
	path string
}

// do asks for a page, and follows where it leads to.
func (c *cast) do(r *http.Request) *page {
	r.Header.Set("Accept-Language", c.language)
	w := httptest.NewRecorder()
	c.routes.ServeHTTP(w, r)
	c.routes.visited[r.Pattern] = true
	if to := w.Header().Get("Location"); to != "" && w.Code == http.StatusSeeOther {
		next := httptest.NewRequest(http.MethodGet, to, nil)
		for _, cookie := range w.Result().Cookies() {
			next.AddCookie(cookie)
			if strings.HasPrefix(cookie.Path, "/outbox") {
				c.pass = cookie
			}
		}
		return c.do(next)
	}
	return &page{w, r.URL.Path}
}

func (c *cast) get(path string) *page { return c.do(httptest.NewRequest(http.MethodGet, path, nil)) }

// post posts a form, as pairs of a name and its value.
func (c *cast) post(path string, pairs ...string) *page {
	form := url.Values{}
	for n := 0; n+1 < len(pairs); n += 2 {
		form.Add(pairs[n], pairs[n+1])
	}
	return c.do(postRequest(path, form.Encode()))
}

func postRequest(path, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

// later shows a page at another time.
func (c *cast) later(d time.Duration, show func() *page) *page {
	c.now = today.Add(d)
	defer func() { c.now = today }()
	return show()
}
