package dashboard

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"complero/db"
	"complero/frontend/dashboard/query"
)

// A meContactsPage lists an Employee's Contacts and how fresh they are.
type meContactsPage struct {
	meFrame
	Search, Total string
	Contacts      []meContactRow
	Before, After string
}

type meContactRow struct {
	URL, Name, Sub, Phone, Mail string
	// Fresh says how fresh in words; Band is "good", "" or "bad".
	Fresh, Band string
}

func (a *App) showMyContacts(w http.ResponseWriter, r *http.Request, d *desk) error {
	search := strings.TrimSpace(r.FormValue("search"))
	first, after, last, before := pageOf(r, contactsPerPage)
	data, err := query.MeContacts(r.Context(), d.api, first, after, last, before, &query.ContactFilter{Search: orNull(search)})
	if err != nil {
		return err
	}
	p := &meContactsPage{Search: search}
	if p.meFrame, err = d.meFrame("contacts", d.voice.Say("me.contacts.title"), &data.Viewer); err != nil {
		return err
	}
	if n := data.Contacts.TotalCount; n != nil {
		p.Total = d.voice.Say("contacts.total", "N", d.number(*n))
	}
	for i := range data.Contacts.Nodes {
		p.Contacts = append(p.Contacts, d.meContactRow(&data.Contacts.Nodes[i]))
	}
	at := data.Contacts.PageInfo
	p.Before, p.After = beside(d.root+"/contacts", url.Values{"search": {search}}, query.PageInfo(at))
	if r.Header.Get("HX-Request") != "" {
		return send(w, r, http.StatusOK, meContactsList(p))
	}
	return send(w, r, http.StatusOK, meContactsView(p))
}

func (d *desk) meContactRow(c *query.MeContactRow) meContactRow {
	row := meContactRow{URL: d.root + "/contacts/" + c.Id, Name: c.DisplayName}
	if c.Organisation != nil && *c.Organisation != c.DisplayName {
		row.Sub = *c.Organisation
	}
	if len(c.Phones) > 0 {
		row.Phone = c.Phones[0].Number
	}
	if len(c.Emails) > 0 {
		row.Mail = c.Emails[0].Address
	}
	row.Fresh, row.Band = d.freshness(c.ConfirmedAt)
	if c.StoppedAt != nil {
		row.Fresh, row.Band = d.voice.Say("contacts.stopped"), ""
	}
	return row
}

// Data that was confirmed within a year is fresh; within two, it ages.
const (
	freshFor  = 365 * 24 * time.Hour
	ageingFor = 2 * freshFor
)

// freshness says when a Contact last confirmed, and which band that is.
func (d *desk) freshness(confirmed *time.Time) (text, band string) {
	if confirmed == nil {
		return d.voice.Say("me.fresh.never"), "bad"
	}
	switch age := time.Since(*confirmed); {
	case age < freshFor:
		band = "good"
	case age >= ageingFor:
		band = "bad"
	}
	return d.voice.Say("me.fresh", "Date", d.day(confirmed)), band
}

// A meContactPage is one Contact, as the Employee who looks after them sees them.
type meContactPage struct {
	meFrame
	ID, Fresh, Band, Stopped string
	Phones, Mails            []string
	Facts                    []fact
	Requests                 []meRequestRow
	Events                   []eventRow
	MayAsk                   bool
}

type meRequestRow struct{ ID, Status, Sent, Answered, Code, Note, URL string }

func (a *App) showMyContact(w http.ResponseWriter, r *http.Request, d *desk) error {
	id := r.PathValue("id")
	data, err := query.Contact(r.Context(), d.api, id, new(eventsPerPage), nil, nil, nil)
	if err != nil {
		return err
	}
	asked, err := query.MeAsked(r.Context(), d.api, id)
	if err != nil {
		return err
	}
	c := data.Contact
	if c == nil || asked.Contact == nil {
		return d.missing()
	}
	p := &meContactPage{ID: c.Id, Stopped: d.day(c.StoppedAt), Facts: d.facts(c)}
	if p.meFrame, err = d.meFrame("contacts", c.DisplayName, &asked.Viewer); err != nil {
		return err
	}
	p.Fresh, p.Band = d.freshness(c.ConfirmedAt)
	for _, phone := range c.Phones {
		p.Phones = append(p.Phones, phone.Number)
	}
	for _, e := range c.Emails {
		p.Mails = append(p.Mails, e.Address)
	}
	p.MayAsk = c.StoppedAt == nil && d.mayAsk()
	for _, q := range asked.Contact.Requests.Nodes {
		p.Requests = append(p.Requests, meRequestRow{
			ID: q.Id, Status: d.voice.Say("request." + string(q.Status)), Sent: d.day(&q.CreatedAt), Answered: d.day(q.AnsweredAt),
			Code: q.CheckCode, Note: textOf(q.Note), URL: d.root + "/contacts/" + c.Id + "/message?request=" + url.QueryEscape(q.Id),
		})
	}
	for i := len(c.Events.Nodes) - 1; i >= 0; i-- {
		row := d.eventRow(&c.Events.Nodes[i])
		for n := range row.Changes {
			row.Changes[n].Field = d.fieldName(row.Changes[n].Field)
		}
		p.Events = append(p.Events, row)
	}
	return send(w, r, http.StatusOK, meContactView(p))
}

// mayAsk reports whether the Employee may ask Contacts here.
func (d *desk) mayAsk() bool { return d.tenant.Company.EmployeeRequests && d.may(db.RequestsWrite) }

// mailPath is an address in a mailto link (RFC 6068).
func mailPath(address string) string {
	return strings.ReplaceAll(url.PathEscape(address), "%40", "@")
}
