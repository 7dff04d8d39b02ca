package graph

import (
	"context"

	"complero/db"
	"complero/graph/exec"
	"complero/graph/model"
)

func (queryResolver) Request(ctx context.Context, id string) (*db.Request, error) {
	return tenant(ctx).Request(ctx, id)
}

func (queryResolver) RequestByCheckCode(ctx context.Context, code string) (*db.Request, error) {
	return tenant(ctx).RequestByCheckCode(ctx, code)
}

func (queryResolver) Message(ctx context.Context, id string) (*db.OutboxMessage, error) {
	return tenant(ctx).Message(ctx, id)
}

func (queryResolver) Requests(ctx context.Context, first *int, after *string, last *int, before *string, filter *db.RequestFilter) (*db.RequestConnection, error) {
	c, err := tenant(ctx).Requests(ctx, page(first, after, last, before), orZero(filter))
	return noted(c, err, &rowsOf(ctx).requests)
}

func (requestResolver) Contact(ctx context.Context, q *db.Request) (*db.Contact, error) {
	r := rowsOf(ctx)
	c, err := r.contactByID.get(ctx, q.ContactID, func() []string {
		return keysOf(r.requests.of(q), func(q *db.Request) string { return q.ContactID })
	})
	if c == nil && err == nil {
		c = gone(q.ContactID, q.CreatedAt)
	}
	return c, err
}

func (requestResolver) Employee(ctx context.Context, q *db.Request) (*db.Employee, error) {
	r := rowsOf(ctx)
	return r.employeeByID.get(ctx, orZero(q.EmployeeID), func() []string {
		return keysOf(r.requests.of(q), func(q *db.Request) string { return orZero(q.EmployeeID) })
	})
}

// Ask is all there is where a Request does not narrow it.
func (requestResolver) Ask(_ context.Context, q *db.Request) ([]db.Ask, error) {
	if len(q.Ask) == 0 {
		return []db.Ask{db.AskPerson, db.AskAddress, db.AskDigital, db.AskCustom, db.AskConsents}, nil
	}
	return q.Ask, nil
}

func (requestResolver) Deliveries(ctx context.Context, q *db.Request) ([]*db.Delivery, error) {
	r := rowsOf(ctx)
	deliveries, err := r.deliveriesOf.get(ctx, q.ID, func() []string {
		return keysOf(r.requests.of(q), func(q *db.Request) string { return q.ID })
	})
	return orNone(deliveries), err
}

func (requestResolver) Messages(ctx context.Context, q *db.Request) ([]*db.OutboxMessage, error) {
	r := rowsOf(ctx)
	messages, err := r.messagesOf.get(ctx, q.ID, func() []string {
		return keysOf(r.requests.of(q), func(q *db.Request) string { return q.ID })
	})
	return orNone(messages), err
}

func (requestResolver) Link(ctx context.Context, q *db.Request) (*string, error) {
	return tenant(ctx).RequestLink(q), nil
}

func (requestItemResolver) Errors(_ context.Context, i *db.RequestItem) ([]*db.Error, error) {
	return inInput(i.Errors), nil
}

func (mutationResolver) RequestsCreate(ctx context.Context, in model.RequestsCreateInput) (*model.RequestsCreatePayload, error) {
	created, err := tenant(ctx).CreateRequests(ctx, db.RequestsCreate{
		ContactExternalIDs: in.ContactExternalIds, Source: in.Source, Whom: in.Whom, Channels: in.Channels, Ask: in.Ask,
		ExpiresAt: in.ExpiresAt, Text: in.Text, Note: in.Note, IdempotencyKey: in.IdempotencyKey,
	})
	errs, err := userErrors(err)
	payload := &model.RequestsCreatePayload{Requests: []*db.Request{}, Items: []*db.RequestItem{}, UserErrors: errs}
	if created != nil {
		payload.Requests, payload.Items, payload.Operation = created.Requests, created.Items, created.Operation
		rowsOf(ctx).requests.add(created.Requests)
	}
	return payload, err
}

func (queryResolver) RequestsPreview(ctx context.Context, in model.RequestsPreviewInput) (*db.RequestsPreview, error) {
	p, err := tenant(ctx).PreviewRequests(ctx, in.Whom)
	if errs := db.ErrorsOf(err); len(errs) > 0 && db.CodeOf(err) != db.Forbidden {
		return &db.RequestsPreview{Obstacles: errs}, nil
	}
	return p, err
}

type requestsPreviewResolver struct{}

func (resolver) RequestsPreview() exec.RequestsPreviewResolver { return requestsPreviewResolver{} }

// Sample is nobody to callers who may not see Contacts.
func (requestsPreviewResolver) Sample(ctx context.Context, p *db.RequestsPreview) (*db.Contact, error) {
	if p.SampleID == "" || !tenant(ctx).Viewer.May(db.ContactsRead) {
		return nil, nil
	}
	r := rowsOf(ctx)
	return r.contactByID.get(ctx, p.SampleID, func() []string { return []string{p.SampleID} })
}

func (requestsPreviewResolver) UserErrors(_ context.Context, p *db.RequestsPreview) ([]*db.Error, error) {
	return inInput(p.Obstacles), nil
}

func (mutationResolver) RequestCancel(ctx context.Context, in model.RequestCancelInput) (*model.RequestPayload, error) {
	request, err := tenant(ctx).CancelRequest(ctx, in.ID)
	errs, err := userErrors(err)
	return &model.RequestPayload{Request: request, UserErrors: errs}, err
}

func (mutationResolver) SandboxRespond(ctx context.Context, in model.SandboxRespondInput) (*model.SandboxRespondPayload, error) {
	respond := db.SandboxRespond{
		ContactExternalID: in.ContactExternalID, Source: in.Source, RequestID: in.RequestID,
		Confirm: orZero(in.Confirm), Stop: orZero(in.Stop), NotMe: orZero(in.NotMe), Deceased: orZero(in.Deceased), IdempotencyKey: in.IdempotencyKey,
	}
	if in.Data != nil {
		respond.Data = &in.Data.Input
	}
	for _, c := range in.Consents {
		respond.Consents = append(respond.Consents, db.ConsentDecision{Key: c.Key, Channel: c.Channel, Granted: c.Granted})
	}
	events, err := tenant(ctx).Respond(ctx, respond)
	rowsOf(ctx).events.add(events)
	errs, err := userErrors(err)
	return &model.SandboxRespondPayload{Events: orNone(events), UserErrors: errs}, err
}
