package graph

import (
	"context"
	"encoding/json"

	"complero/db"
	"complero/db/profile"
	"complero/graph/model"
)

func (queryResolver) Events(ctx context.Context, first *int, after *string, last *int, before *string, filter *db.EventFilter) (*db.EventConnection, error) {
	c, err := tenant(ctx).Events(ctx, page(first, after, last, before), orZero(filter))
	return noted(c, err, &rowsOf(ctx).events)
}

func (eventResolver) Contact(ctx context.Context, e *db.Event) (*db.Contact, error) {
	return besideEvent(ctx, e, rowsOf(ctx).contactByID, func(e *db.Event) string { return e.ContactID })
}

func (eventResolver) Employee(ctx context.Context, e *db.Event) (*db.Employee, error) {
	return besideEvent(ctx, e, rowsOf(ctx).employeeByID, func(e *db.Event) string { return e.EmployeeID })
}

func (eventResolver) Request(ctx context.Context, e *db.Event) (*db.Request, error) {
	return besideEvent(ctx, e, rowsOf(ctx).requestByID, func(e *db.Event) string { return e.RequestID })
}

func (eventResolver) Consent(ctx context.Context, e *db.Event) (*db.Consent, error) {
	return besideEvent(ctx, e, rowsOf(ctx).consentByID, func(e *db.Event) string { return e.ConsentID })
}

func (eventResolver) Operation(ctx context.Context, e *db.Event) (*db.Operation, error) {
	return besideEvent(ctx, e, rowsOf(ctx).operationByID, func(e *db.Event) string { return e.OperationID })
}

func (eventResolver) Changes(ctx context.Context, e *db.Event) ([]*profile.Change, error) {
	values, err := valuesOf(ctx, e)
	changes := []*profile.Change{}
	if values != nil {
		for i := range values.Changes {
			changes = append(changes, &values.Changes[i])
		}
	}
	return changes, err
}

func (eventResolver) Metadata(ctx context.Context, e *db.Event) (json.RawMessage, error) {
	values, err := valuesOf(ctx, e)
	if values == nil {
		return nil, err
	}
	return values.Metadata, err
}

func valuesOf(ctx context.Context, e *db.Event) (*db.EventValues, error) {
	return besideEvent(ctx, e, rowsOf(ctx).valuesOf, func(e *db.Event) int64 { return e.Number })
}

// besideEvent reads what an event points to, for all events that were read with it.
func besideEvent[K comparable, V any](ctx context.Context, e *db.Event, l *loader[K, V], key func(*db.Event) K) (V, error) {
	return l.get(ctx, key(e), func() []K { return keysOf(rowsOf(ctx).events.of(e), key) })
}

func (mutationResolver) EventsAcknowledge(ctx context.Context, in model.EventsAcknowledgeInput) (*model.EventsAcknowledgePayload, error) {
	n, err := tenant(ctx).Acknowledge(ctx, db.Acknowledgement(in))
	errs, err := userErrors(err)
	return &model.EventsAcknowledgePayload{Acknowledged: n, UserErrors: errs}, err
}
