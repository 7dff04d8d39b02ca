package db_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"complero/db"
	"complero/db/dbtest"
)

// open gives a test each engine with one connection in all on SQLite, so that
// a transaction which reaches for the pool hangs instead of passing.
func each(t *testing.T, run func(t *testing.T, store *db.Store), changes ...dbtest.Change) {
	t.Helper()
	dbtest.Each(t, run, append(changes, func(c *db.Config) { c.OneConnection = true; c.MailRoute = true })...)
}

// account makes a Company and returns its live and its test Tenant.
func account(t *testing.T, store *db.Store, name string) (live, test *db.Tenant) {
	t.Helper()
	a, err := store.CreateAccount(t.Context(), db.Setup{
		Customer: "Nordlicht Gruppe", Company: name, Country: "DE", Locale: "de", Sender: "kontakt@example.com", Imprint: "Nordlicht AG, Kiel",
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range []struct {
		key    string
		tenant **db.Tenant
	}{{a.LiveKey, &live}, {a.TestKey, &test}} {
		if *k.tenant, err = store.Authenticate(t.Context(), k.key); err != nil {
			t.Fatal(err)
		}
	}
	return live, test
}

// upload has Contacts uploaded and worked off, and returns the finished Operation.
func upload(t *testing.T, store *db.Store, tenant *db.Tenant, items ...string) *db.Operation {
	t.Helper()
	list := []byte("[")
	for i, item := range items {
		if i > 0 {
			list = append(list, ',')
		}
		list = append(list, item...)
	}
	op, err := tenant.UploadContacts(t.Context(), db.ContactsUpload{Contacts: append(list, ']'), Count: len(items)})
	if err != nil {
		t.Fatal(err)
	}
	return work(t, store, tenant, op)
}

func uploadEmployees(t *testing.T, store *db.Store, tenant *db.Tenant, items ...map[string]any) *db.Operation {
	t.Helper()
	list, err := json.Marshal(items)
	if err != nil {
		t.Fatal(err)
	}
	op, err := tenant.UploadEmployees(t.Context(), db.EmployeesUpload{Employees: list, Count: len(items)})
	if err != nil {
		t.Fatal(err)
	}
	return work(t, store, tenant, op)
}

// work works an Operation off, as a job would.
func work(t *testing.T, store *db.Store, tenant *db.Tenant, op *db.Operation) *db.Operation {
	t.Helper()
	system, err := store.Work(t.Context(), db.TenantRef{CompanyID: tenant.Company.ID, Mode: tenant.Mode})
	if err != nil {
		t.Fatal(err)
	}
	for range 100 {
		done, err := system.WorkOperation(t.Context(), op.ID)
		if err != nil {
			t.Fatal(err)
		}
		if done {
			op, err = tenant.Operation(t.Context(), op.ID)
			if err != nil {
				t.Fatal(err)
			}
			return op
		}
	}
	t.Fatal("the Operation never ends")
	return nil
}

// contact reads a Contact by its externalId in the central CRM.
func contact(t *testing.T, tenant *db.Tenant, externalID string) *db.Contact {
	t.Helper()
	c, err := tenant.Contact(t.Context(), db.ContactRef{ExternalID: &externalID})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// events lists all events as "number KIND externalId".
func events(t *testing.T, tenant *db.Tenant) []string {
	t.Helper()
	all, err := tenant.Events(t.Context(), db.Page{First: ptr(1000)}, db.EventFilter{})
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, e := range all.Nodes {
		external := ""
		if e.ContactExternalID != nil {
			external = " " + *e.ContactExternalID
		}
		list = append(list, fmt.Sprintf("%d %s%s", e.Number, e.Kind, external))
	}
	return list
}

// items lists an Operation's items as "index OUTCOME CODE path".
func items(t *testing.T, tenant *db.Tenant, op *db.Operation) []string {
	t.Helper()
	c, err := tenant.OperationItems(t.Context(), op, db.Page{First: ptr(1000)}, db.OperationItemFilter{})
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, i := range c.Nodes {
		text := fmt.Sprintf("%d %s", i.Index, i.Outcome)
		for _, e := range i.Errors {
			text += fmt.Sprintf(" %s %v", e.Code, e.Path)
		}
		list = append(list, text)
	}
	return list
}

func ptr[T any](v T) *T { return &v }
