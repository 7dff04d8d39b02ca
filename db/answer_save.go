package db

import (
	"context"
	"fmt"
)

// saveAnswer gives the Request the status that the answer comes to, and writes
// what has changed.
func (x *tx) saveAnswer(ctx context.Context, c *Contact, r *Request, a Answer, out *Answered, proved proof) error {
	answered := r != nil && x.answerRequest(r, a, out)
	// First the Request: stopping ends those that have no answer.
	if answered || proved != nothingNew {
		if err := x.saveRequest(ctx, r); err != nil {
			return err
		}
	}
	if proved == unrecorded {
		if err := x.endQueued(ctx, r); err != nil {
			return err
		}
	}
	if a.Stop && c.StoppedAt == nil {
		if err := x.keepViewOf(ctx, c); err != nil {
			return err
		}
		id := ""
		if r != nil {
			id = r.ID
		}
		return x.stopContact(ctx, c, "", id)
	}
	if a.Deceased {
		return x.stopBy(ctx, c, c.answerEvent(DeceasedEvent, r))
	}
	if out.Kind == "" {
		return nil
	}
	if out.Kind == UpdateEvent {
		if err := x.keepViewOf(ctx, c); err != nil {
			return err
		}
	}
	if err := x.saveContact(ctx, c); err != nil {
		return err
	}
	return x.suppressChanged(ctx, c, out)
}

// endQueued keeps Deliveries of an answered Request, which must have gone out
// though that was not recorded, from going out again.
func (x *tx) endQueued(ctx context.Context, r *Request) error {
	_, err := x.exec(ctx, `UPDATE delivery SET status = 'DELIVERED', at = $4
		WHERE company_id = $1 AND mode = $2 AND request_id = $3 AND status = 'QUEUED'`, x.company, x.mode, r.ID, x.now)
	if err != nil {
		return fmt.Errorf("note a delivery: %w", err)
	}
	return nil
}

// answerRequest gives a Request the status that an answer comes to, if any.
func (x *tx) answerRequest(r *Request, a Answer, out *Answered) bool {
	switch {
	case a.NotMe:
		x.setAnswer(r, RequestDeclined, ReasonNotMe)
	case a.Stop:
		x.setAnswer(r, RequestDeclined, ReasonStopped)
	case a.Deceased:
		x.setAnswer(r, RequestDeclined, ReasonDeceased)
	case out.Kind == UpdateEvent || len(out.held) > 0:
		x.setAnswer(r, RequestUpdated, r.unconfirmed(out))
	case out.Kind == ConfirmEvent, len(a.Consents) > 0 && r.asksOnlyConsents() && r.Status != RequestConfirmed:
		// A Request about nothing but Consents is answered by deciding on them.
		x.setAnswer(r, RequestConfirmed, r.unconfirmed(out))
	default:
		return false
	}
	return true
}

// unconfirmed is the reason of a Request of whose answers a part waits, or may
// be waiting since an earlier one.
func (r *Request) unconfirmed(out *Answered) string {
	if len(out.held) > 0 || deref(r.Reason) == ReasonUnconfirmed {
		return ReasonUnconfirmed
	}
	return ""
}

// suppressChanged keeps a Contact who has stopped, and is known by other marks
// now, from being asked under these.
func (x *tx) suppressChanged(ctx context.Context, c *Contact, out *Answered) error {
	if c.StoppedAt == nil || out.Kind != UpdateEvent {
		return nil
	}
	return x.suppress(ctx, c)
}
