package db_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"time"

	"complero/db"
)

func TestDecideConsentsRecordsOnlyWhatChanges(t *testing.T) {
	tests := []struct{ said, events, states string }{
		{"yes", "GRANTED", "GRANTED"},
		{"no", "DECLINED", "DECLINED"},
		{"yes yes", "GRANTED", "GRANTED"},
		{"no no", "DECLINED", "DECLINED"},
		{"yes no", "GRANTED WITHDRAWN", "WITHDRAWN"},
		{"yes no no", "GRANTED WITHDRAWN", "WITHDRAWN"},
		{"no yes", "DECLINED GRANTED", "DECLINED GRANTED"},
		{"yes no yes", "GRANTED WITHDRAWN GRANTED", "WITHDRAWN GRANTED"},
		{"no yes no yes", "DECLINED GRANTED WITHDRAWN GRANTED", "DECLINED WITHDRAWN GRANTED"},
	}
	for _, test := range tests {
		t.Run(test.said, func(t *testing.T) {
			withConsents(t, func(w *consentWorld) {
				w.define("news", db.ConsentEmail)
				for word := range strings.FieldsSeq(test.said) {
					w.say("news", word == "yes") // the clock stands still: history has its order all the same
				}
				if got := w.eventKinds(); got != test.events {
					w.Errorf("events %q, want %q", got, test.events)
				}
				var states []string
				history := w.history()
				for _, c := range history {
					states = append(states, string(c.State))
				}
				if got := strings.Join(states, " "); got != test.states {
					w.Errorf("states %q, want %q", got, test.states)
				}
				last := history[len(history)-1]
				for i, c := range history {
					if c.Latest != (c == last) || i > 0 && !c.DecidedAt.After(history[i-1].DecidedAt) {
						w.Errorf("decision %d of %d: latest %v, decided %s", i, len(history), c.Latest, c.DecidedAt)
					}
				}
			})
		})
	}
}

func TestDecideConsentsKeepsWhatWasShown(t *testing.T) {
	withConsents(t, func(w *consentWorld) {
		first := w.define("news", db.ConsentEmail, db.ConsentPhone)
		w.save(db.ConsentDefinitionSave{Key: "news", Wordings: []db.ConsentWording{{Locale: "de", Title: "Neu", Wording: "Ganz anders"}}})
		r := &db.Request{ID: "request_01k00000000000000000000000", Channel: ptr(db.Email)}
		evidence := db.Evidence{Manner: "web-app", IP: "192.0.2.1", UserAgent: "Browser"}
		decisions := []db.ConsentDecision{
			{Key: "news", Channel: ptr(db.ConsentEmail), Granted: true, Version: 1, Locale: "en-GB"},
			{Key: "news", Channel: ptr(db.ConsentPhone), Granted: true},
		}
		if err := w.live.DecideConsents(w.Context(), w.contact, r, decisions, evidence); err != nil {
			w.Fatal(err)
		}
		latest := w.latest()
		mail, phone := latest[db.ConsentEmail], latest[db.ConsentPhone]
		if mail.Version != 1 || mail.Locale != "en" || *mail.RequestID != r.ID || !mail.DecidedAt.Equal(w.now()) {
			w.Errorf("the older version is recorded as %+v", mail)
		}
		if phone.Version != 2 || phone.Locale != "de" {
			w.Errorf("the current version, in the Contact's language, is recorded as %d %s", phone.Version, phone.Locale)
		}
		sum := sha256.Sum256([]byte("News\nI want **news**."))
		want := db.Evidence{Manner: "web-app", IP: "192.0.2.1", UserAgent: "Browser", Channel: db.Email, WordingHash: hex.EncodeToString(sum[:])}
		if fmt.Sprint(mail.Evidence) != fmt.Sprint(want) {
			w.Errorf("evidence is %+v, want %+v", mail.Evidence, want)
		}
		texts, err := w.live.ConsentWordings(w.Context(), []*db.Consent{mail, phone})
		if err != nil || texts[mail.ID] != first.WordingFor("en").Wording || texts[phone.ID] != "Ganz anders" {
			w.Errorf("wordings are %v, %v", texts, err)
		}
		for i, e := range w.eventList() {
			consent, channel := mail, ptr(db.Email)
			if i == 1 {
				consent, channel = phone, nil // a call is no Channel that a Request goes by
			}
			if e.Kind != db.ConsentGrantedEvent || e.ConsentID != consent.ID || e.RequestID != r.ID ||
				(e.Channel == nil) != (channel == nil) || channel != nil && *e.Channel != *channel {
				w.Errorf("event %d is %+v", i, e)
			}
		}
	})
}

func TestDecideConsentsWithoutChannelMeansAll(t *testing.T) {
	withConsents(t, func(w *consentWorld) {
		w.define("news", db.ConsentEmail, db.ConsentSMS, db.ConsentWhatsApp)
		w.say("news", true)
		w.define("news", db.ConsentEmail, db.ConsentLetter)
		w.say("news", false, db.ConsentWhatsApp) // no longer asked for, but still granted
		if got := w.latest()[db.ConsentWhatsApp].State; got != db.ConsentWithdrawn {
			w.Errorf("WHATSAPP is %s", got)
		}
		w.say("news", false)
		states := ""
		for _, c := range []db.ConsentChannel{db.ConsentEmail, db.ConsentSMS, db.ConsentWhatsApp, db.ConsentLetter} {
			states += " " + string(w.latest()[c].State)
		}
		if states != " WITHDRAWN WITHDRAWN WITHDRAWN DECLINED" {
			w.Errorf("states are%s", states)
		}
		w.define("photo")
		w.say("photo", true)
		if c := w.latest()[""]; c == nil || c.Channel() != nil || c.State != db.ConsentGranted {
			w.Errorf("a Consent about no Channel is %+v", c)
		}
	})
}

