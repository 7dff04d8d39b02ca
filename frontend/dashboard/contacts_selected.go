package dashboard

import (
	"maps"
	"net/http"
	"net/url"
	"slices"

	"complero/db"
	"complero/frontend/dashboard/query"
)

// mostSelected is how many Contacts something can be done with at once: a page of them.
const mostSelected = 200

// A selection is the Contacts that were ticked, and what is to be done with them.
type selection struct {
	do       string
	contacts []query.ContactRow
}

// selected reads which Contacts are meant.
func (d *desk) selected(r *http.Request) (*selection, error) {
	if err := r.ParseForm(); err != nil {
		return nil, err
	}
	s := &selection{do: r.Form.Get("do")}
	ids := r.Form["id"]
	if len(ids) > mostSelected {
		ids = ids[:mostSelected]
	}
	if len(ids) == 0 {
		return s, nil
	}
	most := len(ids)
	data, err := query.Contacts(r.Context(), d.api, &most, nil, nil, nil, &query.ContactFilter{Ids: ids}, false)
	if err != nil {
		return nil, err
	}
	s.contacts = data.Contacts.Nodes
	return s, nil
}

// showSelected asks before several Contacts are stopped or deleted.
func (a *App) showSelected(w http.ResponseWriter, r *http.Request, d *desk) error {
	s, err := d.selected(r)
	if err != nil {
		return err
	}
	if s.do == "ask" && d.may(db.RequestsWrite) && len(s.contacts) > 0 {
		values := url.Values{}
		for _, c := range s.contacts {
			values.Add("contact", c.Id)
		}
		http.Redirect(w, r, d.root+"/requests/new?"+values.Encode(), http.StatusSeeOther)
		return nil
	}
	return d.selectedPage(w, r, s, "")
}

func (d *desk) selectedPage(w http.ResponseWriter, r *http.Request, s *selection, problem string) error {
	n := len(s.contacts)
	if !d.may(db.ContactsWrite) || s.do != "stop" && s.do != "delete" {
		return d.missing()
	}
	if n == 0 {
		return &notice{http.StatusUnprocessableEntity, d.voice.Say("selected.none.title"), d.voice.Say("selected.none")}
	}
	c := &confirmation{
		deskFrame: d.frame("contacts", d.voice.Count("selected."+s.do+".title", n)), Do: d.voice.Count("selected."+s.do+".do", n),
		Action: d.root + "/contacts/selected", Back: d.root + "/contacts", Hidden: filled("do", s.do), Problem: problem,
	}
	if n == 1 {
		c.Title, c.Back = d.voice.Say("selected."+s.do+".one", "Name", s.contacts[0].DisplayName), d.root+"/contacts/"+s.contacts[0].Id
	}
	c.Consequences = append(c.Consequences, d.names(s.contacts), d.voice.Say("selected."+s.do+".lead"))
	stopped, shared := 0, 0
	for _, one := range s.contacts {
		c.Hidden.Add("id", one.Id)
		if one.StoppedAt != nil {
			stopped++
		}
		if len(one.ExternalIds) > 1 {
			shared++
		}
	}
	if s.do == "stop" && stopped > 0 {
		c.Consequences = append(c.Consequences, d.voice.Count("selected.stop.already", stopped))
	}
	if s.do == "delete" && shared > 0 {
		c.Consequences = append(c.Consequences, d.voice.Count("selected.delete.shared", shared))
	}
	return d.confirm(w, r, c)
}

// names are the first of some Contacts, and how many more there are.
func (d *desk) names(contacts []query.ContactRow) string {
	const most = 8
	text := ""
	for i, c := range contacts[:min(most, len(contacts))] {
		if i > 0 {
			text += ", "
		}
		text += c.DisplayName
	}
	if more := len(contacts) - most; more > 0 {
		text += " " + d.voice.Count("selected.more", more)
	}
	return text
}

// doSelected does with several Contacts what was asked for.
func (a *App) doSelected(w http.ResponseWriter, r *http.Request, d *desk) error {
	s, err := d.selected(r)
	if err != nil {
		return err
	}
	if !d.may(db.ContactsWrite) {
		return d.missing()
	}
	switch {
	case len(s.contacts) == 0:
		return d.selectedPage(w, r, s, "")
	case s.do == "stop":
		return d.stopSelected(w, r, s)
	case s.do == "delete":
		return d.deleteSelected(w, r, s)
	}
	return d.missing()
}

func (d *desk) stopSelected(w http.ResponseWriter, r *http.Request, s *selection) error {
	for i := range s.contacts {
		c := &s.contacts[i]
		data, err := query.ContactStop(r.Context(), d.api, c.ExternalId, sourceOf(c.ExternalId, c.ExternalIds), nil)
		if err != nil {
			return err
		}
		if wrong := data.ContactStop.UserErrors; len(wrong) > 0 {
			return d.selectedPage(w, r, s, c.DisplayName+": "+d.voice.Say("problem."+string(wrong[0].Code)))
		}
	}
	return done(w, r, d.root+"/contacts", "stopped.several")
}

// deleteSelected deletes Contacts from every Source that knows them, by an
// Operation for each Source.
func (d *desk) deleteSelected(w http.ResponseWriter, r *http.Request, s *selection) error {
	of := map[string][]string{}
	for _, c := range s.contacts {
		for _, id := range c.ExternalIds {
			of[id.Source] = append(of[id.Source], id.Value)
		}
	}
	begun := ""
	for _, source := range slices.Sorted(maps.Keys(of)) {
		data, err := query.ContactsDelete(r.Context(), d.api, of[source], &source)
		if err != nil {
			return err
		}
		if wrong := data.ContactsDelete.UserErrors; len(wrong) > 0 {
			return d.selectedPage(w, r, s, d.voice.Say("problem."+string(wrong[0].Code))+" "+wrong[0].Message)
		}
		begun = data.ContactsDelete.Operation.Id
	}
	if len(of) == 1 {
		return done(w, r, d.root+"/operations/"+begun, "deleting")
	}
	return done(w, r, d.root+"/operations", "deleting")
}

// sourceOf is the Source that gave a Contact an id.
func sourceOf(externalID string, ids []query.ContactID) *string {
	for _, id := range ids {
		if id.Value == externalID {
			return &id.Source
		}
	}
	return nil
}
