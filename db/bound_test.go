package db_test

import (
	"slices"
	"strings"
	"testing"

	"complero/db"
	"complero/db/profile"
)

// colleagues is a Company of two Employees, of whom the first sees K-1 and K-3
// and the second K-2, each with all rights.
type colleagues struct {
	*asker
	first, second *db.Tenant
}

func withColleagues(t *testing.T, run func(c *colleagues)) {
	t.Helper()
	withAsker(t, func(a *asker) {
		uploadEmployees(a.T, a.store, a.test, map[string]any{"externalId": "V-2", "displayName": "Ines Berger"})
		upload(a.T, a.store, a.test, `{"externalId": "K-2", "employee": "V-2", "emails": [{"address": "frohn@example.net"}]}`, `{"externalId": "K-3", "employee": "V-1"}`)
		_, err := a.live.SaveConsentDefinition(a.Context(), db.ConsentDefinitionSave{
			Key: "news", Advertising: ptr(true), Channels: []db.ConsentChannel{db.ConsentEmail},
			Wordings: []db.ConsentWording{{Locale: "de", Title: "Neues", Wording: "Ich möchte Neues erfahren."}},
		})
		if err != nil {
			a.Fatal(err)
		}
		for _, r := range a.ask(a.test, "K-1", "K-2") {
			a.answer(a.test, r, db.Answer{Confirm: true, Consents: []db.ConsentDecision{{Key: "news", Granted: true}}})
		}
		run(&colleagues{asker: a, first: a.employee("V-1"), second: a.employee("V-2")})
	})
}

// employee is the Tenant of an Employee in test mode who may do everything.
func (a *asker) employee(externalID string) *db.Tenant {
	a.Helper()
	e, err := a.test.Employee(a.Context(), nil, &externalID)
	if err != nil || e == nil {
		a.Fatal(e, err)
	}
	own := *a.test
	own.Viewer = db.Viewer{Kind: db.EmployeeViewer, UserID: "user_" + externalID, EmployeeID: e.ID, Rights: db.AllScopes()}
	return &own
}

// sees lists what a Viewer finds: Contacts, the Contacts of events, of
// Requests and of Consents, and Employees.
func (c *colleagues) sees(as *db.Tenant) string {
	c.Helper()
	ctx := c.Context()
	contacts, err := as.Contacts(ctx, db.Page{}, db.ContactFilter{}, db.CreatedAtAsc)
	fatal(c.T, err)
	events, err := as.Events(ctx, db.Page{}, db.EventFilter{})
	fatal(c.T, err)
	requests, err := as.Requests(ctx, db.Page{}, db.RequestFilter{})
	fatal(c.T, err)
	consents, err := as.Consents(ctx, db.Page{}, db.ConsentFilter{})
	fatal(c.T, err)
	employees, err := as.Employees(ctx, db.Page{}, db.EmployeeFilter{})
	fatal(c.T, err)
	all := map[string]string{}
	var seen []string
	for _, x := range contacts.Nodes {
		all[x.ID] = x.ExternalID()
		seen = append(seen, x.ExternalID())
	}
	note := func(what string, id string) {
		if name := what + " " + all[id]; !slices.Contains(seen, name) {
			seen = append(seen, name)
		}
	}
	for _, x := range events.Nodes {
		note("event", x.ContactID)
	}
	for _, x := range requests.Nodes {
		note("request", x.ContactID)
	}
	for _, x := range consents.Nodes {
		note("consent", x.ContactID)
	}
	for _, x := range employees.Nodes {
		seen = append(seen, x.ExternalID)
	}
	for what, list := range map[string]interface{ counted() (*int, int) }{
		"Contacts": count[*db.Contact]{c.T, contacts}, "Requests": count[*db.Request]{c.T, requests},
		"Consents": count[*db.Consent]{c.T, consents}, "Employees": count[*db.Employee]{c.T, employees},
	} {
		if n, want := list.counted(); n == nil || *n != want {
			c.Errorf("%s are %d, counted %v", what, want, n)
		}
	}
	return strings.Join(seen, ", ")
}

// count compares a list with its count.
type count[T any] struct {
	t    *testing.T
	list *db.Connection[T]
}

func (c count[T]) counted() (*int, int) {
	n, err := c.list.TotalCount(c.t.Context())
	fatal(c.t, err)
	return n, len(c.list.Nodes)
}

