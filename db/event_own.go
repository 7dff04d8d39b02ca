package db

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"complero/db/profile"
)

// ownEvents narrows events to those that a bound Viewer may see: an Employee
// what became of their Contacts; an agency what its Source caused, and what its
// Contacts said or went through, not what other Sources say of them. Arguments
// count from a number; it is "" for a Viewer who is bound to nothing.
func (t *Tenant) ownEvents(from int) (string, []any) {
	mine, args := t.mine("contact_id", from)
	if t.bound().source == "" {
		return mine, args
	}
	return fmt.Sprintf("(source = $%d OR source IS NULL AND %s)", from+2, mine), args
}

// ownNames has events name their Contacts, to a Viewer who is bound to a
// Source, by the externalIds there.
func (t *Tenant) ownNames(ctx context.Context, events []*Event) error {
	own := t.bound().source
	if own == "" || len(events) == 0 {
		return nil
	}
	var ids []string
	for _, e := range events {
		if deref(e.Source) != own && e.ContactID != "" {
			ids = append(ids, e.ContactID)
		}
	}
	query := t.store.engine.lookup("id, external_ids", "contact", "company_id = $1 AND mode = $2", "id", 3, "")
	rows, err := t.read(ctx, query, t.Company.Key, t.Mode, t.store.engine.list(firsts(ids)))
	names := map[string]*string{}
	err = scanRows(rows, err, func(r rowScanner) error {
		var id string
		var keys map[string]string
		var data []byte
		if err := r.Scan(&id, &data); err != nil {
			return err
		}
		err := json.Unmarshal(data, &keys)
		names[id] = nullable(keys[own])
		return err
	})
	if err != nil {
		return fmt.Errorf("name Contacts: %w", err)
	}
	for _, e := range events {
		if deref(e.Source) != own {
			e.ContactExternalID = names[e.ContactID]
		}
	}
	return nil
}

// withoutOthers takes out of events' changes, for a bound Viewer, by which ids
// others know the person and, for an Employee, who else looked after them.
func (t *Tenant) withoutOthers(values map[int64]*EventValues) {
	b := t.bound()
	if b.none() {
		return
	}
	others := func(c profile.Change) bool {
		return c.Field == mergedField || c.Field == mergedIntoField || b.employee != "" && c.Field == "employee"
	}
	for _, v := range values {
		v.Changes = slices.DeleteFunc(v.Changes, others)
	}
}
