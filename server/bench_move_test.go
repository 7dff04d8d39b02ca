package main_test

import (
	"database/sql"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"complero/db/dbtest"
)

// movedContacts is how many thousand Contacts BenchmarkMove moves, each with
// its key and its event.
const movedContacts = 100

// BenchmarkMove moves a Company from SQLite to PostgreSQL and back into another
// folder: rows a second, copied and compared, and the program's peak memory,
// which does not depend on how many there are.
func BenchmarkMove(b *testing.B) {
	old := install(b, dbtest.SQLite, "--upload-rate", "0")
	a := old.setup("Nordlicht")
	old.start()
	uploadFiles(b, old, a.LiveKey)
	old.stop()
	multiply(b, old.data(), movedContacts)
	var there, back figure
	for b.Loop() {
		between, fresh := install(b, dbtest.Postgres), install(b, dbtest.SQLite)
		benchmarkMove(b, old, between, &there, "to-postgres")
		benchmarkMove(b, between, fresh, &back, "to-sqlite")
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(there.perSecond(), "to-postgres-rows/s")
	b.ReportMetric(back.perSecond(), "to-sqlite-rows/s")
}

func benchmarkMove(b *testing.B, from, to *installation, did *figure, name string) {
	b.Helper()
	move := exec.Command(from.file, "move", "--from", from.end(), "--to", to.end())
	began := time.Now()
	told, err := move.CombinedOutput()
	took := time.Since(began)
	if err != nil {
		b.Fatalf("%v\n%s", err, told)
	}
	rows, err := strconv.Atoi(regexp.MustCompile(`\ndone: (\d+) rows`).FindStringSubmatch(string(told))[1])
	if err != nil || rows < 3000*movedContacts {
		b.Fatalf("%d rows, %v\n%s", rows, err, told)
	}
	did.add(rows, took)
	if usage, ok := move.ProcessState.SysUsage().(*syscall.Rusage); ok {
		b.ReportMetric(float64(usage.Maxrss)/1024, name+"-peak-MB")
	}
}

// multiply gives a Company its Contacts n times, with keys and events.
func multiply(b *testing.B, dir string, n int) {
	b.Helper()
	file, err := sql.Open("sqlite", filepath.Join(dir, "complero.db"))
	if err != nil {
		b.Fatal(err)
	}
	const suffix = " || '-' || n.i"
	for table, changed := range map[string]map[string]string{
		"contact":     {"id": "id" + suffix},
		"contact_key": {"external_id": "external_id" + suffix, "contact_id": "contact_id" + suffix},
		"event":       {"number": "number + 1000 * n.i", "contact_id": "contact_id" + suffix},
		"event_value": {"first_number": "first_number + 1000 * n.i"},
	} {
		into, values, err := columnsOf(b, file, table, changed)
		if err == nil {
			_, err = file.ExecContext(b.Context(), fmt.Sprintf(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
				INSERT INTO %s (%s) SELECT %s FROM (SELECT * FROM %s) AS t, n`, n-1, table, into, values, table))
		}
		if err != nil {
			b.Fatalf("multiply %s: %v", table, err)
		}
	}
	if err := file.Close(); err != nil {
		b.Fatal(err)
	}
}

// columnsOf lists a table's columns, and what is to be written into them.
func columnsOf(b *testing.B, file *sql.DB, table string, changed map[string]string) (into, values string, err error) {
	b.Helper()
	rows, err := file.QueryContext(b.Context(), "SELECT name FROM pragma_table_info($1)", table)
	if err != nil {
		return "", "", err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var names, all []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return "", "", err
		}
		names = append(names, name)
		if changed[name] != "" {
			name = changed[name]
		}
		all = append(all, name)
	}
	return strings.Join(names, ", "), strings.Join(all, ", "), rows.Err()
}
