package db

import (
	"context"
	"slices"
)

// ExportedConsent is a Consent with what names its parts.
type ExportedConsent struct {
	*Consent
	// Key is the definition's.
	Key string
	// ContactExternalID is the Contact's, as the Viewer calls it.
	ContactExternalID string
	// Wording is exactly the text that the Contact saw, in Markdown.
	Wording string
}

// ExportConsents hands out decisions, oldest first, those included that were
// followed by another. It reads page by page and keeps no transaction open: each
// is as it was when its page was read.
func (t *Tenant) ExportConsents(ctx context.Context, filter ConsentFilter, each func(*ExportedConsent) error) error {
	if err := t.mayTake(); err != nil {
		return err
	}
	page := Page{Last: ptr(exportPage)} // the list begins with the newest
	for {
		list, err := t.Consents(ctx, page, filter)
		if err != nil {
			return err
		}
		exported, err := t.exportedConsents(ctx, list.Nodes)
		if err != nil {
			return err
		}
		for _, c := range slices.Backward(exported) {
			if err := each(c); err != nil {
				return err
			}
		}
		if !list.PageInfo.HasPreviousPage {
			return nil
		}
		page.Before = list.PageInfo.StartCursor
	}
}

func (t *Tenant) exportedConsents(ctx context.Context, consents []*Consent) ([]*ExportedConsent, error) {
	ids := make([]string, len(consents))
	for i, c := range consents {
		ids[i] = c.ContactID
	}
	contacts, err := t.contactsByID(ctx, sortedIDs(ids))
	if err != nil {
		return nil, err
	}
	wordings, err := t.ConsentWordings(ctx, consents)
	if err != nil {
		return nil, err
	}
	definitions, err := t.consentDefinitions(ctx, t.store.read.DB, "true")
	if err != nil {
		return nil, err
	}
	keys := make(map[string]string, len(definitions))
	for _, d := range definitions {
		keys[d.ID] = d.Key
	}
	exported := make([]*ExportedConsent, len(consents))
	for i, c := range consents {
		exported[i] = &ExportedConsent{Consent: c, Key: keys[c.DefinitionID], Wording: wordings[c.ID]}
		if contact := contacts[c.ContactID]; contact != nil {
			exported[i].ContactExternalID = contact.ExternalID()
		}
	}
	return exported, nil
}
