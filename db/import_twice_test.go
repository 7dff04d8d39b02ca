package db_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"complero/db"
)

// somewhatBad are rows of which every tenth has a date of birth that is none,
// and every hundredth no externalId.
func somewhatBad(n int) []string {
	rows := manyRows(0, n)
	for i := range rows {
		switch {
		case i%100 == 0:
			rows[i] = ",Kettenis,,"
		case i%10 == 0:
			rows[i] = fmt.Sprintf("K-%05d,Kettenis,gestern,", i)
		}
	}
	return rows
}

// wantSomewhatBad checks that the figures of an import of so many rows count
// each of them once.
func wantSomewhatBad(t *testing.T, tenant *db.Tenant, id string, n int) {
	t.Helper()
	op, err := tenant.Operation(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if op.Status != db.OperationCompleted || *op.Total != n || op.Processed != n || op.Created != n-n/10 || op.Rejected != n/10 || op.Import.Unread != n/100 {
		t.Errorf("%+v, %d without externalId", op, op.Import.Unread)
	}
	counted := 0
	for _, p := range op.Import.Problems {
		counted += p.Count
	}
	if counted != n/10 {
		t.Errorf("%d problems are told, want %d: %+v", counted, n/10, op.Import.Problems)
	}
	if kinds := oneOrder(t, tenant); kinds[db.CreateEvent] != n-n/10 || len(kinds) != 1 {
		t.Errorf("events %v", kinds)
	}
}

func TestTwoProcessesCountTheRowsOfOneImportOnce(t *testing.T) {
	const size = 3500
	tests := []struct {
		name string
		// work has two processes at the Operation, before it is finished by one.
		work func(ctx context.Context, one, two *db.Tenant, id string) error
	}{
		{"at the same slice", func(ctx context.Context, one, two *db.Tenant, id string) (err error) {
			return one.WorkAfter(ctx, id, func() { two.WorkSlice(ctx, id) })
		}},
		{"at one slice behind the other", func(ctx context.Context, one, two *db.Tenant, id string) error {
			return one.WorkNextAfter(ctx, id, func() { two.WorkSlice(ctx, id) })
		}},
		{"of which one is left behind", func(ctx context.Context, one, two *db.Tenant, id string) (err error) {
			failed := one.WorkNextAfter(ctx, id, func() { err = finish(ctx, two, id) })
			return errors.Join(err, failed)
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			eachProcesses(t, func(t *testing.T, stores []*db.Store) {
				live, _ := account(t, stores[0], "Nordlicht")
				op := accept(t, live, draft(t, live, somewhatBad(size)...), plainImport())
				one, two := system(t, stores[0], live), system(t, stores[len(stores)-1], live)
				if err := tt.work(t.Context(), one, two, op.ID); err != nil {
					t.Fatal(err)
				}
				if err := finish(t.Context(), one, op.ID); err != nil {
					t.Fatal(err)
				}
				wantSomewhatBad(t, live, op.ID, size)
			})
		})
	}
	t.Run("all the time", func(t *testing.T) {
		eachProcesses(t, func(t *testing.T, stores []*db.Store) {
			live, _ := account(t, stores[0], "Nordlicht")
			op := accept(t, live, draft(t, live, somewhatBad(2*size)...), plainImport())
			allAtOnce(t, 2, func(ctx context.Context, i int) error {
				return finish(ctx, system(t, stores[i%len(stores)], live), op.ID)
			})
			wantSomewhatBad(t, live, op.ID, 2*size)
		})
	})
}

// What a complete file lacks is counted by whoever comes to its end, and noted
// by the first of them.
func TestTwoProcessesNoteOnceWhatACompleteFileLacks(t *testing.T) {
	eachProcesses(t, func(t *testing.T, stores []*db.Store) {
		live, _ := account(t, stores[0], "Nordlicht")
		work(t, stores[0], live, accept(t, live, draft(t, live, manyRows(0, 30)...), plainImport()))
		op := accept(t, live, draft(t, live, manyRows(3, 30)...), completeImport(0.5))
		one, two := system(t, stores[0], live), system(t, stores[len(stores)-1], live)
		one.WorkSlice(t.Context(), op.ID)
		if err := one.WorkAfter(t.Context(), op.ID, func() { two.WorkSlice(t.Context(), op.ID) }); err != nil {
			t.Fatal(err)
		}
		op = work(t, stores[0], live, op)
		if op.Status != db.OperationCompleted || *op.Total != 30 || op.Processed != 30 || op.Deleted != 3 {
			t.Errorf("%+v of %d", op, *op.Total)
		}
	})
}
