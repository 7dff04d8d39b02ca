package db_test

import (
	"testing"
	"time"

	"github.com/riverqueue/river/riverdriver"

	"complero/db"
	"complero/db/dbtest"
)

// A server that was killed leaves its lead behind, which runs out.
func TestAStoreIsAttendedAsLongAsALeadLasts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		leaders := store.Driver().GetExecutor()
		for _, test := range []struct {
			name  string
			lasts time.Duration // from now
			want  bool
		}{{"a running server", 15 * time.Second, true}, {"one killed a while ago", -time.Millisecond, false}, {"one killed yesterday", -24 * time.Hour, false}} {
			now := time.Now().UTC()
			until := now.Add(test.lasts)
			lead, err := leaders.LeaderInsert(t.Context(), &riverdriver.LeaderInsertParams{ElectedAt: &now, ExpiresAt: &until, LeaderID: "server", TTL: time.Minute})
			if err != nil {
				t.Fatal(err)
			}
			if got, err := store.Attended(t.Context()); got != test.want || err != nil {
				t.Errorf("%s: attended %t, %v", test.name, got, err)
			}
			if _, err := leaders.LeaderResign(t.Context(), &riverdriver.LeaderResignParams{ElectedAt: lead.ElectedAt, LeaderID: lead.LeaderID}); err != nil {
				t.Fatal(err)
			}
			if got, err := store.Attended(t.Context()); got || err != nil {
				t.Errorf("%s, resigned: attended %t, %v", test.name, got, err)
			}
		}
	})
}
