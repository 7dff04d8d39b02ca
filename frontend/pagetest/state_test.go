package pagetest

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"time"

	"complero/db"
)

// A state is a page as somebody comes to see it.
type state struct {
	name string
	show func(c *cast) *page
}

// afterExpiry is when a Request made today has expired.
const afterExpiry = 91 * 24 * time.Hour

// states are those of the pages behind a link, and the notices; those of other
// pages follow them, in files of their own. A page that is new gets a line here, or several: a
// test fails on a route or a notice which none of them shows.
var states = []state{
	{"intro", func(c *cast) *page { return c.get(c.asked()) }},
	{"intro-bare", func(c *cast) *page {
		link, _ := c.link(c.live, c.contact(c.live, "employee", nil, "salutation", nil, "title", nil, "givenName", nil, "familyName", nil, "birthDate", nil,
			"phones", nil, "addresses", nil, "customFields", nil))
		return c.get(link)
	}},
	{"intro-test", func(c *cast) *page {
		link, _ := c.link(c.test, c.contact(c.test), db.AskDigital)
		return c.get(link)
	}},
	{"intro-consents", func(c *cast) *page {
		link, _ := c.link(c.live, c.contact(c.live), db.AskConsents)
		return c.get(link)
	}},
	{"intro-answered", func(c *cast) *page { return c.get(c.answered("do", "confirm")) }},
	{"intro-granted", func(c *cast) *page { return c.get(c.granted()) }},
	{"intro-custom", func(c *cast) *page { return c.get(c.askedOwn()) }},
	{"form", func(c *cast) *page { return c.get(c.asked() + "/form") }},
	{"form-bare", func(c *cast) *page {
		link, _ := c.link(c.live, c.contact(c.live, "emails", []any{map[string]any{"address": "a@example.com"}}, "phones", nil, "addresses", nil))
		return c.get(link + "/form")
	}},
	{"form-custom", func(c *cast) *page { return c.get(c.askedOwn() + "/form") }},
	{"form-custom-problems", func(c *cast) *page {
		return c.post(c.askedOwn(), "do", "review", "customFields.contract_no", "?", "customFields.children", "?", "customFields.since", "?",
			"customFields.newsletter", "?", "customFields.colour", "?", "customFields.town", "?")
	}},
	{"form-problems", func(c *cast) *page {
		return c.post(c.asked(), "do", "review", "birthDate", "1980-02-30", "emails", "shown", "emails.0.address", "anna",
			"phones", "shown", "phones.0.number", "12", "addresses", "shown", "addresses.0.street", "X", "addresses.0.countryCode", "DE", "addresses.0.postalCode", "1")
	}},
	{"form-required", func(c *cast) *page {
		return c.under(func() *page {
			link, _ := c.link(c.live, c.contact(c.live, "birthDate", nil))
			return c.post(link, "do", "confirm")
		}, "birthDate", "REQUIRED", "phones", "REQUIRED")
	}},
	{"form-fixed", func(c *cast) *page {
		return c.under(func() *page { return c.get(c.asked() + "/form") }, "familyName", "SHOWN", "birthDate", "SHOWN", "emails", "SHOWN", "addresses", "SHOWN")
	}},
	{"form-added", func(c *cast) *page {
		link, _ := c.link(c.live, c.contact(c.live), db.AskDigital)
		return c.post(link, "do", "add-phone", "phones", "shown", "phones.0.number", "+49 171 2345678", "emails", "shown")
	}},
	{"form-many", func(c *cast) *page {
		link := c.asked()
		for n := range 5 {
			c.readdress(link, "save", fmt.Sprintf("new-%d@example.org", n))
		}
		return c.readdress(link, "save", "new@example.org")
	}},
	{"form-consents", func(c *cast) *page {
		link, _ := c.link(c.live, c.contact(c.live), db.AskConsents)
		return c.get(link + "/form")
	}},
	{"form-granted", func(c *cast) *page { return c.get(c.granted() + "/form") }},
	{"form-withdrawn", func(c *cast) *page {
		link := c.granted()
		return c.post(link, "do", "withdraw-"+c.latestConsent())
	}},
	{"review", func(c *cast) *page {
		return c.post(c.asked(), "do", "review", "givenName", "Anna Maria", "title", "", "phones", "shown", "phones.0.number", "0171 7654321",
			"wording.advertising", "1 "+c.language, "consent.advertising.PHONE", "yes")
	}},
	{"review-unchanged", func(c *cast) *page {
		link, _ := c.link(c.live, c.contact(c.live), db.AskConsents)
		return c.post(link, "do", "review")
	}},
	{"thanks-updated", func(c *cast) *page { return c.post(c.asked(), "do", "save", "givenName", "Anna Maria") }},
	{"thanks-confirmed", func(c *cast) *page { return c.post(c.asked(), "do", "confirm") }},
	{"intro-decided", func(c *cast) *page {
		return c.post(c.asked(), "do", "consents", "wording.advertising", "1 "+c.language, "wording.survey", "1 "+c.language, "consent.survey", "yes")
	}},
	{"thanks-declined", func(c *cast) *page {
		link, _ := c.link(c.live, c.contact(c.live), db.AskConsents)
		return c.post(link, "do", "save", "wording.advertising", "1 "+c.language, "wording.survey", "1 "+c.language)
	}},
	{"stop", func(c *cast) *page { return c.get(c.asked() + "/stop") }},
	{"stopped", func(c *cast) *page { return c.post(c.asked() + "/stop") }},
	{"resumed", func(c *cast) *page {
		link := c.asked()
		c.post(link + "/stop")
		return c.post(link + "/resume")
	}},
	{"withdrawn", func(c *cast) *page { return c.post(c.granted()+"/withdraw", "consent", "all") }},
	{"disowned", func(c *cast) *page { return c.post(c.asked(), "do", "notme") }},
	{"expired", func(c *cast) *page {
		link := c.asked()
		return c.later(afterExpiry, func() *page { return c.get(link) })
	}},
	{"expired-stop", func(c *cast) *page {
		link := c.asked()
		return c.later(afterExpiry, func() *page { return c.get(link + "/stop") })
	}},
	{"cancelled", func(c *cast) *page {
		link, request := c.link(c.live, c.contact(c.live))
		c.cancel(request)
		return c.get(link)
	}},
	{"conflict", func(c *cast) *page {
		link, request := c.link(c.live, c.contact(c.live))
		r := postRequest(link, "")
		r.Body = io.NopCloser(io.MultiReader(whenRead(func() { c.cancel(request) }), strings.NewReader("do=confirm")))
		return c.do(r)
	}},
	{"unknown", func(c *cast) *page { return c.get("/u/aaaaaaaaaaaaaaaaaaaaaaaaaa") }},
	{"large", func(c *cast) *page { return c.do(postRequest(c.asked(), "givenName="+strings.Repeat("a", 1<<20))) }},
	{"unreadable", func(c *cast) *page { return c.do(postRequest(c.asked(), "%zz")) }},
	{"method", func(c *cast) *page {
		return c.do(httptest.NewRequest(http.MethodPut, "/u/aaaaaaaaaaaaaaaaaaaaaaaaaa", nil))
	}},
	{"fault", func(c *cast) *page {
		w := httptest.NewRecorder()
		c.broken.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/u/aaaaaaaaaaaaaaaaaaaaaaaaaa", nil))
		return &page{w, "/u/{token}"}
	}},
	{"missing", func(c *cast) *page { return c.get("/nowhere") }},
	{"home", func(c *cast) *page { return c.get("/") }},
	{"home-own", func(c *cast) *page { return c.on("check."+c.name+".example.com", "/") }},
	{"host-unknown", func(c *cast) *page { return c.on("nobody.example.com", "/") }},
}

