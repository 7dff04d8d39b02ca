package db_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"complero/db"
)

// manyAsked makes n more Contacts in live mode, M-0, M-1 …, and a Request for each.
func (a *asker) manyAsked(n int) []*db.Request {
	a.Helper()
	var items, ids []string
	for i := range n {
		ids = append(ids, fmt.Sprintf("M-%d", i))
		items = append(items, fmt.Sprintf(`{"externalId": "M-%d", "employee": "V-1", "emails": [{"address": "m%d@example.net"}]}`, i, i))
	}
	upload(a.T, a.store, a.live, items...)
	return a.ask(a.live, ids...)
}

func sentOutcomes(claimed []*db.Outgoing) []db.DeliveryOutcome {
	outcomes := make([]db.DeliveryOutcome, len(claimed))
	for i, o := range claimed {
		outcomes[i] = db.DeliveryOutcome{DeliveryID: o.DeliveryID, RequestID: o.RequestID, EmailID: o.To.ID, Status: db.DeliverySent, Plain: o.Plain}
	}
	return outcomes
}

func TestBatchesAreRecordedOnceEachByManyAtATime(t *testing.T) {
	withAsker(t, func(a *asker) {
		const n = 200
		requests := a.manyAsked(n)
		before := a.count(a.live)
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				system := a.system(a.live)
				for {
					claimed, err := system.ClaimDeliveries(a.Context(), 7)
					if err != nil || len(claimed) == 0 {
						if err != nil {
							a.Error(err)
						}
						return
					}
					for range 2 { // the second time changes nothing
						if err := system.RecordDeliveries(a.Context(), sentOutcomes(claimed)); err != nil {
							a.Error(err)
						}
					}
				}
			})
		}
		all.Wait()
		events, err := a.live.Events(a.Context(), db.Page{First: ptr(1000)}, db.EventFilter{})
		if err != nil || len(events.Nodes) != before+n {
			a.Fatalf("%d events, want %d: %v", len(events.Nodes), before+n, err)
		}
		sent := map[string]bool{}
		for i, e := range events.Nodes {
			if e.Number != int64(i+1) {
				a.Fatalf("event %d has the number %d", i+1, e.Number)
			}
			if i < before {
				continue
			}
			if e.Kind != db.RequestSentEvent || sent[e.RequestID] || e.ContactExternalID == nil || e.EmployeeID == "" ||
				e.Channel == nil || *e.Channel != db.Email || !e.OccurredAt.Equal(a.now()) {
				a.Fatalf("%+v", e)
			}
			sent[e.RequestID] = true
		}
		for _, r := range requests {
			if got := a.request(a.live, r); got.Status != db.RequestSent || !sent[r.ID] {
				a.Fatalf("%+v", got)
			}
		}
	})
}

// TestOneThatWasCancelledMeanwhileDoesNotHoldUpItsBatch: the message was under
// way when its Request ended.
func TestOneThatWasCancelledMeanwhileDoesNotHoldUpItsBatch(t *testing.T) {
	withAsker(t, func(a *asker) {
		a.manyAsked(5)
		claimed := a.claim(a.live)
		if _, err := a.live.CancelRequest(a.Context(), claimed[2].RequestID); err != nil {
			a.Fatal(err)
		}
		before := a.count(a.live)
		a.record(a.live, sentOutcomes(claimed)...)
		want := []string{"REQUEST_SENT", "REQUEST_SENT", "REQUEST_SENT", "REQUEST_SENT", "REQUEST_SENT"}
		a.wantSince(a.live, before, want...) // also that of the message which went out all the same
		for i, o := range claimed {
			want := db.RequestSent
			if i == 2 {
				want = db.RequestCancelled
			}
			if got := a.request(a.live, o.Request); got.Status != want {
				a.Errorf("Request %d is %s", i, got.Status)
			}
		}
	})
}

// TestClaimComesBackToWhatWasPutOff: a claim goes on behind the last one, but
// forgets nothing.
func TestClaimComesBackToWhatWasPutOff(t *testing.T) {
	withAsker(t, func(a *asker) {
		a.manyAsked(55)
		first := a.claim(a.live)
		if len(first) != 50 {
			a.Fatalf("%d claimed", len(first))
		}
		back := first[7]
		a.record(a.live, db.DeliveryOutcome{DeliveryID: back.DeliveryID, RequestID: back.RequestID, Status: db.DeliveryQueued})
		second := a.claim(a.live)
		if len(second) != 6 || second[0].DeliveryID != back.DeliveryID {
			a.Fatalf("%d claimed, the first %+v", len(second), second[0])
		}
		a.pass(2 * time.Minute) // nothing of it was recorded
		if again := a.claim(a.live); len(again) != 50 {
			a.Errorf("%d claimed again", len(again))
		}
	})
}
