package db

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// kindOf says what a column of a bulk statement holds.
type kindOf int

const (
	texts kindOf = iota
	jsons
	ints
	times
	blobs
	bools
)

// postgres is the type of one value, without its brackets.
func (k kindOf) postgres() string {
	return [...]string{texts: "text", jsons: "text::json", ints: "bigint", times: "timestamptz", blobs: "bytea", bools: "boolean"}[k]
}

// column is one column of a bulk statement's rows.
type column struct {
	name string
	kind kindOf
}

// bulk is a statement that writes many rows: PostgreSQL takes each column as
// one array, SQLite runs the prepared statement row by row, each engine's
// fastest way. Arguments that are the same for every row come last.
type bulk struct {
	columns  []column
	postgres string
	sqlite   string
	ending   string
}

// insertBulk writes rows of one Company and mode into a table.
func insertBulk(table string, columns ...column) bulk {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.name
	}
	list := strings.Join(names, ", ")
	n := len(columns)
	marks := make([]string, n)
	for i := range marks {
		marks[i] = fmt.Sprintf("$%d", i+1)
	}
	return bulk{
		columns: columns,
		postgres: fmt.Sprintf("INSERT INTO %s (%s, company_id, mode) SELECT %s, $%d::integer, $%d::smallint FROM %s",
			table, list, list, n+1, n+2, unnest(columns, 1)),
		sqlite: fmt.Sprintf("INSERT INTO %s (%s, company_id, mode) VALUES (%s, $%d, $%d)",
			table, list, strings.Join(marks, ", "), n+1, n+2),
	}
}

// updateBulk changes rows of one Company and mode; the first column is the key.
func updateBulk(table string, columns ...column) bulk {
	n := len(columns)
	var pg, lite []string
	for i, c := range columns[1:] {
		pg = append(pg, fmt.Sprintf("%s = u.%s", c.name, c.name))
		lite = append(lite, fmt.Sprintf("%s = $%d", c.name, i+2))
	}
	key := columns[0].name
	return bulk{
		columns: columns,
		postgres: fmt.Sprintf("UPDATE %s AS t SET %s FROM %s WHERE t.company_id = $%d::integer AND t.mode = $%d::smallint AND t.%s = u.%s",
			table, strings.Join(pg, ", "), unnest(columns, 1), n+1, n+2, key, key),
		sqlite: fmt.Sprintf("UPDATE %s SET %s WHERE company_id = $%d AND mode = $%d AND %s = $1",
			table, strings.Join(lite, ", "), n+1, n+2, key),
	}
}

// suffix ends both statements, such as with ON CONFLICT.
func (b bulk) suffix(s string) bulk {
	b.postgres += " " + s
	b.sqlite += " " + s
	b.ending = s
	return b
}

// unnest is the source of a bulk statement's rows on PostgreSQL: arrays, whose
// arguments count from a number.
func unnest(columns []column, from int) string {
	var arrays, names []string
	for i, c := range columns {
		cast := strings.ReplaceAll(c.kind.postgres(), "::", "[]::") + "[]"
		arrays = append(arrays, fmt.Sprintf("$%d::%s", from+i, cast))
		names = append(names, c.name)
	}
	return fmt.Sprintf("unnest(%s) AS u(%s)", strings.Join(arrays, ", "), strings.Join(names, ", "))
}

// writeAll runs a bulk statement over rows, each with a value per column.
// Values are string or *string, int64, time.Time or *time.Time, []byte, bool.
func (x *tx) writeAll(ctx context.Context, b bulk, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	if x.engine == onPostgres {
		args := make([]any, 0, len(b.columns)+2)
		for i, c := range b.columns {
			args = append(args, columnOf(rows, i, c.kind))
		}
		_, err := x.exec(ctx, b.postgres, append(args, x.company, x.mode)...)
		return err
	}
	statement, err := x.prepare(ctx, b.sqlite) //nolint:sqlclosecheck // the transaction closes it
	if err != nil {
		return err
	}
	args := make([]any, len(b.columns)+2)
	args[len(b.columns)], args[len(b.columns)+1] = x.company, x.mode
	for _, r := range rows {
		copy(args, r)
		if _, err := statement.ExecContext(ctx, args...); err != nil {
			return err
		}
	}
	return nil
}

// columnOf turns one column of rows into the array that PostgreSQL takes.
func columnOf(rows [][]any, i int, kind kindOf) any {
	switch kind {
	case ints:
		return arrayOf[int64](rows, i)
	case times:
		return arrayOf[time.Time](rows, i)
	case bools:
		return arrayOf[bool](rows, i)
	case blobs:
		array := make([][]byte, len(rows))
		for n, r := range rows {
			array[n], _ = r[i].([]byte)
		}
		return array
	default:
		return arrayOf[string](rows, i)
	}
}

// arrayOf collects values and pointers to values; nil stays NULL.
func arrayOf[T any](rows [][]any, i int) []*T {
	array := make([]*T, len(rows))
	for n, r := range rows {
		switch v := r[i].(type) {
		case T:
			array[n] = &v
		case *T:
			array[n] = v
		}
	}
	return array
}
