package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"complero/db"
	"complero/server/deliver"
)

// An Account is one Company of the demo with its API keys.
type Account struct {
	Company string `json:"company"`
	LiveKey string `json:"liveKey"`
	TestKey string `json:"testKey"`
}

// accountsFile holds the demo's Accounts, since keys are shown only once. It
// is written last: a folder without it holds no whole demo.
const accountsFile = "demo.json"

// Make makes the demo in a folder of its own and returns its Accounts; one
// that is there already stays as it has become.
func Make(ctx context.Context, dir string, now time.Time, log *slog.Logger) ([]Account, error) {
	accounts, err := readAccounts(dir)
	if err != nil || accounts != nil {
		return accounts, err
	}
	if err := clear(dir); err != nil {
		return nil, err
	}
	if accounts, err = tell(ctx, dir, now, log); err != nil {
		return nil, fmt.Errorf("make the demo: %w", err)
	}
	data, err := json.MarshalIndent(accounts, "", "  ")
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, accountsFile), data, 0o600)
	}
	if err != nil {
		return nil, fmt.Errorf("keep the demo's keys: %w", err)
	}
	return accounts, nil
}

func readAccounts(dir string) ([]Account, error) {
	data, err := os.ReadFile(filepath.Join(dir, accountsFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var accounts []Account
	if err == nil {
		err = json.Unmarshal(data, &accounts)
	}
	if err != nil {
		return nil, fmt.Errorf("read the demo's keys: %w; delete the folder %s to have it made anew", err, dir)
	}
	return accounts, nil
}

// clear removes what a demo left behind that was not finished.
func clear(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the demo's folder: %w", err)
	}
	for _, name := range []string{"complero.db", "complero.db-wal", "complero.db-shm", "link.key"} {
		if err := os.Remove(filepath.Join(dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove an unfinished demo: %w", err)
		}
	}
	return nil
}

// tell opens a Store whose clock stands in the past and has everything happen
// in it, up to now.
func tell(ctx context.Context, dir string, now time.Time, log *slog.Logger) (accounts []Account, err error) {
	clock := &calendar{now: now.AddDate(0, 0, -60)}
	store, err := db.Open(ctx, db.Config{DataDir: dir, BaseURL: "http://localhost", Log: log, Clock: clock.Now, MailRoute: true, SMSRoute: true, Demo: true})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	sender, err := deliver.New(store, deliver.Settings{Outbox: true, Log: log, Clock: clock.Now})
	if err != nil {
		return nil, err
	}
	defer sender.Close()
	s := &story{store: store, sender: sender, clock: clock, end: now.Add(-time.Minute)}
	for _, c := range []*company{&seebrueck, &fernlea} {
		w, err := c.found(ctx, store)
		if err != nil {
			return nil, err
		}
		s.crews = append(s.crews, w)
		accounts = append(accounts, Account{Company: c.setup.Company, LiveKey: w.account.LiveKey, TestKey: w.account.TestKey})
	}
	return accounts, s.tell(ctx)
}
