package db

import (
	"context"
	"fmt"
	"strings"

	"github.com/uptrace/bun"

	"complero/db/profile"
)

// AuditNames are what people call whoever and whatever the audit log names by
// ids, as far as it is still there and the Viewer may read it: Users, API keys,
// Contacts, Employees and Companies.
func (t *Tenant) AuditNames(ctx context.Context, ids []string) (map[string]string, error) {
	if err := t.check(AuditRead); err != nil {
		return nil, err
	}
	of := map[string][]string{}
	for _, id := range firsts(ids) {
		noun, _, _ := strings.Cut(id, "_")
		of[noun] = append(of[noun], id)
	}
	names := map[string]string{}
	err := t.storedNames(ctx, names, (*User)(nil), "id", "customer_id", t.Company.CustomerID, of["user"])
	if err == nil {
		err = t.storedNames(ctx, names, (*APIKey)(nil), "id", "company_id", t.Company.Key, of["key"])
	}
	if err == nil {
		err = t.storedNames(ctx, names, (*Company)(nil), "public_id", "customer_id", t.Company.CustomerID, of["company"])
	}
	if err != nil {
		return nil, err
	}
	if t.Viewer.May(ContactsRead) && len(of["contact"]) > 0 {
		contacts, err := t.ContactsByID(ctx, of["contact"])
		if err != nil {
			return nil, err
		}
		for id, c := range contacts {
			names[id] = c.DisplayName()
		}
	}
	if t.Viewer.May(EmployeesRead) && len(of["employee"]) > 0 {
		employees, err := t.EmployeesByID(ctx, of["employee"])
		if err != nil {
			return nil, err
		}
		for id, e := range employees {
			names[id] = e.DisplayName
		}
	}
	return names, nil
}

// storedNames reads names by ids, of rows whose owner is the Tenant's own.
func (t *Tenant) storedNames(ctx context.Context, names map[string]string, model any, id, owner string, own any, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	var rows []struct{ ID, Name string }
	err := t.store.read.NewSelect().Model(model).ColumnExpr("? AS id, name", bun.Ident(id)).
		Where("? = ?", bun.Ident(owner), own).Where("? IN (?)", bun.Ident(id), bun.List(ids)).Scan(ctx, &rows)
	if err != nil {
		return fmt.Errorf("read the audit log's names: %w", err)
	}
	for _, r := range rows {
		names[r.ID] = r.Name
	}
	return nil
}

// viewersNamed finds Users and API keys by a part of their name or address,
// whatever its case and accents, or by their id; those too that have gone.
func (t *Tenant) viewersNamed(ctx context.Context, part string) ([]string, error) {
	found := []string{part}
	part = profile.FoldName(part)
	var users []*User
	err := t.store.read.NewSelect().Model(&users).Column("id", "name", "email").Where("customer_id = ?", t.Company.CustomerID).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("find Users: %w", err)
	}
	for _, u := range users {
		if strings.Contains(profile.FoldName(u.Name), part) || strings.Contains(u.Email, strings.ToLower(part)) {
			found = append(found, u.ID)
		}
	}
	var keys []*APIKey
	if err := t.store.read.NewSelect().Model(&keys).Column("id", "name").Where("company_id = ?", t.Company.Key).Scan(ctx); err != nil {
		return nil, fmt.Errorf("find API keys: %w", err)
	}
	for _, k := range keys {
		if strings.Contains(profile.FoldName(k.Name), part) {
			found = append(found, k.ID)
		}
	}
	return found, nil
}
