package db_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"complero/db"
	"complero/db/profile"
)

func TestAnswerUpdates(t *testing.T) {
	withAsker(t, func(a *asker) {
		r := a.ask(a.live, "K-1")[0]
		a.sendAll(a.live)
		a.pass(26 * time.Hour)
		before := a.count(a.live)
		out := a.answer(a.live, r, db.Answer{Data: a.says(`{"familyName": " Kettenis-Frohn ", "organisation": null}`)})
		if out.Kind != db.UpdateEvent || len(out.Changes) != 1 || string(out.Changes[0].After) != `"Kettenis-Frohn"` {
			a.Errorf("%s %s", out.Kind, out.Changes)
		}
		a.wantSince(a.live, before, "REQUEST_DELIVERED", "UPDATE")
		if got := a.request(a.live, r); got.Status != db.RequestUpdated || got.AnsweredAt == nil || !got.AnsweredAt.Equal(a.now()) || got.DeliveredAt == nil {
			a.Errorf("the Request is %+v", got)
		}
		c := contact(a.T, a.live, "K-1")
		if *c.FamilyName() != "Kettenis-Frohn" || c.ConfirmedAt == nil || !c.ConfirmedAt.Equal(a.now()) || c.Emails()[0].Health != profile.HealthReached {
			a.Errorf("the Contact is %+v", c)
		}
		if got := a.deliveries(a.live, r); got != "DELIVERED 1" {
			a.Errorf("Deliveries %s", got)
		}
		all, err := a.live.Events(a.Context(), db.Page{Last: ptr(1)}, db.EventFilter{})
		if err != nil {
			a.Fatal(err)
		}
		e := all.Nodes[0]
		if e.RequestID != r.ID || e.Channel == nil || *e.Channel != db.Email || !e.OccurredAt.Equal(a.now()) || e.EmployeeID == "" {
			a.Errorf("event %+v", e)
		}
		changes, err := a.live.EventChanges(a.Context(), []int64{e.Number})
		if err != nil || len(changes[e.Number]) != 1 {
			a.Errorf("changes %v, %v", changes, err)
		}
	})
}

// TestAnswersMoveTheReport: the latest answer counts, on its own day; the rate
// belongs to the day on which the Request went out.
func TestAnswersMoveTheReport(t *testing.T) {
	withAsker(t, func(a *asker) {
		r := a.ask(a.live, "K-1")[0]
		a.sendAll(a.live)
		day := func(n int) db.ReportFilter {
			date := db.Date(askedAt.AddDate(0, 0, n).Format(time.DateOnly))
			return db.ReportFilter{Since: &date, Until: &date, EmployeeExternalID: ptr("V-1")}
		}
		want := func(n int, want string) {
			a.Helper()
			if got := a.report(a.live, day(n)); got != want {
				a.Errorf("day %d: %s, want %s", n, got, want)
			}
		}
		want(0, "1 0 0 0 0 0 0.00")
		a.pass(24 * time.Hour)
		a.answer(a.live, r, db.Answer{Data: a.says(`{"givenName": "Julia"}`)})
		want(0, "1 0 0 0 0 0 1.00")
		want(1, "0 1 0 1 0 0 -")
		a.pass(24 * time.Hour)
		a.answer(a.live, r, db.Answer{Confirm: true})
		want(1, "0 1 0 0 0 0 -")
		want(2, "0 0 0 0 1 0 -")
		want(0, "1 0 0 0 0 0 1.00")
		a.pass(24 * time.Hour)
		a.answer(a.live, r, db.Answer{NotMe: true})
		want(2, "0 0 0 0 0 0 -")
		want(3, "0 0 0 0 0 1 -")
		want(0, "1 0 0 0 0 0 0.00")
		if got := a.report(a.live, db.ReportFilter{}); got != "1 1 0 0 0 1 0.00" {
			a.Errorf("in all %s", got)
		}
	})
}

func TestAnswerWithoutDifferenceConfirms(t *testing.T) {
	withAsker(t, func(a *asker) {
		r := a.ask(a.live, "K-1")[0]
		out := a.answer(a.live, r, db.Answer{Data: a.says(`{"givenName": "Juliane ", "emails": [{"address": "JULIANE@example.net"}]}`)})
		if out.Kind != db.ConfirmEvent || len(out.Changes) != 0 || out.Request.Status != db.RequestConfirmed {
			a.Errorf("%+v", out)
		}
	})
}

