package db

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// An Employee looks after Contacts and stands as the sender of their
// Requests: a person, or a team that goes by its DisplayName alone.
type Employee struct {
	bun.BaseModel `bun:"table:employee,alias:employee"`

	CompanyID   int64  `bun:",pk"`
	Mode        Mode   `bun:",pk"`
	ID          string `bun:",pk"`
	ExternalID  string
	DisplayName string
	GivenName   *string
	FamilyName  *string
	Email       *string
	Phone       *string
	JobTitle    *string
	PhotoURL    *string `bun:"photo_url"`
	// PhotoSource is where the picture was to be had when it was uploaded.
	PhotoSource *string
	// Source is the key of the one whose Employee it is.
	Source    string
	SortName  string
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Employee returns one by id or externalId; nil if there is none.
func (t *Tenant) Employee(ctx context.Context, id, externalID *string) (*Employee, error) {
	if err := t.check(EmployeesRead); err != nil {
		return nil, err
	}
	e := new(Employee)
	q := t.rows(e)
	switch {
	case id != nil && externalID != nil:
		return nil, fail(Invalid, "externalId", "name the Employee by id or by externalId, not both")
	case id != nil:
		q = q.Where("id = ?", *id)
	case externalID != nil:
		q = q.Where("external_id = ?", *externalID)
	default:
		return nil, fail(Required, "externalId", "name the Employee by id or externalId")
	}
	found, err := one(ctx, q)
	if err != nil || !found || !t.employs(e) {
		return nil, err
	}
	return e, nil
}

// EmployeesByID reads Employees by id, for those who have many to show at once.
func (t *Tenant) EmployeesByID(ctx context.Context, ids []string) (map[string]*Employee, error) {
	if err := t.check(EmployeesRead); err != nil {
		return nil, err
	}
	return t.knownEmployees(ctx, ids)
}

func (t *Tenant) employeesBy(ctx context.Context, column string, values []string) (map[string]*Employee, error) {
	found := map[string]*Employee{}
	if len(values) == 0 {
		return found, nil
	}
	engine := t.store.engine
	query, wanted := engine.find(employeeColumns, "employee", "company_id = $1 AND mode = $2", column, 3, values)
	err := t.store.scanHot(ctx, query, []any{t.Company.Key, t.Mode, wanted}, func(r rowScanner) error {
		e := &Employee{CompanyID: t.Company.Key, Mode: t.Mode}
		err := r.Scan(&e.ID, &e.ExternalID, &e.DisplayName, &e.GivenName, &e.FamilyName, &e.Email, &e.Phone, &e.JobTitle,
			&e.PhotoURL, &e.PhotoSource, &e.Source, &e.SortName, &e.CreatedAt, &e.UpdatedAt)
		if err != nil || !t.employs(e) {
			return err
		}
		if column == "id" {
			found[e.ID] = e
		} else {
			found[e.ExternalID] = e
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read Employees: %w", err)
	}
	return found, nil
}

// employeeColumns are all but those that tell whose Employee it is.
const employeeColumns = `id, external_id, display_name, given_name, family_name, email, phone, job_title,
	photo_url, photo_source, source, sort_name, created_at, updated_at`

// EmployeeFilter narrows a list of Employees.
type EmployeeFilter struct {
	// Search is a part of the name, the externalId or the e-mail address.
	Search *string
}

// Employees lists Employees by name.
func (t *Tenant) Employees(ctx context.Context, page Page, filter EmployeeFilter) (*Connection[*Employee], error) {
	if err := t.check(EmployeesRead); err != nil {
		return nil, err
	}
	w, err := page.window("employees", 2)
	if err != nil {
		return nil, err
	}
	var rows []*Employee
	narrow := func(q *bun.SelectQuery) *bun.SelectQuery {
		q = t.onlyEmployed(q)
		if filter.Search == nil || *filter.Search == "" {
			return q
		}
		like := likePattern(*filter.Search)
		return q.Where(`(sort_name LIKE ? ESCAPE '\' OR lower(external_id) LIKE ? ESCAPE '\' OR lower(coalesce(email, '')) LIKE ? ESCAPE '\')`, like, like, like)
	}
	q, err := order{columns: []string{"sort_name", "id"}}.apply(narrow(t.rows(&rows)), w)
	if err != nil {
		return nil, err
	}
	if err := q.Scan(ctx); err != nil {
		return nil, fmt.Errorf("read Employees: %w", err)
	}
	c := connect(rows, w, func(e *Employee) []string { return []string{e.SortName, e.ID} })
	c.count = func(ctx context.Context) (*int, error) {
		n, err := narrow(t.rows((*Employee)(nil))).Count(ctx)
		return ptr(int(n)), err
	}
	return c, nil
}
