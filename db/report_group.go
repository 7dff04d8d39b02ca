package db

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

// reportRead is what a Report has read beside its own figures, each at most
// once: the API asks for fields side by side.
type reportRead struct {
	mu    sync.Mutex
	areas map[int64][]map[sumKey]*sums // by area, of each Tenant
}

// whole are the Tenants whose whole Company the Report is about: figures beyond
// those of its Requests are none of an agency's or Employee's matters.
func (r *Report) whole() []*Tenant {
	if r.filter.EmployeeExternalID != nil {
		return nil
	}
	var all []*Tenant
	for _, t := range r.of {
		if t.bound().none() {
			all = append(all, t)
		}
	}
	return all
}

// sums reads an area of those Tenants, in their order.
func (r *Report) sums(ctx context.Context, area int64, of []*Tenant) ([]map[sumKey]*sums, error) {
	r.read.mu.Lock()
	defer r.read.mu.Unlock()
	if known := r.read.areas[area]; known != nil {
		return known, nil
	}
	read := make([]map[sumKey]*sums, len(of))
	for i, t := range of {
		var err error
		if read[i], err = t.readSums(ctx, area, r.filter); err != nil {
			return nil, err
		}
	}
	if r.read.areas == nil {
		r.read.areas = map[int64][]map[sumKey]*sums{}
	}
	r.read.areas[area] = read
	return read, nil
}

// total adds a dimension up over all Tenants.
func (r *Report) total(ctx context.Context, d dimension) (map[sumKey]*sums, error) {
	all, err := r.sums(ctx, d.area(), r.whole())
	found := map[sumKey]*sums{}
	for _, one := range all {
		for k, s := range one {
			if k.dimension != d {
				continue
			}
			if found[k] == nil {
				found[k] = new(sums)
			}
			found[k].add(s)
		}
	}
	return found, err
}

// A ReportGroup is what came of the Requests that have something in common.
type ReportGroup struct {
	// Key is what: MANUAL, EMAIL, an Employee's externalId.
	Key string
	// Label names it to people; nil where the key is a word of the API.
	Label *string

	sums
}

// ResponseRate is the share, 0..1, of the Requests sent in the period that
// have been answered; nil without any sent.
func (g *ReportGroup) ResponseRate() *float64 { return rate(g.Answered, g.Sent) }

// DeliveryRate is the share, 0..1, of the Requests tried that did not fail.
func (g *ReportGroup) DeliveryRate() *float64 { return g.deliveryRate() }

// deliveryRate is of those that were sent or failed; one that failed after it
// was sent is among both.
func (s *sums) deliveryRate() *float64 { return rate(s.Sent-s.Returned, s.Sent+s.Failed-s.Returned) }

// BySource groups by what started the Requests.
func (r *Report) BySource(ctx context.Context) ([]*ReportGroup, error) {
	return r.groups(ctx, bySource)
}

// ByChannel groups by the Channel that the Requests went by.
func (r *Report) ByChannel(ctx context.Context) ([]*ReportGroup, error) {
	return r.groups(ctx, byChannel)
}

func (r *Report) groups(ctx context.Context, d dimension) ([]*ReportGroup, error) {
	found, err := r.total(ctx, d)
	groups := []*ReportGroup{}
	for k, s := range found {
		groups = append(groups, &ReportGroup{Key: k.key, sums: *s})
	}
	sortGroups(groups)
	return groups, err
}

// sortGroups puts the one with the most Requests first.
func sortGroups(groups []*ReportGroup) {
	slices.SortFunc(groups, func(a, b *ReportGroup) int {
		return cmp.Or(cmp.Compare(b.Sent+b.Failed, a.Sent+a.Failed), cmp.Compare(a.Key, b.Key))
	})
}

// maxReported is how many Employees a Report lists at most.
const maxReported = 1000

