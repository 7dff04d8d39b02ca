package graph

import (
	"context"
	"strings"

	"complero/db"
	"complero/graph/model"
)

func (queryResolver) Viewer(ctx context.Context) (*db.Tenant, error) { return tenant(ctx), nil }

func (viewerResolver) Kind(_ context.Context, t *db.Tenant) (db.ViewerKind, error) {
	return t.Viewer.Kind, nil
}

func (viewerResolver) Test(_ context.Context, t *db.Tenant) (bool, error) {
	return t.Mode == db.Test, nil
}

func (viewerResolver) Scopes(_ context.Context, t *db.Tenant) ([]string, error) {
	return words(t.Viewer.Rights), nil
}

func words(rights []db.Right) []string {
	scopes := make([]string, len(rights))
	for i, right := range rights {
		scopes[i] = string(right)
	}
	return scopes
}

// Source is the one that the caller speaks for.
func (viewerResolver) Source(_ context.Context, t *db.Tenant) (string, error) {
	return t.OwnSource(), nil
}

func (viewerResolver) Company(_ context.Context, t *db.Tenant) (*db.Company, error) {
	return t.Company, nil
}

func (viewerResolver) Customer(ctx context.Context, t *db.Tenant) (*db.Customer, error) {
	return customer(ctx, t)
}

// Node finds a thing by the kind that its id begins with.
func (queryResolver) Node(ctx context.Context, id string) (model.Node, error) {
	t := tenant(ctx)
	kind, _, _ := strings.Cut(id, "_")
	switch kind {
	case "contact":
		return node(t.Contact(ctx, db.ContactRef{ID: &id}))
	case "employee":
		return node(t.Employee(ctx, &id, nil))
	case "operation":
		return node(t.Operation(ctx, id))
	case "request":
		return node(t.Request(ctx, id))
	case "event":
		return node(t.EventByID(ctx, id))
	case "consent":
		return node(t.ConsentByID(ctx, id))
	case "consentdefinition":
		return node(t.ConsentDefinitionByID(ctx, id))
	case "company":
		return node(t.CompanyByID(&id))
	case "customer":
		c, err := customer(ctx, t)
		if c != nil && c.ID != id {
			c = nil
		}
		return node(c, err)
	}
	return nil, nil
}

// node makes a Node of what may be nil.
func node[T any](found *T, err error) (model.Node, error) {
	if found == nil {
		return nil, err
	}
	return found, err
}
