package db

import (
	"context"
	"fmt"
	"strings"
	"sync"
)

// fewEvents is how many events a transaction may have for writeFew.
const fewEvents = 8

// A few is what a transaction with few events has collected, for a statement
// that writes all of it at once on PostgreSQL: for an answer, the ways to the
// database and back take longer than the work there.
type few struct {
	shape fewShape
	args  []any // of the shape's parts
}

// fewShape is what rows there are for each of fewTables. Few shapes occur, and
// each has a statement of its own: PostgreSQL takes single values faster than
// arrays.
type fewShape [len(fewTables)]rowShape

// A rowShape is how many rows a table gets. Of the columns, which are bits,
// those that are not said stay empty, and those that are shared have the same
// value in every row.
type rowShape struct {
	rows         int
	said, shared uint16
}

// fewTables are those that few writes to.
var fewTables = [...]struct {
	part, table string
	columns     []column
	// keys are what rows of counters are told apart by, to which is added.
	keys string
}{
	{"events", "event", eventColumns, ""},
	{"packs", "event_value", insertValues.columns, ""},
	{"days", "report_day", addDays.columns, "company_id, mode, employee_id, day"},
	{"totals", "report_total", addTotals.columns, "company_id, mode, employee_id"},
}

// few collects what writeEvents and writeReport would write, with room for more
// arguments. Each event's values make a pack of their own.
func (x *tx) few(more int) few {
	events := make([][]any, len(x.events))
	var packs [][]any
	for i, e := range x.events {
		e.Number = int64(i + 1) // behind the counter's last
		events[i] = e.row()
		if e.hasValues() {
			packs = append(packs, []any{e.Number, string(e.appendValues(nil))})
		}
	}
	days, totals := x.reportRows()
	f := few{args: make([]any, 0, fewMarks+4*len(events)+more)}
	f.args = append(f.args, x.company, x.mode, len(x.events))
	for i, rows := range [...][][]any{events, packs, days, totals} {
		f.shape[i] = shapeOf(rows)
		f.args = f.shape[i].append(f.args, rows)
	}
	return f
}

// fewMarks is about how many arguments an answer's events take.
const fewMarks = 24

// shapeOf tells which columns of rows have to be said.
func shapeOf(rows [][]any) rowShape {
	s := rowShape{rows: len(rows)}
	if len(rows) == 0 {
		return s
	}
	for i := range rows[0] {
		switch value, same := uniformValue(rows, i); {
		case same && i > 0 && (value == nil || value == int64(0)):
		case same:
			s.said, s.shared = s.said|1<<i, s.shared|1<<i
		default:
			s.said |= 1 << i
		}
	}
	return s
}

func (s rowShape) says(i int) bool   { return s.said>>i&1 == 1 }
func (s rowShape) shares(i int) bool { return s.shared>>i&1 == 1 }

// append adds the arguments of rows: those that are shared, then each row's.
func (s rowShape) append(args []any, rows [][]any) []any {
	for n, row := range rows {
		for i, value := range row {
			if n == 0 && s.shares(i) {
				args = append(args, value)
			}
		}
	}
	for _, row := range rows {
		for i, value := range row {
			if s.says(i) && !s.shares(i) {
				args = append(args, value)
			}
		}
	}
	return args
}

// writeFew does on PostgreSQL what writeEvents and writeReport do.
func (x *tx) writeFew(ctx context.Context) error {
	f := x.few(0)
	statement := x.store.fewStatements.of(f.shape, func(s fewShape) string {
		parts, _ := s.parts("(VALUES (1)) AS once")
		return "WITH " + parts + " SELECT last FROM counter"
	})
	var before int64
	if err := x.row(ctx, statement, f.args...).Scan(&before); err != nil {
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
// from the counter's last. They have the arguments before next.
func (s fewShape) parts(once string) (parts string, next int) {
	list := []string{`counter AS (INSERT INTO event_counter (company_id, mode, last_number) SELECT $1::integer, $2::smallint, $3::bigint FROM ` + once + `
		ON CONFLICT (company_id, mode) DO UPDATE SET last_number = event_counter.last_number + excluded.last_number
		RETURNING last_number - $3::bigint AS last)`}
	next = 4 // behind the Company, the mode and the number of events
	for i, t := range fewTables {
		if s[i].rows == 0 {
			continue
		}
		values, from := s[i].values(t.columns, &next)
		switch t.table {
		case "event":
			values[0] = "last + " + values[0]
		case "event_value":
			values[1] = fmt.Sprintf("json_build_object((last + %s)::text, %s)", values[0], values[1])
			values[0] = "last + " + values[0]
		}
		var names, said, sums []string
		for i, c := range t.columns {
			if values[i] == "" {
				continue
			}
			names, said = append(names, c.name), append(said, values[i])
			if c.kind == ints {
				sums = append(sums, fmt.Sprintf("%s = %s.%[1]s + excluded.%[1]s", c.name, t.table))
			}
		}
		part := fmt.Sprintf("%s AS (INSERT INTO %s (company_id, mode, %s) SELECT $1::integer, $2::smallint, %s FROM counter%s",
			t.part, t.table, strings.Join(names, ", "), strings.Join(said, ", "), from)
		if t.keys != "" {
			part += fmt.Sprintf(" ON CONFLICT (%s) DO UPDATE SET %s", t.keys, strings.Join(sums, ", "))
		}
		list = append(list, part+")")
	}
	return strings.Join(list, ", "), next
}

// values are what each column is written from, "" where it stays empty, and
// the table beside the counter that has what rows do not share.
func (s rowShape) values(columns []column, next *int) (values []string, from string) {
	values = make([]string, len(columns))
	mark := func(c column) string {
		*next++
		return fmt.Sprintf("$%d::%s", *next-1, c.kind.postgres())
	}
	var own []column
	for i, c := range columns {
		switch {
		case s.shares(i):
			values[i] = mark(c)
		case s.says(i):
			values[i] = "u." + c.name
			own = append(own, c)
		}
	}
	if len(own) == 0 {
		return values, ""
	}
	rows := make([]string, s.rows)
	for n := range rows {
		marks := make([]string, len(own))
		for i, c := range own {
			marks[i] = mark(c)
		}
		rows[n] = "(" + strings.Join(marks, ", ") + ")"
	}
	return values, ", (VALUES " + strings.Join(rows, ", ") + ") AS u(" + namesOf(own, "") + ")"
}

func namesOf(columns []column, prefix string) string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = prefix + c.name
	}
	return strings.Join(names, ", ")
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
