package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"
)

// A Cause is what a person or program asked for, from where: it goes with the
// context of a call, and what the call writes is put down to it.
type Cause struct {
	// Action is the API's name for it, such as contactsDelete.
	Action string
	// Address is the client's IP address.
	Address string
	// RequestID names the call, as the header of its answer does.
	RequestID string
}

type causeKey struct{}

// WithCause says why what follows is done.
func WithCause(ctx context.Context, c Cause) context.Context {
	return context.WithValue(ctx, causeKey{}, c)
}

func causeOf(ctx context.Context) Cause {
	c, _ := ctx.Value(causeKey{}).(Cause)
	return c
}

// An AuditEntry tells who did what, to whom, from where. Entries are only ever added.
type AuditEntry struct {
	bun.BaseModel `bun:"table:audit"`

	ID         string `bun:",pk"`
	At         time.Time
	Mode       Mode
	ViewerKind ViewerKind
	// ViewerID is the API key's, User's or Employee's id.
	ViewerID string
	Action   string
	// Targets are ids of what it was done to, as far as they were known.
	Targets   []string `bun:"type:json"`
	Address   string
	RequestID string
}

// maxTargets is how many targets an entry names.
const maxTargets = 100

// actor is who answers for what a Viewer does; "" for the system and for
// Contacts, whose answers the events tell.
func (v Viewer) actor() string {
	switch v.Kind {
	case APIKeyViewer:
		return v.KeyID
	case UserViewer, EmployeeViewer, OperatorViewer:
		return v.UserID
	default:
		return ""
	}
}

// touch names what the transaction changes, for the audit log, once each; "" is nothing.
func (x *tx) touch(ids ...string) {
	for _, id := range ids {
		if id != "" && len(x.touched) < maxTargets && !slices.Contains(x.touched, id) {
			x.touched = append(x.touched, id)
		}
	}
}

// writeAudit puts the transaction down to who asked for it: its targets are what
// was named, and the Contacts and Requests of the events that it wrote; without
// any, the Company itself.
func (x *tx) writeAudit(ctx context.Context) error {
	if x.tenant.Viewer.actor() == "" {
		return nil
	}
	for _, e := range x.events {
		x.touch(e.ContactID, e.RequestID)
	}
	if len(x.touched) == 0 {
		x.touch(x.tenant.Company.ID) // its settings, Brand or texts
	}
	if err := x.tenant.insertAudit(ctx, x.exec, x.touched, x.now); err != nil {
		return fmt.Errorf("write the audit log: %w", err)
	}
	return nil
}

// audited notes that the Viewer read what is logged when it is read.
func (t *Tenant) audited(ctx context.Context, ids ...string) error {
	exec := func(ctx context.Context, query string, args ...any) (sql.Result, error) {
		return t.store.write.DB.ExecContext(ctx, query, t.store.engine.args(args)...)
	}
	if err := t.insertAudit(ctx, exec, ids, t.store.now()); err != nil {
		return fmt.Errorf("write the audit log: %w", err)
	}
	return nil
}

// Taken notes in the audit log that a User took a file along. What a program
// takes, it takes every day, and changes nothing by it.
func (t *Tenant) Taken(ctx context.Context, file string) error {
	if t.Viewer.UserID == "" {
		return nil
	}
	return t.audited(ctx, file)
}

// executing is how a plain statement is run.
type executing func(ctx context.Context, query string, args ...any) (sql.Result, error)

func (t *Tenant) insertAudit(ctx context.Context, exec executing, targets []string, now time.Time) error {
	cause := causeOf(ctx)
	if len(targets) > maxTargets {
		targets = targets[:maxTargets]
	}
	_, err := exec(ctx, `INSERT INTO audit (id, customer_id, company_id, mode, at, viewer_kind, viewer_id, action, targets, address, request_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		newID("audit"), t.Company.CustomerID, t.Company.Key, t.Mode, now, string(t.Viewer.Kind), t.Viewer.actor(),
		cause.Action, jsonOf(targets), cause.Address, cause.RequestID)
	return err
}

// AuditFilter narrows the audit log; what is nil does not.
type AuditFilter struct {
	ViewerID, Action, Target *string
	// Viewer is a part of a User's name or address or of an API key's name, or
	// an id.
	Viewer       *string
	Since, Until *time.Time
}

// Audit lists who did what in the Tenant's Company, the latest first.
func (t *Tenant) Audit(ctx context.Context, page Page, filter AuditFilter) (*Connection[*AuditEntry], error) {
	if err := errors.Join(t.check(AuditRead), t.whole("reading its audit log")); err != nil {
		return nil, err
	}
	w, err := page.window("audit", 1)
	if err != nil {
		return nil, err
	}
	var rows []*AuditEntry
	q := filter.apply(t.store.read.NewSelect().Model(&rows).Where("company_id = ?", t.Company.Key))
	if filter.Viewer != nil {
		viewers, err := t.viewersNamed(ctx, *filter.Viewer)
		if err != nil {
			return nil, err
		}
		q = q.Where("viewer_id IN (?)", bun.List(viewers))
	}
	if q, err = (order{columns: []string{"id"}, desc: true}).apply(q, w); err != nil {
		return nil, err
	}
	if err := q.Scan(ctx); err != nil {
		return nil, fmt.Errorf("read the audit log: %w", err)
	}
	return connect(rows, w, func(e *AuditEntry) []string { return []string{e.ID} }), nil
}

func (f AuditFilter) apply(q *bun.SelectQuery) *bun.SelectQuery {
	if f.ViewerID != nil {
		q = q.Where("viewer_id = ?", *f.ViewerID)
	}
	if f.Action != nil {
		q = q.Where("action = ?", *f.Action)
	}
	if f.Target != nil {
		q = q.Where(`CAST(targets AS text) LIKE ? ESCAPE '\'`, `%"`+escapeLike(*f.Target)+`"%`)
	}
	if f.Since != nil {
		q = q.Where("at >= ?", f.Since.UTC())
	}
	if f.Until != nil {
		q = q.Where("at < ?", f.Until.UTC())
	}
	return q
}