// outboxStates are those of the outbox of test mode.
var outboxStates = []state{
	{"outbox-key", func(c *cast) *page { return c.get("/outbox") }},
	{"outbox-key-problem", func(c *cast) *page { return c.post("/outbox", "key", "none") }},
	{"outbox-empty", func(c *cast) *page { return c.post("/outbox", "key", c.testKey) }},
	{"outbox", func(c *cast) *page {
		c.send()
		return c.post("/outbox", "key", c.testKey)
	}},
	{"outbox-message", func(c *cast) *page {
		c.send()
		return c.showMessage()
	}},
}

// all are the states of all pages.
var all = slices.Concat(states, verifyStates, wayStates, addressStates, numberStates, checkStates, outboxStates)

// notPages are routes that answer with something else: files, and a message as
// it was sent. The explorer of the API is no page of ours either: it is GraphiQL
// as its makers draw it, for developers, and graph/explorer serves it.
var notPages = []string{"GET /assets/{file}", "GET /brand/{company}/{file}", "GET /static/", "GET /outbox/{id}/html"}

// whenRead does something when a body is read, which is after the link was opened.
type whenRead func()

// Read reads nothing.
func (w whenRead) Read([]byte) (int, error) {
	w()
	return 0, io.EOF
}

// on asks for a page by another host's name.
func (c *cast) on(host, path string) *page {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Host = host
	return c.do(r)
}

