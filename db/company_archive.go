package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// ArchiveCompany archives a Company of the Tenant's Customer, the Tenant's own
// where id is nil, or takes that back. An archived one keeps its data; nothing
// of it is sent, its links open nothing, its API keys stop working, and what its
// Users may see they cannot change. It takes a CUSTOMER_ADMIN, else it fails
// with FORBIDDEN. Twice is no error.
func (t *Tenant) ArchiveCompany(ctx context.Context, id *string, archived bool) (*Company, error) {
	if err := errors.Join(t.check(CompanyWrite), t.whole("archiving a Company")); err != nil {
		return nil, err
	}
	if err := t.liveOnly("a Company"); err != nil {
		return nil, err
	}
	if err := t.mustAdministerAll(ctx, "archives a Company"); err != nil {
		return nil, err
	}
	at := *t
	at.settings = nil
	var err error
	if at.Company, err = t.companyOfCustomer(ctx, t.store.read.DB, "id", deref(id)); err != nil {
		return nil, err
	}
	err = at.writeAlways(ctx, func(x *tx) error {
		if err := x.mustAdminister(ctx, "archives a Company"); err != nil {
			return err
		}
		x.touch(at.Company.ID)
		change := "archived_at = NULL, version = version + 1, updated_at = $2 WHERE id = $1 AND archived_at IS NOT NULL"
		if archived {
			change = "archived_at = $2, version = version + 1, updated_at = $2 WHERE id = $1 AND archived_at IS NULL"
		}
		if _, err := x.exec(ctx, "UPDATE company SET "+change, x.company, x.now); err != nil {
			return fmt.Errorf("archive a Company: %w", err)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return t.store.company(ctx, at.Company.ID)
}

// companyOfCustomer reads a Company of the Tenant's Customer by its id, the
// Tenant's own where that is ""; NOT_FOUND if there is none.
func (t *Tenant) companyOfCustomer(ctx context.Context, q querier, field, id string) (*Company, error) {
	if id == "" {
		id = t.Company.ID
	}
	c := new(Company)
	err := q.QueryRowContext(ctx, "SELECT "+companyColumns+" FROM company AS o WHERE o.customer_id = $1 AND o.public_id = $2",
		t.store.engine.args([]any{t.Company.CustomerID, id})...).Scan(c.into()...)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, NotFound(field, "there is no Company %.100q", id)
	}
	if err != nil {
		return nil, fmt.Errorf("read Company %s: %w", id, err)
	}
	return c, nil
}

// mustAdministerAll is mustAdminister before a transaction, so that whoever may
// not learns nothing of what there is.
func (t *Tenant) mustAdministerAll(ctx context.Context, does string) error {
	if t.Viewer.Kind == SystemViewer {
		return nil
	}
	u, err := t.OwnUser(ctx)
	if err != nil || u != nil && u.administers() {
		return err
	}
	return onlyForAll(does)
}

func onlyForAll(does string) error {
	return fail(Forbidden, "", "only a CUSTOMER_ADMIN %s; an API key speaks for one Company", does)
}

// mustAdminister fails unless the Viewer administers the whole Customer.
func (x *tx) mustAdminister(ctx context.Context, does string) error {
	everywhere, err := x.isCustomerAdmin(ctx)
	if err == nil && !everywhere {
		err = onlyForAll(does)
	}
	return err
}

// open fails with CONFLICT for an archived Company.
func (t *Tenant) open() error {
	if t.Company.ArchivedAt == nil {
		return nil
	}
	return Conflict("", "the Company %s is archived; unarchive it first", t.Company.Name)
}
