// Package dbtest gives a test a fresh, migrated database on each engine.
//
// Each runs a test on SQLite and on PostgreSQL; Open and Config do so for one
// engine, PostgresURL gives an empty database to a test that starts the whole
// program. PostgreSQL comes from one throwaway [Cluster] for each test binary,
// which starts when first asked for and goes when the process does, however it
// ends. [Require] decides what a missing PostgreSQL or browser means.
//
// Fixtures do not live here: a test makes the rows that it needs, through the
// Store. Nothing but tests may import this package.
package dbtest
