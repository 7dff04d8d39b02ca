package db_test

import (
	"strings"
	"testing"
	"time"

	"complero/db"
	"complero/db/dbtest"
)

func TestLinkOpensWhatTheWebAppNeeds(t *testing.T) {
	withAsker(t, func(a *asker) {
		r := a.ask(a.live, "K-1")[0]
		l := a.open(a.live, r)
		if l.State != db.LinkOpen || l.Company.Name != "Nordlicht" || l.Brand.Theme.Name != "Nordlicht" || l.Request.ID != r.ID ||
			l.Contact.Profile.FamilyName != "Kettenis" || l.Employee == nil || l.Employee.DisplayName != "Defne Kupfer" || l.Definitions != nil {
			a.Errorf("%+v", l)
		}
		if l = a.open(a.test, a.ask(a.test, "K-1")[0]); l.Request.Mode != db.Test {
			a.Errorf("a test link opens mode %v", l.Request.Mode)
		}
	})
}

func TestLinkShowsDefinitionsAndConsents(t *testing.T) {
	withAsker(t, func(a *asker) {
		if _, err := a.live.SaveConsentDefinition(a.Context(), db.ConsentDefinitionSave{
			Key: "news", Channels: []db.ConsentChannel{db.ConsentEmail}, Wordings: []db.ConsentWording{{Locale: "de", Title: "Neues", Wording: "Ich will Neues."}},
		}); err != nil {
			a.Fatal(err)
		}
		r := a.ask(a.live, "K-1")[0]
		a.answer(a.live, r, db.Answer{Consents: []db.ConsentDecision{{Key: "news", Granted: true}}})
		if _, err := a.live.SaveConsentDefinition(a.Context(), db.ConsentDefinitionSave{
			Key: "news", Wordings: []db.ConsentWording{{Locale: "de", Title: "Ganz anderes", Wording: "Ich will anderes."}},
		}); err != nil {
			a.Fatal(err)
		}
		a.pass(100 * 24 * time.Hour)
		l := a.open(a.live, r)
		if w := l.WordingOf(l.Consents[0]); w == nil || w.Title != "Neues" {
			a.Errorf("the Contact is shown to have agreed to %+v", w)
		}
		if l.State != db.LinkExpired || len(l.Definitions) != 1 || len(l.Consents) != 1 || l.Consents[0].State != db.ConsentGranted {
			a.Fatalf("%s with %d definitions, Consents %+v", l.State, len(l.Definitions), l.Consents)
		}
		before := a.count(a.live)
		for range 2 {
			if err := l.Withdraw(a.Context(), l.Consents[0].ID, db.Evidence{Manner: "web-app"}); err != nil {
				a.Fatal(err)
			}
		}
		a.wantSince(a.live, before, "CONSENT_WITHDRAWN")
	})
}

func TestLinkOfAnotherTokenIsUnknown(t *testing.T) {
	withAsker(t, func(a *asker) {
		token := a.token(a.live, a.ask(a.live, "K-1")[0])
		other := "a"
		if strings.HasPrefix(token, "a") {
			other = "b"
		}
		for _, wrong := range []string{
			other + token[1:], token[:25], token + "a", strings.ToUpper(token), "", "\x00" + token[1:], token[:24] + "é", strings.Repeat("1", 26),
		} {
			if _, err := a.store.OpenLink(a.Context(), wrong); db.CodeOf(err) != db.NotFoundCode {
				a.Errorf("%q: %v", wrong, err)
			}
		}
	})
}

