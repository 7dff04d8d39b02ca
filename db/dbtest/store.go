package dbtest

import (
	"bytes"
	"log/slog"
	"os"
	"testing"

	"complero/db"
)

// An Engine is one of the two databases that everything runs on.
type Engine string

// The engines, as subtests are named and COMPLERO_TEST_REQUIRE lists them.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// A Change adapts the settings of a Store before it opens, such as its clock.
type Change func(*db.Config)

// Each runs the test once on each engine, as a subtest that bears its name, with
// a Store that holds no rows and closes with the subtest. Where there is no
// PostgreSQL, Require decides.
func Each(t *testing.T, run func(t *testing.T, store *db.Store), changes ...Change) {
	t.Helper()
	for _, engine := range []Engine{SQLite, Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			run(t, Open(t, engine, changes...))
		})
	}
}

// Open opens a fresh, migrated database that goes with the test.
func Open(t testing.TB, engine Engine, changes ...Change) *db.Store {
	t.Helper()
	store, err := db.Open(t.Context(), Config(t, engine, changes...))
	if err != nil {
		t.Fatalf("open a test database on %s: %v", engine, err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Errorf("close the test database: %v", err)
		}
	})
	return store
}

// Config gives the settings of a fresh, migrated database that goes with the
// test, for tests that open it themselves, twice or again after closing it.
func Config(t testing.TB, engine Engine, changes ...Change) db.Config {
	t.Helper()
	c := config()
	c.DataDir = t.TempDir()
	c.Log = slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	switch engine {
	case SQLite:
		files, err := sqliteTemplate()
		if err != nil {
			t.Fatal(err)
		}
		if err := os.CopyFS(c.DataDir, files); err != nil {
			t.Fatal(err)
		}
	case Postgres:
		cluster, err := postgresTemplate()
		requireCluster(t, err)
		c.URL = cluster.NewDatabase(t, templateDatabase)
	default:
		t.Fatalf("there is no engine %q", engine)
	}
	for _, change := range changes {
		change(&c)
	}
	return c
}

// PostgresURL gives the URL of a database of the shared cluster that is empty,
// without migrations, and goes with the test: for tests that start the program.
// Where there is no PostgreSQL, Require decides.
func PostgresURL(t testing.TB) string {
	t.Helper()
	cluster, err := sharedCluster()
	requireCluster(t, err)
	return cluster.NewDatabase(t, "")
}

// config is what all test databases have in common. The link key has to be one:
// a database remembers which key its links were made with.
func config() db.Config {
	return db.Config{
		BaseURL: "http://localhost:8080",
		LinkKey: bytes.Repeat([]byte("test"), 8),
		Log:     slog.New(slog.DiscardHandler),
	}
}
