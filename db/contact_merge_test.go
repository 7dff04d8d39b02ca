package db_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"complero/db"
)

// nordKettenis is the Contact of kettenis as the agency in the north knows her.
const nordKettenis = `{"externalId":"N-7","familyName":"Kettenis","organisation":"Kettenis & Co","emails":[{"address":"juliane@example.net"},{"address":"jk@example.org"}]}`

// merge makes the agency's Contact part of the central CRM's.
func (a *agencies) merge(keep, merge string) *db.ContactMerge {
	a.Helper()
	m, err := a.test.MergeContacts(a.Context(), db.ContactsMerge{Keep: keep, Merge: merge})
	if err != nil {
		a.Fatal(err)
	}
	return m
}

func (a *agencies) unmerge(m *db.ContactMerge) *db.Unmerged {
	a.Helper()
	u, err := a.test.UnmergeContacts(a.Context(), db.ContactUnmerge{MergeID: &m.ID})
	if err != nil || u.Kept == nil || u.Restored == nil {
		a.Fatal(u, err)
	}
	return u
}

// both are the Contacts that a merge is about.
func (a *agencies) both() (crm, north *db.Contact) {
	a.Helper()
	a.upload(a.north, nordKettenis)
	return contact(a.T, a.test, "K-1"), contact(a.T, a.north, "N-7")
}

func addresses(c *db.Contact) string {
	var all []string
	for _, e := range c.Emails() {
		all = append(all, e.Address)
	}
	return strings.Join(all, " ")
}

func TestMergedContactsAreOne(t *testing.T) {
	withAgencies(t, func(a *agencies) {
		crm, north := a.both()
		requests, err := a.north.CreateRequests(a.Context(), db.RequestsCreate{ContactExternalIDs: []string{"N-7"}})
		if err != nil {
			a.Fatal(err)
		}
		token := a.token(a.test, requests.Requests[0])
		before := a.count(a.test)
		a.merge(crm.ID, north.ID)
		c := contact(a.T, a.test, "K-1")
		if got := addresses(c); got != "juliane@example.net jk@example.org" || *c.Organisation() != "Kettenis & Co" || *c.GivenName() != "Juliane" {
			a.Errorf("on file: %s, %s", got, *c.Organisation())
		}
		if c.ID != crm.ID || len(c.ExternalIDs()) != 2 || contact(a.T, a.north, "N-7").ID != crm.ID {
			a.Errorf("ids %v", c.ExternalIDs())
		}
		a.wantSince(a.test, before, "MERGE", "MERGE")
		if old, err := a.test.Contact(a.Context(), db.ContactRef{ID: &north.ID}); err != nil || old == nil || old.ID != c.ID {
			a.Errorf("the merged one's id finds %v, %v", old, err)
		}
		link, err := a.store.OpenLink(a.Context(), token)
		if err != nil || link.State != db.LinkOpen || link.Contact.ID != c.ID {
			a.Fatalf("the merged one's link: %+v, %v", link, err)
		}
		report, err := a.test.Report(a.Context(), db.ReportFilter{})
		if err != nil || report.Contacts != 2 {
			a.Errorf("%+v, %v", report, err)
		}
		all, err := a.test.Events(a.Context(), db.Page{Last: ptr(2)}, db.EventFilter{})
		if err != nil {
			a.Fatal(err)
		}
		changes, err := a.test.EventChanges(a.Context(), []int64{all.Nodes[0].Number, all.Nodes[1].Number})
		if err != nil {
			a.Fatal(err)
		}
		first, second := changes[all.Nodes[0].Number][0], changes[all.Nodes[1].Number][0]
		if first.Field != "mergedContact" || first.Item != north.ID || !strings.Contains(string(first.After), `{"north":"N-7"}`) {
			a.Errorf("%+v", first)
		}
		if second.Field != "mergedIntoContact" || second.Item != crm.ID || !strings.Contains(string(second.After), `{"crm":"K-1"}`) {
			a.Errorf("%+v", second)
		}
		if seen, err := a.north.EventChanges(a.Context(), []int64{all.Nodes[0].Number}); err != nil || strings.Contains(string(seen[all.Nodes[0].Number][0].After), "externalIds") {
			a.Errorf("an agency reads %v, %v", seen, err)
		}
	})
}

