package deliver_test

import (
	"bytes"
	"encoding/json"
	"path"
	"strings"
	"testing"
	"time"

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
		for _, want := range []string{"Auto-Submitted: auto-generated", "Nachname", "Kettenis0", "Frohn", "/me/nordlicht/", "From: Nordlicht <kontakt@nordlicht.example>"} {
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

func TestADigestTakesThePlaceOfNotices(t *testing.T) {
	withHouse(t, 1, func(h *house) {
		server := smtptest.Start(h, smtptest.Behaviour{})
		sender := h.sender(server)
		employees, err := h.live.Employees(h.Context(), db.Page{}, db.EmployeeFilter{})
		h.must(err)
		id := employees.Nodes[0].ID
		_, err = h.employee(id).ChooseMails(h.Context(), db.MailsDaily)
		h.must(err)
		job := h.change(h.live)
		digest := db.SendDigest{TenantRef: job.TenantRef, EmployeeID: id}
		h.must(sender.Notify(h.Context(), h.system(h.live), job))
		h.must(sender.Digest(h.Context(), h.system(h.live), digest))
		if n := len(server.Mails()); n != 0 {
			h.Fatalf("%d messages before the morning", n)
		}
		h.later.Store(int64(25 * time.Hour))
		for range 2 {
			h.must(sender.Digest(h.Context(), h.system(h.live), digest))
		}
		mails := server.Mails()
		if len(mails) != 1 || mails[0].To != "defne@nordlicht.example" {
			h.Fatalf("the server took %d messages", len(mails))
		}
		for _, want := range []string{"Frohn", "Nachname", "/me/nordlicht/"} {
			if !bytes.Contains(mails[0].Data, []byte(want)) {
				h.Errorf("%q is missing in\n%s", want, mails[0].Data)
			}
		}
	})
}

// employee signs an Employee in.
func (h *house) employee(id string) *db.Tenant {
	h.Helper()
	system := h.system(h.live)
	_, link, err := system.InviteUser(h.Context(), db.UserInvite{
		Email: "defne@nordlicht.example", Name: "Defne", Unmailed: true,
		Roles: []db.Grant{{Role: db.EmployeeRole, CompanyID: h.live.Company.ID, EmployeeID: id}},
	})
	h.must(err)
	token, err := h.store.UseSignIn(h.Context(), path.Base(system.SignInURL(link)), db.Place{})
	h.must(err)
	session, err := h.store.Session(h.Context(), token)
	h.must(err)
	who, err := h.store.SignedIn(h.Context(), session)
	h.must(err)
	t, err := who.Tenant(h.Context(), h.live.Company.ID, db.Live)
	h.must(err)
	return t
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
