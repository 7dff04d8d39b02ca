package db

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/biter777/countries"
	"github.com/uptrace/bun"

	"complero/db/profile"
	"complero/theme"
)

// Setup says what the first account is to be.
type Setup struct {
	Customer, Company, Country, Locale, Timezone, Sender, Imprint string
}

// Account is a new Company with its API keys, which are shown this once.
type Account struct {
	CustomerID string `json:"customerId"`
	CompanyID  string `json:"companyId"`
	LiveKey    string `json:"liveKey"`
	TestKey    string `json:"testKey"`
}

// CreateAccount makes a Company of a Customer, which is made if there is none
// of that name, with a Brand, the central CRM as its Source, and two keys.
func (s *Store) CreateAccount(ctx context.Context, setup Setup) (*Account, error) {
	c, err := setup.company(s.now())
	if err != nil {
		return nil, err
	}
	var a Account
	err = s.write.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		customer, err := customerNamed(ctx, tx, setup.Customer, c.CreatedAt)
		if err != nil {
			return err
		}
		c.CustomerID = customer.ID
		if err := insertCompany(ctx, tx, c); err != nil {
			return err
		}
		a = Account{CustomerID: customer.ID, CompanyID: c.ID}
		if a.LiveKey, err = makeKey(ctx, tx, c, Live, "first live key", c.CreatedAt); err != nil {
			return err
		}
		a.TestKey, err = makeKey(ctx, tx, c, Test, "first test key", c.CreatedAt)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("create account: %w", err)
	}
	return &a, nil
}

// insertCompany inserts a Company with its first Brand and its Source, under
// the first free slug.
func insertCompany(ctx context.Context, tx bun.Tx, c *Company) error {
	base := c.Slug
	for n := 2; ; n++ {
		taken, err := tx.NewSelect().Model((*Company)(nil)).Where("slug = ?", c.Slug).Exists(ctx)
		if err != nil {
			return err
		}
		if !taken {
			break
		}
		c.Slug = fmt.Sprintf("%s-%d", base, n)
	}
	if _, err := tx.NewInsert().Model(c).Returning("id").Exec(ctx); err != nil {
		return err
	}
	b := theme.DefaultBrand(c.Name)
	if err := insertBrand(ctx, tx, &Brand{CompanyID: c.Key, Version: 1, Theme: b, PublishedAt: &c.CreatedAt}); err != nil {
		return err
	}
	_, err := tx.NewInsert().Model(&Source{CompanyID: c.Key, Key: crm, Name: "Central CRM", Identity: SuggestMerges, CreatedAt: c.CreatedAt}).Exec(ctx)
	return err
}

// company checks the settings and makes the row of them.
func (s Setup) company(now time.Time) (*Company, error) {
	c := &Company{ID: newID("company"), WithEmployees: true, ConfirmNewAddresses: true, EmployeePages: true, CreatedAt: now, UpdatedAt: now, Timezone: "UTC"}
	country := countries.ByName(strings.TrimSpace(s.Country))
	if country == countries.Unknown {
		return nil, fail(Code("INVALID_COUNTRY"), "country", "--country %q is no country; write its two letters, such as DE", s.Country)
	}
	c.CountryCode = country.Alpha2()
	c.Timezone = mainTimezone(country)
	sender, imprint := nullable(s.Sender), nullable(s.Imprint)
	change := CompanyChange{Name: &s.Company, Locale: &s.Locale, SenderName: ptr(nullable(s.Company)), SenderAddress: &sender, SupportContact: &sender, Imprint: &imprint}
	if s.Timezone != "" {
		change.Timezone = &s.Timezone
	}
	if errs := change.apply(c); len(errs) > 0 {
		return nil, errs
	}
	c.Slug = slugOf(c.Name)
	return c, nil
}

var notSlug = regexp.MustCompile(`[^a-z0-9]+`)

func slugOf(name string) string {
	slug := strings.Trim(notSlug.ReplaceAllString(profile.FoldName(name), "-"), "-")
	if slug == "" {
		return "company"
	}
	return slug
}

// mainTimezone is where most people of a country live, for the settings that
// people do not know they have; it can be changed by companyUpdate.
func mainTimezone(c countries.CountryCode) string {
	zones := map[string]string{
		"DE": "Europe/Berlin", "AT": "Europe/Vienna", "CH": "Europe/Zurich", "LI": "Europe/Vaduz", "FR": "Europe/Paris",
		"IT": "Europe/Rome", "ES": "Europe/Madrid", "NL": "Europe/Amsterdam", "PL": "Europe/Warsaw", "BE": "Europe/Brussels",
		"LU": "Europe/Luxembourg", "GB": "Europe/London", "IE": "Europe/Dublin", "DK": "Europe/Copenhagen", "SE": "Europe/Stockholm",
		"NO": "Europe/Oslo", "FI": "Europe/Helsinki", "PT": "Europe/Lisbon", "CZ": "Europe/Prague", "US": "America/New_York",
	}
	if zone := zones[c.Alpha2()]; zone != "" {
		return zone
	}
	return "UTC"
}
