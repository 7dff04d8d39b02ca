package db_test

import (
	"strings"
	"testing"
	"time"

	"complero/db"
	"complero/db/dbtest"
)

func TestOutboxPassStandsForATestKey(t *testing.T) {
	now := time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		start := now
		defer func() { now = start }()
		a, err := store.CreateAccount(t.Context(), db.Setup{Customer: "N", Company: "N", Country: "DE", Locale: "de"})
		if err != nil {
			t.Fatal(err)
		}
		pass, until, err := store.OutboxPass(t.Context(), a.TestKey)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(pass, a.TestKey) || !until.After(now) {
			t.Fatalf("pass %s until %s", pass, until)
		}
		tenant, err := store.OutboxTenant(t.Context(), pass)
		if err != nil || tenant.Company.ID != a.CompanyID || tenant.Mode != db.Test {
			t.Fatalf("the pass opens %v: %v", tenant, err)
		}
		if _, err := tenant.Outbox(t.Context(), db.Page{}); err != nil {
			t.Errorf("the outbox stays closed: %v", err)
		}
		if _, err := tenant.Contacts(t.Context(), db.Page{}, db.ContactFilter{}, ""); db.CodeOf(err) != db.Forbidden {
			t.Errorf("the pass opens Contacts: %v", err)
		}
		if _, _, err := store.OutboxPass(t.Context(), a.LiveKey); db.CodeOf(err) != db.TestOnly {
			t.Errorf("a live key makes a pass: %v", err)
		}
		for _, wrong := range []string{"", ".", "x.y.z", pass + "0", "key_x" + pass, a.TestKey} {
			if _, err := store.OutboxTenant(t.Context(), wrong); db.CodeOf(err) != db.Unauthenticated {
				t.Errorf("%q opens the outbox: %v", wrong, err)
			}
		}
		now = until
		if _, err := store.OutboxTenant(t.Context(), pass); db.CodeOf(err) != db.Unauthenticated {
			t.Errorf("the pass has no end: %v", err)
		}
	}, func(c *db.Config) { c.Clock = func() time.Time { return now } })
}
