package db

import (
	"context"
	"fmt"
	"strings"
)

// fewEvents is how many events a transaction may have for writeFew.
const fewEvents = 8

// writeFew does on PostgreSQL what writeEvents and writeReport do, by one
// statement: for an answer, the ways to the database and back take longer than
// the work there. Everything waits for the counter, which is taken first. Each
// event's values make a pack of their own.
func (x *tx) writeFew(ctx context.Context) error {
	n := len(x.events)
	events := make([][]any, n)
	var values [][]any
	for i, e := range x.events {
		e.Number = int64(i + 1) // behind the counter's last
		events[i] = e.row()
		if v := e.values(); v != nil {
			values = append(values, []any{e.Number, jsonOf(v)})
		}
	}
	days, totals := x.reportRows()
	args := []any{x.company, x.mode, n}
	for _, part := range []struct {
		columns []column
		rows    [][]any
	}{{eventColumns, events}, {insertValues.columns, values}, {addDays.columns, days}, {addTotals.columns, totals}} {
		for i, c := range part.columns {
			args = append(args, columnOf(part.rows, i, c.kind))
		}
	}
	var before int64
	if err := x.row(ctx, fewStatement, args...).Scan(&before); err != nil {
		return fmt.Errorf("write events: %w", err)
	}
	for _, e := range x.events {
		e.Number += before
		e.ID = eventID(x.company, x.mode, e.Number)
	}
	return nil
}

// fewStatement is writeFew's: the events' numbers, and so the keys of their
// values, count from the counter's last.
var fewStatement = func() string {
	from := 4 // behind the Company, the mode and the number of events
	insert := func(table string, b []column, values, suffix string) string {
		names := make([]string, len(b))
		for i, c := range b {
			names[i] = c.name
		}
		part := fmt.Sprintf("INSERT INTO %s (company_id, mode, %s) SELECT $1::integer, $2::smallint, %s FROM counter, %s %s",
			table, strings.Join(names, ", "), values, unnest(b, from), suffix)
		from += len(b)
		return part
	}
	var rest []string
	for _, c := range eventColumns[1:] {
		rest = append(rest, "u."+c.name)
	}
	parts := []string{
		`counter AS (INSERT INTO event_counter (company_id, mode, last_number) VALUES ($1::integer, $2::smallint, $3::bigint)
			ON CONFLICT (company_id, mode) DO UPDATE SET last_number = event_counter.last_number + excluded.last_number
			RETURNING last_number - $3::bigint AS last)`,
		"events AS (" + insert("event", eventColumns, "last + u.number, "+strings.Join(rest, ", "), "") + ")",
		"packs AS (" + insert("event_value", insertValues.columns, "last + u.first_number, json_build_object((last + u.first_number)::text, u.data)", "") + ")",
		"days AS (" + insert("report_day", addDays.columns, "u.*", addDays.ending) + ")",
		"totals AS (" + insert("report_total", addTotals.columns, "u.*", addTotals.ending) + ")",
	}
	return "WITH " + strings.Join(parts, ", ") + " SELECT last FROM counter"
}()
