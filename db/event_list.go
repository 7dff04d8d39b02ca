package db

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// EventFilter narrows a list of events.
type EventFilter struct {
	Kinds []EventKind
	// Since and Until bound occurredAt; Since belongs to the range, Until does not.
	Since, Until *time.Time
	// Consumer leaves out what that consumer has acknowledged.
	Consumer *string
	// ContactID narrows to one Contact's events.
	ContactID string
	// Unseen narrows to what an Employee has not marked as seen, or has.
	Unseen *bool
}

// Events lists events ascending by number. A reader that follows the cursor
// meets every event once, also while others write.
func (t *Tenant) Events(ctx context.Context, page Page, filter EventFilter) (*Connection[*Event], error) {
	if err := t.check(EventsRead); err != nil {
		return nil, err
	}
	w, err := page.window("events", 1)
	if err != nil {
		return nil, err
	}
	where, args, err := t.eventsWhere(ctx, filter)
	if err != nil {
		return nil, err
	}
	query, err := windowNumbers(where, w)
	if err != nil {
		return nil, err
	}
	rows, err := t.read(ctx, query, args...)
	var events []*Event
	err = scanRows(rows, err, func(r rowScanner) error {
		e, err := t.scanEvent(r)
		events = append(events, e)
		return err
	})
	if err == nil {
		err = t.ownNames(ctx, events)
	}
	if err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	c := connect(events, w, (*Event).orderKey)
	if t.bound().none() && len(filter.Kinds) == 0 && filter.Since == nil && filter.Until == nil {
		c.count = func(ctx context.Context) (*int, error) { return t.countEvents(ctx, filter) }
	}
	return c, nil
}

func (e *Event) orderKey() []string { return []string{strconv.FormatInt(e.Number, 10)} }

// windowNumbers narrows, orders and cuts a query over events to a window.
func windowNumbers(where string, w window) (string, error) {
	for _, bound := range []struct {
		field, sign string
		key         []string
	}{{"after", ">", w.after}, {"before", "<", w.before}} {
		if bound.key == nil {
			continue
		}
		n, err := strconv.ParseInt(bound.key[0], 10, 64)
		if err != nil {
			return "", badCursor(bound.field)
		}
		where += fmt.Sprintf(" AND number %s %d", bound.sign, n)
	}
	direction := "ASC"
	if w.backward {
		direction = "DESC"
	}
	return fmt.Sprintf("%s WHERE %s ORDER BY number %s LIMIT %d", selectEvents, where, direction, w.limit+1), nil
}

// eventsWhere is the filter as conditions on an event's columns.
func (t *Tenant) eventsWhere(ctx context.Context, f EventFilter) (string, []any, error) {
	where, args := "company_id = $1 AND mode = $2", []any{t.Company.Key, t.Mode}
	add := func(condition string, value any) {
		args = append(args, value)
		where += fmt.Sprintf(" AND "+condition, len(args))
	}
	if f.ContactID != "" {
		add("contact_id = $%d", f.ContactID)
	}
	if len(f.Kinds) > 0 {
		var marks []string
		for _, k := range f.Kinds {
			args = append(args, string(k))
			marks = append(marks, fmt.Sprintf("$%d", len(args)))
		}
		where += " AND kind IN (" + strings.Join(marks, ", ") + ")"
	}
	if f.Since != nil {
		add("occurred_at >= $%d", f.Since.UTC())
	}
	if f.Until != nil {
		add("occurred_at < $%d", f.Until.UTC())
	}
	if f.Consumer != nil {
		mark, err := t.consumerMark(ctx, *f.Consumer)
		if err != nil {
			return "", nil, err
		}
		add("number > $%d", mark)
	}
	if f.Unseen != nil {
		if t.Viewer.EmployeeID == "" {
			return "", nil, notEmployee("unseen")
		}
		args = append(args, t.Viewer.EmployeeID)
		where += " AND " + fmt.Sprintf(unseenEvents(*f.Unseen), len(args))
	}
	if own, more := t.ownEvents(len(args) + 1); own != "" {
		where, args = where+" AND "+own, append(args, more...)
	}
	return where, args, nil
}

// countEvents counts without reading: numbers have no gaps.
func (t *Tenant) countEvents(ctx context.Context, f EventFilter) (*int, error) {
	var n int
	if f.ContactID != "" {
		where, args, err := t.eventsWhere(ctx, f)
		if err != nil {
			return nil, err
		}
		row := t.store.read.DB.QueryRowContext(ctx, "SELECT count(*) FROM event WHERE "+where, t.store.engine.args(args)...)
		return &n, row.Scan(&n)
	}
	last, err := t.lastNumber(ctx)
	if err != nil {
		return nil, err
	}
	if f.Consumer != nil {
		mark, err := t.consumerMark(ctx, *f.Consumer)
		if err != nil {
			return nil, err
		}
		last -= mark
	}
	n = int(max(0, last))
	return &n, nil
}

// lastNumber is the number of the Company's latest event; 0 before the first.
func (t *Tenant) lastNumber(ctx context.Context) (int64, error) {
	rows, err := t.read(ctx, "SELECT last_number FROM event_counter WHERE company_id = $1 AND mode = $2", t.Company.Key, t.Mode)
	var last int64
	err = scanRows(rows, err, func(r rowScanner) error { return r.Scan(&last) })
	return last, err
}

// EventByID returns one event, nil if there is none of this id.
func (t *Tenant) EventByID(ctx context.Context, id string) (*Event, error) {
	if err := t.check(EventsRead); err != nil {
		return nil, err
	}
	number := eventNumber(id, t.Company.Key, t.Mode)
	if number == 0 {
		return nil, nil
	}
	where, args := "company_id = $1 AND mode = $2 AND number = $3", []any{t.Company.Key, t.Mode, number}
	if own, more := t.ownEvents(4); own != "" {
		where, args = where+" AND "+own, append(args, more...)
	}
	rows, err := t.read(ctx, selectEvents+" WHERE "+where, args...)
	var event *Event
	err = scanRows(rows, err, func(r rowScanner) error {
		var err error
		event, err = t.scanEvent(r)
		return err
	})
	if err == nil && event != nil {
		err = t.ownNames(ctx, []*Event{event})
	}
	return event, err
}

func sortedNumbers(numbers []int64) []int64 {
	sorted := slices.Clone(numbers)
	slices.Sort(sorted)
	return sorted
}

// marks writes n placeholders, the first of them $from.
func marks(from, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "$%d", from+i)
	}
	return b.String()
}
