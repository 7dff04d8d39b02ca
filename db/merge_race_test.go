package db_test

import (
	"context"
	"fmt"
	"testing"

	"complero/db"
)

// Merges and their undoing, uploads of both Sources and answers through both
// Contacts' links, all at once: none fails for the others, and nothing is lost.
func TestMergingGoesWithUploadsAndAnswersAtOnce(t *testing.T) {
	withAgencies(t, func(a *agencies) {
		crm, north := a.both()
		mine := a.ask(a.test, "K-1")[0]
		made, err := a.north.CreateRequests(a.Context(), db.RequestsCreate{ContactExternalIDs: []string{"N-7"}})
		if err != nil {
			a.Fatal(err)
		}
		links := []string{a.token(a.test, mine), a.token(a.test, made.Requests[0])}
		system := a.system(a.test)
		allAtOnce(a.T, 5, func(ctx context.Context, i int) error {
			for n := range 6 {
				if err := a.meddle(ctx, system, i, n, crm.ID, north.ID, links); err != nil {
					return fmt.Errorf("caller %d, round %d: %w", i, n, err)
				}
			}
			return nil
		})
		merges, err := a.test.MergesOf(a.Context(), []string{crm.ID})
		if err != nil {
			a.Fatal(err)
		}
		for _, m := range merges[crm.ID] {
			if m.UndoneAt == nil {
				a.unmerge(m)
			}
		}
		k, n := contact(a.T, a.test, "K-1"), contact(a.T, a.north, "N-7")
		if k.ID != crm.ID || n.ID != north.ID || k.Profile.Title != "Dr. 5" || n.Profile.Organisation != "Nord 5" ||
			k.Profile.GivenName != "Juliane 5" || n.Profile.GivenName != "Nora 5" {
			a.Errorf("kept %+v\nmerged %+v", k.Profile, n.Profile)
		}
		report, err := a.test.Report(a.Context(), db.ReportFilter{})
		if err != nil || report.Contacts != 3 {
			a.Errorf("%d Contacts, %v", report.Contacts, err)
		}
	})
}

// meddle does what one of the callers does in a round.
func (a *agencies) meddle(ctx context.Context, system *db.Tenant, caller, round int, crm, north string, links []string) error {
	uploads := []string{`[{"externalId":"K-1","title":"Dr. %d"}]`, `[{"externalId":"N-7","organisation":"Nord %d"}]`}
	names := []string{`{"givenName":"Juliane %d"}`, `{"givenName":"Nora %d"}`}
	switch caller {
	case 0, 1:
		tenant := []*db.Tenant{a.test, a.north}[caller]
		op, err := tenant.UploadContacts(ctx, db.ContactsUpload{Contacts: fmt.Appendf(nil, uploads[caller], round), Count: 1})
		for done := false; err == nil && !done; {
			done, err = system.WorkOperation(ctx, op.ID)
		}
		return err
	case 2, 3:
		link, err := a.store.OpenLink(ctx, links[caller-2])
		if err == nil {
			_, err = link.Answer(ctx, db.Answer{Data: a.says(fmt.Sprintf(names[caller-2], round))})
		}
		return err
	}
	m, err := a.test.MergeContacts(ctx, db.ContactsMerge{Keep: crm, Merge: north})
	if err == nil {
		_, err = a.test.UnmergeContacts(ctx, db.ContactUnmerge{MergeID: &m.ID})
	}
	return err
}
