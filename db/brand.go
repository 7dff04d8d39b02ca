package db

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"complero/theme"
)

// A Brand is one version of how a Company looks and speaks. Versions count from
// 1. One that was published never changes; the last of them is in use. Behind
// it there may be a draft, which bears the number that it will be published
// under.
type Brand struct {
	bun.BaseModel `bun:"table:brand"`

	CompanyID   int64       `bun:",pk"`
	Version     int         `bun:",pk"`
	Theme       theme.Brand `bun:"document,type:json"`
	PublishedAt *time.Time  // nil of a draft
	// RestoredFrom is the older version that this one brought back.
	RestoredFrom *int
}

func insertBrand(ctx context.Context, tx bun.IDB, b *Brand) error {
	if _, err := tx.NewInsert().Model(b).Exec(ctx); err != nil {
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

// BrandDraft returns the Brand that is being prepared; nil if there is none.
func (t *Tenant) BrandDraft(ctx context.Context) (*Brand, error) {
	if err := t.check(CompanyRead); err != nil {
		return nil, err
	}
	b := new(Brand)
	q := t.store.read.NewSelect().Model(b).Where("company_id = ?", t.Company.Key).Where("published_at IS NULL")
	found, err := one(ctx, q)
	if err != nil || !found {
		return nil, err
	}
	return b, nil
}

// maxBrandVersions is how many versions a list has at most.
const maxBrandVersions = 100

// BrandVersions lists published versions, newest first: the first n of them,
// 20 if nil and 100 at most; only those before a version, if one is given.
func (t *Tenant) BrandVersions(ctx context.Context, n, before *int) ([]*Brand, error) {
	if err := t.check(CompanyRead); err != nil {
		return nil, err
	}
	limit := 20
	if n != nil {
		limit = *n
	}
	if limit < 1 || limit > maxBrandVersions {
		return nil, fail(BadPageSize, "first", "first is %d; it goes from 1 to %d", limit, maxBrandVersions)
	}
	var versions []*Brand
	q := t.store.read.NewSelect().Model(&versions).Where("company_id = ?", t.Company.Key).
		Where("published_at IS NOT NULL").Order("version DESC").Limit(int64(limit))
	if before != nil {
		q = q.Where("version < ?", *before)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, fmt.Errorf("read the versions of the Brand: %w", err)
	}
	return versions, nil
}

// Problems are what keeps the Brand from being published; none of what is.
func (b *Brand) Problems() []*Error { return brandErrors(b.Theme, b.Theme.Problems()) }

// Contrasts measures the Brand's colours where people see two of them side by side.
func (b *Brand) Contrasts() []*theme.Pair {
	pairs := b.Theme.Pairs()
	list := make([]*theme.Pair, len(pairs))
	for i := range pairs {
		list[i] = &pairs[i]
	}
	return list
}

// LogoURL is the address of the logo on this installation; nil without one.
func (b *Brand) LogoURL() *string { return pictureURL(b.Theme.Logo) }

// LogoDarkURL is that of the logo for dark mode.
func (b *Brand) LogoDarkURL() *string { return pictureURL(b.Theme.LogoDark) }

// IconURL is that of the icon.
func (b *Brand) IconURL() *string { return pictureURL(b.Theme.Icon) }

func pictureURL(hash string) *string {
	if hash == "" {
		return nil
	}
	return ptr(assetPath + hash)
}

// Name is what the Brand goes by.
func (b *Brand) Name() string { return b.Theme.Name }

// Colors are the colours that all others are derived from.
func (b *Brand) Colors() theme.Colors { return b.Theme.Colors }

// DarkColors are those chosen for dark mode; nil where one is derived.
type DarkColors struct{ Primary, Accent, Background, Text *string }

// Dark are the colours for dark mode.
func (b *Brand) Dark() *DarkColors {
	d := &b.Theme.Dark
	return &DarkColors{nullable(d.Primary), nullable(d.Accent), nullable(d.Background), nullable(d.Text)}
}

// HeadingFont is the name of the font of headings.
func (b *Brand) HeadingFont() string { return b.Theme.HeadingFont }

// BodyFont is the name of the font of running text.
func (b *Brand) BodyFont() string { return b.Theme.BodyFont }

// CornerRadius is how round the Brand's corners are.
func (b *Brand) CornerRadius() theme.CornerRadius { return b.Theme.CornerRadius }

// Formality is how the Brand addresses a Contact.
func (b *Brand) Formality() theme.Formality { return b.Theme.Formality }
