package db

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"complero/db/profile"
)

// fewEvents is how many events a transaction may have for writeFew.
const fewEvents = 8

// A few is what a transaction with few events has collected, for a statement
// that writes all of it at once on PostgreSQL: for an answer, the ways to the
// database and back take longer than the work there.
type few struct {
	events, values, days, totals [][]any
	shape                        fewShape
}

// fewShape is how many rows of each kind there are. Few shapes occur, and each
// has a statement of its own: PostgreSQL takes single values faster than arrays.
type fewShape struct{ events, values, days, totals int }

// few collects what writeEvents and writeReport would write. Each event's
// values make a pack of their own.
func (x *tx) few() few {
	f := few{events: make([][]any, len(x.events))}
	for i, e := range x.events {
		e.Number = int64(i + 1) // behind the counter's last
		f.events[i] = e.row()
		if len(e.changes) > 0 {
			f.values = append(f.values, []any{e.Number, string(profile.AppendChanges(nil, e.changes))})
		}
	}
	f.days, f.totals = x.reportRows()
	f.shape = fewShape{len(f.events), len(f.values), len(f.days), len(f.totals)}
	return f
}

// args are those of fewParts, and room for more.
func (f few) args(x *tx, more int) []any {
	args := make([]any, 0, f.shape.marks()+more)
	args = append(args, x.company, x.mode, len(f.events))
	for _, rows := range [][][]any{f.events, f.values, f.days, f.totals} {
		for _, row := range rows {
			args = append(args, row...)
		}
	}
	return args
}

// marks is how many arguments fewParts take.
func (s fewShape) marks() int {
	return 3 + s.events*len(eventColumns) + s.values*len(insertValues.columns) +
		s.days*len(addDays.columns) + s.totals*len(addTotals.columns)
}

// writeFew does on PostgreSQL what writeEvents and writeReport do.
func (x *tx) writeFew(ctx context.Context) error {
	f := x.few()
	statement := x.store.fewStatements.of(f.shape, func(s fewShape) string {
		return "WITH " + s.parts("(VALUES (1)) AS once") + " SELECT last FROM counter"
	})
	var before int64
	if err := x.row(ctx, statement, f.args(x, 0)...).Scan(&before); err != nil {
		return fmt.Errorf("write events: %w", err)
	}
	x.numberFew(before)
	return nil
}

// numberFew gives the events that were written the numbers behind the last one before.
func (x *tx) numberFew(before int64) {
	for _, e := range x.events {
		e.Number += before
		e.ID = eventID(x.company, x.mode, e.Number)
	}
}

// parts take the counter, as often as a table has rows, and then write what
// waits for it: the events' numbers, and so the keys of their values, count
// from the counter's last.
func (s fewShape) parts(once string) string {
	parts := []string{`counter AS (INSERT INTO event_counter (company_id, mode, last_number) SELECT $1::integer, $2::smallint, $3::bigint FROM ` + once + `
		ON CONFLICT (company_id, mode) DO UPDATE SET last_number = event_counter.last_number + excluded.last_number
		RETURNING last_number - $3::bigint AS last)`}
	from := 4 // behind the Company, the mode and the number of events
	insert := func(name, table string, columns []column, rows int, values, ending string) {
		if rows == 0 {
			return
		}
		parts = append(parts, fmt.Sprintf("%s AS (INSERT INTO %s (company_id, mode, %s) SELECT $1::integer, $2::smallint, %s FROM counter, %s %s)",
			name, table, namesOf(columns, ""), values, literal(columns, rows, from), ending))
		from += rows * len(columns)
	}
	insert("events", "event", eventColumns, s.events, "last + u.number, "+namesOf(eventColumns[1:], "u."), "")
	insert("packs", "event_value", insertValues.columns, s.values,
		"last + u.first_number, json_build_object((last + u.first_number)::text, u.data)", "")
	insert("days", "report_day", addDays.columns, s.days, "u.*", addDays.ending)
	insert("totals", "report_total", addTotals.columns, s.totals, "u.*", addTotals.ending)
	return strings.Join(parts, ", ")
}

func namesOf(columns []column, prefix string) string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = prefix + c.name
	}
	return strings.Join(names, ", ")
}

// literal is a table u of rows whose values are arguments, which count from a number.
func literal(columns []column, rows, from int) string {
	lines := make([]string, rows)
	for r := range lines {
		marks := make([]string, len(columns))
		for i, c := range columns {
			marks[i] = fmt.Sprintf("$%d::%s", from, c.kind.postgres())
			from++
		}
		lines[r] = "(" + strings.Join(marks, ", ") + ")"
	}
	return "(VALUES " + strings.Join(lines, ", ") + ") AS u(" + namesOf(columns, "") + ")"
}

// shaped are statements by the shape of what they write.
type shaped struct{ texts sync.Map }

// of returns the statement of a shape, which build makes once.
func (k *shaped) of(s fewShape, build func(fewShape) string) string {
	known, found := k.texts.Load(s)
	if !found {
		known, _ = k.texts.LoadOrStore(s, build(s))
	}
	return known.(string)
}
