package dashboard

import (
	"errors"
	"net/http"

	"complero/db"
	"complero/frontend/dashboard/query"
)

// A lookupPage tells what a check code stands for, to whoever is asked "did you
// write to me?".
type lookupPage struct {
	deskFrame
	Form *form
	// Asked tells that a code was typed; Found is the Request, if it is one of ours.
	Asked bool
	Found *foundRequest
}

// A foundRequest is what may be told on the telephone.
type foundRequest struct {
	Name, Number, URL, To, Sent, By, Status, Answered, Code, Text string
	Ways                                                          []wayRow
	Messages                                                      []link
}

// A wayRow is one attempt to bring it.
type wayRow struct{ Way, Status, When, Detail string }

func (a *App) lookupRoutes() map[string]deskHandler {
	return map[string]deskHandler{"GET /app/{company}/lookup": a.showLookup}
}

func (a *App) showLookup(w http.ResponseWriter, r *http.Request, d *desk) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	if !d.may(db.RequestsRead) {
		return d.missing()
	}
	f := &form{Values: r.Form}
	p := &lookupPage{deskFrame: d.frame("lookup", d.voice.Say("lookup.title")), Form: f}
	code := f.optional("code")
	if code == nil {
		return send(w, r, http.StatusOK, lookupView(p))
	}
	data, err := query.LookUp(r.Context(), d.api, *code)
	var refused *apiError
	if errors.As(err, &refused) && refused.code == db.Invalid {
		f.Problems = []problem{{Field: "code", Text: d.voice.Say("lookup.nocode")}}
		return send(w, r, f.status(), lookupView(p))
	}
	if err != nil {
		return err
	}
	p.Asked = true
	if q := data.RequestByCheckCode; q != nil {
		p.Found = d.foundRequest(q)
	}
	return send(w, r, http.StatusOK, lookupView(p))
}

func (d *desk) foundRequest(q *query.FoundRequest) *foundRequest {
	f := &foundRequest{
		Name: q.Contact.DisplayName, Number: q.Contact.ExternalId, URL: d.root + "/contacts/" + q.Contact.Id,
		Status: d.voice.Say("request." + string(q.Status)), Answered: d.day(q.AnsweredAt), Code: q.CheckCode,
		By: d.tenant.Company.Name, Text: d.wording(q.Text), Messages: d.messageLinks(q.Messages),
	}
	if q.SentAt != nil {
		f.Sent = d.moment(*q.SentAt)
	}
	if q.Employee != nil {
		f.By = q.Employee.DisplayName + ", " + f.By
	}
	for _, e := range q.Contact.Emails {
		f.To = joinFilled(", ", f.To, e.Address)
	}
	for _, m := range q.Messages {
		f.To = m.To
	}
	for _, v := range q.Deliveries {
		f.Ways = append(f.Ways, wayRow{d.voice.Say("channel." + string(v.Channel)), d.voice.Say("delivery." + string(v.Status)), d.moment(v.At), textOf(v.Detail)})
	}
	return f
}
