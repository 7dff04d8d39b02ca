package db_test

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"complero/db"
)

// secret are the parts of a Contact that a masked Viewer must not see in full.
var secret = []string{
	"juliane.kettenis", "15112345728", "Hauptstraße", "331-337", "Hinterhaus", "1970-03", "Kombi", "geheim",
}

const masked = `{"externalId": "juliane.kettenis@example.org", "employee": "V-1", "givenName": "Juliane", "familyName": "Kettenis", "birthDate": "1970-03-04",
	"emails": [{"address": "juliane.kettenis@example.org"}], "phones": [{"number": "+49 1511 2345728"}],
	"addresses": [{"street": "Hauptstraße", "houseNumber": "331-337", "addition": "Hinterhaus", "postalCode": "24103", "city": "Kiel"}],
	"customFields": {"vehicle": "Kombi"}, "metadata": {"note": "geheim"}}`

// support is the Tenant of somebody who sees Contacts in part and, so that
// the mask alone is seen to hold, has all rights.
func (a *asker) support() *db.Tenant {
	seen := *a.test
	seen.Viewer = db.Viewer{Kind: db.UserViewer, UserID: "user_support", Masked: true, Rights: db.AllScopes()}
	return &seen
}

func TestAMaskedViewerRecognisesContactsAndReadsNoAddress(t *testing.T) {
	withAsker(t, func(a *asker) {
		upload(a.T, a.store, a.test, masked)
		c := contact(a.T, a.support(), "juliane.kettenis@example.org")
		if got := c.Emails()[0].Address; got != "j•••@example.org" {
			a.Errorf("e-mail %q", got)
		}
		if got := c.Phones()[0].Number; got != "•••• 728" {
			a.Errorf("number %q", got)
		}
		if got := c.Addresses()[0]; got.Street != "H•••" || got.HouseNumber != "•••" || got.Addition != "•••" || got.PostalCode != "24103" || got.City != "Kiel" {
			a.Errorf("address %+v", got)
		}
		if c.DisplayName() != "Juliane Kettenis" || c.ExternalID() != "j•••@example.org" || c.BirthDate() != nil || len(c.CustomFields()) != 0 || c.Metadata() != nil {
			a.Errorf("%+v", c)
		}
		for _, text := range []string{"juliane.kettenis@example", "5112345728", "kettenis"} {
			found, err := a.support().Contacts(a.Context(), db.Page{}, db.ContactFilter{Search: &text}, "")
			if err != nil || len(found.Nodes) == 0 {
				a.Errorf("a search for %q finds %+v, %v", text, found, err)
			}
		}
		if whole := contact(a.T, a.test, "juliane.kettenis@example.org"); whole.Emails()[0].Address != "juliane.kettenis@example.org" {
			a.Errorf("others see %+v", whole.Emails())
		}
	})
}

// TestNothingLeavesUnmasked reads all that there is of a Contact, as a masked
// Viewer who has every right.
func TestNothingLeavesUnmasked(t *testing.T) {
	withAsker(t, func(a *asker) {
		upload(a.T, a.store, a.test, masked)
		r := a.ask(a.test, "juliane.kettenis@example.org")[0]
		o := a.claim(a.test)[0]
		a.record(a.test, db.DeliveryOutcome{
			DeliveryID: o.DeliveryID, RequestID: o.RequestID, EmailID: o.To.ID, Status: db.DeliverySent, Detail: "250 ok for juliane.kettenis@example.org",
			Message: &db.OutboxMessage{To: "Juliane <juliane.kettenis@example.org>", Subject: "Stimmt es?", Text: "Hauptstraße 331-337", HTML: "<p>Hauptstraße 331-337"},
		})
		a.answer(a.test, r, db.Answer{Data: a.says(`{"phones": [{"number": "+49 1511 2345728"}], "addresses": [{"street": "Hauptstraße", "houseNumber": "5", "postalCode": "24103", "city": "Kiel"}]}`)})
		if _, err := a.test.StopContact(a.Context(), db.ContactStop{ExternalID: "juliane.kettenis@example.org", Reason: ptr("wrote from juliane.kettenis@example.org")}); err != nil {
			a.Fatal(err)
		}
		all := a.everything(a.test, r)
		for _, text := range secret {
			if !strings.Contains(all, text) {
				a.Errorf("the test does not find %q even unmasked", text)
			}
		}
		all = a.everything(a.support(), r)
		for _, text := range secret {
			if at := strings.Index(all, text); at >= 0 {
				a.Errorf("sees …%s…", all[max(0, at-120):min(len(all), at+80)])
			}
		}
		if a.support().RequestLink(r) != nil {
			a.Error("a masked Viewer gets a Contact's link")
		}
	})
}

