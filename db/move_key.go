package db

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// movedKey is the link key on its way to the target's data folder.
type movedKey struct {
	key  []byte // nil where there is nothing to write
	file string // where the new server finds it; "" if it has to be given it
}

// findLinkKey finds the key that the source's links are made with, and whether
// the target has a place for it. It writes nothing yet, and refuses to
// overwrite another key: some other database's links may depend on it.
func findLinkKey(ctx context.Context, from *moveSource, c MoveConfig) (movedKey, error) {
	var print string
	err := from.tx.QueryRowContext(ctx, "SELECT value FROM setting WHERE key = $1", linkKeySetting).Scan(&print)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return movedKey{}, fmt.Errorf("read the link key's fingerprint: %w", err)
	}
	if print == "" || c.To.DataDir == "" || engineOf(c.To.URL) == onPostgres {
		return movedKey{}, nil
	}
	file := filepath.Join(c.To.DataDir, "link.key")
	there, err := readLinkKey(file)
	if err != nil {
		return movedKey{}, err
	}
	key := c.From.LinkKey
	if key == nil && c.From.DataDir != "" {
		if key, err = readLinkKey(filepath.Join(c.From.DataDir, "link.key")); err != nil {
			return movedKey{}, err
		}
	}
	if key != nil && fingerprint(key) != print {
		key = nil // of another database, or its server was given the key by --link-key
	}
	switch {
	case there == nil && key == nil:
		return movedKey{}, nil
	case there == nil:
		return movedKey{key: key, file: file}, nil
	case fingerprint(there) != print:
		return movedKey{}, fmt.Errorf("%s is there already and is not the key that the source's links are made with: move it away, or name another folder", file)
	}
	return movedKey{file: file}, nil
}

// readLinkKey reads a key file; nil where there is none.
func readLinkKey(file string) ([]byte, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("link key: %w", err)
	}
	key, err := ParseLinkKey(string(bytes.TrimSpace(text)))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return key, nil
}

// write makes the target's key file, in one step.
func (k movedKey) write() error {
	if k.key == nil {
		return nil
	}
	part := k.file + ".part"
	err := os.WriteFile(part, []byte(hex.EncodeToString(k.key)+"\n"), 0o600)
	if err == nil {
		err = os.Rename(part, k.file)
	}
	if err != nil {
		return fmt.Errorf("copy the link key: %w", err)
	}
	return nil
}
