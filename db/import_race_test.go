package db_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"complero/db"
	"complero/db/dbtest"
)

// processes opens a database as two processes do; SQLite has one.
func processes(t *testing.T, engine dbtest.Engine) []*db.Store {
	t.Helper()
	c := dbtest.Config(t, engine, withPlainRows)
	var stores []*db.Store
	for n := 0; n == 0 || n == 1 && engine == dbtest.Postgres; n++ {
		store, err := db.Open(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = store.Close() })
		stores = append(stores, store)
	}
	return stores
}

func withPlainRows(c *db.Config) {
	c.Rows = func(*db.Import, *db.Company, []*db.CustomField) (db.RowReader, error) { return plainRows{}, nil }
}

func eachProcesses(t *testing.T, run func(t *testing.T, stores []*db.Store)) {
	for _, engine := range []dbtest.Engine{dbtest.SQLite, dbtest.Postgres} {
		t.Run(string(engine), func(t *testing.T) { run(t, processes(t, engine)) })
	}
}

// finish has a process work until an Operation is done.
func finish(ctx context.Context, worker *db.Tenant, id string) error {
	for ctx.Err() == nil {
		if done, err := worker.WorkOperation(ctx, id); done || err != nil {
			return err
		}
	}
	return ctx.Err()
}

// oneOrder checks that the events are numbered without a gap, and counts them
// by kind.
func oneOrder(t *testing.T, tenant *db.Tenant) map[db.EventKind]int {
	t.Helper()
	kinds := map[db.EventKind]int{}
	var after *string
	for number := int64(0); ; {
		page, err := tenant.Events(t.Context(), db.Page{First: ptr(1000), After: after}, db.EventFilter{})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Nodes {
			if number++; e.Number != number {
				t.Fatalf("place %d holds event %d", number, e.Number)
			}
			kinds[e.Kind]++
		}
		if !page.PageInfo.HasNextPage {
			return kinds
		}
		after = page.PageInfo.EndCursor
	}
}

// Two processes that make the same Contacts at the same moment, in opposite
// orders, make each of them once, and the later one changes it.
func TestTheSameNewContactsAreMadeOnceByTwoImportsAtOnce(t *testing.T) {
	eachProcesses(t, func(t *testing.T, stores []*db.Store) {
		live, _ := account(t, stores[0], "Nordlicht")
		const rounds, size = 10, 200
		for round := range rounds {
			there := manyRows(round*size, (round+1)*size)
			back := make([]string, size)
			for n, row := range there {
				back[size-1-n] = strings.Replace(row, ",Kettenis,,", ",Kettenis,1970-12-31,", 1)
			}
			ops := []*db.Operation{accept(t, live, draft(t, live, there...), plainImport()), accept(t, live, draft(t, live, back...), plainImport())}
			var ready sync.WaitGroup
			ready.Add(2)
			allAtOnce(t, 2, func(ctx context.Context, i int) error {
				worker := system(t, stores[i%len(stores)], live)
				return worker.WorkAfter(ctx, ops[i].ID, func() {
					ready.Done()
					ready.Wait()
				})
			})
			if c := contact(t, live, fmt.Sprintf("K-%05d", round*size)); c == nil || c.BirthDate() == nil || *c.FamilyName() != "Kettenis" {
				t.Fatalf("round %d: %+v", round, c)
			}
		}
		kinds := oneOrder(t, live)
		if kinds[db.CreateEvent] != rounds*size || kinds[db.SyncEvent] != rounds*size {
			t.Errorf("events %v", kinds)
		}
		if report, err := live.Report(t.Context(), db.ReportFilter{}); err != nil || report.Contacts != rounds*size {
			t.Errorf("the report counts %+v, %v", report, err)
		}
	})
}

