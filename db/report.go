package db

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// figures are the report's counters of one day, or the change to them.
type figures struct {
	Requests, Sent, Delivered, Failed, Updated, Confirmed, Declined, Answered, Enquiries int
}

// tally collects what a transaction changes in the report.
type tally struct {
	days     map[dayOf]*figures
	contacts map[string]int
}

// dayOf names a row of the report: an Employee's day, or the whole Company's
// where employee is "".
type dayOf struct{ employee, day string }

// count returns the figures of a moment's day to add to. Each change counts for the
// Company and, if there is one, for the Employee in whose name the Request was made.
func (x *tx) count(employee string, at time.Time, change func(*figures)) {
	if x.report.days == nil {
		x.report.days = map[dayOf]*figures{}
	}
	day := x.day(at)
	for _, e := range everyoneAnd(employee) {
		key := dayOf{e, day}
		if x.report.days[key] == nil {
			x.report.days[key] = new(figures)
		}
		change(x.report.days[key])
	}
}

// day is the Company's date at a moment. Zones are kept: reading one takes
// longer than most statements.
func (x *tx) day(at time.Time) string {
	name := x.tenant.Company.Timezone
	zone, known := x.store.zones.Load(name)
	if !known {
		zone, _ = x.store.zones.LoadOrStore(name, x.tenant.Company.Location())
	}
	return at.In(zone.(*time.Location)).Format(time.DateOnly)
}

// countContacts changes how many Contacts an Employee, and the Company, has.
func (x *tx) countContacts(employee string, n int) {
	if x.report.contacts == nil {
		x.report.contacts = map[string]int{}
	}
	for _, e := range everyoneAnd(employee) {
		x.report.contacts[e] += n
	}
}

// moveContact counts a Contact that goes from one Employee to another.
func (x *tx) moveContact(from, to string) {
	x.countContacts(from, -1)
	x.countContacts(to, 1)
}

func everyoneAnd(employee string) []string {
	if employee == "" {
		return []string{""}
	}
	return []string{"", employee}
}

var (
	addDays = insertBulk("report_day", column{"employee_id", texts}, column{"day", texts},
		column{"requests", ints}, column{"sent", ints}, column{"delivered", ints}, column{"failed", ints},
		column{"updated", ints}, column{"confirmed", ints}, column{"declined", ints}, column{"answered", ints},
		column{"enquiries", ints},
	).suffix(`ON CONFLICT (company_id, mode, employee_id, day) DO UPDATE SET
		requests = report_day.requests + excluded.requests, sent = report_day.sent + excluded.sent,
		delivered = report_day.delivered + excluded.delivered, failed = report_day.failed + excluded.failed,
		updated = report_day.updated + excluded.updated, confirmed = report_day.confirmed + excluded.confirmed,
		declined = report_day.declined + excluded.declined, answered = report_day.answered + excluded.answered,
		enquiries = report_day.enquiries + excluded.enquiries`)
	addTotals = insertBulk("report_total", column{"employee_id", texts}, column{"contacts", ints}).
			suffix("ON CONFLICT (company_id, mode, employee_id) DO UPDATE SET contacts = report_total.contacts + excluded.contacts")
)

// writeReport adds the tally to the report's rows.
func (x *tx) writeReport(ctx context.Context) error {
	days, totals := x.reportRows()
	if err := x.writeAll(ctx, addDays, days); err != nil {
		return fmt.Errorf("keep the report: %w", err)
	}
	if err := x.writeAll(ctx, addTotals, totals); err != nil {
		return fmt.Errorf("keep the report: %w", err)
	}
	return nil
}

// reportRows are the tally as rows, sorted so that two transactions take them
// in one order.
func (x *tx) reportRows() (days, totals [][]any) {
	order := func(a, b dayOf) int { return strings.Compare(a.employee+a.day, b.employee+b.day) }
	for _, d := range slices.SortedFunc(maps.Keys(x.report.days), order) {
		if f := x.report.days[d]; *f != (figures{}) {
			days = append(days, []any{
				d.employee, d.day, int64(f.Requests), int64(f.Sent), int64(f.Delivered), int64(f.Failed),
				int64(f.Updated), int64(f.Confirmed), int64(f.Declined), int64(f.Answered), int64(f.Enquiries),
			})
		}
	}
	for _, e := range slices.Sorted(maps.Keys(x.report.contacts)) {
		if n := x.report.contacts[e]; n != 0 {
			totals = append(totals, []any{e, int64(n)})
		}
	}
	return days, totals
}

// ReportFilter narrows a Report to days of the Company, both included, and to
// the Requests made in one Employee's name.
type ReportFilter struct {
	Since, Until       *Date
	EmployeeExternalID *string
}

// Report tells what came of the Requests in a period.
type Report struct {
	// Since and Until are the period's ends, where it has them.
	Since, Until *Date
	// Contacts is how many there are now.
	Contacts  int
	Requests  int
	Sent      int
	Delivered int
	Failed    int
	Updated   int
	Confirmed int
	Declined  int
	// Answered is how many of the Requests sent in the period have been answered
	// by Update or Confirm up to now.
	Answered int
	// Enquiries is how many questions Contacts wrote from their pages.
	Enquiries int
	ByDay     []*ReportDay

	// of are those whose figures these are, one or more; filter is what was asked.
	of     []*Tenant
	filter ReportFilter
	read   *reportRead
}

