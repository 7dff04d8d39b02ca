package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// The few reads that every page and every call of the API begins with go
// around what costs more than they do: on PostgreSQL around database/sql, which
// doubles a small read's time, and on SQLite around parsing the statement anew.

// scanHot reads rows of a statement whose text is always the same.
func (s *Store) scanHot(ctx context.Context, query string, args []any, scan func(rowScanner) error) error {
	if s.engine != onPostgres {
		rows, err := s.hot().QueryContext(ctx, query, args...)
		return scanRows(rows, err, scan)
	}
	return scanLent(ctx, s.write.DB, query, s.engine.args(args), scan)
}

// scanLent reads rows on one of PostgreSQL's connections.
func scanLent(ctx context.Context, pool *sql.DB, query string, args []any, scan func(rowScanner) error) error {
	return lend(ctx, pool, func(conn *pgx.Conn) error {
		rows, err := conn.Query(ctx, query, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			if err := scan(rows); err != nil {
				return err
			}
		}
		return rows.Err()
	})
}

// rowHot reads one row; it fails with sql.ErrNoRows where there is none.
func (s *Store) rowHot(ctx context.Context, query string, args []any, into ...any) error {
	if s.engine != onPostgres {
		return s.hot().QueryRowContext(ctx, query, args...).Scan(into...)
	}
	return s.onPostgres(ctx, func(conn *pgx.Conn) error {
		return conn.QueryRow(ctx, query, s.engine.args(args)...).Scan(into...)
	})
}

// onPostgres lends a connection of the pool's.
func (s *Store) onPostgres(ctx context.Context, do func(*pgx.Conn) error) error {
	return lend(ctx, s.write.DB, do)
}

// lend gives one of PostgreSQL's connections.
func lend(ctx context.Context, pool *sql.DB, do func(*pgx.Conn) error) error {
	lent, err := pool.Conn(ctx)
	if err != nil {
		return err
	}
	err = lent.Raw(func(given any) error {
		conn := given.(*stdlib.Conn).Conn()
		err := do(conn)
		if conn.IsClosed() {
			return brokenConn{err} // the pool must not lend it again
		}
		return err
	})
	// A broken connection has been closed already.
	if closed := lent.Close(); err == nil && !errors.Is(closed, sql.ErrConnDone) {
		err = closed
	}
	return err
}

// brokenConn is an error after which a connection is of no use.
type brokenConn struct{ error }

// Unwrap tells database/sql so, and others what has happened.
func (b brokenConn) Unwrap() []error { return []error{driver.ErrBadConn, b.error} }