func TestMergingRefusesWhatIsNotTwoSourcesContacts(t *testing.T) {
	withAgencies(t, func(a *agencies) {
		crm, north := a.both()
		other := contact(a.T, a.test, "K-2")
		for name, wrong := range map[string]struct {
			tenant      *db.Tenant
			keep, merge string
			want        db.Code
		}{
			"one Source's":     {a.test, crm.ID, other.ID, db.ConflictCode},
			"one and itself":   {a.test, crm.ID, crm.ID, db.Invalid},
			"nobody":           {a.test, crm.ID, "contact_00000000000000000000000000", db.NotFoundCode},
			"in live mode":     {a.live, crm.ID, north.ID, db.NotFoundCode},
			"with a bound key": {a.north, north.ID, crm.ID, db.Forbidden},
		} {
			if _, err := wrong.tenant.MergeContacts(a.Context(), db.ContactsMerge{Keep: wrong.keep, Merge: wrong.merge}); db.CodeOf(err) != wrong.want {
				a.Errorf("%s: %v, want %s", name, err, wrong.want)
			}
		}
		in := db.ContactsMerge{Keep: crm.ID, Merge: north.ID, IdempotencyKey: ptr("once")}
		m, err := a.test.MergeContacts(a.Context(), in)
		if err != nil {
			a.Fatal(err)
		}
		if again, err := a.test.MergeContacts(a.Context(), in); err != nil || again.ID != m.ID {
			a.Errorf("again: %v, %v", again, err)
		}
	})
}

func TestAStopOnEitherHolds(t *testing.T) {
	for _, stopped := range []string{"kept", "merged"} {
		t.Run(stopped, func(t *testing.T) {
			withAgencies(t, func(a *agencies) {
				crm, north := a.both()
				who := db.ContactStop{ExternalID: "K-1"}
				tenant := a.test
				if stopped == "merged" {
					who.ExternalID, tenant = "N-7", a.north
				}
				if _, err := tenant.StopContact(a.Context(), who); err != nil {
					a.Fatal(err)
				}
				m := a.merge(crm.ID, north.ID)
				if contact(a.T, a.test, "K-1").StoppedAt == nil {
					a.Error("the stop is lost")
				}
				u := a.unmerge(m)
				if (u.Kept.StoppedAt != nil) != (stopped == "kept") || (u.Restored.StoppedAt != nil) != (stopped == "merged") {
					a.Errorf("after undoing: %v, %v", u.Kept.StoppedAt, u.Restored.StoppedAt)
				}
				op, err := a.test.DeleteContacts(a.Context(), db.ContactsDelete{ExternalIDs: []string{"K-1"}})
				if err != nil {
					a.Fatal(err)
				}
				work(a.T, a.store, a.test, op)
				upload(a.T, a.store, a.test, `{"externalId":"K-1","familyName":"Kettenis"}`)
				if got := contact(a.T, a.test, "K-1").StoppedAt != nil; got != (stopped == "kept") {
					a.Errorf("uploaded again, the kept one is stopped: %t", got)
				}
			})
		})
	}
}

