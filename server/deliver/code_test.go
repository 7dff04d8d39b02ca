package deliver_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"time"

	"complero/db"
	"complero/db/verification"
	"complero/server/deliver/smtptest"
)

var sixDigits = regexp.MustCompile(`(?m)^\s*(\d{6})\s*$`)

func TestSendCodeReachesTheAddressOnFile(t *testing.T) {
	withHouse(t, 1, func(h *house) {
		server := smtptest.Start(h, smtptest.Behaviour{})
		sender := h.sender(server)
		kinds := []verification.Kind{verification.EmailCode}
		_, err := h.live.UpdateCompany(h.Context(), db.CompanyChange{Verification: &kinds})
		h.must(err)
		var text string
		for _, tenant := range []*db.Tenant{h.live, h.test} {
			r := h.ask(tenant, 1)[0]
			_, token, _ := strings.Cut(*tenant.RequestLink(r), "/u/")
			link, err := h.store.OpenLink(h.Context(), token)
			h.must(err)
			_, err = link.SendCode(h.Context())
			h.must(err)
			job := db.SendVerificationCode{TenantRef: db.TenantRef{CompanyID: tenant.Company.ID, Mode: tenant.Mode}, ContactID: r.ContactID}
			for range 2 { // jobs may run twice
				h.must(sender.SendCode(h.Context(), h.system(tenant), job))
			}
			if tenant == h.live {
				text = string(server.Mails()[0].Data)
			} else {
				outbox, err := h.test.Outbox(h.Context(), db.Page{})
				h.must(err)
				if len(outbox.Nodes) != 1 || outbox.Nodes[0].ContactID != r.ContactID {
					h.Fatalf("the outbox of test mode holds %d messages", len(outbox.Nodes))
				}
				text = outbox.Nodes[0].Text
			}
			code := sixDigits.FindStringSubmatch(text)
			if code == nil {
				h.Fatalf("no code in\n%s", text)
			}
			v, err := link.Verify(h.Context(), verification.Said{verification.EmailCode: code[1]})
			if err != nil || !v.Passed {
				h.Errorf("the code opens nothing: %+v, %v", v, err)
			}
			h.must(sender.SendCode(h.Context(), h.system(tenant), job)) // used: nothing to send
		}
		mails := server.Mails()
		if len(mails) != 2 || mails[0].To != "c0@example.net" || messageID(mails[0]) != messageID(mails[1]) || !bytes.Contains(mails[0].Data, []byte("From: Nordlicht <kontakt@nordlicht.example>")) {
			h.Errorf("the server took %d messages", len(mails))
		}
	})
}

func TestSendCodeWaitsForARouteNoLongerThanTheCode(t *testing.T) {
	withHouse(t, 1, func(h *house) {
		kinds := []verification.Kind{verification.EmailCode}
		_, err := h.live.UpdateCompany(h.Context(), db.CompanyChange{Verification: &kinds})
		h.must(err)
		r := h.ask(h.live, 1)[0]
		_, token, _ := strings.Cut(*h.live.RequestLink(r), "/u/")
		link, err := h.store.OpenLink(h.Context(), token)
		h.must(err)
		_, err = link.SendCode(h.Context())
		h.must(err)
		sender := h.sender(nil)
		job := db.SendVerificationCode{ContactID: r.ContactID}
		if err := sender.SendCode(h.Context(), h.system(h.live), job); err == nil {
			h.Error("a code that could not be sent is not tried again")
		}
		h.later.Add(int64(verification.CodeTime + time.Second))
		if err := sender.SendCode(h.Context(), h.system(h.live), job); err != nil {
			h.Errorf("a code that has ended is tried again: %v", err)
		}
	})
}
