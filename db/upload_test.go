package db_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"complero/db"
)

func TestUploadCreatesThenSyncs(t *testing.T) {
	each(t, func(t *testing.T, store *db.Store) {
		live, test := account(t, store, "Nordlicht")
		uploadEmployees(t, store, live, map[string]any{"externalId": "V-1", "givenName": "Defne", "familyName": "Kupfer", "email": "Defne@Example.com"})
		kettenis := `{"externalId":"K-1","employee":"V-1","salutation":"Frau","givenName":"Juliane","familyName":"Kettenis",
			"emails":[{"address":" Juliane.Kettenis@Example.NET "}],"phones":[{"number":"0049 160/4905728"}],
			"addresses":[{"street":"Alkenrather Str.","houseNumber":"317","postalCode":"83310","city":"Krullland","countryCode":"DE"}]}`
		op := upload(t, store, live, kettenis)
		if op.Status != db.OperationCompleted || op.Created != 1 || op.Processed != 1 {
			t.Fatalf("first upload: %+v", op)
		}
		c := contact(t, live, "K-1")
		if got := fmt.Sprint(c.Emails()[0].Address, " ", c.Phones()[0].Number, " ", c.Phones()[0].Kind); got != "juliane.kettenis@example.net +491604905728 MOBILE" {
			t.Errorf("normalised to %s", got)
		}
		if contact(t, test, "K-1") != nil {
			t.Error("test mode sees the live Contact")
		}
		op = upload(t, store, live, kettenis, `{"externalId":"K-2","familyName":"Frohn"}`)
		if op.Synced != 1 || op.Unchanged != 1 || op.Created != 1 {
			t.Errorf("second upload: %+v", op)
		}
		op = upload(t, store, live, `{"externalId":"K-1","employee":null,"familyName":"Kettenis-Frohn"}`)
		if op.Synced != 1 || op.Unchanged != 0 {
			t.Errorf("third upload: %+v", op)
		}
		want := []string{"1 CREATE K-1", "2 SYNC K-1", "3 CREATE K-2", "4 SYNC K-1", "5 REASSIGN K-1"}
		if got := events(t, live); !slices.Equal(got, want) {
			t.Errorf("events %q, want %q", got, want)
		}
		changes, err := live.EventChanges(t.Context(), []int64{1, 2, 4, 5})
		if err != nil {
			t.Fatal(err)
		}
		if len(changes[1]) < 6 || len(changes[2]) != 0 {
			t.Errorf("changes of CREATE %d, of an unchanged SYNC %d", len(changes[1]), len(changes[2]))
		}
		if got := fmt.Sprintf("%s %s %s", changes[4][0].Field, changes[4][0].Before, changes[4][0].After); got != `familyName "Kettenis" "Kettenis-Frohn"` {
			t.Errorf("change %s", got)
		}
		if got := fmt.Sprintf("%s %s %s", changes[5][0].Field, changes[5][0].Before, changes[5][0].After); got != `employee "V-1" null` {
			t.Errorf("change %s", got)
		}
		report, err := live.Report(t.Context(), db.ReportFilter{})
		if err != nil || report.Contacts != 2 {
			t.Errorf("report counts %+v, %v", report, err)
		}
	})
}

