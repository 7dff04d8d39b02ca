package graph

import (
	"context"

	"complero/db"
	"complero/graph/model"
	"complero/theme"
)

func (queryResolver) Fonts(ctx context.Context) ([]*db.Font, error) {
	fonts, err := tenant(ctx).Fonts(ctx)
	return orNone(fonts), err
}

func (queryResolver) FontChoices(ctx context.Context) ([]*model.FontChoice, error) {
	own, err := tenant(ctx).Fonts(ctx)
	if err != nil {
		return nil, err
	}
	var choices []*model.FontChoice
	for _, f := range theme.Fonts() {
		choices = append(choices, &model.FontChoice{Name: f.Name})
	}
	for i, f := range own {
		if i == 0 || own[i-1].Family() != f.Family() {
			choices = append(choices, &model.FontChoice{Name: f.Family(), Own: true})
		}
	}
	return choices, nil
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
