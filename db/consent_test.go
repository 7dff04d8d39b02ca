package db_test

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"complero/db"
	"complero/db/dbtest"
)

// consentBegin is the moment at which these tests begin.
var consentBegin = time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)

// consentWorld is a Company with one Contact, at a moment that a test moves.
type consentWorld struct {
	*testing.T
	store      *db.Store
	live, test *db.Tenant
	contact    string
	at         *atomic.Int64
}

// withConsents runs a test on each engine.
func withConsents(t *testing.T, run func(w *consentWorld)) {
	t.Helper()
	var at atomic.Int64
	settings := func(c *db.Config) {
		c.OneConnection = true
		c.Clock = func() time.Time { return consentBegin.Add(time.Duration(at.Load())) }
	}
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		at.Store(0)
		w := &consentWorld{T: t, store: store, at: &at}
		w.live, w.test = account(t, store, "Nordlicht Versicherung")
		upload(t, store, w.live, `{"externalId": "C-1", "givenName": "Ada", "familyName": "Muster", "locale": "de-AT"}`)
		w.contact = contact(t, w.live, "C-1").ID
		run(w)
	}, settings)
}

// pass moves the clock on.
func (w *consentWorld) pass(d time.Duration) { w.at.Add(int64(d)) }

func (w *consentWorld) now() time.Time { return consentBegin.Add(time.Duration(w.at.Load())) }

// define saves an advertising definition in German and English.
func (w *consentWorld) define(key string, channels ...db.ConsentChannel) *db.ConsentDefinition {
	w.Helper()
	return w.save(db.ConsentDefinitionSave{
		Key: key, Advertising: ptr(true), Channels: channels,
		Wordings: []db.ConsentWording{{Locale: "en", Title: "News", Wording: "I want **news**."}, {Locale: "de", Title: "Neues", Wording: "Ich will **Neues**."}},
	})
}

func (w *consentWorld) save(s db.ConsentDefinitionSave) *db.ConsentDefinition {
	w.Helper()
	d, err := w.live.SaveConsentDefinition(w.Context(), s)
	if err != nil {
		w.Fatalf("save %s: %v", s.Key, err)
	}
	return d
}

// say records a decision of the Contact about a key.
func (w *consentWorld) say(key string, granted bool, channels ...db.ConsentChannel) {
	w.Helper()
	decisions := []db.ConsentDecision{{Key: key, Granted: granted}}
	if len(channels) > 0 {
		decisions = nil
	}
	for _, c := range channels {
		decisions = append(decisions, db.ConsentDecision{Key: key, Channel: &c, Granted: granted})
	}
	if err := w.live.DecideConsents(w.Context(), w.contact, nil, decisions, db.Evidence{Manner: "web-app"}); err != nil {
		w.Fatalf("decide %s: %v", key, err)
	}
}

// latest are the Contact's decisions that count now, by Channel.
func (w *consentWorld) latest() map[db.ConsentChannel]*db.Consent {
	w.Helper()
	all, err := w.live.ConsentsOf(w.Context(), []string{w.contact})
	if err != nil {
		w.Fatal(err)
	}
	found := map[db.ConsentChannel]*db.Consent{}
	for _, c := range all[w.contact] {
		if found[c.ChannelOrNone] != nil {
			w.Errorf("two decisions about %q count at once", c.ChannelOrNone)
		}
		found[c.ChannelOrNone] = c
	}
	return found
}

// history is every decision of the Contact, oldest first.
func (w *consentWorld) history() []*db.Consent {
	w.Helper()
	list, err := w.live.Consents(w.Context(), db.Page{}, db.ConsentFilter{ContactExternalID: ptr("C-1")})
	if err != nil {
		w.Fatal(err)
	}
	slices.Reverse(list.Nodes)
	return list.Nodes
}

// events are the kinds of the Contact's events about Consents, in order.
func (w *consentWorld) eventKinds() string {
	w.Helper()
	var kinds []string
	for _, e := range w.eventList() {
		kinds = append(kinds, strings.TrimPrefix(string(e.Kind), "CONSENT_"))
	}
	return strings.Join(kinds, " ")
}

