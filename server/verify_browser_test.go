package main

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"

	"complero/db"
	"complero/db/dbtest"
	"complero/db/verification"
	"complero/frontend/webapp"
	"complero/server/browsertest"
)

// origins are what posts said of where they come from.
type origins struct {
	mu   sync.Mutex
	said []string
}

func (o *origins) note(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			o.mu.Lock()
			o.said = append(o.said, fmt.Sprintf("%s|%s|%s", r.Header.Get("Origin"), r.Header.Get("Sec-Fetch-Site"), r.Header.Get("Referer")))
			o.mu.Unlock()
		}
		next.ServeHTTP(w, r)
	})
}

// TestVerifiedFormsPassWhereverTheyAreServed answers in a real browser by TLS,
// on this machine, and without TLS in the network of a house, where browsers say
// nothing of where a form comes from.
func TestVerifiedFormsPassWhereverTheyAreServed(t *testing.T) {
	tests := []struct {
		name, host string
		serve      func(http.Handler) *httptest.Server
		says       string
	}{
		{"by TLS", "127.0.0.1", httptest.NewTLSServer, "null|same-origin|"},
		{"on this machine", "localhost", httptest.NewServer, "null|same-origin|"},
		{"in a house's network", "complero.example", httptest.NewServer, "null||"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			store := dbtest.Open(t, dbtest.SQLite, func(c *db.Config) { c.MailRoute, c.BaseURL = true, "http://"+test.host })
			tenant, path := oneContact(t, store)
			mux := http.NewServeMux()
			webapp.New(store, slog.New(slog.DiscardHandler)).Routes(mux)
			guarded, err := refuseForeignPosts(store.BaseURL(), mux)
			if err != nil {
				t.Fatal(err)
			}
			var heard origins
			server := test.serve(heard.note(guarded))
			defer server.Close()
			at, err := url.Parse(server.URL)
			if err != nil {
				t.Fatal(err)
			}
			answerVerified(t, at.Scheme+"://"+test.host+":"+at.Port()+path, test.host)
			if c, err := tenant.Contact(t.Context(), db.ContactRef{ExternalID: ptr("K-1")}); err != nil || c.Profile.GivenName != "Julia" {
				t.Errorf("%v, %v", c.Profile.GivenName, err)
			}
			if said := slices.Compact(heard.said); !slices.Equal(said, []string{test.says}) {
				t.Errorf("the browser says %q, want %q", said, test.says)
			}
		})
	}
}

// oneContact makes a Contact of a Company that asks for a postal code, and gives
// the path of a link.
func oneContact(t *testing.T, store *db.Store) (*db.Tenant, string) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	a, err := store.CreateAccount(t.Context(), db.Setup{
		Customer: "Nordlicht Gruppe", Company: "Nordlicht", Country: "DE", Locale: "de", Sender: "kontakt@example.com", Imprint: "Nordlicht AG, Kiel",
	})
	must(err)
	tenant, err := store.Authenticate(t.Context(), a.LiveKey)
	must(err)
	op, err := tenant.UploadContacts(t.Context(), db.ContactsUpload{Count: 1, Contacts: []byte(`[{"externalId": "K-1", "givenName": "Juliane", "familyName": "Kettenis",
		"emails": [{"address": "j@example.net"}], "addresses": [{"street": "Weg", "houseNumber": "1", "postalCode": "24103", "city": "Kiel"}]}]`)})
	must(err)
	system, err := store.Work(t.Context(), db.TenantRef{CompanyID: tenant.Company.ID, Mode: db.Live})
	must(err)
	_, err = system.WorkOperation(t.Context(), op.ID)
	must(err)
	_, err = tenant.UpdateCompany(t.Context(), db.CompanyChange{Verification: &[]verification.Kind{verification.PostalCode}})
	must(err)
	made, err := tenant.CreateRequests(t.Context(), db.RequestsCreate{ContactExternalIDs: []string{"K-1"}})
	must(err)
	return tenant, strings.TrimPrefix(*tenant.RequestLink(made.Requests[0]), store.BaseURL())
}

// answerVerified passes the Verification at the second try and changes a name.
func answerVerified(t *testing.T, link, host string) {
	t.Helper()
	var log browsertest.Log
	ctx := browsertest.New(t, browsertest.WithoutJavaScript(), browsertest.Record(&log), browsertest.Host(host), browsertest.AnyCertificate())
	code, name := chromedp.CSS(`input[name="verify.postalCode"]`), chromedp.CSS(`input[name="givenName"]`)
	check := chromedp.CSS(`button[value="check"]`)
	steps := []chromedp.Action[chromedp.Void]{
		chromedp.Navigate(link),
		chromedp.SendKeys(code, "99999"),
		chromedp.Click(check),
		chromedp.WaitVisible(chromedp.CSS(`.problems:focus`)),
		chromedp.Clear(code),
		chromedp.SendKeys(code, "24 103"),
		chromedp.Click(check),
		chromedp.Click(chromedp.CSS(`a[href*="/form"]`)),
		chromedp.WaitVisible(name),
		chromedp.Clear(name),
		chromedp.SendKeys(name, "Julia"),
		chromedp.Click(chromedp.CSS(`button.button[value="review"]`)),
		chromedp.Click(chromedp.CSS(`button[value="save"]`)),
		chromedp.WaitVisible(chromedp.CSS(`p.inline a`)),
	}
	for n, step := range steps {
		if err := chromedp.Do(ctx, step); err != nil {
			t.Fatalf("step %d: %v", n, err)
		}
	}
	if hosts := log.Hosts(); len(hosts) != 1 {
		t.Errorf("the pages asked %v", hosts)
	}
}

func ptr[T any](v T) *T { return &v }
