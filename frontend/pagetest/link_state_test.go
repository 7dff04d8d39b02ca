package pagetest

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"

	"complero/db"
	"complero/db/verification"
)

// verifyStates are those of links that ask for a Verification first.
var verifyStates = []state{
	{"verify", func(c *cast) *page {
		return c.verifying(func(link string) *page { return c.get(link + "/verify") }, verification.BirthDate, verification.CustomerNumber)
	}},
	{"verify-problems", func(c *cast) *page {
		return c.verifying(func(link string) *page {
			return c.post(link+"/verify", "verify.day", "31", "verify.month", "2", "verify.year", "1980", "verify.phoneDigits", "12")
		}, verification.BirthDate, verification.PhoneDigits)
	}},
	{"verify-wrong", func(c *cast) *page {
		return c.verifying(func(link string) *page { return c.post(link+"/verify", "verify.postalCode", "99999") }, verification.PostalCode)
	}},
	{"verify-code", func(c *cast) *page { return c.verifying(c.get, verification.PostalCode, verification.EmailCode) }},
	{"verify-code-sent", func(c *cast) *page {
		return c.verifying(func(link string) *page { return c.post(link+"/verify", "do", "code") }, verification.PostalCode, verification.EmailCode)
	}},
	{"verify-sms", func(c *cast) *page { return c.verifying(c.get, verification.SMSCode) }},
	{"verify-sms-sent", func(c *cast) *page {
		return c.verifying(func(link string) *page { return c.post(link+"/verify", "do", "code") }, verification.SMSCode)
	}},
	{"verify-kept", func(c *cast) *page {
		return c.verifying(func(link string) *page { return c.post(link, "do", "save", "givenName", "Anna Maria") }, verification.PostalCode)
	}},
	{"verify-locked", func(c *cast) *page {
		return c.verifying(func(link string) *page {
			for range 5 {
				c.post(link+"/verify", "verify.postalCode", "99999")
			}
			return c.get(link)
		}, verification.PostalCode)
	}},
	{"verify-stop", func(c *cast) *page {
		return c.verifying(func(link string) *page { return c.get(link + "/stop") }, verification.PostalCode)
	}},
	{"verify-stopped", func(c *cast) *page {
		var stopped string
		p := c.verifying(func(link string) *page {
			stopped = link
			return c.post(link + "/stop")
		}, verification.PostalCode)
		c.post(stopped + "/resume") // all Contacts have one telephone number, which is not asked any more
		return p
	}},
	{"verify-withdrawn", func(c *cast) *page {
		return c.verifying(func(link string) *page { return c.post(link+"/withdraw", "consent", "all") }, verification.PostalCode)
	}},
	{"verify-passed", func(c *cast) *page {
		return c.verifying(func(link string) *page { return c.post(link+"/verify", "verify.postalCode", c.setting().postalCode) }, verification.PostalCode)
	}},
}

// verifying shows a page of a link while the Company asks for a Verification.
func (c *cast) verifying(show func(link string) *page, kinds ...verification.Kind) *page {
	c.t.Helper()
	link := c.asked()
	set := func(kinds []verification.Kind) {
		_, err := c.live.UpdateCompany(c.t.Context(), db.CompanyChange{Verification: &kinds})
		c.must(err)
	}
	set(kinds)
	defer set([]verification.Kind{})
	return show(link)
}

