package dashboard

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"complero/db"
	"complero/frontend/dashboard/query"
)

// contactsPerPage is how many rows the list shows at a time.
const contactsPerPage = 50

// A contactsPage lists Contacts.
type contactsPage struct {
	deskFrame
	// Form is what the list is narrowed by, as the address says it.
	Form      *form
	Search    string
	Total     string
	Columns   []string
	Contacts  []contactRow
	Employees []pick
	Sources   []pick
	Tabs      []link
	// Before and After are the addresses of the pages beside this one; "" at the ends.
	Before, After string
	// Files are where the list is downloaded; none for whoever may not.
	Files []link
	// MayStop, MayDelete and MayAsk say what can be done with several at once.
	MayChange, MayAsk bool
	// Narrowed tells that not all are shown.
	Narrowed bool
}

// A contactRow is one Contact in the list.
type contactRow struct {
	ID, URL, Name, Sub string
	Cells              []string
	Stopped            bool
}

// contactColumns are those that the list can have, in their order; usualColumns are shown
// where none were chosen.
var (
	contactColumns = []string{"reach", "phone", "place", "employee", "confirmed", "updated", "created", "id"}
	usualColumns   = []string{"reach", "place", "employee", "confirmed"}
)

func (a *App) contactsRoutes() map[string]deskHandler {
	return map[string]deskHandler{
		"GET /app/{company}/contacts":               a.showContacts,
		"GET /app/{company}/contacts/selected":      a.showSelected,
		"POST /app/{company}/contacts/selected":     a.doSelected,
		"GET /app/{company}/contacts/{id}":          a.showContact,
		"GET /app/{company}/contacts/{id}/stop":     a.showStop,
		"POST /app/{company}/contacts/{id}/stop":    a.stop,
		"GET /app/{company}/contacts/{id}/unmerge":  a.askToUnmerge,
		"POST /app/{company}/contacts/{id}/unmerge": a.unmerge,
		"GET /app/{company}/messages/{id}":          a.showMessage,
		"GET /app/{company}/messages/{id}/html":     a.showMessageHTML,
	}
}

func (a *App) showContacts(w http.ResponseWriter, r *http.Request, d *desk) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	f := &form{Values: r.Form}
	filter := d.contactFilter(f)
	first, after, last, before := pageOf(r, contactsPerPage)
	data, err := query.Contacts(r.Context(), d.api, first, after, last, before, filter, filter.Search == nil)
	if err != nil {
		return err
	}
	p := &contactsPage{deskFrame: d.frame("contacts", d.voice.Say("contacts.title")), Form: f, Search: f.Get("search"), Columns: columnsOf(f)}
	for i := range data.Contacts.Nodes {
		p.Contacts = append(p.Contacts, d.contactRow(&data.Contacts.Nodes[i], p.Columns))
	}
	kept := keptValues(f)
	p.Narrowed = len(kept) > 1 || len(kept) == 1 && !kept.Has("column")
	if n := data.Contacts.TotalCount; n != nil && p.Narrowed {
		p.Total = d.voice.Say("contacts.found", "N", d.number(*n))
	} else if n != nil {
		p.Total = d.voice.Say("contacts.total", "N", d.number(*n))
	}
	p.Before, p.After = beside(d.root+"/contacts", kept, data.Contacts.PageInfo)
	p.Files = d.contactFiles(filter)
	p.MayChange, p.MayAsk = d.may(db.ContactsWrite), d.may(db.RequestsWrite)
	if r.Header.Get("HX-Request") != "" {
		return send(w, r, http.StatusOK, contactsList(p))
	}
	if err := d.contactChoices(r, p); err != nil {
		return err
	}
	p.Tabs = d.contactTabs("contacts")
	return send(w, r, http.StatusOK, contactsView(p))
}

// contactFilter is what an address narrows the list to.
func (d *desk) contactFilter(f *form) *query.ContactFilter {
	yes, no := true, false
	filter := &query.ContactFilter{Search: f.optional("search"), EmployeeExternalId: f.optional("employee"), Source: f.optional("source")}
	switch f.Get("stopped") {
	case "yes":
		filter.Stopped = &yes
	case "no":
		filter.Stopped = &no
	}
	if f.Get("confirmed") == "never" {
		filter.Confirmed = &no
	} else if day, err := time.ParseInLocation(time.DateOnly, f.Get("before-day"), d.tenant.Company.Location()); err == nil {
		filter.ConfirmedBefore = &day
	}
	return filter
}

// keptValues are those of an address that the pages beside keep.
func keptValues(f *form) url.Values {
	kept := url.Values{}
	for _, name := range []string{"search", "employee", "source", "stopped", "confirmed", "before-day", "column"} {
		values := slices.DeleteFunc(slices.Clone(f.Values[name]), func(s string) bool { return strings.TrimSpace(s) == "" })
		if len(values) > 0 {
			kept[name] = values
		}
	}
	return kept
}

