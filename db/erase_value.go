package db

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
)

// eraseValues deletes the values of a Contact's events and marks the events;
// given a Source, of what that one said and of merges, which tell of that too,
// and its metadata wherever events carry it; given a merge that was undone, of
// what was recorded while it held. It is all that ever touches the log.
func (x *tx) eraseValues(ctx context.Context, contactID, source string, during *ContactMerge) error {
	where, args := "company_id = $1 AND mode = $2 AND contact_id = $3 AND erased_at IS NULL", []any{x.company, x.mode, contactID}
	if during != nil {
		where, args = where+duringMerge, append(args, during.MergedAt.UTC(), during.UndoneAt.UTC())
	}
	gone := "1 = 1"
	if source != "" {
		args = append(args, source)
		gone = fmt.Sprintf("(kind IN ('MERGE', 'UNMERGE') OR source IS NOT NULL AND source = $%d)", len(args))
	}
	rows, err := x.query(ctx, "SELECT number, "+gone+" FROM event WHERE "+where, args...)
	var numbers []int64
	whole := map[int64]bool{}
	err = scanRows(rows, err, func(r rowScanner) error {
		var n int64
		var all bool
		err := r.Scan(&n, &all)
		numbers, whole[n] = append(numbers, n), all
		return err
	})
	if err != nil {
		return fmt.Errorf("find the Contact's events: %w", err)
	}
	for _, span := range spans(numbers) {
		if err := x.erasePacks(ctx, span, whole, source); err != nil {
			return fmt.Errorf("erase events' values: %w", err)
		}
	}
	_, err = x.exec(ctx, fmt.Sprintf("UPDATE event SET erased_at = $%d WHERE %s AND %s", len(args)+1, where, gone), append(args, x.now)...)
	return err
}

// duringMerge narrows a Contact's events to those from a MERGE to its UNMERGE,
// which know each other's moments: other events' may go by another clock.
const duringMerge = ` AND number BETWEEN
	(SELECT min(number) FROM event WHERE company_id = $1 AND mode = $2 AND contact_id = $3 AND kind = 'MERGE' AND occurred_at = $4) AND
	(SELECT max(number) FROM event WHERE company_id = $1 AND mode = $2 AND contact_id = $3 AND kind = 'UNMERGE' AND occurred_at = $5)`

// eraseWhileMerged erases what was recorded of others while they and one of
// these Contacts, who are one person, were held to be one. A merge into which
// another went was undone before that one, and is among those of its Contact.
func (x *tx) eraseWhileMerged(ctx context.Context, ids []string, source string) error {
	in, args := x.engine.oneOf("merged_id", 3, ids)
	or, _ := x.engine.oneOf("kept_id", 3, ids)
	undone, err := x.tenant.merges(ctx, x.query, "undone_at IS NOT NULL AND ("+in+" OR "+or+")", args...)
	for ; err == nil && len(undone) > 0; undone = undone[1:] {
		m := undone[0]
		other := m.KeptID
		if slices.Contains(ids, other) {
			other = m.MergedID
		}
		if err = x.eraseValues(ctx, other, source, m); err != nil || other == m.MergedID {
			continue
		}
		var within []*ContactMerge
		within, err = x.tenant.merges(ctx, x.query, "undone_at IS NOT NULL AND merged_id = $3 AND merged_at > $4 AND undone_at < $5",
			other, m.MergedAt.UTC(), m.UndoneAt.UTC())
		undone = append(undone, within...)
	}
	return err
}

// erasePacks takes the values of some events out of the packs that a span of
// numbers lies in: of the others among them, the Source's metadata.
func (x *tx) erasePacks(ctx context.Context, span [2]int64, whole map[int64]bool, source string) error {
	rows, err := x.query(ctx, `SELECT first_number, data FROM event_value WHERE company_id = $1 AND mode = $2
		AND first_number BETWEEN $3 AND $4 ORDER BY first_number`+x.engine.locking(),
		x.company, x.mode, span[0]-valuePack+1, span[1])
	packs := map[int64]map[string]json.RawMessage{}
	err = scanRows(rows, err, func(r rowScanner) error {
		var first int64
		var data []byte
		if err := r.Scan(&first, &data); err != nil {
			return err
		}
		packs[first] = map[string]json.RawMessage{}
		return json.Unmarshal(data, ptr(packs[first]))
	})
	if err != nil {
		return err
	}
	for first, pack := range packs {
		changed, err := erasePack(pack, whole, source)
		if err == nil && changed {
			err = x.savePack(ctx, first, pack)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func erasePack(pack map[string]json.RawMessage, whole map[int64]bool, source string) (changed bool, err error) {
	for key, values := range pack {
		n, err := strconv.ParseInt(key, 10, 64)
		all, concerned := whole[n]
		if err != nil || !concerned {
			continue
		}
		var kept json.RawMessage
		touched := true
		if !all {
			if kept, touched, err = withoutMetadata(values, source); err != nil {
				return false, err
			}
		}
		changed = changed || touched
		if kept == nil {
			delete(pack, key)
		} else {
			pack[key] = kept
		}
	}
	return changed, nil
}

// withoutMetadata takes a Source's metadata out of an event's packed values, if
// there is any; nil is returned where nothing remains.
func withoutMetadata(values json.RawMessage, source string) (kept json.RawMessage, found bool, err error) {
	if values[0] != '{' {
		return values, false, nil // changes alone
	}
	var packed struct {
		Changes  json.RawMessage `json:"changes,omitempty"`
		Metadata metadata        `json:"metadata"`
	}
	if err := json.Unmarshal(values, &packed); err != nil {
		return nil, false, err
	}
	if _, found = packed.Metadata[source]; !found {
		return values, false, nil
	}
	if delete(packed.Metadata, source); len(packed.Metadata) == 0 {
		return packed.Changes, true, nil
	}
	return json.RawMessage(jsonOf(packed)), true, nil
}
