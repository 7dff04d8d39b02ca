package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"go.jetify.com/typeid/base32"
)

// A transaction on SQLite holds up to this many rows and bytes.
const (
	moveBatchRows  = 5000
	moveBatchBytes = 16 << 20
)

// moveTellEvery is how often a table's progress is told, and moveTellRows how
// many rows pass between two looks at the clock.
const (
	moveTellEvery = 2 * time.Second
	moveTellRows  = 500
)

// copyTable copies a table's rows, in the order of their key, and digests
// what was read.
func (m *move) copyTable(ctx context.Context, t *moveTable) (*tableDigest, error) {
	if t.name == "delivery" && m.to.engine == onPostgres {
		if err := m.makeDeliveryPartitions(ctx); err != nil {
			return nil, err
		}
	}
	begun := time.Now()
	rows, err := m.query(ctx, m.from.engine, m.from.tx, t)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	from := newMoveRows(rows, t, m.to.engine == onPostgres)
	next := m.counting(from, t, begun, false)
	if m.to.engine == onPostgres {
		err = m.to.copyToPostgres(ctx, t, from, next)
	} else {
		err = m.to.copyToSQLite(ctx, t, from, next)
	}
	if err != nil {
		return nil, err
	}
	if err := errors.Join(rows.Close(), m.countSource(ctx, t, from.digest.rows), m.copyCounter(ctx, t)); err != nil {
		return nil, err
	}
	m.tell(MoveProgress{Table: t.name, Rows: from.digest.rows, Took: time.Since(begun), Done: true})
	return from.digest, nil
}

// readTable digests a table of the target.
func (m *move) readTable(ctx context.Context, t *moveTable) (*tableDigest, error) {
	begun := time.Now()
	rows, err := m.query(ctx, m.to.engine, m.to.conn, t)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	there := newMoveRows(rows, t, false)
	next := m.counting(there, t, begun, true)
	for more := true; more; {
		if more, err = next(); err != nil {
			return nil, err
		}
	}
	m.tell(MoveProgress{Table: t.name, Rows: there.digest.rows, Took: time.Since(begun), Checking: true, Done: true})
	return there.digest, nil
}

// query reads a whole table as a stream. PostgreSQL sends values as they are,
// not as text.
func (m *move) query(ctx context.Context, e engine, q querier, t *moveTable) (*sql.Rows, error) {
	var mode []any
	if e == onPostgres {
		mode = []any{pgx.QueryExecModeDescribeExec}
	}
	return q.QueryContext(ctx, t.selectAll(e), mode...)
}

// counting reads on, and tells now and then how far it is.
func (m *move) counting(r *moveRows, t *moveTable, begun time.Time, checking bool) func() (bool, error) {
	told := begun
	return func() (bool, error) {
		if r.digest.rows%moveTellRows == 0 && time.Since(told) >= moveTellEvery {
			told = time.Now()
			m.tell(MoveProgress{Table: t.name, Rows: r.digest.rows, Took: told.Sub(begun), Checking: checking})
		}
		return r.next()
	}
}

// countSource sees that the stream has brought all there is.
func (m *move) countSource(ctx context.Context, t *moveTable, read int64) error {
	var there int64
	if err := m.from.tx.QueryRowContext(ctx, "SELECT count(*) FROM "+quoteName(t.name)+t.kept()).Scan(&there); err != nil {
		return err
	}
	if there != read {
		return fmt.Errorf("%d rows were read of %d", read, there)
	}
	return nil
}

// copyToPostgres is one COPY, which is there as a whole or not at all.
func (e *moveTarget) copyToPostgres(ctx context.Context, t *moveTable, r *moveRows, next func() (bool, error)) error {
	return e.conn.Raw(func(given any) error {
		_, err := given.(*stdlib.Conn).Conn().CopyFrom(ctx, pgx.Identifier{t.name}, t.names(), pgx.CopyFromFunc(func() ([]any, error) {
			more, err := next()
			if !more {
				return nil, err
			}
			return r.row, nil
		}))
		return err
	})
}

// copyToSQLite inserts rows by transactions that are not too large.
func (e *moveTarget) copyToSQLite(ctx context.Context, t *moveTable, r *moveRows, next func() (bool, error)) error {
	for more := true; more; {
		var err error
		if more, err = e.insertBatch(ctx, t, r, next); err != nil {
			return err
		}
	}
	return nil
}

func (e *moveTarget) insertBatch(ctx context.Context, t *moveTable, r *moveRows, next func() (bool, error)) (more bool, err error) {
	tx, err := e.conn.BeginTx(ctx, nil)
	if err != nil {
		return false, err
	}
	defer func() { _ = tx.Rollback() }() // does nothing after the commit
	insert, err := tx.PrepareContext(ctx, t.insert())
	if err != nil {
		return false, err
	}
	defer insert.Close()
	rows, bytes := r.digest.rows, r.digest.bytes
	for r.digest.rows-rows < moveBatchRows && r.digest.bytes-bytes < moveBatchBytes {
		if more, err = next(); err != nil || !more {
			break
		}
		if _, err := insert.ExecContext(ctx, r.row...); err != nil {
			return false, err
		}
	}
	if err != nil {
		return false, err
	}
	return more, tx.Commit()
}

// makeDeliveryPartitions makes the months of the Deliveries to come, so that
// none lands in the default partition, where its month could not be made later.
// It is the ids that Deliveries are parted by.
func (m *move) makeDeliveryPartitions(ctx context.Context) error {
	var first, last sql.NullString
	if err := m.from.tx.QueryRowContext(ctx, "SELECT min(id), max(id) FROM delivery WHERE id LIKE 'delivery%'").Scan(&first, &last); err != nil {
		return err
	}
	begin, known := idTime(first.String)
	end, alsoKnown := idTime(last.String)
	if !known || !alsoKnown {
		return nil // none, or none of ours
	}
	now := m.to.now()
	// A clock that was far off must not make a thousand tables.
	begin, end = later(begin, now.AddDate(-20, 0, 0)), earlier(end, now.AddDate(2, 0, 0))
	for month := monthOf(begin); !month.After(end); month = month.AddDate(0, 1, 0) {
		if err := makePartition(ctx, m.to.conn, month); err != nil {
			return err
		}
	}
	return nil
}

// idTime is when an id was made, to the millisecond: see newID.
func idTime(id string) (time.Time, bool) {
	_, code, _ := strings.Cut(id, "_")
	raw, err := base32.Decode(code)
	if err != nil || len(raw) != 16 {
		return time.Time{}, false
	}
	var ms int64
	for _, b := range raw[:6] {
		ms = ms<<8 | int64(b)
	}
	return time.UnixMilli(ms).UTC(), true
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
