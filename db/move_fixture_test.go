package db_test

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"errors"
	"image"
	"image/color"
	"image/png"
	"path/filepath"
	"strings"
	"testing"

	"complero/db"
	"complero/db/dbtest"
)

// home is a database that a test moves from or to.
type home struct {
	*testing.T
	db.Config
	live, test string // API keys
}

// newHome makes an empty one.
func newHome(t *testing.T, engine dbtest.Engine) *home {
	t.Helper()
	return &home{T: t, Config: dbtest.Config(t, engine, func(c *db.Config) { c.MailRoute = true })}
}

// on opens the database for as long as do runs.
func (h *home) on(do func(store *db.Store)) {
	h.Helper()
	store, err := db.Open(h.Context(), h.Config)
	if err != nil {
		h.Fatalf("open %s: %v", h.URL+h.DataDir, err)
	}
	do(store)
	if err := store.Close(); err != nil {
		h.Fatal(err)
	}
}

// furnish fills it with what a Company has after a while, some of it unfinished.
func (h *home) furnish() {
	h.Helper()
	h.on(func(store *db.Store) {
		account, err := store.CreateAccount(h.Context(), db.Setup{
			Customer: "Nordlicht Gruppe", Company: "Nordlicht", Country: "DE", Locale: "de", Sender: "kontakt@example.com", Imprint: "Nordlicht AG, Kiel",
		})
		if err != nil {
			h.Fatal(err)
		}
		h.live, h.test = account.LiveKey, account.TestKey
		a := &asker{T: h.T, store: store}
		for key, tenant := range map[string]**db.Tenant{h.live: &a.live, h.test: &a.test} {
			if *tenant, err = store.Authenticate(h.Context(), key); err != nil {
				h.Fatal(err)
			}
		}
		h.furnishCompany(a)
		for _, tenant := range []*db.Tenant{a.live, a.test} {
			h.furnishMode(a, tenant)
		}
		h.keepMessage(a)
	})
}

func (h *home) furnishCompany(a *asker) {
	h.Helper()
	var logo bytes.Buffer
	picture := image.NewNRGBA(image.Rect(0, 0, 64, 64))
	for i := range 64 {
		picture.Set(i, i, color.Black)
	}
	if err := png.Encode(&logo, picture); err != nil {
		h.Fatal(err)
	}
	if _, err := a.live.UpdateBrand(h.Context(), db.BrandChange{Logo: &logo}); err != nil {
		h.Fatal(err)
	}
	if _, err := a.live.SaveConsentDefinition(h.Context(), db.ConsentDefinitionSave{
		Key: "news", Advertising: ptr(true), Channels: []db.ConsentChannel{db.ConsentEmail},
		Wordings: []db.ConsentWording{{Locale: "de", Title: "Neues", Wording: "Ich will **Neues**."}},
	}); err != nil {
		h.Fatal(err)
	}
}

func (h *home) furnishMode(a *asker, tenant *db.Tenant) {
	h.Helper()
	uploadEmployees(h.T, a.store, tenant, map[string]any{"externalId": "V-1", "displayName": "Defne Kupfer", "email": "defne@example.com"})
	upload(h.T, a.store, tenant, kettenis, frohn,
		`{"externalId": "Ä-3", "givenName": "Zoë 😀", "familyName": "\"'\\ Nul", "emails": [{"address": "zoe@example.net"}]}`,
		`{"externalId": "K-4", "familyName": "Gone", "emails": [{"address": "gone@example.net"}]}`,
		`{"externalId": "", "familyName": "Rejected"}`)
	requests := a.ask(tenant, "K-1", "Ä-3", "K-4")
	a.sendAll(tenant)
	a.answer(tenant, requests[0], db.Answer{
		Data:     a.says(`{"addresses": [{"street": "Neue Allee", "houseNumber": "7", "postalCode": "24105", "city": "Kiel"}]}`),
		Consents: []db.ConsentDecision{{Key: "news", Channel: ptr(db.ConsentEmail), Granted: true}},
	})
	a.must(a.open(tenant, requests[0]).Enquire(h.Context(), db.Enquiry{Words: "Gilt das alte Konto noch?", ReplyTo: "0431 1"}))
	a.answer(tenant, requests[0], a.moves(a.open(tenant, requests[0]), "neu@example.org"))
	if _, err := tenant.StopContact(h.Context(), db.ContactStop{ExternalID: "K-4", Reason: ptr("asked by phone"), IdempotencyKey: ptr("once")}); err != nil {
		h.Fatal(err)
	}
	gone, err := tenant.DeleteContacts(h.Context(), db.ContactsDelete{ExternalIDs: []string{"K-4"}})
	if err != nil {
		h.Fatal(err)
	}
	work(h.T, a.store, tenant, gone)
	events, err := tenant.Events(h.Context(), db.Page{First: ptr(2)}, db.EventFilter{})
	if err != nil {
		h.Fatal(err)
	}
	if _, err := tenant.Acknowledge(h.Context(), db.Acknowledgement{Consumer: "crm", Through: events.Nodes[1].ID, Source: ptr("crm")}); err != nil {
		h.Fatal(err)
	}
	a.ask(tenant, "K-1") // waits to be sent
	if _, err := tenant.UploadContacts(h.Context(), db.ContactsUpload{Contacts: []byte(`[{"externalId": "K-5", "familyName": "Waits"}]`), Count: 1}); err != nil {
		h.Fatal(err)
	}
}

