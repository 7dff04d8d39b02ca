package db_test

import (
	"strings"
	"testing"
	"time"

	"complero/db"
	"complero/db/dbtest"
	"complero/db/profile"
)

// moves is an answer with another e-mail address in place of the one on file.
func (a *asker) moves(l *db.Link, address string) db.Answer {
	id := l.Contact.Profile.Emails[0].ID
	return db.Answer{Locale: "de", Data: &profile.Input{Emails: []profile.EmailInput{{ID: id, Address: profile.Say(address), Use: profile.Say("PRIVATE")}}}}
}

// proposals are the mails about the newest Proposal, sent or not, by the token in their links.
func (a *asker) proposalMails(tenant *db.Tenant, l *db.Link) (confirm, undo *db.ProposalMail) {
	a.Helper()
	mails, err := a.system(tenant).ProposalMails(a.Context(), l.Waiting[len(l.Waiting)-1].ID)
	if err != nil {
		a.Fatal(err)
	}
	for _, m := range mails {
		if m.Undo {
			undo = m
		} else {
			confirm = m
		}
	}
	return confirm, undo
}

func (a *asker) openProposal(m *db.ProposalMail) *db.ProposalLink {
	a.Helper()
	l, err := a.store.OpenProposal(a.Context(), strings.TrimPrefix(m.Link, "http://localhost:8080/address/"))
	if err != nil {
		a.Fatal(err)
	}
	return l
}

func (a *asker) must(err error) {
	a.Helper()
	if err != nil {
		a.Fatal(err)
	}
}

func proposedPlaces(list []db.NewPlace) string {
	var all []string
	for _, p := range list {
		all = append(all, p.Address)
	}
	return strings.Join(all, " ")
}

func (a *asker) emails(tenant *db.Tenant) string {
	a.Helper()
	var list []string
	for _, e := range contact(a.T, tenant, "K-1").Emails() {
		list = append(list, e.Address)
	}
	return strings.Join(list, " ")
}

func TestNewAddressWaitsUntilItIsConfirmed(t *testing.T) {
	withAsker(t, func(a *asker) {
		for _, tenant := range []*db.Tenant{a.live, a.test} {
			r := a.ask(tenant, "K-1")[0]
			before := a.count(tenant)
			l := a.open(tenant, r)
			answer := a.moves(l, "Neu@Example.org")
			answer.Data.GivenName = profile.Say("Julia")
			if p, err := l.Preview(a.Context(), answer); err != nil || proposedPlaces(p.Proposed) != "neu@example.org" || len(p.Changes) != 2 {
				a.Errorf("preview %+v, %v", p, err)
			}
			out := a.answer(tenant, r, answer)
			if out.Kind != db.UpdateEvent || len(out.Changes) != 1 || out.Changes[0].Field != "givenName" || proposedPlaces(out.Proposed) != "neu@example.org" {
				a.Errorf("%+v", out)
			}
			a.wantSince(tenant, before, "REQUEST_DELIVERED", "UPDATE", "UPDATE_PROPOSED")
			if got := a.emails(tenant); got != "juliane@example.net" {
				a.Errorf("on file is %s", got)
			}
			l = a.open(tenant, r)
			if len(l.Waiting) != 1 || l.Waiting[0].Address != "neu@example.org" || l.Waiting[0].Item != l.Contact.Profile.Emails[0].ID {
				a.Fatalf("waiting %+v", l.Waiting)
			}
			ask, tell := a.proposalMails(tenant, l)
			if ask.To != "neu@example.org" || ask.Locale != "de" || tell.To != "juliane@example.net" || tell.Address != "n•••@example.org" || ask.MessageID == tell.MessageID {
				a.Errorf("mails %+v, %+v", ask, tell)
			}
			page := a.openProposal(ask)
			if !page.Open || page.Undo || page.Address != "neu@example.org" || page.Mode != tenant.Mode {
				a.Errorf("%+v", page)
			}
			before = a.count(tenant)
			for range 2 {
				a.must(page.Confirm(a.Context()))
			}
			a.wantSince(tenant, before, "UPDATE")
			if got := a.emails(tenant); got != "neu@example.org" {
				a.Errorf("on file is %s", got)
			}
			c := contact(a.T, tenant, "K-1")
			if c.Emails()[0].Health != profile.HealthReached || c.Emails()[0].ID != ask.Contact.Emails()[0].ID || !c.ConfirmedAt.Equal(a.now()) && !c.ConfirmedAt.After(a.now()) {
				a.Errorf("%+v confirmed %v", c.Emails(), c.ConfirmedAt)
			}
			if got := a.request(tenant, r); got.Status != db.RequestUpdated || got.Reason != nil {
				a.Errorf("the Request is %s %v", got.Status, *got.Reason)
			}
			if l := a.open(tenant, r); len(l.Waiting) != 0 {
				a.Errorf("still waiting: %+v", l.Waiting)
			}
			if page = a.openProposal(ask); page.Open || page.Status != db.ProposalConfirmed || page.Address != "" {
				a.Errorf("confirmed: %+v", page)
			}
		}
	})
}

