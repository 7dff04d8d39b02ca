package db

import (
	"context"
	"fmt"
	"time"

	"complero/db/profile"
)

// retries are the pauses after tries that failed for now. When they are used
// up, the Delivery has failed.
var retries = [...]time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 8 * time.Hour}

// recording collects what the outcomes of one transaction change.
type recording struct {
	x          *tx
	requests   map[string]*sentRequest
	deliveries map[string]*Delivery
	failing    map[string]*Contact

	rows     [][]any // of Deliveries
	messages []*OutboxMessage
	contacts []*Contact
	counts   map[string]figures // by Employee
}

// outcome applies one outcome. The Request is locked and tells the truth, also
// about what its Contact, or the Company, did while the message was under way.
func (rec *recording) outcome(o DeliveryOutcome) {
	r, d := rec.requests[o.RequestID], rec.deliveries[o.DeliveryID]
	if r == nil || d == nil || d.RequestID != r.ID {
		return
	}
	if o.Message != nil {
		o.Message.RequestID, o.Message.ContactID, o.Message.Generation = r.ID, r.ContactID, r.Generation
		rec.messages = append(rec.messages, o.Message)
	}
	recorded := d.Status == DeliverySent || d.Status == DeliveryDelivered || d.Status == DeliveryFailed && r.Status == RequestFailed
	if recorded || r.DeliveredAt != nil {
		return // r.DeliveredAt: answered meanwhile
	}
	switch o.Status {
	case DeliverySent:
		rec.sent(r, d, o)
	case DeliveryFailed:
		rec.failed(r, d, o)
	case DeliveryQueued:
		rec.queued(r, d, o)
	}
}

func (rec *recording) sent(r *sentRequest, d *Delivery, o DeliveryOutcome) {
	x := rec.x
	rec.row(d, DeliverySent, d.Attempts, x.now, o.Detail)
	if r.SentAt != nil {
		return
	}
	r.SentAt, r.Channel, r.changed = &x.now, &d.Channel, true
	if r.Status == RequestPending {
		r.Status = RequestSent
	}
	x.record(requestEvent(RequestSentEvent, r.Request, r.contact))
	rec.count(r, figures{Sent: 1})
}

func (rec *recording) failed(r *sentRequest, d *Delivery, o DeliveryOutcome) {
	x := rec.x
	rec.row(d, DeliveryFailed, d.Attempts, x.now, o.Detail)
	if c := rec.failing[r.ContactID]; c != nil && o.bounced() && c.failed(o.EmailID) {
		rec.contacts = append(rec.contacts, c)
	}
	if r.Status != RequestPending {
		return
	}
	reason := o.Reason
	if reason == "" {
		reason = ReasonBounced
	}
	r.Status, r.Reason, r.Channel, r.changed = RequestFailed, &reason, &d.Channel, true
	e := requestEvent(RequestFailedEvent, r.Request, r.contact)
	e.Reason = &reason
	x.record(e)
	rec.count(r, figures{Failed: 1})
}

func (rec *recording) queued(r *sentRequest, d *Delivery, o DeliveryOutcome) {
	now := rec.x.now
	switch {
	case d.Status != DeliveryQueued:
		return // dropped meanwhile
	case o.Detail == "":
		rec.row(d, DeliveryQueued, max(0, d.Attempts-1), now, "")
		return
	case d.Attempts > len(retries):
		o.Reason = ReasonUnreachable
		rec.failed(r, d, o)
		return
	}
	due := o.RetryAt.UTC().Truncate(time.Microsecond)
	if o.RetryAt.IsZero() {
		due = now.Add(retries[max(0, d.Attempts-1)])
	}
	rec.row(d, DeliveryQueued, d.Attempts, due, o.Detail)
}

func (rec *recording) row(d *Delivery, status DeliveryStatus, attempts int, due time.Time, detail string) {
	d.Status = status
	rec.rows = append(rec.rows, []any{d.ID, string(status), int64(attempts), due, rec.x.now, nullable(detail)})
}

func (rec *recording) count(r *sentRequest, more figures) {
	f := rec.counts[deref(r.EmployeeID)]
	f.Sent += more.Sent
	f.Failed += more.Failed
	rec.counts[deref(r.EmployeeID)] = f
}

// failed notes that an address does not take mail, and reports whether that is new.
func (c *Contact) failed(emailID string) bool {
	for i, e := range c.Profile.Emails {
		if e.ID == emailID && e.Health != profile.HealthFailed {
			c.Profile.Emails[i].Health = profile.HealthFailed
			return true
		}
	}
	return false
}

var updateDeliveries = updateBulk("delivery", column{"id", texts}, column{"status", texts}, column{"attempts", ints},
	column{"due_at", times}, column{"at", times}, column{"detail", texts})

// write stores what was collected: Contacts, Requests, Deliveries, outbox.
func (rec *recording) write(ctx context.Context) error {
	x := rec.x
	contacts := make([][]any, len(rec.contacts))
	for i, c := range rec.contacts {
		contacts[i] = c.row()
	}
	if err := x.writeAll(ctx, updateContacts, contacts); err != nil {
		return fmt.Errorf("mark failing addresses: %w", err)
	}
	if err := x.saveRequests(ctx, rec.requests); err != nil {
		return err
	}
	if err := x.writeAll(ctx, updateDeliveries, rec.rows); err != nil {
		return err
	}
	for employee, more := range rec.counts {
		x.count(employee, x.now, func(f *figures) {
			f.Sent += more.Sent
			f.Failed += more.Failed
		})
	}
	return x.keepMessages(ctx, rec.messages)
}
