package graph

import (
	"context"

	"complero/db"
	"complero/graph/model"
)

func (queryResolver) MergeSuggestions(ctx context.Context, first *int, after *string, last *int, before *string) (*db.MergeSuggestionConnection, error) {
	c, err := tenant(ctx).MergeSuggestions(ctx, page(first, after, last, before))
	return noted(c, err, &rowsOf(ctx).suggestions)
}

func (mergeSuggestionResolver) Contact(ctx context.Context, s *db.MergeSuggestion) (*db.Contact, error) {
	return rowsOf(ctx).suggested(ctx, s, s.ContactID)
}

func (mergeSuggestionResolver) Other(ctx context.Context, s *db.MergeSuggestion) (*db.Contact, error) {
	return rowsOf(ctx).suggested(ctx, s, s.OtherID)
}

// suggested reads a Contact of a suggestion, for all suggestions that were
// read with it.
func (r *rows) suggested(ctx context.Context, s *db.MergeSuggestion, id string) (*db.Contact, error) {
	return r.contactByID.get(ctx, id, func() []string {
		var ids []string
		for _, s := range r.suggestions.of(s) {
			ids = append(ids, s.ContactID, s.OtherID)
		}
		return ids
	})
}

func (contactResolver) Sources(ctx context.Context, c *db.Contact) ([]*db.SourceView, error) {
	words, err := wordsOf(ctx, c)
	return orNone(words.Sources), err
}

func (contactResolver) Provenance(ctx context.Context, c *db.Contact) ([]*db.FieldProvenance, error) {
	words, err := wordsOf(ctx, c)
	return orNone(words.Provenance), err
}

// wordsOf reads who says what of a Contact, for all that were read with it.
func wordsOf(ctx context.Context, c *db.Contact) (*db.ContactWords, error) {
	r := rowsOf(ctx)
	words, err := r.wordsByID.get(ctx, c.ID, r.contactsBeside(c))
	if words == nil {
		words = new(db.ContactWords)
	}
	return words, err
}

func (contactResolver) Merges(ctx context.Context, c *db.Contact) ([]*db.ContactMerge, error) {
	r := rowsOf(ctx)
	merges, err := r.mergesOf.get(ctx, c.ID, r.contactsBeside(c))
	return orNone(merges), err
}

func (mutationResolver) MergeConfirm(ctx context.Context, in model.MergeConfirmInput) (*model.MergePayload, error) {
	return mergePayload(ctx)(tenant(ctx).ConfirmMerge(ctx, db.MergeConfirm(in)))
}

func (mutationResolver) ContactsMerge(ctx context.Context, in model.ContactsMergeInput) (*model.MergePayload, error) {
	return mergePayload(ctx)(tenant(ctx).MergeContacts(ctx, db.ContactsMerge(in)))
}

func mergePayload(ctx context.Context) func(*db.ContactMerge, error) (*model.MergePayload, error) {
	return func(merge *db.ContactMerge, err error) (*model.MergePayload, error) {
		payload := &model.MergePayload{Merge: merge}
		if merge != nil && tenant(ctx).Viewer.May(db.ContactsRead) {
			payload.Contact, err = tenant(ctx).Contact(ctx, db.ContactRef{ID: &merge.KeptID})
		}
		payload.UserErrors, err = userErrors(err)
		return payload, err
	}
}

func (mutationResolver) MergeDismiss(ctx context.Context, in model.MergeDismissInput) (*model.MergeSuggestionPayload, error) {
	suggestion, err := tenant(ctx).DismissMerge(ctx, in.ID)
	errs, err := userErrors(err)
	return &model.MergeSuggestionPayload{Suggestion: suggestion, UserErrors: errs}, err
}

func (mutationResolver) ContactUnmerge(ctx context.Context, in model.ContactUnmergeInput) (*model.ContactUnmergePayload, error) {
	unmerged, err := tenant(ctx).UnmergeContacts(ctx, db.ContactUnmerge(in))
	payload := new(model.ContactUnmergePayload)
	if unmerged != nil {
		payload.Merge, payload.Contact, payload.Restored = unmerged.Merge, unmerged.Kept, unmerged.Restored
	}
	payload.UserErrors, err = userErrors(err)
	return payload, err
}
