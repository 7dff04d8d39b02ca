package db

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"complero/theme"
)

// A Brand is one version of how a Company looks and speaks.
type Brand struct {
	bun.BaseModel `bun:"table:brand"`

	CompanyID   int64       `bun:",pk"`
	Version     int         `bun:",pk"`
	Theme       theme.Brand `bun:"document,type:json"`
	PublishedAt *time.Time
}

func insertBrand(ctx context.Context, tx bun.IDB, company int64, version int, b theme.Brand, now time.Time) error {
	_, err := tx.NewInsert().Model(&Brand{CompanyID: company, Version: version, Theme: b, PublishedAt: &now}).Exec(ctx)
	if err != nil {
		return fmt.Errorf("insert Brand: %w", err)
	}
	return nil
}

// brand reads the published Brand of a Company.
func (s *Store) brand(ctx context.Context, company int64) (*Brand, error) {
	b := new(Brand)
	q := s.read.NewSelect().Model(b).Where("company_id = ?", company).Where("published_at IS NOT NULL").Order("version DESC")
	found, err := one(ctx, q)
	if err != nil || !found {
		return nil, err
	}
	return b, nil
}

// Brand returns the Company's published Brand.
func (t *Tenant) Brand(ctx context.Context) (*Brand, error) {
	if err := t.check(CompanyRead); err != nil {
		return nil, err
	}
	return t.store.brand(ctx, t.Company.Key)
}
