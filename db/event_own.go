package db

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"complero/db/profile"
)

// ownEvents narrows events to those that a Viewer who is bound to a Source may
// see: what its Source caused, and what its Contacts said or went through; not
// what other Sources say of them. Arguments count from a number; it is "" for
// a Viewer who is bound to none.
func (t *Tenant) ownEvents(from int) (string, []any) {
	own := t.boundTo()
	if own == "" {
		return "", nil
	}
	mine, args := t.mine("contact_id", from)
	return fmt.Sprintf("(source = $%d OR source IS NULL AND %s)", from+2, mine), args
}

// ownNames has events name their Contacts, to a Viewer who is bound to a
// Source, by the externalIds there.
func (t *Tenant) ownNames(ctx context.Context, events []*Event) error {
	own := t.boundTo()
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

// withoutOthers takes out of events' changes, for a Viewer who is bound to a
// Source, by which ids others know the person.
func (t *Tenant) withoutOthers(values map[int64]*EventValues) {
	if t.boundTo() == "" {
		return
	}
	for _, v := range values {
		v.Changes = slices.DeleteFunc(v.Changes, func(c profile.Change) bool { return c.Field == mergedField || c.Field == mergedIntoField })
	}
}
