package db_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"complero/db"
	"complero/db/profile"
)

func TestClaimGivesAllThatAMessageNeeds(t *testing.T) {
	withAsker(t, func(a *asker) {
		r := a.ask(a.live, "K-1", "K-2")[0]
		claimed := a.claim(a.live)
		if len(claimed) != 1 {
			a.Fatalf("%d claimed", len(claimed))
		}
		o := claimed[0]
		if o.RequestID != r.ID || o.Request.ID != r.ID || o.Contact.ID != r.ContactID || o.ContactID != r.ContactID ||
			o.Employee == nil || o.Employee.DisplayName != "Defne Kupfer" || o.To.Address != "juliane@example.net" ||
			o.Link != *a.live.RequestLink(r) || o.StopLink != o.Link+"/stop" || o.MessageID != o.DeliveryID+"@example.com" {
			a.Errorf("%+v", o)
		}
		if again := a.claim(a.live); len(again) != 0 {
			a.Errorf("claimed twice: %+v", again[0])
		}
		if _, err := a.live.ClaimDeliveries(a.Context(), 1); db.CodeOf(err) != db.Forbidden {
			a.Errorf("an API key claims: %v", err)
		}
	})
}

func TestRecordedAsSent(t *testing.T) {
	withAsker(t, func(a *asker) {
		r, before := a.ask(a.live, "K-1")[0], a.count(a.live)
		o := a.claim(a.live)[0]
		a.pass(time.Second)
		for range 2 {
			a.record(a.live, db.DeliveryOutcome{DeliveryID: o.DeliveryID, RequestID: r.ID, Status: db.DeliverySent, Detail: "250 OK", Plain: o.Plain})
		}
		a.wantSince(a.live, before, "REQUEST_SENT")
		got := a.request(a.live, r)
		if got.Status != db.RequestSent || got.SentAt == nil || !got.SentAt.Equal(a.now()) || got.Channel == nil || *got.Channel != db.Email {
			a.Errorf("%+v", got)
		}
		if got := a.deliveries(a.live, r); got != "SENT 1 250 OK" {
			a.Errorf("Deliveries %s", got)
		}
		if got := a.report(a.live, db.ReportFilter{}); got != "1 0 0 0 0 0 0.00" {
			a.Errorf("report %s", got)
		}
		if _, some, err := a.system(a.live).DueDeliveries(a.Context()); err != nil || some {
			a.Errorf("still due: %v, %v", some, err)
		}
	})
}

func TestBouncedAddressIsNotUsedAgain(t *testing.T) {
	withAsker(t, func(a *asker) {
		r, before := a.ask(a.live, "K-1")[0], a.count(a.live)
		o := a.claim(a.live)[0]
		for range 2 {
			a.record(a.live, db.DeliveryOutcome{DeliveryID: o.DeliveryID, RequestID: r.ID, EmailID: o.To.ID, Status: db.DeliveryFailed, Detail: "550 no such user"})
		}
		a.wantSince(a.live, before, "REQUEST_FAILED BOUNCED")
		if got := a.request(a.live, r); got.Status != db.RequestFailed || *got.Reason != db.ReasonBounced {
			a.Errorf("%+v", got)
		}
		if got := contact(a.T, a.live, "K-1").Emails()[0].Health; got != profile.HealthFailed {
			a.Errorf("the address is %s", got)
		}
		if got := a.report(a.live, db.ReportFilter{}); got != "1 0 1 0 0 0 -" {
			a.Errorf("report %s", got)
		}
		if got := a.ask(a.live, "K-1")[0]; got.Status != db.RequestSuppressed || *got.Reason != db.ReasonNoAddress {
			a.Errorf("a new Request is %s", got.Status)
		}
	})
}

