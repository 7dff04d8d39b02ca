package dashboard

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"complero/db"
	"complero/frontend/dashboard/query"
)

// requestsPerPage is how many rows the list shows at a time.
const requestsPerPage = 50

// figureDays is the period of the list's figures where no day is chosen.
const figureDays = 30

// A requestsPage lists Requests.
type requestsPage struct {
	deskFrame
	Filter         *form
	Fields         []input
	Period         string
	Figures        []figure
	Total          string
	Requests       []requestLine
	Before, After  string
	Filtered, Asks bool
	// Where is the list's address without its filter.
	Where string
}

// A requestLine is one Request in the list.
type requestLine struct {
	URL, Name, Sub, Status, Reason, Way, Employee, Made, Answered, Tone string
}

func (a *App) requestsRoutes() map[string]deskHandler {
	return map[string]deskHandler{
		"GET /app/{company}/requests":              a.showRequests,
		"GET /app/{company}/requests/{id}":         a.showRequest,
		"GET /app/{company}/requests/{id}/cancel":  a.showCancel,
		"POST /app/{company}/requests/{id}/cancel": a.cancelRequest,
		"GET /app/{company}/requests/new":          a.showAsk,
		"POST /app/{company}/requests/new":         a.ask,
		"POST /app/{company}/requests/new/count":   a.countAsk,
		"POST /app/{company}/requests/new/check":   a.checkAsk,
		"GET /app/{company}/asking/{id}":           a.showAsking,
		"GET /app/{company}/asking/{id}/cancel":    a.showAskingCancel,
		"POST /app/{company}/asking/{id}/cancel":   a.cancelAsking,
	}
}

// requestStatuses are the states of Requests, on their way first.
var requestStatuses = []query.RequestStatus{
	query.RequestStatusPending, query.RequestStatusSent, query.RequestStatusDelivered, query.RequestStatusUpdated, query.RequestStatusConfirmed,
	query.RequestStatusDeclined, query.RequestStatusFailed, query.RequestStatusExpired, query.RequestStatusCancelled, query.RequestStatusSuppressed,
}

func (a *App) showRequests(w http.ResponseWriter, r *http.Request, d *desk) error {
	f := &form{Values: url.Values{}}
	for _, name := range []string{"status", "channel", "employee", "day"} {
		if value := r.FormValue(name); value != "" {
			f.Set(name, value)
		}
	}
	filter, period := d.requestFilter(f, a.store.Now())
	first, after, last, before := pageOf(r, requestsPerPage)
	data, err := query.Requests(r.Context(), d.api, first, after, last, before, filter, period, d.may(db.ReportRead))
	if err != nil {
		return err
	}
	p := &requestsPage{
		deskFrame: d.frame("requests", d.voice.Say("area.requests")), Filter: f, Fields: d.requestFields(data.Employees), Filtered: len(f.Values) > 0,
		Asks: d.may(db.RequestsWrite), Where: d.root + "/requests",
	}
	if n := data.Requests.TotalCount; n != nil {
		p.Total = d.voice.Say("contacts.total", "N", d.number(*n))
	}
	if d.may(db.ReportRead) {
		p.Period, p.Figures = d.voice.Say("requests.period", "Days", d.number(figureDays)), d.requestFigures(&data.Report)
		if day := f.Get("day"); day != "" && period.Since != nil {
			p.Period = d.voice.Say("requests.period.day")
		}
	}
	for i := range data.Requests.Nodes {
		p.Requests = append(p.Requests, d.requestLine(&data.Requests.Nodes[i]))
	}
	p.Before, p.After = beside(p.Where, f.Values, data.Requests.PageInfo)
	return send(w, r, http.StatusOK, requestsView(p))
}

// requestFilter is what a list is narrowed to, and the period of its figures.
// What is no such value is told beside its field and narrows nothing.
func (d *desk) requestFilter(f *form, now time.Time) (*query.RequestFilter, *query.ReportFilter) {
	filter, period := &query.RequestFilter{EmployeeExternalId: f.optional("employee")}, &query.ReportFilter{EmployeeExternalId: f.optional("employee")}
	if s := query.RequestStatus(f.Get("status")); slices.Contains(requestStatuses, s) {
		filter.Status = &s
	}
	if c := query.Channel(f.Get("channel")); slices.Contains(query.AllChannel, c) {
		filter.Channel = &c
	}
	zone := d.tenant.Company.Location()
	since := now.In(zone).AddDate(0, 0, 1-figureDays).Format(time.DateOnly)
	period.Since = &since
	if day, err := time.ParseInLocation(time.DateOnly, f.Get("day"), zone); err == nil {
		next := day.AddDate(0, 0, 1)
		filter.CreatedSince, filter.CreatedBefore = &day, &next
		only := day.Format(time.DateOnly)
		period.Since, period.Until = &only, &only
	} else if f.Get("day") != "" {
		f.Problems = append(f.Problems, problem{Field: "day", Text: d.voice.Say("problem.INVALID_DATE")})
	}
	return filter, period
}

