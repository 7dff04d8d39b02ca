package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/riverqueue/river"
)

// moveSource is what is moved from, read in one snapshot.
type moveSource struct {
	*Store
	tx *sql.Tx
}

// openSource opens a database that is there already, brings it up to date and
// takes the snapshot.
func openSource(ctx context.Context, c Config) (*moveSource, error) {
	if engineOf(c.URL) == onSQLite {
		if _, err := os.Stat(filepath.Join(c.DataDir, "complero.db")); err != nil {
			return nil, fmt.Errorf("there is no database: %w", err)
		}
	}
	s, err := connectAlone(ctx, c)
	if err != nil {
		return nil, err
	}
	e := &moveSource{Store: s}
	if err := e.begin(ctx); err != nil {
		return nil, errors.Join(err, e.close())
	}
	return e, nil
}

func (e *moveSource) begin(ctx context.Context) error {
	if e.engine == onPostgres {
		var ours bool
		if err := e.read.DB.QueryRowContext(ctx, "SELECT to_regclass('setting') IS NOT NULL AND to_regclass('bun_migrations') IS NOT NULL").Scan(&ours); err != nil {
			return err
		}
		if !ours {
			return errors.New("this database holds nothing of Complero's")
		}
	}
	if err := e.bringUpToDate(ctx); err != nil {
		return err
	}
	if err := e.refuseUnfinished(ctx); err != nil {
		return err
	}
	options := &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	if e.engine == onSQLite {
		options = nil // a transaction that only reads is a snapshot
	}
	var err error
	e.tx, err = e.read.DB.BeginTx(ctx, options)
	return err
}

func (e *moveSource) tables(ctx context.Context) (map[string]*moveTable, error) {
	return readCatalogue(ctx, e.engine, e.tx)
}

func (e *moveSource) close() error {
	var err error
	if e.tx != nil {
		if err = e.tx.Rollback(); errors.Is(err, sql.ErrTxDone) {
			err = nil // the context's end has rolled it back
		}
	}
	return errors.Join(err, e.Close())
}

// bringUpToDate is what Open does before it asks for the link key.
func (s *Store) bringUpToDate(ctx context.Context) error {
	if err := s.migrate(ctx); err != nil {
		return fmt.Errorf("bring the database's tables up to date: %w", err)
	}
	if err := s.makePartitions(ctx); err != nil {
		return err
	}
	var err error
	s.jobs, err = river.NewClient(s.Driver(), &river.Config{Logger: s.log})
	return err
}

// describeEnd names a database without its password.
func describeEnd(c Config) string {
	if engineOf(c.URL) == onSQLite {
		return "sqlite:" + c.DataDir
	}
	u, err := url.Parse(c.URL)
	if err != nil {
		return "postgres"
	}
	return "postgres://" + u.Host + u.Path
}

// errInUse is said where somebody else works on the database: what changes while
// it is copied would be lost, and what arrives would be sent twice.
var errInUse = errors.New("a server or another program works on this database: stop it first")

// connectAlone connects to a database on which nobody else works.
func connectAlone(ctx context.Context, c Config) (*Store, error) {
	s := &Store{engine: engineOf(c.URL), log: c.Log, clock: c.Clock}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.clock == nil {
		s.clock = time.Now
	}
	if s.engine == onSQLite {
		if err := aloneOnSQLite(ctx, filepath.Join(c.DataDir, "complero.db")); err != nil {
			return nil, err
		}
	}
	if err := s.connect(c); err != nil {
		return nil, err
	}
	if s.engine == onPostgres {
		if err := s.aloneOnPostgres(ctx); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	return s, nil
}

// aloneOnSQLite leaves WAL mode for a moment, which SQLite refuses as long as
// anybody else has the file open.
func aloneOnSQLite(ctx context.Context, file string) error {
	if _, err := os.Stat(file); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	db, err := sql.Open("sqlite", "file:"+file+"?_pragma=busy_timeout(0)")
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	_, err = db.ExecContext(ctx, "PRAGMA journal_mode=DELETE")
	if err != nil && mayRetry(err) {
		err = errInUse
	}
	return errors.Join(err, db.Close())
}

// aloneOnPostgres waits a few seconds for those who are about to go: what was
// killed lives on in PostgreSQL until that notices.
func (s *Store) aloneOnPostgres(ctx context.Context) error {
	const others = `SELECT count(*) FROM pg_stat_activity
		WHERE datname = current_database() AND application_name = 'complero' AND pid <> pg_backend_pid()`
	for range 20 {
		var n int
		if err := s.write.DB.QueryRowContext(ctx, others).Scan(&n); err != nil {
			return err
		}
		if n == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	return errInUse
}