func TestTemporaryFailureIsTriedAgain(t *testing.T) {
	withAsker(t, func(a *asker) {
		r, before := a.ask(a.live, "K-1")[0], a.count(a.live)
		pauses := []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 8 * time.Hour}
		for i := range 6 {
			claimed := a.claim(a.live)
			if len(claimed) != 1 {
				a.Fatalf("try %d: %d claimed", i+1, len(claimed))
			}
			o := claimed[0]
			a.record(a.live, db.DeliveryOutcome{DeliveryID: o.DeliveryID, RequestID: r.ID, EmailID: o.To.ID, Status: db.DeliveryQueued, Detail: "451 later"})
			next, some, err := a.system(a.live).DueDeliveries(a.Context())
			if err != nil || some != (i < len(pauses)) || some && !next.Equal(a.now().Add(pauses[i])) {
				a.Fatalf("try %d: due %v %s, %v", i+1, some, next, err)
			}
			if i == 0 {
				if again := a.claim(a.live); len(again) > 0 {
					a.Error("claimed before its time")
				}
			}
			a.pass(next.Sub(a.now()))
		}
		a.wantSince(a.live, before, "REQUEST_FAILED UNREACHABLE")
		if got := a.deliveries(a.live, r); got != "FAILED 6 451 later" {
			a.Errorf("Deliveries %s", got)
		}
		if got := contact(a.T, a.live, "K-1").Emails()[0].Health; got == profile.HealthFailed {
			a.Error("the address is taken for one that fails")
		}
	})
}

func TestReleasedClaimIsDueAtOnce(t *testing.T) {
	withAsker(t, func(a *asker) {
		a.ask(a.live, "K-1")
		first := a.claim(a.live)[0]
		a.record(a.live, db.DeliveryOutcome{DeliveryID: first.DeliveryID, RequestID: first.RequestID, Status: db.DeliveryQueued})
		if got := a.deliveries(a.live, first.Request); got != "QUEUED 0" {
			a.Errorf("Deliveries %s", got)
		}
		if again := a.claim(a.live); len(again) != 1 {
			a.Errorf("%d claimed", len(again))
		}
	})
}

// TestLostClaimComesBack: a process is killed between claim and record.
func TestLostClaimComesBack(t *testing.T) {
	withAsker(t, func(a *asker) {
		a.ask(a.live, "K-1")
		first := a.claim(a.live)[0]
		a.pass(80 * time.Second)
		if early := a.claim(a.live); len(early) > 0 {
			a.Error("claimed while the lease holds")
		}
		a.pass(10 * time.Second)
		refs, err := a.store.DeliveriesDue(a.Context())
		if err != nil || len(refs) != 1 || refs[0] != (db.TenantRef{CompanyID: a.live.Company.ID, Mode: db.Live}) {
			a.Errorf("due are %v, %v", refs, err)
		}
		second := a.claim(a.live)
		if len(second) != 1 || second[0].MessageID != first.MessageID {
			a.Fatalf("%+v", second)
		}
		if err := a.store.ReleaseClaims(a.Context()); err != nil {
			a.Fatal(err)
		}
		if again := a.claim(a.live); (len(again) == 1) != a.store.OneProcess() {
			a.Errorf("%d claimed after a restart", len(again))
		}
	})
}

func TestNobodyIsWrittenToWhoNeedNotBe(t *testing.T) {
	tests := []struct {
		name   string
		do     func(a *asker, r *db.Request)
		want   string
		events []string
	}{
		{"stopped", func(a *asker, _ *db.Request) {
			if _, err := a.live.StopContact(a.Context(), db.ContactStop{ExternalID: "K-1"}); err != nil {
				a.Error(err)
			}
		}, "SUPPRESSED", []string{"STOP", "REQUEST_SUPPRESSED STOPPED"}},
		{"without an address", func(a *asker, _ *db.Request) {
			upload(a.T, a.store, a.live, `{"externalId": "K-1", "emails": []}`)
		}, "SUPPRESSED", []string{"SYNC", "REQUEST_SUPPRESSED NO_ADDRESS"}},
		{
			"answered", func(a *asker, r *db.Request) { a.answer(a.live, r, db.Answer{Confirm: true}) },
			"CONFIRMED",
			[]string{"REQUEST_DELIVERED", "CONFIRM"},
		},
		{"expired", func(a *asker, _ *db.Request) { a.pass(90 * 24 * time.Hour) }, "PENDING", []string{}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			withAsker(t, func(a *asker) {
				r, before := a.ask(a.live, "K-1")[0], a.count(a.live)
				test.do(a, r)
				if got := len(a.claim(a.live)); got != 0 {
					a.Errorf("%d claimed", got)
				}
				if got := a.request(a.live, r).Status; string(got) != test.want {
					a.Errorf("the Request is %s, want %s", got, test.want)
				}
				a.wantSince(a.live, before, test.events...)
				if got := a.deliveries(a.live, r); strings.HasPrefix(got, "QUEUED") {
					a.Errorf("Deliveries %s", got)
				}
			})
		})
	}
}