// requestFields are what the list can be narrowed by.
func (d *desk) requestFields(employees query.EmployeeChoices) []input {
	status := []pick{{Label: d.voice.Say("requests.any.status")}}
	for _, s := range requestStatuses {
		status = append(status, pick{Value: string(s), Label: d.voice.Say("request." + string(s))})
	}
	channel := []pick{{Label: d.voice.Say("requests.any.channel")}}
	for _, c := range query.AllChannel {
		channel = append(channel, pick{Value: string(c), Label: d.voice.Say("channel." + string(c))})
	}
	fields := []input{
		{Name: "status", Label: d.voice.Say("contact.status"), Type: "select", Choices: status, Required: false},
		{Name: "channel", Label: d.voice.Say("contact.way"), Type: "select", Choices: channel},
		{Name: "day", Label: d.voice.Say("requests.day"), Type: "date"},
	}
	if i := d.employeeField("employee", employees); i != nil {
		fields = slices.Insert(fields, 2, *i)
	}
	return fields
}

// employeeField lets one Employee be chosen: from a list or, where there are
// too many for one, by the number. It is nil where there is none.
func (d *desk) employeeField(name string, employees query.EmployeeChoices) *input {
	i := &input{Name: name, Label: d.voice.Say("contacts.employee"), Type: "select", Choices: []pick{{Label: d.voice.Say("requests.any.employee")}}}
	switch {
	case len(employees.Nodes) == 0:
		return nil
	case employees.PageInfo.HasNextPage:
		return &input{Name: name, Label: i.Label, Hint: d.voice.Say("requests.employee.hint")}
	}
	for _, e := range employees.Nodes {
		i.Choices = append(i.Choices, pick{Value: e.ExternalId, Label: e.DisplayName})
	}
	slices.SortStableFunc(i.Choices[1:], func(a, b pick) int { return compareFold(a.Label, b.Label) })
	return i
}

func (d *desk) requestFigures(r *query.RequestFigures) []figure {
	of := func(key string, n int) figure { return figure{Label: d.voice.Say(key), Value: d.number(n)} }
	return []figure{
		of("overview.requests", r.Requests), of("requests.delivered", r.Delivered), of("overview.failed", r.Failed),
		of("overview.updated", r.Updated), of("overview.confirmed", r.Confirmed), of("requests.declined", r.Declined),
		{Label: d.voice.Say("overview.rate"), Value: d.share(r.ResponseRate)},
	}
}

func (d *desk) requestLine(q *query.RequestLine) requestLine {
	line := requestLine{
		URL: d.root + "/requests/" + q.Id, Name: q.Contact.DisplayName, Sub: q.Contact.ExternalId, Status: d.voice.Say("request." + string(q.Status)),
		Reason: d.reason(q.Reason), Made: d.day(&q.CreatedAt), Answered: d.day(q.AnsweredAt), Tone: tone(q.Status),
	}
	if line.Name == "" {
		line.Name, line.Sub = d.voice.Say("request.gone"), ""
	}
	if q.Channel != nil {
		line.Way = d.voice.Say("channel." + string(*q.Channel))
	}
	if q.Employee != nil {
		line.Employee = q.Employee.DisplayName
	}
	return line
}

// reason says why, for a stable word of the API; the word itself where we know no better.
func (d *desk) reason(word *string) string {
	if word == nil {
		return ""
	}
	if said := d.voice.Say("reason." + *word); said != "reason."+*word {
		return said
	}
	return *word
}

// tone is how a badge looks: welcome, unwelcome or neither.
func tone(s query.RequestStatus) string {
	switch s {
	case query.RequestStatusUpdated, query.RequestStatusConfirmed:
		return "good"
	case query.RequestStatusFailed:
		return "bad"
	}
	return ""
}