func TestNewAddressAloneIsNeitherUpdateNorConfirm(t *testing.T) {
	withAsker(t, func(a *asker) {
		r := a.ask(a.live, "K-1")[0]
		before := a.count(a.live)
		for range 2 { // the button pressed twice
			out := a.answer(a.live, r, a.moves(a.open(a.live, r), "neu@example.org"))
			if out.Kind != "" || len(out.Proposed) != 1 {
				a.Errorf("%+v", out)
			}
			a.pass(time.Second)
		}
		a.wantSince(a.live, before, "REQUEST_DELIVERED", "UPDATE_PROPOSED")
		if got := a.request(a.live, r); got.Status != db.RequestUpdated || *got.Reason != db.ReasonUnconfirmed {
			a.Errorf("the Request is %s", got.Status)
		}
		// The rest of a later form goes in at once, and what waits goes on waiting.
		a.answer(a.live, r, db.Answer{Data: a.says(`{"givenName": "Julia"}`)})
		a.answer(a.live, r, db.Answer{Confirm: true})
		if l := a.open(a.live, r); len(l.Waiting) != 1 {
			a.Errorf("waiting %+v", l.Waiting)
		}
		a.must(a.open(a.live, r).WithdrawProposal(a.Context(), a.open(a.live, r).Waiting[0].ID))
		a.wantSince(a.live, before, "REQUEST_DELIVERED", "UPDATE_PROPOSED", "UPDATE", "CONFIRM", "UPDATE_REFUSED WITHDRAWN")
		if got := a.request(a.live, r); got.Status != db.RequestConfirmed || got.Reason != nil {
			a.Errorf("the Request is %s", got.Status)
		}
	})
}

func TestOldAddressUndoesForAWeek(t *testing.T) {
	withAsker(t, func(a *asker) {
		r := a.ask(a.live, "K-1")[0]
		for _, tt := range []struct {
			name              string
			confirmed         bool
			wait              time.Duration
			want, events, end string
		}{
			{"before it is confirmed", false, 6 * 24 * time.Hour, "juliane@example.net", "UPDATE_REFUSED UNDONE", "UNDONE"},
			{"after it is confirmed", true, 6 * 24 * time.Hour, "juliane@example.net", "UPDATE", "UNDONE"},
			{"too late", true, 8 * 24 * time.Hour, "neu@example.org", "", "CONFIRMED"},
		} {
			a.answer(a.live, r, a.moves(a.open(a.live, r), "neu@example.org"))
			ask, tell := a.proposalMails(a.live, a.open(a.live, r))
			if tt.confirmed {
				a.must(a.openProposal(ask).Confirm(a.Context()))
			}
			a.pass(tt.wait)
			before := a.count(a.live)
			page := a.openProposal(tell)
			if !page.Undo || page.Open != (tt.events != "") {
				a.Errorf("%s: %+v", tt.name, page)
			}
			if err := page.TakeBack(a.Context()); (err == nil) != (tt.events != "") {
				a.Errorf("%s: %v", tt.name, err)
			}
			if got := strings.Join(a.since(a.live, before), " "); got != tt.events {
				a.Errorf("%s: events %s", tt.name, got)
			}
			if got := a.emails(a.live); got != tt.want {
				a.Errorf("%s: on file is %s", tt.name, got)
			}
			if page = a.openProposal(tell); string(page.Status) != tt.end || page.Open {
				a.Errorf("%s: %+v", tt.name, page)
			}
			if err := a.openProposal(ask).Confirm(a.Context()); (err == nil) != (tt.end == "CONFIRMED") {
				a.Errorf("%s: confirmed in the end: %v", tt.name, err)
			}
		}
	})
}

