package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
)

// ParseDomain writes a host name as DNS knows it, or says why it is none.
func ParseDomain(text string) (host, why string) { return parseDomain(text) }

// IndexSearchFrom is IndexSearch for Companies with so many events.
func (s *Store) IndexSearchFrom(ctx context.Context, least int) error {
	return s.indexSearch(ctx, least)
}

// ForgetPayloads deletes all payloads, as Purge does a week after an Operation's end.
func (s *Store) ForgetPayloads(ctx context.Context) {
	if _, err := s.write.DB.ExecContext(ctx, "DELETE FROM operation_payload"); err != nil {
		panic(err)
	}
}

// Tables lists the tables of the database.
func (s *Store) Tables(ctx context.Context) []string {
	query := "SELECT name FROM sqlite_master WHERE type = 'table'"
	if s.engine == onPostgres {
		query = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
	}
	rows, err := s.write.DB.QueryContext(ctx, query)
	var tables []string
	err = scanRows(rows, err, func(r rowScanner) error {
		var name string
		err := r.Scan(&name)
		tables = append(tables, name)
		return err
	})
	if err != nil {
		panic(err)
	}
	return tables
}

// Dump reads every row of a table as text.
func (s *Store) Dump(ctx context.Context, table string) []string {
	rows, err := s.write.DB.QueryContext(ctx, "SELECT * FROM "+table)
	if err != nil {
		panic(err)
	}
	defer rows.Close()
	columns, _ := rows.Columns()
	var dump []string
	for rows.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new(any)
		}
		if err := rows.Scan(values...); err != nil {
			panic(err)
		}
		var line strings.Builder
		for i, v := range values {
			fmt.Fprintf(&line, "%s=%s ", columns[i], text(*v.(*any)))
		}
		dump = append(dump, line.String())
	}
	if err := rows.Err(); err != nil {
		panic(err)
	}
	return dump
}

func text(v any) string {
	if b, ok := v.([]byte); ok {
		return string(b)
	}
	return fmt.Sprint(v)
}

// Find names the tables in whose rows a text stands, whatever its case.
func (s *Store) Find(ctx context.Context, marker string) []string {
	var found []string
	for _, table := range s.Tables(ctx) {
		for _, line := range s.Dump(ctx, table) {
			if strings.Contains(strings.ToLower(line), strings.ToLower(marker)) {
				found = append(found, table)
				break
			}
		}
	}
	return found
}

// BareSequenceLoses runs the schedule by which numbers from a bare sequence
// make a cursor reader skip one, and reports whether it did.
func (s *Store) BareSequenceLoses(ctx context.Context) (bool, error) {
	if _, err := s.write.DB.ExecContext(ctx, "CREATE TABLE naive (number bigserial PRIMARY KEY)"); err != nil {
		return false, err
	}
	const insert = "INSERT INTO naive DEFAULT VALUES"
	slow, err := s.write.DB.BeginTx(ctx, nil)
	if err != nil {
		return false, err
	}
	if _, err := slow.ExecContext(ctx, insert); err != nil {
		return false, err
	}
	if _, err := s.write.DB.ExecContext(ctx, insert); err != nil {
		return false, err
	}
	var mark int64
	if err := s.write.DB.QueryRowContext(ctx, "SELECT max(number) FROM naive").Scan(&mark); err != nil {
		return false, err
	}
	if err := slow.Commit(); err != nil {
		return false, err
	}
	var behind int
	err = s.write.DB.QueryRowContext(ctx, fmt.Sprintf("SELECT count(*) FROM naive WHERE number > %d", mark)).Scan(&behind)
	return behind == 0, err
}

// WithEventUncommitted runs fn while a transaction of the Tenant has its
// event numbered but is not committed.
func (s *Store) WithEventUncommitted(ctx context.Context, t *Tenant, fn func()) error {
	return t.write(ctx, ContactsWrite, func(x *tx) error {
		x.record(&Event{Kind: SyncEvent})
		if err := x.writeEvents(ctx); err != nil {
			return err
		}
		x.events = nil
		fn()
		return nil
	})
}

// PersonalData is personalData.
var PersonalData = personalData

// Columns lists the columns of our tables that can hold text or bytes.
func (s *Store) Columns(ctx context.Context) map[string][]string {
	found := map[string][]string{}
	for _, table := range s.Tables(ctx) {
		if strings.HasPrefix(table, "river_") || strings.HasPrefix(table, "bun_") || strings.HasPrefix(table, "sqlite_") || partition(table) {
			continue
		}
		for _, c := range s.columnTypes(ctx, table) {
			switch strings.ToUpper(c.DatabaseTypeName()) {
			case "TEXT", "BYTEA", "BLOB", "JSON", "JSONB", "VARCHAR":
				found[table] = append(found[table], c.Name())
			}
		}
	}
	return found
}

func (s *Store) columnTypes(ctx context.Context, table string) []*sql.ColumnType {
	rows, err := s.write.DB.QueryContext(ctx, "SELECT * FROM "+table+" WHERE 1 = 0")
	if err != nil {
		panic(err)
	}
	defer rows.Close()
	types, err := rows.ColumnTypes()
	if err := errors.Join(err, rows.Err()); err != nil {
		panic(err)
	}
	return types
}

// partition reports whether a table is a part of another.
func partition(table string) bool {
	for _, whole := range []string{"event_value_", "event_", "delivery_"} {
		if rest, found := strings.CutPrefix(table, whole); found && (rest == "default" || rest[0] >= '0' && rest[0] <= '9') {
			return true
		}
	}
	return false
}

