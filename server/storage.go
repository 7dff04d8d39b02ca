package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"complero/db"
)

// reachTimeout is how long PostgreSQL may take to answer at the start.
const reachTimeout = 10 * time.Second

// openStore opens the database that the settings name, after it has seen that
// it can be reached and that the data folder can be written.
func openStore(ctx context.Context, s Settings, c config, demo bool, log *slog.Logger) (*db.Store, error) {
	dir, err := filepath.Abs(s.Data)
	if err != nil {
		return nil, fmt.Errorf("--data %s: %w", s.Data, err)
	}
	keepsFiles := s.Database == "" || c.linkKey == nil
	if keepsFiles {
		if err := checkFolder("--data", dir); err != nil {
			return nil, err
		}
	}
	if s.Database != "" {
		if err := reach(ctx, "--database", s.Database); err != nil {
			return nil, err
		}
		if c.linkKey == nil {
			log.Warn("the key that Contacts' links are made with is a file in the data folder; keep a copy, and give it to every further server by --link-key",
				"file", filepath.Join(dir, "link.key"))
		}
	}
	return db.Open(ctx, db.Config{
		URL: s.Database, DataDir: dir, BaseURL: cmp.Or(c.baseURL, usualURL(s.Listen)), LinkKey: c.linkKey, Log: onlyWarnings(log),
		MailRoute: c.route != nil || demo, SMSRoute: c.sms != nil || demo, Demo: demo, Rows: readRows,
	})
}

// openTenant opens the database and the Company that an operator names.
func openTenant(ctx context.Context, s Settings, company string, test bool, log *slog.Logger) (*db.Store, *db.Tenant, error) {
	means, err := s.config()
	if err != nil {
		return nil, nil, err
	}
	store, err := openStore(ctx, s, means, false, log)
	if err != nil {
		return nil, nil, err
	}
	mode := db.Live
	if test {
		mode = db.Test
	}
	t, err := store.WorkOn(ctx, company, mode)
	if err != nil {
		return nil, nil, errors.Join(err, store.Close())
	}
	return store, t, nil
}

// checkFolder makes the data folder that a flag names and sees that files can
// be made in it.
func checkFolder(flag, dir string) error {
	err := os.MkdirAll(dir, 0o700)
	if err == nil {
		var probe *os.File
		if probe, err = os.CreateTemp(dir, "probe-*"); err == nil {
			err = errors.Join(probe.Close(), os.Remove(probe.Name()))
		}
	}
	if err == nil {
		return nil
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return fmt.Errorf("%s %s: this folder cannot be written: %w; make it writable for the user who runs this, or name another", flag, dir, err)
}

// reach connects once to the PostgreSQL that a flag names. Its errors tell where, never the password.
func reach(ctx context.Context, flag, address string) error {
	c, err := pgx.ParseConfig(address)
	if err != nil {
		// The driver's error may quote the address with its password.
		return errors.New(flag + ": this address cannot be read; write postgres://USER:PASSWORD@HOST:PORT/NAME, " +
			"with special characters percent-encoded, such as %40 for @")
	}
	where := net.JoinHostPort(c.Host, strconv.Itoa(int(c.Port)))
	ctx, cancel := context.WithTimeout(ctx, reachTimeout)
	defer cancel()
	conn, err := pgx.ConnectConfig(ctx, c)
	if err == nil {
		return conn.Close(ctx)
	}
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		return fmt.Errorf("%s: PostgreSQL at %s refused: %s; check user, password and the database's name", flag, where, refused.Message)
	}
	return fmt.Errorf("%s: PostgreSQL at %s cannot be reached (%s); see that it runs and that host and port are right", flag, where, cause(err))
}

// cause is what the network says, without what a driver wraps around it.
func cause(err error) string {
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Sprintf("no answer within %s", reachTimeout)
	}
	var name *net.DNSError
	if errors.As(err, &name) {
		return name.Err
	}
	var network *net.OpError
	if errors.As(err, &network) {
		return network.Err.Error()
	}
	return "the connection failed"
}
