package demo

import (
	"log/slog"
	"testing"
	"time"

	"complero/db"
)

func TestMakeTellsAWholeStory(t *testing.T) {
	dir := t.TempDir()
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	began := time.Now()
	accounts, err := Make(t.Context(), dir, time.Now(), log)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("made in %s", time.Since(began).Round(time.Millisecond))
	again, err := Make(t.Context(), dir, time.Now(), log)
	if err != nil {
		t.Fatal(err)
	}
	if len(accounts) != 2 || len(again) != 2 || again[0] != accounts[0] {
		t.Fatalf("accounts = %v, made again %v", accounts, again)
	}
	store, err := db.Open(t.Context(), db.Config{DataDir: dir, BaseURL: "http://localhost:8080", Demo: true, MailRoute: true, SMSRoute: true, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, a := range accounts {
		checkStory(t, store, a)
	}
}

func checkStory(t *testing.T, store *db.Store, a Account) {
	tenant, err := store.Authenticate(t.Context(), a.LiveKey)
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []db.EventKind{
		db.CreateEvent, db.SyncEvent, db.ConflictEvent, db.UpdateEvent, db.ConfirmEvent, db.StopEvent, db.RequestSentEvent,
		db.RequestExpiredEvent, db.RequestSuppressedEvent, db.ConsentGrantedEvent, db.ConsentWithdrawnEvent,
	} {
		events, err := tenant.Events(t.Context(), db.Page{}, db.EventFilter{Kinds: []db.EventKind{kind}})
		if err != nil {
			t.Fatal(err)
		}
		if len(events.Nodes) == 0 {
			t.Errorf("%s has no event %s", a.Company, kind)
		}
	}
	report, err := tenant.Report(t.Context(), db.ReportFilter{})
	if err != nil {
		t.Fatal(err)
	}
	if report.Contacts < 100 || report.Updated < 10 || report.Confirmed < 10 || report.Declined < 1 {
		t.Errorf("%s has a dull report: %+v", a.Company, report)
	}
	messages, err := tenant.Outbox(t.Context(), db.Page{})
	if err != nil || len(messages.Nodes) == 0 {
		t.Errorf("%s has an empty outbox (%v)", a.Company, err)
	}
}
