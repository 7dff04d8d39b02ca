package db_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"complero/db"
	"complero/db/dbtest"
)

// everyWay runs a test from each engine to each.
func everyWay(t *testing.T, run func(t *testing.T, from, to dbtest.Engine)) {
	t.Helper()
	for _, from := range []dbtest.Engine{dbtest.SQLite, dbtest.Postgres} {
		for _, to := range []dbtest.Engine{dbtest.SQLite, dbtest.Postgres} {
			t.Run(fmt.Sprintf("%s to %s", from, to), func(t *testing.T) { run(t, from, to) })
		}
	}
}

// movesTo moves to another home, which must work.
func (h *home) movesTo(to *home) *db.Moved {
	h.Helper()
	moved, err := db.Move(h.Context(), db.MoveConfig{From: h.Config, To: to.Config})
	if err != nil {
		h.Fatal(err)
	}
	to.live, to.test = h.live, h.test
	return moved
}

func TestMoveKeepsAllThatTheAPIReads(t *testing.T) {
	everyWay(t, func(t *testing.T, from, to dbtest.Engine) {
		old, fresh := newHome(t, from), newHome(t, to)
		old.furnish()
		want := old.view()
		moved := old.movesTo(fresh)
		got := fresh.view()
		if len(got) != len(want) {
			t.Fatalf("%d answers, before it were %d", len(got), len(want))
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("after the move\n%s\nbefore it\n%s", got[i], want[i])
			}
		}
		if moved.Jobs == 0 || moved.Rows < 100 || moved.Tables < 25 {
			t.Errorf("%+v", moved)
		}
	})
}

// The moved database is one to work on: what waited is worked off, what is new
// gets numbers and ids behind those that moved.
func TestMoveLetsTheWorkGoOn(t *testing.T) {
	everyWay(t, func(t *testing.T, from, to dbtest.Engine) {
		old, fresh := newHome(t, from), newHome(t, to)
		old.furnish()
		old.movesTo(fresh)
		fresh.on(func(store *db.Store) {
			live, err := store.Authenticate(t.Context(), fresh.live)
			if err != nil {
				t.Fatal(err)
			}
			waiting, err := store.Unworked(t.Context())
			if err != nil || len(waiting) != 2 {
				t.Fatalf("%d Operations wait, %v", len(waiting), err)
			}
			for _, w := range waiting {
				system, err := store.Work(t.Context(), w.TenantRef)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := system.WorkOperation(t.Context(), w.OperationID); err != nil {
					t.Fatal(err)
				}
			}
			upload(t, store, live, `{"externalId": "K-6", "familyName": "New"}`)
			list := events(t, live)
			for i, e := range list {
				if !strings.HasPrefix(e, fmt.Sprintf("%d ", i+1)) {
					t.Errorf("place %d holds event %s", i+1, e)
				}
			}
			if last := list[len(list)-2:]; !strings.HasSuffix(last[0], "CREATE K-5") || !strings.HasSuffix(last[1], "CREATE K-6") {
				t.Errorf("the last events are %q", last)
			}
			account(t, store, "Südlicht") // gets a key behind the moved one
		})
	})
}

// Every table of ours has rows, found another way than a move finds tables:
// none can be forgotten.
func TestMoveForgetsNoTable(t *testing.T) {
	everyWay(t, func(t *testing.T, from, to dbtest.Engine) {
		const rows = 3
		old, fresh := newHome(t, from), newHome(t, to)
		counts := map[string]int{}
		old.on(func(store *db.Store) {
			if err := store.FillTables(t.Context(), rows); err != nil {
				t.Fatal(err)
			}
			for _, table := range store.OwnTables(t.Context()) {
				n, err := store.Count(t.Context(), table)
				if err != nil || n < rows {
					t.Fatalf("%s holds %d rows, %v", table, n, err)
				}
				counts[table] = n
			}
		})
		moved := old.movesTo(fresh)
		if moved.Tables != len(counts) {
			t.Errorf("%d of %d tables were moved", moved.Tables, len(counts))
		}
		fresh.on(func(store *db.Store) {
			for table, want := range counts {
				if n, err := store.Count(t.Context(), table); err != nil || n != want {
					t.Errorf("%s holds %d rows, want %d (%v)", table, n, want, err)
				}
			}
		})
	})
}

// To the other engine and back, every value is as it was, to the byte.
func TestMoveThereAndBackChangesNoByte(t *testing.T) {
	old, between, back := newHome(t, dbtest.SQLite), newHome(t, dbtest.Postgres), newHome(t, dbtest.SQLite)
	old.furnish()
	raw := func(h *home) map[string][]string {
		all := map[string][]string{}
		h.on(func(store *db.Store) {
			for _, table := range append(store.OwnTables(t.Context()), "sqlite_sequence") {
				var err error
				if all[table], err = store.Raw(t.Context(), table); err != nil {
					t.Fatal(err)
				}
			}
		})
		return all
	}
	old.on(func(store *db.Store) {
		if err := store.FillTables(t.Context(), 3); err != nil {
			t.Fatal(err)
		}
	})
	want := raw(old)
	old.movesTo(between)
	between.movesTo(back)
	got := raw(back)
	for table := range want {
		slices.Sort(want[table])
		slices.Sort(got[table])
		for i, row := range want[table] {
			if i >= len(got[table]) || got[table][i] != row {
				t.Errorf("%s: row %d was\n%s\nand is\n%s", table, i, row, strings.Join(got[table][min(i, len(got[table])):min(i+1, len(got[table]))], ""))
				break
			}
		}
	}
}

