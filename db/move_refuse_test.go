package db_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"complero/db"
	"complero/db/dbtest"
)

// Somebody changes what has been copied: the move must not say that it is done,
// and nobody may use what it has made. A further move puts it right.
func TestMoveFindsWhatWasChangedInTheTarget(t *testing.T) {
	changes := map[string]string{
		"UPDATE contact SET search = search || 'x' WHERE id = (SELECT max(id) FROM contact)":              "contact: content hash",
		"UPDATE event SET occurred_at = '2026-05-04 10:00:00.000001+00:00' WHERE number = 1 AND mode = 1": "event: content hash",
		"UPDATE asset SET data = (SELECT token_hash FROM request ORDER BY id LIMIT 1)":                    "asset: content hash",
		"UPDATE consent SET withdrawn_at = decided_at":                                                    "consent: content hash",
		"DELETE FROM outbox": "outbox: 0 rows instead of",
		"INSERT INTO report_total (company_id, mode, employee_id) VALUES (9, 1, 'employee_new')":                                                    "report_total: 5 rows instead of 4",
		"DELETE FROM river_job WHERE id = (SELECT max(id) FROM river_job)":                                                                          "unfinished jobs: ",
		"UPDATE setting SET value = 'ffffffffffffffff' WHERE key = 'link-key-fingerprint'":                                                          "setting: content hash",
		"UPDATE contact SET profile = replace(CAST(profile AS text), '{', '{ ')TO_JSON WHERE company_id = 1 AND id = (SELECT min(id) FROM contact)": "contact: content hash",
	}
	for _, to := range []dbtest.Engine{dbtest.SQLite, dbtest.Postgres} {
		t.Run(string(to), func(t *testing.T) {
			old, fresh := newHome(t, dbtest.SQLite), newHome(t, to)
			old.furnish()
			for change, want := range changes {
				change = strings.Replace(change, "TO_JSON", map[dbtest.Engine]string{dbtest.Postgres: "::json"}[to], 1)
				_, err := db.Move(t.Context(), db.MoveConfig{From: old.Config, To: fresh.Config, Progress: func(p db.MoveProgress) {
					if p.Table != "jobs" || !p.Done {
						return
					}
					if err := fresh.meddle(change); err != nil {
						t.Errorf("%s: %v", change, err)
					}
				}})
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("%s\nmakes the move end with %v, want %s", change, err, want)
				}
				fresh.wantUnfinished()
			}
			want := old.view()
			old.movesTo(fresh)
			if got := fresh.view(); !slices.Equal(got, want) {
				t.Error("a further move does not put it right")
			}
		})
	}
}

// wantUnfinished sees that the database cannot be used.
func (h *home) wantUnfinished() {
	h.Helper()
	store, err := db.Open(h.Context(), h.Config)
	if err == nil {
		_ = store.Close() // the test has failed already
	}
	if err == nil || !strings.Contains(err.Error(), "repeat the move") {
		h.Errorf("it opens: %v", err)
	}
}

// Whenever a move ends too early, the target cannot be used, and the next move
// starts over.
func TestMoveStartsOverAfterAnInterruption(t *testing.T) {
	for _, to := range []dbtest.Engine{dbtest.SQLite, dbtest.Postgres} {
		t.Run(string(to), func(t *testing.T) {
			old, fresh := newHome(t, dbtest.SQLite), newHome(t, to)
			old.furnish()
			want := old.view()
			for _, stop := range []db.MoveProgress{{Table: "api_key"}, {Table: "contact"}, {Table: "setting"}, {Table: "jobs"}, {Table: "event", Checking: true}} {
				ctx, cancel := context.WithCancel(t.Context())
				_, err := db.Move(ctx, db.MoveConfig{From: old.Config, To: fresh.Config, Progress: func(p db.MoveProgress) {
					if p.Done && p.Table == stop.Table && p.Checking == stop.Checking {
						cancel()
					}
				}})
				cancel()
				if err == nil || !strings.Contains(err.Error(), "interrupted; the target is marked as unfinished") {
					t.Errorf("stopped at %s: %v", stop.Table, err)
				}
				fresh.wantUnfinished()
			}
			if _, err := db.Move(t.Context(), db.MoveConfig{From: fresh.Config, To: newHome(t, dbtest.SQLite).Config}); err == nil || !strings.Contains(err.Error(), "repeat the move") {
				t.Errorf("half a database is a source: %v", err)
			}
			old.movesTo(fresh)
			if got := fresh.view(); !slices.Equal(got, want) {
				t.Error("it is not the same as before the interruptions")
			}
		})
	}
}

