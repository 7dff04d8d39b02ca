package db

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// DeliveryOutcome is what became of one claimed Delivery.
type DeliveryOutcome struct {
	DeliveryID string
	RequestID  string
	// Status is SENT, FAILED for good, or QUEUED: to be tried again.
	Status DeliveryStatus
	// Reason is the stable word for a FAILED one; "" means BOUNCED, which marks
	// the address as failing.
	Reason string
	// EmailID is that of the address written to, of Outgoing.To.
	EmailID string
	// Detail is what the Channel answered, without personal data. QUEUED without
	// any means that the Delivery was not tried: it is due again at once.
	Detail string
	// RetryAt is when to try again; zero leaves it to the usual pauses: 1 min,
	// 5 min, 30 min, 2 h, 8 h. Then the Delivery has FAILED as UNREACHABLE.
	RetryAt time.Time
	// Message is kept in the outbox, if given.
	Message *OutboxMessage
	// Plain is Outgoing.Plain; false is always right, and slower.
	Plain bool
}

// RecordDeliveries records what became of claimed Deliveries, all in one
// transaction and with a constant number of statements. Recording the same
// again changes nothing.
func (t *Tenant) RecordDeliveries(ctx context.Context, outcomes []DeliveryOutcome) error {
	if len(outcomes) == 0 {
		return nil
	}
	if err := t.check(workRight); err != nil {
		return err
	}
	outcomes = slices.SortedFunc(slices.Values(outcomes), func(a, b DeliveryOutcome) int { return strings.Compare(a.RequestID, b.RequestID) })
	done, err := t.recordSent(ctx, outcomes)
	if err == nil && !done {
		err = t.recordAny(ctx, outcomes)
	}
	if err != nil {
		return fmt.Errorf("record Deliveries: %w", err)
	}
	return nil
}

// recordAny records whatever the outcomes are.
func (t *Tenant) recordAny(ctx context.Context, outcomes []DeliveryOutcome) error {
	return t.write(ctx, workRight, func(x *tx) error {
		failing, err := x.lockFailing(ctx, outcomes)
		if err != nil {
			return err
		}
		ids := make([]string, len(outcomes))
		for i, o := range outcomes {
			ids[i] = o.RequestID
		}
		requests, err := x.lockRequests(ctx, ids)
		if err != nil {
			return err
		}
		deliveries, err := x.deliveriesByID(ctx, outcomes)
		if err != nil {
			return err
		}
		rec := recording{x: x, requests: requests, deliveries: deliveries, failing: failing, counts: map[string]figures{}}
		for _, o := range outcomes {
			rec.outcome(o)
		}
		return rec.write(ctx)
	})
}

// lockFailing locks the Contacts whose address turned out to fail.
func (x *tx) lockFailing(ctx context.Context, outcomes []DeliveryOutcome) (map[string]*Contact, error) {
	var requests []string
	for _, o := range outcomes {
		if o.bounced() {
			requests = append(requests, o.RequestID)
		}
	}
	if len(requests) == 0 {
		return nil, nil
	}
	query := x.engine.lookup("contact_id", "request", "company_id = $1 AND mode = $2", "id", 3, "")
	rows, err := x.query(ctx, query, x.company, x.mode, x.engine.list(requests))
	var contacts []string
	err = scanRows(rows, err, func(row rowScanner) error {
		var id string
		err := row.Scan(&id)
		contacts = append(contacts, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	return x.lockContacts(ctx, contacts)
}

func (o DeliveryOutcome) bounced() bool {
	return o.Status == DeliveryFailed && (o.Reason == "" || o.Reason == ReasonBounced)
}

// sentRequest is a locked Request with enough of its Contact to begin an event
// about it: externalIds and metadata; nil where the Contact is not at hand.
type sentRequest struct {
	*Request
	contact *Contact
	changed bool
}

// lockRequests locks Requests sorted by id, as all do who lock several, and
// reads their Contacts' externalIds and metadata.
func (x *tx) lockRequests(ctx context.Context, ids []string) (map[string]*sentRequest, error) {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	query := x.engine.lookup(requestColumns, "request AS r", "r.company_id = $1 AND r.mode = $2", "r.id", 3, x.engine.locking())
	rows, err := x.query(ctx, query, x.company, x.mode, x.engine.list(ids))
	list, err := x.scanRequests(rows, err)
	if err != nil {
		return nil, fmt.Errorf("lock Requests: %w", err)
	}
	found := make(map[string]*sentRequest, len(list))
	for _, r := range list {
		found[r.ID] = r
	}
	return found, x.addKeys(ctx, list)
}

func (x *tx) scanRequests(rows *sql.Rows, err error) ([]*sentRequest, error) {
	var list []*sentRequest
	err = scanRows(rows, err, func(row rowScanner) error {
		r, err := x.tenant.scanRequest(row)
		list = append(list, &sentRequest{Request: r})
		return err
	})
	return list, err
}

// addKeys reads the externalIds and metadata of the Requests' Contacts.
func (x *tx) addKeys(ctx context.Context, requests []*sentRequest) error {
	contacts := make(map[string]*Contact, len(requests))
	ids := make([]string, len(requests))
	for i, r := range requests {
		ids[i] = r.ContactID
	}
	query := x.engine.lookup("id, external_ids, metadata", "contact", "company_id = $1 AND mode = $2", "id", 3, "")
	rows, err := x.query(ctx, query, x.company, x.mode, x.engine.list(firsts(ids)))
	err = scanRows(rows, err, func(row rowScanner) error {
		c := new(Contact)
		var data []byte
		if err := row.Scan(&c.ID, &data, &c.metadata); err != nil {
			return err
		}
		if err := json.Unmarshal(data, &c.keys); err != nil {
			return fmt.Errorf("read Contact %s: %w", c.ID, err)
		}
		contacts[c.ID] = c
		return nil
	})
	if err == nil {
		err = x.tenant.nameByRank(ctx, x.Tx.Tx, maps.Values(contacts))
	}
	if err != nil {
		return fmt.Errorf("read externalIds: %w", err)
	}
	for _, r := range requests {
		r.contact = contacts[r.ContactID]
	}
	return nil
}

func (x *tx) deliveriesByID(ctx context.Context, outcomes []DeliveryOutcome) (map[string]*Delivery, error) {
	ids := make([]string, len(outcomes))
	for i, o := range outcomes {
		ids[i] = o.DeliveryID
	}
	query := x.engine.lookup("id, request_id, channel, status, attempts", "delivery", "company_id = $1 AND mode = $2", "id", 3, "")
	rows, err := x.query(ctx, query, x.company, x.mode, x.engine.list(ids))
	found := make(map[string]*Delivery, len(ids))
	err = scanRows(rows, err, func(row rowScanner) error {
		d := new(Delivery)
		err := row.Scan(&d.ID, &d.RequestID, &d.Channel, &d.Status, &d.Attempts)
		found[d.ID] = d
		return err
	})
	return found, err
}

var updateRequests = updateBulk("request", column{"id", texts}, column{"status", texts}, column{"reason", texts},
	column{"channel", texts}, column{"sent_at", times})

// saveRequests writes the Requests of a batch that have changed.
func (x *tx) saveRequests(ctx context.Context, requests map[string]*sentRequest) error {
	var rows [][]any
	for _, r := range requests {
		if r.changed {
			rows = append(rows, []any{r.ID, string(r.Status), r.Reason, (*string)(r.Channel), r.SentAt})
		}
	}
	if err := x.writeAll(ctx, updateRequests, rows); err != nil {
		return fmt.Errorf("save Requests: %w", err)
	}
	return nil
}
