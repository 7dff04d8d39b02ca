package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// engine is the kind of database under a Store.
type engine int

const (
	onSQLite engine = iota
	onPostgres
)

func engineOf(address string) engine {
	if strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://") {
		return onPostgres
	}
	return onSQLite
}

// postgresConnections is how many connections a process keeps at most.
const postgresConnections = 24

// queueConnections is how many more it keeps for claiming and recording. There,
// PostgreSQL plans each statement once: its statistics know nothing of a
// queue that was filled just now, and expecting few rows, it would read and
// sort the whole queue for each claim.
const queueConnections = 4

func (s *Store) connect(c Config) error {
	if s.engine == onPostgres {
		return s.connectPostgres(c.URL)
	}
	if c.URL != "" {
		return fmt.Errorf("database %q: give a postgres:// address, or nothing for SQLite in the data folder", c.URL)
	}
	return s.connectSQLite(c)
}

// connectPostgres opens the pool. bun writes its arguments into the statement,
// which would be prepared anew each time: the simple protocol spares that, and
// statements with arguments of their own ask for the cache (see tx.args).
func (s *Store) connectPostgres(address string) error {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		// The driver's error may quote the address with its password.
		return errors.New("database: the postgres:// address cannot be read; write postgres://USER:PASSWORD@HOST:PORT/NAME")
	}
	config.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
	config.RuntimeParams["timezone"] = "UTC"
	config.RuntimeParams["application_name"] = "complero"
	pool := stdlib.OpenDB(*config)
	pool.SetMaxOpenConns(postgresConnections)
	pool.SetMaxIdleConns(postgresConnections)
	s.write = bun.NewDB(pool, pgdialect.New())
	s.read = s.write
	s.queue = stdlib.OpenDB(*config, stdlib.OptionAfterConnect(func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, "SET plan_cache_mode = force_generic_plan")
		return err
	}))
	s.queue.SetMaxOpenConns(queueConnections)
	s.queue.SetMaxIdleConns(queueConnections)
	return nil
}

// connectSQLite opens one writer and several readers. A transaction takes the
// write lock when it begins, so that two never deadlock by upgrading.
func (s *Store) connectSQLite(c Config) error {
	if err := os.MkdirAll(c.DataDir, 0o700); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	file := filepath.Join(c.DataDir, "complero.db")
	writer, err := sql.Open("sqlite", sqliteAddress(file, "immediate", 16))
	if err != nil {
		return fmt.Errorf("open %s: %w", file, err)
	}
	writer.SetMaxOpenConns(1)
	s.write = bun.NewDB(writer, sqlitedialect.New())
	s.read = s.write
	if c.OneConnection {
		return nil
	}
	reader, err := sql.Open("sqlite", sqliteAddress(file, "deferred", 4))
	if err != nil {
		return fmt.Errorf("open %s: %w", file, err)
	}
	reader.SetMaxOpenConns(max(4, runtime.NumCPU()))
	reader.SetMaxIdleConns(max(4, runtime.NumCPU()))
	s.read = bun.NewDB(reader, sqlitedialect.New())
	return nil
}

// walPages is how long the write-ahead log gets before it is written back, in
// pages of 4 kB. A bulk of rows touches the same pages of indexes again and
// again, and SQLite's own 1,000 pages write each of them back as often.
const walPages = 8000

// sqliteAddress is how a connection is opened; each keeps up to cache MB of pages.
func sqliteAddress(file, lock string, cache int) string {
	settings := url.Values{"_pragma": {
		// busy_timeout comes first: switching to WAL may itself have to wait.
		"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(NORMAL)", "foreign_keys(ON)",
		fmt.Sprintf("cache_size(-%d)", cache*1000), "temp_store(MEMORY)", fmt.Sprintf("wal_autocheckpoint(%d)", walPages),
	}, "_time_format": {"sqlite"}, "_txlock": {lock}}
	return "file:" + file + "?" + settings.Encode()
}

// Driver returns River's driver for this database, for the workers' client.
func (s *Store) Driver() riverdriver.Driver[*sql.Tx] {
	if s.engine == onPostgres {
		return riverdatabasesql.New(s.write.DB)
	}
	return riversqlite.New(s.write.DB)
}

// OneProcess reports whether only one process can work on this database, so
// that whatever a former process left behind may be taken over at once.
func (s *Store) OneProcess() bool { return s.engine == onSQLite }

// mayRetry reports whether a transaction that failed with err may work when
// it is run again: a deadlock, a failed serialisation, a busy file, a Contact
// that was merged or deleted while its row was waited for, or that another
// process has made under the same externalId meanwhile.
func mayRetry(err error) bool {
	if errors.Is(err, errMoved) {
		return true
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "40001" || pg.Code == "40P01" || pg.Code == "23505" && pg.ConstraintName == "contact_key_pkey"
	}
	var lite *sqlite.Error
	return errors.As(err, &lite) && lite.Code()&0xff == sqlite3.SQLITE_BUSY
}

// isOvertaken reports whether a transaction has waited too long for a lock, or
// has found written what it was about to write: somebody else works on the same.
func isOvertaken(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "55P03" || pg.Code == "23505")
}
