package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// A Tenant is a handle on one Company's data, live or test, for one Viewer:
// the only way to that data. Its methods check the Viewer's rights.
type Tenant struct {
	store   *Store
	Company *Company
	Mode    Mode
	Viewer  Viewer
	// settings are the Company's as they were when the Tenant was made; nil
	// where nobody has looked.
	settings *settings
}

// check fails with FORBIDDEN unless the Viewer has the right.
func (t *Tenant) check(right Right) error {
	if t.Viewer.May(right) {
		return nil
	}
	return fail(Forbidden, "", "this needs the right %s, which the caller does not have", right)
}

// AddressOf is where a file of this installation is found from elsewhere, for
// its path here; nil for nil.
func (t *Tenant) AddressOf(path *string) *string {
	if path == nil {
		return nil
	}
	return ptr(t.store.baseURL + *path)
}

// liveOnly fails in test mode, for what exists once for both modes.
func (t *Tenant) liveOnly(what string) error {
	if t.Mode == Live {
		return nil
	}
	return fail(LiveOnly, "", "live and test mode share %s, so it takes a live key to change it", what)
}

// Now tells the time by the Store's clock.
func (t *Tenant) Now() time.Time { return t.store.now() }

// ref names the Tenant in a job's arguments.
func (t *Tenant) ref() TenantRef { return TenantRef{CompanyID: t.Company.ID, Mode: t.Mode} }

// source returns the Source that a call means: the one it names, else the
// API key's own, else the central CRM. An unknown one is NOT_FOUND, another
// than the one that the key is bound to FORBIDDEN.
func (t *Tenant) source(ctx context.Context, q querier, named *string) (string, error) {
	key := t.Viewer.Source
	if named != nil && *named != "" {
		key = *named
	}
	if own := t.bound().source; own != "" && key != own {
		return "", fail(Forbidden, "source", "the caller is bound to the Source %q; leave source out", own)
	}
	if key == "" || key == crm {
		return crm, nil
	}
	var found string
	err := q.QueryRowContext(ctx, "SELECT key FROM source WHERE company_id = $1 AND key = $2",
		t.store.engine.args([]any{t.Company.Key, key})...).Scan(&found)
	if errors.Is(err, sql.ErrNoRows) {
		return "", NotFound("source", "there is no Source %q; make it by sourceSave, or leave it out for the central CRM, %q", key, crm)
	}
	return found, err
}

// Work gives the system's Tenant for a job. It fails with NOT_FOUND when the
// Company is gone.
func (s *Store) Work(ctx context.Context, ref TenantRef) (*Tenant, error) {
	c, err := s.company(ctx, ref.CompanyID)
	if err != nil {
		return nil, err
	}
	if c == nil {
		return nil, NotFound("companyId", "there is no Company %s", ref.CompanyID)
	}
	return &Tenant{store: s, Company: c, Mode: ref.Mode, Viewer: Viewer{Kind: SystemViewer, Rights: append(AllScopes(), workRight)}}, nil
}

// WorkOn gives the system's Tenant for a Company that an operator names by id
// or slug. It fails with NOT_FOUND when there is none.
func (s *Store) WorkOn(ctx context.Context, company string, mode Mode) (*Tenant, error) {
	var id string
	err := s.read.DB.QueryRowContext(ctx, "SELECT public_id FROM company WHERE public_id = $1 OR slug = $1", s.engine.args([]any{company})...).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, NotFound("company", "there is no Company %.100q; name it by its id or its slug", company)
	}
	if err != nil {
		return nil, fmt.Errorf("find the Company: %w", err)
	}
	return s.Work(ctx, TenantRef{CompanyID: id, Mode: mode})
}

// Attended reports whether some process works jobs off on this database. River
// has one of them lead, which renews its lead every 5 s for 15 s to come and
// gives it up when it stops: one that was killed counts for that long.
func (s *Store) Attended(ctx context.Context) (bool, error) {
	now := "now()" // the clock that River goes by is the database's own
	if s.engine == onSQLite {
		now = "datetime('now', 'subsec')"
	}
	var n int
	err := s.read.DB.QueryRowContext(ctx, "SELECT count(*) FROM river_leader WHERE expires_at > "+now).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("see whether a server runs: %w", err)
	}
	return n > 0, nil
}

// rows narrows a query to the Tenant's own rows. Every list begins with it.
func (t *Tenant) rows(model any) *bun.SelectQuery {
	return t.store.read.NewSelect().Model(model).
		Where("?TableAlias.company_id = ?", t.Company.Key).Where("?TableAlias.mode = ?", t.Mode)
}

// read runs a plain SELECT outside a transaction.
func (t *Tenant) read(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return t.store.read.DB.QueryContext(ctx, query, t.store.engine.args(args)...)
}

// one scans what a query finds into its model, and reports whether there was a row.
func one(ctx context.Context, q *bun.SelectQuery) (bool, error) {
	err := q.Limit(1).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read %s: %w", q.GetModel().Value(), err)
	}
	return true, nil
}
