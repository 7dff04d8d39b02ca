package report

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/Khan/genqlient/graphql"

	"complero/frontend/dashboard/query"
	"complero/frontend/locales"
)

// A Period is what a report tells of, and with what it compares; days are the
// Company's, YYYY-MM-DD, both included.
type Period struct {
	Since, Until string
	// Before and BeforeUntil are what to compare with; "" for the days right before.
	Before, BeforeUntil string
}

// Standard asks the API for the standard report on a Company and makes a Document of it.
func Standard(ctx context.Context, api graphql.Client, v *locales.Voice, company string, zone *time.Location, p Period) (*Document, error) {
	data, err := query.Report(ctx, api, p.Since, p.Until, optional(p.Before), optional(p.BeforeUntil))
	if err != nil {
		return nil, err
	}
	r := &data.Report
	d := &Document{
		Voice: v, Title: v.Say("report.title", "Company", company), Period: period(v, p.Since, p.Until),
		Empty: r.Contacts == 0 && r.Requests == 0,
	}
	if b := r.Previous; b != nil && b.Since != nil && b.Until != nil {
		d.Compared = v.Say("report.compared", "Period", period(v, *b.Since, *b.Until))
	}
	if r.AsOf != nil {
		at := r.AsOf.In(zone)
		d.Note = v.Say("report.asof", "Date", v.Date(at), "Time", at.Format("15:04"))
	}
	d.Sections = append(d.Sections, figures(v, r), answers(v, r, p))
	d.group("source", v, r.BySource, func(g *query.Group) string { return v.Say("source." + g.Key) })
	d.group("channel", v, r.ByChannel, func(g *query.Group) string { return v.Say("channel." + g.Key) })
	d.group("employee", v, r.ByEmployee, func(g *query.Group) string {
		if g.Label != nil {
			return *g.Label
		}
		return v.Say("report.former")
	})
	d.Sections = append(d.Sections, health(v, r)...)
	d.Sections = append(d.Sections, consents(v, r)...)
	d.Sections = append(d.Sections, coverage(v, r, zone)...)
	d.Sections = append(d.Sections, savings(v, r)...)
	return d, nil
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func period(v *locales.Voice, since, until string) string {
	if since == until {
		return day(v, since)
	}
	return v.Say("report.period", "Since", day(v, since), "Until", day(v, until))
}

// figures are the numbers at the top, with those of the period before.
func figures(v *locales.Voice, r *query.FullReport) *Section {
	b := r.Previous
	if b == nil {
		b = &query.PreviousReport{}
	}
	s := &Section{Key: "figures", Title: v.Say("section.figures"), Columns: []string{v.Say("column.figure"), v.Say("column.now"), v.Say("column.before")}}
	add := func(key string, now, before Cell) {
		if r.Previous == nil {
			before = none
		}
		s.Rows = append(s.Rows, Row{key, v.Say("figure." + key), []Cell{now, before}})
	}
	add("contacts", count(v, r.Contacts), none)
	add("requests", count(v, r.Requests), count(v, b.Requests))
	add("sent", count(v, r.Sent), count(v, b.Sent))
	add("suppressed", countIf(v, r.Suppressed), countIf(v, b.Suppressed))
	add("failed", count(v, r.Failed), count(v, b.Failed))
	add("deliveryRate", share(v, r.DeliveryRate), share(v, b.DeliveryRate))
	add("responseRate", share(v, r.ResponseRate), share(v, b.ResponseRate))
	add("updated", count(v, r.Updated), count(v, b.Updated))
	add("confirmed", count(v, r.Confirmed), count(v, b.Confirmed))
	add("updateRate", share(v, r.UpdateRate), share(v, b.UpdateRate))
	add("declined", count(v, r.Declined), count(v, b.Declined))
	add("medianHoursToAnswer", hours(v, r.MedianHoursToAnswer), hours(v, b.MedianHoursToAnswer))
	add("enquiries", count(v, r.Enquiries), count(v, b.Enquiries))
	return s
}

// mostDays is up to how long a period is drawn day by day; longer ones go by month.
const mostDays = 92

// answers are Requests and answers over time.
func answers(v *locales.Voice, r *query.FullReport, p Period) *Section {
	since, err1 := time.Parse(time.DateOnly, p.Since)
	until, err2 := time.Parse(time.DateOnly, p.Until)
	s := &Section{Key: "days", Title: v.Say("section.days"), Columns: []string{
		v.Say("column.day"), v.Say("figure.requests"), v.Say("figure.sent"), v.Say("figure.failed"),
		v.Say("figure.updated"), v.Say("figure.confirmed"), v.Say("figure.declined"),
	}}
	if err1 != nil || err2 != nil {
		return s
	}
	daily := until.Sub(since) < mostDays*24*time.Hour
	layout := time.DateOnly
	if !daily {
		layout = "2006-01"
	}
	sums := map[string]*query.ReportDay{}
	for _, d := range r.ByDay {
		key := d.Date[:len(layout)]
		if sums[key] == nil {
			sums[key] = &query.ReportDay{}
		}
		sum := sums[key]
		sum.Requests, sum.Sent, sum.Failed = sum.Requests+d.Requests, sum.Sent+d.Sent, sum.Failed+d.Failed
		sum.Updated, sum.Confirmed, sum.Declined = sum.Updated+d.Updated, sum.Confirmed+d.Confirmed, sum.Declined+d.Declined
	}
	chart := &Chart{Description: v.Say("chart.days", "Period", period(v, p.Since, p.Until)), Parts: []string{v.Say("figure.confirmed"), v.Say("figure.updated")}}
	for at := since; !at.After(until); {
		key, label := at.Format(layout), v.Date(at)
		next := at.AddDate(0, 0, 1)
		if !daily {
			label, next = v.Month(at.Month())+" "+strconv.Itoa(at.Year()), at.AddDate(0, 1, 1-at.Day())
		}
		sum := sums[key]
		if sum == nil {
			sum = &query.ReportDay{}
		} else {
			s.Rows = append(s.Rows, Row{key, label, []Cell{
				count(v, sum.Requests), count(v, sum.Sent), count(v, sum.Failed), count(v, sum.Updated), count(v, sum.Confirmed), count(v, sum.Declined),
			}})
		}
		chart.Points = append(chart.Points, Point{label, []float64{float64(sum.Confirmed), float64(sum.Updated)}})
		at = next
	}
	s.Chart = chart
	return s
}

// group adds a section on Requests that have something in common.
func (d *Document) group(key string, v *locales.Voice, groups []query.Group, name func(*query.Group) string) {
	if len(groups) == 0 {
		return
	}
	s := &Section{Key: key, Title: v.Say("section." + key), Columns: []string{
		v.Say("column." + key), v.Say("figure.sent"), v.Say("figure.failed"), v.Say("figure.updated"), v.Say("figure.confirmed"), v.Say("figure.responseRate"),
	}}
	chart := &Chart{Kind: Across, Description: v.Say("chart.rate"), Parts: []string{v.Say("figure.responseRate")}}
	for i := range groups {
		g := &groups[i]
		label, rate := name(g), 0.0
		if g.ResponseRate != nil {
			rate = *g.ResponseRate
		}
		s.Rows = append(s.Rows, Row{g.Key, label, []Cell{
			count(v, g.Sent), count(v, g.Failed), count(v, g.Updated), count(v, g.Confirmed), share(v, g.ResponseRate),
		}})
		if i < 12 {
			chart.Points = append(chart.Points, Point{label, []float64{rate}})
		}
	}
	if len(groups) > 1 {
		s.Chart = chart
	}
	d.Sections = append(d.Sections, s)
}

// health is what went wrong on the Channels.
func health(v *locales.Voice, r *query.FullReport) []*Section {
	if len(r.ByChannel) == 0 {
		return nil
	}
	s := &Section{Key: "health", Title: v.Say("section.health"), Columns: []string{
		v.Say("column.channel"), v.Say("figure.deliveryRate"), v.Say("health.bounced"), v.Say("health.stopped"), v.Say("health.disowned"), v.Say("figure.suppressed"),
	}}
	if c := r.Coverage; c != nil {
		s.Note = v.Say("health.mailable", "N", Number(v, c.Mailable), "Failing", Number(v, c.Failing), "Stopped", Number(v, c.Stopped))
	}
	for i := range r.ByChannel {
		g := &r.ByChannel[i]
		s.Rows = append(s.Rows, Row{g.Key, v.Say("channel." + g.Key), []Cell{
			share(v, g.DeliveryRate), count(v, g.Bounced), count(v, g.Stopped), count(v, g.Disowned), count(v, g.Suppressed),
		}})
	}
	return []*Section{s}
}

func consents(v *locales.Voice, r *query.FullReport) []*Section {
	if len(r.Consents) == 0 {
		return nil
	}
	s := &Section{Key: "consents", Title: v.Say("section.consents"), Columns: []string{
		v.Say("column.consent"), v.Say("consent.granted"), v.Say("consent.declined"), v.Say("consent.withdrawn"), v.Say("consent.expired"), v.Say("consent.net"),
	}}
	for _, c := range r.Consents {
		s.Rows = append(s.Rows, Row{c.Key, c.Title, []Cell{
			count(v, c.Granted), count(v, c.Declined), count(v, c.Withdrawn), count(v, c.Expired), count(v, c.Net),
		}})
	}
	return []*Section{s}
}

// coverage is what is on file, field by field, by age.
func coverage(v *locales.Voice, r *query.FullReport, zone *time.Location) []*Section {
	c := r.Coverage
	if c == nil || c.Contacts == 0 || len(c.Fields) == 0 {
		return nil
	}
	at := c.AsOf.In(zone)
	s := &Section{
		Key: "coverage", Title: v.Say("section.coverage"),
		Note:    v.Say("coverage.note", "N", Number(v, c.Contacts), "Date", v.Date(at), "Time", at.Format("15:04")),
		Columns: []string{v.Say("column.field"), v.Say("coverage.filled"), v.Say("coverage.share"), v.Say("coverage.confirmed")},
	}
	chart := &Chart{Kind: Across, Description: v.Say("chart.coverage")}
	for _, age := range c.Fields[0].Ages {
		label := v.Say("coverage.older", "N", strconv.Itoa(age.FromMonths))
		if age.ToMonths != nil {
			label = v.Say("coverage.within", "N", strconv.Itoa(*age.ToMonths))
		}
		s.Columns, chart.Parts = append(s.Columns, label), append(chart.Parts, label)
	}
	s.Columns = append(s.Columns, v.Say("coverage.unknown"))
	for _, f := range c.Fields {
		label := fieldName(v, f.Field)
		row := Row{f.Field, label, []Cell{count(v, f.Filled), share(v, f.Share), count(v, f.Confirmed)}}
		point := Point{Label: label}
		for _, age := range f.Ages {
			row.Cells = append(row.Cells, count(v, age.Contacts))
			point.Values = append(point.Values, float64(age.Contacts)/float64(c.Contacts))
		}
		row.Cells = append(row.Cells, count(v, f.Unknown))
		s.Rows, chart.Points = append(s.Rows, row), append(chart.Points, point)
	}
	s.Chart = chart
	return []*Section{s}
}

// fieldName is what people call a field; the Company's own go by their keys.
func fieldName(v *locales.Voice, field string) string {
	if key := "field." + field; v.Say(key) != key {
		return v.Say(key)
	}
	const own = "customFields."
	if len(field) > len(own) && field[:len(own)] == own {
		return field[len(own):]
	}
	return field
}

// savings are the letters that need not come back.
func savings(v *locales.Voice, r *query.FullReport) []*Section {
	if r.Savings == nil {
		return nil
	}
	s := &Section{
		Key: "savings", Title: v.Say("section.savings"), Note: v.Say("savings.note"),
		Columns: []string{v.Say("column.figure"), v.Say("column.now")},
		Rows:    []Row{{"letters", v.Say("savings.letters"), []Cell{count(v, r.Savings.Letters)}}},
	}
	if p := r.Savings.Price; p != nil {
		s.Rows = append(s.Rows, Row{"letterPrice", v.Say("savings.price"), []Cell{money(v, p.Amount, p.Currency)}})
		if r.Savings.Amount != nil {
			s.Rows = append(s.Rows, Row{"amount", v.Say("savings.amount"), []Cell{money(v, *r.Savings.Amount, p.Currency)}})
		}
	}
	return []*Section{s}
}

// Table is the document as one table, for files of rows: each value with where
// it stands, or a single section as it is.
func (d *Document) Table() (columns []string, rows [][]string) {
	if len(d.Sections) == 1 {
		s := d.Sections[0]
		for _, r := range s.Rows {
			row := []string{r.Label}
			for _, c := range r.Cells {
				row = append(row, c.Raw)
			}
			rows = append(rows, row)
		}
		return s.Columns, rows
	}
	for _, s := range d.Sections {
		for _, r := range s.Rows {
			for i, c := range r.Cells {
				rows = append(rows, []string{s.Title, r.Key, r.Label, fmt.Sprint(s.Columns[i+1]), c.Raw})
			}
		}
	}
	return []string{d.Say("column.section"), d.Say("column.key"), d.Say("column.name"), d.Say("column.figure"), d.Say("column.value")}, rows
}