func TestUndoingRestoresBothAsTheyWere(t *testing.T) {
	withAgencies(t, func(a *agencies) {
		crm, north := a.both()
		a.pass(time.Minute)
		was := []string{a.words(crm.ID), a.views(crm.ID), a.words(north.ID), a.views(north.ID), addresses(crm), addresses(north)}
		m := a.merge(crm.ID, north.ID)
		before := a.count(a.test)
		u := a.unmerge(m)
		is := []string{a.words(crm.ID), a.views(crm.ID), a.words(north.ID), a.views(north.ID), addresses(u.Kept), addresses(u.Restored)}
		if !slices.Equal(is, was) {
			a.Errorf("got\n%s\nwant\n%s", strings.Join(is, "\n"), strings.Join(was, "\n"))
		}
		if u.Restored.ID != north.ID || contact(a.T, a.north, "N-7").ID != north.ID || contact(a.T, a.test, "K-1").ID != crm.ID {
			a.Error("the ids are mixed up")
		}
		a.wantSince(a.test, before, "UNMERGE", "UNMERGE")
		report, err := a.test.Report(a.Context(), db.ReportFilter{})
		if err != nil || report.Contacts != 3 {
			a.Errorf("%+v, %v", report, err)
		}
		if _, err := a.test.UnmergeContacts(a.Context(), db.ContactUnmerge{MergeID: &m.ID}); db.CodeOf(err) != db.ConflictCode {
			a.Errorf("undone twice: %v", err)
		}
		merges, err := a.test.MergesOf(a.Context(), []string{crm.ID})
		if err != nil || len(merges[crm.ID]) != 1 || merges[crm.ID][0].UndoneAt == nil || merges[crm.ID][0].Undoable() {
			a.Errorf("%+v, %v", merges, err)
		}
		// And once more, by the MERGE's id.
		a.pass(time.Minute)
		a.merge(crm.ID, north.ID)
		all, err := a.test.Events(a.Context(), db.Page{Last: ptr(2)}, db.EventFilter{})
		if err != nil {
			a.Fatal(err)
		}
		if _, err := a.test.UnmergeContacts(a.Context(), db.ContactUnmerge{EventID: &all.Nodes[0].ID}); err != nil {
			a.Fatal(err)
		}
		is = []string{a.words(crm.ID), a.views(crm.ID), a.words(north.ID), a.views(north.ID)}
		if !slices.Equal(is, was[:4]) {
			a.Errorf("got\n%s\nwant\n%s", strings.Join(is, "\n"), strings.Join(was, "\n"))
		}
	})
}

func TestUndoingKeepsWhatWasSaidSince(t *testing.T) {
	withAgencies(t, func(a *agencies) {
		crm, north := a.both()
		mine := a.ask(a.test, "K-1")[0]
		made, err := a.north.CreateRequests(a.Context(), db.RequestsCreate{ContactExternalIDs: []string{"N-7"}})
		if err != nil {
			a.Fatal(err)
		}
		theirs := made.Requests[0]
		m := a.merge(crm.ID, north.ID)
		a.pass(time.Minute)
		upload(a.T, a.store, a.test, `{"externalId":"K-1","title":"Dr."}`)
		a.upload(a.north, `{"externalId":"N-7","organisation":"Nordwind","emails":[{"address":"neu@example.org"}]}`)
		a.pass(time.Minute)
		a.answer(a.test, mine, db.Answer{Data: a.says(`{"givenName":"Julia"}`)})
		a.pass(time.Minute)
		a.answer(a.test, theirs, db.Answer{Data: a.says(`{"birthDate":"1970-11-13","customFields":{"n":"x"}}`)})
		a.pass(time.Minute)
		later := a.ask(a.test, "K-1")[0]
		u := a.unmerge(m)
		if p := u.Kept.Profile; p.Title != "Dr." || p.GivenName != "Julia" || p.BirthDate != "" || p.Organisation != "" || addresses(u.Kept) != "juliane@example.net" {
			a.Errorf("kept: %+v", p)
		}
		if p := u.Restored.Profile; p.Title != "" || p.GivenName != "" || p.BirthDate != "1970-11-13" || p.Organisation != "Nordwind" ||
			p.CustomFields["n"] != "x" || addresses(u.Restored) != "neu@example.org" {
			a.Errorf("restored: %+v", p)
		}
		for r, want := range map[*db.Request]string{mine: crm.ID, theirs: north.ID, later: crm.ID} {
			if got := a.request(a.test, r).ContactID; got != want {
				a.Errorf("Request %s belongs to %s, want %s", r.ID, got, want)
			}
		}
		if u.Kept.ConfirmedAt == nil || u.Restored.ConfirmedAt == nil || !u.Restored.ConfirmedAt.After(*u.Kept.ConfirmedAt) {
			a.Errorf("confirmed at %v and %v", u.Kept.ConfirmedAt, u.Restored.ConfirmedAt)
		}
		// The answer's word still wins over the Source it came to.
		a.upload(a.north, `{"externalId":"N-7","birthDate":"1971-01-01"}`)
		if got := contact(a.T, a.north, "N-7").Profile.BirthDate; got != "1970-11-13" {
			a.Errorf("birth date %s", got)
		}
	})
}

