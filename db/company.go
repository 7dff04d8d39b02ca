package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"complero/db/verification"
)

// A Company is one brand's account. Its settings, Brand, texts, Sources and
// ConsentDefinitions exist once, for live and test mode.
type Company struct {
	bun.BaseModel `bun:"table:company"`

	Key            int64  `bun:"id,pk,autoincrement"`
	ID             string `bun:"public_id"`
	CustomerID     string
	Slug           string
	Name           string
	CountryCode    string
	Locale         string
	Timezone       string
	WithEmployees  bool
	SenderName     *string
	SenderAddress  *string
	SupportContact *string
	Imprint        *string
	PrivacyURL     *string `bun:"privacy_url"`
	CreatedAt      time.Time
	UpdatedAt      time.Time
	// Verifies are the kinds of Verification as stored; see Verification.
	Verifies string `bun:"verification"`
	// VerificationVersion counts the changes of that setting.
	VerificationVersion int64
	// Version counts the changes to all that is set up: these settings, the
	// Brand, the Employees, the ConsentDefinitions and the FieldRules.
	Version int64
	// Hosts are the Company's Domains, separated by spaces; "" for none.
	Hosts string `bun:"domains"`
	// ConfirmNewAddresses has a new e-mail address, or a new mobile number once
	// there is a Channel to it, wait until it is confirmed at the new place.
	ConfirmNewAddresses bool
	// Quiet are the QuietHours as stored; "" for none.
	Quiet string `bun:"quiet_hours"`
	// ArchivedAt is when the Company was archived; nil while it is in use.
	ArchivedAt *time.Time
	// EmployeePages lets Employees in to pages of their own.
	EmployeePages bool
	// EmployeeRequests lets them ask their own Contacts.
	EmployeeRequests bool
}

// Location returns the Company's timezone.
func (c *Company) Location() *time.Location {
	at, err := time.LoadLocation(c.Timezone)
	if err != nil {
		return time.UTC
	}
	return at
}

// companyColumns are what a Company is scanned from, of a table or alias named o.
const companyColumns = `o.id, o.public_id, o.customer_id, o.slug, o.name, o.country_code, o.locale, o.timezone, o.with_employees,
	o.sender_name, o.sender_address, o.support_contact, o.imprint, o.privacy_url, o.created_at, o.updated_at, o.version,
	o.verification, o.verification_version, o.domains, o.confirm_new_addresses,
	o.quiet_hours, o.archived_at, o.employee_pages, o.employee_requests`

// into is where companyColumns are scanned to.
func (c *Company) into() []any {
	return []any{
		&c.Key, &c.ID, &c.CustomerID, &c.Slug, &c.Name, &c.CountryCode, &c.Locale, &c.Timezone, &c.WithEmployees,
		&c.SenderName, &c.SenderAddress, &c.SupportContact, &c.Imprint, &c.PrivacyURL, &c.CreatedAt, &c.UpdatedAt, &c.Version,
		&c.Verifies, &c.VerificationVersion, &c.Hosts, &c.ConfirmNewAddresses,
		&c.Quiet, &c.ArchivedAt,
		&c.EmployeePages, &c.EmployeeRequests,
	}
}

// company reads one by its public id; nil if there is none.
func (s *Store) company(ctx context.Context, id string) (*Company, error) {
	c := new(Company)
	err := s.rowHot(ctx, "SELECT "+companyColumns+" FROM company AS o WHERE o.public_id = $1", []any{id}, c.into()...)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read Company %s: %w", id, err)
	}
	return c, nil
}

// CompanyByID returns the Tenant's Company, or nil when id names another.
func (t *Tenant) CompanyByID(id *string) (*Company, error) {
	if err := t.check(CompanyRead); err != nil {
		return nil, err
	}
	if id != nil && *id != t.Company.ID {
		return nil, nil
	}
	return t.Company, nil
}

// CompanyChange says what to change of a Company. A nil field stays as it
// is; a field that points to nil, where the Company may lack it, is emptied.
type CompanyChange struct {
	ID   *string
	Name *string
	// Slug is the name in addresses of pages; one that is another Company's is TAKEN.
	Slug          *string
	CountryCode   *string
	Locale        *string
	Timezone      *string
	WithEmployees *bool
	// ConfirmNewAddresses is Company.ConfirmNewAddresses.
	ConfirmNewAddresses *bool
	// What Employees may do on their pages; see Company.
	EmployeePages, EmployeeRequests *bool

	SenderName     **string
	SenderAddress  **string
	SupportContact **string
	Imprint        **string
	PrivacyURL     **string
	QuietHours     **QuietHours
	// Verification is what is asked before anything is shown; empty for nothing.
	Verification *[]verification.Kind
	// Domains, if given, become the Company's own host names, instead of those
	// that it has.
	Domains *[]string
}

