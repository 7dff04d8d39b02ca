package db

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"complero/db/profile"
)

// A ContactMerge tells that two Contacts turned out to be one person. The kept
// one has, from then on, what was known of both.
type ContactMerge struct {
	ID       string
	KeptID   string
	MergedID string
	// Automatic tells that the Source's policy decided, and no person.
	Automatic bool
	MergedAt  time.Time
	// UndoneAt is when it was undone; nil as long as it holds.
	UndoneAt *time.Time

	undo *mergeUndo // nil once it was undone or erased
}

// Undoable reports whether what is needed to undo it is still there.
func (m *ContactMerge) Undoable() bool { return m.UndoneAt == nil && m.undo != nil }

// mergeUndo is both Contacts as they were, and what went from one to the other.
type mergeUndo struct {
	Kept     contactState `json:"kept"`
	Merged   contactState `json:"merged"`
	Requests []string     `json:"requests,omitempty"`
	Messages []string     `json:"messages,omitempty"`
	Consents []string     `json:"consents,omitempty"`
}

// contactState is a Contact as it was at a moment.
type contactState struct {
	EmployeeID  string                  `json:"employeeId,omitempty"`
	Keys        map[string]string       `json:"keys"`
	OnFile      profile.View            `json:"onFile"`
	Views       map[string]profile.View `json:"views"`
	CreatedAt   time.Time               `json:"createdAt"`
	ConfirmedAt *time.Time              `json:"confirmedAt,omitempty"`
	StoppedAt   *time.Time              `json:"stoppedAt,omitempty"`
}

// state copies what a locked Contact is. The views are all there, kept or not.
func (c *Contact) state() contactState {
	s := contactState{
		EmployeeID: c.EmployeeID, Keys: maps.Clone(c.keys), OnFile: c.onFile(), Views: map[string]profile.View{},
		CreatedAt: c.CreatedAt, ConfirmedAt: c.ConfirmedAt, StoppedAt: c.StoppedAt,
	}
	for source := range c.keys {
		s.Views[source] = c.view(source)
	}
	return s
}

// The fields by which a MERGE and its undoing tell the other Contact.
const (
	mergedField     = "mergedContact"
	mergedIntoField = "mergedIntoContact"
)

// ContactsMerge names two Contacts who are one person.
type ContactsMerge struct {
	// Keep is the id of the one that stays, Merge of the one that goes up in it.
	Keep, Merge    string
	IdempotencyKey *string
}

// MergeContacts makes two Contacts one. The kept one gets the other's
// externalIds, words, Requests, Consents and stop; between two words for a
// field the rules between Sources decide, and the Contact's newest word wins.
// It fails with NOT_FOUND, and with CONFLICT where one Source knows both: to
// that Source they are two.
func (t *Tenant) MergeContacts(ctx context.Context, in ContactsMerge) (*ContactMerge, error) {
	return t.mergeOnce(ctx, "contactsMerge", in.IdempotencyKey, in, func(x *tx) (*ContactMerge, error) {
		return x.mergeContacts(ctx, in.Keep, in.Merge, false)
	})
}

// mergeOnce merges two Contacts unless the same key and input have done so.
func (t *Tenant) mergeOnce(ctx context.Context, mutation string, key *string, input any, do func(*tx) (*ContactMerge, error)) (*ContactMerge, error) {
	if err := t.whole("merging Contacts"); err != nil {
		return nil, err
	}
	var kept struct{ MergeID string }
	var merge *ContactMerge
	err := t.write(ctx, ContactsWrite, func(x *tx) error {
		merge = nil
		_, err := x.once(ctx, mutation, key, input, &kept, func() error {
			var err error
			if merge, err = do(x); err == nil {
				kept.MergeID = merge.ID
			}
			return err
		})
		return err
	})
	if err != nil || merge != nil {
		return merge, err
	}
	return t.merge(ctx, t.read, "id = $3", kept.MergeID)
}