func (w *consentWorld) eventList() []*db.Event {
	w.Helper()
	list, err := w.live.Events(w.Context(), db.Page{}, db.EventFilter{ContactID: w.contact})
	if err != nil {
		w.Fatal(err)
	}
	return slices.DeleteFunc(list.Nodes, func(e *db.Event) bool { return !strings.HasPrefix(string(e.Kind), "CONSENT_") })
}

// refusesConsent checks an error's code and path.
func refusesConsent(t *testing.T, err error, code db.Code, path string) {
	t.Helper()
	errs := db.ErrorsOf(err)
	if len(errs) == 0 {
		t.Fatalf("got %v, want %s at %q", err, code, path)
	}
	if errs[0].Code != code || strings.Join(errs[0].Path, ".") != path {
		t.Errorf("got %s at %q (%s), want %s at %q", errs[0].Code, strings.Join(errs[0].Path, "."), errs[0].Message, code, path)
	}
}

func TestConsentsBelongToOneCompanyAndMode(t *testing.T) {
	withConsents(t, func(w *consentWorld) {
		w.define("news", db.ConsentEmail)
		w.say("news", true)
		id := w.latest()[db.ConsentEmail].ID
		stranger, _ := account(w.T, w.store, "Fremde Firma")
		for name, other := range map[string]*db.Tenant{"another Company": stranger, "test mode": w.test} {
			seesNoConsent(w.T, name, other, id, w.contact)
		}
		if list, err := stranger.ConsentDefinitions(w.Context()); err != nil || len(list) != 0 {
			w.Errorf("another Company sees %d definitions, %v", len(list), err)
		}
		if list, err := w.test.ConsentDefinitions(w.Context()); err != nil || len(list) != 1 {
			w.Errorf("test mode sees %d definitions, want the 1 there is: %v", len(list), err)
		}
	})
}

func seesNoConsent(t *testing.T, name string, other *db.Tenant, id, contact string) {
	t.Helper()
	ctx := t.Context()
	if c, err := other.ConsentByID(ctx, id); err != nil || c != nil {
		t.Errorf("%s: ConsentByID gives %v, %v", name, c, err)
	}
	if of, err := other.ConsentsOf(ctx, []string{contact}); err != nil || len(of) != 0 {
		t.Errorf("%s: ConsentsOf gives %v, %v", name, of, err)
	}
	if list, err := other.Consents(ctx, db.Page{}, db.ConsentFilter{}); err != nil || len(list.Nodes) != 0 {
		t.Errorf("%s: Consents gives %v, %v", name, list, err)
	}
}

func TestConsentsNeedTheirRights(t *testing.T) {
	withConsents(t, func(w *consentWorld) {
		bare := *w.live
		bare.Viewer = db.Viewer{Kind: db.APIKeyViewer}
		ctx := w.Context()
		for name, call := range map[string]func() error{
			"SaveConsentDefinition": func() error { _, err := bare.SaveConsentDefinition(ctx, db.ConsentDefinitionSave{}); return err },
			"ConsentDefinitions":    func() error { _, err := bare.ConsentDefinitions(ctx); return err },
			"ConsentDefinitionByID": func() error { _, err := bare.ConsentDefinitionByID(ctx, ""); return err },
			"WithdrawConsent":       func() error { _, err := bare.WithdrawConsent(ctx, db.ConsentWithdraw{}); return err },
			"RecordConsentUse":      func() error { _, err := bare.RecordConsentUse(ctx, db.ConsentUse{}); return err },
			"Consents":              func() error { _, err := bare.Consents(ctx, db.Page{}, db.ConsentFilter{}); return err },
			"ConsentsOf":            func() error { _, err := bare.ConsentsOf(ctx, nil); return err },
			"ConsentByID":           func() error { _, err := bare.ConsentByID(ctx, ""); return err },
			"ConsentWordings":       func() error { _, err := bare.ConsentWordings(ctx, nil); return err },
			"Permission":            func() error { _, err := bare.Permission(ctx, db.PermissionAsk{}); return err },
		} {
			if code := db.CodeOf(call()); code != db.Forbidden {
				w.Errorf("%s without the right gives %q, want FORBIDDEN", name, code)
			}
		}
	})
}

