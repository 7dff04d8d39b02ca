package db

import (
	"context"
	"strings"
)

// learn has PostgreSQL look at those tables that have more than doubled since
// it last did. By itself it does so once a minute at best, and until then it
// plans as if a Company had a row or two: each look-up then reads all of them.
func (s *Store) learn(ctx context.Context, tables ...string) {
	if s.engine != onPostgres {
		return
	}
	const grown = `SELECT c.oid::regclass::text FROM unnest($1::text[]) AS w(name) JOIN pg_class AS c ON c.oid = w.name::regclass
			OR c.oid IN (SELECT relid FROM pg_partition_tree(w.name::regclass))
		WHERE c.relkind = 'r' AND pg_relation_size(c.oid) > 2 * greatest(c.relpages, 16)::bigint * current_setting('block_size')::bigint`
	rows, err := s.write.DB.QueryContext(ctx, grown, s.engine.args([]any{tables})...)
	var names []string
	err = scanRows(rows, err, func(row rowScanner) error {
		var name string
		err := row.Scan(&name)
		names = append(names, name)
		return err
	})
	if err == nil && len(names) > 0 {
		_, err = s.write.DB.ExecContext(ctx, "ANALYZE "+strings.Join(names, ", "))
	}
	if err != nil {
		s.log.Warn("PostgreSQL did not look at its tables, and may be slow for a minute", "error", err)
	}
}
