package graph

import (
	"context"

	"complero/db"
	"complero/graph/model"
)

func (queryResolver) Operation(ctx context.Context, id string) (*db.Operation, error) {
	return tenant(ctx).Operation(ctx, id)
}

func (queryResolver) Operations(ctx context.Context, first *int, after *string, last *int, before *string) (*db.OperationConnection, error) {
	return tenant(ctx).Operations(ctx, page(first, after, last, before))
}

func (operationResolver) Errors(_ context.Context, op *db.Operation) ([]*db.Error, error) {
	return inInput(op.Errors), nil
}

// Items are read one Operation at a time, which is why they cost like a field
// of Query: each Operation packs its own.
func (operationResolver) Items(ctx context.Context, op *db.Operation, first *int, after *string, last *int, before *string, filter *model.OperationItemFilter) (*db.OperationItemConnection, error) {
	c, err := tenant(ctx).OperationItems(ctx, op, page(first, after, last, before), db.OperationItemFilter(orZero(filter)))
	return noted(c, err, &rowsOf(ctx).items)
}

func (operationItemResolver) Errors(_ context.Context, i *db.OperationItem) ([]*db.Error, error) {
	return inInput(i.Errors), nil
}

func (operationItemResolver) Contact(ctx context.Context, i *db.OperationItem) (*db.Contact, error) {
	r := rowsOf(ctx)
	return r.contactByID.get(ctx, i.ContactID, func() []string {
		return keysOf(r.items.of(i), func(i *db.OperationItem) string { return i.ContactID })
	})
}

func (operationItemResolver) Employee(ctx context.Context, i *db.OperationItem) (*db.Employee, error) {
	r := rowsOf(ctx)
	return r.employeeByID.get(ctx, i.EmployeeID, func() []string {
		return keysOf(r.items.of(i), func(i *db.OperationItem) string { return i.EmployeeID })
	})
}

func (mutationResolver) OperationCancel(ctx context.Context, in model.OperationCancelInput) (*model.OperationPayload, error) {
	return operationPayload(tenant(ctx).CancelOperation(ctx, in.ID))
}

func (mutationResolver) OperationConfirm(ctx context.Context, in model.OperationConfirmInput) (*model.OperationPayload, error) {
	return operationPayload(tenant(ctx).ConfirmOperation(ctx, in.ID))
}

// Operation is handed out by the stream, whenever it has changed.
func (subscriptionResolver) Operation(ctx context.Context, id string) (<-chan *db.Operation, error) {
	w, err := tenant(ctx).WatchOperation(ctx, id)
	if err != nil {
		return nil, err
	}
	values := make(chan *db.Operation, 1)
	follow(ctx, w.Changed(), w.Close, func(t *db.Tenant) (more bool, err error) {
		op, err := w.Operation(t)
		if err != nil {
			return false, err
		}
		values <- op
		return op.FinishedAt == nil, nil
	})
	return values, nil
}

func operationPayload(op *db.Operation, err error) (*model.OperationPayload, error) {
	errs, err := userErrors(err)
	return &model.OperationPayload{Operation: op, UserErrors: errs}, err
}