// askedOwn is the link of a new Contact, for fields of the Company's own.
func (c *cast) askedOwn() string {
	link, _ := c.link(c.live, c.contact(c.live), db.AskCustom)
	return link
}

// answered is a link after an answer.
func (c *cast) answered(pairs ...string) string {
	link := c.asked()
	c.post(link, pairs...)
	return link
}

// granted is a link whose Contact has given one Consent.
func (c *cast) granted() string {
	return c.answered("do", "consents", "wording.advertising", "1 "+c.language, "consent.advertising.EMAIL", "yes")
}

// latestConsent is the id of the Consent that was given last.
func (c *cast) latestConsent() string {
	c.t.Helper()
	events, err := c.live.Events(c.t.Context(), db.Page{Last: ptr(20)}, db.EventFilter{})
	c.must(err)
	for n := len(events.Nodes) - 1; n >= 0; n-- {
		if e := events.Nodes[n]; e.ConsentID != "" {
			return e.ConsentID
		}
	}
	c.t.Fatal("no Consent was given")
	return ""
}

func (c *cast) cancel(r *db.Request) {
	c.t.Helper()
	_, err := c.live.CancelRequest(c.t.Context(), r.ID)
	c.must(err)
}

// send puts a message into the outbox of test mode.
func (c *cast) send() {
	c.t.Helper()
	ctx := c.t.Context()
	c.link(c.test, c.contact(c.test))
	system, err := c.store.Work(ctx, db.TenantRef{CompanyID: c.test.Company.ID, Mode: db.Test})
	c.must(err)
	claimed, err := system.ClaimDeliveries(ctx, 10)
	c.must(err)
	// One message only, since those of one moment have no order. An id or a token
	// in letters of different widths would fill the lines anew each time.
	o := claimed[len(claimed)-1]
	c.must(system.RecordDeliveries(ctx, []db.DeliveryOutcome{{
		DeliveryID: o.DeliveryID, RequestID: o.RequestID, Status: db.DeliverySent,
		Message: &db.OutboxMessage{
			MessageID: fmt.Sprintf("message-%d@example.com", c.contacts), From: "care@example.com", To: o.To.Address,
			Subject: c.setting().company, RequestID: o.RequestID, HTML: "<p>" + c.setting().company + "</p>", Text: "Hello\n" + o.Link,
			Headers: map[string]string{"List-Unsubscribe": "<https://example.com/u/a-token-of-the-contact/stop>"},
		},
	}}))
}

// showMessage opens the newest message in the outbox.
func (c *cast) showMessage() *page {
	c.t.Helper()
	c.post("/outbox", "key", c.testKey)
	messages, err := c.test.Outbox(c.t.Context(), db.Page{First: ptr(1)})
	c.must(err)
	if len(messages.Nodes) == 0 {
		c.t.Fatal("the outbox is empty")
	}
	r := httptest.NewRequest(http.MethodGet, "/outbox/"+messages.Nodes[0].ID, nil)
	r.AddCookie(c.pass)
	return c.do(r)
}
