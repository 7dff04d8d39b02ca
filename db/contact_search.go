package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"complero/db/profile"
)

// On PostgreSQL, parts of words are found by an index over a table of its own,
// which follows the log of events: an index over the Contacts themselves would
// cost each upload more than all else that it does. What happened since the
// index was last behind the log is looked through beside it, so that a search
// always tells what is on file.

const (
	// searchFrom is how many events a Company has when its Contacts begin to be
	// indexed: fewer are looked through in no time.
	searchFrom = 20_000
	// searchSlice is how many events are followed in a transaction.
	searchSlice = 5000
	// searchTime is how long a sweep follows events at most.
	searchTime = 3 * time.Second
	// searchProbe is how many of the newest Contacts are looked through first:
	// where searchEnough of them are found, all are found without an index.
	searchProbe  = 5000
	searchEnough = 100
	// searchMost is how many Contacts are taken from the index at most.
	searchMost = 10_000
	// searchPart is the shortest part of a word that the index knows, in runes.
	searchPart = 3
)

// IndexSearch brings what searches look in up to date with the log, for some
// seconds at most.
func (s *Store) IndexSearch(ctx context.Context) error { return s.indexSearch(ctx, searchFrom) }

func (s *Store) indexSearch(ctx context.Context, least int) error {
	if s.engine != onPostgres {
		return nil
	}
	type place struct {
		company int64
		mode    Mode
		mark    int64
	}
	var behind []place
	rows, err := s.write.DB.QueryContext(ctx, `SELECT c.company_id, c.mode, coalesce(m.number, 0) FROM event_counter AS c
		LEFT JOIN search_mark AS m ON m.company_id = c.company_id AND m.mode = c.mode
		WHERE c.last_number >= $1 AND c.last_number > coalesce(m.number, 0) AND to_regclass('contact_search_words') IS NOT NULL`, least)
	err = scanRows(rows, err, func(r rowScanner) error {
		var p place
		err := r.Scan(&p.company, &p.mode, &p.mark)
		behind = append(behind, p)
		return err
	})
	until := time.Now().Add(searchTime)
	for _, p := range behind {
		for more := true; more && err == nil && time.Now().Before(until); {
			p.mark, more, err = s.indexSlice(ctx, p.company, p.mode, p.mark)
		}
	}
	if err != nil {
		return fmt.Errorf("index Contacts to be searched: %w", err)
	}
	return nil
}

// indexSlice follows the events behind a mark, and moves it. A Contact that is
// gone goes here too, should it have been indexed while it was deleted.
func (s *Store) indexSlice(ctx context.Context, company int64, mode Mode, mark int64) (moved int64, more bool, err error) {
	moved = mark
	err = s.write.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		ids, n := []string{}, 0
		rows, err := tx.Tx.QueryContext(ctx, `SELECT number, coalesce(contact_id, '') FROM event
			WHERE company_id = $1 AND mode = $2 AND number > $3 ORDER BY number LIMIT $4`, company, mode, mark, searchSlice)
		err = scanRows(rows, err, func(r rowScanner) error {
			var id string
			n++
			err := r.Scan(&moved, &id)
			ids = append(ids, id)
			return err
		})
		if err != nil || n == 0 {
			return err
		}
		more = n == searchSlice
		slices.Sort(ids)
		ids = slices.Compact(ids)
		for _, statement := range []string{
			`INSERT INTO contact_search (company_id, mode, contact_id, words) SELECT company_id, mode, id, search FROM contact
				WHERE company_id = $1 AND mode = $2 AND id = ANY($3::text[])
				ON CONFLICT (company_id, mode, contact_id) DO UPDATE SET words = excluded.words WHERE contact_search.words <> excluded.words`,
			`DELETE FROM contact_search AS s WHERE company_id = $1 AND mode = $2 AND contact_id = ANY($3::text[])
				AND NOT EXISTS (SELECT 1 FROM contact AS c WHERE c.company_id = s.company_id AND c.mode = s.mode AND c.id = s.contact_id)`,
		} {
			if _, err := tx.Tx.ExecContext(ctx, statement, company, mode, ids); err != nil {
				return err
			}
		}
		_, err = tx.Tx.ExecContext(ctx, `INSERT INTO search_mark (company_id, mode, number) VALUES ($1, $2, $3)
			ON CONFLICT (company_id, mode) DO UPDATE SET number = greatest(search_mark.number, excluded.number)`, company, mode, moved)
		return err
	})
	return moved, more, err
}

