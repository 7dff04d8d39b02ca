package main_test

import (
	"slices"
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

// installOn makes an installation on a cluster of the test's own, and starts it.
func installOn(t *testing.T, cluster *dbtest.Cluster) *killing {
	t.Helper()
	k := &killing{installation: install(t, dbtest.SQLite, "--upload-rate", "0")}
	k.settings = slices.Concat(k.settings[:2], []string{"--database", cluster.NewDatabase(t, "")}, k.settings[2:])
	k.start()
	return k
}
