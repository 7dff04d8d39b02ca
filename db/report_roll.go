package db

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// What a report tells by Source, Channel, Employee and opt-in is added up along
// the event log, which misses nothing, and not by those who write events: no
// answer, upload or message pays for it.

const (
	// rollSlice is how many events one transaction adds up, rollSpan how many
	// numbers it passes over at most: an upload's events add nothing.
	rollSlice = 2000
	rollSpan  = 50_000
	// rollEvery is how long figures may be behind.
	rollEvery = time.Minute
)

// RollUpReport asks for the report to be brought up to the latest events.
type RollUpReport struct{ TenantRef }

// Kind names the job for River.
func (RollUpReport) Kind() string { return "report-roll-up" }

// ReportsDue finds the Tenants that have events which the report has not
// counted for some time.
func (s *Store) ReportsDue(ctx context.Context) ([]TenantRef, error) {
	refs, err := s.tenantRefs(ctx, `SELECT o.public_id, c.mode FROM event_counter AS c JOIN company AS o ON o.id = c.company_id
		LEFT JOIN report_mark AS m ON m.company_id = c.company_id AND m.mode = c.mode
		WHERE c.last_number > coalesce(m.number, 0) AND (m.at IS NULL OR m.at < $1)`, s.now().Add(-rollEvery))
	if err != nil {
		return nil, fmt.Errorf("find reports that are behind: %w", err)
	}
	return refs, nil
}

// RollUpReport counts events that the report has not counted. It works for some
// seconds at most; more tells that it is to be called again.
func (t *Tenant) RollUpReport(ctx context.Context) (more bool, err error) {
	if err := t.check(workRight); err != nil {
		return false, err
	}
	for until := time.Now().Add(workTime); time.Now().Before(until); {
		if more, err = t.rollSlice(ctx); err != nil {
			return false, fmt.Errorf("roll the report up: %w", err)
		}
		if !more || ctx.Err() != nil {
			return false, ctx.Err()
		}
	}
	return true, nil
}

// rollSlice counts the next events. They are read before the transaction, since
// they never change, and count only if nobody else has counted them meanwhile.
func (t *Tenant) rollSlice(ctx context.Context) (more bool, err error) {
	var mark, last int64
	rows, err := t.read(ctx, `SELECT coalesce((SELECT number FROM report_mark WHERE company_id = $1 AND mode = $2), 0),
		coalesce((SELECT last_number FROM event_counter WHERE company_id = $1 AND mode = $2), 0)`, t.Company.Key, t.Mode)
	if err := scanRows(rows, err, func(r rowScanner) error { return r.Scan(&mark, &last) }); err != nil {
		return false, err
	}
	to := min(last, mark+rollSpan)
	events, err := t.rolled(ctx, mark, to)
	if err != nil {
		return false, err
	}
	if len(events) == rollSlice {
		to = events[rollSlice-1].number
	}
	s := summing{}
	if err := t.sumUp(ctx, events, s); err != nil {
		return false, err
	}
	return to < last, t.write(ctx, workRight, func(x *tx) error {
		done, err := x.exec(ctx, `INSERT INTO report_mark (company_id, mode, number, at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (company_id, mode) DO UPDATE SET number = excluded.number, at = excluded.at WHERE report_mark.number = $5`,
			x.company, x.mode, to, x.now, mark)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return err
		}
		return x.writeAll(ctx, addSums, s.rows())
	})
}

// A rolledEvent is an event with what the report adds it up by.
type rolledEvent struct {
	number                                   int64
	kind                                     EventKind
	at                                       time.Time
	employee, channel, reason, request       *string
	source, wentBy, definition, ask, mayGoBy *string
	sentAt, createdAt                        *time.Time
	again                                    bool // the Request was answered before
}

// responses are the kinds by which a Contact answers a Request.
const responses = "'UPDATE', 'CONFIRM', 'UPDATE_PROPOSED'"

// decisions are those by which a Request about nothing but Consents is answered.
const decisions = "'CONSENT_GRANTED', 'CONSENT_DECLINED', 'CONSENT_WITHDRAWN'"

func (t *Tenant) rolled(ctx context.Context, mark, to int64) ([]rolledEvent, error) {
	rows, err := t.read(ctx, `SELECT e.number, e.kind, e.occurred_at, e.employee_id, e.channel, e.reason, e.request_id,
			r.source, r.channel, d.definition_id, CAST(r.ask AS text), r.channels ->> 0, r.sent_at, r.created_at,
			e.request_id IS NOT NULL AND e.kind IN (`+responses+", "+decisions+`) AND EXISTS (SELECT 1 FROM event AS p
				WHERE p.company_id = $1 AND p.mode = $2 AND p.contact_id = e.contact_id AND p.number < e.number AND p.request_id = e.request_id
					AND (p.kind IN (`+responses+`) OR p.kind IN (`+decisions+`) AND CAST(r.ask AS text) = '["CONSENTS"]'))
		FROM event AS e LEFT JOIN request AS r ON r.company_id = $1 AND r.mode = $2 AND r.id = e.request_id
		LEFT JOIN consent AS d ON d.company_id = $1 AND d.mode = $2 AND d.id = e.consent_id
		WHERE e.company_id = $1 AND e.mode = $2 AND e.number > $3 AND e.number <= $4 AND e.kind IN (`+responses+", "+decisions+`,
			'REQUEST_SENT', 'REQUEST_DELIVERED', 'REQUEST_FAILED', 'REQUEST_SUPPRESSED', 'NOT_ME', 'STOP', 'CONSENT_EXPIRED')
		ORDER BY e.number LIMIT $5`, t.Company.Key, t.Mode, mark, to, rollSlice)
	var events []rolledEvent
	err = scanRows(rows, err, func(r rowScanner) error {
		var e rolledEvent
		err := r.Scan(&e.number, &e.kind, &e.at, &e.employee, &e.channel, &e.reason, &e.request,
			&e.source, &e.wentBy, &e.definition, &e.ask, &e.mayGoBy, &e.sentAt, &e.createdAt, &e.again)
		events = append(events, e)
		return err
	})
	return events, err
}

