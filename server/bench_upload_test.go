package main_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"complero/db/dbtest"
)

// BenchmarkContactsUpload uploads new Contacts, 1,000 a call, by 4 callers:
// how many a second are accepted while others are worked off, and how many are
// committed, each with its event, from the first call to the last item. The
// limit is to write the very rows that this leaves behind (Contact, key, event
// and values; Operation, payload and outcomes), and nothing else, over two
// connections in transactions of 1,000 Contacts.
func BenchmarkContactsUpload(b *testing.B) {
	b.Run("postgres", func(b *testing.B) {
		i := benchInstall(b, dbtest.Postgres)
		limit := newRowLimit(b, i.databaseURL())
		benchmarkUpload(b, i, limit.rewrite)
	})
	b.Run("sqlite", func(b *testing.B) {
		benchmarkUpload(b, benchInstall(b, dbtest.SQLite), nil)
	})
}

func benchmarkUpload(b *testing.B, i *installation, rewrite func(b *testing.B, calls int) time.Duration) {
	const calls, size, callers = 40, 1000, 4
	a := i.setup("Nordlicht")
	uploadFiles(b, i, a.LiveKey)
	example := exampleContacts(b)
	var accepted, committed, limit figure
	events := i.lastNumber(a.LiveKey)
	for b.Loop() {
		requests := make([][]byte, calls)
		for n := range requests {
			requests[n] = uploadRequest(b, a.LiveKey, example, events+n*size)
		}
		began := time.Now()
		accepted.add(calls*size, drive(b, i.address(), callers, calls, 200, func(n int) []byte { return requests[n] }))
		i.awaitNumber(a.LiveKey, events+calls*size)
		committed.add(calls*size, time.Since(began))
		events += calls * size
		if rewrite != nil {
			limit.add(calls*size, rewrite(b, calls))
		}
	}
	b.ReportMetric(accepted.perSecond(), "accepted/s")
	if rewrite != nil {
		reportShare(b, "committed", committed, limit)
	} else {
		reportRate(b, "committed", committed)
	}
	i.reportPeak(b)
}

// uploadRequest is a call with 1,000 Contacts who differ from the examples in
// their ids and addresses, numbered from first.
func uploadRequest(b *testing.B, key string, example []map[string]any, first int) []byte {
	b.Helper()
	contacts := make([]map[string]any, len(example))
	for n, e := range example {
		c := map[string]any{}
		for field, value := range e {
			c[field] = value
		}
		c["externalId"] = fmt.Sprintf("U-%07d", first+n)
		c["emails"] = []any{map[string]any{"address": fmt.Sprintf("kim.muster%d@mail.example.net", first+n)}}
		contacts[n] = c
	}
	body, err := json.Marshal(map[string]any{"query": contactsUpload, "variables": map[string]any{"input": map[string]any{"contacts": contacts}}})
	if err != nil {
		b.Fatal(err)
	}
	return apiRequest(key, body)
}

// A rowLimit writes rows of one PostgreSQL into another that has the same tables.
type rowLimit struct {
	from *pgconn.PgConn
	to   []*pgconn.PgConn
	// event is the last one that has been written.
	event int
}

func newRowLimit(b *testing.B, from string) *rowLimit {
	b.Helper()
	to := emptyCopy(b)
	return &rowLimit{from: rawConn(b, from), to: []*pgconn.PgConn{rawConn(b, to), rawConn(b, to)}}
}

// rewrite writes what the last calls have left behind, and tells how long that took.
func (l *rowLimit) rewrite(b *testing.B, calls int) time.Duration {
	b.Helper()
	return l.write(b, l.copies(b, calls), calls)
}

// write writes tables in so many transactions, and tells how long that took.
func (l *rowLimit) write(b *testing.B, tables []*tableCopy, calls int) time.Duration {
	b.Helper()
	for _, to := range l.to {
		for n, table := range tables {
			if err := table.prepare(b.Context(), to, strconv.Itoa(n)); err != nil {
				b.Fatal(err)
			}
		}
	}
	var next atomic.Int64
	errs := make([]error, len(l.to))
	var group sync.WaitGroup
	began := time.Now()
	for k, to := range l.to {
		group.Go(func() {
			for n := int(next.Add(1)) - 1; n < calls && errs[k] == nil; n = int(next.Add(1)) - 1 {
				errs[k] = writeBatch(b.Context(), to, tables, n)
			}
		})
	}
	group.Wait()
	took := time.Since(began)
	for k, to := range l.to {
		if errs[k] == nil {
			errs[k] = to.Exec(b.Context(), "DEALLOCATE ALL").Close()
		}
		if errs[k] != nil {
			b.Fatal(errs[k])
		}
	}
	return took
}

func (l *rowLimit) copies(b *testing.B, calls int) []*tableCopy {
	b.Helper()
	since := fmt.Sprintf("(SELECT contact_id FROM event WHERE number > %d)", l.event)
	last := fmt.Sprintf("(SELECT id FROM operation ORDER BY id DESC LIMIT %d)", calls)
	tables := []*tableCopy{
		copyOf(b, l.from, "contact", "WHERE id IN "+since+" ORDER BY id", 1000),
		copyOf(b, l.from, "contact_key", "WHERE contact_id IN "+since+" ORDER BY contact_id", 1000),
		copyOf(b, l.from, "event", fmt.Sprintf("WHERE number > %d ORDER BY number", l.event), 1000),
		copyOf(b, l.from, "event_value", fmt.Sprintf("WHERE first_number > %d ORDER BY first_number", l.event), 16),
		copyOf(b, l.from, "operation", "WHERE id IN "+last, 1),
		copyOf(b, l.from, "operation_payload", "WHERE operation_id IN "+last, 1),
		copyOf(b, l.from, "operation_slice", "WHERE operation_id IN "+last, 1),
	}
	for _, table := range tables {
		if len(table.batches) < calls {
			b.Fatalf("%d batches of what %d calls have left behind: %s", len(table.batches), calls, table.insert)
		}
	}
	l.event += calls * 1000
	return tables
}

func writeBatch(ctx context.Context, to *pgconn.PgConn, tables []*tableCopy, n int) error {
	if err := to.Exec(ctx, "BEGIN").Close(); err != nil {
		return err
	}
	for k, table := range tables {
		if err := table.write(ctx, to, strconv.Itoa(k), n); err != nil {
			return err
		}
	}
	return to.Exec(ctx, "COMMIT").Close()
}