// UpdateCompany changes the Company's settings: all of the change or nothing.
func (t *Tenant) UpdateCompany(ctx context.Context, change CompanyChange) (*Company, error) {
	if err := t.check(CompanyWrite); err != nil {
		return nil, err
	}
	if err := t.whole("changing its settings"); err != nil {
		return nil, err
	}
	if err := t.liveOnly("a Company's settings"); err != nil {
		return nil, err
	}
	if change.ID != nil && *change.ID != t.Company.ID {
		return nil, NotFound("id", "there is no such Company")
	}
	c := *t.Company
	errs := change.apply(&c)
	if change.Verification != nil {
		errs = append(errs, t.store.askable(*change.Verification)...)
	}
	if change.Domains != nil {
		hosts, wrong := t.store.checkDomains(*change.Domains)
		c.Hosts, errs = strings.Join(hosts, " "), append(errs, wrong...)
	}
	if len(errs) > 0 {
		return nil, errs
	}
	err := t.write(ctx, CompanyWrite, func(x *tx) error {
		c.UpdatedAt = x.now
		if err := x.changeSettings(ctx); err != nil {
			return err
		}
		if err := x.checkSlug(ctx, &c); err != nil {
			return err
		}
		unchanged := []string{"version", "verification_version", "archived_at"}
		if change.Domains == nil {
			unchanged = append(unchanged, "domains")
		} else if err := x.saveDomains(ctx, c.Domains()); err != nil {
			return err
		}
		// The versions may have moved since the Company was read.
		_, err := x.NewUpdate().Model(&c).ExcludeColumn(unchanged...).WherePK().Exec(ctx)
		if err == nil && change.Verification != nil {
			err = x.endSessions(ctx)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("update Company: %w", err)
	}
	t.Company = &c
	return &c, nil
}

// apply checks the change and writes it into c.
func (ch CompanyChange) apply(c *Company) Errors {
	var errs Errors
	text := func(field string, to *string, from *string, check func(string) (string, error)) {
		if from == nil {
			return
		}
		value, err := check(*from)
		if err != nil {
			errs = append(errs, ErrorsOf(err)...)
			return
		}
		*to = value
	}
	optional := func(field string, to **string, from **string, check func(string) (string, error)) {
		if from == nil {
			return
		}
		if *from == nil || strings.TrimSpace(**from) == "" {
			*to = nil
			return
		}
		var value string
		text(field, &value, *from, check)
		*to = &value
	}
	text("name", &c.Name, ch.Name, line("name", 200))
	text("slug", &c.Slug, ch.Slug, checkSlug)
	text("countryCode", &c.CountryCode, ch.CountryCode, checkCountry)
	text("locale", &c.Locale, ch.Locale, checkLocale)
	text("timezone", &c.Timezone, ch.Timezone, checkTimezone)
	if ch.WithEmployees != nil {
		c.WithEmployees = *ch.WithEmployees
	}
	if ch.ConfirmNewAddresses != nil {
		c.ConfirmNewAddresses = *ch.ConfirmNewAddresses
	}
	for _, f := range []struct{ to, from *bool }{
		{&c.EmployeePages, ch.EmployeePages}, {&c.EmployeeRequests, ch.EmployeeRequests},
	} {
		if f.from != nil {
			*f.to = *f.from
		}
	}
	optional("senderName", &c.SenderName, ch.SenderName, line("senderName", 100))
	optional("senderAddress", &c.SenderAddress, ch.SenderAddress, checkSender)
	optional("supportContact", &c.SupportContact, ch.SupportContact, line("supportContact", 300))
	optional("imprint", &c.Imprint, ch.Imprint, paragraph("imprint", 4000))
	optional("privacyUrl", &c.PrivacyURL, ch.PrivacyURL, checkURL)
	if ch.QuietHours != nil {
		if c.Quiet = ""; *ch.QuietHours != nil {
			quiet, wrong := (*ch.QuietHours).stored()
			c.Quiet, errs = quiet, append(errs, wrong...)
		}
	}
	if ch.Verification != nil {
		kinds, err := checkVerification(*ch.Verification)
		errs = append(errs, ErrorsOf(err)...)
		c.Verifies = kinds
	}
	return errs
}
