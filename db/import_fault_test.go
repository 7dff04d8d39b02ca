package db_test

import (
	"slices"
	"testing"
	"time"

	"complero/db"
	"complero/db/dbtest"
)

// What cannot be read for the moment is read later; what never can ends the
// Operation.
func TestImportWaitsForRowsThatCannotBeReadNow(t *testing.T) {
	eachImporter(t, func(t *testing.T, store *db.Store) {
		live, _ := account(t, store, "Nordlicht")
		op := accept(t, live, draft(t, live, manyRows(0, 1500)...), plainImport())
		system, err := store.Work(t.Context(), db.TenantRef{CompanyID: live.Company.ID, Mode: db.Live})
		if err != nil {
			t.Fatal(err)
		}
		live.WorkSlice(t.Context(), op.ID)
		store.Run(t.Context(), "ALTER TABLE import_rows RENAME TO away")
		if done, err := system.WorkOperation(t.Context(), op.ID); err == nil || done {
			t.Errorf("worked off without its rows: %t, %v", done, err)
		}
		store.Run(t.Context(), "ALTER TABLE away RENAME TO import_rows")
		if op = work(t, store, live, op); op.Status != db.OperationCompleted || op.Created != 1500 {
			t.Errorf("%+v", op)
		}
		op = accept(t, live, draft(t, live, manyRows(0, 1500)...), plainImport())
		store.Run(t.Context(), "DELETE FROM import_rows WHERE first_item = 1000 AND operation_id = '"+op.ID+"'")
		if op = work(t, store, live, op); op.Status != db.OperationFailed || op.Synced != 1000 || len(op.Errors) != 1 {
			t.Errorf("without some of its rows: %+v", op)
		}
	})
}

// Rows that never became an Operation go a day later, and no others.
func TestRowsThatWereNeverAcceptedAreForgotten(t *testing.T) {
	now := time.Now()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		live, _ := account(t, store, "Nordlicht")
		left := draft(t, live, manyRows(0, 2000)...)
		op, err := draft(t, live, manyRows(0, 3000)...).Accept(t.Context(), plainImport(), nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, tt := range []struct {
			after time.Duration
			packs int
		}{{time.Hour, 5}, {25 * time.Hour, 3}} {
			now = time.Now().Add(tt.after)
			if err := store.Upkeep(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := len(store.Dump(t.Context(), "import_rows")); got != tt.packs {
				t.Errorf("%d packs of rows after %s, want %d", got, tt.after, tt.packs)
			}
		}
		if left.Total() != 2000 || *op.Total != 3000 {
			t.Errorf("%d and %d rows", left.Total(), *op.Total)
		}
	}, func(c *db.Config) { c.Clock = func() time.Time { return now } })
}

// Whoever discards a file whose call was broken off does not take the rows
// away from the Operation that they have become.
func TestDiscardKeepsWhatWasAccepted(t *testing.T) {
	eachImporter(t, func(t *testing.T, store *db.Store) {
		live, _ := account(t, store, "Nordlicht")
		d := draft(t, live, manyRows(0, 1100)...)
		op := accept(t, live, d, plainImport())
		if err := d.Discard(t.Context()); err != nil {
			t.Fatal(err)
		}
		if op = work(t, store, live, op); op.Created != 1100 {
			t.Errorf("%+v", op)
		}
		d = draft(t, live, manyRows(0, 1100)...)
		if err := d.Discard(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := len(store.Dump(t.Context(), "import_rows")); got != 2 {
			t.Errorf("%d packs of rows are left", got)
		}
	})
}

// A slice that is written once more, as after a deadlock, says of its items
// what it said the first time.
func TestAnItemIsJudgedOnceHoweverOftenItIsWritten(t *testing.T) {
	eachImporter(t, func(t *testing.T, store *db.Store) {
		live, _ := account(t, store, "Nordlicht")
		uploadEmployees(t, store, live, map[string]any{"externalId": "V-1", "displayName": "Defne Kupfer"})
		upload(t, store, live, `{"externalId":"K-3","familyName":"Abroad","addresses":[{"city":"Paris","countryCode":"FR"}]}`)
		system, err := store.Work(t.Context(), db.TenantRef{CompanyID: live.Company.ID, Mode: db.Live})
		if err != nil {
			t.Fatal(err)
		}
		op := accept(t, live, draft(t, live, "K-1,Frohn,,V-9", "K-2,Kupfer,,V-1"), plainImport())
		if err := system.WorkTwice(t.Context(), op.ID); err != nil {
			t.Fatal(err)
		}
		op = work(t, store, live, op)
		if op.Created != 2 || len(op.Import.Problems) != 1 || op.Import.Problems[0].Count != 1 {
			t.Errorf("%+v of %+v", op.Import.Problems, op)
		}
		list := `[{"externalId":"K-1","employee":"V-9"}, {"externalId":"K-2","birthDate":"gestern","employee":"V-1"},
			{"externalId":"K-3","phones":[{"number":"06 19 58 02 77"}]}, {"externalId":"K-3","phones":[{"number":"06 19 58 02 78"}]}]`
		op, err = live.UploadContacts(t.Context(), db.ContactsUpload{Contacts: []byte(list), Count: 4})
		if err == nil {
			err = system.WorkTwice(t.Context(), op.ID)
		}
		if err != nil {
			t.Fatal(err)
		}
		want := []string{
			"0 REJECTED NOT_FOUND [contacts 0 employee]", "1 REJECTED INVALID_DATE [contacts 1 birthDate]",
			"2 SYNCED", "3 REJECTED TAKEN [contacts 3 externalId]",
		}
		if got := items(t, live, work(t, store, live, op)); !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	})
}

// What a process keeps in mind of an import goes with the import, however it ends.
func TestAnImportThatEndedIsForgotten(t *testing.T) {
	eachImporter(t, func(t *testing.T, store *db.Store) {
		live, _ := account(t, store, "Nordlicht")
		op := accept(t, live, draft(t, live, manyRows(0, 2500)...), plainImport())
		live.WorkSlice(t.Context(), op.ID)
		if n := store.Importings(); n != 1 {
			t.Fatalf("%d imports are kept in mind while there is one", n)
		}
		if _, err := live.CancelOperation(t.Context(), op.ID); err != nil {
			t.Fatal(err)
		}
		op = work(t, store, live, op)
		if n := store.Importings(); n != 0 || op.Status != db.OperationCancelled || op.Created != 1000 {
			t.Errorf("%d imports are kept in mind after %+v", n, op)
		}
	})
}
