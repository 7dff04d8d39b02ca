package db_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"complero/db"
	"complero/db/dbtest"
	"complero/db/profile"
)

// plainRows reads rows whose columns are externalId, familyName, birthDate and
// employee.
type plainRows struct{}

func (plainRows) Item(cells []string) (profile.Input, []profile.Problem) {
	in := profile.Input{ExternalID: profile.Say(cells[0]), FamilyName: profile.Say(cells[1])}
	if cells[2] != "" {
		in.BirthDate = profile.Say(cells[2])
	}
	if cells[3] != "" {
		in.Employee = profile.Say(cells[3])
	}
	return in, nil
}

func (plainRows) Tidy(*profile.Input) {}

func eachImporter(t *testing.T, run func(t *testing.T, store *db.Store)) {
	t.Helper()
	dbtest.Each(t, run, func(c *db.Config) {
		c.OneConnection = true
		withPlainRows(c)
	})
}

// plainImport is how the rows of plainRows are imported.
func plainImport() db.Import {
	return db.Import{File: "kunden.csv", Format: "CSV", HeaderRow: 1, Columns: []string{"Nr", "Name", "Geburt", "Vermittler"}, Mapping: []byte(`{"columns":[
		{"title":"Nr","field":"externalId"},{"title":"Name","field":"familyName"},{"title":"Geburt","field":"birthDate"},{"title":"Vermittler","field":"employee"}]}`)}
}

