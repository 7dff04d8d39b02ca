package db

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// Request returns one Request; nil if there is none.
func (t *Tenant) Request(ctx context.Context, id string) (*Request, error) {
	found, err := t.RequestsByID(ctx, []string{id})
	return found[id], err
}

// RequestsByID reads Requests by id, for those who have many to show at once.
func (t *Tenant) RequestsByID(ctx context.Context, ids []string) (map[string]*Request, error) {
	if err := t.check(RequestsRead); err != nil {
		return nil, err
	}
	return t.requestsByID(ctx, ids)
}

func (t *Tenant) requestsByID(ctx context.Context, ids []string) (map[string]*Request, error) {
	found := make(map[string]*Request, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	where, args := "r.company_id = $1 AND r.mode = $2", []any{t.Company.Key, t.Mode, t.store.engine.list(ids)}
	if mine, own := t.mine("r.contact_id", 4); mine != "" {
		where, args = where+" AND "+mine, append(args, own...)
	}
	rows, err := t.read(ctx, t.store.engine.lookup(requestColumns, "request AS r", where, "r.id", 3, ""), args...)
	err = scanRows(rows, err, func(row rowScanner) error {
		r, err := t.scanRequest(row)
		if err == nil {
			found[r.ID] = r
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read Requests: %w", err)
	}
	return found, nil
}

// RequestFilter narrows a list of Requests.
type RequestFilter struct {
	Status *RequestStatus
	Source *RequestSource
	// EmployeeExternalID narrows to the Requests made in one Employee's name.
	EmployeeExternalID *string
	// CreatedSince belongs to the range, CreatedBefore does not.
	CreatedSince, CreatedBefore *time.Time
	// Channel narrows to those that went over it last.
	Channel *Channel
	// ContactID narrows to one Contact's Requests.
	ContactID string
}

// Requests lists Requests, newest first.
func (t *Tenant) Requests(ctx context.Context, page Page, filter RequestFilter) (*Connection[*Request], error) {
	if err := t.check(RequestsRead); err != nil {
		return nil, err
	}
	w, err := page.window("requests", 1)
	if err != nil {
		return nil, err
	}
	narrow := t.requestsWhere(filter)
	var rows []*Request
	// Ids sort by the time at which they were made.
	q, err := order{columns: []string{"id"}, desc: true}.apply(narrow(t.rows(&rows)), w)
	if err != nil {
		return nil, err
	}
	if err := q.Scan(ctx); err != nil {
		return nil, fmt.Errorf("read Requests: %w", err)
	}
	c := connect(rows, w, func(r *Request) []string { return []string{r.ID} })
	c.count = func(ctx context.Context) (*int, error) {
		return countUpTo(ctx, t.store, narrow(t.rows((*Request)(nil)).ColumnExpr("1")))
	}
	return c, nil
}

func (t *Tenant) requestsWhere(f RequestFilter) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		q = t.onlyMine(q, "contact_id")
		if f.Status != nil {
			q = q.Where("status = ?", *f.Status)
		}
		if f.Source != nil {
			q = q.Where("source = ?", *f.Source)
		}
		if f.EmployeeExternalID != nil {
			q = q.Where("employee_id = (?)", t.rows((*Employee)(nil)).Column("id").Where("external_id = ?", *f.EmployeeExternalID))
		}
		if f.CreatedSince != nil {
			q = q.Where("created_at >= ?", f.CreatedSince.UTC())
		}
		if f.CreatedBefore != nil {
			q = q.Where("created_at < ?", f.CreatedBefore.UTC())
		}
		if f.Channel != nil {
			q = q.Where("channel = ?", *f.Channel)
		}
		if f.ContactID != "" {
			q = q.Where("contact_id = ?", f.ContactID)
		}
		return q
	}
}

// DeliveriesOf reads the Deliveries of Requests, oldest first, by Request.
func (t *Tenant) DeliveriesOf(ctx context.Context, requestIDs []string) (map[string][]*Delivery, error) {
	if err := t.check(RequestsRead); err != nil {
		return nil, err
	}
	found := make(map[string][]*Delivery, len(requestIDs))
	if len(requestIDs) == 0 {
		return found, nil
	}
	var rows []*Delivery
	q := t.rows(&rows).ColumnExpr("delivery.*").ColumnExpr("r.delivered_at").
		Join("JOIN request AS r ON r.company_id = delivery.company_id AND r.mode = delivery.mode AND r.id = delivery.request_id").
		Where("delivery.request_id IN ?", bun.Tuple(requestIDs)).Order("delivery.id")
	if err := t.onlyMine(q, "r.contact_id").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read Deliveries: %w", err)
	}
	for _, d := range rows {
		d.prove()
		t.shownDelivery(d)
		found[d.RequestID] = append(found[d.RequestID], d)
	}
	return found, nil
}

// RequestLink is the Contact's own link into the Web App; nil to a Viewer who
// may not have it, and when the link was revoked.
func (t *Tenant) RequestLink(r *Request) *string {
	if t.check(RequestsLink) != nil || t.Viewer.Masked {
		return nil
	}
	token := t.store.requestToken(r)
	if !bytes.Equal(tokenHash(token), r.TokenHash) {
		return nil
	}
	return ptr(t.linkOf(token))
}

// requestToken derives the token of a Request's link.
func (s *Store) requestToken(r *Request) string { return s.token("request", r.ID, r.Generation) }

// linkOf is the address in the Web App that a token opens.
func (t *Tenant) linkOf(token string) string { return t.store.BaseOf(t.Company) + "/u/" + token }
