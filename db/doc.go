// Package db is the domain: one file per noun, and every rule that has to
// hold whoever calls.
//
// A [Store] opens the database, SQLite or PostgreSQL, and knows whom to let
// in. It reads no Company's rows itself: a [Tenant] does, a handle on one
// Company's data, live or test, for one [Viewer]. A Tenant's exported method
// checks the right, is one transaction and reads like the sentence that
// describes it; unexported functions hold the SQL.
//
// A write takes its locks in one order: idempotency row; Operation; Contacts
// sorted by id; inserted jobs; the Company's event counter; its report rows;
// nothing after. [tx] enforces the last four: it collects events, jobs and
// report figures and writes them when the function that it was given is done.
//
// What knows no SQL lives in leaf packages (profile). Rendering, protocols
// and Channels live elsewhere: nothing here knows GraphQL, HTML or SMTP.
package db
