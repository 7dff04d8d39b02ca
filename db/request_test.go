package db_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"complero/db"
)

func TestCreateRequestsAnswersEachContact(t *testing.T) {
	withAsker(t, func(a *asker) {
		if _, err := a.live.StopContact(a.Context(), db.ContactStop{ExternalID: "K-2"}); err != nil {
			a.Fatal(err)
		}
		upload(a.T, a.store, a.live, `{"externalId": "K-3"}`)
		before := a.count(a.live)
		made, err := a.live.CreateRequests(a.Context(), db.RequestsCreate{ContactExternalIDs: []string{"K-1", "K-404", "K-1", "K-2", "K-3"}})
		if err != nil {
			a.Fatal(err)
		}
		var got []string
		for _, i := range made.Items {
			text := i.ExternalID
			if i.Request != nil {
				text += " " + string(i.Request.Status)
				if i.Request.Reason != nil {
					text += " " + *i.Request.Reason
				}
			}
			for _, e := range i.Errors {
				text += fmt.Sprint(" ", e.Code, e.Path)
			}
			got = append(got, text)
		}
		want := []string{"K-1 PENDING", "K-404 NOT_FOUND[contactExternalIds 1]", "K-1 TAKEN[contactExternalIds 2]", "K-2 SUPPRESSED STOPPED", "K-3 SUPPRESSED NO_ADDRESS"}
		if !slices.Equal(got, want) {
			a.Errorf("items\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		a.wantSince(a.live, before, "REQUEST_SUPPRESSED STOPPED", "REQUEST_SUPPRESSED NO_ADDRESS")
		r := a.request(a.live, made.Requests[0])
		if len(made.Requests) != 3 || r.EmployeeID == nil || !r.ExpiresAt.Equal(a.now().Add(90*24*time.Hour)) || !slices.Equal(r.Channels, []db.Channel{db.Email}) {
			a.Errorf("%d Requests, the first %+v", len(made.Requests), r)
		}
		if got := a.deliveries(a.live, r); got != "QUEUED 0" {
			a.Errorf("Deliveries %s", got)
		}
		if got := a.report(a.live, db.ReportFilter{}); got != "3 0 0 0 0 0 -" {
			a.Errorf("report %s", got)
		}
		if got := a.report(a.live, db.ReportFilter{EmployeeExternalID: ptr("V-1")}); got != "1 0 0 0 0 0 -" {
			a.Errorf("the Employee's report %s", got)
		}
		if got := a.count(a.test); got != 2 {
			a.Errorf("test mode has %d events", got)
		}
	})
}

func TestCreateRequestsRefusesWrongCalls(t *testing.T) {
	many := make([]string, 1001)
	tests := []struct {
		name string
		in   db.RequestsCreate
		want string
	}{
		{"nobody", db.RequestsCreate{}, "REQUIRED [contactExternalIds]"},
		{"too many", db.RequestsCreate{ContactExternalIDs: many}, "TOO_MANY_ITEMS [contactExternalIds]"},
		{"no mail", db.RequestsCreate{ContactExternalIDs: []string{"K-1"}, Channels: []db.Channel{db.SMS}}, "INVALID [channels]"},
		{"no Channel", db.RequestsCreate{ContactExternalIDs: []string{"K-1"}, Channels: []db.Channel{"FAX"}}, "INVALID [channels]"},
		{"no Ask", db.RequestsCreate{ContactExternalIDs: []string{"K-1"}, Ask: []db.Ask{"SHOE_SIZE"}}, "INVALID [ask]"},
		{"past", db.RequestsCreate{ContactExternalIDs: []string{"K-1"}, ExpiresAt: ptr(askedAt)}, "INVALID [expiresAt]"},
		{"too late", db.RequestsCreate{ContactExternalIDs: []string{"K-1"}, ExpiresAt: ptr(askedAt.AddDate(1, 0, 1))}, "INVALID [expiresAt]"},
		{"no Source", db.RequestsCreate{ContactExternalIDs: []string{"K-1"}, Source: ptr("agency")}, "NOT_FOUND [source]"},
	}
	withAsker(t, func(a *asker) {
		for _, test := range tests {
			_, err := a.live.CreateRequests(a.Context(), test.in)
			if got := codes(err); got != test.want {
				a.Errorf("%s: %s, want %s (%v)", test.name, got, test.want, err)
			}
		}
	})
}

// codes writes the errors that a caller can mend as "CODE [path]".
func codes(err error) string {
	var list []string
	for _, e := range db.ErrorsOf(err) {
		list = append(list, fmt.Sprint(e.Code, " ", e.Path))
	}
	return strings.Join(list, ", ")
}

func TestLiveRequestsNeedRouteSenderAndImprint(t *testing.T) {
	withAsker(t, func(a *asker) {
		none := ptr((*string)(nil))
		if _, err := a.live.UpdateCompany(a.Context(), db.CompanyChange{SenderAddress: none, Imprint: none}); err != nil {
			a.Fatal(err)
		}
		_, err := a.live.CreateRequests(a.Context(), db.RequestsCreate{ContactExternalIDs: []string{"K-1"}})
		if got := codes(err); got != "CONFLICT [], CONFLICT [], CONFLICT []" {
			a.Errorf("%s (%v)", got, err)
		}
		if got := a.ask(a.test, "K-1")[0].Status; got != db.RequestPending {
			a.Errorf("in test mode %s", got)
		}
	}, func(c *db.Config) { c.MailRoute = false })
}

func TestCreateRequestsOnceForAKey(t *testing.T) {
	withAsker(t, func(a *asker) {
		in := db.RequestsCreate{ContactExternalIDs: []string{"K-404"}, IdempotencyKey: ptr("spring")}
		if made, err := a.live.CreateRequests(a.Context(), in); err != nil || len(made.Requests) != 0 || len(made.Items[0].Errors) != 1 {
			a.Fatalf("%+v, %v", made, err)
		}
		in.ContactExternalIDs = []string{"K-1", "K-1", "K-404"} // a call that changed nothing is not kept
		first, err := a.live.CreateRequests(a.Context(), in)
		if err != nil {
			a.Fatal(err)
		}
		again, err := a.live.CreateRequests(a.Context(), in)
		if err != nil {
			a.Fatal(err)
		}
		if len(again.Requests) != 1 || again.Requests[0].ID != first.Requests[0].ID || len(again.Items) != 3 ||
			again.Items[1].Errors[0].Code != db.Taken || again.Items[2].Errors[0].Code != db.NotFoundCode {
			a.Errorf("repeated: %+v", again)
		}
		in.Ask = []db.Ask{db.AskAddress}
		if _, err := a.live.CreateRequests(a.Context(), in); db.CodeOf(err) != db.IdempotencyConflict {
			a.Errorf("another input: %v", err)
		}
	})
}

func TestCancelEndsAnUnansweredRequest(t *testing.T) {
	withAsker(t, func(a *asker) {
		r := a.ask(a.live, "K-1")[0]
		before := a.count(a.live)
		for range 2 {
			got, err := a.live.CancelRequest(a.Context(), r.ID)
			if err != nil || got.Status != db.RequestCancelled {
				a.Fatalf("%+v, %v", got, err)
			}
		}
		a.wantSince(a.live, before, "REQUEST_CANCELLED")
		if got := a.deliveries(a.live, r); got != "FAILED 0 cancelled before it went out" {
			a.Errorf("Deliveries %s", got)
		}
		if got := len(a.claim(a.live)); got != 0 {
			a.Errorf("%d Deliveries of a cancelled Request are claimed", got)
		}
		answered := a.ask(a.live, "K-1")[0]
		a.answer(a.live, answered, db.Answer{Confirm: true})
		if _, err := a.live.CancelRequest(a.Context(), answered.ID); db.CodeOf(err) != db.ConflictCode {
			a.Errorf("cancelling an answered one: %v", err)
		}
		suppressed := a.ask(a.live, "K-2")[0]
		if _, err := a.live.CancelRequest(a.Context(), suppressed.ID); db.CodeOf(err) != db.ConflictCode {
			a.Errorf("cancelling a suppressed one: %v", err)
		}
		for _, id := range []string{"request_unknown", "", r.ID + "x", "\x00"} {
			if _, err := a.test.CancelRequest(a.Context(), id); db.CodeOf(err) != db.NotFoundCode {
				a.Errorf("cancelling %q: %v", id, err)
			}
		}
		if _, err := a.test.CancelRequest(a.Context(), answered.ID); db.CodeOf(err) != db.NotFoundCode {
			a.Errorf("cancelling a live one in test mode: %v", err)
		}
	})
}

func TestRequestsListsNewestFirst(t *testing.T) {
	withAsker(t, func(a *asker) {
		var ids []string
		for range 5 {
			ids = append([]string{a.ask(a.live, "K-1")[0].ID}, ids...)
			a.pass(time.Hour)
		}
		suppressed := a.ask(a.live, "K-2")[0]
		if _, err := a.live.CancelRequest(a.Context(), ids[0]); err != nil {
			a.Fatal(err)
		}
		list := func(page db.Page, f db.RequestFilter) ([]string, *db.Connection[*db.Request]) {
			c, err := a.live.Requests(a.Context(), page, f)
			if err != nil {
				a.Fatal(err)
			}
			var got []string
			for _, r := range c.Nodes {
				got = append(got, r.ID)
			}
			return got, c
		}
		tests := []struct {
			name   string
			filter db.RequestFilter
			want   []string
		}{
			{"all", db.RequestFilter{}, append([]string{suppressed.ID}, ids...)},
			{"status", db.RequestFilter{Status: ptr(db.RequestCancelled)}, ids[:1]},
			{"Employee", db.RequestFilter{EmployeeExternalID: ptr("V-1")}, ids},
			{"no Employee", db.RequestFilter{EmployeeExternalID: ptr("V-404")}, nil},
			{"Source", db.RequestFilter{Source: ptr(db.AIRequest)}, nil},
			{"since", db.RequestFilter{CreatedSince: ptr(askedAt.Add(3 * time.Hour))}, []string{suppressed.ID, ids[0], ids[1]}},
			{"Contact", db.RequestFilter{ContactID: suppressed.ContactID}, []string{suppressed.ID}},
		}
		for _, test := range tests {
			got, c := list(db.Page{}, test.filter)
			if !slices.Equal(got, test.want) {
				a.Errorf("%s: %q, want %q", test.name, got, test.want)
			}
			if n, err := c.TotalCount(a.Context()); err != nil || *n != len(test.want) {
				a.Errorf("%s: counted %v, %v", test.name, n, err)
			}
		}
		first, c := list(db.Page{First: ptr(2)}, db.RequestFilter{})
		second, _ := list(db.Page{First: ptr(2), After: c.PageInfo.EndCursor}, db.RequestFilter{})
		if got := append(first, second...); !slices.Equal(got, tests[0].want[:4]) || !c.PageInfo.HasNextPage {
			a.Errorf("two pages %q", got)
		}
	})
}

func TestRequestLinkNeedsItsScope(t *testing.T) {
	withAsker(t, func(a *asker) {
		r := a.ask(a.live, "K-1")[0]
		if link := a.live.RequestLink(r); link == nil || !strings.HasPrefix(*link, "http://localhost:8080/u/") {
			a.Errorf("link %v", link)
		}
		stranger := *a.live
		stranger.Viewer.Rights = []db.Right{db.RequestsRead}
		if link := stranger.RequestLink(r); link != nil {
			a.Errorf("without the scope: %s", *link)
		}
		revoked := *r
		revoked.Generation++
		if link := a.live.RequestLink(&revoked); link != nil {
			a.Errorf("of another generation: %s", *link)
		}
		if found := a.store.Find(a.Context(), a.token(a.live, r)); len(found) > 0 {
			a.Errorf("the token stands in %q", found)
		}
	})
}