func TestLinkTellsItsState(t *testing.T) {
	tests := []struct {
		name string
		do   func(a *asker, r *db.Request)
		want db.LinkState
	}{
		{"answered", func(a *asker, r *db.Request) { a.answer(a.live, r, db.Answer{Confirm: true}) }, db.LinkOpen},
		{"stopped", func(a *asker, r *db.Request) { a.answer(a.live, r, db.Answer{Stop: true}) }, db.LinkOpen},
		{"not me", func(a *asker, r *db.Request) { a.answer(a.live, r, db.Answer{NotMe: true}) }, db.LinkDisowned},
		{"expired", func(a *asker, _ *db.Request) { a.pass(90 * 24 * time.Hour) }, db.LinkExpired},
		{"expired by the sweep", func(a *asker, _ *db.Request) {
			a.pass(90 * 24 * time.Hour)
			if n, err := a.store.Expire(a.Context()); err != nil || n != 1 {
				a.Errorf("%d expired, %v", n, err)
			}
		}, db.LinkExpired},
		{"cancelled", func(a *asker, r *db.Request) {
			if _, err := a.live.CancelRequest(a.Context(), r.ID); err != nil {
				a.Error(err)
			}
		}, db.LinkCancelled},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			withAsker(t, func(a *asker) {
				r := a.ask(a.live, "K-1")[0]
				token := a.token(a.live, r)
				test.do(a, r)
				l, err := a.store.OpenLink(a.Context(), token)
				if err != nil || l.State != test.want {
					a.Fatalf("%+v, %v", l, err)
				}
				if l.State != db.LinkOpen && (l.Contact.FamilyName() != nil || len(l.Contact.Emails()) > 0) {
					a.Errorf("a link that is %s shows the Contact", l.State)
				}
				_, err = l.Answer(a.Context(), db.Answer{Confirm: true})
				if open := err == nil; open != (test.want == db.LinkOpen) {
					a.Errorf("answering a link that is %s: %v", l.State, err)
				}
			})
		})
	}
}

func TestStopWorksAsLongAsThereIsAContact(t *testing.T) {
	withAsker(t, func(a *asker) {
		r := a.ask(a.live, "K-1")[0]
		other := a.ask(a.live, "K-1")[0]
		l := a.open(a.live, r)
		before := a.count(a.live)
		for range 3 {
			if err := l.Stop(a.Context(), db.Evidence{}); err != nil {
				a.Fatal(err)
			}
		}
		if got := a.request(a.live, r); got.Status != db.RequestDeclined || *got.Reason != db.ReasonStopped {
			a.Errorf("the Request is %s", got.Status)
		}
		if got := a.request(a.live, other); got.Status != db.RequestSuppressed {
			a.Errorf("the other Request is %s", got.Status)
		}
		a.wantSince(a.live, before, "REQUEST_DELIVERED", "STOP", "REQUEST_SUPPRESSED STOPPED")
		if got := a.report(a.live, db.ReportFilter{}); got != "2 1 0 0 0 1 0.00" {
			a.Errorf("report %s", got)
		}
		if got := a.ask(a.live, "K-1")[0].Status; got != db.RequestSuppressed {
			a.Errorf("a new Request is %s", got)
		}
		before = a.count(a.live)
		for range 2 {
			if err := l.Resume(a.Context()); err != nil {
				a.Fatal(err)
			}
		}
		a.wantSince(a.live, before, "RESUME")
		before = a.count(a.live)
		a.pass(100 * 24 * time.Hour)
		for range 2 {
			if err := a.open(a.live, r).Stop(a.Context(), db.Evidence{}); err != nil {
				a.Fatal(err)
			}
		}
		a.wantSince(a.live, before, "STOP")
		if contact(a.T, a.live, "K-1").StoppedAt == nil {
			a.Error("the Contact is not stopped")
		}
	})
}

func TestLinkGoesWithItsContact(t *testing.T) {
	withAsker(t, func(a *asker) {
		r := a.ask(a.live, "K-1")[0]
		token, l := a.token(a.live, r), a.open(a.live, r)
		op, err := a.live.DeleteContacts(a.Context(), db.ContactsDelete{ExternalIDs: []string{"K-1"}})
		if err != nil {
			a.Fatal(err)
		}
		work(a.T, a.store, a.live, op)
		if _, err := a.store.OpenLink(a.Context(), token); db.CodeOf(err) != db.NotFoundCode {
			a.Errorf("opened: %v", err)
		}
		if _, err := l.Answer(a.Context(), db.Answer{Confirm: true}); db.CodeOf(err) != db.NotFoundCode {
			a.Errorf("answered: %v", err)
		}
		if err := l.Stop(a.Context(), db.Evidence{}); db.CodeOf(err) != db.NotFoundCode {
			a.Errorf("stopped: %v", err)
		}
		if got := len(a.claim(a.live)); got != 0 {
			a.Errorf("%d Deliveries are claimed", got)
		}
	})
}

func FuzzOpenLink(f *testing.F) {
	store := dbtest.Open(f, dbtest.SQLite)
	for _, seed := range []string{"", "a", strings.Repeat("a", 26), strings.Repeat("7", 26), "\xff\x00", strings.Repeat("é", 13)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		if _, err := store.OpenLink(t.Context(), token); db.CodeOf(err) != db.NotFoundCode {
			t.Errorf("%q: %v", token, err)
		}
	})
}
