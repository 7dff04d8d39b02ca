package db

import (
	"context"
	"fmt"

	"complero/theme"
)

// BrandWarnings are what is worth knowing of a Brand and keeps it from nothing: fonts
// that slow its pages down, and a logo that can hardly be seen on the
// background, in light or in dark mode. They are measured when asked for.
func (t *Tenant) BrandWarnings(ctx context.Context, b *Brand) ([]*theme.Problem, error) {
	if err := t.check(CompanyRead); err != nil {
		return nil, err
	}
	var warnings []*theme.Problem
	for _, w := range b.Theme.FontWarnings() {
		warnings = append(warnings, &w)
	}
	palette := b.Theme.Palette()
	type shown struct{ field, logo, background, where string }
	dark := shown{"logo", b.Theme.Logo, palette.Dark.Background, "in dark mode"}
	if b.Theme.LogoDark != "" {
		dark.field, dark.logo = "logoDark", b.Theme.LogoDark
	}
	for _, on := range []shown{
		{"logo", b.Theme.Logo, palette.Light.Background, "in light mode"},
		dark,
	} {
		if on.logo == "" {
			continue
		}
		asset, err := t.store.Asset(ctx, on.logo)
		if err != nil || asset == nil {
			return nil, err
		}
		warning, err := theme.LogoWarning(on.field, asset.ContentType, asset.Data, on.background, on.where)
		if err != nil {
			return nil, fmt.Errorf("measure the logo of Brand %d: %w", b.Version, err)
		}
		if warning != nil {
			warnings = append(warnings, warning)
		}
	}
	return warnings, nil
}
