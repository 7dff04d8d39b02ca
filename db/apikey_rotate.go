package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// The hours for which a key's former secret is good beside its new one.
const (
	usualOverlap = 24
	maxOverlap   = 30 * 24
)

// RotateKey gives an API key a new secret, which is shown this once, and
// returns it. The former one is good for some hours more, 24 where nil, so that
// programs can be told one after the other; one from before that ends now. It
// fails with CONFLICT for a key that has ended, and with FORBIDDEN for one that
// may do what the caller may not.
func (t *Tenant) RotateKey(ctx context.Context, id string, hours *int) (*APIKey, string, error) {
	if err := t.mayManageKeys(); err != nil {
		return nil, "", err
	}
	overlap := usualOverlap
	if hours != nil {
		overlap = *hours
	}
	if overlap < 0 || overlap > maxOverlap {
		return nil, "", fail(Invalid, "overlapHours", "overlapHours %d must be 0 to %d", overlap, maxOverlap)
	}
	var key *APIKey
	var secret string
	err := t.write(ctx, CompanyWrite, func(x *tx) error {
		var err error
		if key, err = x.lockKey(ctx, id); err != nil {
			return err
		}
		if key.RevokedAt != nil || key.ExpiresAt != nil && !x.now.Before(*key.ExpiresAt) {
			return Conflict("id", "this key has ended; make a new one by apiKeyCreate")
		}
		for _, r := range key.Scopes {
			if !t.Viewer.May(r) {
				return fail(Forbidden, "id", "the key holds the right %s, which the caller does not have and so cannot get a secret for", r)
			}
		}
		secret = newSecret(key.Mode)
		key.FormerHash, key.FormerUntil = nil, nil
		if overlap > 0 {
			key.FormerHash, key.FormerUntil = key.Hash, ptr(x.now.Add(time.Duration(overlap)*time.Hour))
		}
		key.Hash = keyHash(secret)
		x.touch(key.ID)
		_, err = x.exec(ctx, "UPDATE api_key SET hash = $3, former_hash = $4, former_until = $5 WHERE company_id = $1 AND id = $2",
			x.company, key.ID, key.Hash, key.FormerHash, key.FormerUntil)
		return err
	})
	if err != nil {
		return nil, "", fmt.Errorf("rotate API key: %w", err)
	}
	return key, secret, nil
}

// lockKey reads one of the Company's keys for a change.
func (x *tx) lockKey(ctx context.Context, id string) (*APIKey, error) {
	if !isID(id, "key") {
		return nil, NotFound("id", "there is no API key %.100q", id)
	}
	key := new(APIKey)
	q := x.NewSelect().Model(key).Where("company_id = ?", x.company).Where("id = ?", id)
	if x.engine == onPostgres {
		q = q.For("UPDATE")
	}
	err := q.Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, NotFound("id", "there is no API key %q", id)
	}
	return key, err
}

// formerKey is Authenticate for a secret that was replaced and is still good.
func (s *Store) formerKey(ctx context.Context, hash []byte, unknown error) (*Tenant, error) {
	key := new(APIKey)
	found, err := one(ctx, s.read.NewSelect().Model(key).Column("id", "former_until").Where("former_hash = ?", hash))
	if err != nil {
		return nil, err
	}
	if !found || key.FormerUntil == nil || !s.now().Before(*key.FormerUntil) {
		return nil, unknown
	}
	return s.keyTenant(ctx, "id", key.ID, unknown)
}
