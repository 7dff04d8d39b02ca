package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// unfinishedMove is the setting that marks a database into which a move has
// begun and not ended.
const unfinishedMove = "unfinished-move"

// refuseUnfinished fails on a database that a move has left behind half full.
func (s *Store) refuseUnfinished(ctx context.Context) error {
	var since string
	err := s.write.DB.QueryRowContext(ctx, "SELECT value FROM setting WHERE key = $1", unfinishedMove).Scan(&since)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("see whether a move into this database has ended: %w", err)
	}
	return fmt.Errorf("a move into this database has begun (%s) and not ended, so that it holds a part of the data only: "+
		"repeat the move, which empties it first", since)
}

// moveTarget is what is moved to. One connection does everything, since SQLite
// has only one that writes.
type moveTarget struct {
	*Store
	conn *sql.Conn
}

func openTarget(ctx context.Context, c Config) (*moveTarget, error) {
	s, err := connectAlone(ctx, c)
	if err != nil {
		return nil, err
	}
	e := &moveTarget{Store: s}
	err = e.bringUpToDate(ctx)
	if err == nil {
		e.conn, err = e.write.DB.Conn(ctx)
	}
	if err == nil && e.engine == onSQLite {
		// A row may come before the one that it refers to; complete checks them all.
		_, err = e.conn.ExecContext(ctx, "PRAGMA foreign_keys = OFF")
	}
	if err != nil {
		return nil, errors.Join(err, e.close())
	}
	return e, nil
}

func (e *moveTarget) close() error {
	var err error
	if e.conn != nil {
		err = e.conn.Close()
	}
	return errors.Join(err, e.Close())
}

func (e *moveTarget) tables(ctx context.Context) (map[string]*moveTable, error) {
	return readCatalogue(ctx, e.engine, e.conn)
}

// inOrder sorts tables so that what is referred to comes first. SQLite does
// not mind (see openTarget).
func (e *moveTarget) inOrder(ctx context.Context, tables []*moveTable) ([]*moveTable, error) {
	if e.engine == onSQLite {
		return tables, nil
	}
	const references = `SELECT a.relname, b.relname FROM pg_constraint f
		JOIN pg_class a ON a.oid = f.conrelid JOIN pg_class b ON b.oid = f.confrelid
		WHERE f.contype = 'f' AND a.oid <> b.oid AND a.relnamespace = current_schema()::regnamespace`
	needs := map[string][]string{}
	rows, err := e.conn.QueryContext(ctx, references)
	err = scanRows(rows, err, func(r rowScanner) error {
		var table, other string
		err := r.Scan(&table, &other)
		needs[table] = append(needs[table], other)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("find out which tables refer to others: %w", err)
	}
	var sorted []*moveTable
	for len(tables) > 0 {
		i := slices.IndexFunc(tables, func(t *moveTable) bool {
			return !slices.ContainsFunc(tables, func(other *moveTable) bool { return slices.Contains(needs[t.name], other.name) })
		})
		if i < 0 {
			return nil, fmt.Errorf("table %s and others refer to one another in a circle", tables[0].name)
		}
		sorted = append(sorted, tables[i])
		tables = slices.Delete(tables, i, i+1)
	}
	return sorted, nil
}

// empty marks the target as unfinished and empties it, if it holds nothing or
// only what a former move has left.
func (e *moveTarget) empty(ctx context.Context, tables []*moveTable, from string) error {
	var marked bool
	if err := e.conn.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM setting WHERE key = '"+unfinishedMove+"')").Scan(&marked); err != nil {
		return err
	}
	if !marked {
		if err := e.refuseFull(ctx, tables); err != nil {
			return err
		}
		mark := fmt.Sprintf("from %s at %s", from, e.now().Format(time.RFC3339))
		if _, err := e.conn.ExecContext(ctx, "INSERT INTO setting (key, value) VALUES ($1, $2)", unfinishedMove, mark); err != nil {
			return err
		}
	}
	statements := []string{"DELETE FROM river_job"}
	var names []string
	for _, t := range tables {
		if t.name == "setting" || e.engine == onSQLite {
			statements = append(statements, "DELETE FROM "+quoteName(t.name)+t.kept())
		} else {
			names = append(names, quoteName(t.name))
		}
	}
	if len(names) > 0 {
		statements = append(statements, "TRUNCATE "+strings.Join(names, ", "))
	}
	for _, s := range statements {
		if _, err := e.conn.ExecContext(ctx, s); err != nil {
			return fmt.Errorf("empty it: %w", err)
		}
	}
	return nil
}

// refuseFull fails where there are rows. Settings do not count: a server that
// has only been started has made one, of its link key, under which nothing was
// kept yet.
func (e *moveTarget) refuseFull(ctx context.Context, tables []*moveTable) error {
	var full []string
	for _, t := range tables {
		var some bool
		if err := e.conn.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM "+quoteName(t.name)+")").Scan(&some); err != nil {
			return err
		}
		if some && t.name != "setting" {
			full = append(full, t.name)
		}
	}
	if len(full) == 0 {
		return nil
	}
	return fmt.Errorf("it holds data already (in %s), and a move goes only into what is empty: name an empty database or folder, or empty this one",
		strings.Join(full, ", "))
}

// complete is done when all rows are there: references are checked where they
// were not, and PostgreSQL learns how much there is to plan for.
func (e *moveTarget) complete(ctx context.Context, tables []*moveTable) error {
	if e.engine == onPostgres {
		for _, t := range tables {
			if _, err := e.conn.ExecContext(ctx, "ANALYZE "+quoteName(t.name)); err != nil {
				return fmt.Errorf("analyze table %s: %w", t.name, err)
			}
		}
		return nil
	}
	var table string
	err := e.conn.QueryRowContext(ctx, `SELECT "table" FROM pragma_foreign_key_check`).Scan(&table)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("check the references: %w", err)
	}
	return fmt.Errorf("table %s has a row that refers to one which the source has not", table)
}

// unmark is the last step.
func (e *moveTarget) unmark(ctx context.Context) error {
	if _, err := e.conn.ExecContext(ctx, "DELETE FROM setting WHERE key = $1", unfinishedMove); err != nil {
		return fmt.Errorf("take the mark of the unfinished move off the target: %w", err)
	}
	return nil
}
