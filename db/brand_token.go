package db

import (
	"context"
	"errors"

	"complero/theme"
)

// ImportBrandTokens changes the Company's Brand to what a file of design tokens
// says: its draft, or with publish the Brand in use. It tells what became of
// each token, also where the Brand that comes of them cannot be published.
func (t *Tenant) ImportBrandTokens(ctx context.Context, file []byte, scheme theme.TokenScheme, publish bool) (*Brand, []theme.TokenResult, error) {
	if err := t.mayChangeBrand(); err != nil {
		return nil, nil, err
	}
	fonts, err := t.fonts(ctx, t.store.read.DB, "")
	if err != nil {
		return nil, nil, err
	}
	var families []string
	for _, f := range fonts {
		families = append(families, f.document.Family)
	}
	settings, results, err := theme.ReadTokens(file, scheme, families...)
	var problem theme.Problem
	if errors.As(err, &problem) {
		return nil, nil, fail(Invalid, "tokens", "%s", problem.Message)
	}
	if err != nil {
		return nil, nil, err
	}
	b, err := t.editBrand(ctx, brandEdit{draft: !publish, apply: func(b theme.Brand) theme.Brand { return settings.Apply(b).Normalized() }})
	return b, results, err
}
