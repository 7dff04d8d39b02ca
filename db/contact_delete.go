package db

import (
	"context"
	"fmt"
	"strconv"
)

// deleteContacts deletes the Contacts of a slice by externalId. A Contact
// whom another Source knows too only loses this Source's id.
func (x *tx) deleteContacts(ctx context.Context, op *Operation, externalIDs []string, first int) ([]*OperationItem, error) {
	source := deref(op.Source)
	keys, err := x.contactKeys(ctx, source, externalIDs)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, id := range keys {
		ids = append(ids, id)
	}
	contacts, err := x.lockContacts(ctx, ids)
	if err != nil {
		return nil, err
	}
	items := make([]*OperationItem, len(externalIDs))
	for n, external := range externalIDs {
		items[n] = &OperationItem{Index: first + n, ExternalID: nullable(external), Outcome: ItemRejected}
		c := contacts[keys[external]]
		if c == nil {
			items[n].Errors = Errors{{
				Code: NotFoundCode, Path: []string{"externalIds", strconv.Itoa(first + n)},
				Message: fmt.Sprintf("the Source %q knows no Contact %q", source, external),
			}}
			continue
		}
		delete(keys, external)
		items[n].Outcome = ItemDeleted
		e := c.event(DeleteEvent)
		e.OperationID, e.Source = op.ID, &source
		if err := x.eraseContact(ctx, c, e); err != nil {
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
	if err := x.eraseValues(ctx, c.ID); err != nil {
		return err
	}
	for _, table := range contactTables {
		statement := fmt.Sprintf("DELETE FROM %s WHERE company_id = $1 AND mode = $2 AND %s", table.name, table.where)
		if _, err := x.exec(ctx, statement, x.company, x.mode, c.ID); err != nil {
			return fmt.Errorf("erase from %s: %w", table.name, err)
		}
	}
	x.countContacts(c.EmployeeID, -1)
	last.metadata = nil
	x.record(last)
	return nil
}