func fatal(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAnEmployeeSeesTheirOwnContactsAlone(t *testing.T) {
	withColleagues(t, func(c *colleagues) {
		for as, want := range map[*db.Tenant]string{
			c.first:  "K-1, K-3, event K-1, event K-3, request K-1, consent K-1, V-1",
			c.second: "K-2, event K-2, request K-2, consent K-2, V-2",
		} {
			if got := c.sees(as); got != want {
				c.Errorf("sees %q, want %q", got, want)
			}
		}
		nobody := *c.first
		nobody.Viewer.EmployeeID = ""
		if got := c.sees(&nobody); got != "" {
			c.Errorf("an Employee who is not known sees %q", got)
		}
		// Whoever takes over sees what was before.
		upload(c.T, c.store, c.test, `{"externalId": "K-1", "employee": "V-2"}`)
		if got := c.sees(c.second); got != "K-1, K-2, event K-1, event K-2, request K-2, request K-1, consent K-2, consent K-1, V-2" {
			c.Errorf("sees %q", got)
		}
		if got := c.sees(c.first); got != "K-3, event K-3, V-1" {
			c.Errorf("still sees %q", got)
		}
	})
}

func TestAnEmployeeLooksNothingOfOthersUp(t *testing.T) {
	withColleagues(t, func(c *colleagues) {
		ctx := c.Context()
		other := contact(c.T, c.test, "K-1")
		requests, err := c.test.Requests(ctx, db.Page{}, db.RequestFilter{ContactID: other.ID})
		fatal(c.T, err)
		request := requests.Nodes[0]
		consents, err := c.test.ConsentsOf(ctx, []string{other.ID})
		fatal(c.T, err)
		consent := consents[other.ID][0]
		all, err := c.test.Events(ctx, db.Page{}, db.EventFilter{ContactID: other.ID})
		fatal(c.T, err)
		colleague, err := c.test.Employee(ctx, nil, ptr("V-1"))
		fatal(c.T, err)
		as := c.second
		empty := func(what string, found int, err error) {
			c.Helper()
			if err != nil || found != 0 {
				c.Errorf("%s: %d found, %v", what, found, err)
			}
		}
		one := func(found bool) int { return map[bool]int{true: 1}[found] }
		byID, err := as.Contact(ctx, db.ContactRef{ID: &other.ID})
		empty("a Contact by id", one(byID != nil), err)
		named, err := as.Contact(ctx, db.ContactRef{ExternalID: ptr("K-1")})
		empty("a Contact by externalId", one(named != nil), err)
		many, err := as.ContactsByID(ctx, []string{other.ID})
		empty("Contacts by id", len(many), err)
		words, err := as.ContactWords(ctx, []string{other.ID})
		empty("who says what", len(words), err)
		searched, err := as.Contacts(ctx, db.Page{}, db.ContactFilter{Search: ptr("kettenis")}, "")
		empty("a search", len(searched.Nodes), err)
		filtered, err := as.Contacts(ctx, db.Page{}, db.ContactFilter{EmployeeExternalID: ptr("V-1")}, "")
		empty("a colleague's Contacts", len(filtered.Nodes), err)
		of, err := as.ContactsOf(ctx, []string{colleague.ID}, db.Page{})
		n, _ := of[colleague.ID].TotalCount(ctx)
		empty("a colleague's Contacts by id", len(of[colleague.ID].Nodes)+*n, err)
		employee, err := as.Employee(ctx, nil, ptr("V-1"))
		empty("a colleague", one(employee != nil), err)
		employees, err := as.EmployeesByID(ctx, []string{colleague.ID})
		empty("colleagues by id", len(employees), err)
		found, err := as.Request(ctx, request.ID)
		empty("a Request", one(found != nil), err)
		theirs, err := as.RequestsOf(ctx, []string{other.ID}, db.Page{})
		n, _ = theirs[other.ID].TotalCount(ctx)
		empty("a Contact's Requests", len(theirs[other.ID].Nodes)+*n, err)
		deliveries, err := as.DeliveriesOf(ctx, []string{request.ID})
		empty("Deliveries", len(deliveries), err)
		decided, err := as.ConsentByID(ctx, consent.ID)
		empty("a Consent", one(decided != nil), err)
		decisions, err := as.ConsentsOf(ctx, []string{other.ID})
		empty("a Contact's Consents", len(decisions), err)
		event, err := as.EventByID(ctx, all.Nodes[0].ID)
		empty("an event", one(event != nil), err)
		log, err := as.EventsOf(ctx, []string{other.ID}, db.Page{}, db.EventFilter{})
		empty("a Contact's events", len(log[other.ID].Nodes), err)
		outbox, err := as.Outbox(ctx, db.Page{})
		empty("messages", len(outbox.Nodes), err)
		operations, err := as.Operations(ctx, db.Page{})
		empty("Operations", len(operations.Nodes), err)
		permission, err := as.Permission(ctx, db.PermissionAsk{ContactExternalID: "K-1", Channel: db.ConsentEmail})
		empty("a permission", one(permission.Allowed || permission.Code != db.PermissionNeverAsked), err)
		if own, err := as.Permission(ctx, db.PermissionAsk{ContactExternalID: "K-2", Channel: db.ConsentEmail}); err != nil || !own.Allowed {
			c.Errorf("their own Contact's permission: %+v, %v", own, err)
		}
	})
}

func TestAnEmployeesReportAndFilesAreOfTheirContacts(t *testing.T) {
	withColleagues(t, func(c *colleagues) {
		whole, err := c.test.Report(c.Context(), db.ReportFilter{})
		fatal(c.T, err)
		for as, want := range map[*db.Tenant]int{c.first: 2, c.second: 1} {
			r, err := as.Report(c.Context(), db.ReportFilter{})
			if err != nil || r.Contacts != want || r.Requests != 1 || whole.Requests != 2 {
				c.Errorf("report %+v, %v", r, err)
			}
		}
		if r, err := c.second.Report(c.Context(), db.ReportFilter{EmployeeExternalID: ptr("V-1")}); err != nil || r.Contacts != 0 || r.Requests != 0 {
			c.Errorf("a colleague's report %+v, %v", r, err)
		}
		var taken []string
		fatal(c.T, c.second.ExportContacts(c.Context(), db.ContactExport{}, func(in *profile.Input) error {
			taken = append(taken, in.ExternalID.Value)
			return nil
		}))
		fatal(c.T, c.second.ExportEvents(c.Context(), nil, db.EventFilter{}, func(e *db.ExportedEvent) error {
			taken = append(taken, *e.ContactExternalID)
			return nil
		}))
		fatal(c.T, c.second.ExportConsents(c.Context(), db.ConsentFilter{}, func(e *db.ExportedConsent) error {
			taken = append(taken, e.ContactExternalID)
			return nil
		}))
		slices.Sort(taken)
		if got := slices.Compact(taken); !slices.Equal(got, []string{"K-2"}) {
			c.Errorf("files have %q", got)
		}
	})
}

func TestAnEmployeeChangesNothingOfOthers(t *testing.T) {
	withColleagues(t, func(c *colleagues) {
		_, err := c.live.UpdateCompany(c.Context(), db.CompanyChange{EmployeeRequests: ptr(true)})
		fatal(c.T, err)
		c.second.Company.EmployeeRequests = true
		ctx, as, before := c.Context(), c.second, c.count(c.test)
		requests, err := c.test.Requests(ctx, db.Page{}, db.RequestFilter{ContactID: contact(c.T, c.test, "K-1").ID})
		fatal(c.T, err)
		made, err := as.CreateRequests(ctx, db.RequestsCreate{ContactExternalIDs: []string{"K-1"}})
		fatal(c.T, err)
		if len(made.Requests) != 0 || len(made.Items[0].Errors) != 1 {
			c.Errorf("asked a colleague's Contact: %+v", made)
		}
		for what, try := range map[string]func() error{
			"stop":   func() error { _, err := as.StopContact(ctx, db.ContactStop{ExternalID: "K-1"}); return err },
			"resume": func() error { _, err := as.ResumeContact(ctx, db.ContactStop{ExternalID: "K-1"}); return err },
			"cancel": func() error { _, err := as.CancelRequest(ctx, requests.Nodes[0].ID); return err },
			"withdraw": func() error {
				_, err := as.WithdrawConsent(ctx, db.ConsentWithdraw{ContactExternalID: "K-1", Key: "news"})
				return err
			},
			"use": func() error {
				_, err := as.RecordConsentUse(ctx, db.ConsentUse{ContactExternalID: "K-1", Key: "news"})
				return err
			},
			"respond": func() error {
				_, err := as.Respond(ctx, db.SandboxRespond{ContactExternalID: "K-1", Confirm: true})
				return err
			},
		} {
			if err := try(); db.CodeOf(err) != db.NotFoundCode {
				c.Errorf("%s: %v", what, err)
			}
		}
		last, err := c.test.Events(ctx, db.Page{Last: ptr(1)}, db.EventFilter{})
		fatal(c.T, err)
		for what, try := range map[string]func() error{
			"upload": func() error {
				_, err := as.UploadContacts(ctx, db.ContactsUpload{Contacts: []byte(`[{"externalId":"K-1"}]`), Count: 1})
				return err
			},
			"import": func() error { _, err := as.DraftImport(ctx, nil); return err },
			"delete": func() error {
				_, err := as.DeleteContacts(ctx, db.ContactsDelete{ExternalIDs: []string{"K-1"}})
				return err
			},
			"delete Employees": func() error {
				_, err := as.DeleteEmployees(ctx, db.EmployeesDelete{ExternalIDs: []string{"V-1"}})
				return err
			},
			"acknowledge": func() error {
				_, err := as.Acknowledge(ctx, db.Acknowledgement{Consumer: "me", Through: last.Nodes[0].ID, Source: ptr("crm")})
				return err
			},
			"audit": func() error { _, err := as.Audit(ctx, db.Page{}, db.AuditFilter{}); return err },
			"keys":  func() error { _, err := as.Keys(ctx); return err },
			"team":  func() error { _, err := as.Users(ctx); return err },
			"merge": func() error { _, err := as.MergeContacts(ctx, db.ContactsMerge{Keep: "a", Merge: "b"}); return err },
		} {
			if err := try(); db.CodeOf(err) != db.Forbidden || strings.Contains(err.Error(), "this key") {
				c.Errorf("%s: %v", what, err)
			}
		}
		c.wantSince(c.test, before)
		if _, err := as.StopContact(ctx, db.ContactStop{ExternalID: "K-2"}); err != nil {
			c.Errorf("stop their own Contact: %v", err)
		}
	})
}