// draft stores rows, each written as its cells with commas between.
func draft(t *testing.T, tenant *db.Tenant, rows ...string) *db.ImportDraft {
	t.Helper()
	d, err := tenant.DraftImport(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for n, row := range rows {
		if err := d.Add(t.Context(), db.ImportRow{Number: n + 2, Cells: strings.Split(row, ",")}); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

func accept(t *testing.T, tenant *db.Tenant, d *db.ImportDraft, in db.Import) *db.Operation {
	t.Helper()
	op, err := d.Accept(t.Context(), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	return op
}

// manyRows are rows K-from to K-until.
func manyRows(from, until int) []string {
	var rows []string
	for n := from; n < until; n++ {
		rows = append(rows, fmt.Sprintf("K-%05d,Kettenis,,", n))
	}
	return rows
}

func TestImportTakesGoodRowsAndNamesTheBadOnes(t *testing.T) {
	eachImporter(t, func(t *testing.T, store *db.Store) {
		live, _ := account(t, store, "Nordlicht")
		rows := append([]string{"K-A,Frohn,1970-12-31,V-9", "K-B,Kupfer,gestern,", ",Nobody,,"}, manyRows(0, 2500)...)
		rows = append(rows, "K-00007,Zweimal,,")
		d := draft(t, live, rows...)
		if err := d.Add(t.Context(), db.ImportRow{Number: len(rows) + 2, Fault: "the quote is never closed; close it"}); err != nil {
			t.Fatal(err)
		}
		op := work(t, store, live, accept(t, live, d, plainImport()))
		if op.Status != db.OperationCompleted || op.Created != 2501 || op.Rejected != 4 || *op.Total != 2505 {
			t.Fatalf("%+v", op)
		}
		var got []string
		for _, p := range op.Import.Problems {
			got = append(got, fmt.Sprint(p.Severity, " ", p.Code, " ", p.Field, " ", p.Column, " ", p.Count, " ", p.Rows))
		}
		want := []string{
			"WARNING NOT_FOUND employee Vermittler 1 [2]", "ERROR INVALID_DATE birthDate Geburt 1 [3]", "ERROR REQUIRED externalId Nr 1 [4]",
			"ERROR TAKEN externalId Nr 1 [2505]", "ERROR INVALID   1 [2506]",
		}
		if !slices.Equal(got, want) {
			t.Errorf("problems\n%q, want\n%q", got, want)
		}
		if c := contact(t, live, "K-A"); c == nil || *c.BirthDate() != "1970-12-31" || c.EmployeeID != "" {
			t.Errorf("the row with an unknown Employee became %+v", c)
		}
		var rejected []string
		err := live.RejectedRows(t.Context(), op, func(r db.RejectedRow) error {
			rejected = append(rejected, fmt.Sprint(r.Number, " ", r.Cells, " ", r.Sentence()))
			return nil
		})
		if err != nil || len(rejected) != 4 || !strings.Contains(rejected[0], `3 [K-B Kupfer gestern ] column "Geburt": "gestern"`) {
			t.Errorf("rejected %q, %v", rejected, err)
		}
	})
}

func TestDryRunTellsWhatAnImportWouldDoAndDoesNothing(t *testing.T) {
	eachImporter(t, func(t *testing.T, store *db.Store) {
		live, _ := account(t, store, "Nordlicht")
		upload(t, store, live, `{"externalId":"K-00000","familyName":"Kettenis"}`, `{"externalId":"K-00001","familyName":"Frohn"}`)
		before := events(t, live)
		in := plainImport()
		in.DryRun = true
		op := work(t, store, live, accept(t, live, draft(t, live, append(manyRows(0, 1200), "K-X,Kupfer,morgen,")...), in))
		if op.Created != 1198 || op.Synced != 2 || op.Unchanged != 1 || op.Rejected != 1 || op.Status != db.OperationCompleted {
			t.Errorf("%+v", op)
		}
		if after := events(t, live); !slices.Equal(before, after) {
			t.Errorf("events %q", after[len(before):])
		}
		if c := contact(t, live, "K-00002"); c != nil {
			t.Errorf("the dry run has stored %+v", c)
		}
		sample, err := live.ImportSample(t.Context(), op)
		if err != nil || len(sample) != 10 || sample[1].Contact.FamilyName != "Kettenis" || sample[1].ExternalID != "K-00001" {
			t.Errorf("sample %+v, %v", sample, err)
		}
	})
}

func TestCompleteImportReportsAndDeletesWhatIsMissing(t *testing.T) {
	eachImporter(t, func(t *testing.T, store *db.Store) {
		live, _ := account(t, store, "Nordlicht")
		work(t, store, live, accept(t, live, draft(t, live, manyRows(0, 1300)...), plainImport()))
		in := plainImport()
		in.Complete = &db.CompleteImport{MaxShare: 0.05}
		op := work(t, store, live, accept(t, live, draft(t, live, manyRows(20, 1300)...), in))
		if op.Status != db.OperationCompleted || op.Import.Missing == nil || *op.Import.Missing != 20 || op.Import.MissingSample[0] != "K-00000" || op.Deleted != 0 {
			t.Fatalf("reported %+v of %+v", op.Import, op)
		}
		in.Complete = &db.CompleteImport{MaxShare: 0.05, Delete: true}
		op = work(t, store, live, accept(t, live, draft(t, live, manyRows(20, 1300)...), in))
		if op.Status != db.OperationCompleted || op.Deleted != 20 || *op.Total != 1300 || op.Processed != 1300 || contact(t, live, "K-00019") != nil {
			t.Fatalf("deleted %+v", op)
		}
		if contact(t, live, "K-00020") == nil {
			t.Error("a Contact of the file is gone")
		}
		in.Complete = &db.CompleteImport{MaxShare: 0.05, Delete: true}
		op = work(t, store, live, accept(t, live, draft(t, live, manyRows(1200, 1300)...), in))
		if op.Status != db.OperationWaiting || len(op.Errors) != 1 || op.Deleted != 0 || contact(t, live, "K-00020") == nil {
			t.Fatalf("a file without most Contacts came to %+v", op)
		}
	})
}

func TestImportGoesOnInAnotherProcess(t *testing.T) {
	for _, engine := range []dbtest.Engine{dbtest.SQLite, dbtest.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			c := dbtest.Config(t, engine, func(c *db.Config) {
				withPlainRows(c)
			})
			first, err := db.Open(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			live, _ := account(t, first, "Nordlicht")
			rows := append(manyRows(0, 2000), manyRows(0, 10)...)
			op := accept(t, live, draft(t, live, rows...), plainImport())
			live.WorkSlice(t.Context(), op.ID)
			if err := first.Close(); err != nil {
				t.Fatal(err)
			}
			second, err := db.Open(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			defer second.Close()
			live, err = second.Work(t.Context(), db.TenantRef{CompanyID: live.Company.ID, Mode: db.Live})
			if err != nil {
				t.Fatal(err)
			}
			op = work(t, second, live, op)
			if op.Created != 2000 || op.Rejected != 10 {
				t.Errorf("%+v", op)
			}
		})
	}
}

func TestSameImportWithTheSameKeyIsOneOperation(t *testing.T) {
	eachImporter(t, func(t *testing.T, store *db.Store) {
		live, _ := account(t, store, "Nordlicht")
		first, err := draft(t, live, "K-1,Frohn,,").Accept(t.Context(), plainImport(), ptr("monday"))
		if err != nil {
			t.Fatal(err)
		}
		again, err := draft(t, live, "K-1,Frohn,,").Accept(t.Context(), plainImport(), ptr("monday"))
		if err != nil || again.ID != first.ID {
			t.Errorf("the same call made %v, %v", again, err)
		}
		_, err = draft(t, live, "K-2,Frohn,,").Accept(t.Context(), plainImport(), ptr("monday"))
		if db.CodeOf(err) != db.IdempotencyConflict {
			t.Errorf("another file with the same key: %v", err)
		}
		_, err = draft(t, live).Accept(t.Context(), plainImport(), nil)
		if db.CodeOf(err) != db.Required {
			t.Errorf("an empty file: %v", err)
		}
	})
}

func TestMappingsAreKeptByNameAndSource(t *testing.T) {
	eachImporter(t, func(t *testing.T, store *db.Store) {
		live, test := account(t, store, "Nordlicht")
		if _, err := live.SaveImportMapping(t.Context(), nil, " SAP ", []byte(`{"columns":[]}`)); err != nil {
			t.Fatal(err)
		}
		saved, err := live.SaveImportMapping(t.Context(), nil, "SAP", []byte(`{"columns":[{"title":"KUNNR","field":"externalId"}]}`))
		if err != nil {
			t.Fatal(err)
		}
		list, err := test.ImportMappings(t.Context(), nil)
		if err != nil || len(list) != 1 || string(list[0].Mapping) != string(saved.Mapping) {
			t.Errorf("kept %+v, %v", list, err)
		}
		if _, err := test.SaveImportMapping(t.Context(), nil, "SAP", []byte(`{}`)); db.CodeOf(err) != db.LiveOnly {
			t.Errorf("a test key: %v", err)
		}
		if _, err := live.ImportMapping(t.Context(), "crm", "HubSpot"); db.CodeOf(err) != db.NotFoundCode {
			t.Errorf("an unknown one: %v", err)
		}
		err = errors.Join(live.DeleteImportMapping(t.Context(), nil, "SAP"))
		if err != nil {
			t.Error(err)
		}
		if err := live.DeleteImportMapping(t.Context(), nil, "SAP"); db.CodeOf(err) != db.NotFoundCode {
			t.Errorf("deleted twice: %v", err)
		}
	})
}
