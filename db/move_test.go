package db_test

import (
	"fmt"
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
				// River counts its own rows, which do not move, and counts on.
				all[table] = slices.DeleteFunc(all[table], func(row string) bool { return strings.Contains(row, "'river_") })
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
