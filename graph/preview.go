package graph

import (
	"context"
	"errors"

	"complero/db"
	"complero/graph/model"
)

// A Previewer writes messages without sending them, which is not this
// package's business.
type Previewer interface {
	// Preview writes to the preview's Contact as a Request would.
	Preview(ctx context.Context, t *db.Tenant, p *db.BrandPreview) (*MessagePreview, error)
}

// A MessagePreview is what a Request would say over each Channel.
type MessagePreview struct {
	Language                  string // BCP 47
	From, Subject, HTML, Text string // of the mail
	SMS                       string
	Letter                    string // the body, as plain text
}

func (queryResolver) BrandPreview(ctx context.Context, version *int, locale, contact *string, change *model.BrandUpdateInput) (*model.BrandPreview, error) {
	t := tenant(ctx)
	of := db.PreviewOf{Version: version, Locale: locale, ContactID: contact}
	if change != nil {
		tried := brandChange(*change)
		of.Change = &tried
	}
	p, err := t.PreviewBrand(ctx, of)
	if err != nil || p == nil {
		return nil, err
	}
	previewer := handler(ctx).previewer
	if previewer == nil {
		return nil, errors.New("messages cannot be shown here")
	}
	shown, err := previewer.Preview(ctx, t, p)
	if err != nil {
		return nil, err
	}
	page := *t.AddressOf(&p.Path)
	return &model.BrandPreview{
		Brand: *p.Brand, Problems: orNone(p.Problems), Locale: shown.Language, PageURL: page, FormURL: page + "/form", ExpiresAt: p.ExpiresAt,
		Mail: model.BrandPreviewMail{From: shown.From, Subject: shown.Subject, HTML: shown.HTML, Text: shown.Text},
		Sms:  shown.SMS, Letter: shown.Letter,
	}, nil
}