func TestFormPostedTwiceIsOneAnswer(t *testing.T) {
	withAsker(t, func(a *asker) {
		r := a.ask(a.live, "K-1")[0]
		before := a.count(a.live)
		form := db.Answer{Data: a.says(`{"givenName": "Julia"}`)}
		a.answer(a.live, r, form)
		a.pass(time.Second)
		if out := a.answer(a.live, r, form); out.Kind != "" || out.Request.Status != db.RequestUpdated {
			a.Errorf("the second post: %+v", out)
		}
		a.wantSince(a.live, before, "REQUEST_DELIVERED", "UPDATE")
		a.answer(a.live, r, db.Answer{Confirm: true})
		a.answer(a.live, r, db.Answer{Confirm: true})
		a.pass(time.Hour)
		a.answer(a.live, r, form)
		a.wantSince(a.live, before, "REQUEST_DELIVERED", "UPDATE", "CONFIRM", "CONFIRM")
		for range 2 {
			a.answer(a.live, r, db.Answer{NotMe: true})
			if _, err := a.open(a.live, r).Answer(a.Context(), db.Answer{Confirm: true}); db.CodeOf(err) != db.ConflictCode {
				a.Errorf("answering for somebody else: %v", err)
			}
		}
		a.wantSince(a.live, before, "REQUEST_DELIVERED", "UPDATE", "CONFIRM", "CONFIRM", "NOT_ME")
	})
}

func TestAnswerRefusesWhatIsWrong(t *testing.T) {
	withAsker(t, func(a *asker) {
		made, err := a.live.CreateRequests(a.Context(), db.RequestsCreate{ContactExternalIDs: []string{"K-1"}, Ask: []db.Ask{db.AskAddress, db.AskDigital}})
		if err != nil {
			a.Fatal(err)
		}
		tests := []struct {
			name   string
			answer db.Answer
			want   string
		}{
			{"nothing", db.Answer{}, "REQUIRED [data]"},
			{"another person's data", db.Answer{NotMe: true, Confirm: true}, "INVALID [notMe]"},
			{"no address", db.Answer{Data: a.says(`{"emails": [{"address": "me"}]}`)}, "INVALID_EMAIL [data emails 0 address]"},
			{"not asked", db.Answer{Data: a.says(`{"givenName": "Julia", "emails": []}`)}, "INVALID [data givenName]"},
			{"Consents not asked", db.Answer{Consents: []db.ConsentDecision{{Key: "news"}}}, "INVALID [consents]"},
		}
		l, before := a.open(a.live, made.Requests[0]), a.count(a.live)
		for _, test := range tests {
			_, err := l.Answer(a.Context(), test.answer)
			if got := codes(err); got != test.want {
				a.Errorf("%s: %s, want %s (%v)", test.name, got, test.want, err)
			}
			if _, err := l.Preview(a.Context(), test.answer); codes(err) != test.want {
				a.Errorf("%s: preview says %v", test.name, err)
			}
		}
		a.wantSince(a.live, before)
	})
}

func TestPreviewTellsTheDifference(t *testing.T) {
	withAsker(t, func(a *asker) {
		l := a.open(a.live, a.ask(a.live, "K-1")[0])
		before := a.count(a.live)
		p, err := l.Preview(a.Context(), db.Answer{Data: a.says(`{"givenName": "Julia", "familyName": "Kettenis"}`)})
		if err != nil || len(p.Changes) != 1 || p.Changes[0].Field != "givenName" || p.Profile.GivenName != "Julia" {
			a.Errorf("%+v, %v", p, err)
		}
		a.wantSince(a.live, before)
	})
}

// TestContactsWordStays: a Sync does not overwrite it until its Source has
// acknowledged the UPDATE.
func TestContactsWordStays(t *testing.T) {
	withAsker(t, func(a *asker) {
		r := a.ask(a.live, "K-1")[0]
		before := a.count(a.live)
		a.answer(a.live, r, db.Answer{Data: a.says(`{"givenName": "Julia"}`)})
		upload(a.T, a.store, a.live, kettenis)
		if got := *contact(a.T, a.live, "K-1").GivenName(); got != "Julia" {
			a.Errorf("after the Sync %s", got)
		}
		a.wantSince(a.live, before, "REQUEST_DELIVERED", "UPDATE", "SYNC", "CONFLICT")
		all, err := a.live.Events(a.Context(), db.Page{Last: ptr(1)}, db.EventFilter{})
		if err != nil {
			a.Fatal(err)
		}
		if _, err := a.live.Acknowledge(a.Context(), db.Acknowledgement{Consumer: "crm", Through: all.Nodes[0].ID, Source: ptr("crm")}); err != nil {
			a.Fatal(err)
		}
		upload(a.T, a.store, a.live, kettenis)
		if got := *contact(a.T, a.live, "K-1").GivenName(); got != "Juliane" {
			a.Errorf("after the acknowledgement %s", got)
		}
	})
}

