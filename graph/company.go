package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"complero/db"
	"complero/graph/model"
)

func (queryResolver) Customer(ctx context.Context) (*db.Customer, error) {
	return customer(ctx, tenant(ctx))
}

// customer is nil to those who may not see it.
func customer(ctx context.Context, t *db.Tenant) (*db.Customer, error) {
	if !t.Viewer.May(db.CompanyRead) {
		return nil, nil
	}
	return t.Customer(ctx)
}

func (customerResolver) Companies(ctx context.Context, _ *db.Customer) ([]*db.Company, error) {
	return tenant(ctx).Companies(ctx)
}

// Report is of the Companies that the caller may see, which with an API key is one.
func (customerResolver) Report(ctx context.Context, _ *db.Customer, filter *db.ReportFilter) (*db.Report, error) {
	return tenant(ctx).Report(ctx, orZero(filter))
}

func (queryResolver) Company(ctx context.Context, id *string) (*db.Company, error) {
	return tenant(ctx).CompanyByID(id)
}

func (queryResolver) Report(ctx context.Context, filter *db.ReportFilter) (*db.Report, error) {
	return tenant(ctx).Report(ctx, orZero(filter))
}

func (mutationResolver) CompanyUpdate(ctx context.Context, input model.CompanyUpdateInput) (*model.CompanyPayload, error) {
	company, err := updateCompany(ctx, input)
	errs, err := userErrors(err)
	return &model.CompanyPayload{Company: company, UserErrors: errs}, err
}

func updateCompany(ctx context.Context, in model.CompanyUpdateInput) (*db.Company, error) {
	change := db.CompanyChange{
		ID: in.ID, Name: orEmpty(in.Name), Locale: orEmpty(in.Locale), Timezone: orEmpty(in.Timezone),
		SenderName: orNull(in.SenderName), SenderAddress: orNull(in.SenderAddress), SupportContact: orNull(in.SupportContact),
		Imprint: orNull(in.Imprint), PrivacyURL: orNull(in.PrivacyURL),
		EmployeePages: in.EmployeePages, EmployeeRequests: in.EmployeeRequests,
	}
	if in.Domains != nil {
		change.Domains = &in.Domains
	}
	if with, given := in.WithEmployees.ValueOK(); given {
		if with == nil {
			return nil, &db.Error{Code: db.Required, Path: []string{"withEmployees"}, Message: "withEmployees is true or false"}
		}
		change.WithEmployees = with
	}
	if kinds, given := in.Verification.ValueOK(); given {
		change.Verification = &kinds
	}
	if confirm, given := in.ConfirmNewAddresses.ValueOK(); given {
		if confirm == nil {
			return nil, &db.Error{Code: db.Required, Path: []string{"confirmNewAddresses"}, Message: "confirmNewAddresses is true or false"}
		}
		change.ConfirmNewAddresses = confirm
	}
	return tenant(ctx).UpdateCompany(ctx, change)
}

// orEmpty is a text that cannot be null: null counts as empty, which package
// db refuses with its reason. What was left out stays nil.
func orEmpty[T ~string](v graphql.Omittable[*T]) *T {
	value, given := v.ValueOK()
	if given && value == nil {
		return new(T)
	}
	return value
}

// orNull is a text that can be null; nil only where it was left out.
func orNull(v graphql.Omittable[*string]) **string {
	value, given := v.ValueOK()
	if !given {
		return nil
	}
	return &value
}
