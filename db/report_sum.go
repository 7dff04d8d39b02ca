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

// dimension is what a row of report_sum adds up by.
type dimension string

// The dimensions. The key of a bySource row is MANUAL, TIME or AI; of a
// byAnswerTime row the number of a bucket; of a byTotal row "".
const (
	byTotal      dimension = "TOTAL"
	bySource     dimension = "SOURCE"
	byChannel    dimension = "CHANNEL"
	byEmployee   dimension = "EMPLOYEE"
	byDefinition dimension = "CONSENT"
	byAnswerTime dimension = "TIME"
)

// area keeps the rows apart of which there are many, so that a report that does
// not tell of them need not pass over them.
func (d dimension) area() int64 {
	switch d {
	case byEmployee:
		return 1
	case byAnswerTime:
		return 2
	}
	return 0
}

// areaFigures are how many figures of all, from where, are told of an area.
var areaFigures = [][2]int{{0, len(sumColumns)}, {0, 11}, {6, 7}}

// The spans of a row's period: a day, YYYY-MM-DD, or a month, YYYY-MM.
const (
	spanDay   = 1
	spanMonth = 2
)

// sums are the figures of a row of report_sum.
type sums struct {
	Sent, Delivered, Failed, Returned, Bounced, Suppressed int
	Answered, Updated, Confirmed, Stopped, Disowned        int
	Granted, Declined, Withdrawn, Expired, Corrected       int
}

// sumColumns are the figures' columns, in the order of all.
var sumColumns = []string{
	"sent", "delivered", "failed", "returned", "bounced", "suppressed",
	"answered", "updated", "confirmed", "stopped", "disowned",
	"granted", "declined", "withdrawn", "expired", "corrected",
}

func (s *sums) all() []*int {
	return []*int{
		&s.Sent, &s.Delivered, &s.Failed, &s.Returned, &s.Bounced, &s.Suppressed,
		&s.Answered, &s.Updated, &s.Confirmed, &s.Stopped, &s.Disowned,
		&s.Granted, &s.Declined, &s.Withdrawn, &s.Expired, &s.Corrected,
	}
}

func (s *sums) add(more *sums) {
	from := more.all()
	for i, n := range s.all() {
		*n += *from[i]
	}
}

// sumKey names what is added up; sumRow the row of one period.
type (
	sumKey struct {
		dimension dimension
		key       string
	}
	sumRow struct {
		sumKey
		span   int
		period string
	}
)

// A summing collects what a batch of events adds.
type summing map[sumRow]*sums

// add lets change count for a day and its month.
func (s summing) add(d dimension, key, day string, change func(*sums)) {
	for _, row := range []sumRow{{sumKey{d, key}, spanDay, day}, {sumKey{d, key}, spanMonth, day[:len("2006-01")]}} {
		if s[row] == nil {
			s[row] = new(sums)
		}
		change(s[row])
	}
}

var addSums = func() bulk {
	columns := []column{{"area", ints}, {"span", ints}, {"period", texts}, {"dimension", texts}, {"key", texts}}
	sets := make([]string, len(sumColumns))
	for i, name := range sumColumns {
		columns = append(columns, column{name, ints})
		sets[i] = fmt.Sprintf("%s = report_sum.%s + excluded.%s", name, name, name)
	}
	return insertBulk("report_sum", columns...).
		suffix("ON CONFLICT (company_id, mode, area, span, period, dimension, key) DO UPDATE SET " + strings.Join(sets, ", "))
}()

// rows are what was collected, sorted as the key is.
func (s summing) rows() [][]any {
	keys := slices.SortedFunc(maps.Keys(s), func(a, b sumRow) int {
		return cmp.Or(cmp.Compare(a.dimension.area(), b.dimension.area()), cmp.Compare(a.span, b.span), cmp.Compare(a.period, b.period),
			cmp.Compare(a.dimension, b.dimension), cmp.Compare(a.key, b.key))
	})
	rows := make([][]any, len(keys))
	for i, k := range keys {
		rows[i] = []any{k.dimension.area(), int64(k.span), k.period, string(k.dimension), k.key}
		for _, n := range s[k].all() {
			rows[i] = append(rows[i], int64(*n))
		}
	}
	return rows
}

// readSums adds up an area over a period, reading whole months where it can.
func (t *Tenant) readSums(ctx context.Context, area int64, f ReportFilter) (map[sumKey]*sums, error) {
	args := []any{t.Company.Key, t.Mode, area}
	from, to := areaFigures[area][0], areaFigures[area][1]
	columns := sumColumns[from:to]
	var parts []string
	for _, r := range f.ranges() {
		n := len(args)
		args = append(args, r.span, r.from, r.to)
		parts = append(parts, fmt.Sprintf(`SELECT dimension, key, %s FROM report_sum
			WHERE company_id = $1 AND mode = $2 AND area = $3 AND span = $%d AND period >= $%d AND period <= $%d`,
			strings.Join(columns, ", "), n+1, n+2, n+3))
	}
	rows, err := t.read(ctx, "SELECT dimension, key, sum("+strings.Join(columns, "), sum(")+") FROM ("+strings.Join(parts, " UNION ALL ")+
		") AS p GROUP BY dimension, key", args...)
	found := map[sumKey]*sums{}
	err = scanRows(rows, err, func(row rowScanner) error {
		var k sumKey
		s := new(sums)
		into := []any{&k.dimension, &k.key}
		for _, n := range s.all()[from:to] {
			into = append(into, n)
		}
		err := row.Scan(into...)
		found[k] = s
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the report's sums: %w", err)
	}
	return found, nil
}

// A sumRange are the periods of one span between two, both included.
type sumRange struct {
	span     int
	from, to string
}

// ranges cover the period: the months that lie in it, and the days around them.
func (f ReportFilter) ranges() []sumRange {
	const month = "2006-01"
	since, until := f.bounds()
	first, last := "0000-00", "9999-99"
	begins, ends := time.Time{}, time.Time{}
	if f.Since != nil {
		begins = f.Since.time()
		if begins.Day() > 1 {
			begins = begins.AddDate(0, 1, 1-begins.Day())
		}
		first = begins.Format(month)
	}
	if f.Until != nil {
		ends = f.Until.time().AddDate(0, 0, 1)
		ends = ends.AddDate(0, 0, 1-ends.Day()) // the first day that no whole month covers
		last = ends.AddDate(0, 0, -1).Format(month)
	}
	if first > last {
		return []sumRange{{spanDay, since, until}}
	}
	ranges := []sumRange{{spanMonth, first, last}}
	if f.Since != nil && since < begins.Format(time.DateOnly) {
		ranges = append(ranges, sumRange{spanDay, since, begins.AddDate(0, 0, -1).Format(time.DateOnly)})
	}
	if f.Until != nil && ends.Format(time.DateOnly) <= until {
		ranges = append(ranges, sumRange{spanDay, ends.Format(time.DateOnly), until})
	}
	return ranges
}

// bounds are the first and the last day as they are compared.
func (f ReportFilter) bounds() (since, until string) {
	since, until = "0000-00-00", "9999-99-99"
	if f.Since != nil {
		since = string(*f.Since)
	}
	if f.Until != nil {
		until = string(*f.Until)
	}
	return since, until
}

// time is when the day begins in UTC; dates are checked where they come in.
func (d Date) time() time.Time {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return time.Time{}
	}
	return t
}
