// Package migrations holds the database's one history, for SQLite and
// PostgreSQL alike: statements in a common notation, with a variant for each
// engine only where they differ. Migrations go forwards only, and one that has
// run anywhere never changes. River's own tables are migrated by River, from
// package db. What the rows mean is package db's business.
package migrations
