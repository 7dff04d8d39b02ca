package dashboard

import (
	"encoding/json"
	"net/http"
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
	MayStop              bool
	Facts                []fact
	Requests             []requestRow
	Consents             []consentRow
	Events               []eventRow
}

// A fact is one field with its value, and who said it.
type fact struct {
	Label, Value, Note, Word string
}

// A requestRow is one Request with its check code, by which a caller's "did you
// write to me?" is answered.
type requestRow struct {
	Status, Sent, Answered, Code, Way, Detail string
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
	data, err := query.Contact(r.Context(), d.api, r.PathValue("id"))
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
	p.MayStop = d.may(db.ContactsWrite)
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
	return send(w, r, http.StatusOK, contactView(p))
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

func address(a *query.ContactAddress) string {
	line := func(parts ...*string) string {
		var kept []string
		for _, p := range parts {
			if textOf(p) != "" {
				kept = append(kept, *p)
			}
		}
		return strings.Join(kept, " ")
	}
	var lines []string
	for _, l := range []string{line(a.Street, a.HouseNumber), line(a.Addition), line(a.PostalCode, a.City), line(a.Region), a.CountryCode} {
		if l != "" {
			lines = append(lines, l)
		}
	}
	return strings.Join(lines, ", ")
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
	return row
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
		row.Changes = append(row.Changes, changeRow{c.Field, plain(c.Before), plain(c.After)})
	}
	return row
}