// wayStates are those of what else a link offers.
var wayStates = []state{
	{"intro-open", func(c *cast) *page { return unfolded(c.get(c.asked())) }},
	{"intro-french", func(c *cast) *page { return c.get(c.asked() + "?lang=fr") }},
	{"abroad", func(c *cast) *page { return c.get(c.asked() + "/abroad") }},
	{"form-abroad", func(c *cast) *page { return c.post(c.asked(), "do", "abroad", "country", "US") }},
	{"deceased", func(c *cast) *page { return c.get(c.asked() + "/deceased") }},
	{"deceased-done", func(c *cast) *page {
		link := c.asked()
		defer c.post(link + "/resume")
		return c.post(link + "/deceased")
	}},
	{"deceased-undone", func(c *cast) *page {
		link := c.asked()
		c.post(link + "/deceased")
		return c.post(link + "/resume")
	}},
	{"question", func(c *cast) *page { return c.get(c.asked() + "/question") }},
	{"question-problems", func(c *cast) *page { return c.post(c.asked()+"/question", "replyTo", "anna") }},
	{"question-sent", func(c *cast) *page { return c.post(c.asked()+"/question", "words", "1\n2") }},
	{"question-many", func(c *cast) *page {
		link := c.asked()
		for {
			if p := c.post(link+"/question", "words", "1\n2", "replyTo", "anna@example.com"); p.Code != http.StatusOK {
				return p
			}
		}
	}},
	{"question-expired", func(c *cast) *page {
		link := c.asked()
		return c.later(afterExpiry, func() *page { return c.get(link + "/question") })
	}},
	{"preview", func(c *cast) *page { return c.post(c.preview()) }},
	{"preview-form", func(c *cast) *page { return c.get(c.preview() + "/form") }},
	{"preview-left", func(c *cast) *page { return c.post(c.preview() + "/form") }},
	{"preview-over", func(c *cast) *page { return c.get("/preview/x") }},
}

// unfolded is a page with all open that can be folded.
func unfolded(p *page) *page {
	p.Header().Del("Content-Length")
	p.Body = bytes.NewBuffer(bytes.ReplaceAll(p.Body.Bytes(), []byte("<details"), []byte("<details open")))
	return p
}

// preview is the address of a preview of the Brand.
func (c *cast) preview() string {
	c.t.Helper()
	made, err := c.live.PreviewBrand(c.t.Context(), db.PreviewOf{Locale: &c.language})
	c.must(err)
	return made.Path
}

// addressStates are those of new addresses that wait to be confirmed.
var addressStates = []state{
	{"review-waiting", func(c *cast) *page { return c.readdress(c.asked(), "review", "new@example.org") }},
	{"intro-waiting", func(c *cast) *page { return c.get(c.waiting()) }},
	{"form-waiting", func(c *cast) *page { return c.get(c.waiting() + "/form") }},
	{"thanks-waiting", func(c *cast) *page { return c.readdress(c.asked(), "save", "new@example.org") }},
	{"address-confirm", func(c *cast) *page {
		confirm, _ := c.proposed()
		return c.get(confirm)
	}},
	{"address-confirmed", func(c *cast) *page {
		confirm, _ := c.proposed()
		return c.post(confirm, "do", "confirm")
	}},
	{"address-refused", func(c *cast) *page {
		confirm, _ := c.proposed()
		return c.post(confirm, "do", "refuse")
	}},
	{"address-undo", func(c *cast) *page {
		_, undo := c.proposed()
		return c.get(undo)
	}},
	{"address-undone", func(c *cast) *page {
		confirm, undo := c.proposed()
		c.post(confirm, "do", "confirm")
		return c.post(undo, "do", "undo")
	}},
	{"address-ended", func(c *cast) *page {
		confirm, _ := c.proposed()
		return c.later(afterExpiry, func() *page { return c.get(confirm) })
	}},
}

// numberStates are those of a new mobile number.
var numberStates = []state{
	{"number-review", func(c *cast) *page { return c.renumber(c.asked(), "review") }},
	{"number-thanks", func(c *cast) *page { return c.renumber(c.asked(), "save") }},
	{"number-confirm", func(c *cast) *page {
		confirm, _ := c.proposedBy(c.renumbered())
		return c.get(confirm)
	}},
	{"number-confirmed", func(c *cast) *page {
		confirm, _ := c.proposedBy(c.renumbered())
		return c.post(confirm, "do", "confirm")
	}},
	{"number-refused", func(c *cast) *page {
		confirm, _ := c.proposedBy(c.renumbered())
		return c.post(confirm, "do", "refuse")
	}},
	{"number-undo", func(c *cast) *page {
		_, undo := c.proposedBy(c.renumbered())
		return c.get(undo)
	}},
	{"number-undone", func(c *cast) *page {
		_, undo := c.proposedBy(c.renumbered())
		return c.post(undo, "do", "undo")
	}},
}

