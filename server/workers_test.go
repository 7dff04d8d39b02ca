package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"complero/db"
	"complero/db/dbtest"
	"complero/server/deliver"
)

// stubSender sends nothing.
type stubSender struct{}

func (stubSender) Deliver(context.Context, *db.Tenant) (bool, time.Time, error) {
	return false, time.Time{}, nil
}

func (stubSender) Notify(context.Context, *db.Tenant, db.NotifyEmployee) error { return nil }

func (stubSender) MailSignIn(context.Context, *db.Tenant, db.MailSignIn) error { return nil }

func (stubSender) SendCode(context.Context, *db.Tenant, db.SendVerificationCode) error { return nil }

func (stubSender) Enquire(context.Context, *db.Tenant, db.SendEnquiry) error { return nil }

func (stubSender) Digest(context.Context, *db.Tenant, db.SendDigest) error { return nil }

func (stubSender) Propose(context.Context, *db.Tenant, db.SendProposal) error { return nil }

func (stubSender) Report(context.Context, *db.Tenant, *db.ReportMail, deliver.ReportFile) error {
	return nil
}

func TestResumeInsertsWhatIsUnfinishedOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		account, err := store.CreateAccount(t.Context(), db.Setup{Customer: "Holding", Company: "Nord", Country: "DE", Locale: "de"})
		if err != nil {
			t.Fatal(err)
		}
		tenant, err := store.Authenticate(t.Context(), account.LiveKey)
		if err != nil {
			t.Fatal(err)
		}
		upload := db.ContactsUpload{Contacts: json.RawMessage(`[{"externalId":"K-1"}]`), Count: 1}
		if _, err := tenant.UploadContacts(t.Context(), upload); err != nil {
			t.Fatal(err)
		}
		w, err := newWorkers(store, stubSender{}, 1, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			if err := w.resume(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		vitals, err := store.Vitals(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		want := db.JobCount{Queue: db.OperationsQueue, State: "available", Count: 2}
		if len(vitals.Jobs) != 1 || vitals.Jobs[0] != want || vitals.OperationsUnfinished != 1 {
			t.Errorf("vitals = %+v, want the upload's own job and one more", vitals)
		}
	})
}

func TestOnlyTheStopReleasesAJob(t *testing.T) {
	w := &workers{}
	fault := errors.New("the database is gone")
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := w.released(ended, fault); !errors.Is(err, fault) {
		t.Errorf("a job whose time is up ends with %v, want its own error", err)
	}
	w.stopping.Store(true)
	if err := w.released(t.Context(), fault); !errors.Is(err, fault) {
		t.Errorf("a job that failed by itself ends with %v, want its own error", err)
	}
	var snoozed *river.JobSnoozeError
	if err := w.released(ended, fault); !errors.As(err, &snoozed) {
		t.Errorf("an interrupted job ends with %v, want to come again", err)
	}
	if err := w.released(ended, nil); err != nil {
		t.Errorf("a job that is done ends with %v", err)
	}
}
