package main

import (
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"complero/db"
	"complero/frontend/dashboard"
	"complero/graph"
)

// identified names a call of the API and gives it the Tenant that its API key
// opens or, without a key, the User who is signed in. Without either it has
// none, and the API answers accordingly.
func identified(store *db.Store, desk *dashboard.App, log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x := exchangeOf(r.Context())
		ctx := graph.WithAddress(graph.WithRequestID(r.Context(), x.id), x.address)
		tenant, err := tenantOf(store, r)
		if err == nil && tenant == nil && r.Header.Get("Authorization") == "" {
			tenant, err = desk.Tenant(r)
		}
		if err != nil {
			log.ErrorContext(ctx, "authentication failed", "requestId", x.id, "error", err)
			answerFault(w, r)
			return
		}
		if tenant != nil {
			ctx = graph.WithTenant(ctx, tenant)
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// tenantOf is the Tenant that a request's API key opens; nil without a valid one.
func tenantOf(store *db.Store, r *http.Request) (*db.Tenant, error) {
	scheme, key, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	key = strings.TrimSpace(key)
	if !strings.EqualFold(scheme, "Bearer") || key == "" {
		return nil, nil
	}
	tenant, err := store.Authenticate(r.Context(), key)
	if db.CodeOf(err) == db.Unauthenticated {
		return nil, nil
	}
	if err == nil && tenant == nil {
		err = errors.New("an API key's Company is missing")
	}
	return tenant, err
}
