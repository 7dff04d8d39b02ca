package db

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"complero/theme"
)

// tryBrand makes a change to a preview's Brand that is kept nowhere but in the
// address of the preview, and returns it as it stands there. What makes no
// sense stays as it was, and is among the preview's Problems.
func (p *BrandPreview) tryBrand(ctx context.Context, t *Tenant, change BrandChange) (string, error) {
	change.Logo, change.LogoDark, change.Icon = nil, nil, nil
	edit, err := change.read()
	if err != nil {
		return "", err
	}
	before, tried := p.Brand.Theme, edit.apply(p.Brand.Theme)
	if err := t.bringFonts(ctx, t.store.read.DB, &tried); err != nil {
		return "", err
	}
	senseless := slices.DeleteFunc(tried.Problems(), func(p theme.Problem) bool { return p.Contrast })
	p.Problems = brandErrors(tried, senseless)
	for _, wrong := range senseless {
		*brandSetting(&tried, wrong.Path) = *brandSetting(&before, wrong.Path)
	}
	if err := t.bringFonts(ctx, t.store.read.DB, &tried); err != nil {
		return "", err
	}
	p.Brand.Theme = tried.Normalized()
	tried.HeadingUpload, tried.BodyUpload = nil, nil // they are brought again
	document, err := json.Marshal(tried)
	if err != nil {
		return "", fmt.Errorf("write a Brand to try out: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(document), nil
}

// brandSetting is where a Brand has the setting that a Problem is about.
func brandSetting(b *theme.Brand, path []string) *string {
	settings := map[string]*string{
		"name": &b.Name, "headingFont": &b.HeadingFont, "bodyFont": &b.BodyFont,
		"cornerRadius": (*string)(&b.CornerRadius), "formality": (*string)(&b.Formality),
		"logo": &b.Logo, "logoDark": &b.LogoDark, "icon": &b.Icon,
		"colors.primary": &b.Colors.Primary, "colors.accent": &b.Colors.Accent,
		"colors.background": &b.Colors.Background, "colors.text": &b.Colors.Text,
		"dark.primary": &b.Dark.Primary, "dark.accent": &b.Dark.Accent,
		"dark.background": &b.Dark.Background, "dark.text": &b.Dark.Text,
	}
	if setting := settings[strings.Join(path, ".")]; setting != nil {
		return setting
	}
	return new(string)
}

// openTried reads what tryBrand wrote, whose signature has been checked.
func (s *Store) openTried(ctx context.Context, c *Company, b *Brand, tried string) error {
	document, err := base64.RawURLEncoding.DecodeString(tried)
	if err == nil {
		b.Theme = theme.Brand{}
		err = json.Unmarshal(document, &b.Theme)
	}
	if err != nil {
		return fmt.Errorf("read a Brand to try out: %w", err)
	}
	return (&Tenant{store: s, Company: c}).bringFonts(ctx, s.read.DB, &b.Theme)
}
