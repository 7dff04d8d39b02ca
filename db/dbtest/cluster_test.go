package dbtest

import (
	"bufio"
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

func TestRestartKeepsWhatWasCommitted(t *testing.T) {
	c := NewCluster(t)
	url := c.NewDatabase(t, "")
	query(t, url, "CREATE TABLE word (said text)")
	query(t, url, "INSERT INTO word VALUES ('kept')")
	open, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := open.Exec(t.Context(), "SELECT 1"); err == nil {
		t.Error("a connection outlived the restart")
	}
	if got := query(t, url, "SELECT said FROM word"); got != "kept" {
		t.Errorf("after the restart the table holds %q, want kept", got)
	}
}

func TestPostgresURLsStandAlone(t *testing.T) {
	first, second := PostgresURL(t), PostgresURL(t)
	query(t, first, "CREATE TABLE mine (id int)")
	if got := query(t, second, "SELECT count(*)::text FROM pg_tables WHERE tablename = 'mine'"); got != "0" {
		t.Errorf("the second database has %s tables of the first", got)
	}
}

// TestClusterGoesWithItsProcess kills a test process that has a cluster and
// waits for the cluster to follow.
func TestClusterGoesWithItsProcess(t *testing.T) {
	if os.Getenv("DBTEST_CHILD") != "" {
		c := NewCluster(t)
		if _, err := os.Stdout.WriteString("folder " + c.dir + "\n"); err != nil {
			t.Fatal(err)
		}
		select {} // until killed
	}
	PostgresURL(t)
	child := exec.Command(os.Args[0], "-test.run=^TestClusterGoesWithItsProcess$")
	child.Env = append(os.Environ(), "DBTEST_CHILD=1")
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	dir := strings.TrimSpace(strings.TrimPrefix(line, "folder "))
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // it was killed, as it will say
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s still stands 30 s after its process was killed", dir)
		}
	}
}

func TestURLIsOneThatProgramsUnderstand(t *testing.T) {
	c := &Cluster{dir: "/tmp/complero-pg-1"}
	want := "postgres://postgres@/customers?host=%2Ftmp%2Fcomplero-pg-1&sslmode=disable"
	if got := c.URL("customers"); got != want {
		t.Errorf("URL = %s, want %s", got, want)
	}
}

// query runs one statement on a connection of its own and gives the first value,
// or "" where there is none.
func query(t *testing.T, url, statement string) string {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := conn.Close(ctx); err != nil {
			t.Error(err)
		}
	}()
	rows, err := conn.Query(ctx, statement)
	if err != nil {
		t.Fatal(err)
	}
	values, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	if len(values) == 0 {
		return ""
	}
	return values[0]
}