func TestProposalEndsWhereItIsNotWanted(t *testing.T) {
	withAsker(t, func(a *asker) {
		r := a.ask(a.live, "K-1")[0]
		propose := func(address string) (ask, tell *db.ProposalMail, before int) {
			a.pass(25 * time.Hour)
			a.answer(a.live, r, a.moves(a.open(a.live, r), address))
			ask, tell = a.proposalMails(a.live, a.open(a.live, r))
			return ask, tell, a.count(a.live)
		}
		ask, _, before := propose("falsch@example.org")
		a.must(a.openProposal(ask).Refuse(a.Context()))
		a.wantSince(a.live, before, "UPDATE_REFUSED REFUSED")

		ask, _, before = propose("tippfehler@example.org")
		a.must(a.system(a.live).RecordProposalMail(a.Context(), ask, nil, true))
		a.wantSince(a.live, before, "UPDATE_REFUSED BOUNCED")

		first, _, before := propose("eins@example.org")
		second, _, _ := propose("zwei@example.org")
		a.wantSince(a.live, before, "UPDATE_REFUSED REPLACED", "UPDATE_PROPOSED")
		if page := a.openProposal(first); page.Open {
			a.Errorf("the former can still be confirmed: %+v", page)
		}

		before = a.count(a.live)
		a.pass(8 * 24 * time.Hour)
		if page := a.openProposal(second); page.Open || page.Status != db.ProposalExpired {
			a.Errorf("a week later %+v", page)
		}
		if err := a.openProposal(second).Confirm(a.Context()); db.CodeOf(err) != db.ConflictCode {
			a.Errorf("confirmed a week later: %v", err)
		}
		for range 2 {
			_, err := a.store.Expire(a.Context())
			a.must(err)
		}
		a.wantSince(a.live, before, "UPDATE_REFUSED EXPIRED")
		if places := a.store.Find(a.Context(), "zwei@example.org"); len(places) > 0 {
			a.Errorf("what nobody confirmed stands in %v", places)
		}
		a.pass(8 * 24 * time.Hour)
		a.must(a.store.Purge(a.Context()))
		if _, err := a.store.OpenProposal(a.Context(), strings.TrimPrefix(second.Link, "http://localhost:8080/address/")); db.CodeOf(err) != db.NotFoundCode {
			a.Errorf("it is kept: %v", err)
		}
		if got := a.emails(a.live); got != "juliane@example.net" {
			a.Errorf("on file is %s", got)
		}
	})
}

func TestFurtherAddressIsAddedOnceConfirmed(t *testing.T) {
	withAsker(t, func(a *asker) {
		r := a.ask(a.live, "K-1")[0]
		both := `{"emails": [{"address": "juliane@example.net"}, {"address": "buero@example.org", "use": "BUSINESS"}]}`
		a.answer(a.live, r, db.Answer{Data: a.says(both)})
		ask, tell := a.proposalMails(a.live, a.open(a.live, r))
		if tell.To != "juliane@example.net" {
			a.Errorf("told is %s", tell.To)
		}
		a.must(a.openProposal(ask).Confirm(a.Context()))
		if got := a.emails(a.live); got != "juliane@example.net buero@example.org" {
			a.Errorf("on file is %s", got)
		}
		a.must(a.openProposal(tell).TakeBack(a.Context()))
		if got := a.emails(a.live); got != "juliane@example.net" {
			a.Errorf("undone, on file is %s", got)
		}
		// Of one use to another there is no pair: what is there stays until there is more.
		a.pass(25 * time.Hour)
		a.answer(a.live, r, db.Answer{Data: a.says(`{"emails": [{"address": "buero@example.org", "use": "BUSINESS"}]}`)})
		if got := a.emails(a.live); got != "juliane@example.net" {
			a.Errorf("while it waits, on file is %s", got)
		}
		ask, _ = a.proposalMails(a.live, a.open(a.live, r))
		a.must(a.openProposal(ask).Confirm(a.Context()))
		if c := contact(a.T, a.live, "K-1"); len(c.Emails()) != 1 || c.Emails()[0].Address != "buero@example.org" || c.Emails()[0].Use != profile.UseBusiness {
			a.Errorf("on file is %+v", c.Emails())
		}
	})
}

func TestTooManyNewAddressesWait(t *testing.T) {
	withAsker(t, func(a *asker) {
		r := a.ask(a.live, "K-1")[0]
		for n, address := range []string{"a@example.org", "b@example.org", "c@example.org", "d@example.org", "e@example.org", "f@example.org"} {
			_, err := a.open(a.live, r).Answer(a.Context(), a.moves(a.open(a.live, r), address))
			if got := codes(err); (n < 5) != (got == "") || n == 5 && got != "TRY_LATER [data emails]" {
				a.Errorf("%d: %s", n, got)
			}
		}
	})
}

func TestAddressesGoInAtOnceWhereTheyNeedNotBeConfirmed(t *testing.T) {
	withAsker(t, func(a *asker) {
		if _, err := a.live.UpdateCompany(a.Context(), db.CompanyChange{ConfirmNewAddresses: ptr(false)}); err != nil {
			a.Fatal(err)
		}
		r := a.ask(a.live, "K-1")[0]
		before := a.count(a.live)
		a.answer(a.live, r, a.moves(a.open(a.live, r), "neu@example.org"))
		a.wantSince(a.live, before, "REQUEST_DELIVERED", "UPDATE")
	})
	// Of what can be confirmed nowhere, nothing waits: live mode has no way for SMS here.
	withAsker(t, func(a *asker) {
		r := a.ask(a.live, "K-1")[0]
		before := a.count(a.live)
		a.answer(a.live, r, db.Answer{Data: a.says(`{"phones": [{"number": "0160 4905728"}]}`)})
		a.wantSince(a.live, before, "REQUEST_DELIVERED", "UPDATE")
	})
}

