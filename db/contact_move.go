package db

import (
	"context"
	"fmt"
)

// moveRows gives what belongs to one locked Contact to another, and notes in
// undo what that is. Of the first only its events remain, which never change.
func (x *tx) moveRows(ctx context.Context, from, to *Contact, undo *mergeUndo) (err error) {
	if undo.Requests, err = x.idsOf(ctx, "request", from.ID); err != nil {
		return err
	}
	if undo.Messages, err = x.idsOf(ctx, "outbox", from.ID); err != nil {
		return err
	}
	if undo.Consents, err = x.idsOf(ctx, "consent", from.ID); err != nil {
		return err
	}
	if err := x.give(ctx, "request", undo.Requests, from.ID, to.ID); err != nil {
		return err
	}
	if err := x.give(ctx, "outbox", undo.Messages, from.ID, to.ID); err != nil {
		return err
	}
	if err := x.giveConsents(ctx, undo.Consents, from.ID, to.ID); err != nil {
		return err
	}
	for _, table := range writtenTables {
		ids, err := x.idsOf(ctx, table, from.ID)
		if err != nil {
			return err
		}
		if err := x.give(ctx, table, ids, from.ID, to.ID); err != nil {
			return err
		}
	}
	for source, external := range from.keys {
		if err := x.giveKey(ctx, source, external, to.ID); err != nil {
			return err
		}
	}
	for _, statement := range []string{
		"DELETE FROM contact_match WHERE company_id = $1 AND mode = $2 AND contact_id = $3",
		"DELETE FROM verification WHERE company_id = $1 AND mode = $2 AND contact_id = $3",
		"DELETE FROM merge_suggestion WHERE company_id = $1 AND mode = $2 AND (contact_id = $3 OR other_id = $3) AND status IN ('OPEN', 'AUTOMATIC')",
		"DELETE FROM contact WHERE company_id = $1 AND mode = $2 AND id = $3",
	} {
		if _, err := x.exec(ctx, statement, x.company, x.mode, from.ID); err != nil {
			return fmt.Errorf("take the merged Contact away: %w", err)
		}
	}
	return nil
}

// writtenTables hold what a Contact wrote from a page. Its rows belong to
// Requests, with which they come back when a merge is undone.
var writtenTables = []string{"enquiry", "proposal"}

// idsOf are the ids of a table's rows about a Contact, which it locks in their order.
func (x *tx) idsOf(ctx context.Context, table, contactID string) ([]string, error) {
	rows, err := x.query(ctx, fmt.Sprintf("SELECT id FROM %s WHERE company_id = $1 AND mode = $2 AND contact_id = $3 ORDER BY id", table)+x.engine.locking(),
		x.company, x.mode, contactID)
	ids, err := scanIDs(rows, err)
	if err != nil {
		return nil, fmt.Errorf("find what is in %s: %w", table, err)
	}
	return ids, nil
}

// give moves rows of a table from one Contact to another.
func (x *tx) give(ctx context.Context, table string, ids []string, from, to string) error {
	if len(ids) == 0 {
		return nil
	}
	in, args := x.engine.oneOf("id", 5, ids)
	_, err := x.exec(ctx, fmt.Sprintf("UPDATE %s SET contact_id = $4 WHERE company_id = $1 AND mode = $2 AND contact_id = $3 AND %s", table, in),
		append([]any{x.company, x.mode, from, to}, args...)...)
	if err != nil {
		return fmt.Errorf("move what is in %s: %w", table, err)
	}
	return nil
}

func (x *tx) giveKey(ctx context.Context, source, external, to string) error {
	_, err := x.exec(ctx, "UPDATE contact_key SET contact_id = $5 WHERE company_id = $1 AND mode = $2 AND source = $3 AND external_id = $4",
		x.company, x.mode, source, external, to)
	if err != nil {
		return fmt.Errorf("move externalId: %w", err)
	}
	return nil
}

// giveConsents moves Consents, and has the newest decision count for each
// definition and Channel on either side.
func (x *tx) giveConsents(ctx context.Context, ids []string, from, to string) error {
	if len(ids) == 0 {
		return nil
	}
	both := []string{from, to}
	in, args := x.engine.oneOf("contact_id", 3, both)
	_, err := x.exec(ctx, "UPDATE consent SET latest = false WHERE company_id = $1 AND mode = $2 AND latest AND "+in,
		append([]any{x.company, x.mode}, args...)...)
	if err != nil {
		return fmt.Errorf("put Consents in order: %w", err)
	}
	if err := x.give(ctx, "consent", ids, from, to); err != nil {
		return err
	}
	for _, contact := range both {
		history, err := x.tenant.consents(ctx, x.Tx.Tx, "contact_id = $3", contact)
		if err != nil {
			return err
		}
		latest := map[consentPlace]*Consent{}
		for _, c := range history {
			if last := latest[c.place()]; last == nil || c.laterThan(last) {
				latest[c.place()] = c
			}
		}
		for _, c := range latest {
			c.Latest = true
			if err := x.saveConsent(ctx, c); err != nil {
				return err
			}
		}
	}
	return nil
}