// ByEmployee groups by the Employee in whose name the Requests were made: the
// first by how many these were, 50 for nil. A Viewer who is bound sees their own.
func (r *Report) ByEmployee(ctx context.Context, first *int) ([]*ReportGroup, error) {
	most := *cmp.Or(first, ptr(50))
	if most < 1 || most > maxReported {
		return nil, fail(BadPageSize, "first", "first is %d; ask for 1 to %d Employees", most, maxReported)
	}
	if r.filter.EmployeeExternalID != nil {
		return []*ReportGroup{}, nil
	}
	all, err := r.sums(ctx, byEmployee.area(), r.of)
	if err != nil {
		return nil, err
	}
	groups := []*ReportGroup{}
	for i, t := range r.of {
		own := make([]*ReportGroup, 0, len(all[i]))
		for k, s := range all[i] {
			own = append(own, &ReportGroup{Key: k.key, sums: *s})
		}
		sortGroups(own)
		if t.bound().none() {
			own = own[:min(most, len(own))] // those of others are not left out yet
		}
		if own, err = t.nameEmployees(ctx, own); err != nil {
			return nil, err
		}
		groups = append(groups, own...)
	}
	sortGroups(groups)
	return groups[:min(most, len(groups))], nil
}

// nameEmployees gives groups their Employees' externalIds and names, and leaves
// out those whom the Viewer may not see. One who is no longer there keeps the id.
func (t *Tenant) nameEmployees(ctx context.Context, groups []*ReportGroup) ([]*ReportGroup, error) {
	ids := make([]string, len(groups))
	for i, g := range groups {
		ids[i] = g.Key
	}
	found, err := t.employeesBy(ctx, "id", ids)
	if err != nil {
		return nil, err
	}
	kept := groups[:0]
	for _, g := range groups {
		e := found[g.Key]
		if e == nil && !t.bound().none() || e != nil && !t.employs(e) {
			continue
		}
		if e != nil {
			g.Key, g.Label = e.ExternalID, &e.DisplayName
		}
		kept = append(kept, g)
	}
	return kept, nil
}

// Suppressed is how many Requests were not sent, as there was no address or the
// Contact wants none; nil where that is none of the Viewer's matters.
func (r *Report) Suppressed(ctx context.Context) (*int, error) {
	return r.one(ctx, func(s *sums) int { return s.Suppressed })
}

// one is a figure of all Requests.
func (r *Report) one(ctx context.Context, figure func(*sums) int) (*int, error) {
	if len(r.whole()) == 0 {
		return nil, nil
	}
	found, err := r.total(ctx, byTotal)
	if err != nil {
		return nil, err
	}
	return ptr(figure(cmp.Or(found[sumKey{dimension: byTotal}], new(sums)))), nil
}

// DeliveryRate is the share, 0..1, of the Requests tried that did not fail; nil
// without any, and where that is none of the Viewer's matters.
func (r *Report) DeliveryRate(ctx context.Context) (*float64, error) {
	found, err := r.total(ctx, byTotal)
	return cmp.Or(found[sumKey{dimension: byTotal}], new(sums)).deliveryRate(), err
}

// MedianHoursToAnswer is the median time from a Request's sending to its first
// answer, of the answers of the period, within 5 %; nil without any.
func (r *Report) MedianHoursToAnswer(ctx context.Context) (*float64, error) {
	found, err := r.total(ctx, byAnswerTime)
	if err != nil {
		return nil, err
	}
	minutes := medianMinutes(found)
	if minutes == nil {
		return nil, nil
	}
	return ptr(*minutes / 60), nil
}

// AsOf is up to when events are counted in what is told by Source, Channel,
// Employee and opt-in; nil where nothing has been counted yet.
func (r *Report) AsOf(ctx context.Context) (*time.Time, error) {
	var at *time.Time
	for _, t := range r.of {
		var mark, last int64
		var of time.Time
		rows, err := t.read(ctx, `SELECT m.number, c.last_number, m.at FROM report_mark AS m
			JOIN event_counter AS c ON c.company_id = m.company_id AND c.mode = m.mode WHERE m.company_id = $1 AND m.mode = $2`, t.Company.Key, t.Mode)
		err = scanRows(rows, err, func(row rowScanner) error { return row.Scan(&mark, &last, &of) })
		if err != nil {
			return nil, fmt.Errorf("read how far the report is: %w", err)
		}
		if last == 0 {
			return nil, nil
		}
		if mark == last {
			of = t.store.now()
		}
		if at == nil || of.Before(*at) {
			at = &of
		}
	}
	return at, nil
}

// A ReportConsent is what Contacts said to one opt-in.
type ReportConsent struct {
	// Key is the definition's, Title what it is called to Contacts.
	Key, Title                            string
	Granted, Declined, Withdrawn, Expired int
}