// ReportDay is one day of a Report.
type ReportDay struct {
	Date      Date
	Requests  int
	Sent      int
	Delivered int
	Failed    int
	Updated   int
	Confirmed int
	Declined  int
}

// ResponseRate is the share, 0..1, of the Requests sent in the period that
// have been answered by Update or Confirm up to now; nil without any sent.
func (r *Report) ResponseRate() *float64 { return rate(r.Answered, r.Sent) }

// UpdateRate is the share, 0..1, of the answers that changed something; nil without any.
func (r *Report) UpdateRate() *float64 { return rate(r.Updated, r.Updated+r.Confirmed) }

// rate is a share; nil of nothing.
func rate(part, of int) *float64 {
	if of <= 0 {
		return nil
	}
	return ptr(min(1, max(0, float64(part)/float64(of))))
}

// Report reads the counters that are kept with the events.
func (t *Tenant) Report(ctx context.Context, f ReportFilter) (*Report, error) {
	if err := t.check(ReportRead); err != nil {
		return nil, err
	}
	if f.Since != nil && f.Until != nil && *f.Until < *f.Since {
		return nil, fail(Invalid, "until", "the period ends (%s) before it begins (%s)", *f.Until, *f.Since)
	}
	r := &Report{Since: f.Since, Until: f.Until, ByDay: []*ReportDay{}, of: []*Tenant{t}, filter: f, read: new(reportRead)}
	employee := ""
	if f.EmployeeExternalID != nil {
		e, err := t.Employee(ctx, nil, f.EmployeeExternalID)
		if err != nil {
			return nil, err
		}
		if e == nil {
			return r, nil
		}
		employee = e.ID
	}
	b := t.bound()
	employee = cmp.Or(employee, b.employee)
	if b.source != "" && employee == "" {
		return r, t.ownReport(ctx, r, b.source, f)
	}
	rows, err := t.read(ctx, "SELECT contacts FROM report_total WHERE company_id = $1 AND mode = $2 AND employee_id = $3",
		t.Company.Key, t.Mode, employee)
	if err := scanRows(rows, err, func(row rowScanner) error { return row.Scan(&r.Contacts) }); err != nil {
		return nil, fmt.Errorf("read report: %w", err)
	}
	return r, t.readDays(ctx, r, "employee_id = $5", employee, f)
}

// ownReport is that of a Viewer who is bound to a Source: how many Contacts it
// knows, and the Requests made in the names of its Employees.
func (t *Tenant) ownReport(ctx context.Context, r *Report, own string, f ReportFilter) error {
	rows, err := t.read(ctx, "SELECT count(DISTINCT contact_id) FROM contact_key WHERE company_id = $1 AND mode = $2 AND source = $3", t.Company.Key, t.Mode, own)
	if err := scanRows(rows, err, func(row rowScanner) error { return row.Scan(&r.Contacts) }); err != nil {
		return fmt.Errorf("count Contacts: %w", err)
	}
	return t.readDays(ctx, r, "employee_id IN (SELECT id FROM employee WHERE company_id = $1 AND mode = $2 AND source = $5)", own, f)
}

// readDays adds up the days of the rows that a condition on $5, whose, names.
func (t *Tenant) readDays(ctx context.Context, r *Report, condition, whose string, f ReportFilter) error {
	since, until := f.bounds()
	rows, err := t.read(ctx, `SELECT day, sum(requests), sum(sent), sum(delivered), sum(failed), sum(updated), sum(confirmed), sum(declined), sum(answered), sum(enquiries)
		FROM report_day WHERE company_id = $1 AND mode = $2 AND day >= $3 AND day <= $4 AND `+condition+" GROUP BY day ORDER BY day",
		t.Company.Key, t.Mode, since, until, whose)
	err = scanRows(rows, err, func(row rowScanner) error {
		var day string
		var d figures
		err := row.Scan(&day, &d.Requests, &d.Sent, &d.Delivered, &d.Failed, &d.Updated, &d.Confirmed, &d.Declined, &d.Answered, &d.Enquiries)
		r.Requests += d.Requests
		r.Delivered += d.Delivered
		r.Failed += d.Failed
		r.Updated += d.Updated
		r.Confirmed += d.Confirmed
		r.Declined += d.Declined
		r.Enquiries += d.Enquiries
		r.Sent += d.Sent
		r.Answered += d.Answered
		r.ByDay = append(r.ByDay, &ReportDay{
			Date: Date(day), Requests: d.Requests, Sent: d.Sent, Delivered: d.Delivered, Failed: d.Failed,
			Updated: d.Updated, Confirmed: d.Confirmed, Declined: d.Declined,
		})
		return err
	})
	if err != nil {
		return fmt.Errorf("read report: %w", err)
	}
	return nil
}
