package deliver_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"complero/db"
	"complero/db/profile"
	"complero/db/verification"
	"complero/server/deliver"
	"complero/server/deliver/sms"
	"complero/server/deliver/smtptest"
)

// A gateway answers as seven.io documents it, and keeps what it took.
type gateway struct {
	mu     sync.Mutex
	code   int // 0 takes the message
	number []string
	text   []string
}

func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.code == 0 {
		g.number, g.text = append(g.number, r.PostFormValue("to")), append(g.text, r.PostFormValue("text"))
		fmt.Fprint(w, `{"success": "100", "messages": [{"id": "1"}]}`)
		return
	}
	fmt.Fprintf(w, `{"success": "%d"}`, g.code)
}

// route is a way to the gateway.
func (g *gateway) route(h *house) func(*deliver.Settings) {
	server := httptest.NewServer(g)
	h.Cleanup(server.Close)
	route, err := sms.ParseURL("seven://key@" + strings.TrimPrefix(server.URL, "http://") + "/?from=Nordlicht&tls=none")
	h.must(err)
	return func(s *deliver.Settings) { s.SMS = route }
}

// link opens the link of a Request.
func (h *house) link(tenant *db.Tenant, r *db.Request) *db.Link {
	h.Helper()
	_, token, _ := strings.Cut(*tenant.RequestLink(r), "/u/")
	link, err := h.store.OpenLink(h.Context(), token)
	h.must(err)
	return link
}

// dials gives a mobile number by a link, as a further one, and returns the job
// that is to tell.
func (h *house) dials(tenant *db.Tenant, r *db.Request, number string) db.SendProposal {
	h.Helper()
	data := &profile.Input{Phones: []profile.PhoneInput{}}
	for _, n := range h.link(tenant, r).Contact.Profile.Phones {
		data.Phones = append(data.Phones, profile.PhoneInput{ID: n.ID, Number: profile.Say(n.Number), Use: profile.Say(string(n.Use))})
	}
	if len(data.Phones) > 0 {
		data.Phones[0].Number = profile.Say(number)
	} else {
		data.Phones = append(data.Phones, profile.PhoneInput{Number: profile.Say(number)})
	}
	_, err := h.link(tenant, r).Answer(h.Context(), db.Answer{Locale: "de", Data: data})
	h.must(err)
	waiting := h.link(tenant, r).Waiting
	return db.SendProposal{ProposalID: waiting[len(waiting)-1].ID}
}

var addressLink = regexp.MustCompile(`/address/([a-z2-7]{26})\b`)

func TestProposeTellsBothNumbers(t *testing.T) {
	withSMS(t, func(h *house) {
		server, g := smtptest.Start(h, smtptest.Behaviour{}), &gateway{}
		sender := h.sender(server, g.route(h))
		r := h.ask(h.live, 1)[0]
		job := h.dials(h.live, r, "0151 12345678") // there was none: the e-mail address is told
		for range 2 {
			h.must(sender.Propose(h.Context(), h.system(h.live), job))
		}
		if mails := server.Mails(); len(mails) != 1 || mails[0].To != "c0@example.net" || !strings.Contains(string(mails[0].Data), "/address/") || strings.Contains(string(mails[0].Data), "12345678") {
			h.Errorf("%d mails", len(mails))
		}
		if strings.Join(g.number, " ") != "+4915112345678" || !strings.HasPrefix(g.text[0], "Nordlicht: Ist das Ihre neue Handynummer?") {
			h.Fatalf("the gateway took %v: %q", g.number, g.text)
		}
		page, err := h.store.OpenProposal(h.Context(), addressLink.FindStringSubmatch(g.text[0])[1])
		h.must(err)
		h.must(page.Confirm(h.Context()))
		h.must(sender.Propose(h.Context(), h.system(h.live), h.dials(h.live, r, "0151 12345679")))
		if strings.Join(g.number[1:], " ") != "+4915112345679 +4915112345678" || !strings.Contains(g.text[2], "...679 für Sie angegeben") {
			h.Errorf("the gateway took %v: %q", g.number, g.text)
		}
	})
}

