package db_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"complero/db"
	"complero/db/dbtest"
)

// follow reads events by cursor until it has met n of them or ctx ends, and
// returns their numbers in the order in which it met them.
func follow(ctx context.Context, t *testing.T, tenant *db.Tenant, n int) []int64 {
	t.Helper()
	var numbers []int64
	var after *string
	for len(numbers) < n && ctx.Err() == nil {
		page, err := tenant.Events(ctx, db.Page{First: ptr(17), After: after}, db.EventFilter{})
		if err != nil {
			t.Error(err)
			return numbers
		}
		for _, e := range page.Nodes {
			numbers = append(numbers, e.Number)
		}
		if page.PageInfo.EndCursor != nil {
			after = page.PageInfo.EndCursor
		}
	}
	return numbers
}

func TestACursorReaderMeetsEveryEventOnceWhileEightWrite(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		live, _ := account(t, store, "Nordlicht")
		other, _ := account(t, store, "Südwind")
		const writers, rounds = 8, 25
		for w := range writers {
			upload(t, store, live, fmt.Sprintf(`{"externalId":"K-%d"}`, w))
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		read := make(chan []int64)
		const total = writers + writers*rounds*2
		go func() { read <- follow(ctx, t, live, total) }()
		var wait sync.WaitGroup
		for w := range writers {
			wait.Go(func() {
				for range rounds {
					stop := db.ContactStop{ExternalID: fmt.Sprintf("K-%d", w)}
					if _, err := live.StopContact(ctx, stop); err != nil {
						t.Error(err)
					}
					if _, err := live.ResumeContact(ctx, stop); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wait.Go(func() { upload(t, store, other, `{"externalId":"K-1"}`) })
		wait.Wait()
		numbers := <-read
		if len(numbers) != total {
			t.Fatalf("the reader met %d of %d events", len(numbers), total)
		}
		for i, n := range numbers {
			if n != int64(i+1) {
				t.Fatalf("place %d holds event %d: the numbers have a gap, a repetition or another order", i+1, n)
			}
		}
		if got := events(t, other); !slices.Equal(got, []string{"1 CREATE K-1"}) {
			t.Errorf("the other Company's numbers: %q", got)
		}
	})
}

// The schedule by which a bare sequence loses an event: the first writer
// takes a number and is slow to commit, the second takes the next and commits,
// and a reader that goes on behind the second never comes back for the first.
func TestABareSequenceWouldSkipEvents(t *testing.T) {
	store := dbtest.Open(t, dbtest.Postgres)
	lost, err := store.BareSequenceLoses(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !lost {
		t.Fatal("a bare sequence lost nothing: then the schedule of these tests proves nothing")
	}
	live, _ := account(t, store, "Nordlicht")
	upload(t, store, live, `{"externalId":"K-1"}`, `{"externalId":"K-2"}`)
	var secondCommitted atomic.Bool
	var second sync.WaitGroup
	err = store.WithEventUncommitted(t.Context(), live, func() {
		second.Go(func() {
			if _, err := live.StopContact(t.Context(), db.ContactStop{ExternalID: "K-2"}); err != nil {
				t.Error(err)
			}
			secondCommitted.Store(true)
		})
		time.Sleep(200 * time.Millisecond)
		if secondCommitted.Load() {
			t.Error("the second writer committed a higher number before the first")
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	second.Wait()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if got := follow(ctx, t, live, 4); !slices.Equal(got, []int64{1, 2, 3, 4}) {
		t.Errorf("the reader met %v", got)
	}
}

func TestEventsCanBeFilteredAndReadBackwards(t *testing.T) {
	each(t, func(t *testing.T, store *db.Store) {
		live, test := account(t, store, "Nordlicht")
		upload(t, store, live, `{"externalId":"K-1"}`, `{"externalId":"K-2"}`, `{"externalId":"K-3"}`)
		upload(t, store, live, `{"externalId":"K-1"}`, `{"externalId":"K-2"}`)
		numbers := func(p db.Page, f db.EventFilter) (list []int64, c *db.Connection[*db.Event]) {
			c, err := live.Events(t.Context(), p, f)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range c.Nodes {
				list = append(list, e.Number)
			}
			return list, c
		}
		if got, c := numbers(db.Page{Last: ptr(2)}, db.EventFilter{}); !slices.Equal(got, []int64{4, 5}) || !c.PageInfo.HasPreviousPage || c.PageInfo.HasNextPage {
			t.Errorf("last 2: %v %+v", got, c.PageInfo)
		}
		_, all := numbers(db.Page{}, db.EventFilter{})
		if got, c := numbers(db.Page{Last: ptr(2), Before: &all.Cursors[3]}, db.EventFilter{}); !slices.Equal(got, []int64{2, 3}) || !c.PageInfo.HasNextPage {
			t.Errorf("last 2 before 4: %v %+v", got, c.PageInfo)
		}
		if got, _ := numbers(db.Page{}, db.EventFilter{Kinds: []db.EventKind{db.SyncEvent}}); !slices.Equal(got, []int64{4, 5}) {
			t.Errorf("SYNC: %v", got)
		}
		moved, err := live.Acknowledge(t.Context(), db.Acknowledgement{Consumer: "crm", Through: all.Nodes[2].ID})
		if err != nil || moved != 3 {
			t.Errorf("acknowledged %d, %v", moved, err)
		}
		if got, c := numbers(db.Page{}, db.EventFilter{Consumer: ptr("crm")}); !slices.Equal(got, []int64{4, 5}) {
			t.Errorf("after the mark: %v %+v", got, c)
		}
		if moved, err := live.Acknowledge(t.Context(), db.Acknowledgement{Consumer: "crm", Through: all.Nodes[0].ID}); err != nil || moved != 0 {
			t.Errorf("a mark went back: %d, %v", moved, err)
		}
		if _, err := test.Acknowledge(t.Context(), db.Acknowledgement{Consumer: "crm", Through: all.Nodes[0].ID}); db.CodeOf(err) != db.NotFoundCode {
			t.Errorf("test mode acknowledged a live event: %v", err)
		}
		if e, err := test.EventByID(t.Context(), all.Nodes[0].ID); err != nil || e != nil {
			t.Errorf("test mode reads a live event: %v, %v", e, err)
		}
		for _, p := range []db.Page{{First: ptr(0)}, {First: ptr(1001)}, {Last: ptr(-1)}, {First: ptr(1), Last: ptr(1)}} {
			if _, err := live.Events(t.Context(), p, db.EventFilter{}); db.CodeOf(err) != db.BadPageSize {
				t.Errorf("page %+v: %v", p, err)
			}
		}
		for _, c := range []string{"", "nonsense", "bnVsbA", "W10"} {
			if _, err := live.Events(t.Context(), db.Page{After: &c}, db.EventFilter{}); db.CodeOf(err) != db.BadCursor {
				t.Errorf("cursor %q: %v", c, err)
			}
		}
	})
}
