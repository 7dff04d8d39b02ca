package db_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"complero/db"
)

// match works off what the job does.
func (a *agencies) match(tenant *db.Tenant) {
	a.Helper()
	system := a.system(tenant)
	for range 100 {
		more, err := system.MatchContacts(a.Context())
		if err != nil {
			a.Fatal(err)
		}
		if !more {
			return
		}
	}
	a.Fatal("matching never ends")
}

// suggested lists the open suggestions as "K-1 N-7 EMAIL", oldest first.
func (a *agencies) suggested() []string {
	a.Helper()
	page, err := a.test.MergeSuggestions(a.Context(), db.Page{})
	if err != nil {
		a.Fatal(err)
	}
	list := []string{}
	for _, s := range page.Nodes {
		both, err := a.test.ContactsByID(a.Context(), []string{s.ContactID, s.OtherID})
		if err != nil || both[s.ContactID] == nil || both[s.OtherID] == nil {
			a.Fatal(both, err)
		}
		list = append(list, fmt.Sprintf("%s %s %v", both[s.ContactID].ExternalID(), both[s.OtherID].ExternalID(), s.Marks))
	}
	slices.Sort(list)
	return list
}

func TestContactsWhoSeemToBeOneAreSuggested(t *testing.T) {
	withAgencies(t, func(a *agencies) {
		upload(a.T, a.store, a.test,
			`{"externalId":"K-3","familyName":"Möller","phones":[{"number":"0160 4905728"}]}`,
			`{"externalId":"K-4","givenName":"Eva","familyName":"Groß","birthDate":"1970-11-13","addresses":[{"postalCode":"24103","city":"Kiel"}]}`)
		a.upload(a.north,
			`{"externalId":"N-1","familyName":"KETTENIS","emails":[{"address":"Juliane@example.net"}]}`,
			`{"externalId":"N-2","familyName":"Moeller","phones":[{"number":"+49 160 4905728"}]}`,
			`{"externalId":"N-3","givenName":"EVA","familyName":"Gross","birthDate":"1970-11-13","addresses":[{"postalCode":"24103","city":"Kiel"}]}`,
			`{"externalId":"N-4","familyName":"Anders","emails":[{"address":"juliane@example.net"}]}`,
			`{"externalId":"N-5","emails":[{"address":"juliane@example.net"}]}`)
		a.match(a.test)
		want := []string{"K-1 N-1 [EMAIL]", "K-3 N-2 [PHONE]", "K-4 N-3 [BIRTH]"}
		if got := a.suggested(); !slices.Equal(got, want) {
			a.Fatalf("suggested %q, want %q", got, want)
		}
		if c := contact(a.T, a.test, "K-1"); len(c.ExternalIDs()) != 1 {
			a.Error("they were merged without a word")
		}
		a.match(a.test)
		if got := a.suggested(); !slices.Equal(got, want) {
			a.Errorf("once more: %q", got)
		}
	})
}

