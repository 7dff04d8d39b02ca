package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// KeyCreate says what an API key is to be good for.
type KeyCreate struct {
	// Name is for people, who tell keys apart by it.
	Name string
	// Source binds the key to a Source, such as an agency's: it sees and uploads
	// only what is that Source's. Nil, or crm, is a key of the whole Company.
	Source *string
	Test   bool
	// Scopes are rights that the caller has; nil means all of them, without
	// company:write for a key that is bound to an agency's Source.
	Scopes []Right
	// ExpiresAt is when it ends; nil means never.
	ExpiresAt *time.Time
}

// CreateKey makes an API key and returns its secret, which is shown this once
// and not kept. Nobody gives a right that they do not have.
func (t *Tenant) CreateKey(ctx context.Context, in KeyCreate) (*APIKey, string, error) {
	if err := t.mayManageKeys(); err != nil {
		return nil, "", err
	}
	key := &APIKey{
		ID: newID("key"), CompanyID: t.Company.Key, Mode: Live, Source: crm, CreatedAt: t.store.now(), ExpiresAt: in.ExpiresAt,
	}
	if in.Test {
		key.Mode = Test
	}
	if deref(in.Source) != "" {
		key.Source = *in.Source
	}
	var errs Errors
	var err error
	if key.Name, err = line("name", 100)(in.Name); err != nil {
		errs = append(errs, ErrorsOf(err)...)
	}
	if in.ExpiresAt != nil && !in.ExpiresAt.After(key.CreatedAt) {
		errs = append(errs, &Error{Code: Invalid, Path: []string{"expiresAt"}, Message: "expiresAt must be in the future"})
	}
	scopes, wrong := t.scopesFor(in.Scopes, key.Source)
	if key.Scopes = scopes; wrong != nil {
		errs = append(errs, wrong)
	}
	if len(errs) > 0 {
		return nil, "", errs
	}
	if _, err := t.source(ctx, t.store.read.DB, &key.Source); err != nil {
		return nil, "", err
	}
	secret := newSecret(key.Mode)
	key.Hash = keyHash(secret)
	err = t.write(ctx, CompanyWrite, func(x *tx) error {
		x.touch(key.ID)
		_, err := x.NewInsert().Model(key).Exec(ctx)
		return err
	})
	if err != nil {
		return nil, "", fmt.Errorf("create API key: %w", err)
	}
	return key, secret, nil
}

// mayManageKeys fails unless the Viewer may make and revoke keys: of live and
// test mode, so it takes a live one.
func (t *Tenant) mayManageKeys() error {
	if err := errors.Join(t.check(CompanyWrite), t.whole("managing API keys")); err != nil {
		return err
	}
	return t.liveOnly("API keys")
}

// scopesFor checks the rights that a new key is to have.
func (t *Tenant) scopesFor(named []Right, source string) ([]Right, *Error) {
	if named == nil {
		mine := slices.DeleteFunc(AllScopes(), func(r Right) bool { return !t.Viewer.May(r) || source != crm && r == CompanyWrite })
		return mine, nil
	}
	named = firsts(named)
	for _, r := range named {
		if !slices.Contains(AllScopes(), r) {
			return nil, &Error{Code: Invalid, Path: []string{"scopes"}, Message: fmt.Sprintf("%.50q is no scope; there are %s", string(r), scopeList(AllScopes()))}
		}
		if !t.Viewer.May(r) {
			return nil, &Error{Code: Invalid, Path: []string{"scopes"}, Message: fmt.Sprintf("the caller does not have the right %s, and so cannot give it", r)}
		}
	}
	if len(named) == 0 {
		return nil, &Error{Code: Required, Path: []string{"scopes"}, Message: "scopes is empty; leave it out for all that the caller has"}
	}
	return named, nil
}

func scopeList(rights []Right) string {
	words := make([]string, len(rights))
	for i, r := range rights {
		words[i] = string(r)
	}
	return strings.Join(words, ", ")
}

// RevokeKey ends an API key at once and for good. Revoking twice is no error.
// A key cannot revoke itself, so that a Company does not lock itself out.
func (t *Tenant) RevokeKey(ctx context.Context, id string) (*APIKey, error) {
	if err := t.mayManageKeys(); err != nil {
		return nil, err
	}
	if id == t.Viewer.KeyID {
		return nil, Conflict("id", "a key cannot revoke itself; use another one")
	}
	var key *APIKey
	err := t.write(ctx, CompanyWrite, func(x *tx) error {
		key = new(APIKey)
		if !isID(id, "key") {
			return NotFound("id", "there is no API key %.100q", id)
		}
		x.touch(id)
		_, err := x.exec(ctx, "UPDATE api_key SET revoked_at = $3 WHERE company_id = $1 AND id = $2 AND revoked_at IS NULL", x.company, id, x.now)
		if err != nil {
			return fmt.Errorf("revoke API key: %w", err)
		}
		err = x.NewSelect().Model(key).Where("company_id = ?", x.company).Where("id = ?", id).Scan(ctx)
		if errors.Is(err, sql.ErrNoRows) {
			return NotFound("id", "there is no API key %q", id)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return key, nil
}

// Keys lists the Company's API keys, newest first, without their secrets.
func (t *Tenant) Keys(ctx context.Context) ([]*APIKey, error) {
	if err := errors.Join(t.check(CompanyRead), t.whole("seeing its API keys")); err != nil {
		return nil, err
	}
	var keys []*APIKey
	if err := t.store.read.NewSelect().Model(&keys).Where("company_id = ?", t.Company.Key).Order("id DESC").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read API keys: %w", err)
	}
	return keys, nil
}
