package db

import (
	"context"
	"fmt"
)

// saveAnswer gives the Request the status that the answer comes to, and writes
// what has changed. proved tells that the answer proves its delivery.
func (x *tx) saveAnswer(ctx context.Context, c *Contact, r *Request, a Answer, out *Answered, proved bool) error {
	answered := r != nil && x.answerRequest(r, a, out)
	if x.engine == onPostgres && answered && out.Kind != "" && !a.Stop {
		if err := x.saveBoth(ctx, c, r, out.Kind, proved); err != nil {
			return err
		}
		return x.suppressChanged(ctx, c, out)
	}
	// First the Request: stopping ends those that have no answer.
	if answered || proved {
		if err := x.saveRequest(ctx, r); err != nil {
			return err
		}
	}
	if proved {
		if _, err := x.exec(ctx, deliver+" AND company_id = $1 AND mode = $2", x.company, x.mode, r.ID, x.now); err != nil {
			return fmt.Errorf("note a delivery: %w", err)
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

// answerRequest gives a Request the status that an answer comes to, if any.
func (x *tx) answerRequest(r *Request, a Answer, out *Answered) bool {
	switch {
	case a.NotMe:
		x.setAnswer(r, RequestDeclined, ReasonNotMe)
	case a.Stop:
		x.setAnswer(r, RequestDeclined, ReasonStopped)
	case out.Kind == UpdateEvent:
		x.setAnswer(r, RequestUpdated, "")
	case out.Kind == ConfirmEvent, len(a.Consents) > 0 && r.asksOnlyConsents() && r.Status != RequestConfirmed:
		// A Request about nothing but Consents is answered by deciding on them.
		x.setAnswer(r, RequestConfirmed, "")
	default:
		return false
	}
	return true
}

// deliver notes that a Request's Deliveries have come through; $3 is the
// Request and $4 the time.
const deliver = "UPDATE delivery SET status = 'DELIVERED', at = $4 WHERE request_id = $3 AND status IN ('QUEUED', 'SENT')"

// saveBoth writes an answered Request, its Deliveries and its Contact by one
// statement, on PostgreSQL.
func (x *tx) saveBoth(ctx context.Context, c *Contact, r *Request, kind EventKind, proved bool) error {
	source := c.onlySource()
	const save = `WITH delivered AS (` + deliver + ` AND $16::boolean AND company_id = $1::integer AND mode = $2::smallint),
		answered AS (UPDATE request SET status = $5, reason = $6, sent_at = $7, delivered_at = $8, answered_at = $9
			WHERE company_id = $1 AND mode = $2 AND id = $3)
		UPDATE contact SET sort_name = $10, search = $11, profile = $12::text::json, provenance = $13::text::json, updated_at = $4, confirmed_at = $14,
			views = CASE WHEN $18::boolean THEN coalesce(views, json_build_object($17::text, json_build_object('profile', profile, 'provenance', provenance))) ELSE views END
			WHERE company_id = $1 AND mode = $2 AND id = $15`
	c.UpdatedAt = x.now
	_, err := x.exec(ctx, save, x.company, x.mode, r.ID, x.now, string(r.Status), r.Reason, r.SentAt, r.DeliveredAt, r.AnsweredAt,
		c.sortName(), c.searchText(), jsonOf(c.Profile), jsonOf(c.provenance), c.ConfirmedAt, c.ID, proved,
		source, kind == UpdateEvent && source != "")
	if err != nil {
		return fmt.Errorf("save the answer to Request %s: %w", r.ID, err)
	}
	return nil
}

// suppressChanged keeps a Contact who has stopped, and is known by other marks
// now, from being asked under these.
func (x *tx) suppressChanged(ctx context.Context, c *Contact, out *Answered) error {
	if c.StoppedAt == nil || out.Kind != UpdateEvent {
		return nil
	}
	return x.suppress(ctx, c)
}
