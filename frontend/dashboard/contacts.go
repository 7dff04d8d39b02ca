package dashboard

import (
	"net/http"
	"net/url"
	"strings"

	"complero/frontend/dashboard/query"
)

// contactsPerPage is how many rows the list shows at a time.
const contactsPerPage = 50

// A contactsPage lists Contacts.
type contactsPage struct {
	deskFrame
	Search   string
	Total    string
	Contacts []contactRow
	// Before and After are the addresses of the pages beside this one; "" at the ends.
	Before, After string
}

// A contactRow is one Contact in the list.
type contactRow struct {
	URL, Name, Sub, Reach, Place, Employee, Confirmed string
	Stopped                                           bool
}

func (a *App) contactsRoutes() map[string]deskHandler {
	return map[string]deskHandler{
		"GET /app/{company}/contacts":            a.showContacts,
		"GET /app/{company}/contacts/{id}":       a.showContact,
		"GET /app/{company}/contacts/{id}/stop":  a.showStop,
		"POST /app/{company}/contacts/{id}/stop": a.stop,
	}
}

func (a *App) showContacts(w http.ResponseWriter, r *http.Request, d *desk) error {
	search := strings.TrimSpace(r.FormValue("search"))
	filter := &query.ContactFilter{}
	if search != "" {
		filter.Search = &search
	}
	first, after, last, before := pageOf(r, contactsPerPage)
	data, err := query.Contacts(r.Context(), d.api, first, after, last, before, filter)
	if err != nil {
		return err
	}
	p := &contactsPage{deskFrame: d.frame("contacts", d.voice.Say("contacts.title")), Search: search}
	if n := data.Contacts.TotalCount; n != nil {
		p.Total = d.voice.Say("contacts.total", "N", d.number(*n))
	}
	for i := range data.Contacts.Nodes {
		p.Contacts = append(p.Contacts, d.contactRow(&data.Contacts.Nodes[i]))
	}
	p.Before, p.After = beside(d.root+"/contacts", url.Values{"search": {search}}, data.Contacts.PageInfo)
	if r.Header.Get("HX-Request") != "" {
		return send(w, r, http.StatusOK, contactsList(p))
	}
	return send(w, r, http.StatusOK, contactsView(p))
}

func (d *desk) contactRow(c *query.ContactRow) contactRow {
	row := contactRow{
		URL: d.root + "/contacts/" + c.Id, Name: c.DisplayName, Sub: c.ExternalId,
		Confirmed: d.day(c.ConfirmedAt), Stopped: c.StoppedAt != nil,
	}
	if c.Organisation != nil && *c.Organisation != c.DisplayName {
		row.Sub = *c.Organisation
	}
	if len(c.Emails) > 0 {
		row.Reach = c.Emails[0].Address
	} else if len(c.Phones) > 0 {
		row.Reach = c.Phones[0].Number
	}
	if len(c.Addresses) > 0 {
		row.Place = strings.TrimSpace(textOf(c.Addresses[0].PostalCode) + " " + textOf(c.Addresses[0].City))
	}
	if c.Employee != nil {
		row.Employee = c.Employee.DisplayName
	}
	return row
}

func textOf(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