// Net is how many Consents were won, less those that were lost.
func (c *ReportConsent) Net() int { return c.Granted - c.Withdrawn - c.Expired }

// Consents tells of each opt-in what was won and lost in the period, by key.
func (r *Report) Consents(ctx context.Context) ([]*ReportConsent, error) {
	of := r.whole()
	all, err := r.sums(ctx, byDefinition.area(), of)
	if err != nil {
		return nil, err
	}
	byKey := map[string]*ReportConsent{}
	list := []*ReportConsent{}
	for i, t := range of {
		definitions, err := t.consentDefinitions(ctx, t.store.read.DB, "true")
		if err != nil {
			return nil, err
		}
		for _, d := range definitions {
			s := all[i][sumKey{byDefinition, d.ID}]
			if s == nil && !d.Active {
				continue
			}
			c := byKey[d.Key]
			if c == nil {
				c = &ReportConsent{Key: d.Key, Title: d.Key}
				if w := d.WordingFor(t.Company.Locale); w != nil {
					c.Title = w.Title
				}
				byKey[d.Key], list = c, append(list, c)
			}
			if s != nil {
				c.Granted, c.Declined = c.Granted+s.Granted, c.Declined+s.Declined
				c.Withdrawn, c.Expired = c.Withdrawn+s.Withdrawn, c.Expired+s.Expired
			}
		}
	}
	slices.SortFunc(list, func(a, b *ReportConsent) int { return cmp.Compare(a.Key, b.Key) })
	return list, nil
}

// Previous is the report on the period before, of the same length, or on the
// one that is given; nil where the period has no beginning.
func (r *Report) Previous(ctx context.Context, since, until *Date) (*Report, error) {
	f := r.filter
	if since == nil && until == nil {
		if f.Since == nil {
			return nil, nil
		}
		last := Date(r.of[0].store.now().In(r.of[0].Company.Location()).Format(time.DateOnly))
		if f.Until != nil {
			last = *f.Until
		}
		before := f.Since.time().AddDate(0, 0, -1)
		length := int(last.time().Sub(f.Since.time()) / (24 * time.Hour))
		since, until = ptr(Date(before.AddDate(0, 0, -max(0, length)).Format(time.DateOnly))), ptr(Date(before.Format(time.DateOnly)))
	}
	f.Since, f.Until = since, until
	return reportOf(ctx, r.of, f)
}

// reportOf is the Report of some Tenants together.
func reportOf(ctx context.Context, of []*Tenant, f ReportFilter) (*Report, error) {
	if len(of) == 1 {
		return of[0].Report(ctx, f)
	}
	sum := &Report{Since: f.Since, Until: f.Until, of: of, filter: f, read: new(reportRead)}
	days := map[Date]*ReportDay{}
	for _, t := range of {
		r, err := t.Report(ctx, f)
		if err != nil {
			return nil, err
		}
		sum.add(r, days)
	}
	sum.ByDay = []*ReportDay{}
	for _, d := range days {
		sum.ByDay = append(sum.ByDay, d)
	}
	slices.SortFunc(sum.ByDay, func(a, b *ReportDay) int { return cmp.Compare(a.Date, b.Date) })
	return sum, nil
}

func (r *Report) add(more *Report, days map[Date]*ReportDay) {
	r.Contacts += more.Contacts
	r.Requests += more.Requests
	r.Sent += more.Sent
	r.Delivered += more.Delivered
	r.Failed += more.Failed
	r.Updated += more.Updated
	r.Confirmed += more.Confirmed
	r.Declined += more.Declined
	r.Answered += more.Answered
	r.Enquiries += more.Enquiries
	for _, d := range more.ByDay {
		s := days[d.Date]
		if s == nil {
			s = &ReportDay{Date: d.Date}
			days[d.Date] = s
		}
		s.Requests, s.Sent, s.Delivered, s.Failed = s.Requests+d.Requests, s.Sent+d.Sent, s.Delivered+d.Delivered, s.Failed+d.Failed
		s.Updated, s.Confirmed, s.Declined = s.Updated+d.Updated, s.Confirmed+d.Confirmed, s.Declined+d.Declined
	}
}
