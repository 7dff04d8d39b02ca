package dashboard

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"complero/db"
	"complero/frontend/dashboard/query"
)

// A contactPage shows one Contact: what is on file and whose word it is, what
// was asked and agreed, and all that happened.
type contactPage struct {
	deskFrame
	ID, Number, Employee string
	Stopped, Confirmed   string
	MayStop, MayAsk      bool
	Merges               []mergeRow
	Facts                []fact
	Requests             []requestRow
	Consents             []consentRow
	Events               []eventRow
	// Newer and Older are the addresses of the events beside these; "" at the ends.
	Newer, Older string
}

// eventsPerPage is how many events the page shows at a time.
const eventsPerPage = 40

// A mergeRow is another Contact having gone up in this one.
type mergeRow struct {
	Text string
	// UndoURL is where it is undone; "" where it cannot be any more.
	UndoURL string
}

// A fact is one field with its value, and who said it.
type fact struct {
	Label, Value, Note, Word string
}

// A requestRow is one Request with its check code, by which a caller's "did you
// write to me?" is answered.
type requestRow struct {
	Status, Sent, Answered, Code, Way, Detail, Text string
	// Messages are what went out, where that is kept.
	Messages []link
}

type consentRow struct {
	Title, Channel, State, When, Wording string
}

// An eventRow is an entry of the log with its changes.
type eventRow struct {
	What, When, Note string
	Changes          []changeRow
}

type changeRow struct{ Field, Before, After string }

func (a *App) showContact(w http.ResponseWriter, r *http.Request, d *desk) error {
	// The latest events come first: a page further down is one further back.
	most := eventsPerPage
	last, first := &most, (*int)(nil)
	older, newer := r.FormValue("older"), r.FormValue("newer")
	if newer != "" {
		last, first = nil, &most
	}
	data, err := query.Contact(r.Context(), d.api, r.PathValue("id"), last, orNull(older), first, orNull(newer))
	if err != nil {
		return err
	}
	c := data.Contact
	if c == nil {
		return d.missing()
	}
	p := &contactPage{deskFrame: d.frame("contacts", c.DisplayName), ID: c.Id, Number: c.ExternalId}
	if c.Employee != nil {
		p.Employee = c.Employee.DisplayName
	}
	p.Stopped, p.Confirmed = d.day(c.StoppedAt), d.day(c.ConfirmedAt)
	p.MayStop, p.MayAsk = d.may(db.ContactsWrite), d.may(db.RequestsWrite)
	p.Merges = d.mergeRows(c)
	p.Facts = d.facts(c)
	for i := range c.Requests.Nodes {
		p.Requests = append(p.Requests, d.requestRow(&c.Requests.Nodes[i]))
	}
	for i := range c.Consents {
		p.Consents = append(p.Consents, d.consentRow(&c.Consents[i]))
	}
	for i := range c.Events.Nodes {
		p.Events = append(p.Events, d.eventRow(&c.Events.Nodes[i]))
	}
	slices.Reverse(p.Events)
	if at := c.Events.PageInfo; at.HasPreviousPage {
		p.Older = d.root + "/contacts/" + c.Id + "?older=" + url.QueryEscape(textOf(at.StartCursor)) + "#events"
	}
	if at := c.Events.PageInfo; at.HasNextPage {
		p.Newer = d.root + "/contacts/" + c.Id + "?newer=" + url.QueryEscape(textOf(at.EndCursor)) + "#events"
	}
	return send(w, r, http.StatusOK, contactView(p))
}

// mergeRows are the merges that can still be told of.
func (d *desk) mergeRows(c *query.ContactDetail) []mergeRow {
	var rows []mergeRow
	for _, m := range c.Merges {
		key := "contact.merged"
		switch {
		case m.UndoneAt != nil:
			key = "contact.unmerged"
		case m.Automatic:
			key = "contact.merged.auto"
		}
		at := &m.MergedAt
		if m.UndoneAt != nil {
			at = m.UndoneAt
		}
		row := mergeRow{Text: d.voice.Say(key, "Date", d.day(at))}
		if m.Undoable && d.may(db.ContactsWrite) {
			row.UndoURL = d.root + "/contacts/" + c.Id + "/unmerge?merge=" + m.Id
		}
		rows = append(rows, row)
	}
	return rows
}

// facts are what is on file, in the order in which people read it.
func (d *desk) facts(c *query.ContactDetail) []fact {
	var facts []fact
	words := d.words(c.Provenance)
	add := func(field, item, label, value, note string) {
		if value != "" {
			facts = append(facts, fact{label, value, note, words[field+"|"+item]})
		}
	}
	for _, f := range []struct {
		key   string
		value *string
	}{
		{"salutation", c.Salutation},
		{"title", c.Title},
		{"givenName", c.GivenName},
		{"familyName", c.FamilyName},
		{"birthDate", c.BirthDate},
		{"organisation", c.Organisation},
		{"locale", c.Locale},
	} {
		add(f.key, "", d.voice.Say("field."+f.key), textOf(f.value), "")
	}
	for _, e := range c.Emails {
		add("emails", e.Id, d.voice.Say("field.email"), e.Address, d.voice.Say("use."+string(e.Use)))
	}
	for _, n := range c.Phones {
		add("phones", n.Id, d.voice.Say("field.phone"), n.Number, d.voice.Say("use."+string(n.Use)))
	}
	for _, at := range c.Addresses {
		add("addresses", at.Id, d.voice.Say("field.address"), address(&at), d.voice.Say("use."+string(at.Use)))
	}
	for _, own := range customFields(c.CustomFields) {
		add("customFields."+own[0], "", own[0], own[1], "")
	}
	return facts
}