func TestANumberThatTakesNothingEndsItsProposal(t *testing.T) {
	withSMS(t, func(h *house) {
		g := &gateway{code: 900}
		sender := h.sender(smtptest.Start(h, smtptest.Behaviour{}), g.route(h))
		r := h.ask(h.live, 1)[0]
		job := h.dials(h.live, r, "0151 12345678")
		if err := sender.Propose(h.Context(), h.system(h.live), job); err == nil || strings.Contains(err.Error(), "12345678") {
			h.Errorf("a wrong key: %v", err)
		}
		g.code = 202
		if err := sender.Propose(h.Context(), h.system(h.live), job); err == nil {
			h.Error("a provider that fails is not left alone")
		}
		h.must(h.sender(nil, g.route(h)).Propose(h.Context(), h.system(h.live), job))
		if waiting := h.link(h.live, r).Waiting; len(waiting) != 0 {
			h.Errorf("%d wait", len(waiting))
		}
		if err := h.sender(nil).Propose(h.Context(), h.system(h.live), h.dials(h.live, r, "0151 12345670")); err == nil || !strings.Contains(err.Error(), "--sms") {
			h.Errorf("without a provider: %v", err)
		}
	})
}

func TestCodesGoBySMS(t *testing.T) {
	withSMS(t, func(h *house) {
		g := &gateway{}
		sender := h.sender(nil, g.route(h))
		for _, tenant := range []*db.Tenant{h.live, h.test} {
			op, err := tenant.UploadContacts(h.Context(), db.ContactsUpload{Contacts: []byte(`[{"externalId": "C-0", "phones": [{"number": "030 901820"}, {"number": "0151 12345678"}]}]`), Count: 1})
			h.must(err)
			h.work(tenant, op)
		}
		kinds := []verification.Kind{verification.SMSCode}
		_, err := h.live.UpdateCompany(h.Context(), db.CompanyChange{Verification: &kinds})
		h.must(err)
		for _, tenant := range []*db.Tenant{h.live, h.test} {
			r := h.ask(tenant, 1)[0]
			link := h.link(tenant, r)
			_, err = link.SendCode(h.Context())
			h.must(err)
			h.must(sender.SendCode(h.Context(), h.system(tenant), db.SendVerificationCode{ContactID: r.ContactID}))
			text := ""
			if tenant == h.live && len(g.text) == 1 && g.number[0] == "+4915112345678" {
				text = g.text[0]
			}
			if tenant == h.test {
				box, err := tenant.Outbox(h.Context(), db.Page{})
				h.must(err)
				if m := box.Nodes[0]; m.Channel == db.SMS && m.To == "+4915112345678" && m.HTML == "" && m.ContactID == r.ContactID {
					text = m.Text
				}
			}
			code := regexp.MustCompile(`\b\d{6}\b`).FindString(text)
			if v, err := link.Verify(h.Context(), verification.Said{verification.SMSCode: code}); err != nil || !v.Passed {
				h.Errorf("%q opens nothing: %v", text, err)
			}
		}
		r := h.ask(h.live, 1)[0]
		link := h.link(h.live, r)
		_, err = link.SendCode(h.Context())
		h.must(err)
		job := db.SendVerificationCode{ContactID: r.ContactID}
		g.code = 202 // refused for good: nothing to try again
		h.must(sender.SendCode(h.Context(), h.system(h.live), job))
		g.code = 403
		if err := sender.SendCode(h.Context(), h.system(h.live), job); err == nil {
			h.Error("what is refused for a time is not tried again")
		}
		h.later.Add(int64(verification.CodeTime + time.Second))
		h.must(sender.SendCode(h.Context(), h.system(h.live), job))
	})
}

// withSMS is withHouse for one Contact, with a way for SMS.
func withSMS(t *testing.T, run func(h *house)) {
	withHouse(t, 1, run, func(c *db.Config) { c.SMSRoute = true })
}
