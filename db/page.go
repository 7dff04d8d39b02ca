package db

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"
)

// The size of a page: how many rows a list answers with.
const (
	defaultPage = 50
	maxPage     = 1000
)

// Page says which part of a list is wanted, in Relay's terms: First and After
// read forwards, Last and Before backwards.
type Page struct {
	First, Last   *int
	After, Before *string
}

// PageInfo tells how a page lies in its list.
type PageInfo struct {
	HasNextPage     bool
	HasPreviousPage bool
	StartCursor     *string
	EndCursor       *string
}

// Connection is a page of a list: the rows with a cursor each.
type Connection[T any] struct {
	Nodes    []T
	Cursors  []string
	PageInfo PageInfo
	count    func(ctx context.Context) (*int, error)
}

// TotalCount counts the whole list; nil where that would be costly.
func (c *Connection[T]) TotalCount(ctx context.Context) (*int, error) {
	if c.count == nil {
		return nil, nil
	}
	return c.count(ctx)
}

// window is a checked Page: at most limit rows after and before the given
// keys; backward counts from the list's end.
type window struct {
	list          string
	limit         int
	backward      bool
	after, before []string
}

// window checks sizes and cursors. Keys have n parts in this list, and cursors
// of another list are none of it.
func (p Page) window(list string, n int) (window, error) {
	w := window{list: list, limit: defaultPage}
	size := "first"
	if p.First != nil && p.Last != nil {
		return w, fail(BadPageSize, "first", "give first or last, not both")
	}
	if p.First != nil {
		w.limit = *p.First
	}
	if p.Last != nil {
		w.limit, w.backward, size = *p.Last, true, "last"
	}
	if p.Last == nil && p.First == nil && p.Before != nil && p.After == nil {
		w.backward = true
	}
	if w.limit < 1 || w.limit > maxPage {
		return w, fail(BadPageSize, size, "a page has 1 to %d rows, not %d", maxPage, w.limit)
	}
	var err error
	if w.after, err = parseCursor(list, "after", p.After, n); err != nil {
		return w, err
	}
	w.before, err = parseCursor(list, "before", p.Before, n)
	return w, err
}

// cursor encodes a row's place in its list.
func (w window) cursor(key []string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(jsonOf(append([]string{w.list}, key...))))
}

func parseCursor(list, field string, c *string, n int) ([]string, error) {
	if c == nil {
		return nil, nil
	}
	bad := badCursor(field)
	b, err := base64.RawURLEncoding.DecodeString(*c)
	if err != nil {
		return nil, bad
	}
	var key []string
	if json.Unmarshal(b, &key) != nil || len(key) != n+1 || key[0] != list {
		return nil, bad
	}
	key = key[1:]
	for _, part := range key {
		if strings.ContainsRune(part, 0) {
			return nil, bad
		}
	}
	return key, nil
}

// order is the order of a list: columns that together are unique, all
// ascending or all descending. A column in times holds a time.
type order struct {
	columns []string
	times   map[string]bool
	desc    bool
}

// apply narrows and orders a query to the window, with one row more than the
// limit, which tells whether the list goes on.
func (o order) apply(q *bun.SelectQuery, w window) (*bun.SelectQuery, error) {
	var err error
	if w.after != nil {
		if q, err = o.beyond(q, "after", w.after, o.desc); err != nil {
			return nil, err
		}
	}
	if w.before != nil {
		if q, err = o.beyond(q, "before", w.before, !o.desc); err != nil {
			return nil, err
		}
	}
	direction := "ASC"
	if o.desc != w.backward {
		direction = "DESC"
	}
	for _, c := range o.columns {
		q = q.OrderExpr("? "+direction, bun.Ident(c))
	}
	return q.Limit(int64(w.limit) + 1), nil
}

func (o order) beyond(q *bun.SelectQuery, field string, key []string, less bool) (*bun.SelectQuery, error) {
	values := make([]any, len(key))
	for i, part := range key {
		values[i] = part
		if o.times[o.columns[i]] {
			at, err := time.Parse(time.RFC3339Nano, part)
			if err != nil {
				return nil, badCursor(field)
			}
			values[i] = at
		}
	}
	sign := ">"
	if less {
		sign = "<"
	}
	marks := strings.TrimSuffix(strings.Repeat("?, ", len(key)), ", ")
	columns := make([]any, len(o.columns))
	for i, c := range o.columns {
		columns[i] = bun.Ident(c)
	}
	return q.Where(fmt.Sprintf("(%s) %s (%s)", marks, sign, marks), append(columns, values...)...), nil
}

// connect makes a page of the rows that a window's query returned: in the
// list's order, without the row too many.
func connect[T any](rows []T, w window, key func(T) []string) *Connection[T] {
	more := len(rows) > w.limit
	if more {
		rows = rows[:w.limit]
	}
	if w.backward {
		for i, j := 0, len(rows)-1; i < j; i, j = i+1, j-1 {
			rows[i], rows[j] = rows[j], rows[i]
		}
	}
	c := &Connection[T]{Nodes: rows, Cursors: make([]string, len(rows))}
	for i, r := range rows {
		c.Cursors[i] = w.cursor(key(r))
	}
	c.PageInfo = PageInfo{HasNextPage: more, HasPreviousPage: w.after != nil}
	if w.backward {
		c.PageInfo = PageInfo{HasNextPage: w.before != nil, HasPreviousPage: more}
	}
	if len(rows) > 0 {
		c.PageInfo.StartCursor, c.PageInfo.EndCursor = &c.Cursors[0], &c.Cursors[len(rows)-1]
	}
	return c
}

// timeKey writes a time as part of a cursor.
func timeKey(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// badCursor tells that a cursor, in the argument of that name, cannot be one
// of the list.
func badCursor(field string) error {
	return fail(BadCursor, field, "this is no cursor of this list; take one from pageInfo or edges")
}
