package graph

import (
	"context"

	"complero/db"
	"complero/graph/model"
)

func (viewerResolver) Desk(ctx context.Context, t *db.Tenant) (*db.Desk, error) { return t.Desk(ctx) }

func (mutationResolver) EventsMarkSeen(ctx context.Context, in model.EventsMarkSeenInput) (*model.DeskPayload, error) {
	return deskPayload(tenant(ctx).MarkSeen(ctx, db.Seen{IDs: in.Ids, Through: in.Through}))
}

func (mutationResolver) EmployeeMailsSave(ctx context.Context, in model.EmployeeMailsSaveInput) (*model.DeskPayload, error) {
	return deskPayload(tenant(ctx).ChooseMails(ctx, in.Mails))
}

func deskPayload(d *db.Desk, err error) (*model.DeskPayload, error) {
	errs, err := userErrors(err)
	return &model.DeskPayload{Desk: d, UserErrors: errs}, err
}
