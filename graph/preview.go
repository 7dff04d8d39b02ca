package graph

import (
	"context"

	"complero/db"
	"complero/graph/model"
)

func (queryResolver) BrandPreview(ctx context.Context, version *int, locale, contact *string) (*model.BrandPreview, error) {
	t := tenant(ctx)
	p, err := t.PreviewBrand(ctx, db.PreviewOf{Version: version, Locale: locale, ContactID: contact})
	if err != nil || p == nil {
		return nil, err
	}
	c, err := composer(ctx)
	if err != nil {
		return nil, err
	}
	printed, err := c.Compose(ctx, t, TextDraft{Outgoing: p.Outgoing, Brand: p.Brand})
	if err != nil {
		return nil, err
	}
	// A mail is clicked on: its link leads to what can be looked at.
	page, mailed := *t.AddressOf(&p.Path), *p.Outgoing
	mailed.Link, mailed.StopLink = page, page
	clicked, err := c.Compose(ctx, t, TextDraft{Outgoing: &mailed, Brand: p.Brand})
	if err != nil {
		return nil, err
	}
	return &model.BrandPreview{
		Brand: *p.Brand, Locale: clicked.Locale, PageURL: page, FormURL: page + "/form", ExpiresAt: p.ExpiresAt,
		Mail: model.BrandPreviewMail{From: clicked.From, Subject: clicked.Mail.Subject, HTML: clicked.Mail.HTML, Text: clicked.Mail.Text},
		Sms:  printed.SMS.Text, Letter: printed.Letter.Text(),
	}, nil
}
