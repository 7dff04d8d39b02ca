package db

import (
	"context"
	"fmt"
	"slices"
)

// identities are the texts by which a person who was deleted is recognised in
// a new upload: the ids in each Source, and what the person is known by.
func (c *Contact) identities() []string {
	list := c.Profile.IdentityKeys()
	for source, id := range c.keys {
		list = append(list, "id:"+source+"|"+id)
	}
	slices.Sort(list)
	return list
}

func (x *tx) suppressionRows(c *Contact) [][]any {
	var rows [][]any
	for _, identity := range c.identities() {
		rows = append(rows, []any{x.store.suppressionHash(x.company, identity), x.now})
	}
	return rows
}

var insertSuppression = insertBulk("suppression", column{"hash", blobs}, column{"stopped_at", times}).suffix("ON CONFLICT DO NOTHING")

// suppress keeps, as hashes, who is never to be asked again.
func (x *tx) suppress(ctx context.Context, c *Contact) error {
	if err := x.writeAll(ctx, insertSuppression, x.suppressionRows(c)); err != nil {
		return fmt.Errorf("suppress: %w", err)
	}
	return nil
}

// unsuppress forgets what suppress kept.
func (x *tx) unsuppress(ctx context.Context, c *Contact) error {
	for _, row := range x.suppressionRows(c) {
		_, err := x.exec(ctx, "DELETE FROM suppression WHERE company_id = $1 AND mode = $2 AND hash = $3", x.company, x.mode, row[0])
		if err != nil {
			return fmt.Errorf("unsuppress: %w", err)
		}
	}
	return nil
}

// markSuppressed sets StoppedAt of those Contacts, new to the database, who
// said before that they want to be left alone.
func (x *tx) markSuppressed(ctx context.Context, contacts []*Contact) error {
	if len(contacts) == 0 {
		return nil
	}
	var some bool
	err := x.row(ctx, "SELECT EXISTS (SELECT 1 FROM suppression WHERE company_id = $1 AND mode = $2)", x.company, x.mode).Scan(&some)
	if err != nil || !some {
		return err
	}
	for _, c := range contacts {
		var hashes []any
		for _, identity := range c.identities() {
			hashes = append(hashes, x.store.suppressionHash(x.company, identity))
		}
		rows, err := x.query(ctx, "SELECT stopped_at FROM suppression WHERE company_id = $1 AND mode = $2 AND hash IN ("+
			marks(3, len(hashes))+") ORDER BY stopped_at LIMIT 1", append([]any{x.company, x.mode}, hashes...)...)
		err = scanRows(rows, err, func(r rowScanner) error { return r.Scan(&c.StoppedAt) })
		if err != nil {
			return fmt.Errorf("look up suppression: %w", err)
		}
	}
	return nil
}