// TestWhatHappensUnderWay: the message is with the Channel while the Request
// is answered or cancelled.
func TestWhatHappensUnderWay(t *testing.T) {
	withAsker(t, func(a *asker) {
		answered, cancelled := a.ask(a.live, "K-1")[0], a.ask(a.live, "K-1")[0]
		before := a.count(a.live)
		var outcomes []db.DeliveryOutcome
		for _, o := range a.claim(a.live) {
			outcomes = append(outcomes, db.DeliveryOutcome{DeliveryID: o.DeliveryID, RequestID: o.RequestID, Status: db.DeliverySent, Plain: o.Plain})
		}
		a.answer(a.live, answered, db.Answer{Confirm: true})
		if _, err := a.live.CancelRequest(a.Context(), cancelled.ID); err != nil {
			a.Fatal(err)
		}
		a.record(a.live, outcomes...)
		a.wantSince(a.live, before, "REQUEST_DELIVERED", "CONFIRM", "REQUEST_CANCELLED", "REQUEST_SENT")
		if got := a.deliveries(a.live, answered) + " " + a.deliveries(a.live, cancelled); got != "DELIVERED 1 SENT 1" {
			a.Errorf("Deliveries %s", got)
		}
		if got := a.request(a.live, cancelled); got.Status != db.RequestCancelled || got.SentAt == nil {
			a.Errorf("the cancelled one: %+v", got)
		}
		if got := a.report(a.live, db.ReportFilter{}); got != "2 1 0 0 1 0 0.50" {
			a.Errorf("report %s", got)
		}
	})
}

func TestClaimsAtOnceShareNothing(t *testing.T) {
	withAsker(t, func(a *asker) {
		var items, ids []string
		for i := range 200 {
			id := fmt.Sprintf("M-%d", i)
			ids = append(ids, id)
			items = append(items, fmt.Sprintf(`{"externalId": %q, "emails": [{"address": "m%d@example.net"}]}`, id, i))
		}
		upload(a.T, a.store, a.live, items...)
		a.ask(a.live, ids...)
		var mu sync.Mutex
		var claimed []string
		var group sync.WaitGroup
		for range 4 {
			system := a.system(a.live)
			group.Go(func() {
				for empty := 0; empty < 3; {
					got, err := system.ClaimDeliveries(a.Context(), 30)
					if err != nil {
						a.Error(err)
						return
					}
					if len(got) == 0 {
						empty++ // others may hold what is left at this moment
					}
					mu.Lock()
					for _, o := range got {
						claimed = append(claimed, o.DeliveryID)
					}
					mu.Unlock()
				}
			})
		}
		group.Wait()
		slices.Sort(claimed)
		if all, once := len(claimed), len(slices.Compact(claimed)); all != 200 || once != 200 {
			a.Errorf("%d claims of %d Deliveries", all, once)
		}
	})
}

func TestExpireEndsWhatNobodyAnswered(t *testing.T) {
	withAsker(t, func(a *asker) {
		pending, answered, sent := a.ask(a.live, "K-1")[0], a.ask(a.live, "K-1")[0], a.ask(a.test, "K-1")[0]
		a.answer(a.live, answered, db.Answer{Confirm: true})
		a.sendAll(a.test)
		before, beforeTest := a.count(a.live), a.count(a.test)
		if n, err := a.store.Expire(a.Context()); err != nil || n != 0 {
			a.Errorf("%d expired too soon, %v", n, err)
		}
		a.pass(90 * 24 * time.Hour)
		for _, want := range []int{2, 0} {
			if n, err := a.store.Expire(a.Context()); err != nil || n != want {
				a.Errorf("%d expired, want %d, %v", n, want, err)
			}
		}
		a.wantSince(a.live, before, "REQUEST_EXPIRED")
		a.wantSince(a.test, beforeTest, "REQUEST_EXPIRED")
		if a.request(a.live, pending).Status != db.RequestExpired || a.request(a.test, sent).Status != db.RequestExpired ||
			a.request(a.live, answered).Status != db.RequestConfirmed {
			a.Error("the wrong ones expired")
		}
		if got := a.deliveries(a.live, pending) + ", " + a.deliveries(a.test, sent); got != "FAILED 0 expired before it went out, SENT 1" {
			a.Errorf("Deliveries %s", got)
		}
	})
}
