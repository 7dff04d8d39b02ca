package db

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// OwnTables lists our tables, found another way than a move finds them.
func (s *Store) OwnTables(ctx context.Context) []string {
	var own []string
	for _, name := range s.Tables(ctx) {
		if !strings.HasPrefix(name, "river_") && !strings.HasPrefix(name, "bun_") && !strings.HasPrefix(name, "sqlite_") && !partition(name) {
			own = append(own, name)
		}
	}
	return own
}

// FillTables puts rows of no meaning into every table of ours.
func (s *Store) FillTables(ctx context.Context, rows int) error {
	tables := s.OwnTables(ctx)
	for left := tables; len(left) > 0; {
		var refused []string
		var why error
		for _, table := range left {
			if err := s.fillTable(ctx, table, rows); err != nil {
				refused, why = append(refused, table), fmt.Errorf("%s: %w", table, err)
			}
		}
		if len(refused) == len(left) {
			return why
		}
		left = refused // they refer to tables that have been filled by now
	}
	return nil
}

func (s *Store) fillTable(ctx context.Context, table string, rows int) error {
	var columns, places []string
	types := s.columnTypes(ctx, table)
	for i, c := range types {
		columns, places = append(columns, c.Name()), append(places, fmt.Sprintf("$%d", i+1))
	}
	statement := fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", table, strings.Join(columns, ", "), strings.Join(places, ", "))
	for n := 1; n <= rows; n++ {
		var values []any
		for _, c := range types {
			value, err := fillValue(c.DatabaseTypeName(), n)
			if err != nil {
				return err
			}
			values = append(values, value)
		}
		if _, err := s.write.DB.ExecContext(ctx, statement, values...); err != nil {
			return err
		}
	}
	return nil
}

// fillValue is a value that is the same for each column of a type, so that
// what refers to another row finds it. Text is JSON too.
func fillValue(kind string, n int) (any, error) {
	switch strings.ToUpper(kind) {
	case "SMALLINT", "INTEGER", "BIGINT", "INT2", "INT4", "INT8":
		return 20000 + n, nil
	case "DOUBLE PRECISION", "FLOAT8":
		return float64(n) / 3, nil
	case "BOOLEAN", "BOOL":
		return n%2 == 0, nil
	case "TEXT", "JSON":
		return fmt.Sprintf("{\"b\": %d,  \"a\":\"Zoë \\u0000 \U0001f600\"}", n), nil
	case "BLOB", "BYTEA":
		return append([]byte{0, 0xff, '\\', byte(n)}, strings.Repeat("\x00", n-1)...), nil
	case "TIMESTAMP", "TIMESTAMPTZ":
		return time.Date(2024, 2, 29, 23, 59, 59, n*1000, time.UTC), nil
	}
	return nil, fmt.Errorf("no value for the type %s", kind)
}

// Exec runs a statement, as somebody else would who works on the database.
func (s *Store) Exec(ctx context.Context, statement string, args ...any) error {
	_, err := s.write.DB.ExecContext(ctx, statement, args...)
	return err
}

// Raw reads every value of a table as SQLite keeps it, with its storage class.
func (s *Store) Raw(ctx context.Context, table string) ([]string, error) {
	var columns []string
	for _, c := range s.columnTypes(ctx, table) {
		columns = append(columns, fmt.Sprintf("typeof(%s) || quote(%s)", c.Name(), c.Name()))
	}
	rows, err := s.write.DB.QueryContext(ctx, "SELECT "+strings.Join(columns, " || ' ' || ")+" FROM "+table+" ORDER BY 1")
	var all []string
	err = scanRows(rows, err, func(r rowScanner) error {
		var row string
		err := r.Scan(&row)
		all = append(all, row)
		return err
	})
	return all, err
}

// Count counts a table's rows.
func (s *Store) Count(ctx context.Context, table string) (n int, err error) {
	err = s.write.DB.QueryRowContext(ctx, "SELECT count(*) FROM "+table).Scan(&n)
	return n, err
}

// OpenUnfinished opens a database whatever a move has left in it.
func OpenUnfinished(ctx context.Context, c Config) (*Store, error) {
	s, err := connectAlone(ctx, c)
	if err != nil {
		return nil, err
	}
	return s, s.bringUpToDate(ctx)
}

// Jobs lists the unfinished jobs as "KIND queue arguments due".
func (s *Store) Jobs(ctx context.Context) ([]string, error) {
	tx, err := s.write.DB.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback() }() // it only reads
	var all []string
	err = eachJobs(ctx, s.jobs, tx, func(jobs []*rivertype.JobRow) error {
		for _, j := range jobs {
			args, err := orderedJSON(j.EncodedArgs)
			if err != nil {
				return err
			}
			due := ""
			if j.ScheduledAt.After(time.Now()) {
				due = " " + j.ScheduledAt.UTC().Round(time.Millisecond).String()
			}
			all = append(all, j.Kind+" "+j.Queue+" "+args+due)
		}
		return nil
	})
	return all, err
}

// InsertJobAt has the sweep run at a time, as any job that is due later.
func (s *Store) InsertJobAt(ctx context.Context, at time.Time) error {
	_, err := s.jobs.Insert(ctx, Sweep{}, &river.InsertOpts{ScheduledAt: at})
	return err
}

// IDTime is idTime.
var IDTime = idTime

// NewID is newID.
var NewID = newID

// IDAt is an id as it would have been made at a time.
func IDAt(noun string, at time.Time) string { return idFloor(noun, at) }
