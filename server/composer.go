package main

import (
	"context"

	"complero/db"
	"complero/graph"
	"complero/server/deliver"
)

// A composer lets the API look at messages as the Sender makes them.
type composer struct{ sender *deliver.Sender }

// Compose makes a Draft's messages.
func (c composer) Compose(ctx context.Context, t *db.Tenant, d graph.TextDraft) (*graph.Composed, error) {
	made, err := c.sender.Compose(ctx, t, deliver.Draft{Outgoing: d.Outgoing, Brand: d.Brand, Text: d.Text, Formality: d.Formality})
	if err != nil {
		return nil, err
	}
	return &graph.Composed{Locale: made.Locale, From: made.From, Mail: made.Mail, SMS: made.SMS, Letter: made.Letter}, nil
}

// BuiltInTexts are those of the Sender.
func (c composer) BuiltInTexts() []*db.Text { return c.sender.BuiltInTexts() }
