package graph

import (
	"context"

	"complero/db"
	"complero/graph/model"
)

func (queryResolver) Contact(ctx context.Context, id, externalID, source *string) (*db.Contact, error) {
	return tenant(ctx).Contact(ctx, db.ContactRef{ID: id, ExternalID: externalID, Source: source})
}

func (queryResolver) Contacts(ctx context.Context, first *int, after *string, last *int, before *string, filter *db.ContactFilter, by *db.ContactOrder) (*db.ContactConnection, error) {
	c, err := tenant(ctx).Contacts(ctx, page(first, after, last, before), orZero(filter), orZero(by))
	return noted(c, err, &rowsOf(ctx).contacts)
}

func (contactResolver) Employee(ctx context.Context, c *db.Contact) (*db.Employee, error) {
	r := rowsOf(ctx)
	return r.employeeByID.get(ctx, c.EmployeeID, func() []string {
		return keysOf(r.contacts.of(c), func(c *db.Contact) string { return c.EmployeeID })
	})
}

func (contactResolver) Events(ctx context.Context, c *db.Contact, first *int, after *string, last *int, before *string, filter *db.EventFilter) (*db.EventConnection, error) {
	r, p := rowsOf(ctx), page(first, after, last, before)
	list := r.contactEvents.get(p, filter, func(ctx context.Context, contacts []string) (map[string]*db.EventConnection, error) {
		return together(&r.events)(tenant(ctx).EventsOf(ctx, contacts, p, orZero(filter)))
	})
	return list.get(ctx, c.ID, r.contactsBeside(c))
}

func (contactResolver) Requests(ctx context.Context, c *db.Contact, first *int, after *string, last *int, before *string) (*db.RequestConnection, error) {
	r, p := rowsOf(ctx), page(first, after, last, before)
	list := r.contactRequests.get(p, nil, func(ctx context.Context, contacts []string) (map[string]*db.RequestConnection, error) {
		return together(&r.requests)(tenant(ctx).RequestsOf(ctx, contacts, p))
	})
	return list.get(ctx, c.ID, r.contactsBeside(c))
}

func (contactResolver) Consents(ctx context.Context, c *db.Contact) ([]*db.Consent, error) {
	r := rowsOf(ctx)
	consents, err := r.consentsOf.get(ctx, c.ID, r.contactsBeside(c))
	return orNone(consents), err
}

// contactsBeside are the ids of the Contacts that were read with one.
func (r *rows) contactsBeside(c *db.Contact) func() []string {
	return func() []string {
		return keysOf(r.contacts.of(c), func(c *db.Contact) string { return c.ID })
	}
}

func (mutationResolver) ContactsUpload(ctx context.Context, in model.ContactsUploadInput) (*model.OperationPayload, error) {
	upload := db.ContactsUpload{Contacts: in.Contacts.JSON, Count: in.Contacts.Count, Source: in.Source, IdempotencyKey: in.IdempotencyKey}
	return operationPayload(tenant(ctx).UploadContacts(ctx, upload))
}

func (mutationResolver) ContactsDelete(ctx context.Context, in model.ContactsDeleteInput) (*model.OperationPayload, error) {
	return operationPayload(tenant(ctx).DeleteContacts(ctx, db.ContactsDelete{ExternalIDs: in.ExternalIds, Source: in.Source, IdempotencyKey: in.IdempotencyKey}))
}

func (mutationResolver) ContactStop(ctx context.Context, in model.ContactStopInput) (*model.ContactPayload, error) {
	return contactPayload(tenant(ctx).StopContact(ctx, db.ContactStop(in)))
}

func (mutationResolver) ContactResume(ctx context.Context, in model.ContactStopInput) (*model.ContactPayload, error) {
	return contactPayload(tenant(ctx).ResumeContact(ctx, db.ContactStop(in)))
}

func contactPayload(c *db.Contact, err error) (*model.ContactPayload, error) {
	errs, err := userErrors(err)
	return &model.ContactPayload{Contact: c, UserErrors: errs}, err
}
