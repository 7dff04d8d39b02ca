package db_test

import (
	"testing"

	"complero/db"
	"complero/db/profile"
)

// However many Companies a process works for, it keeps those in mind that it
// works for now.
func TestSettingsAreKeptInMindForSomeCompaniesOnly(t *testing.T) {
	each(t, func(t *testing.T, store *db.Store) {
		live, _ := account(t, store, "Nordlicht")
		define(t, live, "vehicle", profile.TypeText)
		if got := customFields(t, live); got != "vehicle TEXT EDITABLE" {
			t.Fatalf("the custom fields are %q", got)
		}
		if known := store.Know(25_000); known > 10_000 || known < 1_000 {
			t.Errorf("%d are known", known)
		}
		if known := store.Know(25_000); known > 10_000 {
			t.Errorf("the same again: %d are known", known)
		}
		if got := customFields(t, live); got != "vehicle TEXT EDITABLE" {
			t.Errorf("of who was forgotten the custom fields are %q", got)
		}
	})
}
