package db

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"
)

// A Customer is the firm that buys; it operates one Company or several.
type Customer struct {
	bun.BaseModel `bun:"table:customer"`

	ID        string `bun:",pk"`
	Name      string
	CreatedAt time.Time
}

// Customer returns the firm that the Tenant's Company belongs to.
func (t *Tenant) Customer(ctx context.Context) (*Customer, error) {
	if err := t.check(CompanyRead); err != nil {
		return nil, err
	}
	c := new(Customer)
	found, err := one(ctx, t.store.read.NewSelect().Model(c).Where("id = ?", t.Company.CustomerID))
	if err != nil || !found {
		return nil, err
	}
	return c, nil
}

// CustomerOf returns the firm that a User works for.
func (s *Store) CustomerOf(ctx context.Context, u *User) (*Customer, error) {
	c := new(Customer)
	if err := s.read.NewSelect().Model(c).Where("id = ?", u.CustomerID).Scan(ctx); err != nil {
		return nil, fmt.Errorf("read a User's Customer: %w", err)
	}
	return c, nil
}

// Companies returns the Companies of the Tenant's Customer that its Viewer may see. An API
// key is one Company's and sees that one; a User sees those where they have a role.
func (t *Tenant) Companies(ctx context.Context) ([]*Company, error) {
	if err := t.check(CompanyRead); err != nil {
		return nil, err
	}
	if t.Viewer.UserID == "" {
		return []*Company{t.Company}, nil
	}
	u, err := t.store.user(ctx, t.Viewer.UserID)
	if err != nil || u == nil {
		return nil, err
	}
	return (&SignedIn{store: t.store, User: u}).Companies(ctx)
}

// In is the Tenant of another Company of the Customer, as the Viewer may see it:
// the same one for the Tenant's own. NOT_FOUND where they have no role there.
func (t *Tenant) In(ctx context.Context, c *Company) (*Tenant, error) {
	if c.ID == t.Company.ID {
		return t, nil
	}
	if t.Viewer.UserID == "" {
		return nil, NotFound("id", "there is no Company %.100q", c.ID)
	}
	u, err := t.store.user(ctx, t.Viewer.UserID)
	if err != nil {
		return nil, err
	}
	if u == nil {
		return nil, NotFound("id", "there is no Company %.100q", c.ID)
	}
	return (&SignedIn{store: t.store, User: u}).Tenant(ctx, c.ID, t.Mode)
}

// customerNamed finds the Customer of that name or makes it.
func customerNamed(ctx context.Context, tx bun.Tx, name string, now time.Time) (*Customer, error) {
	name = strings.TrimSpace(name)
	if name == "" {
		return nil, fail(Required, "customer", "a Customer needs a name")
	}
	c := &Customer{ID: newID("customer"), Name: name, CreatedAt: now}
	if _, err := tx.NewInsert().Model(c).On("CONFLICT (name) DO NOTHING").Exec(ctx); err != nil {
		return nil, err
	}
	return c, tx.NewSelect().Model(c).Where("name = ?", name).Scan(ctx)
}
