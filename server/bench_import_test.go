package main_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"complero/db/dbtest"
)

// BenchmarkImport imports a CSV file of 100,000 new Contacts by the API: how
// many a second are committed, each with its event, from the call to the end
// of the Operation. The limit is to write the very rows that this leaves
// behind (Contact, key, event and values; Operation, file and outcomes), and
// nothing else, in transactions of 1,000 Contacts: over two connections on
// PostgreSQL, by prepared statements on SQLite, which has one writer.
func BenchmarkImport(b *testing.B) {
	b.Run("postgres", func(b *testing.B) {
		i := benchInstall(b, dbtest.Postgres)
		limit := newRowLimit(b, i.databaseURL())
		benchmarkImport(b, i, limit.rewriteImport)
	})
	b.Run("sqlite", func(b *testing.B) {
		i := benchInstall(b, dbtest.SQLite)
		benchmarkImport(b, i, newFileLimit(b, i.data()).rewrite)
	})
}

func benchmarkImport(b *testing.B, i *installation, rewrite func(b *testing.B, transactions int) time.Duration) {
	const size = 100_000
	a := i.setup("Nordlicht")
	uploadFiles(b, i, a.LiveKey)
	rewrite(b, 1) // what is not to be measured
	var committed, limit figure
	for first := 0; b.Loop(); first += size {
		file := manyRows(b, first, size)
		began := time.Now()
		id, err := i.importFile(a.LiveKey, "contacts.csv", file, nil)
		if err != nil {
			b.Fatal(err)
		}
		if op := i.finish(a.LiveKey, id); op.Created != size || op.Status != "COMPLETED" {
			b.Fatalf("%+v", op)
		}
		committed.add(size, time.Since(began))
		limit.add(size, rewrite(b, size/1000))
	}
	reportShare(b, "committed", committed, limit)
	i.reportPeak(b)
}

// leftBehind are the tables that an import writes to, and which rows of them
// are those of the last one: those of its Operation, and those of the events
// behind a number.
func leftBehind(event int) []struct{ table, where string } {
	since := fmt.Sprintf("(SELECT contact_id FROM event WHERE number > %d)", event)
	const last = "(SELECT max(id) FROM operation)"
	return []struct{ table, where string }{
		{"contact", "WHERE id IN " + since + " ORDER BY id"},
		{"contact_key", "WHERE contact_id IN " + since + " ORDER BY contact_id"},
		{"event", fmt.Sprintf("WHERE number > %d ORDER BY number", event)},
		{"event_value", fmt.Sprintf("WHERE first_number > %d ORDER BY first_number", event)},
		{"operation", "WHERE id = " + last},
		{"import_rows", "WHERE operation_id = " + last + " ORDER BY first_item"},
		{"operation_slice", "WHERE operation_id = " + last + " ORDER BY first_item"},
	}
}

// rewriteImport writes what the last import has left behind, and tells how
// long that took.
func (l *rowLimit) rewriteImport(b *testing.B, transactions int) time.Duration {
	b.Helper()
	var tables []*tableCopy
	for _, left := range leftBehind(l.event) {
		if n := l.count(b, left.table, left.where); n > 0 {
			tables = append(tables, copyOf(b, l.from, left.table, left.where, perTransaction(n, transactions)))
		}
	}
	l.event += transactions * 1000
	return l.write(b, tables, transactions)
}

func (l *rowLimit) count(b *testing.B, table, where string) (n int) {
	b.Helper()
	got := l.from.ExecParams(b.Context(), "SELECT count(*) FROM (SELECT 1 FROM "+table+" "+where+") AS t", nil, nil, nil, nil).Read()
	if got.Err != nil {
		b.Fatal(got.Err)
	}
	if _, err := fmt.Sscan(string(got.Rows[0][0]), &n); err != nil {
		b.Fatal(err)
	}
	return n
}

func perTransaction(rows, transactions int) int { return max(1, (rows+transactions-1)/transactions) }

// A fileLimit writes rows of one SQLite file into another that has the same tables.
type fileLimit struct {
	from, to *sql.DB
	// event is the last one that has been written.
	event int
}

func newFileLimit(b *testing.B, from string) *fileLimit {
	b.Helper()
	const pragmas = "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)&_pragma=cache_size(-16000)&_txlock=immediate"
	l := &fileLimit{}
	for db, dir := range map[**sql.DB]string{&l.from: from, &l.to: dbtest.Config(b, dbtest.SQLite).DataDir} {
		file, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "complero.db")+pragmas)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = file.Close() })
		file.SetMaxOpenConns(1)
		*db = file
	}
	return l
}

// A fileCopy holds rows of a table of a file.
type fileCopy struct {
	insert string
	rows   [][]any
}

// rewrite writes what the last import has left behind, and tells how long that took.
func (l *fileLimit) rewrite(b *testing.B, transactions int) time.Duration {
	b.Helper()
	var tables []fileCopy
	for _, left := range leftBehind(l.event) {
		copied, err := l.copyOf(b, left.table, left.where)
		if err != nil {
			b.Fatalf("copy %s: %v", left.table, err)
		}
		tables = append(tables, copied)
	}
	l.event += transactions * 1000
	began := time.Now()
	if err := l.write(b, tables, transactions); err != nil {
		b.Fatal(err)
	}
	return time.Since(began)
}

// copyOf reads rows as they are stored: behind a plus sign, a column has no
// type that the driver would read something into.
func (l *fileLimit) copyOf(b *testing.B, table, where string) (c fileCopy, err error) {
	b.Helper()
	names, values, err := columnsOf(b, l.from, table, nil)
	if err != nil {
		return c, err
	}
	n := strings.Count(names, ",") + 1
	c.insert = fmt.Sprintf("INSERT INTO %s (%s) VALUES (?%s)", table, names, strings.Repeat(", ?", n-1))
	read, err := l.from.QueryContext(b.Context(), fmt.Sprintf("SELECT +%s FROM %s %s", strings.ReplaceAll(values, ", ", ", +"), table, where))
	if err != nil {
		return c, err
	}
	defer read.Close()
	for read.Next() {
		row, into := make([]any, n), make([]any, n)
		for k := range row {
			into[k] = &row[k]
		}
		if err := read.Scan(into...); err != nil {
			return c, err
		}
		c.rows = append(c.rows, row)
	}
	return c, read.Err()
}

func (l *fileLimit) write(b *testing.B, tables []fileCopy, transactions int) error {
	b.Helper()
	for n := range transactions {
		x, err := l.to.BeginTx(b.Context(), nil)
		if err != nil {
			return err
		}
		for _, table := range tables {
			size := perTransaction(len(table.rows), transactions)
			if err := table.write(b.Context(), x, min(n*size, len(table.rows)), min((n+1)*size, len(table.rows))); err != nil {
				return errors.Join(err, x.Rollback())
			}
		}
		if err := x.Commit(); err != nil {
			return err
		}
	}
	return nil
}

// write writes the rows from first on until another.
func (c fileCopy) write(ctx context.Context, x *sql.Tx, first, until int) error {
	if first == until {
		return nil
	}
	statement, err := x.PrepareContext(ctx, c.insert)
	if err != nil {
		return err
	}
	defer statement.Close()
	for _, row := range c.rows[first:until] {
		if _, err := statement.ExecContext(ctx, row...); err != nil {
			return err
		}
	}
	return nil
}