func TestLaterMergesAreUndoneFirst(t *testing.T) {
	withAgencies(t, func(a *agencies) {
		crm, north := a.both()
		a.upload(a.south, `{"externalId":"S-1","familyName":"Kettenis"}`)
		south := contact(a.T, a.south, "S-1")
		first := a.merge(crm.ID, north.ID)
		second := a.merge(crm.ID, south.ID)
		if _, err := a.test.UnmergeContacts(a.Context(), db.ContactUnmerge{MergeID: &first.ID}); db.CodeOf(err) != db.ConflictCode {
			a.Errorf("the first, while the second holds: %v", err)
		}
		a.unmerge(second)
		a.unmerge(first)
	})
}

func TestConsentsGoWithTheirContact(t *testing.T) {
	withAgencies(t, func(a *agencies) {
		crm, north := a.both()
		_, err := a.live.SaveConsentDefinition(a.Context(), db.ConsentDefinitionSave{
			Key: "news", Channels: []db.ConsentChannel{db.ConsentEmail}, Advertising: ptr(true),
			Wordings: []db.ConsentWording{{Locale: "de", Title: "Neues", Wording: "Ja"}},
		})
		if err != nil {
			a.Fatal(err)
		}
		decide := func(tenant *db.Tenant, externalID string, granted bool) {
			a.Helper()
			a.pass(time.Minute)
			in := db.SandboxRespond{ContactExternalID: externalID, Consents: []db.ConsentDecision{{Key: "news", Granted: granted}}}
			if _, err := tenant.Respond(a.Context(), in); err != nil {
				a.Fatal(err)
			}
		}
		permits := func(tenant *db.Tenant, externalID string) db.PermissionCode {
			a.Helper()
			p, err := tenant.Permission(a.Context(), db.PermissionAsk{ContactExternalID: externalID, Channel: db.ConsentEmail})
			if err != nil {
				a.Fatal(err)
			}
			return p.Code
		}
		decide(a.test, "K-1", true)
		decide(a.north, "N-7", false)
		m := a.merge(crm.ID, north.ID)
		if got := permits(a.test, "K-1"); got != db.PermissionDeclined {
			a.Errorf("merged: %s", got)
		}
		a.unmerge(m)
		if got, of := permits(a.test, "K-1"), permits(a.north, "N-7"); got != db.PermissionGranted || of != db.PermissionDeclined {
			a.Errorf("apart again: %s and %s", got, of)
		}
	})
}

func TestASourceThatDeletesTakesOnlyItsShare(t *testing.T) {
	withAgencies(t, func(a *agencies) {
		crm, north := a.both()
		m := a.merge(crm.ID, north.ID)
		before := a.count(a.test)
		op, err := a.north.DeleteContacts(a.Context(), db.ContactsDelete{ExternalIDs: []string{"N-7"}})
		if err != nil {
			a.Fatal(err)
		}
		if op = work(a.T, a.store, a.north, op); op.Deleted != 1 {
			a.Fatalf("%+v", op)
		}
		a.wantSince(a.test, before, "DELETE", "SYNC")
		c := contact(a.T, a.test, "K-1")
		if c == nil || addresses(c) != "juliane@example.net" || c.Organisation() != nil || len(c.ExternalIDs()) != 1 {
			a.Errorf("what remains: %+v", c)
		}
		if gone := contact(a.T, a.north, "N-7"); gone != nil {
			a.Errorf("the agency still sees %v", gone)
		}
		if places := a.store.Find(a.Context(), "jk@example.org"); len(places) > 1 || len(places) == 1 && places[0] != "operation_payload" {
			a.Errorf("what the agency said stands in %v", places)
		}
		if _, err := a.test.UnmergeContacts(a.Context(), db.ContactUnmerge{MergeID: &m.ID}); db.CodeOf(err) != db.ConflictCode {
			a.Errorf("undoing what was erased: %v", err)
		}
	})
}

