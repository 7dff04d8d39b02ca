package db_test

import (
	"strings"
	"testing"
	"time"

	"complero/db"
)

// permits asks about a Channel and checks the answer's code.
func (w *consentWorld) permits(ask db.PermissionAsk, want db.PermissionCode) *db.Permission {
	w.Helper()
	if ask.ContactExternalID == "" {
		ask.ContactExternalID = "C-1"
	}
	p, err := w.live.Permission(w.Context(), ask)
	if err != nil {
		w.Fatal(err)
	}
	if p.Code != want || p.Allowed != (want == db.PermissionGranted) || !strings.HasSuffix(p.Reason, ".") {
		w.Errorf("permission for %+v is %v %s (%s), want %s", ask, p.Allowed, p.Code, p.Reason, want)
	}
	return p
}

func TestPermissionFollowsTheDecisionThatCountedThen(t *testing.T) {
	withConsents(t, func(w *consentWorld) {
		w.define("news", db.ConsentEmail)
		mail := db.PermissionAsk{Channel: db.ConsentEmail}
		w.permits(mail, db.PermissionNeverAsked)
		moments := []struct {
			granted bool
			want    db.PermissionCode
		}{{false, db.PermissionDeclined}, {true, db.PermissionGranted}, {false, db.PermissionWithdrawn}, {true, db.PermissionGranted}}
		var decided []time.Time
		for _, m := range moments {
			w.pass(time.Hour)
			w.say("news", m.granted)
			decided = append(decided, w.now())
			if p := w.permits(mail, m.want); p.Consent == nil || !p.Consent.Latest {
				w.Errorf("the Consent behind %s is %+v", m.want, p.Consent)
			}
		}
		w.permits(db.PermissionAsk{Channel: db.ConsentEmail, At: ptr(consentBegin)}, db.PermissionNeverAsked)
		for i, m := range moments {
			w.permits(db.PermissionAsk{Channel: db.ConsentEmail, At: &decided[i]}, m.want)
			w.permits(db.PermissionAsk{Channel: db.ConsentEmail, Key: ptr("news"), At: ptr(decided[i].Add(time.Minute))}, m.want)
		}
		first := w.permits(db.PermissionAsk{Channel: db.ConsentEmail, At: &decided[1]}, db.PermissionGranted)
		if want := "Yes: on 2 March 2026 at 12:30 this Contact agreed to “Neues” by e-mail."; first.Reason != want {
			w.Errorf("the reason is %q, want %q", first.Reason, want)
		}
		w.save(db.ConsentDefinitionSave{Key: "news", Wordings: []db.ConsentWording{{Locale: "de", Title: "Ganz Neues", Wording: "Anderes"}}})
		if again := w.permits(db.PermissionAsk{Channel: db.ConsentEmail, At: &decided[1]}, db.PermissionGranted); again.Reason != first.Reason {
			w.Errorf("a new wording changes what the Contact agreed to: %q", again.Reason)
		}
		if first.Consent.State != db.ConsentWithdrawn {
			w.Errorf("the proof of that time is %+v", first.Consent)
		}
	})
}

func TestPermissionTakesAnyAdvertisingThatAllows(t *testing.T) {
	withConsents(t, func(w *consentWorld) {
		w.define("news", db.ConsentEmail, db.ConsentPhone)
		w.define("offers", db.ConsentEmail)
		w.define("photo")
		w.save(db.ConsentDefinitionSave{
			Key: "service", Channels: []db.ConsentChannel{db.ConsentSMS}, Wordings: []db.ConsentWording{{Locale: "de", Title: "Service", Wording: "Ja"}},
		})
		w.say("offers", true)
		w.say("service", true)
		w.say("photo", true)
		w.pass(time.Hour)
		w.say("news", false)
		ask := func(key string, channel db.ConsentChannel, want db.PermissionCode) *db.Permission {
			w.Helper()
			a := db.PermissionAsk{Channel: channel}
			if key != "" {
				a.Key = &key
			}
			return w.permits(a, want)
		}
		ask("", db.ConsentEmail, db.PermissionGranted)
		ask("news", db.ConsentEmail, db.PermissionDeclined)
		ask("", db.ConsentPhone, db.PermissionDeclined)
		ask("offers", db.ConsentPhone, db.PermissionNeverAsked)
		ask("", db.ConsentSMS, db.PermissionNeverAsked) // agreed to, but not to advertising
		ask("service", db.ConsentSMS, db.PermissionGranted)
		if p := ask("photo", db.ConsentEmail, db.PermissionNeverAsked); !strings.Contains(p.Reason, "about no Channel") {
			w.Errorf("the reason is %q", p.Reason)
		}
		w.say("news", true, db.ConsentEmail)
		if p := ask("", db.ConsentEmail, db.PermissionGranted); p.Consent.ID != w.byKey("news").ID {
			w.Errorf("of two that allow, the proof is %+v, not the later one", p.Consent)
		}
		// What is no longer asked for, or not by this Channel, was agreed to all the same.
		w.save(db.ConsentDefinitionSave{
			Key: "offers", Active: ptr(false), Channels: []db.ConsentChannel{}, Wordings: []db.ConsentWording{{Locale: "de", Title: "Alt", Wording: "Alt"}},
		})
		ask("", db.ConsentEmail, db.PermissionGranted)
	})
}

