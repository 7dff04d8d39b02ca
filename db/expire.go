package db

import (
	"context"
	"fmt"
)

// expireBatch is how many Requests expire in one transaction.
const expireBatch = 500

// Expire ends the Requests of all Companies whose time has passed without an
// answer, and returns how many there were.
func (s *Store) Expire(ctx context.Context) (int, error) {
	refs, err := s.tenantRefs(ctx, `SELECT DISTINCT o.public_id, r.mode FROM request AS r JOIN company AS o ON o.id = r.company_id
		WHERE r.status IN ('PENDING', 'SENT', 'DELIVERED') AND r.expires_at <= $1`, s.now())
	if err != nil {
		return 0, fmt.Errorf("find expired Requests: %w", err)
	}
	total := 0
	for _, ref := range refs {
		t, err := s.Work(ctx, ref)
		if err != nil {
			return total, err
		}
		for more := true; more; {
			n, err := t.expire(ctx)
			if err != nil {
				return total, fmt.Errorf("expire Requests of %s: %w", ref.CompanyID, err)
			}
			total += n
			more = n == expireBatch
		}
	}
	return total, nil
}

// expire ends one batch of the Tenant's Requests, leaving out those that are
// being answered at this moment.
func (t *Tenant) expire(ctx context.Context) (int, error) {
	n := 0
	err := t.write(ctx, workRight, func(x *tx) error {
		requests, err := x.lockExpired(ctx)
		if err != nil || len(requests) == 0 {
			n = 0
			return err
		}
		n = len(requests)
		ids := make([]string, n)
		found := make(map[string]*sentRequest, n)
		for i, r := range requests {
			r.Status, r.changed = RequestExpired, true
			ids[i], found[r.ID] = r.ID, r
			x.record(requestEvent(RequestExpiredEvent, r.Request, r.contact()))
		}
		if err := x.saveRequests(ctx, found); err != nil {
			return err
		}
		return x.dropQueued(ctx, ids, "expired before it went out")
	})
	return n, err
}

func (x *tx) lockExpired(ctx context.Context) ([]*sentRequest, error) {
	rows, err := x.query(ctx, "SELECT "+requestColumns+` FROM request AS r WHERE r.company_id = $1 AND r.mode = $2
		AND r.status IN ('PENDING', 'SENT', 'DELIVERED') AND r.expires_at <= $3 ORDER BY r.id LIMIT $4`+x.engine.lockingFree(),
		x.company, x.mode, x.now, expireBatch)
	list, err := x.scanRequests(rows, err)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list, x.addKeys(ctx, list)
}
