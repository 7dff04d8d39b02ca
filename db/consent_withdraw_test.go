package db_test

import (
	"fmt"
	"testing"
	"time"

	"complero/db"
)

func TestWithdrawConsentTakesBackWhatWasGranted(t *testing.T) {
	withConsents(t, func(w *consentWorld) {
		w.define("news", db.ConsentEmail, db.ConsentPhone, db.ConsentSMS)
		w.say("news", true, db.ConsentEmail, db.ConsentPhone)
		w.say("news", false, db.ConsentSMS)
		w.pass(time.Hour)
		phone := db.ConsentWithdraw{ContactExternalID: "C-1", Key: "news", Channel: ptr(db.ConsentPhone)}
		got, err := w.live.WithdrawConsent(w.Context(), phone)
		if err != nil || len(got) != 1 || got[0].ChannelOrNone != db.ConsentPhone || got[0].State != db.ConsentWithdrawn || !got[0].WithdrawnAt.Equal(w.now()) {
			w.Fatalf("withdrew %+v, %v", got, err)
		}
		e := got[0].Evidence
		if e.Manner != "web-app" || e.WordingHash == "" || e.Withdrawal == nil || e.Withdrawal.Manner != "api" {
			w.Errorf("the proof of the grant or of the withdrawal is missing: %+v", e)
		}
		w.pass(time.Hour)
		again, err := w.live.WithdrawConsent(w.Context(), phone)
		if err != nil || len(again) != 1 || again[0].ID != got[0].ID || !again[0].WithdrawnAt.Equal(*got[0].WithdrawnAt) {
			w.Errorf("withdrawing twice gives %+v, %v", again, err)
		}
		all, err := w.live.WithdrawConsent(w.Context(), db.ConsentWithdraw{ContactExternalID: "C-1", Key: "news"})
		if err != nil || len(all) != 2 {
			w.Errorf("withdrawing every Channel gives %d, %v; want e-mail and telephone", len(all), err)
		}
		if got := w.eventKinds(); got != "GRANTED GRANTED DECLINED WITHDRAWN WITHDRAWN" {
			w.Errorf("events %q", got)
		}
		if last := w.eventList()[3]; last.Source == nil || *last.Source != "crm" || last.ConsentID != got[0].ID {
			w.Errorf("the withdrawal's event is %+v", last)
		}
	})
}

func TestWithdrawConsentSaysWhatIsMissing(t *testing.T) {
	withConsents(t, func(w *consentWorld) {
		w.define("news", db.ConsentEmail, db.ConsentPhone)
		w.say("news", false, db.ConsentEmail)
		tests := []struct {
			name string
			give db.ConsentWithdraw
			path string
		}{
			{"nothing granted", db.ConsentWithdraw{ContactExternalID: "C-1", Key: "news"}, "key"},
			{"never asked", db.ConsentWithdraw{ContactExternalID: "C-1", Key: "news", Channel: ptr(db.ConsentPhone)}, "key"},
			{"unknown key", db.ConsentWithdraw{ContactExternalID: "C-1", Key: "other"}, "key"},
			{"unknown Contact", db.ConsentWithdraw{ContactExternalID: "C-2", Key: "news"}, "contactExternalId"},
			{"unknown Source", db.ConsentWithdraw{ContactExternalID: "C-1", Source: ptr("agency"), Key: "news"}, "source"},
		}
		for _, test := range tests {
			w.Run(test.name, func(t *testing.T) {
				_, err := w.live.WithdrawConsent(t.Context(), test.give)
				refusesConsent(t, err, db.NotFoundCode, test.path)
			})
		}
	})
}

func TestWithdrawConsentRepeatsItsResultForOneKey(t *testing.T) {
	withConsents(t, func(w *consentWorld) {
		w.define("news", db.ConsentEmail)
		w.say("news", true)
		withdraw := db.ConsentWithdraw{ContactExternalID: "C-1", Key: "news", IdempotencyKey: ptr("once")}
		first, err := w.live.WithdrawConsent(w.Context(), withdraw)
		if err != nil {
			w.Fatal(err)
		}
		w.say("news", true)
		again, err := w.live.WithdrawConsent(w.Context(), withdraw)
		if err != nil || len(again) != 1 || again[0].ID != first[0].ID {
			w.Errorf("the repeated call gives %+v, %v", again, err)
		}
		if got := w.latest()[db.ConsentEmail].State; got != db.ConsentGranted {
			w.Errorf("the repeated call withdrew what was granted since: %s", got)
		}
	})
}

func TestWithdrawConsentByItsButtonHitsWhatCountsNow(t *testing.T) {
	withConsents(t, func(w *consentWorld) {
		w.define("news", db.ConsentEmail)
		w.define("photo")
		w.say("news", true)
		w.say("photo", false)
		former := w.latest()[db.ConsentEmail].ID
		w.say("news", false)
		w.say("news", true)
		by := db.Evidence{Manner: "web-app", IP: "192.0.2.7"}
		press := func(id string) error {
			return w.live.WithdrawConsentByID(w.Context(), w.contact, id, "request_01k00000000000000000000000", by)
		}
		if err := press(former); err != nil {
			w.Fatal(err)
		}
		now := w.latest()[db.ConsentEmail]
		if now.ID == former || now.State != db.ConsentWithdrawn || fmt.Sprint(*now.Evidence.Withdrawal) != fmt.Sprint(by) {
			w.Errorf("an old page's button left %+v", now)
		}
		if err := press(now.ID); err != nil {
			w.Errorf("pressing twice: %v", err)
		}
		if got := w.eventKinds(); got != "GRANTED DECLINED WITHDRAWN GRANTED WITHDRAWN" {
			w.Errorf("events %q", got)
		}
		if list := w.eventList(); list[4].RequestID == "" || list[4].ConsentID != now.ID {
			w.Errorf("the withdrawal's event is %+v", list[4])
		}
		refusesConsent(w.T, press(w.latest()[""].ID), db.ConflictCode, "id")
		refusesConsent(w.T, press("consent_01k00000000000000000000000"), db.NotFoundCode, "id")
		refusesConsent(w.T, press("consent\x00"), db.NotFoundCode, "id")
		upload(w.T, w.store, w.live, `{"externalId": "C-2", "familyName": "Other"}`)
		other := contact(w.T, w.live, "C-2").ID
		refusesConsent(w.T, w.live.WithdrawConsentByID(w.Context(), other, now.ID, "", by), db.NotFoundCode, "id")
	})
}