// everything is what a Viewer reads of the Contact of a Request, as one text.
func (a *asker) everything(as *db.Tenant, r *db.Request) string {
	a.Helper()
	ctx := a.Context()
	var all strings.Builder
	add := func(v any, err error) {
		a.Helper()
		if err != nil {
			a.Fatal(err)
		}
		data, err := json.Marshal(v)
		if err != nil {
			a.Fatal(err)
		}
		all.Write(data)
	}
	list, err := as.Contacts(ctx, db.Page{}, db.ContactFilter{}, "")
	add(list.Nodes, err)
	for _, c := range list.Nodes {
		add([]any{c.ExternalID(), c.ExternalIDs(), c.Metadata()}, nil)
	}
	c, err := as.Contact(ctx, db.ContactRef{ID: &r.ContactID})
	add(c, err)
	add(as.ContactWords(ctx, []string{r.ContactID}))
	events, err := as.Events(ctx, db.Page{}, db.EventFilter{})
	add(events.Nodes, err)
	var numbers []int64
	for _, e := range events.Nodes {
		numbers = append(numbers, e.Number)
	}
	add(as.EventValues(ctx, numbers))
	add(as.DeliveriesOf(ctx, []string{r.ID}))
	outbox, err := as.Outbox(ctx, db.Page{})
	add(outbox.Nodes, err)
	for _, m := range outbox.Nodes {
		add([]any{m.To, m.Text, m.HTML}, nil)
	}
	stopped, err := as.ResumeContact(ctx, db.ContactStop{ExternalID: "juliane.kettenis@example.org"})
	add(stopped, err)
	ops, err := as.Operations(ctx, db.Page{})
	add(ops.Nodes, err)
	for _, op := range ops.Nodes {
		items, err := as.OperationItems(ctx, op, db.Page{}, db.OperationItemFilter{})
		add(items.Nodes, err)
	}
	return all.String()
}

func TestLookingAContactUpIsNotedOnceAMinute(t *testing.T) {
	withAsker(t, func(a *asker) {
		c := contact(a.T, a.test, "K-1")
		look := func(as *db.Tenant) {
			a.Helper()
			ctx := db.WithCause(a.Context(), db.Cause{Action: "contact", Address: "192.0.2.7"})
			if _, err := as.Contact(ctx, db.ContactRef{ID: &c.ID}); err != nil {
				a.Error(err)
			}
		}
		noted := func(want int) {
			a.Helper()
			log, err := a.test.Audit(a.Context(), db.Page{}, db.AuditFilter{Target: &c.ID})
			if err != nil || len(log.Nodes) != want {
				a.Fatalf("%d lines, want %d: %v", len(log.Nodes), want, err)
			}
			for _, e := range log.Nodes {
				if e.Action != "contact" || e.ViewerKind != db.UserViewer || e.Address != "192.0.2.7" {
					a.Errorf("%+v", e)
				}
			}
		}
		look(a.test)
		noted(0)
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() { look(a.support()) })
		}
		all.Wait()
		noted(1)
		other := a.support()
		other.Viewer.UserID = "user_other"
		look(other)
		noted(2)
		a.pass(59 * time.Second)
		look(a.support())
		noted(2)
		a.pass(2 * time.Second)
		look(a.support())
		noted(3)
		missing := "contact_00000000000000000000000000"
		if _, err := a.support().Contact(a.Context(), db.ContactRef{ID: &missing}); err != nil {
			a.Fatal(err)
		}
		noted(3)
	})
}