// keepMessage has a Request of test mode in the outbox.
func (h *home) keepMessage(a *asker) {
	h.Helper()
	var outcomes []db.DeliveryOutcome
	for _, o := range a.claim(a.test) {
		outcomes = append(outcomes, db.DeliveryOutcome{DeliveryID: o.DeliveryID, RequestID: o.RequestID, Status: db.DeliverySent, Message: &db.OutboxMessage{
			MessageID: o.MessageID, From: "Defne Kupfer <kontakt@example.com>", To: o.To.Address, Subject: "Stimmt noch alles?",
			HTML: `<a href="` + o.Link + `">ja</a>`, Text: "Hier: " + o.Link,
		}})
	}
	a.record(a.test, outcomes...)
}

// view is all that the API reads, as JSON, with times in UTC.
func (h *home) view() []string {
	h.Helper()
	var all []string
	add := func(v any, err error) {
		h.Helper()
		if err != nil {
			h.Fatal(err)
		}
		text, err := json.Marshal(v)
		if err != nil {
			h.Fatal(err)
		}
		all = append(all, string(text))
	}
	h.on(func(store *db.Store) {
		for _, key := range []string{h.live, h.test} {
			tenant, err := store.Authenticate(h.Context(), key)
			if err != nil {
				h.Fatal(err)
			}
			h.viewTenant(store, tenant, add)
		}
		jobs, err := store.Jobs(h.Context())
		add(jobs, err)
	})
	return all
}

func (h *home) viewTenant(store *db.Store, tenant *db.Tenant, add func(any, error)) {
	h.Helper()
	ctx, most := h.Context(), db.Page{First: ptr(1000)}
	add(tenant.Company, nil)
	add(tenant.ConsentDefinitions(ctx))
	add(tenant.Employees(ctx, most, db.EmployeeFilter{}))
	add(tenant.Contacts(ctx, most, db.ContactFilter{}, db.CreatedAtAsc))
	add(tenant.Consents(ctx, most, db.ConsentFilter{}))
	add(tenant.Report(ctx, db.ReportFilter{}))
	brand, err := tenant.Brand(ctx)
	add(brand, err)
	add(store.Asset(ctx, strings.TrimPrefix(*brand.LogoURL(), "/assets/")))
	requests, err := tenant.Requests(ctx, most, db.RequestFilter{})
	add(requests, err)
	for _, r := range requests.Nodes {
		add(tenant.RequestLink(r), nil)
		add(tenant.DeliveriesOf(ctx, []string{r.ID}))
	}
	events, err := tenant.Events(ctx, most, db.EventFilter{})
	add(events, err)
	var numbers []int64
	for _, e := range events.Nodes {
		numbers = append(numbers, e.Number)
	}
	add(tenant.EventChanges(ctx, numbers))
	operations, err := tenant.Operations(ctx, most)
	add(operations, err)
	for _, op := range operations.Nodes {
		add(tenant.OperationItems(ctx, op, most, db.OperationItemFilter{}))
	}
	if tenant.Mode == db.Test {
		outbox, err := tenant.Outbox(ctx, most)
		add(outbox, err)
		for _, m := range outbox.Nodes {
			add(tenant.OutboxMessage(ctx, m.ID))
		}
	}
}

// meddle changes something behind the back of a move, as another program.
func (h *home) meddle(statement string) (err error) {
	driver, address := "sqlite", "file:"+filepath.Join(h.DataDir, "complero.db")+"?_pragma=busy_timeout(10000)"
	if h.URL != "" {
		driver, address = "pgx", h.URL
	}
	other, err := sql.Open(driver, address)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, other.Close()) }()
	_, err = other.ExecContext(h.Context(), statement)
	return err
}
