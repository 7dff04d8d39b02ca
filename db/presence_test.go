package db_test

import (
	"fmt"
	"testing"
	"time"

	"complero/db"
	"complero/db/dbtest"
)

// runningJob makes a job that somebody is at, since some time.
func runningJob(t *testing.T, store *db.Store, by string, since time.Duration) {
	t.Helper()
	store.Run(t.Context(), fmt.Sprintf(`INSERT INTO river_job (kind, args, max_attempts, state, attempt, attempted_at, attempted_by)
		VALUES ('%[1]s', '{}', 25, 'running', 1, now() - interval '%[2]d seconds', ARRAY['complero-00000000', '%[1]s'])`, by, int(since.Seconds())))
}

func TestJobsOfProcessesThatAreGoneAreReleased(t *testing.T) {
	c := dbtest.Config(t, dbtest.Postgres)
	open := func() (*db.Store, *db.Presence) {
		store, err := db.Open(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		return store, store.Presence()
	}
	one, mine := open()
	defer one.Close()
	two, theirs := open()
	defer two.Close()
	states := func() string {
		t.Helper()
		if err := mine.Keep(t.Context()); err != nil {
			t.Fatal(err)
		}
		list, err := one.JobStates(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	if err := theirs.Keep(t.Context()); err != nil {
		t.Fatal(err)
	}
	runningJob(t, one, mine.Name(), time.Minute)
	runningJob(t, one, theirs.Name(), time.Minute)
	runningJob(t, one, theirs.Name(), 0)
	runningJob(t, one, "another-program", time.Minute)
	if got, want := states(), "running running running running"; got != want {
		t.Errorf("while both live, the jobs are %s", got)
	}
	one.EndPresences(t.Context()) // as by a kill
	want := "running available running running"
	if got := states(); got != want {
		t.Errorf("when one is gone, the jobs are %s, want %s", got, want)
	}
}

// A process that has lost its connection shows again that it lives.
func TestAPresenceComesBackAfterItsConnectionIsLost(t *testing.T) {
	store := dbtest.Open(t, dbtest.Postgres)
	presence := store.Presence()
	keep := func() {
		t.Helper()
		if err := presence.Keep(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	keep()
	runningJob(t, store, presence.Name(), time.Minute)
	store.EndPresences(t.Context())
	keep()
	if n := store.Presences(t.Context()); n != 1 {
		t.Errorf("%d processes are present", n)
	}
	if list, err := store.JobStates(t.Context()); err != nil || list != "running" {
		t.Errorf("its job is %s, %v", list, err)
	}
	if err := presence.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := store.Presences(t.Context()); n != 0 {
		t.Errorf("after its end %d processes are present", n)
	}
}
