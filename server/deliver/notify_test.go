package deliver_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"complero/db"
	"complero/db/profile"
	"complero/server/deliver/smtptest"
)

func TestNotifyTellsTheEmployee(t *testing.T) {
	withHouse(t, 1, func(h *house) {
		server := smtptest.Start(h, smtptest.Behaviour{})
		sender := h.sender(server)
		for _, tenant := range []*db.Tenant{h.live, h.test} {
			job := h.change(tenant)
			for range 2 { // jobs may run twice
				h.must(sender.Notify(h.Context(), h.system(tenant), job))
			}
		}
		mails := server.Mails()
		if len(mails) != 2 || mails[0].To != "defne@nordlicht.example" || messageID(mails[0]) != messageID(mails[1]) {
			h.Fatalf("the server took %d messages", len(mails))
		}
		for _, want := range []string{"Auto-Submitted: auto-generated", "Nachname", "Kettenis0", "Frohn", "From: Nordlicht <kontakt@nordlicht.example>"} {
			if !bytes.Contains(mails[0].Data, []byte(want)) {
				h.Errorf("%q is missing in\n%s", want, mails[0].Data)
			}
		}
		outbox, err := h.test.Outbox(h.Context(), db.Page{})
		h.must(err)
		if len(outbox.Nodes) != 1 || outbox.Nodes[0].EmployeeID == "" {
			h.Errorf("the outbox of test mode holds %d messages", len(outbox.Nodes))
		}
	})
}

func messageID(m smtptest.Mail) string {
	_, rest, _ := strings.Cut(string(m.Data), "Message-ID: ")
	id, _, _ := strings.Cut(rest, "\r\n")
	return id
}

// change has the first Contact answer with a new family name.
func (h *house) change(tenant *db.Tenant) db.NotifyEmployee {
	h.Helper()
	r := h.ask(tenant, 1)[0]
	_, token, _ := strings.Cut(*tenant.RequestLink(r), "/u/")
	link, err := h.store.OpenLink(h.Context(), token)
	h.must(err)
	var input profile.Input
	h.must(json.Unmarshal([]byte(`{"familyName": "Frohn"}`), &input))
	_, err = link.Answer(h.Context(), db.Answer{Data: &input})
	h.must(err)
	events, err := tenant.Events(h.Context(), db.Page{}, db.EventFilter{Kinds: []db.EventKind{db.UpdateEvent}})
	h.must(err)
	e := events.Nodes[len(events.Nodes)-1]
	return db.NotifyEmployee{
		TenantRef: db.TenantRef{CompanyID: tenant.Company.ID, Mode: tenant.Mode}, ContactID: e.ContactID, ChangedAt: e.OccurredAt,
	}
}