// columnsOf are the chosen columns, in the order of the list.
func columnsOf(f *form) []string {
	var chosen []string
	for _, c := range contactColumns {
		if f.checked("column", c) {
			chosen = append(chosen, c)
		}
	}
	if len(chosen) == 0 {
		return usualColumns
	}
	return chosen
}

// contactChoices reads what the list can be narrowed to.
func (d *desk) contactChoices(r *http.Request, p *contactsPage) error {
	whole := d.tenant.Viewer.EmployeeID == ""
	data, err := query.ContactChoices(r.Context(), d.api, whole && d.may(db.EmployeesRead), whole && d.may(db.CompanyRead))
	if err != nil {
		return err
	}
	for _, e := range data.Employees.Nodes {
		p.Employees = append(p.Employees, pick{Value: e.ExternalId, Label: e.DisplayName})
	}
	if len(data.Sources) > 1 {
		p.Sources = []pick{{Label: d.voice.Say("contacts.any")}}
		for _, s := range data.Sources {
			p.Sources = append(p.Sources, pick{Value: s.Key, Label: s.Name})
		}
	}
	return nil
}

// contactTabs lead between all Contacts and those who seem to be one person.
func (d *desk) contactTabs(here string) []link {
	if !d.may(db.ContactsWrite) || d.tenant.Viewer.Source != "" || d.tenant.Viewer.EmployeeID != "" {
		return nil
	}
	return []link{
		{d.voice.Say("contacts.all"), d.root + "/contacts", here == "contacts"},
		{d.voice.Say("merges.title"), d.root + "/contacts/suggestions", here == "merges"},
	}
}

// contactFiles are where the list is downloaded as it is narrowed, without the
// search: what somebody typed is nothing for an address that may be written down.
func (d *desk) contactFiles(filter *query.ContactFilter) []link {
	if !d.may(db.DataExport) || d.tenant.Viewer.Masked {
		return nil
	}
	v := url.Values{}
	set := func(name string, value *string) {
		if value != nil {
			v.Set(name, *value)
		}
	}
	truth := func(name string, value *bool) {
		if value != nil {
			v.Set(name, map[bool]string{true: "true", false: "false"}[*value])
		}
	}
	set("employeeExternalId", filter.EmployeeExternalId)
	set("source", filter.Source)
	truth("stopped", filter.Stopped)
	truth("confirmed", filter.Confirmed)
	if at := filter.ConfirmedBefore; at != nil {
		v.Set("confirmedBefore", at.UTC().Format(time.RFC3339))
	}
	return fileLinks(d.root+"/export/contacts", v.Encode(), "csv", "xlsx", "ndjson")
}

func (d *desk) contactRow(c *query.ContactRow, chosen []string) contactRow {
	row := contactRow{ID: c.Id, URL: d.root + "/contacts/" + c.Id, Name: c.DisplayName, Sub: c.ExternalId, Stopped: c.StoppedAt != nil}
	if c.Organisation != nil && *c.Organisation != c.DisplayName {
		row.Sub = *c.Organisation
	}
	for _, column := range chosen {
		row.Cells = append(row.Cells, d.cell(c, column))
	}
	return row
}

// cell is what stands in a column of the list.
func (d *desk) cell(c *query.ContactRow, column string) string {
	switch column {
	case "reach":
		if len(c.Emails) > 0 {
			return c.Emails[0].Address
		}
		if len(c.Phones) > 0 {
			return c.Phones[0].Number
		}
	case "phone":
		if len(c.Phones) > 0 {
			return c.Phones[0].Number
		}
	case "place":
		if len(c.Addresses) > 0 {
			return joinFilled(" ", textOf(c.Addresses[0].PostalCode), textOf(c.Addresses[0].City))
		}
	case "employee":
		if c.Employee != nil {
			return c.Employee.DisplayName
		}
	case "confirmed":
		return d.day(c.ConfirmedAt)
	case "updated":
		return d.day(&c.UpdatedAt)
	case "created":
		return d.day(&c.CreatedAt)
	case "id":
		return c.ExternalId
	}
	return ""
}

// vacant tells that there are no Contacts at all.
func (p *contactsPage) vacant() bool { return len(p.Contacts) == 0 && !p.Narrowed }

// label names a column on a narrow page, where its cell does not speak for itself.
func (p *contactsPage) label(column int) string {
	switch name := p.Columns[column]; name {
	case "confirmed", "updated", "created":
		return p.Say("contacts." + name)
	}
	return ""
}
