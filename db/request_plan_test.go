package db_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"complero/db"
)

// audienceCast uploads people of each kind: K-1 can be asked, K-2 has no address.
func audienceCast(a *asker) {
	a.Helper()
	upload(a.T, a.store, a.live,
		`{"externalId": "K-3", "familyName": "Stein", "emails": [{"address": "stein@example.net"}]}`,
		`{"externalId": "K-4", "familyName": "Meier \"emails\":[{", "phones": [{"number": "+49 30 901820"}]}`,
		`{"externalId": "K-5", "familyName": "Roth", "emails": [{"address": "roth@example.net"}]}`)
	if _, err := a.live.StopContact(a.Context(), db.ContactStop{ExternalID: "K-3"}); err != nil {
		a.Fatal(err)
	}
}

// plan has an audience asked and worked off, and returns the Operation.
func (a *asker) plan(tenant *db.Tenant, in db.RequestsCreate) *db.Operation {
	a.Helper()
	made, err := tenant.CreateRequests(a.Context(), in)
	if err != nil {
		a.Fatal(err)
	}
	return work(a.T, a.store, tenant, made.Operation)
}

// outcomes are what became of an Operation's items.
func (a *asker) outcomes(op *db.Operation) []string {
	a.Helper()
	items, err := a.live.OperationItems(a.Context(), op, db.Page{First: ptr(1000)}, db.OperationItemFilter{})
	if err != nil {
		a.Fatal(err)
	}
	var got []string
	for _, i := range items.Nodes {
		text := *i.ExternalID + " " + string(i.Outcome)
		for _, e := range i.Errors {
			text += " " + strings.SplitN(e.Message, ":", 2)[0]
		}
		got = append(got, text)
	}
	return got
}

func preview(p *db.RequestsPreview) string {
	text := fmt.Sprintf("%d of %d", p.Asked, p.Contacts)
	for _, l := range p.LeftOut {
		text += fmt.Sprintf(", %d %s", l.Contacts, l.Reason)
	}
	return text
}

