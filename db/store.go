package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/riverqueue/river"
	"github.com/uptrace/bun"
)

// Config says where a Store keeps its data and what it needs to know.
type Config struct {
	// URL is a postgres:// address; empty means SQLite in DataDir.
	URL string
	// DataDir is the folder of the SQLite file and the link key. It is made if missing.
	DataDir string
	// BaseURL begins every link that is given out, such as https://complero.example.com.
	BaseURL string
	// LinkKey derives the Contacts' links; empty means the file link.key in DataDir.
	LinkKey []byte
	// Log gets what an operator should know; nil discards it.
	Log *slog.Logger
	// Clock tells the time; nil means time.Now.
	Clock func() time.Time
	// MailRoute tells that mail of live mode finds a way out: an SMTP server or,
	// in the demo, the outbox.
	MailRoute bool
	// SMSRoute tells the same of SMS: there is a provider or, in the demo, the outbox.
	SMSRoute bool
	// Demo opens the outbox of every Company, live too.
	Demo bool
	// Rows makes what reads an import's rows by its mapping and by the Company's
	// own fields. Without it imports cannot be worked off.
	Rows func(*Import, *Company, []*CustomField) (RowReader, error)
	// OneConnection opens SQLite with a single connection in all, which shows
	// a transaction that reaches for a second one.
	OneConnection bool
}

// A Store is an open database. It hands out Tenants and holds what belongs to
// no Company: accounts, keys, links and the follow-up of jobs.
type Store struct {
	engine  engine
	write   *bun.DB
	read    *bun.DB
	queue   *sql.DB // PostgreSQL's, for claiming and recording Deliveries
	jobs    *river.Client[*sql.Tx]
	log     *slog.Logger
	clock   func() time.Time
	baseURL string
	origin  origin // of baseURL
	linkKey []byte
	macs    sync.Pool // of hash.Hash, begun with the link key
	// statements are those that hot reads keep prepared, writes those of writes.
	statements sync.Map
	writes     sync.Map
	prepared   atomic.Int32 // how many of writes were asked for
	marks      sync.Map     // of *claimMark, by TenantRef
	known      knownSettings
	// fewStatements and answerStatements are PostgreSQL's, by their shape.
	fewStatements, answerStatements shaped
	turns                           turns
	rowReader                       func(*Import, *Company, []*CustomField) (RowReader, error)
	importings                      importings
	watches                         watches
	lookUps                         sync.Mutex
	keyUses                         keyUses

	mailRoute bool
	smsRoute  bool
	demo      bool
	zones     sync.Map // of *time.Location, by name
}

// Open opens the database that c names, brings its tables up to date and
// checks that links are derived with the key they were always derived with.
func Open(ctx context.Context, c Config) (*Store, error) {
	s := &Store{engine: engineOf(c.URL), log: c.Log, clock: c.Clock, baseURL: c.BaseURL, origin: originOf(c.BaseURL), mailRoute: c.MailRoute, smsRoute: c.SMSRoute, demo: c.Demo, rowReader: c.Rows}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.clock == nil {
		s.clock = time.Now
	}
	if err := s.connect(c); err != nil {
		return nil, err
	}
	err := s.prepare(ctx, c)
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Store) prepare(ctx context.Context, c Config) error {
	if err := s.migrate(ctx); err != nil {
		return fmt.Errorf("bring the database's tables up to date: %w", err)
	}
	if err := s.refuseUnfinished(ctx); err != nil {
		return err
	}
	if err := s.loadLinkKey(ctx, c); err != nil {
		return err
	}
	if err := s.makePartitions(ctx); err != nil {
		return err
	}
	var err error
	s.jobs, err = river.NewClient(s.Driver(), &river.Config{Logger: s.log})
	return err
}

// Close closes the database. Transactions under way are rolled back.
func (s *Store) Close() error {
	err := s.write.Close()
	if s.read != s.write {
		err = errors.Join(err, s.read.Close())
	}
	if s.queue != nil {
		err = errors.Join(err, s.queue.Close())
	}
	return err
}

// Ready reports whether the database answers.
func (s *Store) Ready(ctx context.Context) error {
	var one int
	return s.read.QueryRowContext(ctx, "SELECT 1").Scan(&one)
}

// BaseURL begins every link that is given out.
func (s *Store) BaseURL() string { return s.baseURL }

// Now tells the time by the Store's clock.
func (s *Store) Now() time.Time { return s.now() }

// now is the moment of a transaction, to the microsecond, which is what both engines keep.
func (s *Store) now() time.Time { return s.clock().UTC().Truncate(time.Microsecond) }