// mergeContacts merges two Contacts, which it locks.
func (x *tx) mergeContacts(ctx context.Context, keepID, mergeID string, automatic bool) (*ContactMerge, error) {
	locked, err := x.lockContacts(ctx, []string{keepID, mergeID})
	if err != nil {
		return nil, err
	}
	c, other := locked[keepID], locked[mergeID]
	if err := mayMerge(c, other); err != nil {
		return nil, err
	}
	x.after(c, other)
	sources, err := x.tenant.sources(ctx, x.Tx.Tx)
	if err != nil {
		return nil, err
	}
	undo := &mergeUndo{Kept: c.state(), Merged: other.state()}
	changes := c.takeOver(other, undo, ranks(sources))
	c.metadata = c.metadata.with(other.metadata)
	if err := x.moveRows(ctx, other, c, undo); err != nil {
		return nil, err
	}
	if err := x.holdStops(ctx, c, undo); err != nil {
		return nil, err
	}
	x.countContacts(other.EmployeeID, -1)
	if c.EmployeeID != undo.Kept.EmployeeID {
		x.moveContact(undo.Kept.EmployeeID, c.EmployeeID)
	}
	if err := x.saveContact(ctx, c); err != nil {
		return nil, err
	}
	if err := x.saveViews(ctx, c); err != nil {
		return nil, err
	}
	x.recordPair(MergeEvent, c, other, undo.Kept.Keys, changes)
	return x.insertMerge(ctx, &ContactMerge{ID: newID("merge"), KeptID: c.ID, MergedID: other.ID, Automatic: automatic, MergedAt: x.now, undo: undo})
}

// mayMerge refuses what are not two Contacts of different Sources.
func mayMerge(c, other *Contact) error {
	switch {
	case c == nil:
		return NotFound("keep", "there is no such Contact to keep")
	case other == nil:
		return NotFound("merge", "there is no such Contact to merge")
	case c.ID == other.ID:
		return fail(Invalid, "merge", "keep and merge are one and the same Contact")
	}
	for source := range c.keys {
		if other.keys[source] != "" {
			return Conflict("merge", "the Source %q knows both, as %q and %q; merge them there, and delete the one it gave up", source, c.keys[source], other.keys[source])
		}
	}
	return nil
}

// after makes the transaction's moment one that is new to these Contacts: what
// is merged, and what was said of whom since, is told by its time.
func (x *tx) after(contacts ...*Contact) {
	for _, c := range contacts {
		if !x.now.After(c.UpdatedAt) {
			x.now = c.UpdatedAt.UTC().Add(time.Microsecond)
		}
	}
}

// takeOver gives the Contact what was known of another, and returns what that
// changes of what is on file.
func (c *Contact) takeOver(other *Contact, undo *mergeUndo, ranks map[profile.Speaker]int) []profile.Change {
	joined := c.onFile().Join(other.onFile(), ranks)
	changes := profile.Diff(c.Profile, joined.Profile)
	c.Profile, c.provenance = joined.Profile, joined.Provenance
	c.keys, c.views = maps.Clone(c.keys), maps.Clone(undo.Kept.Views)
	maps.Copy(c.keys, other.keys)
	maps.Copy(c.views, undo.Merged.Views)
	if c.EmployeeID == "" {
		c.EmployeeID = other.EmployeeID
	}
	c.ConfirmedAt = laterTime(c.ConfirmedAt, other.ConfirmedAt)
	return changes
}

func laterTime(a, b *time.Time) *time.Time {
	if a == nil || b != nil && b.After(*a) {
		return b
	}
	return a
}

// holdStops has a stop on either hold for both.
func (x *tx) holdStops(ctx context.Context, c *Contact, undo *mergeUndo) error {
	mine, theirs := undo.Kept.StoppedAt, undo.Merged.StoppedAt
	if mine == nil && theirs == nil {
		return nil
	}
	if mine == nil || theirs != nil && theirs.Before(*mine) {
		c.StoppedAt = theirs
	}
	if mine == nil {
		e := c.event(StopEvent)
		e.Reason = ptr("MERGED")
		x.record(e)
	}
	if err := x.suppress(ctx, c); err != nil {
		return err
	}
	return x.suppressPending(ctx, c)
}

