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
	smalls // integers of half the size
	times
	blobs
	bools
)

// postgres is the type of one value, without its brackets.
func (k kindOf) postgres() string {
	return [...]string{texts: "text", jsons: "text::json", ints: "bigint", smalls: "integer", times: "timestamptz", blobs: "bytea", bools: "boolean"}[k]
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
	columns []column
	// postgres makes the statement of what the rows are selected from, and of
	// each column in there; the Company's and the mode's arguments follow theirs.
	postgres func(from string, values []string, company, mode string) string
	sqlite   string
	ending   string
	// copies is how PostgreSQL takes many rows, if the statement does nothing
	// but insert them.
	copies string
}

// insertBulk writes rows of one Company and mode into a table.
func insertBulk(table string, columns ...column) bulk {
	list := namesOf(columns, "")
	n := len(columns)
	marks := make([]string, n)
	for i := range marks {
		marks[i] = fmt.Sprintf("$%d", i+1)
	}
	return bulk{
		columns: columns,
		postgres: func(from string, values []string, company, mode string) string {
			return fmt.Sprintf("INSERT INTO %s (%s, company_id, mode) SELECT %s, %s, %s FROM %s",
				table, list, strings.Join(values, ", "), company, mode, from)
		},
		sqlite: fmt.Sprintf("INSERT INTO %s (%s, company_id, mode) VALUES (%s, $%d, $%d)",
			table, list, strings.Join(marks, ", "), n+1, n+2),
		copies: fmt.Sprintf("COPY %s (%s, company_id, mode) FROM STDIN BINARY", table, list),
	}
}

// updateBulk changes rows of one Company and mode; the first column is the key.
func updateBulk(table string, columns ...column) bulk {
	n := len(columns)
	var lite []string
	for i, c := range columns[1:] {
		lite = append(lite, fmt.Sprintf("%s = $%d", c.name, i+2))
	}
	key := columns[0].name
	return bulk{
		columns: columns,
		postgres: func(from string, values []string, company, mode string) string {
			sets := make([]string, n-1)
			for i, c := range columns[1:] {
				sets[i] = c.name + " = " + values[i+1]
			}
			return fmt.Sprintf("UPDATE %s AS t SET %s FROM %s WHERE t.company_id = %s AND t.mode = %s AND t.%s = %s",
				table, strings.Join(sets, ", "), from, company, mode, key, values[0])
		},
		sqlite: fmt.Sprintf("UPDATE %s SET %s WHERE company_id = $%d AND mode = $%d AND %s = $1",
			table, strings.Join(lite, ", "), n+1, n+2, key),
	}
}

// suffix ends both statements, such as with ON CONFLICT.
func (b bulk) suffix(s string) bulk {
	b.sqlite += " " + s
	b.ending, b.copies = s, ""
	return b
}

// writeAll runs a bulk statement over rows, each with a value per column.
// Values are string or *string, int64, time.Time or *time.Time, []byte, bool.
func (x *tx) writeAll(ctx context.Context, b bulk, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	if x.engine == onPostgres {
		if b.copies != "" && len(rows) >= copiedFrom && x.conn != nil {
			return x.copyAll(ctx, b, rows)
		}
		statement, args := b.of(rows)
		_, err := x.exec(ctx, statement, append(args, x.company, x.mode)...)
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

// of makes PostgreSQL's statement for rows. A column that has the same value
// in each row is no array, which spares both sides much: most columns of an
// import's events are such.
func (b bulk) of(rows [][]any) (statement string, args []any) {
	args = make([]any, 0, len(b.columns)+2)
	values := make([]string, len(b.columns))
	var arrays, names []string
	for i, c := range b.columns {
		same, uniform := uniformValue(rows, i)
		switch {
		case i > 0 && uniform && same == nil:
			values[i] = "NULL::" + c.kind.postgres()
			continue
		case i > 0 && uniform:
			args = append(args, same)
			values[i] = fmt.Sprintf("$%d::%s", len(args), c.kind.postgres())
			continue
		}
		args = append(args, columnOf(rows, i, c.kind))
		arrays = append(arrays, fmt.Sprintf("$%d::%s[]", len(args), strings.Replace(c.kind.postgres(), "::", "[]::", 1)))
		names, values[i] = append(names, c.name), "u."+c.name
	}
	from := fmt.Sprintf("unnest(%s) AS u(%s)", strings.Join(arrays, ", "), strings.Join(names, ", "))
	n := len(args)
	statement = b.postgres(from, values, fmt.Sprintf("$%d::integer", n+1), fmt.Sprintf("$%d::smallint", n+2))
	if b.ending != "" {
		statement += " " + b.ending
	}
	return statement, args
}

// uniformValue is the value that a column has in each row, nil for NULL.
func uniformValue(rows [][]any, i int) (value any, uniform bool) {
	if _, bytes := rows[0][i].([]byte); bytes {
		return nil, false
	}
	first, null := plainValue(rows[0][i])
	for _, r := range rows[1:] {
		v, none := plainValue(r[i])
		if none != null || !null && v != first {
			return nil, false
		}
	}
	if null {
		return nil, true
	}
	return first, true
}

// plainValue is a value that can be compared, and whether it is NULL.
func plainValue(v any) (value any, null bool) {
	switch v := v.(type) {
	case *string:
		if v == nil {
			return nil, true
		}
		return *v, false
	case *time.Time:
		if v == nil {
			return nil, true
		}
		return *v, false
	}
	return v, v == nil
}

// columnOf turns one column of rows into the array that PostgreSQL takes.
func columnOf(rows [][]any, i int, kind kindOf) any {
	switch kind {
	case ints, smalls:
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

// arrayOf collects values and pointers to values. The driver is much faster
// with plain values; where there is a NULL, all are pointers.
func arrayOf[T any](rows [][]any, i int) any {
	plain := make([]T, len(rows))
	for n, r := range rows {
		switch v := r[i].(type) {
		case T:
			plain[n] = v
		case *T:
			if v == nil {
				return pointersOf[T](rows, i)
			}
			plain[n] = *v
		default:
			return pointersOf[T](rows, i)
		}
	}
	return plain
}

func pointersOf[T any](rows [][]any, i int) []*T {
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