func TestConsentsListNewestFirstByPageAndFilter(t *testing.T) {
	withConsents(t, func(w *consentWorld) {
		w.define("news", db.ConsentEmail, db.ConsentPhone)
		w.define("offers", db.ConsentEmail)
		w.say("news", true)
		w.pass(time.Hour)
		w.say("offers", false)
		since := w.now()
		w.pass(time.Hour)
		w.say("news", false, db.ConsentPhone)
		w.pass(time.Hour)
		w.say("news", true, db.ConsentPhone)

		tests := []struct {
			name   string
			filter db.ConsentFilter
			want   int
		}{
			{"all", db.ConsentFilter{}, 4},
			{"of the Contact", db.ConsentFilter{ContactExternalID: ptr("C-1"), Source: ptr("crm")}, 4},
			{"of nobody", db.ConsentFilter{ContactExternalID: ptr("C-2")}, 0},
			{"of no possible id", db.ConsentFilter{ContactExternalID: ptr("C\x00-1")}, 0},
			{"by key", db.ConsentFilter{Key: ptr("offers")}, 1},
			{"by unknown key", db.ConsentFilter{Key: ptr("nothing")}, 0},
			{"by Channel", db.ConsentFilter{Channel: ptr(db.ConsentPhone)}, 2},
			{"by state", db.ConsentFilter{State: ptr(db.ConsentGranted)}, 2},
			{"since", db.ConsentFilter{DecidedSince: &since}, 2},
		}
		for _, test := range tests {
			list, err := w.live.Consents(w.Context(), db.Page{}, test.filter)
			if err != nil || len(list.Nodes) != test.want {
				w.Errorf("%s: %d, %v; want %d", test.name, len(list.Nodes), err, test.want)
				continue
			}
			if n, err := list.TotalCount(w.Context()); err != nil || n == nil || *n != test.want {
				w.Errorf("%s: counted %v, %v; want %d", test.name, n, err, test.want)
			}
		}
		first := consentPage(w, db.Page{First: ptr(3)})
		rest := consentPage(w, db.Page{First: ptr(3), After: first.PageInfo.EndCursor})
		if len(first.Nodes) != 3 || !first.PageInfo.HasNextPage || len(rest.Nodes) != 1 || rest.PageInfo.HasNextPage {
			w.Errorf("pages of %d and %d, want 3 and 1", len(first.Nodes), len(rest.Nodes))
		}
		if got := first.Nodes[0]; got.ChannelOrNone != db.ConsentPhone || got.State != db.ConsentGranted {
			w.Errorf("newest is %s %s", got.ChannelOrNone, got.State)
		}
		_, err := w.live.Consents(w.Context(), db.Page{}, db.ConsentFilter{Source: ptr("crm")})
		refusesConsent(w.T, err, db.Required, "contactExternalId")
		_, err = w.live.Consents(w.Context(), db.Page{}, db.ConsentFilter{Source: ptr("agency"), ContactExternalID: ptr("C-1")})
		refusesConsent(w.T, err, db.NotFoundCode, "source")
	})
}

func consentPage(w *consentWorld, page db.Page) *db.Connection[*db.Consent] {
	w.Helper()
	list, err := w.live.Consents(w.Context(), page, db.ConsentFilter{})
	if err != nil {
		w.Fatal(err)
	}
	return list
}

// allAtOnce runs n calls at once and waits for them.
func allAtOnce(t *testing.T, n int, call func(ctx context.Context, i int) error) {
	t.Helper()
	errs := make(chan error, n)
	for i := range n {
		go func() { errs <- call(t.Context(), i) }()
	}
	for range n {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}
