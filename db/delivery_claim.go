package db

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"complero/db/profile"
)

// maxClaim is how many Deliveries one claim takes: as many messages may go out
// twice for each connection of a process that is killed.
const maxClaim = 50

// claimLease is how long claimed Deliveries belong to whoever claimed them.
// What has not been recorded by then was lost with its process. A sender is
// through with a claim after a job's half minute, one slow answer of half a
// minute, and the recording.
const claimLease = 90 * time.Second

// claimTimeout is how long a claim may take.
const claimTimeout = 10 * time.Second

// Outgoing is a claimed Delivery with all that its message is made of.
type Outgoing struct {
	DeliveryID string
	RequestID  string
	ContactID  string
	Request    *Request
	Contact    *Contact
	// Employee is the one in whose name the Request was made, if any.
	Employee *Employee
	// To is where the message goes.
	To profile.Email
	// Link opens the Web App, StopLink its page for opting out.
	Link, StopLink string
	// CheckCode is what the Contact can enter at /check.
	CheckCode string
	// MessageID is the message's own, without angle brackets, the same on every try.
	MessageID string
	// Plain is to be handed back with the outcome: nothing but the Request needs
	// to be read to record that it was sent.
	Plain bool
}

// ClaimDeliveries takes up to n Deliveries that are due, 50 at most. They are
// the caller's for a minute and a half, within which it records what became of
// them. Deliveries that nobody is to get any more are dropped on the way.
func (t *Tenant) ClaimDeliveries(ctx context.Context, n int) ([]*Outgoing, error) {
	if err := t.check(workRight); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if until, _ := t.silentUntil(t.store.now()); !until.IsZero() {
		return nil, nil
	}
	// Given up half-way, the statement may have claimed all the same, and nobody
	// would know what until the claims end.
	patient, cancel := context.WithTimeout(context.WithoutCancel(ctx), claimTimeout)
	defer cancel()
	due, err := t.claimDue(patient, min(n, maxClaim))
	if err != nil {
		return nil, fmt.Errorf("claim Deliveries: %w", err)
	}
	slices.SortFunc(due, func(a, b *claimable) int { return strings.Compare(a.id, b.id) })
	claimed := make([]*Outgoing, 0, len(due))
	var dropped []*claimable
	now := t.store.now()
	for _, d := range due {
		if d.dropped(now) {
			dropped = append(dropped, d)
		} else {
			claimed = append(claimed, t.outgoing(d))
		}
	}
	if err := t.hideFrom(ctx, claimed); err != nil {
		return nil, fmt.Errorf("claim Deliveries: %w", err)
	}
	if len(dropped) > 0 {
		// In a transaction of its own, since it takes locks in their order.
		if err := t.dropDeliveries(ctx, dropped); err != nil {
			return claimed, err
		}
	}
	return claimed, nil
}

// hideFrom takes out of messages what the Company does not show its Contacts.
func (t *Tenant) hideFrom(ctx context.Context, claimed []*Outgoing) error {
	rules, err := t.fieldRules(ctx)
	for _, o := range claimed {
		o.Contact.Profile = rules.visible(o.Contact.Profile)
	}
	return err
}

// outgoing makes the links and the address of a claimed Delivery.
func (t *Tenant) outgoing(d *claimable) *Outgoing {
	link := t.linkOf(t.store.requestToken(d.request))
	return &Outgoing{
		DeliveryID: d.id, RequestID: d.request.ID, ContactID: d.contact.ID, Request: d.request, Contact: d.contact, Employee: d.employee,
		To: *mailAddress(&d.contact.Profile), Link: link, StopLink: link + "/stop", CheckCode: d.request.CheckCode(),
		MessageID: t.messageID(d.id), Plain: d.plain,
	}
}

// messageID makes a Message-ID, without angle brackets, of an id of ours.
func (t *Tenant) messageID(id string) string {
	_, domain, found := strings.Cut(deref(t.Company.SenderAddress), "@")
	if !found || domain == "" {
		domain = "complero"
	}
	return id + "@" + domain
}

