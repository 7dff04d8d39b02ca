package graph

import (
	"context"

	"complero/db"
	"complero/graph/model"
)

func (queryResolver) Fonts(ctx context.Context) ([]*db.Font, error) {
	fonts, err := tenant(ctx).Fonts(ctx)
	return orNone(fonts), err
}

func (fontResolver) URL(ctx context.Context, f *db.Font) (string, error) {
	return *tenant(ctx).AddressOf(f.URL()), nil
}

func (mutationResolver) FontUpload(ctx context.Context, in model.FontUploadInput) (*model.FontPayload, error) {
	font, err := tenant(ctx).UploadFont(ctx, db.FontUpload{File: in.File.File, Licence: in.Licence, Serif: in.Serif})
	errs, err := userErrors(err)
	return &model.FontPayload{Font: font, UserErrors: errs}, err
}

func (mutationResolver) FontDelete(ctx context.Context, in model.FontDeleteInput) (*model.FontPayload, error) {
	font, err := tenant(ctx).DeleteFont(ctx, in.ID)
	errs, err := userErrors(err)
	return &model.FontPayload{Font: font, UserErrors: errs}, err
}
