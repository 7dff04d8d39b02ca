package db_test

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"complero/db"
	"complero/db/dbtest"
	"complero/db/profile"
)

// askedAt is the moment at which tests about Requests begin: noon in Berlin.
var askedAt = time.Date(2026, 5, 4, 10, 0, 0, 0, time.UTC)

// asker is a Company with an Employee and Contacts to ask, at a moment that
// the test moves.
type asker struct {
	*testing.T
	store      *db.Store
	live, test *db.Tenant
	at         *atomic.Int64
}

// kettenis is the Contact that most tests are about; frohn has no address.
const (
	kettenis = `{"externalId": "K-1", "employee": "V-1", "salutation": "Frau", "givenName": "Juliane", "familyName": "Kettenis",
		"emails": [{"address": "juliane@example.net"}], "addresses": [{"street": "Hauptstr.", "houseNumber": "3", "postalCode": "24103", "city": "Kiel"}]}`
	frohn = `{"externalId": "K-2", "familyName": "Frohn"}`
)

// withAsker runs a test on each engine, with one connection in all on SQLite.
func withAsker(t *testing.T, run func(a *asker), changes ...dbtest.Change) {
	t.Helper()
	var at atomic.Int64
	settings := func(c *db.Config) {
		c.OneConnection, c.MailRoute = true, true
		c.Clock = func() time.Time { return askedAt.Add(time.Duration(at.Load())) }
	}
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		at.Store(0)
		a := &asker{T: t, store: store, at: &at}
		a.live, a.test = account(t, store, "Nordlicht")
		for _, tenant := range []*db.Tenant{a.live, a.test} {
			uploadEmployees(t, store, tenant, map[string]any{"externalId": "V-1", "displayName": "Defne Kupfer", "email": "defne@example.com"})
			upload(t, store, tenant, kettenis, frohn)
		}
		run(a)
	}, append([]dbtest.Change{settings}, changes...)...)
}

// pass moves the clock on.
func (a *asker) pass(d time.Duration) { a.at.Add(int64(d)) }

func (a *asker) now() time.Time { return askedAt.Add(time.Duration(a.at.Load())) }

// ask makes one Request for each Contact.
func (a *asker) ask(tenant *db.Tenant, externalIDs ...string) []*db.Request {
	a.Helper()
	made, err := tenant.CreateRequests(a.Context(), db.RequestsCreate{ContactExternalIDs: externalIDs})
	if err != nil {
		a.Fatalf("create Requests: %v", err)
	}
	return made.Requests
}

func (a *asker) token(tenant *db.Tenant, r *db.Request) string {
	a.Helper()
	link := tenant.RequestLink(r)
	if link == nil {
		a.Fatal("the Request has no link")
	}
	return strings.TrimPrefix(*link, "http://localhost:8080/u/")
}

// open opens a Request's link.
func (a *asker) open(tenant *db.Tenant, r *db.Request) *db.Link {
	a.Helper()
	l, err := a.store.OpenLink(a.Context(), a.token(tenant, r))
	if err != nil {
		a.Fatalf("open the link: %v", err)
	}
	return l
}

// answer answers a Request through its link.
func (a *asker) answer(tenant *db.Tenant, r *db.Request, answer db.Answer) *db.Answered {
	a.Helper()
	out, err := a.open(tenant, r).Answer(a.Context(), answer)
	if err != nil {
		a.Fatalf("answer: %v", err)
	}
	return out
}

// says reads an answer's data as the API would.
func (a *asker) says(data string) *profile.Input {
	a.Helper()
	in := new(profile.Input)
	if err := in.UnmarshalJSON([]byte(data)); err != nil {
		a.Fatal(err)
	}
	return in
}

// request reads a Request again.
func (a *asker) request(tenant *db.Tenant, r *db.Request) *db.Request {
	a.Helper()
	again, err := tenant.Request(a.Context(), r.ID)
	if err != nil {
		a.Fatal(err)
	}
	return again
}

// since lists the kinds of the events after a number, with their reasons.
func (a *asker) since(tenant *db.Tenant, number int) []string {
	a.Helper()
	all, err := tenant.Events(a.Context(), db.Page{First: ptr(1000)}, db.EventFilter{})
	if err != nil {
		a.Fatal(err)
	}
	kinds := []string{}
	for _, e := range all.Nodes[number:] {
		kind := string(e.Kind)
		if e.Reason != nil {
			kind += " " + *e.Reason
		}
		kinds = append(kinds, kind)
	}
	return kinds
}

// count is how many events there are.
func (a *asker) count(tenant *db.Tenant) int { return len(a.since(tenant, 0)) }

func (a *asker) wantSince(tenant *db.Tenant, number int, want ...string) {
	a.Helper()
	if got := a.since(tenant, number); !slices.Equal(got, want) {
		a.Errorf("events %q, want %q", got, want)
	}
}

// report writes a Report's figures: requests delivered failed updated confirmed declined rate.
func (a *asker) report(tenant *db.Tenant, f db.ReportFilter) string {
	a.Helper()
	r, err := tenant.Report(a.Context(), f)
	if err != nil {
		a.Fatal(err)
	}
	rate := "-"
	if of := r.ResponseRate(); of != nil {
		rate = fmt.Sprintf("%.2f", *of)
	}
	return fmt.Sprint(r.Requests, r.Delivered, r.Failed, r.Updated, r.Confirmed, r.Declined, " ", rate)
}

// system is the Tenant with which jobs work.
func (a *asker) system(tenant *db.Tenant) *db.Tenant {
	a.Helper()
	system, err := a.store.Work(a.Context(), db.TenantRef{CompanyID: tenant.Company.ID, Mode: tenant.Mode})
	if err != nil {
		a.Fatal(err)
	}
	return system
}

func (a *asker) claim(tenant *db.Tenant) []*db.Outgoing {
	a.Helper()
	claimed, err := a.system(tenant).ClaimDeliveries(a.Context(), 50)
	if err != nil {
		a.Fatal(err)
	}
	return claimed
}

func (a *asker) record(tenant *db.Tenant, outcomes ...db.DeliveryOutcome) {
	a.Helper()
	if err := a.system(tenant).RecordDeliveries(a.Context(), outcomes); err != nil {
		a.Fatal(err)
	}
}

// sendAll claims what is due and records it as sent.
func (a *asker) sendAll(tenant *db.Tenant) {
	a.Helper()
	var outcomes []db.DeliveryOutcome
	for _, o := range a.claim(tenant) {
		outcomes = append(outcomes, db.DeliveryOutcome{DeliveryID: o.DeliveryID, RequestID: o.RequestID, EmailID: o.To.ID, Status: db.DeliverySent})
	}
	a.record(tenant, outcomes...)
}

// deliveries writes a Request's Deliveries as "STATUS attempts detail".
func (a *asker) deliveries(tenant *db.Tenant, r *db.Request) string {
	a.Helper()
	found, err := tenant.DeliveriesOf(a.Context(), []string{r.ID})
	if err != nil {
		a.Fatal(err)
	}
	var list []string
	for _, d := range found[r.ID] {
		text := fmt.Sprintf("%s %d", d.Status, d.Attempts)
		if d.Detail != nil {
			text += " " + *d.Detail
		}
		list = append(list, text)
	}
	return strings.Join(list, ", ")
}
