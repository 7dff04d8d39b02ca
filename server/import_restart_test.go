package main_test

import (
	"bytes"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"complero/db/dbtest"
)

// PostgreSQL goes and comes back in the middle of an import, once at once and
// once after a while: the Operation waits and goes on by itself, to the same end.
func TestAnImportWaitsForTheDatabase(t *testing.T) {
	t.Parallel()
	cluster := dbtest.NewCluster(t)
	file := fileSent{text: troubled(t, true)}
	calm, tried := installOn(t, cluster), installOn(t, cluster)
	a := calm.furnished("Nordlicht")
	want := calm.imported(a, file, calm.answered(a, file))
	calm.stop()
	b := tried.furnished("Nordlicht")
	id := tried.answered(b, file)
	for _, pause := range []time.Duration{0, 3 * time.Second} {
		time.Sleep(150 * time.Millisecond)
		if err := cluster.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(pause)
		if err := cluster.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for n := 0; tried.processed(b, id) < troubledRows; n++ {
		if n > 2400 {
			t.Fatalf("the Operation does not end:\n%s", tried.log)
		}
		time.Sleep(50 * time.Millisecond)
	}
	if got := tried.imported(b, file, id); got != want {
		t.Errorf("it came to something else than without:\n%s", difference(want, got))
	}
	tried.stop()
}

// Two programs on one PostgreSQL get two files about the same Contacts at the
// same moment, and one of them is killed: each Contact is made once and synced
// once, by the later file, in one order of events.
func TestTwoServersImportTheSameContactsAtOnce(t *testing.T) {
	t.Parallel()
	one := install(t, dbtest.Postgres, "--upload-rate", "0")
	other := install(t, dbtest.SQLite, "--upload-rate", "0", "--database", one.databaseURL())
	a := one.setup("Nordlicht")
	copyFile(t, filepath.Join(one.data(), "link.key"), filepath.Join(other.data(), "link.key"))
	one.start()
	other.start()
	text, err := io.ReadAll(manyRows(t, 0, troubledRows))
	if err != nil {
		t.Fatal(err)
	}
	ids, errs := make([]string, 2), make([]error, 2)
	var both sync.WaitGroup
	for n, i := range []*installation{one, other} {
		both.Go(func() { ids[n], errs[n] = i.importFile(a.LiveKey, "kunden.csv", bytes.NewReader(text), nil) })
	}
	both.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	other.kill()
	created := 0
	for _, id := range ids {
		op := one.finish(a.LiveKey, id)
		if op.Status != "COMPLETED" || op.Created+op.Synced != troubledRows {
			t.Errorf("%+v", op)
		}
		created += op.Created
	}
	events := one.events(a.LiveKey)
	for n, e := range events {
		if e.Number != int64(n+1) {
			t.Fatalf("place %d holds event %d", n+1, e.Number)
		}
	}
	if of := kinds(events); created != troubledRows || of["CREATE"] != troubledRows || of["SYNC"] != troubledRows || reportOf(t, one, a.LiveKey).Contacts != troubledRows {
		t.Errorf("%d created, events %v", created, of)
	}
	one.stop()
}

// A server on PostgreSQL is killed in the middle of an import, and once more:
// what it was at goes on soon after, in the next process or in another that
// was there already.
func TestAnImportGoesOnSoonAfterAKill(t *testing.T) {
	const many, soon, underWay = 8 * troubledRows, 15 * time.Second, 3000
	for _, restarts := range []bool{true, false} {
		t.Run(map[bool]string{true: "in the next process", false: "in another"}[restarts], func(t *testing.T) {
			one := &killing{installation: install(t, dbtest.Postgres, "--upload-rate", "0")}
			next := &killing{installation: install(t, dbtest.SQLite, "--database", one.databaseURL())}
			a := one.setup("Nordlicht")
			copyFile(t, filepath.Join(one.data(), "link.key"), filepath.Join(next.data(), "link.key"))
			one.start()
			id, err := one.importFile(a.LiveKey, "kunden.csv", manyRows(t, 0, many), nil)
			if err != nil {
				t.Fatal(err)
			}
			goesOn(t, one, a, id, 0)
			one.kill()
			one.start()
			goesOn(t, one, a, id, one.processed(a, id)+underWay)
			if !restarts {
				next.start()
			}
			one.kill()
			killed := time.Now()
			if restarts {
				next.start()
			}
			at := next.processed(a, id)
			goesOn(t, next, a, id, at+underWay)
			took := time.Since(killed)
			t.Logf("killed at %d rows, it went on within %s", at, took)
			if at >= many || took > soon {
				t.Errorf("killed at %d rows, it goes on %s later", at, took)
			}
			if op := next.finish(a.LiveKey, id); op.Status != "COMPLETED" || op.Created != many {
				t.Errorf("%+v", op)
			}
			next.stop()
		})
	}
}

// goesOn waits until more than so many rows of an import are worked off.
func goesOn(t *testing.T, k *killing, a account, id string, rows int) {
	t.Helper()
	for until := time.Now().Add(2 * time.Minute); k.processed(a, id) <= rows; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatalf("it does not go on:\n%s", k.log)
		}
	}
}

// installOn makes an installation on a cluster of the test's own, and starts it.
func installOn(t *testing.T, cluster *dbtest.Cluster) *killing {
	t.Helper()
	k := &killing{installation: install(t, dbtest.SQLite, "--upload-rate", "0")}
	k.settings = slices.Concat(k.settings[:2], []string{"--database", cluster.NewDatabase(t, "")}, k.settings[2:])
	k.start()
	return k
}
