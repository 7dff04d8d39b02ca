package dbtest

import (
	"testing"
	"time"

	"complero/db"
)

func TestEachTakesChangesOnBothEngines(t *testing.T) {
	when := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	called := 0
	Each(t, func(t *testing.T, store *db.Store) {
		if store == nil {
			t.Error("no Store")
		}
	}, func(c *db.Config) {
		called++
		c.Clock = func() time.Time { return when }
	})
	if called == 0 {
		t.Error("the change was not asked")
	}
}

func TestConfigOpensTwice(t *testing.T) {
	for _, engine := range []Engine{SQLite, Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			c := Config(t, engine)
			for range 2 {
				store, err := db.Open(t.Context(), c)
				if err != nil {
					t.Fatal(err)
				}
				if err := store.Close(); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func TestPostgresURLIsEmpty(t *testing.T) {
	url := PostgresURL(t)
	if got := query(t, url, "SELECT count(*)::text FROM pg_tables WHERE schemaname = 'public'"); got != "0" {
		t.Errorf("%s tables, want none", got)
	}
}
