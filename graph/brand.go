package graph

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/99designs/gqlgen/graphql"

	"complero/db"
	"complero/graph/model"
	"complero/theme"
)

func (brandResolver) LogoURL(ctx context.Context, b *db.Brand) (*string, error) {
	return tenant(ctx).AddressOf(b.LogoURL()), nil
}

func (brandResolver) LogoDarkURL(ctx context.Context, b *db.Brand) (*string, error) {
	return tenant(ctx).AddressOf(b.LogoDarkURL()), nil
}

func (brandResolver) IconURL(ctx context.Context, b *db.Brand) (*string, error) {
	return tenant(ctx).AddressOf(b.IconURL()), nil
}

func (brandResolver) Warnings(ctx context.Context, b *db.Brand) ([]*theme.Problem, error) {
	warnings, err := tenant(ctx).BrandWarnings(ctx, b)
	return orNone(warnings), err
}

func (brandResolver) Tokens(_ context.Context, b *db.Brand) (json.RawMessage, error) {
	return b.Theme.Tokens()
}

func (companyResolver) Brand(ctx context.Context, c *db.Company) (*db.Brand, error) {
	t, err := tenant(ctx).In(ctx, c)
	if err != nil {
		return nil, err
	}
	return t.Brand(ctx)
}

func (companyResolver) BrandDraft(ctx context.Context, c *db.Company) (*db.Brand, error) {
	t, err := tenant(ctx).In(ctx, c)
	if err != nil {
		return nil, err
	}
	return t.BrandDraft(ctx)
}

func (companyResolver) BrandVersions(ctx context.Context, c *db.Company, first, before *int) ([]*db.Brand, error) {
	t, err := tenant(ctx).In(ctx, c)
	if err != nil {
		return nil, err
	}
	return t.BrandVersions(ctx, first, before)
}

func (mutationResolver) BrandUpdate(ctx context.Context, in model.BrandUpdateInput) (*model.BrandPayload, error) {
	return brandPayload(tenant(ctx).UpdateBrand(ctx, brandChange(in)))
}

// brandChange is what an input asks for.
func brandChange(in model.BrandUpdateInput) db.BrandChange {
	change := db.BrandChange{
		Draft: in.Publish != nil && !*in.Publish,
		Name:  orEmpty(in.Name), HeadingFont: orEmpty(in.HeadingFont), BodyFont: orEmpty(in.BodyFont),
		CornerRadius: orEmpty(in.CornerRadius), Formality: orEmpty(in.Formality),
	}
	if colors := in.Colors.Value(); colors != nil {
		change.Primary, change.Accent, change.Background, change.Text = colors.Primary, colors.Accent, colors.Background, colors.Text
	}
	if dark, given := in.Dark.ValueOK(); dark != nil {
		change.DarkPrimary, change.DarkAccent = orEmpty(dark.Primary), orEmpty(dark.Accent)
		change.DarkBackground, change.DarkText = orEmpty(dark.Background), orEmpty(dark.Text)
	} else if given {
		change.DarkPrimary, change.DarkAccent, change.DarkBackground, change.DarkText = new(string), new(string), new(string), new(string)
	}
	change.Logo, change.NoLogo = picture(in.Logo)
	change.LogoDark, change.NoLogoDark = picture(in.LogoDark)
	change.Icon, change.NoIcon = picture(in.Icon)
	return change
}

// picture is one that came, or tells that the one there is goes.
func picture(file graphql.Omittable[*graphql.Upload]) (data io.Reader, remove bool) {
	came, given := file.ValueOK()
	if came != nil {
		return came.File, false
	}
	return nil, given
}

func brandPayload(brand *db.Brand, err error) (*model.BrandPayload, error) {
	errs, err := userErrors(err)
	return &model.BrandPayload{Brand: brand, UserErrors: errs}, err
}

func (mutationResolver) BrandPublish(ctx context.Context) (*model.BrandPayload, error) {
	payload, err := brandPayload(tenant(ctx).PublishBrand(ctx))
	aboutBrand(payload.UserErrors)
	return payload, err
}

func (mutationResolver) BrandDraftDiscard(ctx context.Context) (*model.BrandPayload, error) {
	return brandPayload(tenant(ctx).DiscardBrandDraft(ctx))
}

func (mutationResolver) BrandRollback(ctx context.Context, in model.BrandRollbackInput) (*model.BrandPayload, error) {
	payload, err := brandPayload(tenant(ctx).RollbackBrand(ctx, in.Version))
	aboutBrand(payload.UserErrors)
	return payload, err
}

// aboutBrand has the paths of errors begin at the Brand that is about nothing
// in the input.
func aboutBrand(errs []*db.Error) {
	ofInput := []string{"version", "tokens", "file"}
	for _, e := range errs {
		if len(e.Path) > 1 && !slices.Contains(ofInput, e.Path[1]) {
			e.Path = e.Path[1:]
		}
	}
}

func (mutationResolver) BrandImportTokens(ctx context.Context, in model.BrandImportTokensInput) (*model.BrandImportTokensPayload, error) {
	payload := &model.BrandImportTokensPayload{Tokens: []*theme.TokenResult{}}
	file, err := tokenFile(in)
	if err == nil {
		var results []theme.TokenResult
		scheme := theme.LightTokens
		if in.Scheme != nil {
			scheme = *in.Scheme
		}
		payload.Brand, results, err = tenant(ctx).ImportBrandTokens(ctx, file, scheme, orZero(in.Publish))
		for i := range results {
			payload.Tokens = append(payload.Tokens, &results[i])
		}
	}
	payload.UserErrors, err = userErrors(err)
	aboutBrand(payload.UserErrors)
	return payload, err
}

// maxTokenFile is a little more than package theme takes, which says so then.
const maxTokenFile = 1<<20 + 1

func tokenFile(in model.BrandImportTokensInput) ([]byte, error) {
	given := len(in.Tokens) > 0 && !bytes.Equal(bytes.TrimSpace(in.Tokens), []byte("null"))
	switch {
	case given && in.File != nil:
		return nil, &db.Error{Code: db.Invalid, Path: []string{"file"}, Message: "give the tokens as tokens or as file, not both"}
	case given:
		return in.Tokens, nil
	case in.File == nil:
		return nil, &db.Error{Code: db.Required, Path: []string{"tokens"}, Message: "give the tokens as tokens or as file"}
	}
	data, err := io.ReadAll(io.LimitReader(in.File.File, maxTokenFile))
	if err != nil {
		return nil, fmt.Errorf("read the file of tokens: %w", err)
	}
	return data, nil
}
