package db

import (
	"context"
	"fmt"
	"slices"
	"time"

	"complero/db/profile"
)

// ContactUnmerge names a merge to undo, by its id or by that of its MERGE.
type ContactUnmerge struct {
	MergeID, EventID *string
	IdempotencyKey   *string
}

// Unmerged is the two Contacts that a merge was of, apart again.
type Unmerged struct {
	Merge          *ContactMerge
	Kept, Restored *Contact
}

// UnmergeContacts undoes a merge: both Contacts are what they were, and have
// what was said since. What a Source said goes to the Contact that it knew;
// what the person said, to the one whose Request it answered, and else to the
// one that was kept, as do Requests made since. A stop that was said since
// holds for both. It fails with NOT_FOUND, and with CONFLICT where the merge
// cannot be undone any more.
func (t *Tenant) UnmergeContacts(ctx context.Context, in ContactUnmerge) (*Unmerged, error) {
	if err := t.whole("taking Contacts apart"); err != nil {
		return nil, err
	}
	var kept struct{ MergeID string }
	err := t.write(ctx, ContactsWrite, func(x *tx) error {
		_, err := x.once(ctx, "contactUnmerge", in.IdempotencyKey, in, &kept, func() error {
			m, err := x.mergeNamed(ctx, in)
			if err != nil {
				return err
			}
			kept.MergeID = m.ID
			return x.unmerge(ctx, m)
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	out := new(Unmerged)
	if out.Merge, err = t.merge(ctx, t.read, "id = $3", kept.MergeID); err != nil || out.Merge == nil {
		return out, err
	}
	both, err := t.contactsByID(ctx, []string{out.Merge.KeptID, out.Merge.MergedID})
	out.Kept, out.Restored = both[out.Merge.KeptID], both[out.Merge.MergedID]
	return out, err
}

// mergeNamed finds the merge that is meant, and refuses one that cannot be undone.
func (x *tx) mergeNamed(ctx context.Context, in ContactUnmerge) (m *ContactMerge, err error) {
	field, missing := "mergeId", NotFound("mergeId", "there is no merge %.100q", deref(in.MergeID))
	switch {
	case in.MergeID != nil && in.EventID != nil, in.MergeID == nil && in.EventID == nil:
		return nil, fail(Required, "mergeId", "name the merge by mergeId, or by eventId of its MERGE")
	case in.MergeID != nil && !isID(*in.MergeID, "merge"):
		return nil, missing
	case in.MergeID != nil:
		m, err = x.tenant.merge(ctx, x.query, "id = $3", *in.MergeID)
	default:
		field, missing = "eventId", NotFound("eventId", "there is no MERGE %.100q", *in.EventID)
		// A merge happens at a moment that is new to its Contacts.
		m, err = x.tenant.merge(ctx, x.query, `EXISTS (SELECT 1 FROM event AS e WHERE e.company_id = $1 AND e.mode = $2 AND e.number = $3
			AND e.kind = 'MERGE' AND e.occurred_at = merged_at AND e.contact_id IN (kept_id, merged_id))`,
			eventNumber(*in.EventID, x.company, x.mode))
	}
	switch {
	case err != nil:
		return nil, err
	case m == nil:
		return nil, missing
	case m.UndoneAt != nil:
		return nil, Conflict(field, "this merge was undone already")
	case m.undo == nil:
		return nil, Conflict(field, "what these Contacts were before has been erased, so this merge cannot be undone any more")
	}
	return m, nil
}

// unmerge takes the Contacts of a merge apart.
func (x *tx) unmerge(ctx context.Context, m *ContactMerge) error {
	c, err := x.lockContact(ctx, m.KeptID)
	if err != nil {
		return err
	}
	if c == nil {
		return Conflict("mergeId", "the kept Contact was itself merged or deleted since; undo that merge first")
	}
	if err := x.refuseLater(ctx, m); err != nil {
		return err
	}
	if err := m.undo.narrow(c); err != nil {
		return err
	}
	x.after(c)
	sources, err := x.tenant.sources(ctx, x.Tx.Tx)
	if err != nil {
		return err
	}
	answers, err := x.answersSince(ctx, m)
	if err != nil {
		return err
	}
	before := c.Profile
	parting := parting{now: c, merge: m, ranks: ranks(sources), answers: answers, at: x.now}
	former := c.EmployeeID
	other := parting.part()
	if err := x.employeeStays(ctx, other); err != nil {
		return err
	}
	if err := x.moveBack(ctx, c, other, m); err != nil {
		return err
	}
	if err := x.partStops(ctx, c, other, m.undo); err != nil {
		return err
	}
	x.countContacts(other.EmployeeID, 1)
	if former != c.EmployeeID {
		x.moveContact(former, c.EmployeeID)
	}
	x.recordPair(UnmergeEvent, c, other, c.keys, profile.Diff(before, c.Profile))
	return x.endMerge(ctx, m)
}

// refuseLater has merges into one Contact undone in the opposite order: what
// it was before this one does not know of a later one.
func (x *tx) refuseLater(ctx context.Context, m *ContactMerge) error {
	later, err := x.tenant.merge(ctx, x.query, "kept_id = $3 AND id > $4 AND undone_at IS NULL", m.KeptID, m.ID)
	if err == nil && later != nil {
		err = Conflict("mergeId", "another Contact was merged into this one since; undo %s first", later.ID)
	}
	return err
}

// narrow leaves of what was merged what the Contact still has: a Source may
// have deleted its share since.
func (u *mergeUndo) narrow(c *Contact) error {
	for _, s := range []*contactState{&u.Kept, &u.Merged} {
		for source, external := range s.Keys {
			if c.keys[source] != external {
				delete(s.Keys, source)
				delete(s.Views, source)
			}
		}
	}
	if len(u.Merged.Keys) == 0 || len(u.Kept.Keys) == 0 {
		return Conflict("mergeId", "only one of the two Contacts is still known to a Source, so there is nothing to take apart")
	}
	return nil
}

// employeeStays takes a restored Contact from an Employee who is gone.
func (x *tx) employeeStays(ctx context.Context, c *Contact) error {
	if c.EmployeeID == "" {
		return nil
	}
	there, err := x.textPairs(ctx, "id", "external_id", []string{c.EmployeeID})
	if err == nil && there[c.EmployeeID] == "" {
		c.EmployeeID = ""
	}
	return err
}

// moveBack writes both Contacts, and gives the restored one what was its own.
func (x *tx) moveBack(ctx context.Context, c, other *Contact, m *ContactMerge) error {
	if err := x.writeAll(ctx, insertContacts, [][]any{other.row()}); err != nil {
		return fmt.Errorf("restore the merged Contact: %w", err)
	}
	if err := x.give(ctx, "request", m.undo.Requests, c.ID, other.ID); err != nil {
		return err
	}
	messages, err := x.about(ctx, "outbox", m.undo.Messages, m.undo.Requests, c.ID)
	if err != nil {
		return err
	}
	if err := x.give(ctx, "outbox", messages, c.ID, other.ID); err != nil {
		return err
	}
	consents, err := x.about(ctx, "consent", m.undo.Consents, m.undo.Requests, c.ID)
	if err != nil {
		return err
	}
	if err := x.giveConsents(ctx, consents, c.ID, other.ID); err != nil {
		return err
	}
	for _, table := range writtenTables {
		written, err := x.about(ctx, table, nil, m.undo.Requests, c.ID)
		if err != nil {
			return err
		}
		if err := x.give(ctx, table, written, c.ID, other.ID); err != nil {
			return err
		}
	}
	for source, external := range other.keys {
		if err := x.giveKey(ctx, source, external, other.ID); err != nil {
			return err
		}
	}
	return nil
}

// about adds to ids those of a table's rows that belong to Requests, and
// leaves what is still the Contact's.
func (x *tx) about(ctx context.Context, table string, ids, requests []string, contactID string) ([]string, error) {
	rows, err := x.query(ctx, fmt.Sprintf("SELECT id, request_id FROM %s WHERE company_id = $1 AND mode = $2 AND contact_id = $3", table),
		x.company, x.mode, contactID)
	var found []string
	err = scanRows(rows, err, func(r rowScanner) error {
		var id string
		var request *string
		err := r.Scan(&id, &request)
		if slices.Contains(ids, id) || request != nil && slices.Contains(requests, *request) {
			found = append(found, id)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("find what is in %s: %w", table, err)
	}
	return found, nil
}

// partStops gives both Contacts back the stops that they had, and writes them.
// One that was said since holds for both, one that was taken back for neither.
func (x *tx) partStops(ctx context.Context, c, other *Contact, undo *mergeUndo) error {
	now := c.StoppedAt
	other.StoppedAt, c.StoppedAt = now, now
	if now != nil && (sameTime(now, undo.Kept.StoppedAt) || sameTime(now, undo.Merged.StoppedAt)) {
		other.StoppedAt, c.StoppedAt = undo.Merged.StoppedAt, undo.Kept.StoppedAt
	}
	for _, one := range []*Contact{c, other} {
		if now != nil && one.StoppedAt == nil {
			if err := x.unsuppress(ctx, one); err != nil {
				return err
			}
		}
	}
	for _, one := range []*Contact{c, other} {
		if one.StoppedAt != nil {
			if err := x.suppress(ctx, one); err != nil {
				return err
			}
		}
		if err := x.saveContact(ctx, one); err != nil {
			return err
		}
	}
	if now != nil && c.StoppedAt == nil {
		e := c.event(ResumeEvent)
		e.Reason = ptr("UNMERGED")
		x.record(e)
	}
	return x.saveViews(ctx, c, other)
}

func sameTime(a, b *time.Time) bool { return a != nil && b != nil && a.Equal(*b) }

// endMerge notes that a merge was undone, and has the two not suggested again.
func (x *tx) endMerge(ctx context.Context, m *ContactMerge) error {
	_, err := x.exec(ctx, "UPDATE contact_merge SET undone_at = $4, undo = NULL WHERE company_id = $1 AND mode = $2 AND id = $3",
		x.company, x.mode, m.ID, x.now)
	if err != nil {
		return fmt.Errorf("note that the merge was undone: %w", err)
	}
	return x.dismissPair(ctx, m.KeptID, m.MergedID)
}
