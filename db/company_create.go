package db

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/biter777/countries"

	"complero/theme"
)

// CompanyCreate says what a new Company of the Tenant's Customer is to be.
type CompanyCreate struct {
	Name string
	// CountryCode and Locale are needed unless CopyFrom has them; what else is
	// nil is CopyFrom's, or the country's usual.
	CountryCode, Locale, Timezone *string
	// CopyFrom is the id of another Company of the Customer, whose settings,
	// Brand, texts, fields and their policies, and active ConsentDefinitions the
	// new one begins with. Nobody's data is copied, no key, Source or domain.
	CopyFrom *string
}

// CreateCompany makes a Company. It takes a CUSTOMER_ADMIN, else it fails with FORBIDDEN.
func (t *Tenant) CreateCompany(ctx context.Context, in CompanyCreate) (*Company, error) {
	if err := errors.Join(t.check(CompanyWrite), t.whole("making a Company")); err != nil {
		return nil, err
	}
	if err := t.liveOnly("a Customer's Companies"); err != nil {
		return nil, err
	}
	var c *Company
	err := t.writeAlways(ctx, func(x *tx) error {
		err := x.mustAdminister(ctx, "makes a Company")
		if err != nil {
			return err
		}
		var from *Company
		if in.CopyFrom != nil {
			if from, err = t.companyOfCustomer(ctx, x.Tx.Tx, "copyFrom", *in.CopyFrom); err != nil {
				return err
			}
		}
		if c, err = x.newCompany(in, from); err != nil {
			return err
		}
		if err := insertCompany(ctx, x.Tx, c); err != nil {
			return fmt.Errorf("make a Company: %w", err)
		}
		x.touch(c.ID)
		if from == nil {
			return nil
		}
		return x.copyInto(ctx, c, from)
	})
	if err != nil {
		return nil, err
	}
	return t.store.company(ctx, c.ID)
}

// newCompany is the row that is to be inserted.
func (x *tx) newCompany(in CompanyCreate, from *Company) (*Company, error) {
	c := &Company{WithEmployees: true, ConfirmNewAddresses: true, EmployeePages: true}
	var errs Errors
	if from != nil {
		*c = *from
	} else {
		for field, value := range map[string]*string{"countryCode": in.CountryCode, "locale": in.Locale} {
			if deref(value) == "" {
				errs = append(errs, &Error{Required, []string{field}, field + " is needed, unless copyFrom names a Company that has one"})
			}
		}
	}
	c.Key, c.ID, c.CustomerID = 0, newID("company"), x.tenant.Company.CustomerID
	c.Hosts, c.ArchivedAt, c.Version, c.VerificationVersion, c.CreatedAt, c.UpdatedAt = "", nil, 0, 0, x.now, x.now
	change := CompanyChange{Name: &in.Name, CountryCode: in.CountryCode, Locale: in.Locale, Timezone: in.Timezone}
	if in.Timezone == nil && in.CountryCode != nil {
		change.Timezone = ptr(mainTimezone(countries.ByName(strings.TrimSpace(*in.CountryCode))))
	}
	for _, e := range change.apply(c) {
		if !slices.ContainsFunc(errs, func(known *Error) bool { return slices.Equal(known.Path, e.Path) }) {
			errs = append(errs, e)
		}
	}
	if len(errs) > 0 {
		return nil, errs
	}
	c.SenderName, c.Slug = &c.Name, slugOf(c.Name)
	return c, nil
}

// copyInto gives a new Company what another has set up beside its row.
func (x *tx) copyInto(ctx context.Context, c, from *Company) error {
	of := &Tenant{store: x.store, Company: from, Mode: x.mode, Viewer: x.tenant.Viewer}
	for _, statement := range []string{
		`INSERT INTO font (company_id, hash, family, document, created_at)
			SELECT $1, hash, family, document, created_at FROM font WHERE company_id = $2`,
		`INSERT INTO asset (company_id, hash, content_type, data, created_at)
			SELECT $1, hash, content_type, data, created_at FROM asset WHERE company_id = $2 AND content_type = 'font/woff2'`,
		`INSERT INTO company_text (company_id, name, locale, formality, version, document, deleted, saved_by, saved_at)
			SELECT $1, name, locale, formality, 1, document, deleted, saved_by, saved_at FROM company_text AS t
			WHERE company_id = $2 AND NOT deleted AND version = (SELECT max(version) FROM company_text
				WHERE company_id = t.company_id AND name = t.name AND locale = t.locale AND formality = t.formality)`,
		`INSERT INTO field_rules (company_id, document) SELECT $1, document FROM field_rules WHERE company_id = $2`,
	} {
		if _, err := x.exec(ctx, statement, c.Key, from.Key); err != nil {
			return fmt.Errorf("copy what is set up: %w", err)
		}
	}
	if err := x.copyBrand(ctx, c, from); err != nil {
		return err
	}
	definitions, err := of.consentDefinitions(ctx, x.Tx.Tx, "true")
	if err != nil {
		return err
	}
	for _, d := range definitions {
		if d.Active {
			err = errors.Join(err, x.copyDefinition(ctx, c, d))
		}
	}
	return err
}

// copyBrand copies the published Brand and its pictures, and no others: among
// the assets there are Employees' photos.
func (x *tx) copyBrand(ctx context.Context, c, from *Company) error {
	b := new(Brand)
	found, err := one(ctx, x.NewSelect().Model(b).Where("company_id = ?", from.Key).Where("published_at IS NOT NULL").Order("version DESC"))
	if err != nil || !found {
		return err
	}
	look := b.Theme
	look.Name = string([]rune(c.Name)[:min(len([]rune(c.Name)), theme.MaxBrandName)])
	for _, hash := range []string{look.Logo, look.LogoDark, look.Icon} {
		_, err := x.exec(ctx, `INSERT INTO asset (company_id, hash, content_type, data, created_at)
			SELECT $1, hash, content_type, data, created_at FROM asset WHERE company_id = $2 AND hash = $3 ON CONFLICT DO NOTHING`, c.Key, from.Key, hash)
		if err != nil {
			return fmt.Errorf("copy a Brand's picture: %w", err)
		}
	}
	if _, err := x.exec(ctx, "UPDATE brand SET document = $2 WHERE company_id = $1", c.Key, jsonOf(look)); err != nil {
		return fmt.Errorf("copy a Brand: %w", err)
	}
	return nil
}

// copyDefinition copies a ConsentDefinition with its current wording, as its first version.
func (x *tx) copyDefinition(ctx context.Context, c *Company, d *ConsentDefinition) error {
	fresh := &ConsentDefinition{
		CompanyID: c.Key, ID: newID("consentdefinition"), Key: d.Key, Advertising: d.Advertising, Channels: d.Channels,
		Version: 1, Active: true, CreatedAt: x.now, UpdatedAt: x.now,
	}
	if _, err := x.NewInsert().Model(fresh).Exec(ctx); err != nil {
		return fmt.Errorf("copy a ConsentDefinition: %w", err)
	}
	v := &consentVersion{CompanyID: c.Key, DefinitionID: fresh.ID, Version: 1, Wordings: d.Wordings, CreatedAt: x.now}
	if _, err := x.NewInsert().Model(v).Exec(ctx); err != nil {
		return fmt.Errorf("copy a wording: %w", err)
	}
	return nil
}