func TestAnAudienceIsAskedInTheBackground(t *testing.T) {
	withAsker(t, func(a *asker) {
		audienceCast(a)
		p, err := a.live.PreviewRequests(a.Context(), db.RequestAudience{})
		if err != nil || preview(p) != "2 of 5, 1 STOPPED, 2 NO_ADDRESS" || p.SampleID != contact(a.T, a.live, "K-5").ID {
			a.Fatalf("the preview is %s, %v", preview(p), err)
		}
		if c := p.Channels[0]; c.Channel != db.Email || c.Requests != 2 || *c.Cost != 0 {
			a.Errorf("the Channels are %+v", p.Channels)
		}
		before := a.count(a.live)
		in := db.RequestsCreate{Whom: &db.RequestAudience{}, Ask: []db.Ask{db.AskAddress}, IdempotencyKey: ptr("once")}
		made, err := a.live.CreateRequests(a.Context(), in)
		if err != nil {
			a.Fatal(err)
		}
		again, err := a.live.CreateRequests(a.Context(), in)
		if err != nil || again.Operation.ID != made.Operation.ID {
			a.Errorf("asked again with the same key: %+v, %v", again, err)
		}
		// Whoever comes later is not of the audience.
		upload(a.T, a.store, a.live, `{"externalId": "K-6", "emails": [{"address": "late@example.net"}]}`)
		op := work(a.T, a.store, a.live, made.Operation)
		if op.Kind != db.RequestsCreateOperation || op.Status != db.OperationCompleted || *op.Total != 5 || op.Processed != 5 || op.Created != 2 || op.Rejected != 3 {
			a.Errorf("the Operation is %+v", op)
		}
		want := []string{"K-1 CREATED", "K-2 REJECTED NO_ADDRESS", "K-3 REJECTED STOPPED", "K-4 REJECTED NO_ADDRESS", "K-5 CREATED"}
		if got := a.outcomes(op); !slices.Equal(got, want) {
			a.Errorf("items\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		a.wantSince(a.live, before, "CREATE")
		all, err := a.live.Requests(a.Context(), db.Page{}, db.RequestFilter{})
		if err != nil || len(all.Nodes) != 2 {
			a.Fatalf("%d Requests, %v", len(all.Nodes), err)
		}
		for _, r := range all.Nodes {
			if r.Status != db.RequestPending || !slices.Equal(r.Ask, []db.Ask{db.AskAddress}) || a.deliveries(a.live, r) != "QUEUED 0" || a.token(a.live, r) == "" {
				a.Errorf("a Request is %+v", r)
			}
		}
		if got := a.report(a.live, db.ReportFilter{}); got != "2 0 0 0 0 0 -" {
			a.Errorf("report %s", got)
		}
	})
}

func TestAnAudienceIsNarrowed(t *testing.T) {
	withAsker(t, func(a *asker) {
		audienceCast(a)
		first := a.ask(a.live, "K-1")[0]
		a.pass(10 * 24 * time.Hour)
		id := func(external string) string { return contact(a.T, a.live, external).ID }
		stranger, _ := account(a.T, a.store, "Südlicht")
		upload(a.T, a.store, stranger, frohn)
		for _, tt := range []struct {
			name string
			whom db.RequestAudience
			want string
		}{
			{"chosen", db.RequestAudience{ContactIDs: []string{id("K-1"), id("K-2")}}, "1 of 2, 1 NO_ADDRESS"},
			{"another Company's", db.RequestAudience{ContactIDs: []string{contact(a.T, stranger, "K-2").ID}}, "0 of 0"},
			{"an Employee's", db.RequestAudience{EmployeeExternalID: ptr("V-1")}, "1 of 1"},
			{"the CRM's", db.RequestAudience{Source: ptr("crm")}, "2 of 5, 1 STOPPED, 2 NO_ADDRESS"},
			{"found", db.RequestAudience{Search: ptr("roth EXAMPLE")}, "1 of 1"},
			{"a pattern is no pattern", db.RequestAudience{Search: ptr("%")}, "0 of 0"},
			{"never asked", db.RequestAudience{NeverAsked: ptr(true)}, "1 of 4, 1 STOPPED, 2 NO_ADDRESS"},
			{"asked long ago", db.RequestAudience{NotAskedSince: ptr(a.now().Add(-time.Hour))}, "2 of 5, 1 STOPPED, 2 NO_ADDRESS"},
			{"asked lately", db.RequestAudience{NotAskedSince: ptr(a.now().AddDate(0, 0, -11))}, "1 of 5, 1 STOPPED, 1 ASKED_LATELY, 2 NO_ADDRESS"},
			{"not confirmed", db.RequestAudience{ConfirmedBefore: ptr(a.now())}, "2 of 5, 1 STOPPED, 2 NO_ADDRESS"},
		} {
			p, err := a.live.PreviewRequests(a.Context(), tt.whom)
			if err != nil || preview(p) != tt.want {
				a.Errorf("%s: the preview is %s (%v), want %s", tt.name, preview(p), err, tt.want)
			}
		}
		a.answer(a.live, first, db.Answer{Confirm: true})
		if p, err := a.live.PreviewRequests(a.Context(), db.RequestAudience{ConfirmedBefore: ptr(a.now().Add(-time.Hour))}); err != nil || p.Contacts != 4 {
			a.Errorf("not confirmed lately are %d, %v", p.Contacts, err)
		}
		op := a.plan(a.live, db.RequestsCreate{Whom: &db.RequestAudience{NotAskedSince: ptr(a.now().AddDate(0, 0, -11))}})
		if *op.Total != 4 || op.Created != 1 || op.Rejected != 3 {
			a.Errorf("with those left out who were asked lately %+v", op)
		}
	})
}

func TestAnAddressThatFailedIsNone(t *testing.T) {
	withAsker(t, func(a *asker) {
		a.store.Run(a.Context(), `UPDATE contact SET profile = '{"familyName":"\"health\":\"FAILED\"","emails":[{"id":"e","address":"a@example.net","use":"PRIVATE","health":"FAILED"}]}'
			WHERE sort_name LIKE '%frohn%'`)
		p, err := a.test.PreviewRequests(a.Context(), db.RequestAudience{})
		if err != nil || preview(p) != "1 of 2, 1 NO_ADDRESS" {
			a.Errorf("one address that failed: %s, %v", preview(p), err)
		}
		a.store.Run(a.Context(), `UPDATE contact SET profile = '{"emails":[{"id":"e","address":"a@example.net","use":"PRIVATE","health":"FAILED"},{"id":"f","address":"b@example.net","use":"PRIVATE"}]}'
			WHERE sort_name LIKE '%frohn%'`)
		if p, err = a.test.PreviewRequests(a.Context(), db.RequestAudience{}); err != nil || preview(p) != "2 of 2" {
			a.Errorf("a second one: %s, %v", preview(p), err)
		}
		if op := a.plan(a.test, db.RequestsCreate{Whom: &db.RequestAudience{}}); op.Created != 2 {
			a.Errorf("the Operation is %+v", op)
		}
	})
}

func TestAnAudienceIsAskedSliceBySlice(t *testing.T) {
	withAsker(t, func(a *asker) {
		const many = 2100
		for from := 0; from < many; from += 700 {
			var items []string
			for n := from; n < from+700; n++ {
				items = append(items, fmt.Sprintf(`{"externalId": "M-%d", "emails": [{"address": "m%[1]d@example.net"}]}`, n))
			}
			upload(a.T, a.store, a.live, items...)
		}
		made, err := a.live.CreateRequests(a.Context(), db.RequestsCreate{Whom: &db.RequestAudience{}})
		if err != nil {
			a.Fatal(err)
		}
		s := system(a.T, a.store, a.live)
		s.WorkSlice(a.Context(), made.Operation.ID)
		op, err := a.live.Operation(a.Context(), made.Operation.ID)
		if err != nil || *op.Total != many+2 || op.Processed != 1000 || op.Status != db.OperationRunning {
			a.Fatalf("after a slice %+v, %v", op, err)
		}
		op = work(a.T, a.store, a.live, op)
		if op.Created != many+1 || op.Rejected != 1 || *op.Total != many+2 {
			a.Errorf("in the end %+v", op)
		}
		if got := a.report(a.live, db.ReportFilter{}); got != fmt.Sprintf("%d 0 0 0 0 0 -", many+1) {
			a.Errorf("report %s", got)
		}
		// Cancelled between two slices, the rest is not asked.
		made, err = a.live.CreateRequests(a.Context(), db.RequestsCreate{Whom: &db.RequestAudience{Search: ptr("m")}})
		if err != nil {
			a.Fatal(err)
		}
		s.WorkSlice(a.Context(), made.Operation.ID)
		if op, err = a.live.CancelOperation(a.Context(), made.Operation.ID); err != nil || op.Status != db.OperationCancelled || op.Created != 1000 {
			a.Errorf("cancelled %+v, %v", op, err)
		}
	})
}

func TestWhoMayAskAnAudience(t *testing.T) {
	withAsker(t, func(a *asker) {
		reader, asking := *a.live, *a.live
		reader.Viewer.Rights = []db.Right{db.RequestsRead, db.ContactsRead}
		asking.Viewer.Rights = []db.Right{db.RequestsWrite}
		if _, err := reader.PreviewRequests(a.Context(), db.RequestAudience{}); db.CodeOf(err) != db.Forbidden {
			a.Errorf("a reader previews: %v", err)
		}
		if _, err := reader.CreateRequests(a.Context(), db.RequestsCreate{Whom: &db.RequestAudience{}}); db.CodeOf(err) != db.Forbidden {
			a.Errorf("a reader asks: %v", err)
		}
		other := pending(a.T, a.live, 1)
		op := a.plan(&asking, db.RequestsCreate{Whom: &db.RequestAudience{}})
		list, err := asking.Operations(a.Context(), db.Page{})
		if err != nil || op.Created != 1 || len(list.Nodes) != 1 || list.Nodes[0].ID != op.ID {
			a.Errorf("who may only ask sees %+v, %v", list, err)
		}
		if got, err := asking.Operation(a.Context(), other.ID); err != nil || got != nil {
			a.Errorf("and an upload: %+v, %v", got, err)
		}
		if _, err := a.live.SaveSource(a.Context(), db.SourceSave{Key: "agency", Name: ptr("Agentur")}); err != nil {
			a.Fatal(err)
		}
		agency := *a.live
		agency.Viewer.Source = "agency"
		if p, err := agency.PreviewRequests(a.Context(), db.RequestAudience{}); err != nil || p.Contacts != 0 {
			a.Errorf("an agency without Contacts counts %+v, %v", p, err)
		}
		if op := a.plan(&agency, db.RequestsCreate{Whom: &db.RequestAudience{}}); *op.Total != 0 || op.Source == nil || *op.Source != "agency" {
			a.Errorf("and asks %+v", op)
		}
		if _, err := agency.PreviewRequests(a.Context(), db.RequestAudience{Source: ptr("crm")}); db.CodeOf(err) != db.Forbidden {
			a.Errorf("an agency asks the CRM's: %v", err)
		}
	})
}

func TestWrongAudiencesAreRefused(t *testing.T) {
	withAsker(t, func(a *asker) {
		for _, tt := range []struct {
			in   db.RequestsCreate
			want string
		}{
			{db.RequestsCreate{Whom: &db.RequestAudience{}, ContactExternalIDs: []string{"K-1"}}, "INVALID [contactExternalIds]"},
			{db.RequestsCreate{Whom: &db.RequestAudience{}, Source: ptr("crm")}, "INVALID [source]"},
			{db.RequestsCreate{Whom: &db.RequestAudience{EmployeeExternalID: ptr("V-9")}}, "NOT_FOUND [whom employeeExternalId]"},
			{db.RequestsCreate{Whom: &db.RequestAudience{Source: ptr("none")}}, "NOT_FOUND [whom source]"},
			{db.RequestsCreate{Whom: &db.RequestAudience{ContactIDs: make([]string, 1001)}}, "TOO_MANY_ITEMS [whom contactIds]"},
			{db.RequestsCreate{Whom: &db.RequestAudience{}, ExpiresAt: ptr(askedAt)}, "INVALID [expiresAt]"},
			{db.RequestsCreate{Whom: &db.RequestAudience{}, Text: ptr("none")}, "NOT_FOUND [text]"},
		} {
			_, err := a.live.CreateRequests(a.Context(), tt.in)
			errs := db.ErrorsOf(err)
			if len(errs) != 1 || fmt.Sprint(errs[0].Code, " ", errs[0].Path) != tt.want {
				a.Errorf("%+v is %v, want %s", tt.in.Whom, errs, tt.want)
			}
		}
	})
}
