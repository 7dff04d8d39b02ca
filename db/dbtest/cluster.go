package dbtest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
)

// clusterSettings trade safety against a crash of the machine for speed.
// synchronous_commit stays on: a crash of the server alone must lose nothing,
// since that is what Restart is for.
var clusterSettings = strings.Join([]string{
	"-c fsync=off",
	"-c full_page_writes=off",
	"-c wal_level=minimal",
	"-c max_wal_senders=0",
	"-c max_connections=200",
	"-c listen_addresses=''",
}, " ")

// watchdog stops the server and removes its folder as soon as its standard
// input ends. The test process holds the other end, so that this happens also
// when it panics or is killed, without a TestMain.
const watchdog = `read -r _; "$1" -D "$2/data" -m immediate -w stop; rm -rf "$2"`

// A Cluster is a throwaway PostgreSQL server, reached by a Unix socket in its
// own temporary folder. Its methods may be called from several goroutines,
// except Stop, Start and Restart.
type Cluster struct {
	bin  string              // the folder of initdb and pg_ctl
	dir  string              // data/, log and the socket
	cred *syscall.Credential // whom the server runs as; nil for this process's own user

	guard    *exec.Cmd      // the watchdog
	lifeline io.WriteCloser // closing it ends the cluster
}

// sharedCluster is the one that serves this test process; the watchdog ends it.
var sharedCluster = sync.OnceValues(func() (*Cluster, error) {
	return newCluster(context.Background())
})

// NewCluster starts a server of the test's own, for tests that stop or restart
// it. Most tests want Each, Open or PostgresURL, which share one. It ends with
// the test. Where there is no PostgreSQL, Require decides.
func NewCluster(t testing.TB) *Cluster {
	t.Helper()
	c, err := newCluster(t.Context())
	requireCluster(t, err)
	t.Cleanup(func() {
		if err := c.close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

func requireCluster(t testing.TB, err error) {
	t.Helper()
	Require(t, "postgres", !errors.Is(err, errNoPostgres), postgresHint)
	if err != nil {
		t.Fatal(err)
	}
}

func newCluster(ctx context.Context) (*Cluster, error) {
	bin, err := findPostgres()
	if err != nil {
		return nil, err
	}
	cred, err := serverUser()
	if err != nil {
		return nil, err
	}
	// A short name of our own: the path of a Unix socket may have 107 bytes at most.
	dir, err := os.MkdirTemp("", "complero-pg-")
	if err != nil {
		return nil, fmt.Errorf("make the PostgreSQL folder: %w", err)
	}
	c := &Cluster{bin: bin, dir: dir, cred: cred}
	if err := c.watch(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if err := c.init(ctx); err != nil {
		return nil, errors.Join(err, c.close())
	}
	return c, nil
}

// watch starts the watchdog, in a session of its own, so that an interrupt typed
// at the terminal does not reach it.
func (c *Cluster) watch() error {
	//nolint:noctx // it has to outlive every context, and this process
	c.guard = exec.Command("/bin/sh", "-c", watchdog, "watchdog", filepath.Join(c.bin, "pg_ctl"), c.dir)
	c.guard.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if c.cred != nil {
		c.guard.SysProcAttr.Credential = c.cred
		if err := os.Chown(c.dir, int(c.cred.Uid), int(c.cred.Gid)); err != nil {
			return fmt.Errorf("hand the PostgreSQL folder to its user: %w", err)
		}
	}
	c.guard.Dir, c.guard.Env = "/", []string{"PATH=/usr/bin:/bin"}
	var err error
	if c.lifeline, err = c.guard.StdinPipe(); err != nil {
		return fmt.Errorf("start the PostgreSQL watchdog: %w", err)
	}
	if err := c.guard.Start(); err != nil {
		return fmt.Errorf("start the PostgreSQL watchdog: %w", err)
	}
	return nil
}

func (c *Cluster) init(ctx context.Context) error {
	if err := c.run(ctx, "initdb", "-D", c.path("data"), "-U", "postgres", "-A", "trust",
		"-E", "UTF8", "--no-locale", "--no-sync"); err != nil {
		return err
	}
	return c.Start(ctx)
}

// close ends the server and removes its folder, and waits for both.
func (c *Cluster) close() error {
	if err := c.lifeline.Close(); err != nil {
		return fmt.Errorf("end PostgreSQL: %w", err)
	}
	// The shell's exit code is that of removing the folder.
	if err := c.guard.Wait(); err != nil {
		return fmt.Errorf("remove the PostgreSQL folder: %w", err)
	}
	return nil
}

// Start starts the server again after Stop and waits until it takes connections.
func (c *Cluster) Start(ctx context.Context) error {
	return c.run(ctx, "pg_ctl", "-D", c.path("data"), "-l", c.path("log"), "-w", "-t", "60",
		"-o", clusterSettings+" -c unix_socket_directories="+c.dir, "start")
}

// Stop ends the server as a crash would: connections break, nothing is tidied up.
// What was committed is there again after Start.
func (c *Cluster) Stop(ctx context.Context) error {
	return c.run(ctx, "pg_ctl", "-D", c.path("data"), "-m", "immediate", "-w", "stop")
}

// Restart is Stop and Start: a crash and its recovery.
func (c *Cluster) Restart(ctx context.Context) error {
	if err := c.Stop(ctx); err != nil {
		return err
	}
	return c.Start(ctx)
}

// URL is the address of one of the cluster's databases, as db.Config and
// --database take it.
func (c *Cluster) URL(database string) string {
	u := url.URL{
		Scheme:   "postgres",
		User:     url.User("postgres"),
		Path:     "/" + database,
		RawQuery: url.Values{"host": {c.dir}, "sslmode": {"disable"}}.Encode(),
	}
	return u.String()
}

// NewDatabase makes a database that goes with the test and gives its URL. It is
// a copy of the database named template, or empty where template is "".
func (c *Cluster) NewDatabase(t testing.TB, template string) string {
	t.Helper()
	name := "test_" + strings.ToLower(rand.Text())
	create := "CREATE DATABASE " + name
	if template != "" {
		create += " TEMPLATE " + template
	}
	if err := c.exec(t.Context(), create); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// The test's own context has ended by now. FORCE throws out those who are still
		// connected: a program under test may have been killed only just now.
		if err := c.exec(context.Background(), "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	return c.URL(name)
}

func (c *Cluster) exec(ctx context.Context, statement string) (err error) {
	conn, err := pgx.Connect(ctx, c.URL("postgres"))
	if err != nil {
		return fmt.Errorf("connect to the test PostgreSQL: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }()
	if _, err := conn.Exec(ctx, statement); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}

func (c *Cluster) run(ctx context.Context, program string, args ...string) error {
	cmd := exec.CommandContext(ctx, filepath.Join(c.bin, program), args...)
	cmd.Dir = c.dir // the test's own folder may be closed to the server's user
	if c.cred != nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.cred}
	}
	// A file, not a pipe: the server keeps what pg_ctl gave it, and waiting for a
	// pipe would wait for the server.
	out, err := os.Create(c.path(program + ".out"))
	if err != nil {
		return fmt.Errorf("run %s: %w", program, err)
	}
	cmd.Stdout, cmd.Stderr = out, out
	err = errors.Join(cmd.Run(), out.Close())
	if err == nil {
		return nil
	}
	var said []byte
	for _, name := range []string{program + ".out", "log"} {
		text, _ := os.ReadFile(c.path(name)) // only to explain err
		said = append(said, text...)
	}
	return fmt.Errorf("run %s: %w\n%s", program, err, said)
}

func (c *Cluster) path(name string) string { return filepath.Join(c.dir, name) }