// A table that nobody has heard of moves as well, and a counter goes on where
// it was, not where the last row is.
func TestMoveTakesTablesAndCountersOfTomorrow(t *testing.T) {
	spell := map[dbtest.Engine]string{
		dbtest.SQLite:   "CREATE TABLE tomorrow (id integer PRIMARY KEY AUTOINCREMENT, part double precision, of bigint REFERENCES tomorrow (id))",
		dbtest.Postgres: "CREATE TABLE tomorrow (of bigint REFERENCES tomorrow (id), id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, part double precision)",
	}
	everyWay(t, func(t *testing.T, from, to dbtest.Engine) {
		old, fresh := newHome(t, from), newHome(t, to)
		run := func(h *home, statements ...string) {
			h.on(func(store *db.Store) {
				for _, s := range statements {
					if err := store.Exec(t.Context(), s); err != nil {
						t.Fatalf("%s: %v", s, err)
					}
				}
			})
		}
		run(old, spell[from], "INSERT INTO tomorrow (part) VALUES (0.1), (NULL), (1e300)", "UPDATE tomorrow SET of = 2 WHERE id = 1", "DELETE FROM tomorrow WHERE id = 3")
		if _, err := db.Move(t.Context(), db.MoveConfig{From: old.Config, To: fresh.Config}); err == nil || !strings.Contains(err.Error(), "the source has a table tomorrow") {
			t.Errorf("a table that only one of them has: %v", err)
		}
		run(fresh, spell[to])
		old.movesTo(fresh)
		run(fresh, "INSERT INTO tomorrow (part) VALUES (4)")
		fresh.on(func(store *db.Store) {
			if rows := store.Dump(t.Context(), "tomorrow WHERE id = 4 AND part = 4"); len(rows) != 1 {
				t.Errorf("the next row is none of id 4: %q", store.Dump(t.Context(), "tomorrow"))
			}
			if rows := store.Dump(t.Context(), "tomorrow WHERE id = 1 AND of = 2 AND part = 0.1"); len(rows) != 1 {
				t.Errorf("the row that refers to a later one: %q", store.Dump(t.Context(), "tomorrow"))
			}
		})
	})
}

func TestMoveMakesTheMonthsOfItsDeliveries(t *testing.T) {
	old, fresh := newHome(t, dbtest.SQLite), newHome(t, dbtest.Postgres)
	old.on(func(store *db.Store) {
		for _, month := range []int{-14, 0, 7} {
			id := db.IDAt("delivery", time.Now().AddDate(0, month, 0))
			if err := store.Exec(t.Context(), "INSERT INTO delivery VALUES (1, 1, $1, 'request', 'EMAIL', 'SENT', 1, $2, $2, NULL)", id, time.Now()); err != nil {
				t.Fatal(err)
			}
		}
	})
	old.movesTo(fresh)
	fresh.on(func(store *db.Store) {
		all, err := store.Count(t.Context(), "delivery")
		rest, restErr := store.Count(t.Context(), "delivery_default")
		if err != nil || restErr != nil || all != 3 || rest != 0 {
			t.Errorf("%d Deliveries, %d of them in no month (%v, %v)", all, rest, err, restErr)
		}
	})
}

func TestIDTimeReadsWhenAnIDWasMade(t *testing.T) {
	before := time.Now().Truncate(time.Millisecond)
	at, known := db.IDTime(db.NewID("delivery"))
	if !known || at.Before(before) || at.After(time.Now()) {
		t.Errorf("%s, made after %s (%t)", at, before, known)
	}
	for _, id := range []string{"", "delivery_", "delivery_short", `{"b": 1}`, "delivery_????????????????????????"} {
		if _, known := db.IDTime(id); known {
			t.Errorf("%q has a time", id)
		}
	}
}

// A job keeps its queue, its arguments and the time at which it is due.
func TestMoveKeepsJobsThatAreDueLater(t *testing.T) {
	everyWay(t, func(t *testing.T, from, to dbtest.Engine) {
		old, fresh := newHome(t, from), newHome(t, to)
		jobs := func(h *home) (list []string) {
			h.on(func(store *db.Store) {
				var err error
				if list, err = store.Jobs(t.Context()); err != nil {
					t.Fatal(err)
				}
			})
			return list
		}
		old.furnish()
		old.on(func(store *db.Store) {
			if err := store.InsertJobAt(t.Context(), time.Now().Add(time.Hour)); err != nil {
				t.Fatal(err)
			}
		})
		want := jobs(old)
		old.movesTo(fresh)
		if got := jobs(fresh); len(want) < 3 || !slices.Equal(got, want) {
			t.Errorf("jobs %q, before the move %q", got, want)
		}
	})
}

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