// dropDeliveries ends Deliveries that nobody is to get any more, and has their
// Requests say why.
func (t *Tenant) dropDeliveries(ctx context.Context, due []*claimable) error {
	return t.write(ctx, workRight, func(x *tx) error {
		var contactIDs, requestIDs []string
		for _, d := range due {
			requestIDs, contactIDs = append(requestIDs, d.request.ID), append(contactIDs, d.request.ContactID)
		}
		contacts, err := x.lockContacts(ctx, contactIDs)
		if err != nil {
			return err
		}
		requests, err := x.lockRequests(ctx, requestIDs)
		if err != nil {
			return err
		}
		var drop []string
		for _, id := range requestIDs {
			r := requests[id]
			if r == nil {
				drop = append(drop, id)
				continue
			}
			c := contacts[r.ContactID]
			if d := (claimable{request: r.Request, contact: c}); !d.dropped(x.now) {
				continue // things have changed: it goes out when the claim has ended
			}
			drop = append(drop, id)
			reason := dropReason(c)
			if r.Status != RequestPending || reason == "" {
				continue
			}
			r.Status, r.Reason, r.changed = RequestSuppressed, &reason, true
			e := requestEvent(RequestSuppressedEvent, r.Request, c)
			e.Reason = r.Reason
			x.record(e)
		}
		if err := x.saveRequests(ctx, requests); err != nil {
			return err
		}
		return x.dropQueued(ctx, drop, "dropped before it went out")
	})
}

// dropReason is why a Contact is not to be written to; "" where nothing is in the way.
func dropReason(c *Contact) string {
	switch {
	case c == nil:
		return ReasonDeleted
	case c.StoppedAt != nil:
		return ReasonStopped
	case mailAddress(&c.Profile) == nil:
		return ReasonNoAddress
	}
	return ""
}

// DueDeliveries tells when the next queued Delivery is due, and whether there
// is any, so that a worker knows when to come back.
func (t *Tenant) DueDeliveries(ctx context.Context) (next time.Time, some bool, err error) {
	if err := t.check(workRight); err != nil {
		return next, false, err
	}
	rows, err := t.read(ctx, `SELECT due_at FROM delivery WHERE company_id = $1 AND mode = $2 AND status = 'QUEUED'
		ORDER BY due_at, id LIMIT 1`, t.Company.Key, t.Mode)
	err = scanRows(rows, err, func(row rowScanner) error {
		some = true
		return row.Scan(&next)
	})
	until, forEver := t.silentUntil(t.store.now())
	if some && next.Before(until) {
		next = until
	}
	return next, some && !forEver, err
}

// DeliveriesDue names whose Deliveries are due, for the sweep that starts what
// lost its job.
func (s *Store) DeliveriesDue(ctx context.Context) ([]TenantRef, error) {
	now := s.now()
	rows, err := s.read.DB.QueryContext(ctx, `SELECT DISTINCT o.public_id, d.mode, o.quiet_hours, o.timezone, o.archived_at
		FROM delivery AS d JOIN company AS o ON o.id = d.company_id WHERE d.status = 'QUEUED' AND d.due_at <= $1`, s.engine.args([]any{now})...)
	var refs []TenantRef
	err = scanRows(rows, err, func(row rowScanner) error {
		t := &Tenant{Company: new(Company)}
		c := t.Company
		err := row.Scan(&c.ID, &t.Mode, &c.Quiet, &c.Timezone, &c.ArchivedAt)
		if until, _ := t.silentUntil(now); until.IsZero() {
			refs = append(refs, t.ref())
		}
		return err
	})
	return refs, err
}

func (s *Store) tenantRefs(ctx context.Context, query string, args ...any) ([]TenantRef, error) {
	rows, err := s.read.DB.QueryContext(ctx, query, s.engine.args(args)...)
	var refs []TenantRef
	err = scanRows(rows, err, func(row rowScanner) error {
		var ref TenantRef
		err := row.Scan(&ref.CompanyID, &ref.Mode)
		refs = append(refs, ref)
		return err
	})
	return refs, err
}

// ReleaseClaims makes claimed Deliveries due again when a process starts that
// has the database to itself: whoever claimed them is gone. Where several
// processes share a database, claims end by themselves.
func (s *Store) ReleaseClaims(ctx context.Context) error {
	if !s.OneProcess() {
		return nil
	}
	_, err := s.write.DB.ExecContext(ctx, `UPDATE delivery SET due_at = $1
		WHERE status = 'QUEUED' AND attempts > 0 AND detail IS NULL AND due_at > $1`, s.now())
	if err != nil {
		return fmt.Errorf("release claimed Deliveries: %w", err)
	}
	return nil
}
