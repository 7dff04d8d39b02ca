package db

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// moveTable is a table as the catalogue knows it, the same on both engines.
type moveTable struct {
	name    string
	columns []moveColumn // by name
	key     []string     // the columns of the primary key, in its order
}

// moveColumn is a column and the kind of its values.
type moveColumn struct {
	name string
	kind moveKind
}

// moveKind is what a column holds, however an engine calls it.
type moveKind string

// JSON is text: both engines keep it byte by byte.
const (
	movesNumber moveKind = "number"
	movesFloat  moveKind = "float"
	movesTruth  moveKind = "truth"
	movesText   moveKind = "text"
	movesBytes  moveKind = "bytes"
	movesTime   moveKind = "time"
)

// moveKinds are the engines' names for the kinds, in lower case.
var moveKinds = map[string]moveKind{
	"smallint": movesNumber, "integer": movesNumber, "bigint": movesNumber,
	"double precision": movesFloat, "boolean": movesTruth, "text": movesText, "json": movesText,
	"bytea": movesBytes, "blob": movesBytes, "timestamp with time zone": movesTime, "timestamp": movesTime,
}

// Every table of ours is in these lists, since they leave out only what is not:
// partitions, whose rows are read through the whole, and the tables of bun, of
// River and of SQLite itself.
const (
	catalogueSQLite = `SELECT m.name, c.name, lower(c.type), c.pk
		FROM sqlite_master m, pragma_table_xinfo(m.name) c
		WHERE m.type = 'table' AND c.hidden = 0
			AND m.name NOT LIKE 'sqlite\_%' ESCAPE '\' AND m.name NOT LIKE 'bun\_%' ESCAPE '\' AND m.name NOT LIKE 'river\_%' ESCAPE '\'
		ORDER BY 1, 2`
	cataloguePostgres = `SELECT c.relname, a.attname, format_type(a.atttypid, NULL), coalesce(array_position(i.indkey::int2[], a.attnum) + 1, 0)
		FROM pg_class c
		JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
		LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
		WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
			AND c.relname NOT LIKE 'bun\_%' AND c.relname NOT LIKE 'river\_%'
		ORDER BY c.relname COLLATE "C", a.attname COLLATE "C"`
)

// readCatalogue lists our tables by name.
func readCatalogue(ctx context.Context, e engine, q querier) (map[string]*moveTable, error) {
	query := catalogueSQLite
	if e == onPostgres {
		query = cataloguePostgres
	}
	tables := map[string]*moveTable{}
	places := map[string]map[int]string{} // the key's columns
	rows, err := q.QueryContext(ctx, query)
	err = scanRows(rows, err, func(r rowScanner) error {
		var table, column, kind string
		var place int
		if err := r.Scan(&table, &column, &kind, &place); err != nil {
			return err
		}
		if moveKinds[kind] == "" {
			return fmt.Errorf("column %s of table %s is of a type, %q, that cannot be moved", column, table, kind)
		}
		if tables[table] == nil {
			tables[table], places[table] = &moveTable{name: table}, map[int]string{}
		}
		tables[table].columns = append(tables[table].columns, moveColumn{column, moveKinds[kind]})
		if place > 0 {
			places[table][place] = column
		}
		return nil
	})
	for name, t := range tables {
		for place := 1; places[name][place] != ""; place++ {
			t.key = append(t.key, places[name][place])
		}
	}
	return tables, err
}

// shape tells tables apart that do not fit one another.
func (t *moveTable) shape() string {
	var parts []string
	for _, c := range t.columns {
		parts = append(parts, c.name+" "+string(c.kind))
	}
	return strings.Join(parts, ", ") + "; key " + strings.Join(t.key, ", ")
}

// names are the columns' names.
func (t *moveTable) names() []string {
	var names []string
	for _, c := range t.columns {
		names = append(names, c.name)
	}
	return names
}

// kept says which rows count: all but the mark on a target.
func (t *moveTable) kept() string {
	if t.name == "setting" {
		return " WHERE key <> '" + unfinishedMove + "'"
	}
	return ""
}

// selectAll reads the table in the order of its key, which is the same on both
// engines: text that is a key sorts by its bytes.
func (t *moveTable) selectAll(e engine) string {
	var columns, key []string
	for _, c := range t.columns {
		name := quoteName(c.name)
		if isKey := slices.Contains(t.key, c.name); isKey && c.kind == movesText && e == onPostgres {
			name += ` COLLATE "C"`
		}
		columns = append(columns, name)
	}
	for _, k := range t.key {
		i := slices.IndexFunc(t.columns, func(c moveColumn) bool { return c.name == k })
		key = append(key, columns[i])
	}
	for i, c := range t.columns {
		columns[i] = quoteName(c.name)
		if c.kind == movesText && e == onPostgres {
			columns[i] += "::text" // json as well, as it stands
		}
	}
	return "SELECT " + strings.Join(columns, ", ") + " FROM " + quoteName(t.name) + t.kept() + " ORDER BY " + strings.Join(key, ", ")
}

// insert writes one row.
func (t *moveTable) insert() string {
	var columns, places []string
	for i, c := range t.columns {
		columns, places = append(columns, quoteName(c.name)), append(places, fmt.Sprintf("$%d", i+1))
	}
	return "INSERT INTO " + quoteName(t.name) + " (" + strings.Join(columns, ", ") + ") VALUES (" + strings.Join(places, ", ") + ")"
}

// quoteName writes a name of the catalogue into a statement.
func quoteName(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