// byKey is the Contact's latest decision about a definition.
func (w *consentWorld) byKey(key string) *db.Consent {
	w.Helper()
	list, err := w.live.Consents(w.Context(), db.Page{First: ptr(1)}, db.ConsentFilter{Key: &key})
	if err != nil || len(list.Nodes) == 0 {
		w.Fatalf("there is no decision about %s: %v", key, err)
	}
	return list.Nodes[0]
}

func TestPermissionEndsWithAStop(t *testing.T) {
	withConsents(t, func(w *consentWorld) {
		w.define("news", db.ConsentEmail)
		w.say("news", true)
		stop := db.ContactStop{ExternalID: "C-1"}
		w.pass(time.Hour)
		if _, err := w.live.StopContact(w.Context(), stop); err != nil {
			w.Fatal(err)
		}
		stopped := w.now()
		at := func(when time.Time) db.PermissionAsk {
			return db.PermissionAsk{Channel: db.ConsentEmail, At: &when}
		}
		now := db.PermissionAsk{Channel: db.ConsentEmail}
		w.permits(now, db.PermissionStopped)
		w.permits(at(stopped), db.PermissionStopped)
		w.permits(at(stopped.Add(-time.Minute)), db.PermissionGranted)
		w.pass(time.Hour)
		if _, err := w.live.ResumeContact(w.Context(), stop); err != nil {
			w.Fatal(err)
		}
		w.permits(now, db.PermissionGranted)
		w.permits(at(w.now()), db.PermissionGranted)
		w.permits(at(w.now().Add(-time.Minute)), db.PermissionStopped)
		w.permits(at(stopped.Add(-time.Minute)), db.PermissionGranted)
	})
}

func TestPermissionSaysNoForWhomItDoesNotKnow(t *testing.T) {
	withConsents(t, func(w *consentWorld) {
		w.define("news", db.ConsentEmail)
		w.say("news", true)
		w.permits(db.PermissionAsk{ContactExternalID: "C-2", Channel: db.ConsentEmail}, db.PermissionNeverAsked)
		w.permits(db.PermissionAsk{ContactExternalID: "C\x00", Channel: db.ConsentEmail}, db.PermissionNeverAsked)
		w.pass(time.Hour)
		if _, err := w.live.StopContact(w.Context(), db.ContactStop{ExternalID: "C-1"}); err != nil {
			w.Fatal(err)
		}
		op, err := w.live.DeleteContacts(w.Context(), db.ContactsDelete{ExternalIDs: []string{"C-1"}})
		if err != nil {
			w.Fatal(err)
		}
		work(w.T, w.store, w.live, op)
		w.permits(db.PermissionAsk{Channel: db.ConsentEmail}, db.PermissionStopped)
		w.permits(db.PermissionAsk{Channel: db.ConsentEmail, At: ptr(w.now().Add(-time.Minute))}, db.PermissionNeverAsked)
		for _, test := range []struct {
			ask  db.PermissionAsk
			code db.Code
			path string
		}{
			{db.PermissionAsk{Channel: "FAX"}, db.Invalid, "channel"},
			{db.PermissionAsk{Channel: db.ConsentEmail, Key: ptr("other")}, db.NotFoundCode, "key"},
			{db.PermissionAsk{Channel: db.ConsentEmail, Source: ptr("agency")}, db.NotFoundCode, "source"},
			{db.PermissionAsk{Channel: db.ConsentEmail, At: ptr(w.now().Add(time.Hour))}, db.Invalid, "at"},
		} {
			_, err := w.live.Permission(w.Context(), test.ask)
			refusesConsent(w.T, err, test.code, test.path)
		}
	})
}
