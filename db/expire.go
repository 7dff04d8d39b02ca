package db

import (
	"context"
	"fmt"
)

// expireBatch is how many Requests expire in one transaction.
const expireBatch = 500

// Expire ends the Requests of all Companies whose time has passed without an
// answer, and returns how many there were; and the Proposals that nobody has
// confirmed in time.
func (s *Store) Expire(ctx context.Context) (int, error) {
	refs, err := s.tenantRefs(ctx, `SELECT DISTINCT o.public_id, r.mode FROM request AS r JOIN company AS o ON o.id = r.company_id
		WHERE NOT r.settled AND r.expires_at <= $1`, s.now())
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
			expired, settled, err := t.expire(ctx)
			if err != nil {
				return total, fmt.Errorf("expire Requests of %s: %w", ref.CompanyID, err)
			}
			total += expired
			more = settled == expireBatch
		}
	}
	if _, err := s.expireProposals(ctx); err != nil {
		return total, err
	}
	return total, nil
}

// expire settles one batch of the Tenant's Requests whose time has passed,
// leaving out those that are being answered at this moment, and ends those of
// them that have no answer.
func (t *Tenant) expire(ctx context.Context) (expired, settled int, err error) {
	err = t.write(ctx, workRight, func(x *tx) error {
		requests, err := x.lockPassed(ctx)
		if settled = len(requests); err != nil || settled == 0 {
			return err
		}
		all := make([]string, 0, settled)
		var ended []string
		changed := map[string]*sentRequest{}
		for _, r := range requests {
			all = append(all, r.ID)
			switch r.Status {
			case RequestPending, RequestSent, RequestDelivered:
				r.Status, r.changed = RequestExpired, true
				changed[r.ID], ended = r, append(ended, r.ID)
				x.record(requestEvent(RequestExpiredEvent, r.Request, r.contact))
			}
		}
		expired = len(ended)
		if err := x.saveRequests(ctx, changed); err != nil {
			return err
		}
		if err := x.settle(ctx, all); err != nil || expired == 0 {
			return err
		}
		return x.dropQueued(ctx, ended, "expired before it went out")
	})
	return expired, settled, err
}

// settle marks locked Requests as those that nothing can happen to any more.
func (x *tx) settle(ctx context.Context, ids []string) error {
	in, args := x.engine.oneOf("id", 3, ids)
	_, err := x.exec(ctx, "UPDATE request SET settled = true WHERE company_id = $1 AND mode = $2 AND "+in, append([]any{x.company, x.mode}, args...)...)
	if err != nil {
		return fmt.Errorf("settle Requests: %w", err)
	}
	return nil
}

func (x *tx) lockPassed(ctx context.Context) ([]*sentRequest, error) {
	rows, err := x.query(ctx, "SELECT "+requestColumns+` FROM request AS r WHERE r.company_id = $1 AND r.mode = $2
		AND NOT r.settled AND r.expires_at <= $3 ORDER BY r.id LIMIT $4`+x.engine.lockingFree(),
		x.company, x.mode, x.now, expireBatch)
	list, err := x.scanRequests(rows, err)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list, x.addKeys(ctx, list)
}
