package deliver_test

import (
	"strings"
	"testing"

	"complero/db"
	"complero/server/deliver/smtptest"
)

func TestASignInLinkIsMailedUntilItIsUsed(t *testing.T) {
	withHouse(t, 1, func(h *house) {
		server := smtptest.Start(h, smtptest.Behaviour{})
		sender := h.sender(server)
		system := h.system(h.live)
		_, link, err := system.InviteUser(h.Context(), db.UserInvite{Email: "ada@example.org", Name: "Ada", Roles: []db.Grant{{Role: db.CustomerAdmin}}})
		h.must(err)
		job := db.MailSignIn{TenantRef: db.TenantRef{CompanyID: h.live.Company.ID, Mode: db.Live}, SignInID: link.ID}
		for range 2 { // jobs may run twice
			h.must(sender.MailSignIn(h.Context(), system, job))
		}
		mails := server.Mails()
		if len(mails) != 2 || mails[0].To != "ada@example.org" || messageID(mails[0]) != messageID(mails[1]) {
			h.Fatalf("the server took %d messages", len(mails))
		}
		url := system.SignInURL(link)
		token := url[strings.LastIndex(url, "/")+1:]
		if !strings.Contains(strings.ReplaceAll(string(mails[0].Data), "=\r\n", ""), token) {
			h.Errorf("the link is not in\n%s", mails[0].Data)
		}
		_, err = h.store.UseSignIn(h.Context(), token, db.Place{})
		h.must(err)
		h.must(sender.MailSignIn(h.Context(), system, job))
		if n := len(server.Mails()); n != 2 {
			h.Errorf("a used link is mailed again: %d messages", n)
		}
	})
}
