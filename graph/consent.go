package graph

import (
	"context"
	"time"

	"complero/db"
	"complero/graph/model"
)

func (queryResolver) ConsentDefinitions(ctx context.Context) ([]*db.ConsentDefinition, error) {
	definitions, err := tenant(ctx).ConsentDefinitions(ctx)
	return orNone(definitions), err
}

func (queryResolver) Consents(ctx context.Context, first *int, after *string, last *int, before *string, filter *db.ConsentFilter) (*db.ConsentConnection, error) {
	c, err := tenant(ctx).Consents(ctx, page(first, after, last, before), orZero(filter))
	return noted(c, err, &rowsOf(ctx).consents)
}

func (queryResolver) Permission(ctx context.Context, externalID string, source *string, channel db.ConsentChannel, key *string, at *time.Time) (*db.Permission, error) {
	ask := db.PermissionAsk{ContactExternalID: externalID, Source: source, Channel: channel, Key: key, At: at}
	return tenant(ctx).Permission(ctx, ask)
}

func (consentResolver) Definition(ctx context.Context, c *db.Consent) (*db.ConsentDefinition, error) {
	return besideConsent(ctx, c, rowsOf(ctx).definitionByID, func(c *db.Consent) string { return c.DefinitionID })
}

func (consentResolver) Contact(ctx context.Context, c *db.Consent) (*db.Contact, error) {
	contact, err := besideConsent(ctx, c, rowsOf(ctx).contactByID, func(c *db.Consent) string { return c.ContactID })
	if contact == nil && err == nil {
		contact = gone(c.ContactID, c.DecidedAt)
	}
	return contact, err
}

func (consentResolver) Request(ctx context.Context, c *db.Consent) (*db.Request, error) {
	return besideConsent(ctx, c, rowsOf(ctx).requestByID, func(c *db.Consent) string { return orZero(c.RequestID) })
}

func (consentResolver) Wording(ctx context.Context, c *db.Consent) (string, error) {
	return besideConsent(ctx, c, rowsOf(ctx).wordingOf, func(c *db.Consent) *db.Consent { return c })
}

// DocumentURL is null: no proof is made out as a document.
func (consentResolver) DocumentURL(context.Context, *db.Consent) (*string, error) { return nil, nil }

func (consentResolver) Evidence(ctx context.Context, c *db.Consent) (*db.Evidence, error) {
	return tenant(ctx).ConsentEvidence(c), nil
}

func (consentDefinitionResolver) Versions(ctx context.Context, d *db.ConsentDefinition) ([]*db.ConsentVersion, error) {
	versions, err := rowsOf(ctx).consentTexts.get(ctx, d.ID, func() []string { return []string{d.ID} })
	return orNone(versions), err
}

// besideConsent reads what a Consent points to, for all that were read with it.
func besideConsent[K comparable, V any](ctx context.Context, c *db.Consent, l *loader[K, V], key func(*db.Consent) K) (V, error) {
	return l.get(ctx, key(c), func() []K { return keysOf(rowsOf(ctx).consents.of(c), key) })
}

// gone stands for a Contact who has been deleted while the law has a Consent
// kept: an id without any data.
func gone(id string, at time.Time) *db.Contact {
	return &db.Contact{ID: id, CreatedAt: at, UpdatedAt: at}
}

func (mutationResolver) ConsentDefinitionSave(ctx context.Context, in model.ConsentDefinitionSaveInput) (*model.ConsentDefinitionPayload, error) {
	save := db.ConsentDefinitionSave{Key: in.Key, Advertising: in.Advertising, Channels: in.Channels, Active: in.Active, IdempotencyKey: in.IdempotencyKey}
	for _, w := range in.Wordings {
		save.Wordings = append(save.Wordings, *w)
	}
	definition, err := tenant(ctx).SaveConsentDefinition(ctx, save)
	errs, err := userErrors(err)
	return &model.ConsentDefinitionPayload{Definition: definition, UserErrors: errs}, err
}

func (mutationResolver) ConsentWithdraw(ctx context.Context, in model.ConsentWithdrawInput) (*model.ConsentPayload, error) {
	return consentPayload(ctx)(tenant(ctx).WithdrawConsent(ctx, db.ConsentWithdraw(in)))
}

func (mutationResolver) ConsentUseRecord(ctx context.Context, in model.ConsentUseRecordInput) (*model.ConsentPayload, error) {
	return consentPayload(ctx)(tenant(ctx).RecordConsentUse(ctx, db.ConsentUse(in)))
}

func consentPayload(ctx context.Context) func([]*db.Consent, error) (*model.ConsentPayload, error) {
	return func(consents []*db.Consent, err error) (*model.ConsentPayload, error) {
		rowsOf(ctx).consents.add(consents)
		errs, err := userErrors(err)
		return &model.ConsentPayload{Consents: orNone(consents), UserErrors: errs}, err
	}
}
