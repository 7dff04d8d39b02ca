package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"complero/db/profile"
)

// SandboxRespond says what a Contact is to do, in test mode.
type SandboxRespond struct {
	ContactExternalID string
	Source            *string
	// RequestID names the Request to answer; nil means the newest open one, or
	// none at all where there is none.
	RequestID      *string
	Data           *profile.Input
	Confirm        bool
	Consents       []ConsentDecision
	Stop, NotMe    bool
	Deceased       bool
	IdempotencyKey *string
}

// Respond does what a Contact would do in the Web App, by the same rules, and
// returns what the Contact did as events, in order. It is for test mode only.
func (t *Tenant) Respond(ctx context.Context, in SandboxRespond) ([]*Event, error) {
	if err := t.check(SandboxWrite); err != nil {
		return nil, err
	}
	if t.Mode != Test {
		return nil, fail(TestOnly, "", "sandboxRespond is for test keys only; in live mode Contacts answer for themselves")
	}
	var events []*Event
	// The events' numbers are not known yet when the result is kept.
	var kept struct {
		ContactID string
		At        time.Time
	}
	repeated := false
	rules, err := t.currentFieldRules(ctx)
	if err != nil {
		return nil, err
	}
	err = t.write(ctx, SandboxWrite, func(x *tx) error {
		x.rules = rules
		var err error
		repeated, err = x.once(ctx, "sandboxRespond", in.IdempotencyKey, in, &kept, func() error {
			c, err := x.respond(ctx, in)
			if err != nil {
				return err
			}
			kept.ContactID, kept.At, events = c.ID, x.now, answerEvents(x.events)
			return nil
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	if repeated {
		return t.eventsAt(ctx, kept.ContactID, kept.At)
	}
	return events, nil
}

// respond answers the Request that is meant, or none.
func (x *tx) respond(ctx context.Context, in SandboxRespond) (*Contact, error) {
	c, err := x.contactNamed(ctx, in.ContactExternalID, in.Source)
	if CodeOf(err) == NotFoundCode && ErrorsOf(err)[0].Path[0] == "externalId" {
		return nil, NotFound("contactExternalId", "there is no Contact %q in this Source", in.ContactExternalID)
	}
	if err != nil {
		return nil, err
	}
	r, err := x.requestMeant(ctx, c, in.RequestID)
	if err != nil {
		return nil, err
	}
	answer := Answer{
		Data: in.Data, Confirm: in.Confirm, Consents: in.Consents, Stop: in.Stop, NotMe: in.NotMe, Deceased: in.Deceased,
		Evidence: Evidence{Manner: "sandbox"}, Locale: c.Profile.Locale,
	}
	_, err = x.answer(ctx, c, r, answer, false)
	return c, err
}

// requestMeant locks the Request of a locked Contact that is named, or else
// the newest that can be answered; nil if there is none.
func (x *tx) requestMeant(ctx context.Context, c *Contact, id *string) (*Request, error) {
	query := "SELECT " + requestColumns + " FROM request AS r WHERE r.company_id = $1 AND r.mode = $2 AND r.contact_id = $3"
	args := []any{x.company, x.mode, c.ID}
	if id != nil && !isID(*id, "request") {
		return nil, NotFound("requestId", "this Contact has no Request %.100q", *id)
	}
	if id != nil {
		query += " AND r.id = $4"
		args = append(args, *id)
	} else {
		query += ` AND r.status NOT IN ('CANCELLED', 'EXPIRED', 'SUPPRESSED') AND r.expires_at > $4
			AND NOT (r.status = 'DECLINED' AND coalesce(r.reason, '') IN ('NOT_ME', $5)) ORDER BY r.id DESC LIMIT 1`
		closed := ReasonNotMe
		if c.StoppedAt != nil {
			closed = ReasonDeceased
		}
		args = append(args, x.now, closed)
	}
	r, err := x.tenant.scanRequest(x.row(ctx, query+x.engine.locking(), args...))
	switch {
	case errors.Is(err, sql.ErrNoRows) && id != nil:
		return nil, NotFound("requestId", "this Contact has no Request %q", *id)
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("read Request: %w", err)
	}
	if err := answerable(c, r, x.now); err != nil {
		return nil, Conflict("requestId", "%s", err.Error())
	}
	return r, nil
}

// requestEvents are what follows from an answer for its Request, rather than
// what the Contact did.
var requestEvents = []EventKind{
	RequestSentEvent, RequestDeliveredEvent, RequestFailedEvent, RequestSuppressedEvent, RequestCancelledEvent, RequestExpiredEvent,
}

func answerEvents(events []*Event) []*Event {
	kept := []*Event{}
	for _, e := range events {
		if !slices.Contains(requestEvents, e.Kind) {
			kept = append(kept, e)
		}
	}
	return kept
}

// eventsAt reads a Contact's events of one moment, in order.
func (t *Tenant) eventsAt(ctx context.Context, contactID string, at time.Time) ([]*Event, error) {
	rows, err := t.read(ctx, selectEvents+" WHERE company_id = $1 AND mode = $2 AND contact_id = $3 AND occurred_at = $4 ORDER BY number",
		t.Company.Key, t.Mode, contactID, at.UTC())
	var events []*Event
	err = scanRows(rows, err, func(row rowScanner) error {
		e, err := t.scanEvent(row)
		events = append(events, e)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	return answerEvents(events), nil
}