// words are who said what, by field and entry. An entry's parts speak for it.
func (d *desk) words(provenance []query.Provenance) map[string]string {
	said := map[string]string{}
	for _, p := range provenance {
		word := d.voice.Say("word.CONTACT", "Date", d.day(&p.At))
		if p.By == query.WordOfSource {
			word = d.voice.Say("word.SOURCE", "Source", textOf(p.Source), "Date", d.day(&p.At))
		}
		field, _, _ := strings.Cut(p.Field, "[")
		said[field+"|"+textOf(p.Item)] = word
	}
	return said
}

// address writes an address in one line.
func address(a *query.ContactAddress) string {
	return joinFilled(
		", ", joinFilled(" ", textOf(a.Street), textOf(a.HouseNumber)), textOf(a.Addition), joinFilled(" ", textOf(a.PostalCode), textOf(a.City)), textOf(a.Region), a.CountryCode,
	)
}

// customFields are the Company's own fields with their values, by key.
func customFields(data json.RawMessage) [][2]string {
	var values map[string]json.RawMessage
	if json.Unmarshal(data, &values) != nil {
		return nil
	}
	var fields [][2]string
	for key, value := range values {
		fields = append(fields, [2]string{key, plain(&value)})
	}
	slices.SortFunc(fields, func(a, b [2]string) int { return strings.Compare(a[0], b[0]) })
	return fields
}

// plain writes a JSON value for people: a text without quotation marks, an
// object's values one after the other.
func plain(data *json.RawMessage) string {
	if data == nil {
		return ""
	}
	var text string
	if json.Unmarshal(*data, &text) == nil {
		return text
	}
	var entry map[string]any
	if json.Unmarshal(*data, &entry) == nil {
		var parts []string
		for _, key := range []string{"address", "number", "street", "houseNumber", "addition", "postalCode", "city", "region", "countryCode"} {
			if s, found := entry[key].(string); found && s != "" {
				parts = append(parts, s)
			}
		}
		numbers, _ := entry["externalIds"].(map[string]any) // those of the other one of a merge
		for _, source := range slices.Sorted(maps.Keys(numbers)) {
			parts = append(parts, fmt.Sprint(source, " ", numbers[source]))
		}
		if len(parts) > 0 {
			return strings.Join(parts, " ")
		}
	}
	return string(*data)
}

func (d *desk) requestRow(q *query.ContactRequest) requestRow {
	row := requestRow{Status: d.voice.Say("request." + string(q.Status)), Sent: d.day(&q.CreatedAt), Answered: d.day(q.AnsweredAt), Code: q.CheckCode}
	if n := len(q.Deliveries); n > 0 {
		last := q.Deliveries[n-1]
		row.Way, row.Detail = d.voice.Say("channel."+string(last.Channel)), textOf(last.Detail)
	}
	row.Text = d.wording(q.Text)
	row.Messages = d.messageLinks(q.Messages)
	return row
}

// wording names the text that a Request goes by.
func (d *desk) wording(name *string) string {
	if name == nil {
		return d.voice.Say("request.text.default")
	}
	return d.voice.Say("request.text", "Name", *name)
}

// messageLinks lead to messages as they went out.
func (d *desk) messageLinks(messages []query.SentMessage) []link {
	var links []link
	for i := range messages {
		m := &messages[i]
		links = append(links, link{Label: d.voice.Say("message.of", "Date", d.moment(m.SentAt)), URL: d.root + "/messages/" + m.Id})
	}
	return links
}

func (d *desk) consentRow(c *query.ContactConsent) consentRow {
	row := consentRow{Title: c.Definition.Key, State: d.voice.Say("consent." + string(c.State)), When: d.day(&c.DecidedAt), Wording: c.Wording}
	for _, w := range c.Definition.Wordings {
		row.Title = w.Title
		if strings.HasPrefix(w.Locale, d.voice.Tag) {
			break
		}
	}
	if c.Channel != nil {
		row.Channel = d.voice.Say("channel." + string(*c.Channel))
	}
	if c.WithdrawnAt != nil {
		row.When = d.day(c.WithdrawnAt)
	}
	return row
}

func (d *desk) eventRow(e *query.ContactEvent) eventRow {
	row := eventRow{What: d.voice.Say("event." + string(e.Kind)), When: d.moment(e.OccurredAt), Note: textOf(e.Reason)}
	if e.Source != nil {
		row.Note = *e.Source
	}
	for _, c := range e.Changes {
		row.Changes = append(row.Changes, changeRow{d.fieldName(c.Field), plain(c.Before), plain(c.After)})
	}
	return row
}
