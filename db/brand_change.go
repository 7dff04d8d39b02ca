package db

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"complero/theme"
)

// BrandChange says what to change of a Brand; what is nil stays as it is.
type BrandChange struct {
	Name                              *string
	Primary, Accent, Background, Text *string
	HeadingFont, BodyFont             *string
	CornerRadius                      *theme.CornerRadius
	Formality                         *theme.Formality
	// Logo is an SVG, PNG, JPEG or WebP; NoLogo removes the one there is.
	Logo   io.Reader
	NoLogo bool
}

// apply returns b with the change.
func (ch BrandChange) apply(b theme.Brand) theme.Brand {
	for _, f := range []struct{ to, from *string }{
		{&b.Name, ch.Name},
		{&b.Colors.Primary, ch.Primary},
		{&b.Colors.Accent, ch.Accent},
		{&b.Colors.Background, ch.Background},
		{&b.Colors.Text, ch.Text},
		{&b.HeadingFont, ch.HeadingFont},
		{&b.BodyFont, ch.BodyFont},
	} {
		if f.from != nil {
			*f.to = *f.from
		}
	}
	if ch.CornerRadius != nil {
		b.CornerRadius = *ch.CornerRadius
	}
	if ch.Formality != nil {
		b.Formality = *ch.Formality
	}
	if ch.NoLogo {
		b.Logo = ""
	}
	return b
}

// UpdateBrand publishes a new version of the Company's Brand: all of the
// change or nothing.
func (t *Tenant) UpdateBrand(ctx context.Context, change BrandChange) (*Brand, error) {
	if err := t.check(CompanyWrite); err != nil {
		return nil, err
	}
	if err := t.whole("changing its Brand"); err != nil {
		return nil, err
	}
	if err := t.liveOnly("a Company's Brand"); err != nil {
		return nil, err
	}
	var logo *theme.Logo
	if change.Logo != nil {
		decoded, err := theme.DecodeLogo(change.Logo)
		if err != nil {
			var problem theme.Problem
			if errors.As(err, &problem) {
				return nil, fail(Invalid, "logo", "%s", problem.Message)
			}
			return nil, fmt.Errorf("read the logo: %w", err)
		}
		logo = &decoded
	}
	var published *Brand
	err := t.write(ctx, CompanyWrite, func(x *tx) error {
		var err error
		published, err = x.publishBrand(ctx, change, logo)
		return err
	})
	if err != nil {
		return nil, err
	}
	return published, nil
}

func (x *tx) publishBrand(ctx context.Context, change BrandChange, logo *theme.Logo) (*Brand, error) {
	// The Company's row is the lock that keeps versions in order.
	if err := x.changeSettings(ctx); err != nil {
		return nil, err
	}
	current := new(Brand)
	err := x.NewSelect().Model(current).Where("company_id = ?", x.company).Order("version DESC").Limit(1).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read Brand: %w", err)
	}
	next := change.apply(current.Theme)
	if err := x.bringFonts(ctx, &next); err != nil {
		return nil, err
	}
	next = next.Normalized()
	if problems := next.Problems(); len(problems) > 0 {
		return nil, brandErrors(next, problems)
	}
	if logo != nil {
		next.Logo = logo.Hash
		if err := x.insertAsset(ctx, logo.ContentType, logo.Hash, logo.Data); err != nil {
			return nil, err
		}
	}
	published := &Brand{CompanyID: x.company, Version: current.Version + 1, Theme: next, PublishedAt: &x.now}
	return published, insertBrand(ctx, x.Tx, x.company, published.Version, next, x.now)
}

func brandErrors(b theme.Brand, problems []theme.Problem) Errors {
	var errs Errors
	for _, p := range problems {
		code := Invalid
		switch {
		case !slices.Equal(p.Path, []string{"name"}):
		case strings.TrimSpace(b.Name) == "":
			code = Required
		case utf8.RuneCountInString(b.Name) > theme.MaxBrandName:
			code = TooLong
		}
		errs = append(errs, &Error{Code: code, Path: p.Path, Message: p.Message})
	}
	return errs
}

// LogoURL is the address of the logo on this installation; nil without one.
func (b *Brand) LogoURL() *string {
	if b.Theme.Logo == "" {
		return nil
	}
	return ptr(assetPath + b.Theme.Logo)
}

// Name is what the Brand goes by.
func (b *Brand) Name() string { return b.Theme.Name }

// Colors are the colours that all others are derived from.
func (b *Brand) Colors() theme.Colors { return b.Theme.Colors }

// HeadingFont is the name of the font of headings.
func (b *Brand) HeadingFont() string { return b.Theme.HeadingFont }

// BodyFont is the name of the font of running text.
func (b *Brand) BodyFont() string { return b.Theme.BodyFont }

// CornerRadius is how round the Brand's corners are.
func (b *Brand) CornerRadius() theme.CornerRadius { return b.Theme.CornerRadius }

// Formality is how the Brand addresses a Contact.
func (b *Brand) Formality() theme.Formality { return b.Theme.Formality }
