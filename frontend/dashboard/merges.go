package dashboard

import (
	"net/http"

	"complero/db"
	"complero/frontend/dashboard/query"
)

// suggestionsPerPage is how many pairs the list shows at a time.
const suggestionsPerPage = 20

// A mergesPage lists Contacts who seem to be one person.
type mergesPage struct {
	deskFrame
	Tabs          []link
	Total         string
	Pairs         []suggestedPair
	Before, After string
	MayDecide     bool
	Form          *form
}

// A suggestedPair is two Contacts, side by side.
type suggestedPair struct {
	ID, Marks string
	// Both are the two; either may be gone.
	Both []comparedContact
	// Rows are what both say, field by field.
	Rows []comparedRow
	// Automatic tells that it is about to be merged by itself.
	Automatic bool
}

type comparedContact struct{ ID, URL, Name string }

// A comparedRow is what each of two says of a field.
type comparedRow struct {
	Label string
	Both  []string
	Same  bool
}

func (a *App) mergesRoutes() map[string]deskHandler {
	return map[string]deskHandler{
		"GET /app/{company}/contacts/suggestions":  a.showMerges,
		"POST /app/{company}/contacts/suggestions": a.decideMerge,
	}
}

func (a *App) showMerges(w http.ResponseWriter, r *http.Request, d *desk) error {
	return d.mergesPage(w, r, filled())
}

func (d *desk) mergesPage(w http.ResponseWriter, r *http.Request, f *form) error {
	if !d.may(db.ContactsWrite) {
		return d.missing()
	}
	first, after, last, before := pageOf(r, suggestionsPerPage)
	data, err := query.MergeSuggestions(r.Context(), d.api, first, after, last, before)
	if err != nil {
		return err
	}
	p := &mergesPage{deskFrame: d.frame("contacts", d.voice.Say("merges.title")), Tabs: d.contactTabs("merges"), MayDecide: true, Form: f}
	if n := data.MergeSuggestions.TotalCount; n != nil && *n > 0 {
		p.Total = d.voice.Count("merges.total", *n)
	}
	for i := range data.MergeSuggestions.Nodes {
		p.Pairs = append(p.Pairs, d.suggestedPair(&data.MergeSuggestions.Nodes[i]))
	}
	p.Before, p.After = beside(d.root+"/contacts/suggestions", nil, data.MergeSuggestions.PageInfo)
	return send(w, r, f.status(), mergesView(p))
}

func (d *desk) suggestedPair(s *query.Suggestion) suggestedPair {
	row := suggestedPair{ID: s.Id, Automatic: s.Status == query.MergeSuggestionStatusAutomatic}
	for i, m := range s.Marks {
		if i > 0 {
			row.Marks += "; "
		}
		row.Marks += d.voice.Say("merges.mark." + string(m))
	}
	var both []*query.Compared
	if s.Contact != nil {
		both = append(both, &s.Contact.Compared)
	}
	if s.Other != nil {
		both = append(both, &s.Other.Compared)
	}
	for _, c := range both {
		row.Both = append(row.Both, comparedContact{c.Id, d.root + "/contacts/" + c.Id, c.DisplayName})
	}
	for _, part := range []struct {
		label string
		of    func(*query.Compared) string
	}{
		{"contacts.id", numbersOf},
		{"field.birthDate", func(c *query.Compared) string { return textOf(c.BirthDate) }},
		{"field.email", emailsOf},
		{"field.phone", phonesOf},
		{"field.address", addressesOf},
		{"contacts.created", func(c *query.Compared) string { return d.day(&c.CreatedAt) }},
	} {
		cells := comparedRow{Label: d.voice.Say(part.label), Same: len(both) == 2}
		said := false
		for _, c := range both {
			text := part.of(c)
			said = said || text != ""
			cells.Same = cells.Same && text == part.of(both[0])
			cells.Both = append(cells.Both, text)
		}
		if said {
			row.Rows = append(row.Rows, cells)
		}
	}
	return row
}

func numbersOf(c *query.Compared) string {
	var all []string
	for _, id := range c.ExternalIds {
		all = append(all, id.Source+" "+id.Value)
	}
	return joinFilled(", ", all...)
}

func emailsOf(c *query.Compared) string {
	var all []string
	for _, e := range c.Emails {
		all = append(all, e.Address)
	}
	return joinFilled(", ", all...)
}

func phonesOf(c *query.Compared) string {
	var all []string
	for _, n := range c.Phones {
		all = append(all, n.Number)
	}
	return joinFilled(", ", all...)
}

func addressesOf(c *query.Compared) string {
	var all []string
	for _, a := range c.Addresses {
		all = append(all, joinFilled(", ", joinFilled(" ", textOf(a.Street), textOf(a.HouseNumber)), joinFilled(" ", textOf(a.PostalCode), textOf(a.City))))
	}
	return joinFilled("; ", all...)
}

// decideMerge says that two Contacts are one person, or two.
func (a *App) decideMerge(w http.ResponseWriter, r *http.Request, d *desk) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	if f.Get("keep") == "" {
		data, err := query.MergeDismiss(r.Context(), d.api, f.Get("id"))
		if err != nil {
			return err
		}
		if wrong := data.MergeDismiss.UserErrors; len(wrong) > 0 {
			d.refuse(f, wrong, map[string]string{"id": ""})
			return d.mergesPage(w, r, f)
		}
		return done(w, r, d.root+"/contacts/suggestions", "dismissed")
	}
	data, err := query.MergeConfirm(r.Context(), d.api, f.Get("id"), f.optional("keep"))
	if err != nil {
		return err
	}
	if wrong := data.MergeConfirm.UserErrors; len(wrong) > 0 || data.MergeConfirm.Contact == nil {
		d.refuse(f, wrong, map[string]string{"id": "", "keep": ""})
		return d.mergesPage(w, r, f)
	}
	return done(w, r, d.root+"/contacts/"+data.MergeConfirm.Contact.Id, "merged")
}

func (a *App) askToUnmerge(w http.ResponseWriter, r *http.Request, d *desk) error {
	return d.unmergePage(w, r, r.FormValue("merge"), "")
}

func (d *desk) unmergePage(w http.ResponseWriter, r *http.Request, merge, problem string) error {
	c, err := d.contactNamed(r)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if problem != "" {
		status = http.StatusUnprocessableEntity
	}
	return send(w, r, status, confirmView(&confirmation{
		deskFrame: d.frame("contacts", d.voice.Say("merges.undo.title", "Name", c.DisplayName)), Do: d.voice.Say("merges.undo.do"),
		Consequences: []string{d.voice.Say("merges.undo.lead"), d.voice.Say("merges.undo.since")},
		Action:       d.root + "/contacts/" + c.Id + "/unmerge", Back: d.root + "/contacts/" + c.Id, Hidden: filled("merge", merge), Problem: problem,
	}))
}

// unmerge makes two Contacts of one that they had become.
func (a *App) unmerge(w http.ResponseWriter, r *http.Request, d *desk) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	data, err := query.ContactUnmerge(r.Context(), d.api, f.Get("merge"))
	if err != nil {
		return err
	}
	if wrong := data.ContactUnmerge.UserErrors; len(wrong) > 0 {
		return d.unmergePage(w, r, f.Get("merge"), d.voice.Say("problem."+string(wrong[0].Code)))
	}
	return done(w, r, d.root+"/contacts/"+r.PathValue("id"), "unmerged")
}
