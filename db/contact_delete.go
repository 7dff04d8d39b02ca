package db

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"strconv"
	"time"

	"complero/db/profile"
)

// deleteContacts deletes the Contacts of a slice by externalId. A Contact
// whom another Source knows too only loses this Source's id.
func (x *tx) deleteContacts(ctx context.Context, op *Operation, externalIDs []string, first int) ([]*OperationItem, error) {
	source := deref(op.Source)
	contacts, err := x.lockKnown(ctx, source, externalIDs)
	if err != nil {
		return nil, err
	}
	items := make([]*OperationItem, len(externalIDs))
	for n, external := range externalIDs {
		items[n] = &OperationItem{Index: first + n, ExternalID: nullable(external), Outcome: ItemRejected}
		c := contacts[external]
		if c == nil {
			items[n].Errors = Errors{{
				Code: NotFoundCode, Path: []string{"externalIds", strconv.Itoa(first + n)},
				Message: fmt.Sprintf("the Source %q knows no Contact %q", source, external),
			}}
			continue
		}
		delete(contacts, external)
		items[n].Outcome = ItemDeleted
		e := c.event(DeleteEvent)
		e.OperationID, e.Source, e.ContactExternalID = op.ID, &source, &external
		if len(c.keys) > 1 {
			err = x.forget(ctx, c, source, e)
		} else {
			err = x.eraseContact(ctx, c, e)
		}
		if err != nil {
			return nil, err
		}
	}
	return items, x.eraseErrors(ctx, externalIDs)
}

// eraseContact removes a locked Contact and all that is held of the person:
// what remains is the log without values, ended by the given event, and the
// Consents, which the law has kept.
func (x *tx) eraseContact(ctx context.Context, c *Contact, last *Event) error {
	if c.StoppedAt != nil {
		if err := x.suppress(ctx, c); err != nil {
			return err
		}
	}
	ids, err := x.mergedInto(ctx, c.ID)
	if err != nil {
		return err
	}
	if err := x.eraseWhileMerged(ctx, ids, ""); err != nil {
		return err
	}
	for _, id := range ids {
		if err := x.eraseRows(ctx, id); err != nil {
			return err
		}
	}
	x.countContacts(c.EmployeeID, -1)
	last.metadata = nil
	x.record(last)
	return nil
}

// eraseRows removes what is held under a Contact's id, and its events' values.
func (x *tx) eraseRows(ctx context.Context, id string) error {
	if err := x.eraseValues(ctx, id, "", nil); err != nil {
		return err
	}
	for _, table := range contactTables {
		statement := fmt.Sprintf("DELETE FROM %s WHERE company_id = $1 AND mode = $2 AND %s", table.name, table.where)
		if _, err := x.exec(ctx, statement, x.company, x.mode, id); err != nil {
			return fmt.Errorf("erase from %s: %w", table.name, err)
		}
	}
	return nil
}

// forget takes from a locked Contact, whom other Sources know too, what one
// Source said: its externalId, its words, the values of its events, and what
// is kept to undo merges, which holds them too. Where it was the only one to
// know something, that is gone; else what the others say takes its place.
func (x *tx) forget(ctx context.Context, c *Contact, source string, last *Event) error {
	ids, err := x.mergedInto(ctx, c.ID)
	if err != nil {
		return err
	}
	if err := x.eraseWhileMerged(ctx, ids, source); err != nil {
		return err
	}
	for _, id := range ids {
		if err := x.eraseValues(ctx, id, source, nil); err != nil {
			return err
		}
		_, err := x.exec(ctx, "UPDATE contact_merge SET undo = NULL WHERE company_id = $1 AND mode = $2 AND kept_id = $3", x.company, x.mode, id)
		if err != nil {
			return fmt.Errorf("erase what undoes merges: %w", err)
		}
	}
	_, err = x.exec(ctx, "DELETE FROM contact_key WHERE company_id = $1 AND mode = $2 AND source = $3 AND external_id = $4",
		x.company, x.mode, source, c.keys[source])
	if err != nil {
		return fmt.Errorf("forget externalId: %w", err)
	}
	sources, err := x.tenant.sources(ctx, x.Tx.Tx)
	if err != nil {
		return err
	}
	before := c.Profile
	c.withoutSource(source, sources, x.now)
	if err := x.saveContact(ctx, c); err != nil {
		return err
	}
	if err := x.saveViews(ctx, c); err != nil {
		return err
	}
	last.changes, last.metadata = nil, last.metadata.ofThose(c.keys)
	x.record(last)
	if changes := profile.Diff(before, c.Profile); len(changes) > 0 {
		e := c.event(SyncEvent)
		e.OperationID = last.OperationID
		e.changes = keepAfter(changes)
		x.record(e)
	}
	return nil
}

// withoutSource takes a Source's words out of what is on file. What the others
// said beside them comes to count, by rank.
func (c *Contact) withoutSource(source string, sources []*Source, now time.Time) {
	views := map[string]profile.View{}
	for key := range c.keys {
		if key != source {
			views[key] = c.view(key)
		}
	}
	file := c.onFile().Without(profile.Source(source))
	c.keys = maps.Clone(c.keys)
	delete(c.keys, source)
	for _, s := range sources {
		v, knows := views[s.Key]
		if !knows {
			continue
		}
		for _, said := range v.Said(profile.View{}, profile.Source(s.Key), ranks(sources), now) {
			file = file.Say(said, newID)
		}
	}
	c.Profile, c.provenance, c.views, c.metadata = file.Profile, file.Provenance, views, c.metadata.ofThose(c.keys)
}

// keepAfter leaves of changes where they lead: what was there before is erased.
func keepAfter(changes []profile.Change) []profile.Change {
	for i := range changes {
		changes[i].Before = json.RawMessage("null")
	}
	return changes
}