func TestErasingTakesWhatUndoesAMerge(t *testing.T) {
	withAgencies(t, func(a *agencies) {
		const marker = "zwiebelfisch"
		a.upload(a.north, `{"externalId":"N-8","givenName":"`+marker+`1","familyName":"`+marker+`","emails":[{"address":"`+marker+`@example.org"}]}`)
		upload(a.T, a.store, a.test, `{"externalId":"K-8","givenName":"`+marker+`2","familyName":"`+marker+`","emails":[{"address":"`+marker+`@example.org"}]}`)
		a.match(a.test)
		crm, north := contact(a.T, a.test, "K-8"), contact(a.T, a.north, "N-8")
		a.merge(crm.ID, north.ID)
		for _, one := range []struct {
			tenant *db.Tenant
			id     string
		}{{a.north, "N-8"}, {a.test, "K-8"}} {
			op, err := one.tenant.DeleteContacts(a.Context(), db.ContactsDelete{ExternalIDs: []string{one.id}})
			if err != nil {
				a.Fatal(err)
			}
			work(a.T, a.store, one.tenant, op)
		}
		a.store.ForgetPayloads(a.Context())
		if places := a.store.Find(a.Context(), marker); len(places) > 0 {
			a.Errorf("the erased Contact's data stands in %v", places)
		}
		for _, table := range []string{"contact_match", "merge_suggestion", "contact_merge"} {
			for _, line := range a.store.Dump(a.Context(), table) {
				if strings.Contains(line, crm.ID) || strings.Contains(line, north.ID) {
					a.Errorf("%s: %s", table, line)
				}
			}
		}
	})
}

// delete deletes a Contact by the externalId that the Tenant's Source gave it.
func (a *agencies) delete(tenant *db.Tenant, externalID string) {
	a.Helper()
	op, err := tenant.DeleteContacts(a.Context(), db.ContactsDelete{ExternalIDs: []string{externalID}})
	if err != nil {
		a.Fatal(err)
	}
	if op = work(a.T, a.store, tenant, op); op.Deleted != 1 {
		a.Fatalf("%+v", op)
	}
	a.store.ForgetPayloads(a.Context())
}

func TestErasingTakesWhatAnUndoneMergeLeftWithOthers(t *testing.T) {
	const marker = "zwiebelfisch"
	tests := []struct {
		name string
		do   func(a *agencies, crm, north, south *db.Contact)
	}{
		{"merged", func(a *agencies, crm, north, _ *db.Contact) {
			m := a.merge(crm.ID, north.ID)
			a.upload(a.north, `{"externalId":"N-7","title":"`+marker+`"}`)
			a.unmerge(m)
		}},
		{"kept", func(a *agencies, crm, north, _ *db.Contact) { a.unmerge(a.merge(north.ID, crm.ID)) }},
		{"merged into one that was merged itself", func(a *agencies, crm, north, south *db.Contact) {
			inner := a.merge(south.ID, north.ID)
			outer := a.merge(crm.ID, south.ID)
			a.upload(a.north, `{"externalId":"N-7","title":"`+marker+`"}`)
			a.unmerge(outer)
			a.unmerge(inner)
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			withAgencies(t, func(a *agencies) {
				a.upload(a.north, `{"externalId":"N-7","familyName":"Kettenis","organisation":"`+marker+`","emails":[{"address":"`+marker+`@example.org"}]}`)
				a.upload(a.south, `{"externalId":"S-7","familyName":"Kettenis"}`)
				tt.do(a, contact(a.T, a.test, "K-1"), contact(a.T, a.north, "N-7"), contact(a.T, a.south, "S-7"))
				a.delete(a.north, "N-7")
				if places := a.store.Find(a.Context(), marker); len(places) > 0 {
					a.Errorf("the erased Contact's data stands in %v", places)
				}
				upload(a.T, a.store, a.test, `{"externalId":"K-1","title":"Dr."}`)
				if c := contact(a.T, a.test, "K-1"); c.Profile.Title != "Dr." || addresses(c) != "juliane@example.net" {
					a.Errorf("the other is %+v", c.Profile)
				}
			})
		})
	}
}
