package graph

import (
	"context"

	"complero/db"
	"complero/graph/model"
)

func (queryResolver) Employee(ctx context.Context, id, externalID *string) (*db.Employee, error) {
	return tenant(ctx).Employee(ctx, id, externalID)
}

func (queryResolver) Employees(ctx context.Context, first *int, after *string, last *int, before *string, filter *db.EmployeeFilter) (*db.EmployeeConnection, error) {
	c, err := tenant(ctx).Employees(ctx, page(first, after, last, before), orZero(filter))
	return noted(c, err, &rowsOf(ctx).employees)
}

func (employeeResolver) PhotoURL(ctx context.Context, e *db.Employee) (*string, error) {
	return tenant(ctx).AddressOf(e.PhotoURL), nil
}

func (employeeResolver) Contacts(ctx context.Context, e *db.Employee, first *int, after *string, last *int, before *string) (*db.ContactConnection, error) {
	r, p := rowsOf(ctx), page(first, after, last, before)
	list := r.employeeContacts.get(p, nil, func(ctx context.Context, employees []string) (map[string]*db.ContactConnection, error) {
		return together(&r.contacts)(tenant(ctx).ContactsOf(ctx, employees, p))
	})
	return list.get(ctx, e.ID, func() []string {
		return keysOf(r.employees.of(e), func(e *db.Employee) string { return e.ID })
	})
}

func (mutationResolver) EmployeesUpload(ctx context.Context, in model.EmployeesUploadInput) (*model.OperationPayload, error) {
	upload := db.EmployeesUpload{Employees: in.Employees.JSON, Count: in.Employees.Count, Source: in.Source, IdempotencyKey: in.IdempotencyKey}
	return operationPayload(tenant(ctx).UploadEmployees(ctx, upload))
}

func (mutationResolver) EmployeesDelete(ctx context.Context, in model.EmployeesDeleteInput) (*model.OperationPayload, error) {
	return operationPayload(tenant(ctx).DeleteEmployees(ctx, db.EmployeesDelete{ExternalIDs: in.ExternalIds, ReassignTo: in.ReassignTo, IdempotencyKey: in.IdempotencyKey}))
}
