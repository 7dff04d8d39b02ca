package main_test

import (
	"bufio"
	"database/sql"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"complero/db/dbtest"
)

// A kill in the middle leaves a target that no server opens; the same command
// starts over and ends.
func TestAKillDuringAMoveLeavesNothingThatLooksWhole(t *testing.T) {
	onEach(t, func(t *testing.T, engine dbtest.Engine) {
		old, fresh := install(t, dbtest.SQLite), install(t, engine)
		old.setup("Nordlicht")
		addKeys(t, old.data(), 100_000)
		args := []string{"move", "--from", "sqlite:" + old.data(), "--to", fresh.end()}
		move := exec.Command(old.file, args...)
		told, err := move.StderrPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := move.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(told)
		for lines.Scan() && !strings.HasPrefix(lines.Text(), "moved contact:") {
		}
		if err := move.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for lines.Scan() {
			if strings.HasPrefix(lines.Text(), "done") {
				t.Fatal("the move ended before it was killed")
			}
		}
		_ = move.Wait() // it was killed, as it will say
		key := filepath.Join(old.data(), "link.key")
		out, err := exec.Command(fresh.file, append([]string{"serve", "--listen", "127.0.0.1:0"}, fresh.storage()...)...).CombinedOutput()
		if err == nil || !strings.Contains(string(out), "repeat the move") {
			t.Errorf("a server on the half database ends with %v:\n%s", err, out)
		}
		out, err = exec.Command(old.file, args...).CombinedOutput()
		if err != nil || !strings.Contains(string(out), "\nmoved contact_key: 100000 rows, ") || !strings.Contains(string(out), "\ndone: ") {
			t.Fatalf("moved again: %v\n%s", err, out)
		}
		if engine == dbtest.Postgres {
			copyFile(t, key, filepath.Join(fresh.data(), "link.key"))
		}
		fresh.start()
		fresh.stop()
	})
}

// data is the installation's data folder, end its database as the move names it.
func (i *installation) data() string { return i.storage()[1] }

func (i *installation) end() string {
	if s := i.storage(); len(s) > 2 {
		return s[3]
	}
	return "sqlite:" + i.data()
}

// addKeys gives a Company that many externalIds, which take a while to move.
func addKeys(t *testing.T, dir string, n int) {
	t.Helper()
	file, err := sql.Open("sqlite", filepath.Join(dir, "complero.db"))
	if err != nil {
		t.Fatal(err)
	}
	const insert = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
		INSERT INTO contact_key (company_id, mode, source, external_id, contact_id) SELECT 1, 1, 'crm', 'K-' || i, 'contact_' || i FROM n`
	if _, err := file.ExecContext(t.Context(), insert, n); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}