// indexed narrows a search to what the index finds, where that is faster than
// to look through the Contacts that narrow lets through.
func (t *Tenant) indexed(ctx context.Context, search string, narrow selecting) (selecting, error) {
	if t.store.engine != onPostgres || !indexable(search) {
		return narrow, nil
	}
	var mark int64
	err := t.store.rowHot(ctx, "SELECT number FROM search_mark WHERE company_id = $1 AND mode = $2", []any{t.Company.Key, t.Mode}, &mark)
	if errors.Is(err, sql.ErrNoRows) {
		return narrow, nil
	}
	frequent := 0
	if err == nil {
		newest := t.rows((*contactRows)(nil)).ColumnExpr("search").OrderExpr("id DESC").Limit(searchProbe)
		err = searched(t.store.read.NewSelect().TableExpr("(?) AS newest", newest), "search", search).ColumnExpr("count(*)").Scan(ctx, &frequent)
	}
	if err != nil {
		return nil, fmt.Errorf("search Contacts: %w", err)
	}
	if frequent >= searchEnough {
		return narrow, nil
	}
	ids, err := t.candidates(ctx, search, mark)
	if err != nil {
		return nil, fmt.Errorf("search Contacts: %w", err)
	}
	if len(ids) > searchMost {
		return narrow, nil
	}
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		return narrow(q).Where("id = ANY(?::text[])", pgdialect.Array(ids))
	}, nil
}

// selecting narrows a query.
type selecting = func(*bun.SelectQuery) *bun.SelectQuery

// candidates are the Contacts that the index finds, and those of whom something
// was told since.
func (t *Tenant) candidates(ctx context.Context, search string, mark int64) ([]string, error) {
	of := func(table string) *bun.SelectQuery {
		return t.store.read.NewSelect().TableExpr(table).ColumnExpr("contact_id").Where("company_id = ?", t.Company.Key).Where("mode = ?", t.Mode)
	}
	told := of("event").Where("number > ?", mark).Where("contact_id IS NOT NULL")
	either := searched(of("contact_search"), "words", search).Union(told)
	ids := []string{}
	err := t.store.read.NewSelect().TableExpr("(?) AS either", either).ColumnExpr("contact_id").Limit(searchMost+1).Scan(ctx, &ids)
	return ids, err
}

// indexable reports whether the index can find any part of a search.
func indexable(search string) bool {
	return slices.ContainsFunc(strings.Fields(search), func(word string) bool {
		return utf8.RuneCountInString(profile.FoldName(word)) >= searchPart
	})
}

// searched narrows a query to what holds all words of a search. A telephone
// number is found however people write it: 0160/49 05-728.
func searched(q *bun.SelectQuery, column, search string) *bun.SelectQuery {
	const held = `? LIKE ? ESCAPE '\'`
	words := func(q *bun.SelectQuery) *bun.SelectQuery {
		for _, word := range strings.Fields(search) {
			q = q.Where(held, bun.Ident(column), likePattern(word))
		}
		return q
	}
	number := numberIn(search)
	if number == "" {
		return words(q)
	}
	return q.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.WhereOr(held, bun.Ident(column), likePattern(number)).WhereGroup(" OR ", words)
	})
}

// numberIn is the end that a telephone number has in common with the same one
// in its international form; "" for what is no number.
func numberIn(search string) string {
	const least = 5
	digits := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" +()-/.\u00a0", r) {
			return -1
		}
		return r
	}, search)
	if len(digits) < least || strings.Trim(digits, "0123456789") != "" {
		return ""
	}
	return strings.TrimLeft(digits, "0")
}
