package db

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"
)

// An APIKey lets a program act for one Company, live or test. Its secret is
// shown once, when it is made; the row keeps a hash.
type APIKey struct {
	bun.BaseModel `bun:"table:api_key"`

	ID        string `bun:",pk"`
	CompanyID int64
	Mode      Mode
	Name      string
	Source    string
	Scopes    []Right `bun:"type:json"`
	Hash      []byte
	CreatedAt time.Time
	ExpiresAt *time.Time
	RevokedAt *time.Time
	// FormerHash is the secret's before the last rotation, good until FormerUntil.
	FormerHash  []byte
	FormerUntil *time.Time
	// LastUsedAt is when a call came with it, to about a minute.
	LastUsedAt *time.Time
}

// The beginnings of keys, which tell live from test at sight.
const (
	liveKeyPrefix = "ck_live_"
	testKeyPrefix = "ck_test_"
)

// makeKey inserts an API key with every scope and returns its secret.
func makeKey(ctx context.Context, tx bun.Tx, company *Company, mode Mode, name string, now time.Time) (string, error) {
	key := newSecret(mode)
	row := &APIKey{
		ID: newID("key"), CompanyID: company.Key, Mode: mode, Name: name, Source: crm,
		Scopes: AllScopes(), Hash: keyHash(key), CreatedAt: now,
	}
	_, err := tx.NewInsert().Model(row).Exec(ctx)
	return key, err
}

// newSecret makes what a caller shows as its key.
func newSecret(mode Mode) string {
	prefix := liveKeyPrefix
	if mode == Test {
		prefix = testKeyPrefix
	}
	return prefix + newToken()
}

// keyHash is how a key is kept and looked up. A key has 160 random bits, so
// a plain hash is enough, and its index compares hashes, never secrets.
func keyHash(key string) []byte {
	sum := sha256.Sum256([]byte(key))
	return sum[:]
}

// Authenticate returns the Tenant that an API key opens. It fails with
// UNAUTHENTICATED when the key is unknown, expired or revoked.
func (s *Store) Authenticate(ctx context.Context, key string) (*Tenant, error) {
	unknown := fail(Unauthenticated, "", "this API key is not known; send a valid one as: Authorization: Bearer ck_live_…")
	if !strings.HasPrefix(key, liveKeyPrefix) && !strings.HasPrefix(key, testKeyPrefix) {
		return nil, unknown
	}
	hash := keyHash(key)
	t, err := s.keyTenant(ctx, "hash", hash, unknown)
	if CodeOf(err) == Unauthenticated {
		t, err = s.formerKey(ctx, hash, unknown)
	}
	if err == nil {
		s.keyUses.add(t.Viewer.KeyID, s.now())
	}
	return t, err
}

// Renew returns the Tenant as it would be opened now, with the key's rights and
// the Company's settings as they have become, for what goes on for longer than
// a call. It fails with UNAUTHENTICATED once the key has expired or is revoked.
func (t *Tenant) Renew(ctx context.Context) (*Tenant, error) {
	ended := fail(Unauthenticated, "", "the API key that this began with is no longer valid; send a valid one as: Authorization: Bearer ck_live_…")
	if t.Viewer.UserID != "" {
		return t.renewUser(ctx)
	}
	if t.Viewer.Kind != APIKeyViewer {
		return nil, ended
	}
	return t.store.keyTenant(ctx, "id", t.Viewer.KeyID, ended)
}

// keyTenant returns the Tenant of the key that a unique column finds, or the
// error unknown where there is none that holds. Every call of the API begins
// with it.
func (s *Store) keyTenant(ctx context.Context, column string, value any, unknown error) (*Tenant, error) {
	var key APIKey
	var scopes []byte
	var version int64
	query := `SELECT k.id, k.mode, k.source, k.scopes, k.expires_at, k.revoked_at, o.id, o.version
		FROM api_key AS k JOIN company AS o ON o.id = k.company_id WHERE k.` + column + " = $1"
	err := s.rowHot(ctx, query, []any{value}, &key.ID, &key.Mode, &key.Source, &scopes, &key.ExpiresAt, &key.RevokedAt, &key.CompanyID, &version)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, unknown
	}
	if err == nil {
		err = json.Unmarshal(scopes, &key.Scopes)
	}
	if err != nil {
		return nil, fmt.Errorf("read an API key: %w", err)
	}
	if key.RevokedAt != nil || key.ExpiresAt != nil && !s.now().Before(*key.ExpiresAt) {
		return nil, unknown
	}
	set, err := s.settings(ctx, key.CompanyID, version)
	if err != nil {
		return nil, err
	}
	if set.company.ArchivedAt != nil {
		return nil, fail(Unauthenticated, "", "the Company of this API key is archived; its keys work again when it is unarchived")
	}
	viewer := Viewer{Kind: APIKeyViewer, KeyID: key.ID, Source: key.Source, Rights: key.Scopes}
	return &Tenant{store: s, Company: set.company, Mode: key.Mode, Viewer: viewer, settings: set}, nil
}
