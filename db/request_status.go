package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
)

// CancelRequest ends a Request that has not been answered; what has not gone
// out yet will not. It fails with NOT_FOUND, or with CONFLICT once the Request
// has ended otherwise. Cancelling twice is no error.
func (t *Tenant) CancelRequest(ctx context.Context, id string) (*Request, error) {
	if err := t.mayAsk(); err != nil {
		return nil, err
	}
	var cancelled *Request
	err := t.write(ctx, RequestsWrite, func(x *tx) error {
		c, r, err := x.lockRequest(ctx, id)
		if err != nil {
			return err
		}
		if !t.knows(c) {
			return NotFound("id", "there is no Request %q", id)
		}
		cancelled = r
		switch {
		case r.Status == RequestCancelled:
			return nil
		case r.Status.Answered():
			return Conflict("id", "this Request has been answered and can no longer be cancelled")
		case r.Status != RequestPending && r.Status != RequestSent && r.Status != RequestDelivered:
			return Conflict("id", "this Request has ended already, as %s, and can no longer be cancelled", r.Status)
		}
		r.Status = RequestCancelled
		if err := x.saveRequest(ctx, r); err != nil {
			return err
		}
		x.record(requestEvent(RequestCancelledEvent, r, c))
		return x.dropQueued(ctx, []string{r.ID}, "cancelled before it went out")
	})
	return cancelled, err
}

// requestEvent begins an event about a Request; c is nil when the Contact is
// not at hand.
func requestEvent(kind EventKind, r *Request, c *Contact) *Event {
	e := &Event{Kind: kind, ContactID: r.ContactID}
	if c != nil {
		e = c.event(kind)
	}
	e.EmployeeID, e.RequestID, e.Channel = deref(r.EmployeeID), r.ID, r.Channel
	return e
}

// lockRequest reads a Request for a change, with its Contact, which it locks
// first. It fails with NOT_FOUND, also when the Contact is gone, with whom its
// Requests go.
func (x *tx) lockRequest(ctx context.Context, id string) (*Contact, *Request, error) {
	if !isID(id, "request") {
		return nil, nil, NotFound("id", "there is no Request %.100q", id)
	}
	locking := ""
	if x.engine == onPostgres {
		locking = " FOR UPDATE OF c, r"
	}
	var contact contactFields
	r, err := x.tenant.scanRequest(x.row(ctx, "SELECT "+requestColumns+", "+contactJoined+` FROM contact AS c
		JOIN request AS r ON r.company_id = c.company_id AND r.mode = c.mode AND r.contact_id = c.id
		WHERE r.company_id = $1 AND r.mode = $2 AND r.id = $3`+locking, x.company, x.mode, id), contact.into()...)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil, x.noRequest(ctx, id)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("lock Request %s: %w", id, err)
	}
	c, err := contact.contact(x.tenant)
	if err == nil {
		err = x.tenant.nameByRank(ctx, x.Tx.Tx, slices.Values([]*Contact{c}))
	}
	return c, r, err
}

// noRequest tells why a Request could not be locked: there is none, or it went
// to another Contact while its row was waited for.
func (x *tx) noRequest(ctx context.Context, id string) error {
	var there bool
	err := x.row(ctx, `SELECT EXISTS (SELECT 1 FROM request AS r JOIN contact AS c ON c.company_id = r.company_id AND c.mode = r.mode AND c.id = r.contact_id
		WHERE r.company_id = $1 AND r.mode = $2 AND r.id = $3)`, x.company, x.mode, id).Scan(&there)
	switch {
	case err != nil:
		return fmt.Errorf("lock Request %s: %w", id, err)
	case there:
		return errMoved
	}
	return NotFound("id", "there is no Request %q", id)
}

// saveRequest writes what can change of a locked Request.
func (x *tx) saveRequest(ctx context.Context, r *Request) error {
	_, err := x.exec(ctx, `UPDATE request SET status = $4, reason = $5, channel = $6, sent_at = $7, delivered_at = $8, answered_at = $9
		WHERE company_id = $1 AND mode = $2 AND id = $3`,
		x.company, x.mode, r.ID, string(r.Status), r.Reason, (*string)(r.Channel), r.SentAt, r.DeliveredAt, r.AnsweredAt)
	if err != nil {
		return fmt.Errorf("save Request %s: %w", r.ID, err)
	}
	return nil
}

// dropQueued ends the Deliveries of locked Requests that have not gone out.
func (x *tx) dropQueued(ctx context.Context, requestIDs []string, why string) error {
	in, args := x.engine.oneOf("request_id", 5, requestIDs)
	_, err := x.exec(ctx, `UPDATE delivery SET status = 'FAILED', at = $3, detail = $4
		WHERE company_id = $1 AND mode = $2 AND status = 'QUEUED' AND `+in, append([]any{x.company, x.mode, x.now, why}, args...)...)
	if err != nil {
		return fmt.Errorf("drop Deliveries: %w", err)
	}
	return nil
}

// setAnswer gives a locked Request the Contact's latest answer and moves the
// report's figures: the former answer leaves the day on which it was given.
func (x *tx) setAnswer(r *Request, status RequestStatus, reason string) {
	employee := deref(r.EmployeeID)
	if r.Status.Answered() && r.AnsweredAt != nil {
		former := r.Status
		x.count(employee, *r.AnsweredAt, func(f *figures) { *f.answer(former)-- })
	}
	x.count(employee, x.now, func(f *figures) { *f.answer(status)++ })
	sent := r.CreatedAt
	if r.SentAt != nil {
		sent = *r.SentAt
	}
	if n := responded(status) - responded(r.Status); n != 0 {
		x.count(employee, sent, func(f *figures) { f.Answered += n })
	}
	r.Status, r.Reason, r.AnsweredAt = status, nullable(reason), &x.now
}

// answer is the counter of an answer's kind.
func (f *figures) answer(s RequestStatus) *int {
	switch s {
	case RequestUpdated:
		return &f.Updated
	case RequestConfirmed:
		return &f.Confirmed
	default:
		return &f.Declined
	}
}

// responded is 1 for an answer by Update or Confirm, else 0.
func responded(s RequestStatus) int {
	if s == RequestUpdated || s == RequestConfirmed {
		return 1
	}
	return 0
}