// recordPair records what happened to two Contacts at once, with an event for
// each that tells of the other; the kept one's has what changed on file.
func (x *tx) recordPair(kind EventKind, c, other *Contact, keys map[string]string, changes []profile.Change) {
	e := c.event(kind)
	e.changes = append([]profile.Change{otherContact(mergedField, other.ID, other.keys)}, changes...)
	x.record(e)
	e = other.event(kind)
	e.changes = []profile.Change{otherContact(mergedIntoField, c.ID, keys)}
	x.record(e)
}

// otherContact tells of a Contact and the ids that Sources gave it.
func otherContact(field, id string, keys map[string]string) profile.Change {
	type reference struct {
		ID          string            `json:"id"`
		ExternalIDs map[string]string `json:"externalIds"`
	}
	return profile.Change{Field: field, Item: id, Before: json.RawMessage("null"), After: json.RawMessage(jsonOf(reference{id, keys}))}
}

func (x *tx) insertMerge(ctx context.Context, m *ContactMerge) (*ContactMerge, error) {
	_, err := x.exec(ctx, `INSERT INTO contact_merge (company_id, mode, id, kept_id, merged_id, automatic, merged_at, undo)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, x.company, x.mode, m.ID, m.KeptID, m.MergedID, m.Automatic, m.MergedAt, jsonOf(m.undo))
	if err != nil {
		return nil, fmt.Errorf("keep the merge: %w", err)
	}
	return m, nil
}

// merges reads merges, oldest first; condition narrows them, its arguments
// count from $3.
func (t *Tenant) merges(ctx context.Context, read reading, condition string, args ...any) ([]*ContactMerge, error) {
	rows, err := read(ctx, `SELECT id, kept_id, merged_id, automatic, merged_at, undone_at, undo FROM contact_merge
		WHERE company_id = $1 AND mode = $2 AND `+condition+" ORDER BY id", append([]any{t.Company.Key, t.Mode}, args...)...)
	var found []*ContactMerge
	err = scanRows(rows, err, func(r rowScanner) error {
		m := new(ContactMerge)
		var undo []byte
		if err := r.Scan(&m.ID, &m.KeptID, &m.MergedID, &m.Automatic, &m.MergedAt, &m.UndoneAt, &undo); err != nil {
			return err
		}
		found = append(found, m)
		if undo == nil {
			return nil
		}
		return json.Unmarshal(undo, &m.undo)
	})
	if err != nil {
		return nil, fmt.Errorf("read merges: %w", err)
	}
	return found, nil
}

// merge reads one; nil if there is none.
func (t *Tenant) merge(ctx context.Context, read reading, condition string, args ...any) (*ContactMerge, error) {
	found, err := t.merges(ctx, read, condition, args...)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}

// MergesOf reads the merges by which Contacts came to be what they are, oldest
// first, undone ones among them. A Viewer who is bound sees none.
func (t *Tenant) MergesOf(ctx context.Context, ids []string) (map[string][]*ContactMerge, error) {
	if err := t.check(ContactsRead); err != nil {
		return nil, err
	}
	found := make(map[string][]*ContactMerge, len(ids))
	if len(ids) == 0 || !t.bound().none() {
		return found, nil
	}
	in, args := t.store.engine.oneOf("kept_id", 3, ids)
	list, err := t.merges(ctx, t.read, in, args...)
	for _, m := range list {
		found[m.KeptID] = append(found[m.KeptID], m)
	}
	return found, err
}

// mergedInto are a Contact's id and those of all that were merged into it,
// and into those.
func (x *tx) mergedInto(ctx context.Context, id string) ([]string, error) {
	all := []string{id}
	for from := 0; from < len(all); {
		in, args := x.engine.oneOf("kept_id", 3, all[from:])
		from = len(all)
		rows, err := x.query(ctx, "SELECT merged_id FROM contact_merge WHERE company_id = $1 AND mode = $2 AND undone_at IS NULL AND "+in,
			append([]any{x.company, x.mode}, args...)...)
		err = scanRows(rows, err, func(r rowScanner) error {
			var merged string
			err := r.Scan(&merged)
			if !slices.Contains(all, merged) {
				all = append(all, merged)
			}
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("find merged Contacts: %w", err)
		}
	}
	return all, nil
}
