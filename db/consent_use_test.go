package db_test

import (
	"testing"
	"time"

	"complero/db"
)

func TestRecordConsentUseRestartsTheFiveYears(t *testing.T) {
	withConsents(t, func(w *consentWorld) {
		w.define("news", db.ConsentEmail)
		w.say("news", true)
		w.pass(72 * time.Hour)
		use := db.ConsentUse{ContactExternalID: "C-1", Key: "news"}
		got, err := w.live.RecordConsentUse(w.Context(), use)
		if err != nil || len(got) != 1 {
			w.Fatalf("recorded %v, %v", got, err)
		}
		used := w.now()
		marks := func(c *db.Consent) {
			w.Helper()
			if !c.LastUsedAt.Equal(used) || !c.RetainUntil.Equal(used.AddDate(5, 0, 0)) {
				w.Errorf("last used %s, retained until %s", c.LastUsedAt, c.RetainUntil)
			}
		}
		marks(got[0])
		use.UsedAt = ptr(used.Add(-24 * time.Hour)) // told late: nothing moves back
		if got, err = w.live.RecordConsentUse(w.Context(), use); err != nil {
			w.Fatal(err)
		}
		marks(got[0])
		w.say("news", false)
		if got, err = w.live.RecordConsentUse(w.Context(), use); err != nil {
			w.Errorf("a use before the withdrawal, told after it, is refused: %v", err)
		} else if got[0].State != db.ConsentWithdrawn {
			w.Errorf("it made %s of the withdrawn Consent", got[0].State)
		}
		use.UsedAt = nil
		_, err = w.live.RecordConsentUse(w.Context(), use)
		refusesConsent(w.T, err, db.ConflictCode, "key")
	})
}

func TestRecordConsentUseIsOnlyOfWhatWasGrantedThen(t *testing.T) {
	withConsents(t, func(w *consentWorld) {
		w.define("news", db.ConsentEmail, db.ConsentPhone, db.ConsentSMS)
		w.pass(time.Hour)
		w.say("news", true, db.ConsentEmail, db.ConsentPhone)
		w.say("news", false, db.ConsentSMS)
		at := func(d time.Duration) *time.Time { return ptr(w.now().Add(d)) }
		mail, sms := ptr(db.ConsentEmail), ptr(db.ConsentSMS)
		tests := []struct {
			name string
			use  db.ConsentUse
			code db.Code
			path string
		}{
			{"which Channel", db.ConsentUse{ContactExternalID: "C-1", Key: "news"}, db.Required, "channel"},
			{"declined", db.ConsentUse{ContactExternalID: "C-1", Key: "news", Channel: sms}, db.ConflictCode, "key"},
			{"before the grant", db.ConsentUse{ContactExternalID: "C-1", Key: "news", Channel: mail, UsedAt: at(-time.Minute)}, db.ConflictCode, "key"},
			{"in the future", db.ConsentUse{ContactExternalID: "C-1", Key: "news", Channel: mail, UsedAt: at(6 * time.Minute)}, db.Invalid, "usedAt"},
			{"a clock a little ahead", db.ConsentUse{ContactExternalID: "C-1", Key: "news", Channel: mail, UsedAt: at(4 * time.Minute)}, "", ""},
			{"unknown key", db.ConsentUse{ContactExternalID: "C-1", Key: "other"}, db.NotFoundCode, "key"},
			{"unknown Contact", db.ConsentUse{ContactExternalID: "C-2", Key: "news"}, db.NotFoundCode, "contactExternalId"},
		}
		for _, test := range tests {
			w.Run(test.name, func(t *testing.T) {
				_, err := w.live.RecordConsentUse(t.Context(), test.use)
				if test.code != "" {
					refusesConsent(t, err, test.code, test.path)
				} else if err != nil {
					t.Error(err)
				}
			})
		}
	})
}
