package main

import (
	"context"

	"complero/db"
	"complero/graph"
	"complero/server/deliver"
)

// A previewer shows messages as the sender would write them.
type previewer struct{ sender *deliver.Sender }

// Preview implements graph.Previewer.
func (p previewer) Preview(ctx context.Context, t *db.Tenant, of *db.BrandPreview) (*graph.MessagePreview, error) {
	shown, err := p.sender.Preview(ctx, t, of)
	if err != nil {
		return nil, err
	}
	return &graph.MessagePreview{
		Language: shown.Language, From: shown.From, Subject: shown.Subject, HTML: shown.HTML, Text: shown.Text,
		SMS: shown.SMS, Letter: shown.Letter,
	}, nil
}