func TestDecidingAloneIsNoConfirm(t *testing.T) {
	withAsker(t, func(a *asker) {
		if _, err := a.live.SaveConsentDefinition(a.Context(), db.ConsentDefinitionSave{
			Key: "news", Wordings: []db.ConsentWording{{Locale: "de", Title: "Neues", Wording: "Ich will Neues."}},
		}); err != nil {
			a.Fatal(err)
		}
		decide := db.Answer{Consents: []db.ConsentDecision{{Key: "news", Granted: true}}, Locale: "de"}
		r, before := a.ask(a.live, "K-1")[0], a.count(a.live)
		if out := a.answer(a.live, r, decide); out.Kind != "" || out.Request.Status != db.RequestDelivered {
			a.Errorf("%+v", out)
		}
		a.wantSince(a.live, before, "REQUEST_DELIVERED", "CONSENT_GRANTED")
		only, err := a.live.CreateRequests(a.Context(), db.RequestsCreate{ContactExternalIDs: []string{"K-1"}, Ask: []db.Ask{db.AskConsents}})
		if err != nil {
			a.Fatal(err)
		}
		if out := a.answer(a.live, only.Requests[0], decide); out.Kind != "" || out.Request.Status != db.RequestConfirmed {
			a.Errorf("of a Request about nothing else: %+v", out)
		}
	})
}

func TestTwoAnswersAtOnceAreOneAfterTheOther(t *testing.T) {
	withAsker(t, func(a *asker) {
		r := a.ask(a.live, "K-1")[0]
		l, before := a.open(a.live, r), a.count(a.live)
		var group sync.WaitGroup
		for _, name := range []string{"Julia", "Julie", "Jule", "Juli"} {
			data := a.says(`{"givenName": "` + name + `"}`)
			group.Go(func() {
				if _, err := l.Answer(a.Context(), db.Answer{Data: data}); err != nil {
					a.Error(err)
				}
			})
		}
		group.Wait()
		kinds := a.since(a.live, before)
		slices.Sort(kinds)
		if want := []string{"REQUEST_DELIVERED", "UPDATE", "UPDATE", "UPDATE", "UPDATE"}; !slices.Equal(kinds, want) {
			a.Errorf("events %q, want %q", kinds, want)
		}
		if got := a.report(a.live, db.ReportFilter{}); got != "1 1 0 1 0 0 1.00" {
			a.Errorf("report %s", got)
		}
		all, err := a.live.Events(a.Context(), db.Page{Last: ptr(4)}, db.EventFilter{})
		if err != nil {
			a.Fatal(err)
		}
		for i, e := range all.Nodes[1:] {
			if !e.OccurredAt.After(all.Nodes[i].OccurredAt) {
				a.Error("two answers have one time")
			}
		}
	}, func(c *db.Config) { c.OneConnection = false })
}

// A page may have been opened before what it shows was changed: on PostgreSQL an
// answer is tried on the rows as the link has read them first.
func TestAnAnswerGoesInThoughItsRowsHaveChanged(t *testing.T) {
	for _, change := range []string{"UPDATE contact SET sort_name = sort_name", "UPDATE request SET settled = settled", ""} {
		withAsker(t, func(a *asker) {
			r := a.ask(a.test, "K-1")[0]
			a.sendAll(a.test)
			l := a.open(a.test, r)
			a.pass(time.Minute)
			if change == "" {
				a.answer(a.test, r, db.Answer{Data: a.says(`{"givenName":"Julia"}`)})
			} else if err := a.store.Exec(a.Context(), change); err != nil {
				a.Fatal(err)
			}
			a.pass(time.Minute)
			if _, err := l.Answer(a.Context(), db.Answer{Data: a.says(`{"familyName":"Frohn"}`)}); err != nil {
				a.Fatal(err)
			}
			c := contact(a.T, a.test, "K-1")
			want := "Juliane Frohn"
			if change == "" {
				want = "Julia Frohn"
			}
			if got := *c.GivenName() + " " + *c.FamilyName(); got != want {
				a.Errorf("after %q: %s, want %s", change, got, want)
			}
			if kinds := oneOrder(a.T, a.test); kinds[db.RequestDeliveredEvent] != 1 {
				a.Errorf("after %q: events %v", change, kinds)
			}
		})
	}
}