// WorkSlice works off one slice of an Operation, and no more.
func (t *Tenant) WorkSlice(ctx context.Context, id string) {
	system := *t
	system.Viewer = Viewer{Kind: SystemViewer, Rights: append(AllScopes(), workRight)}
	s, err := system.prepareSlice(ctx, id)
	if err == nil {
		_, err = system.workSlice(ctx, s)
	}
	if err != nil {
		panic(err)
	}
}

// SetOperation changes columns of an Operation, as SQL sets them.
func (s *Store) SetOperation(ctx context.Context, id, set string) {
	if _, err := s.write.DB.ExecContext(ctx, "UPDATE operation SET "+set+" WHERE id = '"+id+"'"); err != nil {
		panic(err)
	}
}

// Run runs a statement.
func (s *Store) Run(ctx context.Context, statement string) {
	if _, err := s.write.DB.ExecContext(ctx, statement); err != nil {
		panic(err)
	}
}

// RevokeKeys revokes all API keys.
func (s *Store) RevokeKeys(ctx context.Context) {
	if _, err := s.write.DB.ExecContext(ctx, "UPDATE api_key SET revoked_at = created_at"); err != nil {
		panic(err)
	}
}

// Watched is how many Operations this process reads for those who watch them.
func (s *Store) Watched() int {
	s.watches.mu.Lock()
	defer s.watches.mu.Unlock()
	return len(s.watches.of)
}

// WorkAfter runs fn while an Operation's slice is prepared but not yet written.
func (t *Tenant) WorkAfter(ctx context.Context, id string, fn func()) error {
	s, err := t.prepareSlice(ctx, id)
	if err != nil {
		return err
	}
	fn()
	_, err = t.workSlice(ctx, s)
	return err
}

// WorkNextAfter runs fn while the slice behind an Operation's next one is
// prepared, and then writes that.
func (t *Tenant) WorkNextAfter(ctx context.Context, id string, fn func()) error {
	s, err := t.prepareSlice(ctx, id)
	if err != nil {
		return err
	}
	next := <-t.prepareNext(ctx, s)
	fn()
	_, err = t.workSlice(ctx, next)
	return err
}

// WorkTwice writes a slice, takes it back and writes it again, as after a
// deadlock.
func (t *Tenant) WorkTwice(ctx context.Context, id string) error {
	s, err := t.prepareSlice(ctx, id)
	if err == nil {
		_, err = t.tryItems(ctx, s)
	}
	if err == nil {
		_, err = t.workSlice(ctx, s)
	}
	return err
}

// Importings is how many imports this process keeps in mind.
func (s *Store) Importings() int { return len(s.importings.all) }

// WorkDuring runs fn while an Operation's slice is written but not yet committed.
func (t *Tenant) WorkDuring(ctx context.Context, id string, fn func()) error {
	s, err := t.prepareSlice(ctx, id)
	if err != nil {
		return err
	}
	return t.write(ctx, workRight, func(x *tx) error {
		if mine, err := x.lockOperation(ctx, s); err != nil || !mine {
			return fmt.Errorf("the slice is not to be done: %w", err)
		}
		fn()
		items, err := x.applySlice(ctx, s)
		if err != nil {
			return err
		}
		_, err = x.moveOperation(ctx, s, items)
		return err
	})
}

// Know has a process keep the settings of more Companies in mind, and tells how
// many they are then.
func (s *Store) Know(companies int) (known int) {
	for key := range companies {
		s.known.keep(&settings{company: &Company{Key: int64(1_000_000 + key)}})
	}
	for range s.known.companies.Range {
		known++
	}
	return known
}

// JobStates lists the states of all jobs, oldest first.
func (s *Store) JobStates(ctx context.Context) (list string, err error) {
	err = s.read.DB.QueryRowContext(ctx, "SELECT coalesce(string_agg(state::text, ' ' ORDER BY id), '') FROM river_job").Scan(&list)
	return list, err
}

const presences = ` FROM pg_locks AS l JOIN pg_database AS d ON d.oid = l.database
	WHERE d.datname = current_database() AND l.locktype = 'advisory' AND l.objsubid = 2`

// Presences is how many processes show on PostgreSQL that they live.
func (s *Store) Presences(ctx context.Context) (n int) {
	if err := s.read.DB.QueryRowContext(ctx, "SELECT count(*)"+presences).Scan(&n); err != nil {
		panic(err)
	}
	return n
}

// EndPresences breaks the connections by which processes show that they live.
func (s *Store) EndPresences(ctx context.Context) {
	s.Run(ctx, "SELECT pg_terminate_backend(l.pid)"+presences)
	for s.Presences(ctx) > 0 && ctx.Err() == nil {
		time.Sleep(time.Millisecond)
	}
}

// CheckCodeOf writes the code of a token's hash.
func CheckCodeOf(hash []byte) string { return checkCode(hash) }

// HashOfCheckCode is the least hash that has a code.
func HashOfCheckCode(typed string) ([]byte, bool) {
	bits, ok := parseCheckCode(typed)
	from, _ := checkRange(bits)
	return from, ok
}

// LastAsk is the id of the last ask for a sign-in link.
func (s *Store) LastAsk(ctx context.Context) string { return s.last(ctx, "sign_in_ask") }

// LastSignIn is the id of the last sign-in link.
func (s *Store) LastSignIn(ctx context.Context) string { return s.last(ctx, "sign_in") }

func (s *Store) last(ctx context.Context, table string) (id string) {
	err := s.write.DB.QueryRowContext(ctx, "SELECT coalesce(max(id), '') FROM "+table).Scan(&id)
	if err != nil {
		panic(err)
	}
	return id
}
