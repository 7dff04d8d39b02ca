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

// maxPrepared is how many statements the writer keeps: more than there are
// whose text is always the same.
const maxPrepared = 128

// prepare gives a statement of SQLite's one writer for this transaction. A text
// that comes for the first time is kept once the transaction has ended: inside of
// it, the writer's only connection is taken.
func (x *tx) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	if known, found := x.store.writes.Load(query); found {
		return x.Tx.Tx.StmtContext(ctx, known.(*sql.Stmt)), nil
	}
	x.texts = append(x.texts, query)
	return x.Tx.Tx.PrepareContext(ctx, query)
}

// keepPrepared keeps the statements of a transaction for the next ones.
func (s *Store) keepPrepared(ctx context.Context, texts []string) {
	for _, query := range texts {
		if s.prepared.Load() >= maxPrepared {
			return
		}
		s.prepared.Add(1)
		if _, err := s.writer().statement(ctx, query); err != nil { //nolint:sqlclosecheck // it stays prepared as long as the Store is open
			s.log.Warn("a statement is not kept prepared", "error", err)
		}
	}
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
