package db_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"complero/db"
)

// mapped lists events as "KIND metadata".
func mapped(t *testing.T, tenant *db.Tenant, from int) []string {
	t.Helper()
	all, err := tenant.Events(t.Context(), db.Page{First: ptr(1000)}, db.EventFilter{})
	if err != nil {
		t.Fatal(err)
	}
	var numbers []int64
	for _, e := range all.Nodes {
		numbers = append(numbers, e.Number)
	}
	values, err := tenant.EventValues(t.Context(), numbers)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, e := range all.Nodes[from:] {
		text := string(e.Kind)
		if v := values[e.Number]; v != nil && v.Metadata != nil {
			text += " " + string(v.Metadata)
		}
		list = append(list, text)
	}
	return list
}

func TestMetadataComesBackInEventsAsItStood(t *testing.T) {
	withAsker(t, func(a *asker) {
		from := a.count(a.live)
		say := func(item string) string {
			a.Helper()
			return items(a.T, a.live, upload(a.T, a.store, a.live, item))[0]
		}
		outcomes := []string{
			say(`{"externalId":"K-1","metadata":{ "row": 7.0, "tags": ["b","a"] }}`),
			say(`{"externalId":"K-1","metadata":{"row":7.0,"tags":["b","a"]}}`),
			say(`{"externalId":"K-1"}`),
		}
		r := a.ask(a.live, "K-1")[0]
		a.sendAll(a.live)
		a.answer(a.live, r, db.Answer{Data: a.says(`{"familyName":"Neu"}`)})
		outcomes = append(outcomes, say(`{"externalId":"K-1","familyName":"Alt","metadata":{}}`), say(`{"externalId":"K-1","metadata":null}`), say(`{"externalId":"K-1","metadata":null}`))
		say(`{"externalId":"K-1","metadata":[1]}`)
		const first = ` {"row":7.0,"tags":["b","a"]}`
		want := []string{"SYNC" + first, "SYNC" + first, "SYNC" + first, "REQUEST_SENT" + first, "REQUEST_DELIVERED" + first, "UPDATE" + first, "SYNC {}", "CONFLICT {}", "SYNC", "SYNC"}
		if got := mapped(a.T, a.live, from); fmt.Sprint(got) != fmt.Sprint(want) {
			a.Errorf("events\n%q, want\n%q", got, want)
		}
		if got := fmt.Sprint(outcomes); got != "[0 SYNCED 0 UNCHANGED 0 UNCHANGED 0 SYNCED 0 SYNCED 0 UNCHANGED]" {
			a.Errorf("outcomes %s", got)
		}
		if m := contact(a.T, a.live, "K-1").Metadata(); m != nil {
			a.Errorf("keeps %s", m)
		}
		say(`{"externalId":"K-1","metadata":{"row":8}}`)
		if m := contact(a.T, a.live, "K-1").Metadata(); string(m) != `{"row":8}` {
			a.Errorf("keeps %s", m)
		}
		if l := a.open(a.live, r); string(l.Contact.Metadata()) != `{"row":8}` {
			a.Error("whoever answers would lose the metadata")
		}
		a.answer(a.live, r, db.Answer{Stop: true})
		if m := contact(a.T, a.live, "K-1").Metadata(); string(m) != `{"row":8}` {
			a.Errorf("after an answer it keeps %s", m)
		}
		if got := mapped(a.T, a.live, a.count(a.live)-1); fmt.Sprint(got) != `[STOP {"row":8}]` {
			a.Errorf("the last events are %s", got)
		}
	})
}

// TestMetadataMayHoldWhatTextsMayNot: nobody here looks into it.
func TestMetadataMayHoldWhatTextsMayNot(t *testing.T) {
	withAsker(t, func(a *asker) {
		const odd = `{"a":"\u0000","b":"\ud800","b":1e400,"\u0000":[[],{}],"ü":"\u003c\"\\"}`
		from := a.count(a.live)
		upload(a.T, a.store, a.live, `{"externalId":"K-1","metadata":`+odd+`}`)
		a.answer(a.live, a.ask(a.live, "K-1")[0], db.Answer{Confirm: true})
		if got := mapped(a.T, a.live, from); fmt.Sprint(got) != "[SYNC "+odd+" REQUEST_DELIVERED "+odd+" CONFIRM "+odd+"]" {
			a.Errorf("events %s", got)
		}
	})
}

func TestMetadataIsEachSourcesOwnAlsoOfAMergedContact(t *testing.T) {
	withAgencies(t, func(a *agencies) {
		crm, north := a.both()
		a.upload(a.test, `{"externalId":"K-1","metadata":{"of":"crm"}}`)
		a.upload(a.north, `{"externalId":"N-7","metadata":{"of":"north"}}`)
		m := a.merge(crm.ID, north.ID)
		sees := func(when string) {
			a.Helper()
			for tenant, want := range map[*db.Tenant]string{a.test: `K-1 {"of":"crm"}`, a.north: `N-7 {"of":"north"}`} {
				id, _, _ := strings.Cut(want, " ")
				if got := id + " " + string(contact(a.T, tenant, id).Metadata()); got != want {
					a.Errorf("%s: %s, want %s", when, got, want)
				}
			}
		}
		sees("merged")
		a.unmerge(m)
		sees("taken apart")
	})
}

func TestErasingTakesMetadataAlong(t *testing.T) {
	withAsker(t, func(a *asker) {
		upload(a.T, a.store, a.test, `{"externalId":"K-1","metadata":{"note":"schnabeltasse"}}`)
		r := a.ask(a.test, "K-1")[0]
		a.answer(a.test, r, db.Answer{Confirm: true})
		op, err := a.test.DeleteContacts(a.Context(), db.ContactsDelete{ExternalIDs: []string{"K-1"}})
		if err != nil {
			a.Fatal(err)
		}
		work(a.T, a.store, a.test, op)
		a.pass(8 * 24 * time.Hour)
		a.store.ForgetPayloads(a.Context())
		if places := a.store.Find(a.Context(), "schnabeltasse"); len(places) > 0 {
			a.Errorf("the metadata stands in %v", places)
		}
	})
}

func TestASourceThatDeletesTakesItsMetadataAlong(t *testing.T) {
	withAgencies(t, func(a *agencies) {
		crm, north := a.both()
		a.upload(a.test, `{"externalId":"K-1","metadata":{"of":"crm"}}`)
		a.upload(a.north, `{"externalId":"N-7","metadata":{"of":"zwiebelfisch"}}`)
		a.merge(crm.ID, north.ID)
		from := a.count(a.test)
		r := a.ask(a.test, "K-1")[0]
		a.sendAll(a.test)
		a.answer(a.test, r, db.Answer{Data: a.says(`{"givenName":"Jule"}`)})
		a.delete(a.north, "N-7")
		if places := a.store.Find(a.Context(), "zwiebelfisch"); len(places) > 0 {
			a.Errorf("the metadata stands in %v", places)
		}
		const own = ` {"of":"crm"}`
		want := []string{"REQUEST_SENT" + own, "REQUEST_DELIVERED" + own, "UPDATE" + own, "DELETE" + own, "SYNC" + own}
		if got := mapped(a.T, a.test, from); fmt.Sprint(got) != fmt.Sprint(want) {
			a.Errorf("events\n%q, want\n%q", got, want)
		}
		if got := a.store.Find(a.Context(), "Jule"); !slices.Contains(got, "event_value") {
			a.Errorf("what the Contact said went too: %v", got)
		}
	})
}
