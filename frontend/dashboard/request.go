package dashboard

import (
	"net/http"
	"slices"
	"strings"

	"complero/db"
	"complero/frontend/dashboard/query"
)

// A requestPage shows one Request: how far it is, how it was brought, and what
// came of it.
type requestPage struct {
	deskFrame
	Status, Tone, Reason string
	Contact, ContactURL  string
	Facts                []said
	Deliveries           []deliveryLine
	Events               []requestEvent
	// Cancel is where it can be ended; "" where it cannot.
	Cancel string
	// Told says that what happened may be seen.
	Told bool
}

// A deliveryLine is one attempt to bring a Request to its Contact.
type deliveryLine struct{ Way, Status, When, Detail, Tone string }

// A requestEvent is something that came of a Request.
type requestEvent struct {
	What, When, Note string
	Changes          []requestChange
}

type requestChange struct{ Field, Before, After string }

func (a *App) showRequest(w http.ResponseWriter, r *http.Request, d *desk) error {
	q, err := d.requestNamed(r)
	if err != nil {
		return err
	}
	p := &requestPage{
		deskFrame: d.frame("requests", d.voice.Say("request.title", "Name", q.Contact.DisplayName)), Contact: q.Contact.DisplayName,
		Status: d.voice.Say("request." + string(q.Status)), Tone: tone(q.Status), Reason: d.reason(q.Reason), Told: d.may(db.EventsRead),
		Facts: d.requestFacts(q),
	}
	if q.Contact.DisplayName == "" {
		p.Title = d.voice.Say("request.gone.title")
	} else {
		p.ContactURL = d.root + "/contacts/" + q.Contact.Id
	}
	for _, at := range q.Deliveries {
		line := deliveryLine{
			Way: d.voice.Say("channel." + string(at.Channel)), Status: d.voice.Say("delivery." + string(at.Status)), When: d.moment(at.At), Detail: textOf(at.Detail),
		}
		if at.Status == query.DeliveryStatusFailed {
			line.Tone = "bad"
		}
		p.Deliveries = append(p.Deliveries, line)
	}
	if d.may(db.RequestsWrite) && unanswered(q.Status) {
		p.Cancel = d.root + "/requests/" + q.Id + "/cancel"
	}
	if p.Told {
		if p.Events, err = d.requestEvents(r, q); err != nil {
			return err
		}
	}
	return send(w, r, http.StatusOK, requestView(p))
}

// requestNamed is the Request that a page's address names.
func (d *desk) requestNamed(r *http.Request) (*query.RequestDetail, error) {
	data, err := query.Request(r.Context(), d.api, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	if data.Request == nil {
		return nil, d.missing()
	}
	return data.Request, nil
}

// unanswered reports whether a Request can still be ended.
func unanswered(s query.RequestStatus) bool {
	return s == query.RequestStatusPending || s == query.RequestStatusSent || s == query.RequestStatusDelivered
}

// requestFacts are what is known of a Request, in the order in which people ask.
func (d *desk) requestFacts(q *query.RequestDetail) []said {
	var facts []said
	add := func(key, value string) {
		if value != "" {
			facts = append(facts, said{d.voice.Say(key), value})
		}
	}
	var asks []string
	for _, part := range q.Ask {
		asks = append(asks, d.voice.Say("ask."+string(part)))
	}
	add("request.asks", strings.Join(asks, ", "))
	if q.Employee != nil {
		add("request.by", q.Employee.DisplayName)
	}
	add("request.source", d.voice.Say("request.source."+string(q.Source)))
	add("request.text.title", textOf(q.Text))
	add("request.made", d.moment(q.CreatedAt))
	if q.SentAt != nil {
		add("request.sent", d.moment(*q.SentAt))
	}
	if q.AnsweredAt != nil {
		add("contact.answered", d.moment(*q.AnsweredAt))
	}
	add("request.expires", d.moment(q.ExpiresAt))
	add("contact.code", q.CheckCode)
	return facts
}

// requestEvents are what came of a Request, oldest first.
func (d *desk) requestEvents(r *http.Request, q *query.RequestDetail) ([]requestEvent, error) {
	data, err := query.RequestEvents(r.Context(), d.api, q.Contact.Id, q.CreatedAt)
	if err != nil || data.Contact == nil {
		return nil, err
	}
	var rows []requestEvent
	for _, e := range data.Contact.Events.Nodes {
		if e.Request == nil || e.Request.Id != q.Id {
			continue
		}
		row := requestEvent{What: d.voice.Say("event." + string(e.Kind)), When: d.moment(e.OccurredAt), Note: d.reason(e.Reason)}
		for _, c := range e.Changes {
			row.Changes = append(row.Changes, requestChange{d.fieldNamed(c.Field), plain(c.Before), plain(c.After)})
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// fieldNamed is how people call a field that the API names by its path.
func (d *desk) fieldNamed(path string) string {
	field, _, _ := strings.Cut(path, "[")
	if one, list := map[string]string{"emails": "email", "phones": "phone", "addresses": "address"}[field]; list {
		field = one
	}
	if said := d.voice.Say("field." + field); said != "field."+field {
		return said
	}
	return strings.TrimPrefix(path, "customFields.")
}

func (a *App) showCancel(w http.ResponseWriter, r *http.Request, d *desk) error {
	if !d.may(db.RequestsWrite) {
		return d.missing()
	}
	q, err := d.requestNamed(r)
	if err != nil {
		return err
	}
	return d.cancelPage(w, r, q, "")
}

func (d *desk) cancelPage(w http.ResponseWriter, r *http.Request, q *query.RequestDetail, refused string) error {
	p := &confirmation{
		deskFrame: d.frame("requests", d.voice.Say("request.cancel.title", "Name", q.Contact.DisplayName)),
		Do:        d.voice.Say("request.cancel.do"), Action: d.root + "/requests/" + q.Id + "/cancel", Hidden: filled(),
		Back: d.root + "/requests/" + q.Id, Problem: refused,
	}
	key := "request.cancel.sent"
	if q.SentAt == nil {
		key = "request.cancel.pending"
	}
	p.Consequences = []string{d.voice.Say(key), d.voice.Say("request.cancel.stays")}
	return d.confirm(w, r, p)
}

func (a *App) cancelRequest(w http.ResponseWriter, r *http.Request, d *desk) error {
	data, err := query.RequestCancel(r.Context(), d.api, r.PathValue("id"))
	if err != nil {
		return err
	}
	wrong := data.RequestCancel.UserErrors
	if len(wrong) == 0 {
		return done(w, r, d.root+"/requests/"+r.PathValue("id"), "requestCancelled")
	}
	if slices.ContainsFunc(wrong, func(p query.Problem) bool { return p.Code == query.ErrorCodeNotFound }) {
		return d.missing()
	}
	q, err := d.requestNamed(r)
	if err != nil {
		return err
	}
	return d.cancelPage(w, r, q, d.voice.Say("request.cancel.late", "Status", d.voice.Say("request."+string(q.Status))))
}
