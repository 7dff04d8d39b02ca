package db_test

import (
	"fmt"
	"testing"
	"time"

	"complero/db"
	"complero/db/dbtest"
)

// watch watches an Operation until the test ends or it is closed.
func watch(t *testing.T, tenant *db.Tenant, id string) *db.OperationWatch {
	t.Helper()
	w, err := tenant.WatchOperation(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	return w
}

// next waits for a change and tells what the Operation is then.
func next(t *testing.T, tenant *db.Tenant, w *db.OperationWatch) string {
	t.Helper()
	select {
	case <-w.Changed():
	case <-time.After(time.Minute):
		t.Fatal("nothing changes for a minute")
	}
	op, err := w.Operation(tenant)
	if err != nil {
		return string(db.CodeOf(err))
	}
	return fmt.Sprint(op.Status, " ", op.Processed)
}

func TestAWatchFollowsItsOperationToTheEnd(t *testing.T) {
	each(t, func(t *testing.T, store *db.Store) {
		live, _ := account(t, store, "Nordlicht")
		op := pending(t, live, 2)
		w := watch(t, live, op.ID)
		want := func(state string) {
			t.Helper()
			if got := next(t, live, w); got != state {
				t.Errorf("it sees %s, want %s", got, state)
			}
		}
		want("PENDING 0")
		store.SetOperation(t.Context(), op.ID, "status = 'RUNNING', processed = 1")
		want("RUNNING 1")
		store.SetOperation(t.Context(), op.ID, "status = 'WAITING_FOR_CONFIRMATION'")
		want("WAITING_FOR_CONFIRMATION 1")
		if _, err := live.ConfirmOperation(t.Context(), op.ID); err != nil {
			t.Fatal(err)
		}
		want("RUNNING 1")
		if _, err := live.CancelOperation(t.Context(), op.ID); err != nil {
			t.Fatal(err)
		}
		want("CANCELLED 1")
		if n := store.Watched(); n != 0 {
			t.Errorf("%d Operations are read after the end", n)
		}
		ended := watch(t, live, op.ID)
		if got := next(t, live, ended); got != "CANCELLED 1" || store.Watched() != 0 {
			t.Errorf("a watch of what has ended sees %s and reads %d", got, store.Watched())
		}
	})
}

func TestAWatchSeesWhatAnotherProcessDoes(t *testing.T) {
	config := dbtest.Config(t, dbtest.Postgres)
	open := func() *db.Store {
		store, err := db.Open(t.Context(), config)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = store.Close() })
		return store
	}
	here, there := open(), open()
	live, _ := account(t, here, "Nordlicht")
	op := pending(t, live, 2)
	w := watch(t, live, op.ID)
	if got := next(t, live, w); got != "PENDING 0" {
		t.Errorf("it sees %s first", got)
	}
	work(t, there, live, op)
	if got := next(t, live, w); got != "COMPLETED 2" {
		t.Errorf("it sees %s", got)
	}
}

func TestManyWatchersAreOneReader(t *testing.T) {
	each(t, func(t *testing.T, store *db.Store) {
		live, test := account(t, store, "Nordlicht")
		op := pending(t, live, 1)
		var all []*db.OperationWatch
		for range 100 {
			w := watch(t, live, op.ID)
			next(t, live, w)
			all = append(all, w)
		}
		other := watch(t, test, pending(t, test, 1).ID)
		if n := store.Watched(); n != 2 {
			t.Errorf("%d Operations are read, want 2", n)
		}
		other.Close()
		all[0].Close()
		work(t, store, live, op)
		for _, w := range all[1:] {
			if got := next(t, live, w); got != "COMPLETED 1" {
				t.Fatalf("one sees %s", got)
			}
		}
		select {
		case <-all[0].Changed():
			t.Error("a watch that was closed has a signal")
		default:
		}
		if n := store.Watched(); n != 0 {
			t.Errorf("%d Operations are read though nobody watches", n)
		}
	})
}

func TestNobodyElseWatches(t *testing.T) {
	each(t, func(t *testing.T, store *db.Store) {
		live, test := account(t, store, "Nordlicht")
		stranger, _ := account(t, store, "Südlicht")
		op := pending(t, live, 1)
		w := watch(t, live, op.ID)
		reader := *live
		reader.Viewer.Rights = []db.Right{db.ContactsRead}
		for name, tt := range map[string]struct {
			tenant *db.Tenant
			want   db.Code
		}{"another mode": {test, db.NotFoundCode}, "another Company": {stranger, db.NotFoundCode}, "a reader": {&reader, db.Forbidden}} {
			if _, err := tt.tenant.WatchOperation(t.Context(), op.ID); db.CodeOf(err) != tt.want {
				t.Errorf("%s begins to watch: %v, want %s", name, err, tt.want)
			}
			if _, err := w.Operation(tt.tenant); db.CodeOf(err) != tt.want {
				t.Errorf("%s watches: %v, want %s", name, err, tt.want)
			}
		}
		if _, err := live.WatchOperation(t.Context(), "operation_0"); db.CodeOf(err) != db.NotFoundCode {
			t.Errorf("an unknown Operation gives %v", err)
		}
	})
}

func TestATenantIsRenewedAsItsKeyIsByNow(t *testing.T) {
	each(t, func(t *testing.T, store *db.Store) {
		live, test := account(t, store, "Nordlicht")
		if _, err := live.UpdateCompany(t.Context(), db.CompanyChange{Name: ptr("Nordlicht AG")}); err != nil {
			t.Fatal(err)
		}
		for _, tenant := range []*db.Tenant{live, test} {
			renewed, err := tenant.Renew(t.Context())
			if err != nil || renewed.Company.Name != "Nordlicht AG" || renewed.Mode != tenant.Mode || renewed.Viewer.KeyID != tenant.Viewer.KeyID {
				t.Errorf("renewed to %+v, %v", renewed, err)
			}
		}
		store.RevokeKeys(t.Context())
		if _, err := live.Renew(t.Context()); db.CodeOf(err) != db.Unauthenticated {
			t.Errorf("a revoked key gives %v", err)
		}
		if _, err := system(t, store, live).Renew(t.Context()); db.CodeOf(err) != db.Unauthenticated {
			t.Errorf("a Tenant without a key gives %v", err)
		}
	})
}
