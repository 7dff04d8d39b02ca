package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// A SignedIn is somebody who has signed in: what they may do about themselves,
// and the way to the Companies that they work in.
type SignedIn struct {
	store   *Store
	User    *User
	Session *Session
}

// SignedIn returns who is signed in in a session; nil when nobody is.
func (s *Store) SignedIn(ctx context.Context, v *Session) (*SignedIn, error) {
	if v == nil || v.UserID == nil {
		return nil, nil
	}
	u, err := s.user(ctx, *v.UserID)
	if err != nil || u == nil {
		return nil, err
	}
	return &SignedIn{store: s, User: u, Session: v}, nil
}

func (s *Store) user(ctx context.Context, id string) (*User, error) {
	u := new(User)
	found, err := one(ctx, s.read.NewSelect().Model(u).Where("id = ?", id).Where("removed_at IS NULL"))
	if err != nil || !found {
		return nil, err
	}
	return u, nil
}

// Sessions lists where the User is signed in, the latest first.
func (u *SignedIn) Sessions(ctx context.Context) ([]*Session, error) {
	var all []*Session
	err := u.store.read.NewSelect().Model(&all).Column("id", "user_id", "address", "agent", "created_at", "seen_at").
		Where("user_id = ?", u.User.ID).Order("id DESC").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read sessions: %w", err)
	}
	now, open := u.store.now(), all[:0]
	for _, v := range all {
		if now.Before(v.ends()) {
			open = append(open, v)
		}
	}
	return open, nil
}

// EndOwnSession signs the User out elsewhere, or here. NOT_FOUND if it is not theirs.
func (u *SignedIn) EndOwnSession(ctx context.Context, id string) error {
	done, err := u.store.write.DB.ExecContext(ctx, "DELETE FROM session WHERE id = $1 AND user_id = $2", u.store.engine.args([]any{id, u.User.ID})...)
	if err != nil {
		return fmt.Errorf("end a session: %w", err)
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, NotFound("id", "there is no session %.100q", id))
	}
	return nil
}

// Companies lists those of their Customer that the User works in, by name.
func (u *SignedIn) Companies(ctx context.Context) ([]*Company, error) {
	var all []*Company
	if err := u.store.read.NewSelect().Model(&all).Where("customer_id = ?", u.User.CustomerID).Order("name", "id").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read Companies: %w", err)
	}
	mine := all[:0]
	for _, c := range all {
		if u.User.in(c.ID) {
			mine = append(mine, c)
		}
	}
	return mine, nil
}

// Tenant opens a Company, by its slug or id, as the User may see it. A
// Company that they have no role in is NOT_FOUND.
func (u *SignedIn) Tenant(ctx context.Context, company string, mode Mode) (*Tenant, error) {
	unknown := NotFound("company", "there is no Company %.100q", company)
	var key, version int64
	err := u.store.rowHot(ctx, "SELECT id, version FROM company WHERE customer_id = $1 AND (public_id = $2 OR slug = $2)",
		[]any{u.User.CustomerID, company}, &key, &version)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, unknown
	}
	if err != nil {
		return nil, fmt.Errorf("find a Company: %w", err)
	}
	set, err := u.store.settings(ctx, key, version)
	if err != nil {
		return nil, err
	}
	viewer := viewerIn(u.User.ID, set.company.ID, u.User.Roles)
	if len(viewer.Rights) == 0 || viewer.Kind == EmployeeViewer && !set.company.EmployeePages {
		return nil, unknown
	}
	return &Tenant{store: u.store, Company: set.company, Mode: mode, Viewer: viewer, settings: set}, nil
}

// renewUser is Renew for a User: with the roles that they have now.
func (t *Tenant) renewUser(ctx context.Context) (*Tenant, error) {
	ended := fail(Unauthenticated, "", "the User that this began with may no longer see this Company; sign in again")
	u, err := t.store.user(ctx, t.Viewer.UserID)
	if err != nil {
		return nil, err
	}
	if u == nil {
		return nil, ended
	}
	again, err := (&SignedIn{store: t.store, User: u}).Tenant(ctx, t.Company.ID, t.Mode)
	if CodeOf(err) == NotFoundCode {
		return nil, ended
	}
	return again, err
}