// Files of two Sources about the same people, and two of one Source, all
// worked off at once by whatever processes there are: no field is lost.
func TestImportsOfTheSamePeopleAtOnceLoseNoField(t *testing.T) {
	eachProcesses(t, func(t *testing.T, stores []*db.Store) {
		live, _ := account(t, stores[0], "Nordlicht")
		if _, err := live.SaveSource(t.Context(), db.SourceSave{Key: "north", Name: ptr("Agentur Nord")}); err != nil {
			t.Fatal(err)
		}
		const size = 2500
		plain := manyRows(0, size)
		work(t, stores[0], live, acceptFrom(t, live, "north", withCells(plain, "N", "", ""), plainImport()))
		work(t, stores[0], live, acceptFrom(t, live, "crm", withCells(plain[:10], "K", "", ""), plainImport()))
		for n := range 10 {
			k, north := contact(t, live, fmt.Sprintf("K-%05d", n)), fmt.Sprintf("N-%05d", n)
			other, err := live.Contact(t.Context(), db.ContactRef{ExternalID: &north, Source: ptr("north")})
			if err == nil {
				_, err = live.MergeContacts(t.Context(), db.ContactsMerge{Keep: k.ID, Merge: other.ID})
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		ops := []*db.Operation{
			acceptFrom(t, live, "north", withCells(plain, "N", "", "1970-12-31"), plainImport()),
			acceptFrom(t, live, "crm", withCells(plain, "K", "Frohn", ""), plainImport()),
			acceptFrom(t, live, "crm", withCells(plain, "K", "Kupfer", ""), plainImport()),
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		var wait sync.WaitGroup
		for n, op := range ops {
			wait.Go(func() {
				if err := finish(ctx, system(t, stores[n%len(stores)], live), op.ID); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		for _, op := range ops {
			op, err := live.Operation(t.Context(), op.ID)
			if err != nil || op.Status != db.OperationCompleted || op.Rejected != 0 || op.Processed != size {
				t.Errorf("%+v, %v", op, err)
			}
		}
		for n := range 10 {
			if c := contact(t, live, fmt.Sprintf("K-%05d", n)); *c.FamilyName() != "Kupfer" || c.BirthDate() == nil {
				t.Errorf("%d: %s born %v", n, *c.FamilyName(), c.BirthDate())
			}
		}
		if kinds := oneOrder(t, live); kinds[db.CreateEvent] != 2*size || kinds[db.SyncEvent] != 2*size+10 {
			t.Errorf("events %v", kinds)
		}
	})
}

// withCells are plain rows under a Source's externalIds, with another family
// name and a date of birth where they say one.
func withCells(plain []string, letter, family, born string) []string {
	list := make([]string, len(plain))
	for n, row := range plain {
		cells := strings.Split(row, ",")
		cells[0], cells[2] = letter+cells[0][1:], born
		if family != "" {
			cells[1] = family
		}
		list[n] = strings.Join(cells, ",")
	}
	return list
}

func acceptFrom(t *testing.T, tenant *db.Tenant, source string, rows []string, in db.Import) *db.Operation {
	t.Helper()
	d, err := tenant.DraftImport(t.Context(), &source)
	if err != nil {
		t.Fatal(err)
	}
	for n, row := range rows {
		if err := d.Add(t.Context(), db.ImportRow{Number: n + 2, Cells: strings.Split(row, ",")}); err != nil {
			t.Fatal(err)
		}
	}
	return accept(t, tenant, d, in)
}

// An import, uploads and answers of the same Contacts, and imports that are
// cancelled half way, all at once: each keeps what it said.
func TestAnImportGoesWithUploadsAnswersAndCancelsAtOnce(t *testing.T) {
	withAgencies(t, func(a *agencies) {
		const people, rounds = 8, 12
		var uploads, links []string
		for n := range people {
			uploads = append(uploads, fmt.Sprintf(`{"externalId":"K-%05d","givenName":"Kim","emails":[{"address":"kim%d@example.org"}]}`, n, n))
		}
		a.upload(a.test, uploads...)
		for n := range people {
			links = append(links, a.token(a.test, a.ask(a.test, fmt.Sprintf("K-%05d", n))[0]))
		}
		worker := a.system(a.test)
		long := accept(a.T, a.test, draft(a.T, a.test, manyRows(0, 4000)...), plainImport())
		allAtOnce(a.T, 4, func(ctx context.Context, i int) error {
			if i == 0 {
				return finish(ctx, worker, long.ID)
			}
			for n := range rounds {
				if err := a.besides(ctx, worker, i, n, links[n%people]); err != nil {
					return fmt.Errorf("caller %d, round %d: %w", i, n, err)
				}
			}
			return nil
		})
		if err := finish(a.Context(), worker, long.ID); err != nil {
			a.Fatal(err)
		}
		for n := range people {
			c := contact(a.T, a.test, fmt.Sprintf("K-%05d", n))
			if got := fmt.Sprint(*c.FamilyName(), " ", *c.Title(), " ", *c.GivenName()); got != fmt.Sprintf("Kettenis Dr. %d Juliane", rounds-1) {
				a.Errorf("%d: %s", n, got)
			}
		}
		if kinds := oneOrder(a.T, a.test); kinds[db.UpdateEvent] < people || kinds[db.SyncEvent] < people*(rounds+1) {
			a.Errorf("events %v", kinds)
		}
		op, err := a.test.Operation(a.Context(), long.ID)
		if err != nil || op.Status != db.OperationCompleted || op.Created != 4000-people || op.Synced != people {
			a.Errorf("%+v, %v", op, err)
		}
	}, withPlainRows)
}

// besides is what one of the callers does in a round beside a long import.
func (a *agencies) besides(ctx context.Context, worker *db.Tenant, caller, round int, link string) error {
	switch caller {
	case 1:
		var items []string
		for n := range 8 {
			items = append(items, fmt.Sprintf(`{"externalId":"K-%05d","title":"Dr. %d"}`, n, round))
		}
		op, err := a.test.UploadContacts(ctx, db.ContactsUpload{Contacts: []byte("[" + strings.Join(items, ",") + "]"), Count: 8})
		if err == nil && round%3 == 2 { // the last round among them
			err = finish(ctx, worker, op.ID)
		}
		return err
	case 2:
		l, err := a.store.OpenLink(ctx, link)
		if err == nil {
			_, err = l.Answer(ctx, db.Answer{Data: a.says(`{"givenName":"Juliane"}`)})
		}
		return err
	}
	d, err := a.test.DraftImport(ctx, nil)
	for n := 0; n < 1500 && err == nil; n++ {
		err = d.Add(ctx, db.ImportRow{Number: n + 1, Cells: []string{fmt.Sprintf("X-%02d-%04d", round, n), "Nobody", "", ""}})
	}
	if err != nil {
		return err
	}
	op, err := d.Accept(ctx, plainImport(), nil)
	if err == nil && round%2 == 0 {
		_, err = worker.WorkOperation(ctx, op.ID)
	}
	if err == nil {
		_, err = a.test.CancelOperation(ctx, op.ID)
	}
	if db.CodeOf(err) == db.ConflictCode { // it has ended before
		err = nil
	}
	return err
}
