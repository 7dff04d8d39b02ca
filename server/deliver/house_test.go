package deliver_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"complero/db"
	"complero/db/dbtest"
	"complero/server/deliver"
	"complero/server/deliver/email"
	"complero/server/deliver/smtptest"
)

// A house is a Company with an Employee and Contacts to write to.
type house struct {
	*testing.T
	store      *db.Store
	live, test *db.Tenant
	later      *atomic.Int64 // how far the clock is ahead
}

// withHouse runs a test on each engine, with n Contacts C-0, C-1 … in live and
// test mode, whose addresses are c0@example.net, c1@example.net …
func withHouse(t *testing.T, n int, run func(h *house), more ...dbtest.Change) {
	var later atomic.Int64
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		later.Store(0)
		h := &house{T: t, store: store, later: &later}
		a, err := store.CreateAccount(t.Context(), db.Setup{
			Customer: "Nordlicht Gruppe", Company: "Nordlicht", Country: "DE", Locale: "de", Sender: "kontakt@nordlicht.example", Imprint: "Nordlicht AG, Kiel",
		})
		h.must(err)
		h.live, err = store.Authenticate(t.Context(), a.LiveKey)
		h.must(err)
		h.test, err = store.Authenticate(t.Context(), a.TestKey)
		h.must(err)
		for _, tenant := range []*db.Tenant{h.live, h.test} {
			h.furnish(tenant, n)
		}
		run(h)
	}, append(more, func(c *db.Config) {
		c.MailRoute = true
		c.Clock = func() time.Time { return time.Now().Add(time.Duration(later.Load())) }
	})...)
}

func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func (h *house) furnish(tenant *db.Tenant, n int) {
	h.Helper()
	op, err := tenant.UploadEmployees(h.Context(), db.EmployeesUpload{
		Employees: []byte(`[{"externalId": "V-1", "displayName": "Defne Kupfer", "givenName": "Defne", "familyName": "Kupfer", "email": "defne@nordlicht.example"}]`), Count: 1,
	})
	h.must(err)
	h.work(tenant, op)
	var items []map[string]any
	for i := range n {
		items = append(items, map[string]any{
			"externalId": fmt.Sprintf("C-%d", i), "employee": "V-1", "salutation": "Frau", "givenName": "Juliane", "familyName": fmt.Sprintf("Kettenis%d", i),
			"emails": []any{map[string]any{"address": fmt.Sprintf("c%d@example.net", i)}},
		})
	}
	list, err := json.Marshal(items)
	h.must(err)
	op, err = tenant.UploadContacts(h.Context(), db.ContactsUpload{Contacts: list, Count: n})
	h.must(err)
	h.work(tenant, op)
}

// system is the Tenant as a job has it.
func (h *house) system(tenant *db.Tenant) *db.Tenant {
	h.Helper()
	system, err := h.store.Work(context.WithoutCancel(h.Context()), db.TenantRef{CompanyID: tenant.Company.ID, Mode: tenant.Mode})
	h.must(err)
	return system
}

func (h *house) work(tenant *db.Tenant, op *db.Operation) {
	h.Helper()
	for done := false; !done; {
		var err error
		done, err = h.system(tenant).WorkOperation(h.Context(), op.ID)
		h.must(err)
	}
}

// ask makes a Request for each of the first n Contacts.
func (h *house) ask(tenant *db.Tenant, n int) []*db.Request {
	h.Helper()
	var ids []string
	for i := range n {
		ids = append(ids, fmt.Sprintf("C-%d", i))
	}
	made, err := tenant.CreateRequests(h.Context(), db.RequestsCreate{ContactExternalIDs: ids})
	h.must(err)
	return made.Requests
}

// sender sends by way of a server, nil for none.
func (h *house) sender(server *smtptest.Server, more ...func(*deliver.Settings)) *deliver.Sender {
	h.Helper()
	settings := deliver.Settings{
		Log:   slog.New(slog.NewTextHandler(h.Output(), nil)),
		Clock: func() time.Time { return time.Now().Add(time.Duration(h.later.Load())) },
	}
	if server != nil {
		route, err := email.ParseURL(server.URL())
		h.must(err)
		settings.Route = route
	}
	for _, change := range more {
		change(&settings)
	}
	s, err := deliver.New(h.store, settings)
	h.must(err)
	h.Cleanup(s.Close)
	return s
}

// deliver works until nothing is due.
func (h *house) deliver(s *deliver.Sender, tenant *db.Tenant) (retry time.Time) {
	h.Helper()
	for more := true; more; {
		var err error
		more, retry, err = s.Deliver(h.Context(), h.system(tenant))
		h.must(err)
	}
	return retry
}

// statuses counts the Requests by status and reason.
func (h *house) statuses(tenant *db.Tenant) string {
	h.Helper()
	first := 1000
	all, err := tenant.Requests(h.Context(), db.Page{First: &first}, db.RequestFilter{})
	h.must(err)
	counts := map[string]int{}
	for _, r := range all.Nodes {
		word := string(r.Status)
		if r.Reason != nil {
			word += "/" + *r.Reason
		}
		counts[word]++
	}
	var list []string
	for word, n := range counts {
		list = append(list, fmt.Sprintf("%d %s", n, word))
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

// oncePerPerson fails unless each of n Contacts got exactly one message.
func (h *house) oncePerPerson(server *smtptest.Server, n int) {
	h.Helper()
	got := map[string]int{}
	for _, m := range server.Mails() {
		got[m.To]++
	}
	for to, times := range got {
		if times != 1 {
			h.Errorf("%s got %d messages", to, times)
		}
	}
	if len(got) != n {
		h.Errorf("%d people got a message, not %d", len(got), n)
	}
}
