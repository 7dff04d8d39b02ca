package db

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
)

func (m *matching) scan(rows *sql.Rows, err error) error {
	return scanRows(rows, err, func(r rowScanner) error {
		c, err := m.x.tenant.scanContact(r)
		if err == nil {
			m.contacts = append(m.contacts, c)
		}
		return err
	})
}

// hashMark is a mark's hash, and whose it is.
type hashMark struct {
	contact *Contact
	hash    []byte
	mark    MergeMark
}

var insertMatches = insertBulk("contact_match", column{"hash", blobs}, column{"contact_id", texts}).suffix("ON CONFLICT DO NOTHING")

// run brings the marks of the slice's Contacts up to date, and suggests those
// with a new mark in common with others.
func (m *matching) run(ctx context.Context) error {
	if len(m.contacts) == 0 {
		return nil
	}
	fresh, err := m.renew(ctx)
	if err != nil || len(fresh) == 0 {
		return err
	}
	if m.sources, err = m.x.tenant.sources(ctx, m.x.Tx.Tx); err != nil {
		return err
	}
	found, others, err := m.find(ctx, fresh)
	if err != nil || len(found) == 0 {
		return err
	}
	return m.suggest(ctx, found, others)
}

// hold keeps those with new marks from being erased before these are written,
// and leaves out who has been since the slice was read.
func (m *matching) hold(ctx context.Context, fresh []hashMark) ([]hashMark, error) {
	if m.x.engine != onPostgres || len(fresh) == 0 {
		return fresh, nil
	}
	ids := make([]string, len(fresh))
	for i, f := range fresh {
		ids[i] = f.contact.ID
	}
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	query := m.x.engine.lookup("id", "contact", "company_id = $1 AND mode = $2", "id", 3, " FOR KEY SHARE")
	rows, err := m.x.query(ctx, query, m.x.company, m.x.mode, m.x.engine.list(ids))
	there := make(map[string]bool, len(ids))
	err = scanRows(rows, err, func(r rowScanner) error {
		var id string
		err := r.Scan(&id)
		there[id] = true
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("hold Contacts: %w", err)
	}
	return slices.DeleteFunc(fresh, func(f hashMark) bool { return !there[f.contact.ID] }), nil
}

// renew writes the marks that are new and deletes those that are gone; it
// returns the new ones, in the order of their hashes, and in a backfill all.
func (m *matching) renew(ctx context.Context) ([]hashMark, error) {
	known, err := m.known(ctx)
	if err != nil {
		return nil, err
	}
	var fresh []hashMark
	for _, c := range m.contacts {
		for _, identity := range c.Profile.IdentityKeys() {
			mark := markOf(identity)
			if mark == "" {
				continue
			}
			hash := m.x.store.suppressionHash(m.x.company, "match:"+identity)
			place := string(hash) + c.ID
			if !known[place] || m.all {
				fresh = append(fresh, hashMark{c, hash, mark})
			}
			delete(known, place)
		}
	}
	if fresh, err = m.hold(ctx, fresh); err != nil {
		return nil, err
	}
	rows := make([][]any, len(fresh))
	for i, f := range fresh {
		rows[i] = []any{f.hash, f.contact.ID}
	}
	slices.SortFunc(rows, func(a, b []any) int { return slices.Compare(a[0].([]byte), b[0].([]byte)) })
	if err := m.x.writeAll(ctx, insertMatches, rows); err != nil {
		return nil, fmt.Errorf("write marks: %w", err)
	}
	for _, place := range slices.Sorted(maps.Keys(known)) {
		_, err := m.x.exec(ctx, "DELETE FROM contact_match WHERE company_id = $1 AND mode = $2 AND hash = $3 AND contact_id = $4",
			m.x.company, m.x.mode, []byte(place[:16]), place[16:])
		if err != nil {
			return nil, fmt.Errorf("delete marks: %w", err)
		}
	}
	return fresh, nil
}

// known are the marks that are kept of the slice's Contacts, as hash and id.
func (m *matching) known(ctx context.Context) (map[string]bool, error) {
	ids := make([]string, len(m.contacts))
	for i, c := range m.contacts {
		ids[i] = c.ID
	}
	query := m.x.engine.lookup("hash, contact_id", "contact_match", "company_id = $1 AND mode = $2", "contact_id", 3, "")
	rows, err := m.x.query(ctx, query, m.x.company, m.x.mode, m.x.engine.list(ids))
	known := map[string]bool{}
	err = scanRows(rows, err, func(r rowScanner) error {
		var hash []byte
		var id string
		err := r.Scan(&hash, &id)
		known[string(hash)+id] = true
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read marks: %w", err)
	}
	return known, nil
}

// find looks for others with these marks, and reads who they are.
func (m *matching) find(ctx context.Context, fresh []hashMark) (map[string]alike, map[string]*Contact, error) {
	found := map[string]alike{}
	var ids []string
	for _, f := range fresh {
		others, err := m.sharing(ctx, f)
		if err != nil {
			return nil, nil, err
		}
		for _, id := range others {
			if found[f.contact.ID] == nil {
				found[f.contact.ID] = alike{}
			}
			found[f.contact.ID].add(id, f.mark)
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil, nil, nil
	}
	query := m.x.engine.lookup(contactColumns, "contact", "company_id = $1 AND mode = $2", "id", 3, "")
	rows, err := m.x.query(ctx, query, m.x.company, m.x.mode, m.x.engine.list(firsts(ids)))
	others := map[string]*Contact{}
	err = scanRows(rows, err, func(r rowScanner) error {
		c, err := m.x.tenant.scanContact(r)
		if err == nil {
			others[c.ID] = c
		}
		return err
	})
	return found, others, err
}

// sharing are the other Contacts with a mark; none where too many have it for
// it to tell a person.
func (m *matching) sharing(ctx context.Context, f hashMark) ([]string, error) {
	rows, err := m.x.query(ctx, fmt.Sprintf(`SELECT contact_id FROM contact_match
		WHERE company_id = $1 AND mode = $2 AND hash = $3 AND contact_id <> $4 LIMIT %d`, maxAlike+1), m.x.company, m.x.mode, f.hash, f.contact.ID)
	ids, err := scanIDs(rows, err)
	if err != nil {
		return nil, fmt.Errorf("look up a mark: %w", err)
	}
	if len(ids) > maxAlike {
		return nil, nil
	}
	return ids, nil
}

// suggest writes a suggestion for each pair, once and for ever.
func (m *matching) suggest(ctx context.Context, found map[string]alike, others map[string]*Contact) error {
	pairs := map[[2]string]*pair{}
	count := map[string]int{}
	for _, c := range m.contacts {
		for id, marks := range found[c.ID] {
			p := &pair{c, others[id], marks}
			if m.policy(p) == NoMerges || pairs[p.ids()] != nil {
				continue
			}
			pairs[p.ids()] = p
			count[c.ID]++
			count[id]++
		}
	}
	var rows [][]any
	for _, p := range pairs {
		status, ids := SuggestionOpen, p.ids()
		if m.policy(p) == AutomaticMerges && count[ids[0]] == 1 && count[ids[1]] == 1 && m.isNew(p) && !contradict(&p.c.Profile, &p.other.Profile) {
			status = SuggestionAutomatic
		}
		rows = append(rows, []any{newID("suggestion"), ids[0], ids[1], jsonOf(p.marks), string(status), m.x.now, nil})
	}
	// Two transactions write in one order.
	slices.SortFunc(rows, func(a, b []any) int {
		return cmp.Or(cmp.Compare(a[1].(string), b[1].(string)), cmp.Compare(a[2].(string), b[2].(string)))
	})
	if err := m.x.writeAll(ctx, insertSuggestions.suffix("ON CONFLICT DO NOTHING"), rows); err != nil {
		return fmt.Errorf("suggest merges: %w", err)
	}
	return nil
}

// A pair is two Contacts with marks in common.
type pair struct {
	c, other *Contact
	marks    []MergeMark
}

// ids are those of both, the one that was on file first before the other.
func (p *pair) ids() [2]string {
	return [2]string{min(p.c.ID, p.other.ID), max(p.c.ID, p.other.ID)}
}

// isNew tells of a pair that came to be by an upload of somebody unknown, or was
// there when matching began. What somebody changed merges nobody by itself.
func (m *matching) isNew(p *pair) bool {
	return m.all || m.created[p.c.ID] || m.created[p.other.ID]
}

// policy is what is to become of two Contacts who seem to be one person: that
// of the Source that ranks lower. Who are two to one Source are two.
func (m *matching) policy(p *pair) IdentityPolicy {
	if p.other == nil {
		return NoMerges
	}
	for source := range p.c.keys {
		if p.other.keys[source] != "" {
			return NoMerges
		}
	}
	lower := max(p.c.bestRank(m.sources), p.other.bestRank(m.sources))
	for _, s := range m.sources {
		if s.Rank == lower {
			return s.Identity
		}
	}
	return NoMerges
}
