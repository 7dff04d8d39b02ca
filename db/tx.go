package db

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/uptrace/bun"
)

// tx is one write transaction for one Company and mode. Events, jobs and
// report figures are collected while it runs and written at its end, in the
// order of the locks.
type tx struct {
	bun.Tx
	conn    *sql.Conn // the transaction's own
	store   *Store
	tenant  *Tenant
	engine  engine
	company int64
	mode    Mode
	now     time.Time
	// rules are those for the fields of answers.
	rules *FieldRules

	// employeesChanged tells that the settings get a new version in the end.
	employeesChanged bool

	// touched are the ids of what the audit log is to name.
	touched []string

	jobs   []river.InsertManyParams
	events []*Event
	report tally
	texts  []string // statements to keep prepared
}

// write runs fn as one transaction of this Tenant, if its Viewer has the
// right. It runs fn again, from the start, after a deadlock or when the file
// was busy, so fn must not change anything outside the transaction.
func (t *Tenant) write(ctx context.Context, right Right, fn func(*tx) error) error {
	if err := t.check(right); err != nil {
		return err
	}
	if right != workRight {
		if err := t.open(); err != nil {
			return err
		}
	}
	return t.writeAlways(ctx, fn)
}

// writeAlways is write for those who have been let, also where the Company is archived.
func (t *Tenant) writeAlways(ctx context.Context, fn func(*tx) error) error {
	const tries = 8
	for try := 1; ; try++ {
		err := t.writeOnce(ctx, fn)
		if err == nil || !mayRetry(err) || try == tries || ctx.Err() != nil {
			return err
		}
		time.Sleep(time.Duration(try) * 5 * time.Millisecond)
	}
}

func (t *Tenant) writeOnce(ctx context.Context, fn func(*tx) error) error {
	conn, err := t.store.write.Conn(ctx)
	if err != nil {
		return err
	}
	var x *tx
	err = conn.RunInTx(ctx, nil, func(ctx context.Context, b bun.Tx) error {
		x = &tx{
			Tx: b, conn: conn.Conn, store: t.store, tenant: t, engine: t.store.engine,
			company: t.Company.Key, mode: t.Mode, now: t.store.now(),
		}
		if err := fn(x); err != nil {
			return err
		}
		return x.finish(ctx)
	})
	// A broken connection has been closed already.
	if closed := conn.Close(); err == nil && !errors.Is(closed, sql.ErrConnDone) {
		err = closed
	}
	if err == nil {
		t.store.keepPrepared(ctx, x.texts)
	}
	return err
}

// finish writes what the transaction collected: jobs, then the Company's
// counter with the events that it numbers, then the report's rows.
func (x *tx) finish(ctx context.Context) error {
	if x.employeesChanged {
		if err := x.changeSettings(ctx); err != nil {
			return err
		}
	}
	if err := x.writeAudit(ctx); err != nil {
		return err
	}
	if err := x.insertJobs(ctx); err != nil {
		return err
	}
	if n := len(x.events); x.engine == onPostgres && n > 0 && n <= fewEvents {
		return x.writeFew(ctx)
	}
	if err := x.writeEvents(ctx); err != nil {
		return err
	}
	return x.writeReport(ctx)
}

func (x *tx) insertJobs(ctx context.Context) error {
	if len(x.jobs) == 0 {
		return nil
	}
	if _, err := x.store.jobs.InsertManyFastTx(ctx, x.Tx.Tx, x.jobs); err != nil {
		return fmt.Errorf("insert jobs: %w", err)
	}
	return nil
}

// enqueue has a job inserted in this transaction. An empty at means at once.
func (x *tx) enqueue(args river.JobArgs, at time.Time) {
	p := river.InsertManyParams{Args: args}
	if !at.IsZero() {
		p.InsertOpts = &river.InsertOpts{ScheduledAt: at}
	}
	x.jobs = append(x.jobs, p)
}

// reading is how a plain SELECT is run: tx.query or Tenant.read.
type reading func(ctx context.Context, query string, args ...any) (*sql.Rows, error)

// A querier runs plain SQL: $1, $2 … stand for the arguments on both engines.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// args puts before the arguments of a plain statement what makes PostgreSQL
// keep it prepared.
func (e engine) args(args []any) []any {
	if e != onPostgres || len(args) == 0 {
		return args
	}
	return append([]any{pgx.QueryExecModeCacheStatement}, args...)
}

// exec runs one plain statement.
func (x *tx) exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if x.engine == onSQLite {
		s, err := x.prepare(ctx, query) //nolint:sqlclosecheck // the transaction closes it
		if err != nil {
			return nil, err
		}
		return s.ExecContext(ctx, args...)
	}
	return x.Tx.Tx.ExecContext(ctx, query, x.engine.args(args)...)
}

// query reads rows by one plain statement.
func (x *tx) query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if x.engine == onSQLite {
		s, err := x.prepare(ctx, query) //nolint:sqlclosecheck // the transaction closes it
		if err != nil {
			return nil, err
		}
		return s.QueryContext(ctx, args...)
	}
	return x.Tx.Tx.QueryContext(ctx, query, x.engine.args(args)...)
}

// row reads one row by one plain statement.
func (x *tx) row(ctx context.Context, query string, args ...any) *sql.Row {
	if x.engine == onSQLite {
		if s, err := x.prepare(ctx, query); err == nil { //nolint:sqlclosecheck // the transaction closes it
			return s.QueryRowContext(ctx, args...)
		}
	}
	return x.Tx.Tx.QueryRowContext(ctx, query, x.engine.args(args)...)
}

// scanRows reads every row of a result and closes it.
func scanRows(rows *sql.Rows, err error, scan func(rowScanner) error) error {
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
}

// scanIDs reads every row of a result that has an id alone.
func scanIDs(rows *sql.Rows, err error) (ids []string, _ error) {
	err = scanRows(rows, err, func(r rowScanner) error {
		var id string
		err := r.Scan(&id)
		ids = append(ids, id)
		return err
	})
	return ids, err
}

// locking ends a SELECT whose rows the transaction is going to change. SQLite
// needs nothing: its one writer holds everything.
func (e engine) locking() string {
	if e == onPostgres {
		return " FOR UPDATE"
	}
	return ""
}

// lockingFree is locking that passes over rows which another transaction holds.
func (e engine) lockingFree() string {
	if e == onPostgres {
		return " FOR UPDATE SKIP LOCKED"
	}
	return ""
}

// nullable is how an empty text is stored: as NULL.
func nullable(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// deref reads a text that may be NULL.
func deref(s *string) string { return *cmp.Or(s, new(string)) }

// ptr is the address of a value that has none.
func ptr[T any](v T) *T { return &v }