func TestMoveGoesOnlyIntoWhatIsEmpty(t *testing.T) {
	everyWay(t, func(t *testing.T, from, to dbtest.Engine) {
		old, full := newHome(t, from), newHome(t, to)
		old.furnish()
		full.furnish()
		want := full.view()
		_, err := db.Move(t.Context(), db.MoveConfig{From: old.Config, To: full.Config})
		if err == nil || !strings.Contains(err.Error(), "the target, ") || !strings.Contains(err.Error(), "it holds data already (in api_key, ") {
			t.Errorf("it says %v", err)
		}
		if got := full.view(); !slices.Equal(got, want) {
			t.Error("the full database has been changed")
		}
	})
}

func TestMoveRefusesADatabaseInUse(t *testing.T) {
	for _, engine := range []dbtest.Engine{dbtest.SQLite, dbtest.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			used := newHome(t, engine)
			used.furnish()
			used.on(func(store *db.Store) {
				if err := store.Ready(t.Context()); err != nil {
					t.Fatal(err)
				}
				_, err := db.Move(t.Context(), db.MoveConfig{From: used.Config, To: newHome(t, dbtest.SQLite).Config})
				if err == nil || !strings.Contains(err.Error(), "the source, ") || !strings.Contains(err.Error(), "stop it first") {
					t.Errorf("as the source: %v", err)
				}
				_, err = db.Move(t.Context(), db.MoveConfig{From: used.Config, To: used.Config})
				if err == nil || !strings.Contains(err.Error(), "stop it first") {
					t.Errorf("as both: %v", err)
				}
			})
		})
	}
}

func TestMoveNeedsASource(t *testing.T) {
	to := newHome(t, dbtest.SQLite).Config
	missing := filepath.Join(t.TempDir(), "missing")
	if _, err := db.Move(t.Context(), db.MoveConfig{From: db.Config{DataDir: missing}, To: to}); err == nil || !strings.Contains(err.Error(), "there is no database") {
		t.Errorf("a folder without a database: %v", err)
	}
	if _, err := os.Stat(missing); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder has been made: %v", err)
	}
	if _, err := db.Move(t.Context(), db.MoveConfig{From: db.Config{URL: dbtest.PostgresURL(t)}, To: to}); err == nil || !strings.Contains(err.Error(), "nothing of Complero's") {
		t.Errorf("an empty PostgreSQL: %v", err)
	}
}

func TestMoveNamesWhatPostgresCannotKeep(t *testing.T) {
	for value, want := range map[string]string{
		"'a' || char(0) || 'b'": "row 2 in the order of id, column name: it holds a NUL character",
		"CAST(x'ff41' AS text)": "row 2 in the order of id, column name: it is not UTF-8",
	} {
		old, fresh := newHome(t, dbtest.SQLite), newHome(t, dbtest.Postgres)
		old.on(func(store *db.Store) {
			for _, row := range []string{"'1', 'fine'", "'2', " + value} {
				if err := store.Exec(t.Context(), "INSERT INTO customer (id, name, created_at) VALUES ("+row+", '2026-05-04 10:00:00+00:00')"); err != nil {
					t.Fatal(err)
				}
			}
		})
		_, err := db.Move(t.Context(), db.MoveConfig{From: old.Config, To: fresh.Config})
		if err == nil || !strings.Contains(err.Error(), "move table customer: ") || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", value, err, want)
		}
	}
}
