package main_test

import (
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// onFile is all that an import leaves behind for a Company, as text that does
// not depend on ids and times: two imports of the same file leave the same.
func onFile(i *installation, a account) string {
	i.t.Helper()
	company := strings.TrimSpace(query(i, "SELECT id FROM company WHERE public_id = '"+a.CompanyID+"'"))
	var text strings.Builder
	for _, table := range []struct{ name, columns string }{
		{"contact", "external_ids, " + employeeNamed("contact") + ", sort_name, search, profile, provenance, metadata, views"},
		{"contact_key", "source, external_id, (SELECT c.sort_name FROM contact AS c WHERE c.company_id = contact_key.company_id AND c.id = contact_key.contact_id)"},
		{"event_counter", "last_number"},
		{"event", "number, kind, contact_external_id, source, " + employeeNamed("event") + ", channel, reason, erased_at IS NULL, operation_id IS NULL"},
		{"event_value", "first_number, data"},
		{"operation", "kind, status, source, options, total, processed, created, synced, unchanged, deleted, rejected, conflicts, errors, import"},
		{"operation_slice", "first_item, items, rejected"},
		{"report_total", employeeNamed("report_total") + ", contacts"},
		{"import_rows", "first_item, length(data)"},
	} {
		where := " WHERE company_id = " + company
		if table.name == "import_rows" { // not those of files that were never answered
			where += " AND operation_id IN (SELECT id FROM operation)"
		}
		lines := strings.Split(query(i, "SELECT "+table.columns+" FROM "+table.name+where), "\n")
		for n, line := range lines {
			lines[n] = table.name + ": " + changing.ReplaceAllString(line, "$1$2")
		}
		slices.Sort(lines)
		text.WriteString(strings.Join(lines, "\n"))
	}
	return text.String()
}

// changing are ids, of which the noun stays, and times.
var changing = regexp.MustCompile(`\b([a-z]+_)[0-9a-hjkmnp-tv-z]{26}\b|(\b20\d\d-)\d\d-\d\dT[0-9:.]+Z`)

func employeeNamed(table string) string {
	return "(SELECT e.external_id FROM employee AS e WHERE e.company_id = " + table + ".company_id AND e.id = " + table + ".employee_id)"
}

// difference is the first lines that only one of two texts has.
func difference(want, got string) string {
	lines := func(text string) map[string]bool {
		all := map[string]bool{}
		for line := range strings.Lines(text) {
			all[line] = true
		}
		return all
	}
	var found []string
	for sign, side := range map[string][2]string{"-": {want, got}, "+": {got, want}} {
		other := lines(side[1])
		n := 0
		for line := range strings.Lines(side[0]) {
			if n++; !other[line] && n < 1<<20 && len(found) < 20 {
				found = append(found, fmt.Sprintf("%s %.2000s", sign, line))
			}
		}
	}
	return strings.Join(found, "\n")
}

// query runs a statement beside the program and returns its rows, a line each.
func query(i *installation, statement string) string {
	i.t.Helper()
	var text string
	var err error
	if url := i.databaseURL(); url != "" {
		text, err = queryPostgres(i, url, statement)
	} else {
		text, err = querySQLite(i, statement)
	}
	if err != nil {
		i.t.Fatalf("%s: %v", statement, err)
	}
	return text
}

func queryPostgres(i *installation, url, statement string) (string, error) {
	conn := rawConn(i.t, url)
	got := conn.ExecParams(i.t.Context(), statement, nil, nil, nil, nil).Read()
	var text strings.Builder
	for _, row := range got.Rows {
		for n, cell := range row {
			if n > 0 {
				text.WriteByte('|')
			}
			text.Write(cell)
		}
		text.WriteByte('\n')
	}
	return text.String(), errors.Join(got.Err, conn.Close(i.t.Context()))
}

func querySQLite(i *installation, statement string) (string, error) {
	file, err := sql.Open("sqlite", "file:"+filepath.Join(i.data(), "complero.db")+"?_pragma=busy_timeout(10000)")
	if err != nil {
		return "", err
	}
	defer file.Close()
	rows, err := file.QueryContext(i.t.Context(), statement)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return "", err
	}
	var text strings.Builder
	for rows.Next() {
		cells, into := make([]sql.NullString, len(columns)), make([]any, len(columns))
		for n := range cells {
			into[n] = &cells[n]
		}
		if err := rows.Scan(into...); err != nil {
			return "", err
		}
		for n, cell := range cells {
			if n > 0 {
				text.WriteByte('|')
			}
			text.WriteString(cell.String)
		}
		text.WriteByte('\n')
	}
	return text.String(), rows.Err()
}
