package graph

import (
	"context"

	"complero/db"
	"complero/db/profile"
	"complero/graph/model"
)

func (queryResolver) CustomFields(ctx context.Context) ([]*db.CustomField, error) {
	fields, err := tenant(ctx).CustomFields(ctx)
	return orNone(fields), err
}

func (queryResolver) FieldPolicies(ctx context.Context) ([]*db.FieldPolicy, error) {
	policies, err := tenant(ctx).FieldPolicies(ctx)
	return orNone(policies), err
}

func (mutationResolver) CustomFieldSave(ctx context.Context, in model.CustomFieldSaveInput) (*model.CustomFieldPayload, error) {
	save := db.CustomFieldSave{
		Definition: profile.Definition{
			Key: in.Key, Labels: each(in.Labels), Hints: each(in.Hints), Type: in.Type, MaxLength: in.MaxLength, Pattern: in.Pattern,
			Choices: each(in.Choices), Minimum: in.Minimum, Maximum: in.Maximum, Earliest: in.Earliest, Latest: in.Latest,
		},
		Policy: in.Policy, Position: in.Position,
	}
	return customFieldPayload(tenant(ctx).SaveCustomField(ctx, save))
}

func (mutationResolver) CustomFieldDelete(ctx context.Context, in model.CustomFieldDeleteInput) (*model.CustomFieldPayload, error) {
	return customFieldPayload(tenant(ctx).DeleteCustomField(ctx, in.Key))
}

func customFieldPayload(field *db.CustomField, err error) (*model.CustomFieldPayload, error) {
	errs, err := userErrors(err)
	return &model.CustomFieldPayload{CustomField: field, UserErrors: errs}, err
}

func (mutationResolver) FieldPolicySave(ctx context.Context, in []*db.FieldPolicy) (*model.FieldPolicyPayload, error) {
	policies, err := tenant(ctx).SaveFieldPolicies(ctx, each(in))
	errs, err := userErrors(err)
	return &model.FieldPolicyPayload{Policies: orNone(policies), UserErrors: errs}, err
}

// each is a list of an input without its pointers, none of which is nil.
func each[T any](list []*T) []T {
	var all []T
	for _, v := range list {
		all = append(all, *v)
	}
	return all
}
