package db

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// linkKeySetting holds the fingerprint of the key that links are derived with.
const linkKeySetting = "link-key-fingerprint"

// loadLinkKey finds the key that Contacts' links are derived with: the one
// given, else the data folder's file, which is made with a new database. It
// fails when the database was used with another key, since every link that is
// out would die.
func (s *Store) loadLinkKey(ctx context.Context, c Config) error {
	var known string
	err := s.write.DB.QueryRowContext(ctx, "SELECT value FROM setting WHERE key = $1", linkKeySetting).Scan(&known)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("read the link key's fingerprint: %w", err)
	}
	s.linkKey = c.LinkKey
	if s.linkKey == nil {
		if s.linkKey, err = linkKeyFile(filepath.Join(c.DataDir, "link.key"), known == ""); err != nil {
			return err
		}
	}
	print := fingerprint(s.linkKey)
	if known == "" {
		// Two processes may start on a new database at once: the first wins.
		const save = `INSERT INTO setting (key, value) VALUES ($1, $2)
			ON CONFLICT (key) DO UPDATE SET value = setting.value RETURNING value`
		if err := s.write.DB.QueryRowContext(ctx, save, linkKeySetting, print).Scan(&known); err != nil {
			return fmt.Errorf("keep the link key's fingerprint: %w", err)
		}
	}
	if known != print {
		return fmt.Errorf("the link key is not the one that this database's links were made with (fingerprint %s, expected %s): "+
			"give the former one by --link-key or as the file link.key in the data folder", print, known)
	}
	return nil
}

// fingerprint is what a database keeps of its link key.
func fingerprint(key []byte) string {
	sum := sha256.Sum256(key)
	return hex.EncodeToString(sum[:8])
}

// linkKeyFile reads the key, 32 bytes in hex; with mayMake it makes a missing one.
func linkKeyFile(file string, mayMake bool) ([]byte, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) && mayMake {
		return makeLinkKey(file)
	}
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%s is missing, and this database's links were made with it: copy it here or give it by --link-key", file)
	}
	if err != nil {
		return nil, fmt.Errorf("link key: %w", err)
	}
	return ParseLinkKey(strings.TrimSpace(string(text)))
}

func makeLinkKey(file string) ([]byte, error) {
	key := make([]byte, 32)
	rand.Read(key)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return nil, fmt.Errorf("link key: %w", err)
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("link key: %w", err)
	}
	_, err = f.WriteString(hex.EncodeToString(key) + "\n")
	return key, errors.Join(err, f.Close())
}

// ParseLinkKey reads a link key as written by --link-key or in the file: 64 hex digits.
func ParseLinkKey(text string) ([]byte, error) {
	key, err := hex.DecodeString(text)
	if err != nil || len(key) != 32 {
		return nil, errors.New("link key: write 64 hex digits (32 random bytes), for example from: openssl rand -hex 32")
	}
	return key, nil
}

// tokenCoding writes tokens in lower case without padding, which mail
// programs neither break nor change.
var tokenCoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// token derives a link's token: 128 bits of an HMAC over what it opens. It is
// stored nowhere; the row keeps its hash.
func (s *Store) token(kind, id string, generation int) string {
	mac, kept := s.macs.Get().(hash.Hash)
	if !kept {
		mac = hmac.New(sha256.New, s.linkKey)
	}
	defer s.macs.Put(mac)
	mac.Reset() // much faster than beginning with the key
	var room [128]byte
	text := append(append(append(append(room[:0], kind...), 0), id...), 0)
	mac.Write(strconv.AppendInt(text, int64(generation), 10))
	return tokenCoding.EncodeToString(mac.Sum(room[:0])[:16])
}

func tokenHash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// suppressionHash is what remains of somebody who wants to be left alone: a
// keyed hash, from which nobody can read the address back.
func (s *Store) suppressionHash(company int64, identity string) []byte {
	mac := hmac.New(sha256.New, s.linkKey)
	fmt.Fprintf(mac, "suppression\x00%d\x00%s", company, identity)
	return mac.Sum(nil)[:16]
}
