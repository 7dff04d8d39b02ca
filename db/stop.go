package db

import (
	"context"
	"errors"
	"fmt"
)

// ContactStop names a Contact who is, or is no longer, to be left alone.
type ContactStop struct {
	ExternalID     string
	Source         *string
	Reason         *string
	IdempotencyKey *string
}

// StopContact has a person never asked again, on whatever Channel. It
// outlives the Contact's deletion and a new upload.
func (t *Tenant) StopContact(ctx context.Context, s ContactStop) (*Contact, error) {
	return t.changeStop(ctx, "contactStop", s, func(x *tx, c *Contact) error {
		if s.Reason != nil && len([]rune(*s.Reason)) > 200 {
			return fail(TooLong, "reason", "the reason has more than 200 characters; shorten it")
		}
		return x.stopContact(ctx, c, deref(s.Reason), "")
	})
}

// ResumeContact takes a stop back.
func (t *Tenant) ResumeContact(ctx context.Context, s ContactStop) (*Contact, error) {
	return t.changeStop(ctx, "contactResume", s, func(x *tx, c *Contact) error {
		return x.resumeContact(ctx, c, deref(s.Reason), "")
	})
}

func (t *Tenant) changeStop(ctx context.Context, mutation string, s ContactStop, change func(*tx, *Contact) error) (*Contact, error) {
	var kept struct{ ContactID string }
	var stopped *Contact
	err := t.write(ctx, ContactsWrite, func(x *tx) error {
		stopped = nil
		_, err := x.once(ctx, mutation, s.IdempotencyKey, s, &kept, func() error {
			c, err := x.contactNamed(ctx, s.ExternalID, s.Source)
			if err != nil {
				return err
			}
			stopped, kept.ContactID = c, c.ID
			return change(x, c)
		})
		return err
	})
	if err != nil || stopped != nil {
		return t.shown(stopped), err
	}
	return t.Contact(ctx, ContactRef{ID: &kept.ContactID})
}

// contactNamed locks the Contact that a Source knows by an externalId.
func (x *tx) contactNamed(ctx context.Context, externalID string, named *string) (*Contact, error) {
	source, err := x.tenant.source(ctx, x.Tx.Tx, named)
	if err != nil {
		return nil, err
	}
	known, err := x.lockKnown(ctx, source, []string{externalID})
	c := known[externalID]
	if err == nil && c == nil {
		err = NotFound("externalId", "the Source %q knows no Contact %q", source, externalID)
	}
	return c, err
}

// errMoved tells that a Contact was merged, taken apart or deleted between being
// looked up and being locked: what was begun begins anew.
var errMoved = errors.New("a Contact was merged, taken apart or deleted meanwhile")

// lockKnown locks the Contacts that a Source knows, by externalId.
func (x *tx) lockKnown(ctx context.Context, source string, externalIDs []string) (map[string]*Contact, error) {
	return x.lockKnownBy(ctx, source, externalIDs, x.lockContacts)
}

// lockKnownBy is lockKnown with a choice of what is read of the Contacts.
func (x *tx) lockKnownBy(ctx context.Context, source string, externalIDs []string,
	lockByID func(context.Context, []string) (map[string]*Contact, error),
) (map[string]*Contact, error) {
	ids, err := x.contactKeys(ctx, source, externalIDs)
	if err != nil {
		return nil, err
	}
	lock := make([]string, 0, len(ids))
	for _, id := range ids {
		lock = append(lock, id)
	}
	locked, err := lockByID(ctx, lock)
	if err != nil {
		return nil, err
	}
	known := make(map[string]*Contact, len(ids))
	for external, id := range ids {
		c := locked[id]
		if c == nil || c.keys[source] != external {
			return nil, errMoved
		}
		if x.tenant.knows(c) {
			known[external] = c
		}
	}
	return known, nil
}

// contactKeys finds the Contacts that a Source knows by externalIds.
func (x *tx) contactKeys(ctx context.Context, source string, externalIDs []string) (map[string]string, error) {
	query := x.engine.lookup("external_id, contact_id", "contact_key", "company_id = $1 AND mode = $2 AND source = $3", "external_id", 4, "")
	rows, err := x.query(ctx, query, x.company, x.mode, source, x.engine.list(externalIDs))
	ids := map[string]string{}
	err = scanRows(rows, err, func(r rowScanner) error {
		var external, id string
		err := r.Scan(&external, &id)
		ids[external] = id
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look up externalIds: %w", err)
	}
	return ids, nil
}

// stopContact records that a locked Contact wants to be left alone; once is
// enough. Requests that have not gone out yet will not.
func (x *tx) stopContact(ctx context.Context, c *Contact, reason, requestID string) error {
	if c.StoppedAt != nil {
		return nil
	}
	e := c.event(StopEvent)
	e.Reason, e.RequestID = nullable(reason), requestID
	return x.stopBy(ctx, c, e)
}

// stopBy has a locked Contact left alone because of what an event tells.
func (x *tx) stopBy(ctx context.Context, c *Contact, e *Event) error {
	if c.StoppedAt == nil {
		c.StoppedAt = &x.now
	}
	if err := x.saveContact(ctx, c); err != nil {
		return err
	}
	if err := x.suppress(ctx, c); err != nil {
		return err
	}
	x.record(e)
	return x.suppressPending(ctx, c)
}

// suppressPending ends the Contact's Requests that have not gone out yet.
func (x *tx) suppressPending(ctx context.Context, c *Contact) error {
	rows, err := x.query(ctx, `UPDATE request SET status = 'SUPPRESSED', reason = 'STOPPED'
		WHERE company_id = $1 AND mode = $2 AND contact_id = $3 AND status = 'PENDING' RETURNING id`, x.company, x.mode, c.ID)
	return scanRows(rows, err, func(r rowScanner) error {
		e := c.event(RequestSuppressedEvent)
		e.Reason = ptr("STOPPED")
		x.record(e)
		return r.Scan(&e.RequestID)
	})
}

// resumeContact takes a locked Contact's stop back.
func (x *tx) resumeContact(ctx context.Context, c *Contact, reason, requestID string) error {
	if err := x.unsuppress(ctx, c); err != nil || c.StoppedAt == nil {
		return err
	}
	c.StoppedAt = nil
	if err := x.saveContact(ctx, c); err != nil {
		return err
	}
	e := c.event(ResumeEvent)
	e.Reason, e.RequestID = nullable(reason), requestID
	x.record(e)
	return nil
}
