package dashboard

import (
	"net/http"
	"slices"
	"strings"

	"complero/frontend/dashboard/query"
)

// changesPerPage is how many changes an Employee sees at a time.
const changesPerPage = 30

// A meChangesPage shows what an Employee's Contacts said, newest first.
type meChangesPage struct {
	meFrame
	// Seen tells that these are the ones that were marked as seen.
	Seen    bool
	Changes []meChange
	// Through is the newest one, for marking all as seen.
	Through       string
	Before, After string
	Tabs          []link
}

// A meChange is one thing that a Contact said.
type meChange struct {
	ID, Name, URL, What, When string
	Phone, Mail               string
	Changes                   []changeRow
}

func (a *App) showMyChanges(w http.ResponseWriter, r *http.Request, d *desk) error {
	seen := r.FormValue("seen") != ""
	unseen := !seen
	// The newest stand first, so what is behind a page here is before it there.
	n := changesPerPage
	last, before := &n, orNull(r.FormValue("after"))
	var first *int
	after := orNull(r.FormValue("before"))
	if after != nil {
		first, last, before = &n, nil, nil
	}
	data, err := query.MeChanges(r.Context(), d.api, last, before, first, after, &unseen)
	if err != nil {
		return err
	}
	p := &meChangesPage{Seen: seen}
	if p.meFrame, err = d.meFrame("changes", d.voice.Say("me.changes.title"), &data.Viewer); err != nil {
		return err
	}
	for i := range data.Events.Nodes {
		p.Changes = append(p.Changes, d.meChange(&data.Events.Nodes[i]))
	}
	slices.Reverse(p.Changes)
	if len(p.Changes) > 0 && unseen && after == nil && before == nil {
		p.Through = p.Changes[0].ID
	}
	extra := ""
	if seen {
		extra = "&seen=1"
	}
	at := data.Events.PageInfo
	if at.HasNextPage && at.EndCursor != nil {
		p.Before = d.root + "/?before=" + *at.EndCursor + extra
	}
	if at.HasPreviousPage && at.StartCursor != nil {
		p.After = d.root + "/?after=" + *at.StartCursor + extra
	}
	p.Tabs = []link{{d.voice.Say("me.changes.new"), d.root + "/", unseen}, {d.voice.Say("me.changes.seen"), d.root + "/?seen=1", seen}}
	return send(w, r, http.StatusOK, meChangesView(p))
}

func (d *desk) meChange(e *query.MeEvent) meChange {
	c := meChange{ID: e.Id, What: d.voice.Say("event." + string(e.Kind)), When: d.moment(e.OccurredAt), Name: d.voice.Say("me.gone")}
	if e.Contact != nil {
		c.Name, c.URL = e.Contact.DisplayName, d.root+"/contacts/"+e.Contact.Id
		if len(e.Contact.Phones) > 0 {
			c.Phone = e.Contact.Phones[0].Number
		}
		if len(e.Contact.Emails) > 0 {
			c.Mail = e.Contact.Emails[0].Address
		}
	}
	for _, change := range e.Changes {
		if !strings.HasSuffix(change.Field, ".health") {
			c.Changes = append(c.Changes, changeRow{d.fieldName(change.Field), plain(change.Before), plain(change.After)})
		}
	}
	return c
}

// fieldName names a path such as addresses[1].city.
func (d *desk) fieldName(path string) string {
	if own, found := strings.CutPrefix(path, "customFields."); found {
		return own
	}
	list, rest, inList := strings.Cut(path, "[")
	if !inList {
		return d.said("field."+path, path)
	}
	name := d.said("field."+map[string]string{"emails": "email", "phones": "phone", "addresses": "address"}[list], list)
	_, part, whole := strings.Cut(rest, "].")
	if !whole || part == "address" || part == "number" {
		return name
	}
	return name + ", " + d.said("me.part."+part, part)
}

// said is the text of a key, or another where there is none.
func (d *desk) said(key, otherwise string) string {
	if text := d.voice.Say(key); text != key {
		return text
	}
	return otherwise
}

// markSeen marks one change as seen, or all up to the newest that was shown.
func (a *App) markSeen(w http.ResponseWriter, r *http.Request, d *desk) error {
	var ids []string
	if id := r.PostFormValue("id"); id != "" {
		ids = []string{id}
	}
	data, err := query.MeSeen(r.Context(), d.api, ids, orNull(r.PostFormValue("through")))
	if err != nil {
		return err
	}
	if len(data.EventsMarkSeen.UserErrors) > 0 {
		return d.missing()
	}
	return done(w, r, d.root+"/", "seen")
}
