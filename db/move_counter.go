package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// copyCounter sets the counter that gives a table its ids behind the last one
// that the source has given, which may belong to a row that is gone: no id is
// ever given twice.
func (m *move) copyCounter(ctx context.Context, t *moveTable) error {
	last, err := lastID(ctx, m.from.engine, m.from.tx, t)
	if err != nil {
		return fmt.Errorf("read the last id that was given: %w", err)
	}
	if err := m.to.setLastID(ctx, t, last); err != nil {
		return fmt.Errorf("set the ids behind the last one that was given: %w", err)
	}
	return nil
}

// lastID is the last number that a table's counter has given; 0 if it has
// given none, or there is no counter.
func lastID(ctx context.Context, e engine, q querier, t *moveTable) (int64, error) {
	var last int64
	if e == onSQLite {
		err := q.QueryRowContext(ctx, "SELECT seq FROM sqlite_sequence WHERE name = $1", t.name).Scan(&last)
		if errors.Is(err, sql.ErrNoRows) {
			err = nil
		}
		return last, err
	}
	_, sequence, err := sequenceOf(ctx, q, t)
	if err != nil || sequence == "" {
		return 0, err
	}
	err = q.QueryRowContext(ctx, "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM "+sequence).Scan(&last)
	return last, err
}

// setLastID never sets a counter to less than an id that is there.
func (e *moveTarget) setLastID(ctx context.Context, t *moveTable, last int64) error {
	if e.engine == onPostgres {
		column, sequence, err := sequenceOf(ctx, e.conn, t)
		if err != nil || sequence == "" {
			return err
		}
		_, err = e.conn.ExecContext(ctx, "SELECT setval($1, greatest($2, max("+quoteName(column)+"), 1), $2 > 0 OR count(*) > 0) FROM "+quoteName(t.name), sequence, last)
		return err
	}
	// SQLite itself has counted the rows that came in, if there were any.
	const update, insert = "UPDATE sqlite_sequence SET seq = max(seq, $1) WHERE name = $2", "INSERT INTO sqlite_sequence (seq, name) VALUES ($1, $2)"
	done, err := e.conn.ExecContext(ctx, update, last, t.name)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n > 0 || last == 0 {
		return err
	}
	_, err = e.conn.ExecContext(ctx, insert, last, t.name)
	return err
}

// sequenceOf is the sequence of a table on PostgreSQL, quoted, and the column
// that it is for; "" if there is none.
func sequenceOf(ctx context.Context, q querier, t *moveTable) (column, sequence string, err error) {
	for _, column := range t.key {
		var found sql.NullString
		if err := q.QueryRowContext(ctx, "SELECT pg_get_serial_sequence($1, $2)", quoteName(t.name), column).Scan(&found); err != nil {
			return "", "", err
		}
		if found.Valid {
			return column, found.String, nil
		}
	}
	return "", "", nil
}