// renumber posts a link's form with another mobile number.
func (c *cast) renumber(link, do string) *page {
	c.t.Helper()
	phones := c.opened(link).Contact.Phones()
	return c.post(link, "do", do, "phones", "shown", "phones.0.id", phones[0].ID, "phones.0.number", "+49 1511 2345678", "phones.0.use", "PRIVATE",
		"phones.1.id", phones[1].ID, "phones.1.number", phones[1].Number, "phones.1.use", "BUSINESS")
}

// renumbered is a link whose Contact has given a new mobile number.
func (c *cast) renumbered() string {
	link := c.asked()
	c.renumber(link, "save")
	return link
}

// readdress posts a link's form with another e-mail address.
func (c *cast) readdress(link, do, address string) *page {
	c.t.Helper()
	contact := c.opened(link).Contact
	return c.post(link, "do", do, "emails", "shown", "emails.0.id", contact.Emails()[0].ID, "emails.0.address", address, "emails.0.use", "PRIVATE")
}

// opened is what a link leads to.
func (c *cast) opened(link string) *db.Link {
	c.t.Helper()
	l, err := c.store.OpenLink(c.t.Context(), strings.TrimPrefix(link, "/u/"))
	c.must(err)
	return l
}

// waiting is a link whose Contact has given a new address.
func (c *cast) waiting() string {
	link := c.asked()
	c.readdress(link, "save", "a.new.address@example.org")
	return link
}

// proposed are the links in the mails about a new address.
func (c *cast) proposed() (confirm, undo string) {
	c.t.Helper()
	return c.proposedBy(c.waiting())
}

// proposedBy are those in the messages about what a link's Contact has given.
func (c *cast) proposedBy(link string) (confirm, undo string) {
	c.t.Helper()
	l := c.opened(link)
	system, err := c.store.Work(c.t.Context(), db.TenantRef{CompanyID: c.live.Company.ID, Mode: db.Live})
	c.must(err)
	mails, err := system.ProposalMails(c.t.Context(), l.Waiting[0].ID)
	c.must(err)
	for _, m := range mails {
		at, err := url.Parse(m.Link)
		c.must(err)
		if m.Undo {
			undo = at.Path
		} else {
			confirm = at.Path
		}
	}
	return confirm, undo
}

// checkStates are those of the page that tells whether a message is genuine.
var checkStates = []state{
	{"check", func(c *cast) *page { return c.get("/check") }},
	{"check-problem", func(c *cast) *page { return c.try("?", "192.0.2.1") }},
	{"check-unknown", func(c *cast) *page { return c.try("00000-00000", "192.0.2.2") }},
	{"check-found", func(c *cast) *page { return c.try(c.checkCode(), "192.0.2.3") }},
	{"check-fast", func(c *cast) *page {
		for {
			if p := c.try("00000-00000", "192.0.2.4"); p.Code == http.StatusTooManyRequests {
				return p
			}
		}
	}},
}

// try tries a check code from an address.
func (c *cast) try(code, from string) *page {
	r := postRequest("/check", url.Values{"code": {code}}.Encode())
	r.RemoteAddr = from + ":1"
	return c.do(r)
}

// checkCode is the check code of a message that was sent.
func (c *cast) checkCode() string {
	c.t.Helper()
	ctx := c.t.Context()
	c.asked()
	system, err := c.store.Work(ctx, db.TenantRef{CompanyID: c.live.Company.ID, Mode: db.Live})
	c.must(err)
	claimed, err := system.ClaimDeliveries(ctx, 1)
	c.must(err)
	o := claimed[0]
	c.must(system.RecordDeliveries(ctx, []db.DeliveryOutcome{{DeliveryID: o.DeliveryID, RequestID: o.RequestID, EmailID: o.To.ID, Status: db.DeliverySent}}))
	return o.CheckCode
}
