package deliver_test

import (
	"bytes"
	"strings"
	"testing"

	"complero/db"
	"complero/server/deliver/smtptest"
)

func TestEnquireReachesTheEmployeeOnce(t *testing.T) {
	withHouse(t, 1, func(h *house) {
		server := smtptest.Start(h, smtptest.Behaviour{})
		sender := h.sender(server)
		for _, tenant := range []*db.Tenant{h.live, h.test} {
			_, token, _ := strings.Cut(*tenant.RequestLink(h.ask(tenant, 1)[0]), "/u/")
			link, err := h.store.OpenLink(h.Context(), token)
			h.must(err)
			h.must(link.Enquire(h.Context(), db.Enquiry{Words: "Gilt das alte Konto noch?"}))
		}
		h.later.Add(int64(2 * 60e9))
		jobs, err := h.store.UnsentEnquiries(h.Context())
		h.must(err)
		if len(jobs) != 2 {
			h.Fatalf("jobs %v", jobs)
		}
		for _, job := range append(jobs, jobs...) { // jobs may run twice
			tenant, err := h.store.Work(h.Context(), job.TenantRef)
			h.must(err)
			h.must(sender.Enquire(h.Context(), tenant, job))
		}
		mails := server.Mails()
		if len(mails) != 1 || mails[0].To != "defne@nordlicht.example" {
			h.Fatalf("the server took %d messages", len(mails))
		}
		for _, want := range []string{"Auto-Submitted: auto-generated", "Gilt das alte Konto noch?", "Reply-To: Juliane Kettenis0 <c0@example.net>"} {
			if !bytes.Contains(mails[0].Data, []byte(want)) {
				h.Errorf("%q is missing in\n%s", want, mails[0].Data)
			}
		}
		outbox, err := h.test.Outbox(h.Context(), db.Page{})
		h.must(err)
		if len(outbox.Nodes) != 1 || outbox.Nodes[0].EmployeeID == "" {
			h.Errorf("the outbox of test mode holds %d messages", len(outbox.Nodes))
		}
		if jobs, err = h.store.UnsentEnquiries(h.Context()); err != nil || len(jobs) > 0 {
			h.Errorf("still unsent: %v, %v", jobs, err)
		}
	})
}
