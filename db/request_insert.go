package db

import (
	"context"
	"fmt"
	"time"
)

var insertRequests = insertBulk("request",
	column{"id", texts}, column{"contact_id", texts}, column{"employee_id", texts}, column{"source", texts}, column{"status", texts},
	column{"reason", texts}, column{"channels", jsons}, column{"ask", jsons}, column{"generation", smalls}, column{"token_hash", blobs},
	column{"created_at", times}, column{"expires_at", times}, column{"text_name", texts}, column{"note", texts})

var insertDeliveries = insertBulk("delivery",
	column{"id", texts}, column{"request_id", texts}, column{"channel", texts}, column{"status", texts}, column{"attempts", smalls},
	column{"due_at", times}, column{"at", times})

// askedContact is a new Request with its locked Contact.
type askedContact struct {
	*Request
	contact *Contact
}

// insertAsked stores new Requests of one template and has them sent. All count
// in the report, SUPPRESSED ones too.
func (x *tx) insertAsked(ctx context.Context, asked []askedContact) error {
	if len(asked) == 0 {
		return nil
	}
	var deliveries [][]any
	requests := make([][]any, len(asked))
	counts := map[string]int{}
	channels, ask := jsonOf(asked[0].Channels), jsonOf(asked[0].Ask)
	for n, r := range asked {
		counts[deref(r.EmployeeID)]++
		requests[n] = []any{
			r.ID, r.ContactID, r.EmployeeID, string(r.Source), string(r.Status), r.Reason, channels, ask,
			int64(r.Generation), r.TokenHash, r.CreatedAt, r.ExpiresAt, r.TextName, r.Note,
		}
		if r.Status == RequestPending {
			deliveries = append(deliveries, []any{newID("delivery"), r.ID, string(Email), string(DeliveryQueued), int64(0), x.now, x.now})
			continue
		}
		e := requestEvent(RequestSuppressedEvent, r.Request, r.contact)
		e.Reason = r.Reason
		x.record(e)
	}
	if err := x.writeAll(ctx, insertRequests, requests); err != nil {
		return fmt.Errorf("insert Requests: %w", err)
	}
	if err := x.writeAll(ctx, insertDeliveries, deliveries); err != nil {
		return fmt.Errorf("insert Deliveries: %w", err)
	}
	for employee, n := range counts {
		x.count(employee, x.now, func(f *figures) { f.Requests += n })
	}
	if len(deliveries) > 0 {
		x.enqueue(DeliverRequests{x.tenant.ref()}, time.Time{})
	}
	return nil
}