func TestOneBadItemHurtsOnlyItself(t *testing.T) {
	each(t, func(t *testing.T, store *db.Store) {
		live, _ := account(t, store, "Nordlicht")
		op := upload(t, store, live,
			`{"externalId":"K-1","emails":[{"address":"no address"}]}`,
			`{"familyName":"Namenlos"}`,
			`{"externalId":"K-3","employee":"V-404"}`,
			`{"externalId":"K-4","familyName":"Gut"}`,
			`{"externalId":"K-4","familyName":"Doppelt"}`,
			`{"externalId":"K-6","customFields":[1]}`,
		)
		want := []string{
			"0 REJECTED INVALID_EMAIL [contacts 0 emails 0 address]",
			"1 REJECTED REQUIRED [contacts 1 externalId]",
			"2 REJECTED NOT_FOUND [contacts 2 employee]",
			"3 CREATED",
			"4 REJECTED TAKEN [contacts 4 externalId]",
			"5 REJECTED INVALID [contacts 5 customFields]",
		}
		if got := items(t, live, op); !slices.Equal(got, want) {
			t.Errorf("items\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		named, err := live.OperationItems(t.Context(), op, db.Page{}, db.OperationItemFilter{})
		if err != nil {
			t.Fatal(err)
		}
		if id := named.Nodes[5].ExternalID; id == nil || *id != "K-6" {
			t.Errorf("the item that cannot be read is called %v", id)
		}
		if op.Rejected != 5 || op.Created != 1 || op.Status != db.OperationCompleted {
			t.Errorf("%+v", op)
		}
		if name := contact(t, live, "K-4").FamilyName(); name == nil || *name != "Gut" {
			t.Errorf("family name %v", name)
		}
	})
}

func TestUploadRefusesTooManyItemsAndUnknownSources(t *testing.T) {
	each(t, func(t *testing.T, store *db.Store) {
		live, _ := account(t, store, "Nordlicht")
		for name, u := range map[string]struct {
			upload db.ContactsUpload
			want   db.Code
		}{
			"1,001 items":       {db.ContactsUpload{Contacts: []byte("[]"), Count: 1001}, db.TooManyItems},
			"no items":          {db.ContactsUpload{Contacts: []byte("[]")}, db.Required},
			"an unknown Source": {db.ContactsUpload{Contacts: []byte(`[{"externalId":"1"}]`), Count: 1, Source: ptr("agency")}, db.NotFoundCode},
		} {
			if _, err := live.UploadContacts(t.Context(), u.upload); db.CodeOf(err) != u.want {
				t.Errorf("%s: %v, want %s", name, err, u.want)
			}
		}
	})
}

func TestAnIdempotencyKeyWorksOnce(t *testing.T) {
	each(t, func(t *testing.T, store *db.Store) {
		live, test := account(t, store, "Nordlicht")
		call := func(tenant *db.Tenant, payload string) (*db.Operation, error) {
			return tenant.UploadContacts(t.Context(), db.ContactsUpload{Contacts: []byte(payload), Count: 1, IdempotencyKey: ptr("once")})
		}
		var wait sync.WaitGroup
		ids := make([]string, 4)
		for i := range ids {
			wait.Go(func() {
				op, err := call(live, `[{"externalId":"K-1"}]`)
				if err != nil {
					t.Error(err)
					return
				}
				ids[i] = op.ID
			})
		}
		wait.Wait()
		if len(slices.Compact(slices.Clone(ids))) != 1 {
			t.Errorf("the same call made Operations %v", ids)
		}
		written := func(payload string) string {
			op, err := live.UploadContacts(t.Context(), db.ContactsUpload{Contacts: []byte(payload), Count: 1, IdempotencyKey: ptr("written")})
			if err != nil {
				t.Fatal(err)
			}
			return op.ID
		}
		if written(`[{"externalId":"K-1","customFields":{"a":1.50,"b":2}}]`) != written(` [{"customFields": {"b": 2, "a": 1.50}, "externalId": "K\u002d1"}]`) {
			t.Error("the order of fields makes another input")
		}
		if _, err := call(live, `[{"externalId":"K-2"}]`); db.CodeOf(err) != db.IdempotencyConflict {
			t.Errorf("another input: %v", err)
		}
		op, err := call(test, `[{"externalId":"K-2"}]`)
		if err != nil || op.ID == ids[0] {
			t.Errorf("test mode shares live mode's keys: %v %v", op, err)
		}
		if _, err := live.UploadContacts(t.Context(), db.ContactsUpload{Count: 1001, IdempotencyKey: ptr("fails")}); err == nil {
			t.Fatal("1,001 items went in")
		}
		if _, err := live.UploadContacts(t.Context(), db.ContactsUpload{Contacts: []byte(`[{}]`), Count: 1, IdempotencyKey: ptr("fails")}); err != nil {
			t.Errorf("a call that changed nothing was kept: %v", err)
		}
	})
}

func TestOperationsAreWorkedInTheOrderTheyCame(t *testing.T) {
	each(t, func(t *testing.T, store *db.Store) {
		live, _ := account(t, store, "Nordlicht")
		var ops []*db.Operation
		for i := range 6 {
			op, err := live.UploadContacts(t.Context(), db.ContactsUpload{
				Contacts: fmt.Appendf(nil, `[{"externalId":"K-1","familyName":"Name %d"}]`, i), Count: 1,
			})
			if err != nil {
				t.Fatal(err)
			}
			ops = append(ops, op)
		}
		var wait sync.WaitGroup
		for _, op := range slices.Backward(ops) {
			wait.Go(func() { work(t, store, live, op) })
		}
		wait.Wait()
		if name := *contact(t, live, "K-1").FamilyName(); name != "Name 5" {
			t.Errorf("the last upload did not win: %s", name)
		}
		if got := len(events(t, live)); got != 6 {
			t.Errorf("%d events for 6 uploads", got)
		}
	})
}

func TestDeletingErasesAndAStopOutlivesIt(t *testing.T) {
	each(t, func(t *testing.T, store *db.Store) {
		live, _ := account(t, store, "Nordlicht")
		const marker = "Zwiebelfisch"
		item := `{"externalId":"K-1","familyName":"` + marker + `","emails":[{"address":"` + marker + `@example.org"}],"phones":[{"number":"0160 4905728"}]}`
		upload(t, store, live, item, `{"externalId":"K-2","familyName":"Frohn"}`)
		upload(t, store, live, `{"externalId":"K-1","birthDate":"`+marker+`"}`)
		if _, err := live.StopContact(t.Context(), db.ContactStop{ExternalID: "K-1", Reason: ptr("phoned")}); err != nil {
			t.Fatal(err)
		}
		op, err := live.DeleteContacts(t.Context(), db.ContactsDelete{ExternalIDs: []string{"K-1", "K-404"}})
		if err != nil {
			t.Fatal(err)
		}
		op = work(t, store, live, op)
		if op.Deleted != 1 || op.Rejected != 1 {
			t.Errorf("%+v", op)
		}
		store.ForgetPayloads(t.Context())
		if places := store.Find(t.Context(), marker); len(places) > 0 {
			t.Errorf("the erased Contact's data stands in %v", places)
		}
		if e, err := live.EventByID(t.Context(), firstEvent(t, live).ID); err != nil || e.ErasedAt == nil || *e.ContactExternalID != "K-1" {
			t.Errorf("the first event after erasing: %+v, %v", e, err)
		}
		changes, err := live.EventChanges(t.Context(), []int64{1, 2})
		if err != nil || len(changes[1]) != 0 || len(changes[2]) == 0 {
			t.Errorf("changes after erasing: %v, %v", changes, err)
		}
		for _, again := range []string{item, strings.ReplaceAll(item, "K-1", "X-9")} {
			upload(t, store, live, again)
		}
		for _, id := range []string{"K-1", "X-9"} {
			if c := contact(t, live, id); c.StoppedAt == nil {
				t.Errorf("%s was uploaded again and would be asked", id)
			}
		}
		if _, err := live.ResumeContact(t.Context(), db.ContactStop{ExternalID: "K-1"}); err != nil {
			t.Fatal(err)
		}
		if c := contact(t, live, "K-1"); c.StoppedAt != nil {
			t.Error("resume did not take the stop back")
		}
	})
}

func firstEvent(t *testing.T, tenant *db.Tenant) *db.Event {
	t.Helper()
	c, err := tenant.Events(t.Context(), db.Page{First: ptr(1)}, db.EventFilter{})
	if err != nil || len(c.Nodes) == 0 {
		t.Fatal(c, err)
	}
	return c.Nodes[0]
}

func TestDeletingEmployeesReassigns(t *testing.T) {
	each(t, func(t *testing.T, store *db.Store) {
		live, _ := account(t, store, "Nordlicht")
		uploadEmployees(t, store, live,
			map[string]any{"externalId": "V-1", "displayName": "Team Nord"}, map[string]any{"externalId": "V-2", "displayName": "Team Süd"})
		upload(t, store, live, `{"externalId":"K-1","employee":"V-1"}`, `{"externalId":"K-2","employee":"V-1"}`)
		op, err := live.DeleteEmployees(t.Context(), db.EmployeesDelete{ExternalIDs: []string{"V-1"}, ReassignTo: ptr("V-2")})
		if err != nil {
			t.Fatal(err)
		}
		if op = work(t, store, live, op); op.Deleted != 1 {
			t.Errorf("%+v %v", op, items(t, live, op))
		}
		report, err := live.Report(t.Context(), db.ReportFilter{EmployeeExternalID: ptr("V-2")})
		if err != nil || report.Contacts != 2 {
			t.Errorf("the heir has %+v, %v", report, err)
		}
		if got := events(t, live)[2:]; !slices.Equal(got, []string{"3 REASSIGN K-1", "4 REASSIGN K-2"}) {
			t.Errorf("events %q", got)
		}
	})
}
