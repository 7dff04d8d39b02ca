package db_test

import (
	"strings"
	"testing"
	"time"

	"complero/db"
)

func TestOutboxKeepsMessagesWithoutTheirLinks(t *testing.T) {
	withAsker(t, func(a *asker) {
		r := a.ask(a.test, "K-1")[0]
		o := a.claim(a.test)[0]
		m := &db.OutboxMessage{
			MessageID: o.MessageID, From: "Defne Kupfer <kontakt@example.com>", To: o.To.Address, Subject: "Stimmt noch alles?",
			HTML: `<a href="` + o.Link + `">ja & nein</a>`, Text: "Hier: " + o.Link + "\n", Headers: map[string]string{"List-Unsubscribe": "<" + o.StopLink + ">"},
		}
		for range 2 {
			a.record(a.test, db.DeliveryOutcome{DeliveryID: o.DeliveryID, RequestID: r.ID, Status: db.DeliverySent, Message: m})
		}
		if found := a.store.Find(a.Context(), a.token(a.test, r)); len(found) > 0 {
			a.Errorf("the token stands in %q", found)
		}
		list, err := a.test.Outbox(a.Context(), db.Page{})
		if err != nil || len(list.Nodes) != 1 {
			a.Fatalf("%+v, %v", list, err)
		}
		got, err := a.test.OutboxMessage(a.Context(), list.Nodes[0].ID)
		if err != nil {
			a.Fatal(err)
		}
		if got.HTML != m.HTML || got.Text != m.Text || got.Headers["List-Unsubscribe"] != "<"+o.StopLink+">" || got.RequestID != r.ID ||
			got.ContactID != r.ContactID || got.Subject != m.Subject || got.MessageID != o.MessageID || !got.CreatedAt.Equal(a.now()) {
			a.Errorf("%+v", got)
		}
		for _, id := range []string{"message_unknown", "\x00", ""} {
			if got, err := a.test.OutboxMessage(a.Context(), id); got != nil || err != nil {
				a.Errorf("%q: %v, %v", id, got, err)
			}
		}
		if _, err := a.live.Outbox(a.Context(), db.Page{}); db.CodeOf(err) != db.TestOnly {
			a.Errorf("the live outbox: %v", err)
		}
		if _, err := a.store.DemoTenants(a.Context()); err == nil {
			a.Error("every Company's outbox is open outside the demo")
		}
	})
}

func TestDemoOpensEveryOutbox(t *testing.T) {
	withAsker(t, func(a *asker) {
		tenants, err := a.store.DemoTenants(a.Context())
		if err != nil || len(tenants) != 2 {
			a.Fatalf("%d Tenants, %v", len(tenants), err)
		}
		for _, tenant := range tenants {
			if _, err := tenant.Outbox(a.Context(), db.Page{}); err != nil {
				a.Error(err)
			}
			if _, err := tenant.Contacts(a.Context(), db.Page{}, db.ContactFilter{}, ""); db.CodeOf(err) != db.Forbidden {
				a.Errorf("it opens more than the outbox: %v", err)
			}
		}
	}, func(c *db.Config) { c.Demo = true })
}

func TestEmployeeIsToldOnce(t *testing.T) {
	withAsker(t, func(a *asker) {
		r := a.ask(a.test, "K-1")[0]
		a.pass(time.Minute)
		a.answer(a.test, r, db.Answer{Data: a.says(`{"givenName": "Julia"}`)})
		job := db.NotifyEmployee{
			TenantRef: db.TenantRef{CompanyID: a.test.Company.ID, Mode: db.Test}, ContactID: r.ContactID, ChangedAt: a.now(),
		}
		if jobs := strings.Join(a.store.Dump(a.Context(), "river_job"), "\n"); !strings.Contains(jobs, "notify-employee") {
			a.Errorf("no job: %s", jobs)
		}
		system := a.system(a.test)
		n, err := system.EmployeeNotice(a.Context(), job)
		if err != nil || n == nil {
			a.Fatal(n, err)
		}
		if *n.Employee.Email != "defne@example.com" || n.Contact.Profile.GivenName != "Julia" || len(n.Changes) != 1 ||
			string(n.Changes[0].Before) != `"Juliane"` || n.Brand == nil || n.Company.Name != "Nordlicht" || !strings.HasSuffix(n.MessageID, "@example.com") {
			a.Errorf("%+v", n)
		}
		for range 2 {
			if err := system.RecordNotice(a.Context(), n, &db.OutboxMessage{To: *n.Employee.Email, Subject: "Juliane Kettenis"}); err != nil {
				a.Fatal(err)
			}
		}
		list, err := a.test.Outbox(a.Context(), db.Page{})
		if err != nil || len(list.Nodes) != 1 || list.Nodes[0].EmployeeID != n.Employee.ID || list.Nodes[0].MessageID != n.MessageID {
			a.Errorf("%+v, %v", list, err)
		}
		job.ChangedAt = job.ChangedAt.Add(-time.Minute)
		if n, err := system.EmployeeNotice(a.Context(), job); n != nil || err != nil {
			a.Errorf("of no UPDATE: %v, %v", n, err)
		}
	})
}
