package db_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"complero/db"
	"complero/db/dbtest"
	"complero/db/profile"
)

// handedOut lists what an export of Contacts hands out, as documents.
func handedOut(t *testing.T, from *db.Tenant, which db.ContactExport) []string {
	t.Helper()
	var all []string
	err := from.ExportContacts(t.Context(), which, func(in *profile.Input) error {
		all = append(all, string(in.AppendJSON(nil)))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// ids are the externalIds of documents.
func ids(documents []string) string {
	var all []string
	for _, d := range documents {
		id, _, _ := strings.Cut(strings.TrimPrefix(d, `{"externalId":"`), `"`)
		all = append(all, id)
	}
	return strings.Join(all, " ")
}

func TestExportHandsEveryContactOutOnceWhileOthersChange(t *testing.T) {
	each(t, func(t *testing.T, store *db.Store) {
		live, test := account(t, store, "Nordlicht")
		other, _ := account(t, store, "Andere")
		var items []string
		for n := range 1000 {
			items = append(items, fmt.Sprintf(`{"externalId":"K-%04d","familyName":"Frohn"}`, 2*n))
		}
		upload(t, store, live, items...)
		upload(t, store, live, `{"externalId":"Z-1","familyName":"Frohn"}`, `{"externalId":"Z-3","familyName":"Frohn"}`)
		upload(t, store, other, `{"externalId":"K-9999"}`)
		upload(t, store, test, `{"externalId":"K-9998"}`)
		var got []string
		err := live.ExportContacts(t.Context(), db.ContactExport{}, func(in *profile.Input) error {
			if got = append(got, in.ExternalID.Value); len(got) == 1000 {
				// Behind the page that is being handed out, and before it.
				upload(t, store, live, `{"externalId":"Z-2","familyName":"Neu"}`, `{"externalId":"K-0001","familyName":"Neu"}`)
				op, err := live.DeleteContacts(t.Context(), db.ContactsDelete{ExternalIDs: []string{"K-0002", "Z-3"}})
				if err != nil {
					return err
				}
				work(t, store, live, op)
			}
			return nil
		})
		if err != nil || len(got) != 1002 || !slices.IsSorted(got) || got[1000] != "Z-1" || got[1001] != "Z-2" {
			t.Errorf("%d Contacts, the last %q, %v", len(got), got[max(0, len(got)-3):], err)
		}
	})
}

func TestExportOfContactsIsNarrowed(t *testing.T) {
	at := consentBegin
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		at = consentBegin
		live, _ := account(t, store, "Nordlicht")
		uploadEmployees(t, store, live, map[string]any{"externalId": "V-1", "displayName": "Defne"})
		upload(t, store, live, `{"externalId":"K-1","employee":"V-1"}`, `{"externalId":"K-2"}`)
		at = at.Add(time.Hour)
		upload(t, store, live, `{"externalId":"K-3","employee":"V-1"}`)
		tests := map[string]db.ContactExport{
			"K-1 K-2 K-3": {}, "K-1 K-3": {EmployeeExternalID: ptr("V-1")}, "": {EmployeeExternalID: ptr("V-2")},
			"K-3": {UpdatedSince: &at}, "K-1 K-2 K-3 ": {ConfirmedBefore: &at},
		}
		for want, which := range tests {
			if got := ids(handedOut(t, live, which)); got != strings.TrimSpace(want) {
				t.Errorf("%+v hands out %q, want %q", which, got, want)
			}
		}
	}, func(c *db.Config) { c.OneConnection, c.Clock = true, func() time.Time { return at } })
}

func TestExportIsOfOneSourceAndForThoseWhoMaySeeIt(t *testing.T) {
	withAgencies(t, func(a *agencies) {
		uploadEmployees(a.T, a.store, a.test, map[string]any{"externalId": "V-crm", "displayName": "Defne"})
		uploadEmployees(a.T, a.store, a.north, map[string]any{"externalId": "V-north", "displayName": "Juliane"})
		a.upload(a.test, `{"externalId":"K-1","familyName":"Frohn","employee":"V-crm","metadata":{"of":"crm"}}`)
		a.upload(a.north, `{"externalId":"N-1","familyName":"Frohn","employee":"V-north","metadata":{"of":"north"}}`, `{"externalId":"N-2","familyName":"Meier","employee":"V-north"}`)
		a.upload(a.south, `{"externalId":"S-1","familyName":"Kupfer"}`)
		first, second := contact(a.T, a.test, "K-1"), contact(a.T, a.north, "N-1")
		if _, err := a.test.MergeContacts(a.Context(), db.ContactsMerge{Keep: first.ID, Merge: second.ID}); err != nil {
			a.Fatal(err)
		}
		tests := []struct {
			name   string
			from   *db.Tenant
			source string
			want   string
		}{
			{"the Company's own", a.test, "", "K-1 V-crm crm, K-2 null "},
			{"an agency's, for the Company", a.test, "north", "N-1 V-crm north, N-2 V-north "},
			{"its own, for an agency", a.north, "", "N-1  north, N-2 V-north "},
			{"another agency's", a.south, "", "S-1 null "},
		}
		for _, test := range tests {
			var which db.ContactExport
			if test.source != "" {
				which.Source = &test.source
			}
			var got []string
			for _, d := range handedOut(a.T, test.from, which) {
				between := func(begin string) string {
					_, rest, _ := strings.Cut(d, begin)
					rest, _, _ = strings.Cut(rest, ",")
					return strings.Trim(rest, `"}`)
				}
				got = append(got, ids([]string{d})+" "+between(`"employee":`)+" "+between(`"metadata":{"of":`))
			}
			if strings.Join(got, ", ") != test.want {
				a.Errorf("%s: handed out %q, want %q", test.name, strings.Join(got, ", "), test.want)
			}
		}
		none := func(*profile.Input) error { return nil }
		if err := a.north.ExportContacts(a.Context(), db.ContactExport{Source: ptr("south")}, none); db.CodeOf(err) != db.Forbidden {
			a.Errorf("an agency asks for another's: %v", err)
		}
		if err := a.test.ExportContacts(a.Context(), db.ContactExport{Source: ptr("west")}, none); db.CodeOf(err) != db.NotFoundCode {
			a.Errorf("an unknown Source: %v", err)
		}
	})
}

func TestExportTakesTheRightToRead(t *testing.T) {
	each(t, func(t *testing.T, store *db.Store) {
		live, _ := account(t, store, "Nordlicht")
		uploadEmployees(t, store, live, map[string]any{"externalId": "V-1", "displayName": "Defne"})
		upload(t, store, live, `{"externalId":"K-1","employee":"V-1"}`)
		as := func(rights ...db.Right) *db.Tenant {
			tenant := *live
			tenant.Viewer.Rights = rights
			return &tenant
		}
		exports := map[db.Right]func(*db.Tenant) error{
			db.ContactsRead: func(on *db.Tenant) error {
				return on.ExportContacts(t.Context(), db.ContactExport{}, func(*profile.Input) error { return nil })
			},
			db.EventsRead: func(on *db.Tenant) error {
				return on.ExportEvents(t.Context(), nil, db.EventFilter{}, func(*db.ExportedEvent) error { return nil })
			},
			db.ConsentsRead: func(on *db.Tenant) error {
				return on.ExportConsents(t.Context(), db.ConsentFilter{}, func(*db.ExportedConsent) error { return nil })
			},
		}
		for right, export := range exports {
			for other := range exports {
				if err := export(as(other, db.DataExport)); (err == nil) != (other == right) || err != nil && db.CodeOf(err) != db.Forbidden {
					t.Errorf("with the right %s, what needs %s: %v", other, right, err)
				}
			}
			if err := export(as(right)); db.CodeOf(err) != db.Forbidden {
				t.Errorf("with the right %s alone: %v", right, err)
			}
			masked := as(right, db.DataExport)
			masked.Viewer.Masked = true
			if err := export(masked); db.CodeOf(err) != db.Forbidden {
				t.Errorf("with the right %s and a mask: %v", right, err)
			}
		}
		if got := handedOut(t, as(db.ContactsRead, db.DataExport), db.ContactExport{}); strings.Contains(got[0], "employee") {
			t.Errorf("without the right to read Employees: %s", got)
		}
	})
}

func TestExportOfEventsFollowsTheirNumbers(t *testing.T) {
	each(t, func(t *testing.T, store *db.Store) {
		live, _ := account(t, store, "Nordlicht")
		uploadEmployees(t, store, live, map[string]any{"externalId": "V-1", "displayName": "Defne"})
		for n := range 3 {
			upload(t, store, live, manyItems(n, `"familyName":"Frohn","employee":"V-1","metadata":{"n":1}`)...)
		}
		var numbers []int64
		err := live.ExportEvents(t.Context(), nil, db.EventFilter{}, func(e *db.ExportedEvent) error {
			numbers = append(numbers, e.Number)
			if *e.EmployeeExternalID != "V-1" || len(e.Changes) == 0 || string(e.Metadata) != `{"n":1}` {
				return fmt.Errorf("event %+v", e)
			}
			return nil
		})
		if err != nil || len(numbers) != 2100 || numbers[0] != 1 || numbers[2099] != 2100 || !slices.IsSorted(numbers) {
			t.Errorf("%d events, %v", len(numbers), err)
		}
	})
}

// manyItems are 700 Contacts, others for each n, who say the same.
func manyItems(n int, said string) []string {
	var items []string
	for i := range 700 {
		items = append(items, fmt.Sprintf(`{"externalId":"K-%d-%d",%s}`, n, i, said))
	}
	return items
}

func TestExportOfConsentsBeginsWithTheOldest(t *testing.T) {
	withConsents(t, func(w *consentWorld) {
		w.define("news", db.ConsentEmail)
		const decisions = 1003
		for n := range decisions {
			w.pass(time.Second)
			w.say("news", n%2 == 0)
		}
		var got []*db.ExportedConsent
		err := w.live.ExportConsents(w.Context(), db.ConsentFilter{}, func(c *db.ExportedConsent) error {
			got = append(got, c)
			return nil
		})
		if err != nil {
			w.Fatal(err)
		}
		for i, c := range got {
			if i > 0 && !c.DecidedAt.After(got[i-1].DecidedAt) {
				w.Fatalf("decision %d is older than the one before it", i)
			}
			if c.Key != "news" || c.ContactExternalID != "C-1" || !strings.Contains(c.Wording, "Neues") || c.Latest != (i == len(got)-1) {
				w.Fatalf("decision %d: %+v", i, c)
			}
		}
		if want := len(w.allConsents()); len(got) != want || want < decisions/2 {
			w.Errorf("%d of %d decisions", len(got), want)
		}
	})
}

// allConsents are the ids of all decisions.
func (w *consentWorld) allConsents() []string {
	w.Helper()
	var all []string
	page := db.Page{First: ptr(1000)}
	for {
		list, err := w.live.Consents(w.Context(), page, db.ConsentFilter{})
		if err != nil {
			w.Fatal(err)
		}
		for _, c := range list.Nodes {
			all = append(all, c.ID)
		}
		if !list.PageInfo.HasNextPage {
			return all
		}
		page.After = list.PageInfo.EndCursor
	}
}
