package db_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"complero/db"
)

// pending has Contacts K-1 … K-n uploaded, and not yet worked off.
func pending(t *testing.T, tenant *db.Tenant, n int) *db.Operation {
	t.Helper()
	items := make([]string, n)
	for i := range items {
		items[i] = fmt.Sprintf(`{"externalId":"K-%d","familyName":"Kupfer"}`, i+1)
	}
	op, err := tenant.UploadContacts(t.Context(), db.ContactsUpload{Contacts: []byte("[" + strings.Join(items, ",") + "]"), Count: n})
	if err != nil {
		t.Fatal(err)
	}
	return op
}

func system(t *testing.T, store *db.Store, tenant *db.Tenant) *db.Tenant {
	t.Helper()
	s, err := store.Work(t.Context(), db.TenantRef{CompanyID: tenant.Company.ID, Mode: tenant.Mode})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// told is an Operation's status with the code of what kept it from changing.
func told(op *db.Operation, err error) string {
	if op == nil {
		return string(db.CodeOf(err))
	}
	return strings.TrimSpace(fmt.Sprint(op.Status, " ", db.CodeOf(err)))
}

func TestOnlyWhatHasNotEndedIsCancelledOrConfirmed(t *testing.T) {
	each(t, func(t *testing.T, store *db.Store) {
		live, _ := account(t, store, "Nordlicht")
		for _, tt := range []struct{ set, cancelled, confirmed string }{
			{"status = 'PENDING'", "CANCELLED", "CONFLICT"},
			{"status = 'RUNNING'", "CANCELLED", "CONFLICT"},
			{`status = 'WAITING_FOR_CONFIRMATION', errors = '[{"code":"CONFLICT","message":"too many"}]'`, "CANCELLED", "RUNNING"},
			{"status = 'COMPLETED', finished_at = created_at", "CONFLICT", "CONFLICT"},
			{"status = 'FAILED', finished_at = created_at", "CONFLICT", "CONFLICT"},
			{"status = 'CANCELLED', finished_at = created_at", "CANCELLED", "CONFLICT"},
		} {
			one, other := pending(t, live, 1), pending(t, live, 1)
			store.SetOperation(t.Context(), one.ID, tt.set)
			store.SetOperation(t.Context(), other.ID, tt.set)
			op, err := live.CancelOperation(t.Context(), one.ID)
			if got := told(op, err); got != tt.cancelled {
				t.Errorf("%s: cancelling gives %s (%v), want %s", tt.set, got, err, tt.cancelled)
			}
			again, err := live.CancelOperation(t.Context(), one.ID)
			if got := told(again, err); got != tt.cancelled {
				t.Errorf("%s: cancelling twice gives %s (%v), want %s", tt.set, got, err, tt.cancelled)
			}
			if op != nil && (op.FinishedAt == nil || !op.FinishedAt.Equal(*again.FinishedAt) || len(op.Errors) > 0) {
				t.Errorf("%s: cancelled as %+v and as %+v", tt.set, op, again)
			}
			op, err = live.ConfirmOperation(t.Context(), other.ID)
			if got := told(op, err); got != tt.confirmed {
				t.Errorf("%s: confirming gives %s (%v), want %s", tt.set, got, err, tt.confirmed)
			}
			if op != nil && (op.FinishedAt != nil || len(op.Errors) > 0 || !op.Options.Confirmed) {
				t.Errorf("%s: confirmed as %+v", tt.set, op)
			}
		}
	})
}

func TestNobodyElseCancelsAnOperation(t *testing.T) {
	each(t, func(t *testing.T, store *db.Store) {
		live, test := account(t, store, "Nordlicht")
		stranger, _ := account(t, store, "Südlicht")
		op := pending(t, live, 1)
		reader, clerk := *live, *live
		reader.Viewer.Rights = []db.Right{db.ContactsRead}
		clerk.Viewer.Rights = []db.Right{db.EmployeesWrite}
		for name, tt := range map[string]struct {
			tenant *db.Tenant
			id     string
			want   db.Code
		}{
			"another mode": {test, op.ID, db.NotFoundCode}, "another Company": {stranger, op.ID, db.NotFoundCode},
			"no such id": {live, "operation_0", db.NotFoundCode}, "no id": {live, "", db.NotFoundCode},
			"a reader": {&reader, op.ID, db.Forbidden}, "one for Employees only": {&clerk, op.ID, db.Forbidden},
		} {
			_, err := tt.tenant.CancelOperation(t.Context(), tt.id)
			_, confirmErr := tt.tenant.ConfirmOperation(t.Context(), tt.id)
			if db.CodeOf(err) != tt.want || db.CodeOf(confirmErr) != tt.want {
				t.Errorf("%s: cancelling gives %v, confirming %v, want %s", name, err, confirmErr, tt.want)
			}
		}
		if op = work(t, store, live, op); op.Created != 1 {
			t.Errorf("afterwards %+v", op)
		}
	})
}

func TestACancelledOperationKeepsWhatItApplied(t *testing.T) {
	each(t, func(t *testing.T, store *db.Store) {
		live, _ := account(t, store, "Nordlicht")
		upload(t, store, live, `{"externalId":"K-1"}`)
		op := pending(t, live, 3)
		// As after a first slice of one item.
		store.SetOperation(t.Context(), op.ID, "status = 'RUNNING', processed = 1, synced = 1")
		next := pending(t, live, 1)
		err := system(t, store, live).WorkAfter(t.Context(), op.ID, func() {
			if _, err := live.CancelOperation(t.Context(), op.ID); err != nil {
				t.Fatal(err)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		op = work(t, store, live, op)
		if got := fmt.Sprintln(op.Status, op.Processed, op.Synced, op.Created); got != "CANCELLED 1 1 0\n" {
			t.Errorf("it has come to %s", got)
		}
		if contact(t, live, "K-1") == nil || contact(t, live, "K-2") != nil {
			t.Error("what was applied is gone, or what was not is there")
		}
		if next = work(t, store, live, next); next.Synced != 1 {
			t.Errorf("the next Operation is %+v", next)
		}
		if got := events(t, live); !slices.Equal(got, []string{"1 CREATE K-1", "2 SYNC K-1"}) {
			t.Errorf("events %q", got)
		}
	})
}

func TestACancelWaitsForTheSliceUnderWay(t *testing.T) {
	each(t, func(t *testing.T, store *db.Store) {
		live, _ := account(t, store, "Nordlicht")
		op := pending(t, live, 3)
		cancelled := make(chan string, 1)
		err := system(t, store, live).WorkDuring(t.Context(), op.ID, func() {
			go func() { cancelled <- told(live.CancelOperation(context.WithoutCancel(t.Context()), op.ID)) }()
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := <-cancelled; got != "CONFLICT" {
			t.Errorf("the cancel gives %s, want CONFLICT", got)
		}
		if op, err = live.Operation(t.Context(), op.ID); err != nil || op.Status != db.OperationCompleted || op.Created != 3 {
			t.Errorf("it is %+v, %v", op, err)
		}
	})
}

func TestAnOperationIsCancelledOrDoneAndNeverBoth(t *testing.T) {
	each(t, func(t *testing.T, store *db.Store) {
		live, _ := account(t, store, "Nordlicht")
		worker := system(t, store, live)
		created := 0
		for range 20 {
			op := pending(t, live, 5)
			worked := make(chan error, 1)
			go func() {
				_, err := worker.WorkOperation(context.WithoutCancel(t.Context()), op.ID)
				worked <- err
			}()
			_, err := live.CancelOperation(t.Context(), op.ID)
			if code := db.CodeOf(err); err != nil && code != db.ConflictCode {
				t.Error(err)
			}
			if err := <-worked; err != nil {
				t.Error(err)
			}
			after, err2 := live.Operation(t.Context(), op.ID)
			if err2 != nil {
				t.Fatal(err2)
			}
			done := after.Created + after.Synced
			if cancelled := err == nil; cancelled != (after.Status == db.OperationCancelled) || cancelled != (done == 0) || after.FinishedAt == nil {
				t.Errorf("the cancel said %v, and the Operation is %+v", err, after)
			}
			created += after.Processed
		}
		if got := len(events(t, live)); got != created {
			t.Errorf("%d events of %d items", got, created)
		}
	})
}

func TestAConfirmedOperationGoesOn(t *testing.T) {
	each(t, func(t *testing.T, store *db.Store) {
		live, _ := account(t, store, "Nordlicht")
		op := pending(t, live, 2)
		store.SetOperation(t.Context(), op.ID, "status = 'WAITING_FOR_CONFIRMATION'")
		later := work(t, store, live, pending(t, live, 1))
		if later.Created != 1 {
			t.Errorf("what comes later waits too: %+v", later)
		}
		if got := work(t, store, live, later); got.Status != db.OperationCompleted {
			t.Error("the later one has not ended")
		}
		jobs := func() (n int) {
			for _, row := range store.Dump(t.Context(), "river_job") {
				if strings.Contains(row, op.ID) {
					n++
				}
			}
			return n
		}
		before := jobs()
		if _, err := live.ConfirmOperation(t.Context(), op.ID); err != nil {
			t.Fatal(err)
		}
		if got := jobs(); got != before+1 {
			t.Errorf("there are %d jobs after %d, want one more", got, before)
		}
		if op = work(t, store, live, op); op.Status != db.OperationCompleted || op.Processed != 2 {
			t.Errorf("it is %+v", op)
		}
	})
}
