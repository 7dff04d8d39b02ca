package graph

import (
	"context"

	"complero/db"
)

// contextKey is the type of this package's keys in contexts.
type contextKey int

const (
	tenantKey contextKey = iota
	requestIDKey
	rowsKey
	documentKey
	handlerKey
	streamKey
)

// WithTenant says for whom a call is: the Handler answers UNAUTHENTICATED
// where nobody did.
func WithTenant(ctx context.Context, t *db.Tenant) context.Context {
	return context.WithValue(ctx, tenantKey, t)
}

// tenant is whom a call is for; in a resolver it is never nil.
func tenant(ctx context.Context) *db.Tenant {
	t, _ := ctx.Value(tenantKey).(*db.Tenant)
	return t
}

// WithRequestID names the call as the header Request-Id does, for errors.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestIDKey, id)
}

// handler is the Handler that answers a call; in a resolver it is never nil.
func handler(ctx context.Context) *Handler {
	h, _ := ctx.Value(handlerKey).(*Handler)
	return h
}

func requestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey).(string)
	return id
}