func TestASuggestionIsConfirmedOrDismissed(t *testing.T) {
	withAgencies(t, func(a *agencies) {
		a.both()
		a.match(a.test)
		page, err := a.test.MergeSuggestions(a.Context(), db.Page{})
		if err != nil || len(page.Nodes) != 1 {
			a.Fatal(page, err)
		}
		s := page.Nodes[0]
		m, err := a.test.ConfirmMerge(a.Context(), db.MergeConfirm{ID: s.ID})
		if err != nil || m.Automatic || m.KeptID != contact(a.T, a.test, "K-1").ID {
			a.Fatal(m, err)
		}
		for _, err := range []error{
			func() error { _, err := a.test.ConfirmMerge(a.Context(), db.MergeConfirm{ID: s.ID}); return err }(),
			func() error { _, err := a.test.DismissMerge(a.Context(), s.ID); return err }(),
		} {
			if db.CodeOf(err) != db.ConflictCode {
				a.Errorf("decided on twice: %v", err)
			}
		}
		a.unmerge(m)
		a.match(a.test)
		if got := a.suggested(); len(got) > 0 {
			a.Errorf("suggested again after undoing: %q", got)
		}
		// A pair that was dismissed stays so, whatever is uploaded.
		a.upload(a.south, `{"externalId":"S-1","familyName":"Kettenis","emails":[{"address":"juliane@example.net"}]}`)
		a.match(a.test)
		page, err = a.test.MergeSuggestions(a.Context(), db.Page{})
		if err != nil || len(page.Nodes) != 2 { // with the central CRM's, and with the other agency's
			a.Fatal(len(page.Nodes), err)
		}
		for _, s := range page.Nodes {
			if _, err := a.test.DismissMerge(a.Context(), s.ID); err != nil {
				a.Fatal(err)
			}
		}
		a.upload(a.south, `{"externalId":"S-1","familyName":"Kettenis","emails":[{"address":"anders@example.net"}]}`)
		a.match(a.test)
		a.upload(a.south, `{"externalId":"S-1","familyName":"Kettenis","emails":[{"address":"juliane@example.net"}]}`)
		a.match(a.test)
		if got := a.suggested(); len(got) > 0 {
			a.Errorf("suggested again after dismissing: %q", got)
		}
		if _, err := a.test.DismissMerge(a.Context(), "suggestion_00000000000000000000000000"); db.CodeOf(err) != db.NotFoundCode {
			a.Errorf("an unknown one: %v", err)
		}
		if _, err := a.north.MergeSuggestions(a.Context(), db.Page{}); db.CodeOf(err) != db.Forbidden {
			a.Errorf("an agency reads suggestions: %v", err)
		}
	})
}

func TestPolicyDecidesOnMerges(t *testing.T) {
	const eva = `"familyName":"Kettenis","emails":[{"address":"juliane@example.net"}]`
	tests := []struct {
		name   string
		policy db.IdentityPolicy
		items  []string
		merged bool
		open   string
	}{
		{"automatic", db.AutomaticMerges, []string{`{"externalId":"N-1",` + eva + `}`}, true, ""},
		{"off", db.NoMerges, []string{`{"externalId":"N-1",` + eva + `}`}, false, ""},
		{"automatic, but the given names differ", db.AutomaticMerges, []string{`{"externalId":"N-1","givenName":"Georg",` + eva + `}`}, false, "K-1 N-1 [EMAIL]"},
		{"automatic, but two fit", db.AutomaticMerges, []string{`{"externalId":"N-1",` + eva + `}`, `{"externalId":"N-2",` + eva + `}`}, false, "K-1 N-1 [EMAIL], K-1 N-2 [EMAIL]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			withAgencies(t, func(a *agencies) {
				a.source(db.SourceSave{Key: "north", Identity: &tt.policy})
				a.upload(a.north, tt.items...)
				a.match(a.test)
				if got := len(contact(a.T, a.test, "K-1").ExternalIDs()) > 1; got != tt.merged {
					a.Errorf("merged: %t", got)
				}
				if got := strings.Join(a.suggested(), ", "); got != tt.open {
					a.Errorf("suggested %q, want %q", got, tt.open)
				}
			})
		})
	}
}

func TestAnAutomaticMergeStaysUndone(t *testing.T) {
	withAgencies(t, func(a *agencies) {
		a.source(db.SourceSave{Key: "north", Identity: ptr(db.AutomaticMerges)})
		a.upload(a.north, nordKettenis)
		a.match(a.test)
		c := contact(a.T, a.test, "K-1")
		merges, err := a.test.MergesOf(a.Context(), []string{c.ID})
		if err != nil || len(merges[c.ID]) != 1 || !merges[c.ID][0].Automatic {
			a.Fatal(merges, err)
		}
		a.unmerge(merges[c.ID][0])
		a.match(a.test)
		if got := contact(a.T, a.test, "K-1"); len(got.ExternalIDs()) != 1 {
			a.Error("it was merged once more")
		}
	})
}

func TestAContactsAnswerMergesNobody(t *testing.T) {
	withAgencies(t, func(a *agencies) {
		a.source(db.SourceSave{Key: "north", Identity: ptr(db.AutomaticMerges)})
		a.upload(a.north, `{"externalId":"N-1","familyName":"Kettenis","emails":[{"address":"nord@example.org"}]}`)
		a.match(a.test)
		if _, err := a.live.UpdateCompany(a.Context(), db.CompanyChange{ConfirmNewAddresses: ptr(false)}); err != nil {
			a.Fatal(err)
		}
		r := a.ask(a.test, "K-1")[0]
		a.answer(a.test, r, db.Answer{Data: a.says(`{"emails":[{"address":"nord@example.org"}]}`)})
		a.match(a.test)
		if got := strings.Join(a.suggested(), ", "); got != "K-1 N-1 [EMAIL]" {
			a.Errorf("suggested %q", got)
		}
	})
}

