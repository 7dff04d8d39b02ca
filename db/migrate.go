package db

import (
	"context"
	"fmt"
	"time"

	"github.com/riverqueue/river/rivermigrate"
	"github.com/uptrace/bun/migrate"

	"complero/db/migrations"
)

// migrationLock is the advisory lock that keeps two processes from migrating
// one PostgreSQL at once.
const migrationLock = 0x636f6d706c65726f // "complero"

// migrate runs what is new in our history and in River's.
func (s *Store) migrate(ctx context.Context) error {
	unlock, err := s.lockMigrations(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	// Without the option, a migration that failed would count as applied.
	m := migrate.NewMigrator(s.write, migrations.All(), migrate.WithMarkAppliedOnSuccess(true))
	if err := m.Init(ctx); err != nil {
		return err
	}
	if _, err := m.Migrate(ctx); err != nil {
		return err
	}
	jobs, err := rivermigrate.New(s.Driver(), &rivermigrate.Config{Logger: s.log})
	if err != nil {
		return err
	}
	_, err = jobs.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

// lockMigrations polls for the lock instead of waiting inside a statement,
// which would hang a concurrent index build of the process that holds it.
func (s *Store) lockMigrations(ctx context.Context) (unlock func(), err error) {
	if s.engine != onPostgres {
		return func() {}, nil
	}
	conn, err := s.write.DB.Conn(ctx)
	if err != nil {
		return nil, err
	}
	for {
		var got bool
		if err := conn.QueryRowContext(ctx, fmt.Sprintf("SELECT pg_try_advisory_lock(%d)", int64(migrationLock))).Scan(&got); err != nil {
			return nil, err
		}
		if got {
			break
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	return func() {
		// Closing a pooled connection would keep the lock: give it back first.
		_, err := conn.ExecContext(context.WithoutCancel(ctx), fmt.Sprintf("SELECT pg_advisory_unlock(%d)", int64(migrationLock)))
		if err == nil {
			err = conn.Close()
		}
		if err != nil {
			s.log.Warn("the lock on migrations was not given back", "error", err)
		}
	}, nil
}

// makePartitions makes the months of Deliveries that are coming, so that a
// row always finds its place. What finds none goes into the default partition.
func (s *Store) makePartitions(ctx context.Context) error {
	if s.engine != onPostgres {
		return nil
	}
	month := monthOf(s.now())
	for range 4 {
		if err := makePartition(ctx, s.write.DB, month); err != nil {
			return err
		}
		month = month.AddDate(0, 1, 0)
	}
	return nil
}

// makePartition makes one month of Deliveries.
func makePartition(ctx context.Context, q querier, month time.Time) error {
	statement := fmt.Sprintf("CREATE TABLE IF NOT EXISTS delivery_%s PARTITION OF delivery FOR VALUES FROM ('%s') TO ('%s')",
		month.Format("2006_01"), idFloor("delivery", month), idFloor("delivery", month.AddDate(0, 1, 0)))
	if _, err := q.ExecContext(ctx, statement); err != nil {
		return fmt.Errorf("make the Deliveries' partition of %s: %w", month.Format("2006-01"), err)
	}
	return nil
}

// monthOf is when the month of a time begins.
func monthOf(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
}