func TestProposalsMailsAreSentOnceAndKeepNoToken(t *testing.T) {
	withAsker(t, func(a *asker) {
		r := a.ask(a.test, "K-1")[0]
		a.answer(a.test, r, a.moves(a.open(a.test, r), "neu@example.org"))
		a.pass(2 * time.Minute)
		if due, err := a.store.UnsentProposals(a.Context()); err != nil || len(due) != 1 {
			a.Errorf("due %v, %v", due, err)
		}
		ask, tell := a.proposalMails(a.test, a.open(a.test, r))
		for _, m := range []*db.ProposalMail{ask, tell} {
			a.must(a.system(a.test).RecordProposalMail(a.Context(), m, &db.OutboxMessage{To: m.To, Subject: "?", Text: "Hier: " + m.Link}, false))
			if places := a.store.Find(a.Context(), m.Link[len(m.Link)-26:]); len(places) > 0 {
				a.Errorf("the token stands in %v", places)
			}
		}
		box, err := a.test.Outbox(a.Context(), db.Page{})
		a.must(err)
		for n, m := range []*db.ProposalMail{tell, ask} {
			if got := box.Nodes[n].Text; got != "Hier: "+m.Link {
				a.Errorf("the outbox shows %s", got)
			}
		}
		if ask, tell = a.proposalMails(a.test, a.open(a.test, r)); ask != nil || tell != nil {
			a.Errorf("sent again: %+v, %+v", ask, tell)
		}
		a.pass(5 * time.Minute)
		a.answer(a.test, r, a.moves(a.open(a.test, r), "neu@example.org"))
		if ask, tell = a.proposalMails(a.test, a.open(a.test, r)); ask == nil || tell != nil {
			a.Errorf("given again: %+v, %+v", ask, tell)
		}
	})
}

func TestErasingTakesProposalsAlong(t *testing.T) {
	withAsker(t, func(a *asker) {
		const marker = "zwiebelfisch"
		r := a.ask(a.test, "K-1")[0]
		a.answer(a.test, r, a.moves(a.open(a.test, r), marker+"@example.org"))
		ask, _ := a.proposalMails(a.test, a.open(a.test, r))
		op, err := a.test.DeleteContacts(a.Context(), db.ContactsDelete{ExternalIDs: []string{"K-1"}})
		a.must(err)
		work(a.T, a.store, a.test, op)
		if places := a.store.Find(a.Context(), marker); len(places) > 0 {
			a.Errorf("the proposal stands in %v", places)
		}
		if _, err := a.store.OpenProposal(a.Context(), strings.TrimPrefix(ask.Link, "http://localhost:8080/address/")); db.CodeOf(err) != db.NotFoundCode {
			a.Errorf("opened: %v", err)
		}
	})
}

func TestProposalsGoWithTheirContactThroughAMerge(t *testing.T) {
	withAgencies(t, func(a *agencies) {
		crm, north := a.both()
		r := a.ask(a.test, "K-1")[0]
		a.answer(a.test, r, a.moves(a.open(a.test, r), "neu@example.org"))
		ask, _ := a.proposalMails(a.test, a.open(a.test, r))
		m := a.merge(north.ID, crm.ID)
		if l := a.open(a.test, r); len(l.Waiting) != 1 || l.Waiting[0].ContactID != north.ID {
			a.Errorf("merged, there waits %+v", l.Waiting)
		}
		a.unmerge(m)
		if l := a.open(a.test, r); len(l.Waiting) != 1 || l.Waiting[0].ContactID != crm.ID {
			a.Errorf("apart again, there waits %+v", l.Waiting)
		}
		a.must(a.openProposal(ask).Confirm(a.Context()))
		if got := a.emails(a.test); got != "neu@example.org" {
			a.Errorf("on file is %s", got)
		}
	})
}

func FuzzOpenProposal(f *testing.F) {
	store := dbtest.Open(f, dbtest.SQLite)
	for _, seed := range []string{"", "a", strings.Repeat("a", 26), strings.Repeat("7", 26), "\xff\x00", strings.Repeat("é", 13)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		if _, err := store.OpenProposal(t.Context(), token); db.CodeOf(err) != db.NotFoundCode {
			t.Errorf("%q: %v", token, err)
		}
	})
}