// sumUp adds events to the sums of their days.
func (t *Tenant) sumUp(ctx context.Context, events []rolledEvent, s summing) error {
	zone := t.Company.Location()
	var updates []int64
	days := map[int64]string{}
	for i := range events {
		e := &events[i]
		day := e.at.In(zone).Format(time.DateOnly)
		e.sum(s, day, zone)
		if e.kind == UpdateEvent {
			updates, days[e.number] = append(updates, e.number), day
		}
	}
	values, err := t.eventValues(ctx, t.read, updates)
	if err != nil {
		return err
	}
	for number, v := range values {
		for _, c := range v.Changes {
			if strings.HasPrefix(c.Field, "addresses[") && len(c.Before) > 0 && !bytes.Equal(c.Before, []byte("null")) {
				s.add(byTotal, "", days[number], func(f *sums) { f.Corrected++ })
				break
			}
		}
	}
	return nil
}

// sum adds one event.
func (e *rolledEvent) sum(s summing, day string, zone *time.Location) {
	decided := func(f func(*sums)) {
		if e.definition != nil {
			s.add(byDefinition, *e.definition, day, f)
		}
	}
	switch e.kind {
	case ConsentGrantedEvent:
		decided(func(f *sums) { f.Granted++ })
	case ConsentDeclinedEvent:
		decided(func(f *sums) { f.Declined++ })
	case ConsentWithdrawnEvent:
		decided(func(f *sums) { f.Withdrawn++ })
	case ConsentExpiredEvent:
		decided(func(f *sums) { f.Expired++ })
	}
	if e.request == nil {
		return
	}
	switch e.kind {
	case RequestSentEvent:
		e.ofRequest(s, day, func(f *sums) { f.Sent++ })
	case RequestDeliveredEvent:
		e.ofRequest(s, day, func(f *sums) { f.Delivered++ })
	case RequestFailedEvent:
		e.ofRequest(s, day, func(f *sums) {
			f.Failed++
			if e.sentAt != nil && !e.sentAt.After(e.at) {
				f.Returned++
			}
			if deref(e.reason) == ReasonBounced {
				f.Bounced++
			}
		})
	case RequestSuppressedEvent:
		e.ofRequest(s, day, func(f *sums) { f.Suppressed++ })
	case StopEvent:
		e.ofRequest(s, day, func(f *sums) { f.Stopped++ })
	case NotMeEvent:
		e.ofRequest(s, day, func(f *sums) { f.Disowned++ })
	default:
		e.response(s, day, zone)
	}
}

// response adds the first answer to a Request: itself on its own day, and as
// answered, like in report_day, on that of the Request.
func (e *rolledEvent) response(s summing, day string, zone *time.Location) {
	updates := e.kind == UpdateEvent || e.kind == UpdateProposedEvent
	if e.again || !updates && e.kind != ConfirmEvent && deref(e.ask) != `["CONSENTS"]` {
		return
	}
	e.ofRequest(s, day, func(f *sums) {
		if updates {
			f.Updated++
		} else {
			f.Confirmed++
		}
	})
	asked := e.createdAt
	if e.sentAt != nil {
		asked = e.sentAt
	}
	if asked == nil {
		return
	}
	e.ofRequest(s, asked.In(zone).Format(time.DateOnly), func(f *sums) { f.Answered++ })
	s.add(byAnswerTime, bucketOf(e.at.Sub(*asked)), day, func(f *sums) { f.Answered++ })
}

// ofRequest adds to all that a Request is added up by.
func (e *rolledEvent) ofRequest(s summing, day string, change func(*sums)) {
	s.add(byTotal, "", day, change)
	if e.source != nil {
		s.add(bySource, *e.source, day, change)
	}
	for _, channel := range []*string{e.channel, e.wentBy, e.mayGoBy} {
		if channel != nil {
			s.add(byChannel, *channel, day, change)
			break
		}
	}
	if e.employee != nil {
		s.add(byEmployee, *e.employee, day, change)
	}
}

// Buckets of answering times grow by an eighth of a power of two of minutes, so
// that a median read from them is within 5 % of the exact one.
const bucketsPerDouble = 8

// bucketOf names the bucket of an answering time; names sort like the times.
func bucketOf(d time.Duration) string {
	return fmt.Sprintf("%03d", int(math.Log2(1+max(0, d.Minutes()))*bucketsPerDouble))
}

// bucketMiddle is the time that a bucket stands for, in minutes.
func bucketMiddle(name string) float64 {
	var n int
	if _, err := fmt.Sscanf(name, "%d", &n); err != nil {
		return 0
	}
	return math.Exp2((float64(n)+.5)/bucketsPerDouble) - 1
}

// medianMinutes is the median of the answering times in sums; nil without any.
func medianMinutes(found map[sumKey]*sums) *float64 {
	var names []string
	total := 0
	for k, s := range found {
		if k.dimension == byAnswerTime && s.Answered > 0 {
			names, total = append(names, k.key), total+s.Answered
		}
	}
	slices.Sort(names)
	passed := 0
	for _, name := range names {
		if passed += found[sumKey{byAnswerTime, name}].Answered; 2*passed >= total {
			return ptr(bucketMiddle(name))
		}
	}
	return nil
}
