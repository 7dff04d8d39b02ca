package db_test

import (
	"fmt"
	"testing"

	"complero/db"
)

// completeImport is how plain rows are imported that are all that the Source
// has: the rest is deleted, up to a share.
func completeImport(maxShare float64) db.Import {
	in := plainImport()
	in.Complete = &db.CompleteImport{MaxShare: maxShare, Delete: true}
	return in
}

// draftDocuments stores rows that are JSON.
func draftDocuments(t *testing.T, tenant *db.Tenant, documents ...string) *db.ImportDraft {
	t.Helper()
	d, err := tenant.DraftImport(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for n, document := range documents {
		if err := d.Add(t.Context(), db.ImportRow{Number: n + 1, Document: []byte(document)}); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

func TestCompleteImportKnowsAnExternalIDInEverySpelling(t *testing.T) {
	eachImporter(t, func(t *testing.T, store *db.Store) {
		live, _ := account(t, store, "Nordlicht")
		upload(t, store, live, `{"externalId":"A 1"}`, `{"externalId":"M\u00fcller"}`, `{"externalId":"C"}`, `{"externalId":"D"}`)
		for _, file := range [][]string{
			{"A 1,Frohn,,", "M\u00fcller,Frohn,,", "C,Frohn,,"},
			{"A  1,Frohn,,", "Mu\u0308ller,Frohn,,", " C ,Frohn,,"},
			{"A\u00a01,Frohn,,", "Mu\u0308ller ,Frohn,,", "C,Frohn,,"},
		} {
			op := work(t, store, live, accept(t, live, draft(t, live, file...), completeImport(0.9)))
			if op.Status != db.OperationCompleted || op.Synced != 3 || op.Created != 0 {
				t.Fatalf("the file %q came to %+v", file, op)
			}
			for _, id := range []string{"A 1", "M\u00fcller", "C"} {
				if contact(t, live, id) == nil {
					t.Errorf("the file %q deleted %q, which stands in it", file, id)
				}
			}
		}
		if contact(t, live, "D") != nil {
			t.Error("what no file has is still there")
		}
	})
}

func TestTwoSpellingsOfOneExternalIDAreOneRowTooMany(t *testing.T) {
	eachImporter(t, func(t *testing.T, store *db.Store) {
		live, _ := account(t, store, "Nordlicht")
		op := work(t, store, live, accept(t, live, draft(t, live, "A  1,Frohn,,", "A 1,Kupfer,,"), plainImport()))
		if op.Created != 1 || op.Rejected != 1 || op.Import.Problems[0].Code != db.Taken {
			t.Errorf("%+v: %v", op, items(t, live, op))
		}
	})
}

// A row that cannot be read may be about anybody: whoever stands in it by
// externalId stays, and where not even that can be read, a person decides.
func TestCompleteImportDeletesNobodyForAnUnreadableRow(t *testing.T) {
	for _, tt := range []struct {
		name, row string
		want      db.OperationStatus
	}{
		{"whose externalId can be read", `{"externalId":"K-00007","familyName":5}`, db.OperationCompleted},
		{"that is cut short", `{"externalId":"K-00007","fam`, db.OperationWaiting},
		{"that is no object", `[]`, db.OperationWaiting},
		{"with an externalId of another type", `{"externalId":{"of":"K-00007"}}`, db.OperationWaiting},
	} {
		t.Run(tt.name, func(t *testing.T) {
			eachImporter(t, func(t *testing.T, store *db.Store) {
				live, _ := account(t, store, "Nordlicht")
				work(t, store, live, accept(t, live, draft(t, live, manyRows(0, 100)...), plainImport()))
				var documents []string
				for n := range 100 {
					documents = append(documents, fmt.Sprintf(`{"externalId":"K-%05d","familyName":"Kettenis"}`, n))
				}
				documents[7] = tt.row
				op := work(t, store, live, accept(t, live, draftDocuments(t, live, documents...), completeImport(0.05)))
				if op.Status != tt.want || op.Deleted != 0 || op.Rejected != 1 || contact(t, live, "K-00007") == nil {
					t.Errorf("%+v, problems %+v", op, op.Import.Problems)
				}
			})
		})
	}
}

// Between a complete file and the confirmation of what it is to delete, the
// world goes on: who came or was told of since stays.
func TestLateConfirmationSparesWhomTheSourceHasToldOfSince(t *testing.T) {
	eachImporter(t, func(t *testing.T, store *db.Store) {
		live, _ := account(t, store, "Nordlicht")
		work(t, store, live, accept(t, live, draft(t, live, "A,Frohn,,", "B,Frohn,,", "C,Frohn,,", "D,Frohn,,"), plainImport()))
		op := work(t, store, live, accept(t, live, draft(t, live, "A,Frohn,,"), completeImport(0.05)))
		if op.Status != db.OperationWaiting || *op.Import.Missing != 3 {
			t.Fatalf("%+v", op)
		}
		upload(t, store, live, `{"externalId":"A-new","familyName":"Kupfer"}`, `{"externalId":"C","familyName":"Frohn"}`)
		if _, err := live.ConfirmOperation(t.Context(), op.ID); err != nil {
			t.Fatal(err)
		}
		op = work(t, store, live, op)
		if op.Status != db.OperationCompleted || op.Deleted != 2 || op.Processed != *op.Total || *op.Total != 3 {
			t.Errorf("confirmed, it came to %+v", op)
		}
		for id, stays := range map[string]bool{"A": true, "A-new": true, "B": false, "C": true, "D": false} {
			if there := contact(t, live, id) != nil; there != stays {
				t.Errorf("%s is on file: %t, want %t", id, there, stays)
			}
		}
	})
}
