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

// writeValues writes the changes of the recorded events, apart from the log.
// A pack maps an event's number to its changes; its numbers lie within
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
		if len(e.changes) == 0 {
			continue
		}
		next := byte(',')
		if pack == nil || e.Number >= first+valuePack {
			end()
			pack, first, next = make([]byte, 0, len(pack)+256), e.Number, '{'
		}
		pack = strconv.AppendInt(append(pack, next, '"'), e.Number, 10)
		pack = profile.AppendChanges(append(pack, '"', ':'), e.changes)
	}
	end()
	if err := x.writeAll(ctx, insertValues, rows); err != nil {
		return fmt.Errorf("write events' values: %w", err)
	}
	return nil
}

// EventChanges reads what changed with each of the events, by number.
func (t *Tenant) EventChanges(ctx context.Context, numbers []int64) (map[int64][]profile.Change, error) {
	if err := t.check(EventsRead); err != nil {
		return nil, err
	}
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
	rows, err := t.read(ctx, "SELECT data FROM event_value WHERE company_id = $1 AND mode = $2 AND ("+strings.Join(ranges, " OR ")+")",
		t.Company.Key, t.Mode)
	changes := map[int64][]profile.Change{}
	err = scanRows(rows, err, func(r rowScanner) error { return scanPack(r, wanted, changes) })
	return changes, err
}

// rowScanner is the part of a result that reads one row.
type rowScanner interface{ Scan(...any) error }

func scanPack(r rowScanner, wanted map[int64]bool, changes map[int64][]profile.Change) error {
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
		var list []profile.Change
		if err := json.Unmarshal(raw, &list); err != nil {
			return err
		}
		changes[n] = list
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
