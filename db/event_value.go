package db

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"complero/db/profile"
)

// valuePack is how many events share a row of values at most. Packing spares
// an import most of the rows; a small pack spares a reader most of the others' values.
const valuePack = 64

var insertValues = insertBulk("event_value", column{"first_number", ints}, column{"data", jsons})

// EventValues are what an event says of a person.
type EventValues struct {
	Changes []profile.Change
	// Metadata is the caller's Source's, as it stood when the event was written;
	// nil where there was none.
	Metadata json.RawMessage
}

// packedValues are an event's values as a pack holds them, where the Contact
// had metadata; else the pack holds the changes alone.
type packedValues struct {
	Changes  []profile.Change `json:"changes,omitempty"`
	Metadata metadata         `json:"metadata"`
}

// hasValues reports whether a pack is to hold anything of the event.
func (e *Event) hasValues() bool { return len(e.metadata) > 0 || len(e.changes) > 0 }

// appendValues adds what a pack holds of the event.
func (e *Event) appendValues(b []byte) []byte {
	if len(e.metadata) > 0 {
		return append(b, jsonOf(packedValues{e.changes, e.metadata})...)
	}
	return profile.AppendChanges(b, e.changes)
}

// writeValues writes the values of the recorded events, apart from the log.
// A pack maps an event's number to its values; its numbers lie within
// valuePack of the first.
func (x *tx) writeValues(ctx context.Context) error {
	var rows [][]any
	var pack []byte
	var first int64
	end := func() {
		if pack != nil {
			rows = append(rows, []any{first, string(append(pack, '}'))})
		}
	}
	for _, e := range x.events {
		if !e.hasValues() {
			continue
		}
		next := byte(',')
		if pack == nil || e.Number >= first+valuePack {
			end()
			pack, first, next = make([]byte, 0, len(pack)+256), e.Number, '{'
		}
		pack = strconv.AppendInt(append(pack, next, '"'), e.Number, 10)
		pack = e.appendValues(append(pack, '"', ':'))
	}
	end()
	if err := x.writeAll(ctx, insertValues, rows); err != nil {
		return fmt.Errorf("write events' values: %w", err)
	}
	return nil
}

// EventChanges reads what changed with each of the events, by number.
func (t *Tenant) EventChanges(ctx context.Context, numbers []int64) (map[int64][]profile.Change, error) {
	values, err := t.EventValues(ctx, numbers)
	changes := make(map[int64][]profile.Change, len(values))
	for n, v := range values {
		if len(v.Changes) > 0 {
			changes[n] = v.Changes
		}
	}
	return changes, err
}

// EventValues reads the values of each of the events, by number; nothing for
// those without any.
func (t *Tenant) EventValues(ctx context.Context, numbers []int64) (map[int64]*EventValues, error) {
	if err := t.check(EventsRead); err != nil {
		return nil, err
	}
	values, err := t.eventValues(ctx, t.read, numbers)
	t.withoutOthers(values)
	t.shownValues(values)
	return values, err
}

func (t *Tenant) eventValues(ctx context.Context, read reading, numbers []int64) (map[int64]*EventValues, error) {
	if len(numbers) == 0 {
		return nil, nil
	}
	wanted := map[int64]bool{}
	var ranges []string
	for _, n := range numbers {
		wanted[n] = true
	}
	for _, r := range spans(numbers) {
		ranges = append(ranges, fmt.Sprintf("first_number BETWEEN %d AND %d", r[0]-valuePack+1, r[1]))
	}
	rows, err := read(ctx, "SELECT data FROM event_value WHERE company_id = $1 AND mode = $2 AND ("+strings.Join(ranges, " OR ")+")",
		t.Company.Key, t.Mode)
	values := map[int64]*EventValues{}
	err = scanRows(rows, err, func(r rowScanner) error { return t.scanPack(r, wanted, values) })
	return values, err
}

// rowScanner is the part of a result that reads one row.
type rowScanner interface{ Scan(...any) error }

func (t *Tenant) scanPack(r rowScanner, wanted map[int64]bool, values map[int64]*EventValues) error {
	var data []byte
	if err := r.Scan(&data); err != nil {
		return err
	}
	var pack map[string]json.RawMessage
	if err := json.Unmarshal(data, &pack); err != nil {
		return err
	}
	for key, raw := range pack {
		n, err := strconv.ParseInt(key, 10, 64)
		if err != nil || !wanted[n] {
			continue
		}
		var packed packedValues
		if raw[0] == '{' {
			err = json.Unmarshal(raw, &packed)
		} else {
			err = json.Unmarshal(raw, &packed.Changes)
		}
		if err != nil {
			return err
		}
		values[n] = &EventValues{Changes: packed.Changes, Metadata: packed.Metadata.of(t.Viewer.Source)}
	}
	return nil
}

// spans joins numbers that lie close together into ranges.
func spans(numbers []int64) [][2]int64 {
	var list [][2]int64
	for _, n := range sortedNumbers(numbers) {
		if k := len(list) - 1; k >= 0 && n-list[k][1] <= valuePack {
			list[k][1] = n
			continue
		}
		list = append(list, [2]int64{n, n})
	}
	return list
}
