package db

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// A UserTrace tells by how many passkeys a User can sign in, and when they were
// last here.
type UserTrace struct {
	Passkeys int
	// SeenAt is to about a minute; nil where no session of the last week tells.
	SeenAt *time.Time
}

// UserTraces reads those of Users of the Tenant's Customer, by id. Whoever may
// not see the team sees their own.
func (t *Tenant) UserTraces(ctx context.Context, ids []string) (map[string]*UserTrace, error) {
	if len(ids) != 1 || ids[0] != t.Viewer.UserID {
		if err := errors.Join(t.check(TeamRead), t.whole("seeing its team")); err != nil {
			return nil, err
		}
	}
	traces := make(map[string]*UserTrace, len(ids))
	for _, id := range ids {
		traces[id] = new(UserTrace)
	}
	var keys []*Passkey
	err := t.ofUsers(&keys, ids).Column("user_id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("count passkeys: %w", err)
	}
	for _, k := range keys {
		traces[k.UserID].Passkeys++
	}
	var sessions []*Session
	if err := t.ofUsers(&sessions, ids).Column("user_id", "seen_at").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read sessions: %w", err)
	}
	for _, s := range sessions {
		if trace := traces[deref(s.UserID)]; trace.SeenAt == nil || s.SeenAt.After(*trace.SeenAt) {
			trace.SeenAt = &s.SeenAt
		}
	}
	return traces, nil
}

// ofUsers selects rows of Users of the Tenant's Customer.
func (t *Tenant) ofUsers(model any, ids []string) *bun.SelectQuery {
	return t.store.read.NewSelect().Model(model).
		Where("user_id IN (SELECT id FROM app_user WHERE customer_id = ? AND id IN (?))", t.Company.CustomerID, bun.List(ids))
}
