package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
)

// A Presence is the sign of life of a process that does jobs, for the others on
// one PostgreSQL: an advisory lock, which the database takes away as soon as the
// process's connection ends, by whatever it ends. On SQLite there are no others.
type Presence struct {
	store  *Store
	number int32
	conn   *sql.Conn // that has the lock; nil without it
}

// presenceClass tells these locks from others'.
const presenceClass = 1668246896

// presenceName begins the names by which jobs tell who does them.
const presenceName = "complero-"

// Presence makes a process known under a name of its own, from the first Keep on.
func (s *Store) Presence() *Presence { return &Presence{store: s, number: rand.Int32()} }

// Name is what jobs tell who does them by.
func (p *Presence) Name() string { return fmt.Sprintf("%s%08x", presenceName, p.number) }

// Keep shows that this process lives, and makes the jobs of those who do not
// any more due again: they were killed, or lost the database. It is to be
// called again every few seconds. A job of somebody who lives and only seems
// not to is done twice, which does no harm.
func (p *Presence) Keep(ctx context.Context) error {
	if p.store.OneProcess() {
		return nil
	}
	if err := p.hold(ctx); err != nil || p.conn == nil {
		return err
	}
	// A database that does not show locks, not even one's own, tells nothing.
	_, err := p.conn.ExecContext(ctx, fmt.Sprintf(`WITH present AS MATERIALIZED (
			SELECT '%[1]s' || lpad(to_hex(l.objid::bigint), 8, '0') AS name FROM pg_locks AS l JOIN pg_database AS d ON d.oid = l.database
			WHERE d.datname = current_database() AND l.locktype = 'advisory' AND l.classid = %[2]d AND l.objsubid = 2 AND l.granted)
		UPDATE river_job SET state = 'available'
		WHERE state = 'running' AND attempted_at < now() - interval '2 seconds'
			AND attempted_by[array_upper(attempted_by, 1)] LIKE '%[1]s%%'
			AND attempted_by[array_upper(attempted_by, 1)] NOT IN (SELECT name FROM present)
			AND '%[3]s' IN (SELECT name FROM present)`,
		presenceName, presenceClass, p.Name()))
	if err != nil {
		return fmt.Errorf("release the jobs of processes that are gone: %w", err)
	}
	return nil
}

// hold takes the lock, unless the connection that has it still lives. Where a
// lost connection has not ended on the other side yet, it is taken later.
func (p *Presence) hold(ctx context.Context) error {
	if p.conn != nil {
		if p.conn.PingContext(ctx) == nil {
			return nil
		}
		p.drop()
	}
	conn, err := p.store.write.DB.Conn(ctx)
	if err != nil {
		return fmt.Errorf("show that this process lives: %w", err)
	}
	var held bool
	err = conn.QueryRowContext(ctx, fmt.Sprintf("SELECT pg_try_advisory_lock(%d, %d)", presenceClass, p.number)).Scan(&held)
	if err == nil && held {
		p.conn = conn
		return nil
	}
	if err = errors.Join(err, conn.Close()); err != nil {
		return fmt.Errorf("show that this process lives: %w", err)
	}
	return nil
}

func (p *Presence) drop() {
	_ = p.conn.Close() // it is broken, or given back
	p.conn = nil
}

// Close takes the sign of life away. What this process is still at, others may
// then begin anew.
func (p *Presence) Close(ctx context.Context) error {
	if p.conn == nil {
		return nil
	}
	defer p.drop()
	if _, err := p.conn.ExecContext(ctx, fmt.Sprintf("SELECT pg_advisory_unlock(%d, %d)", presenceClass, p.number)); err != nil {
		return fmt.Errorf("take the sign of life away: %w", err)
	}
	return nil
}
