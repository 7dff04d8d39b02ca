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

func (queryResolver) Company(ctx context.Context, id *string) (*db.Company, error) {
	return tenant(ctx).CompanyByID(id)
}

func (mutationResolver) CompanyUpdate(ctx context.Context, input model.CompanyUpdateInput) (*model.CompanyPayload, error) {
	company, err := updateCompany(ctx, input)
	errs, err := userErrors(err)
	return &model.CompanyPayload{Company: company, UserErrors: errs}, err
}

func (mutationResolver) CompanyCreate(ctx context.Context, in model.CompanyCreateInput) (*model.CompanyPayload, error) {
	company, err := tenant(ctx).CreateCompany(ctx, db.CompanyCreate(in))
	errs, err := userErrors(err)
	return &model.CompanyPayload{Company: company, UserErrors: errs}, err
}

func (mutationResolver) CompanyArchive(ctx context.Context, in model.CompanyArchiveInput) (*model.CompanyPayload, error) {
	return archive(ctx, in, true)
}

func (mutationResolver) CompanyUnarchive(ctx context.Context, in model.CompanyArchiveInput) (*model.CompanyPayload, error) {
	return archive(ctx, in, false)
}

func archive(ctx context.Context, in model.CompanyArchiveInput, archived bool) (*model.CompanyPayload, error) {
	company, err := tenant(ctx).ArchiveCompany(ctx, in.ID, archived)
	errs, err := userErrors(err)
	return &model.CompanyPayload{Company: company, UserErrors: errs}, err
}

func (companyResolver) Report(ctx context.Context, c *db.Company, filter *db.ReportFilter) (*db.Report, error) {
	t, err := tenant(ctx).In(ctx, c)
	if err != nil {
		return nil, err
	}
	return t.Report(ctx, orZero(filter))
}

func updateCompany(ctx context.Context, in model.CompanyUpdateInput) (*db.Company, error) {
	change := db.CompanyChange{
		ID: in.ID, Name: orEmpty(in.Name), Slug: orEmpty(in.Slug), CountryCode: orEmpty(in.CountryCode), Locale: orEmpty(in.Locale), Timezone: orEmpty(in.Timezone),
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
	if quiet, given := in.QuietHours.ValueOK(); given {
		hours := (*db.QuietHours)(quiet)
		change.QuietHours = &hours
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
