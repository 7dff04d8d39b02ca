package db

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// lookup selects the rows of a table whose key is one of a list of texts, in
// the order of the list on PostgreSQL; $n takes the list, see list. PostgreSQL
// is made to look each text up in the key's index: left to itself, with a plan
// made when the table was small, it would compare every row with the list.
// A locking clause locks the rows that are found.
func (e engine) lookup(columns, table, where, key string, n int, locking string) string {
	if e == onPostgres {
		return fmt.Sprintf(`SELECT f.* FROM unnest($%d::text[]) AS w(key) CROSS JOIN LATERAL
			(SELECT %s FROM %s WHERE %s AND %s = w.key COLLATE "C" OFFSET 0%s) AS f`, n, columns, table, where, key, locking)
	}
	return fmt.Sprintf("SELECT %s FROM %s WHERE %s AND %s IN (SELECT value FROM json_each($%d)) ORDER BY %s",
		columns, table, where, key, n, key)
}

// find is lookup for a reader who mostly has a single text, which PostgreSQL
// finds in half the time; it comes with the argument for $n.
func (e engine) find(columns, table, where, key string, n int, texts []string) (query string, argument any) {
	if len(texts) == 1 && len(storable(texts)) == 1 {
		return fmt.Sprintf("SELECT %s FROM %s WHERE %s AND %s = $%d", columns, table, where, key, n), texts[0]
	}
	return e.lookup(columns, table, where, key, n, ""), e.list(texts)
}

// list is a list of texts as the argument of a lookup.
func (e engine) list(texts []string) any {
	texts = storable(texts)
	if e == onPostgres {
		return texts
	}
	return jsonOf(texts)
}

// oneOf is a condition that a column is one of some texts, for lists of a few.
func (e engine) oneOf(column string, from int, texts []string) (string, []any) {
	texts = storable(texts)
	if e == onPostgres {
		return fmt.Sprintf("%s = ANY($%d::text[])", column, from), []any{texts}
	}
	return fmt.Sprintf("%s IN (SELECT value FROM json_each($%d))", column, from), []any{jsonOf(texts)}
}

// storable leaves out the texts that PostgreSQL cannot hold, and fails on: no
// row has them.
func storable(texts []string) []string {
	foreign := func(s string) bool { return strings.IndexByte(s, 0) >= 0 || !utf8.ValidString(s) }
	if !slices.ContainsFunc(texts, foreign) {
		return texts
	}
	return slices.DeleteFunc(slices.Clone(texts), foreign)
}