func TestOneSourceLeavesNoMarks(t *testing.T) {
	withAsker(t, func(a *asker) {
		if rows := a.store.Dump(a.Context(), "contact_match"); len(rows) > 0 {
			a.Errorf("%d marks", len(rows))
		}
		due, err := a.store.MatchesDue(a.Context())
		if err != nil || len(due) > 0 {
			a.Errorf("due %v, %v", due, err)
		}
	})
}

func TestMarksOfManyTellNobody(t *testing.T) {
	withAgencies(t, func(a *agencies) {
		var items []string
		for i := range 7 {
			items = append(items, fmt.Sprintf(`{"externalId":"M-%d","familyName":"Müller","emails":[{"address":"info@example.org"}]}`, i))
		}
		upload(a.T, a.store, a.test, items...)
		a.upload(a.north, `{"externalId":"N-1","familyName":"Müller","emails":[{"address":"info@example.org"}]}`)
		a.match(a.test)
		if got := a.suggested(); len(got) > 0 {
			a.Errorf("suggested %q", got)
		}
	})
}

func TestMatchingGoesOnFromWhereItWas(t *testing.T) {
	withAsker(t, func(asker *asker) {
		a := &agencies{asker: asker}
		var items []string
		for i := range 999 {
			items = append(items, fmt.Sprintf(`{"externalId":"M-%d","familyName":"Muster","emails":[{"address":"m%d@example.org"}]}`, i, i))
		}
		upload(a.T, a.store, a.test, items...)
		a.source(db.SourceSave{Key: "north", Name: ptr("Agentur Nord")})
		a.north = a.bound("north")
		for i := range items {
			items[i] = strings.Replace(items[i], `"M-`, `"N-`, 1)
		}
		a.upload(a.north, items...)
		if due, err := a.store.MatchesDue(a.Context()); err != nil || len(due) != 2 {
			a.Fatal(due, err)
		}
		a.match(a.test)
		a.match(a.live)
		if due, err := a.store.MatchesDue(a.Context()); err != nil || len(due) != 0 {
			a.Errorf("still due: %v, %v", due, err)
		}
		page, err := a.test.MergeSuggestions(a.Context(), db.Page{})
		if err != nil {
			a.Fatal(err)
		}
		if n, err := page.TotalCount(a.Context()); err != nil || *n != 999 {
			a.Errorf("%d suggestions, %v", *n, err)
		}
	})
}

// Contacts are erased while they are matched: nothing of theirs is left.
func TestMatchingLeavesNoMarksOfTheErased(t *testing.T) {
	withAgencies(t, func(a *agencies) {
		const people = 300
		var ids, items []string
		for i := range people {
			ids = append(ids, fmt.Sprintf("N-%d", i))
			items = append(items, fmt.Sprintf(`{"externalId":"N-%d","familyName":"Muster","emails":[{"address":"m%d@example.org"}]}`, i, i))
		}
		system := a.system(a.test)
		for range 2 {
			a.match(a.test)
			a.upload(a.north, items...)
			allAtOnce(a.T, 2, func(ctx context.Context, i int) error {
				if i == 0 {
					_, err := system.MatchContacts(ctx)
					return err
				}
				op, err := a.north.DeleteContacts(ctx, db.ContactsDelete{ExternalIDs: ids})
				if err != nil {
					return err
				}
				return finish(ctx, system, op.ID)
			})
			a.match(a.test)
			for _, mark := range a.store.Dump(a.Context(), "contact_match") {
				_, id, _ := strings.Cut(mark, "contact_id=")
				id, _, _ = strings.Cut(id, " ")
				both, err := a.test.ContactsByID(a.Context(), []string{id})
				if err != nil || both[id] == nil {
					a.Fatalf("a mark of one who is gone: %s, %v", mark, err)
				}
			}
		}
	})
}
