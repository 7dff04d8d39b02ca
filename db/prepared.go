package db

import (
	"context"
	"database/sql"
	"sync"
)

// prepared reads by statements that stay prepared. SQLite would otherwise
// parse each statement anew, which takes longer than running it; PostgreSQL's
// driver keeps them by itself (see engine.args). It is for the few hot reads
// whose text is always the same, since what it keeps it keeps for good.
type prepared struct {
	*sql.DB
	engine     engine
	statements *sync.Map // of *sql.Stmt, by text
}

// hot gives the reader for hot reads.
func (s *Store) hot() prepared {
	return prepared{DB: s.read.DB, engine: s.engine, statements: &s.statements}
}

// writer gives the same for hot writes outside of a transaction.
func (s *Store) writer() prepared {
	return prepared{DB: s.write.DB, engine: s.engine, statements: &s.writes}
}

// statement prepares a text, once for all that come at the same time.
func (p prepared) statement(ctx context.Context, query string) (*sql.Stmt, error) {
	if known, found := p.statements.Load(query); found {
		return known.(*sql.Stmt), nil
	}
	made, err := p.DB.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	known, raced := p.statements.LoadOrStore(query, made)
	if raced {
		err = made.Close() //nolint:sqlclosecheck // only the loser of the race is closed
	}
	return known.(*sql.Stmt), err
}

// QueryContext reads rows.
func (p prepared) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if p.engine != onSQLite {
		return p.DB.QueryContext(ctx, query, args...)
	}
	s, err := p.statement(ctx, query) //nolint:sqlclosecheck // it stays prepared as long as the Store is open
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

// QueryRowContext reads one row.
func (p prepared) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if p.engine == onSQLite {
		//nolint:sqlclosecheck // it stays prepared as long as the Store is open
		if s, err := p.statement(ctx, query); err == nil {
			return s.QueryRowContext(ctx, args...)
		}
	}
	// Whatever kept it from being prepared will show again here.
	return p.DB.QueryRowContext(ctx, query, args...)
}
