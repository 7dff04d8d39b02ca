package db

import (
	"context"
	"iter"
	"maps"
	"slices"

	"complero/db/profile"
)

// addRanks reads the ranks of the Company's Sources, which decide between them.
func (x *tx) addRanks(ctx context.Context, u *upload) error {
	sources, err := x.tenant.sources(ctx, x.Tx.Tx)
	u.ranks = ranks(sources)
	return err
}

// addHeads notes whose Employees look after those Contacts that several
// Sources know.
func (x *tx) addHeads(ctx context.Context, u *upload, locked map[string]*Contact) error {
	var ids []string
	for _, c := range locked {
		if len(c.keys) > 1 && c.EmployeeID != "" {
			ids = append(ids, c.EmployeeID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	var err error
	u.heads, err = x.textPairs(ctx, "id", "source", firsts(ids))
	return err
}

// mayAssign reports whether the Source may say who looks after a Contact: it
// may, unless that is an Employee of a Source that ranks higher.
func (u *upload) mayAssign(c *Contact) bool {
	head := u.heads[c.EmployeeID]
	return head == "" || u.ranks[profile.Source(head)] >= u.ranks[profile.Source(u.source)]
}

// nameByRank tells those Contacts by which Source to call them that neither the
// Viewer's Source nor the central CRM knows, but several others do.
func (t *Tenant) nameByRank(ctx context.Context, q querier, contacts iter.Seq[*Contact]) error {
	var unnamed []*Contact
	for c := range contacts {
		if len(c.keys) > 1 && c.keys[crm] == "" && c.keys[c.source] == "" {
			unnamed = append(unnamed, c)
		}
	}
	if len(unnamed) == 0 {
		return nil
	}
	sources, err := t.sources(ctx, q)
	if err != nil {
		return err
	}
	for _, c := range unnamed {
		for _, s := range sources {
			if c.keys[s.Key] != "" {
				c.first = s.Key
				break
			}
		}
	}
	return nil
}

// onlyOwn leaves of Employees, ids by externalId, those of a Source: what a key
// that is bound to one names.
func (x *tx) onlyOwn(ctx context.Context, op *Operation, ids map[string]string) error {
	if !op.Options.Bound || len(ids) == 0 {
		return nil
	}
	heads, err := x.textPairs(ctx, "id", "source", slices.Collect(maps.Values(ids)))
	if err != nil {
		return err
	}
	maps.DeleteFunc(ids, func(_, id string) bool { return heads[id] != deref(op.Source) })
	return nil
}
