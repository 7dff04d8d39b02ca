package graph

import (
	"context"

	"complero/db"
	"complero/graph/model"
)

func (queryResolver) Sources(ctx context.Context) ([]*db.Source, error) {
	return tenant(ctx).Sources(ctx)
}

func (queryResolver) APIKeys(ctx context.Context) ([]*db.APIKey, error) {
	keys, err := tenant(ctx).Keys(ctx)
	return orNone(keys), err
}

func (apiKeyResolver) Test(_ context.Context, k *db.APIKey) (bool, error) {
	return k.Mode == db.Test, nil
}

func (apiKeyResolver) Scopes(_ context.Context, k *db.APIKey) ([]string, error) {
	return words(k.Scopes), nil
}

func (mutationResolver) SourceSave(ctx context.Context, in model.SourceSaveInput) (*model.SourcePayload, error) {
	source, err := tenant(ctx).SaveSource(ctx, db.SourceSave(in))
	errs, err := userErrors(err)
	return &model.SourcePayload{Source: source, UserErrors: errs}, err
}

func (mutationResolver) APIKeyCreate(ctx context.Context, in model.APIKeyCreateInput) (*model.APIKeyCreatePayload, error) {
	create := db.KeyCreate{Name: in.Name, Source: in.Source, Test: orZero(in.Test), ExpiresAt: in.ExpiresAt}
	if in.Scopes != nil {
		create.Scopes = []db.Right{}
	}
	for _, scope := range in.Scopes {
		create.Scopes = append(create.Scopes, db.Right(scope))
	}
	key, secret, err := tenant(ctx).CreateKey(ctx, create)
	errs, err := userErrors(err)
	payload := &model.APIKeyCreatePayload{APIKey: key, UserErrors: errs}
	if key != nil {
		payload.Secret = &secret
	}
	return payload, err
}

func (mutationResolver) APIKeyRotate(ctx context.Context, in model.APIKeyRotateInput) (*model.APIKeyCreatePayload, error) {
	key, secret, err := tenant(ctx).RotateKey(ctx, in.ID, in.OverlapHours)
	errs, err := userErrors(err)
	payload := &model.APIKeyCreatePayload{APIKey: key, UserErrors: errs}
	if key != nil {
		payload.Secret = &secret
	}
	return payload, err
}

func (mutationResolver) APIKeyRevoke(ctx context.Context, in model.APIKeyRevokeInput) (*model.APIKeyPayload, error) {
	key, err := tenant(ctx).RevokeKey(ctx, in.ID)
	errs, err := userErrors(err)
	return &model.APIKeyPayload{APIKey: key, UserErrors: errs}, err
}