func TestDecideConsentsRefusesWhatWasNeverAsked(t *testing.T) {
	tests := []struct {
		name      string
		decisions []db.ConsentDecision
		code      db.Code
		path      string
	}{
		{"unknown key", []db.ConsentDecision{{Key: "other"}}, db.NotFoundCode, "consents.0.key"},
		{"impossible key", []db.ConsentDecision{{Key: "news"}, {Key: "n\x00"}}, db.NotFoundCode, "consents.1.key"},
		{"unknown Channel", []db.ConsentDecision{{Key: "news", Channel: ptr(db.ConsentPhone), Granted: true}}, db.Invalid, "consents.0.channel"},
		{"unknown Channel refused", []db.ConsentDecision{{Key: "news", Channel: ptr(db.ConsentPhone)}}, db.Invalid, "consents.0.channel"},
		{"Channel of one without", []db.ConsentDecision{{Key: "photo", Channel: ptr(db.ConsentEmail), Granted: true}}, db.Invalid, "consents.0.channel"},
		{"version to come", []db.ConsentDecision{{Key: "news", Version: 2}}, db.Invalid, "consents.0.version"},
		{"version below 1", []db.ConsentDecision{{Key: "news", Version: -1}}, db.Invalid, "consents.0.version"},
		{"yes and no", []db.ConsentDecision{{Key: "news", Granted: true}, {Key: "news", Channel: ptr(db.ConsentEmail)}}, db.Invalid, "consents.1.granted"},
		{"no longer asked for", []db.ConsentDecision{{Key: "old", Granted: true}}, db.ConflictCode, "consents.0.key"},
	}
	withConsents(t, func(w *consentWorld) {
		w.define("news", db.ConsentEmail)
		w.define("photo")
		w.save(db.ConsentDefinitionSave{Key: "old", Active: ptr(false), Wordings: []db.ConsentWording{{Locale: "de", Title: "Alt", Wording: "Alt"}}})
		for _, test := range tests {
			w.Run(test.name, func(t *testing.T) {
				refusesConsent(t, w.live.DecideConsents(t.Context(), w.contact, nil, test.decisions, db.Evidence{}), test.code, test.path)
			})
		}
		if n := len(w.history()); n != 0 {
			w.Errorf("%d decisions were recorded all the same", n)
		}
		shownBefore := []db.ConsentDecision{{Key: "old", Granted: true, Version: 1}, {Key: "old", Granted: true, Version: 1}}
		if err := w.live.DecideConsents(w.Context(), w.contact, nil, shownBefore, db.Evidence{}); err != nil {
			w.Errorf("what was shown before it was put off is refused: %v", err)
		}
		if got := w.eventKinds(); got != "GRANTED" {
			w.Errorf("the same said twice gives %q", got)
		}
	})
}

func TestDecideConsentsKeepsProofOfAdvertisingForFiveYears(t *testing.T) {
	withConsents(t, func(w *consentWorld) {
		w.define("news", db.ConsentEmail, db.ConsentPhone)
		w.say("news", true, db.ConsentEmail)
		w.say("news", false, db.ConsentPhone)
		retained := func(channel db.ConsentChannel, want *time.Time) {
			w.Helper()
			got := w.latest()[channel].RetainUntil
			if (got == nil) != (want == nil) || want != nil && !got.Equal(*want) {
				w.Errorf("%q is retained until %v, want %v", channel, got, want)
			}
		}
		retained(db.ConsentEmail, ptr(consentBegin.AddDate(5, 0, 0)))
		retained(db.ConsentPhone, nil)
		w.pass(48 * time.Hour)
		w.say("news", false, db.ConsentEmail)
		retained(db.ConsentEmail, ptr(w.now().AddDate(5, 0, 0)))
		w.save(db.ConsentDefinitionSave{Key: "photo", Wordings: []db.ConsentWording{{Locale: "de", Title: "Bild", Wording: "Bild"}}})
		w.say("photo", true)
		retained("", nil)
		w.say("photo", false)
		retained("", nil)
	})
}

func TestDecideConsentsLeavesOneLatestWhenManyDecideAtOnce(t *testing.T) {
	withConsents(t, func(w *consentWorld) {
		w.define("news", db.ConsentEmail, db.ConsentPhone)
		allAtOnce(w.T, 16, func(ctx context.Context, i int) error {
			decisions := []db.ConsentDecision{{Key: "news", Granted: i%2 == 0}}
			return w.live.DecideConsents(ctx, w.contact, nil, decisions, db.Evidence{Manner: fmt.Sprint(i)})
		})
		if n := len(w.latest()); n != 2 { // latest itself reports two for one Channel
			w.Errorf("decisions about %d Channels, want 2", n)
		}
		for _, channel := range []db.ConsentChannel{db.ConsentEmail, db.ConsentPhone} {
			before := db.EventKind("")
			for _, e := range w.eventList() {
				if (e.Channel == nil) != (channel == db.ConsentPhone) {
					continue
				}
				if e.Kind == before {
					w.Errorf("%s twice in a row for %s", e.Kind, channel)
				}
				before = e.Kind
			}
		}
	})
}
