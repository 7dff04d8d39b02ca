package db

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// maxPasskeys is how many passkeys a User can have.
const maxPasskeys = 20

// A Passkey is a credential of Web Authentication by which a User signs in.
type Passkey struct {
	bun.BaseModel `bun:"table:passkey"`

	ID           string `bun:",pk"`
	UserID       string
	CredentialID []byte
	// Name is the User's own for it, such as that of the device.
	Name string
	// Data is the credential as the library that checks it keeps it.
	Data      json.RawMessage
	CreatedAt time.Time
	UsedAt    *time.Time
}

// PasskeysOf reads the passkeys of the User whose id a browser hands over to
// sign in; nil when there is no such User.
func (s *Store) PasskeysOf(ctx context.Context, userID string) (*User, []*Passkey, error) {
	if !isID(userID, "user") {
		return nil, nil, nil
	}
	u, err := s.user(ctx, userID)
	if err != nil || u == nil {
		return nil, nil, err
	}
	keys, err := s.passkeys(ctx, userID)
	return u, keys, err
}

func (s *Store) passkeys(ctx context.Context, userID string) ([]*Passkey, error) {
	var keys []*Passkey
	if err := s.read.NewSelect().Model(&keys).Where("user_id = ?", userID).Order("id").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read passkeys: %w", err)
	}
	return keys, nil
}

// UsePasskey signs in by a passkey that was checked, keeps what the library
// learned about it, ends the session in which it was asked for and returns the
// token of a new one.
func (s *Store) UsePasskey(ctx context.Context, k *Passkey, data json.RawMessage, asked *Session, at Place) (session string, err error) {
	now := s.now()
	err = s.write.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		done, err := tx.Tx.ExecContext(ctx, "UPDATE passkey SET data = $2, used_at = $3 WHERE id = $1 AND user_id IN (SELECT id FROM app_user WHERE removed_at IS NULL)",
			s.engine.args([]any{k.ID, string(data), now})...)
		if err != nil {
			return fmt.Errorf("note that a passkey was used: %w", err)
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, fail(Unauthenticated, "", "this passkey is not known any more"))
		}
		// Only who ends the session that asked gets one: an answer works once.
		done, err = tx.Tx.ExecContext(ctx, "DELETE FROM session WHERE id = $1 AND user_id IS NULL", s.engine.args([]any{asked.ID})...)
		if err != nil {
			return fmt.Errorf("end the session before: %w", err)
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, fail(Unauthenticated, "", "this was used already; sign in again"))
		}
		session, err = s.beginSession(ctx, tx, k.UserID, at, now)
		return err
	})
	return session, err
}

// Passkeys lists the User's own, oldest first.
func (u *SignedIn) Passkeys(ctx context.Context) ([]*Passkey, error) {
	return u.store.passkeys(ctx, u.User.ID)
}

// AddPasskey keeps a new passkey of the User's.
func (u *SignedIn) AddPasskey(ctx context.Context, name string, credentialID []byte, data json.RawMessage) (*Passkey, error) {
	name, err := line("name", 60)(name)
	if err != nil {
		return nil, err
	}
	k := &Passkey{ID: newID("passkey"), UserID: u.User.ID, CredentialID: credentialID, Name: name, Data: data, CreatedAt: u.store.now()}
	err = u.locked(ctx, func(tx bun.Tx, keys []*Passkey) error {
		if len(keys) >= maxPasskeys {
			return Conflict("", "there are %d passkeys already; remove one first", len(keys))
		}
		_, err := tx.NewInsert().Model(k).Exec(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	return k, nil
}

// RemovePasskey takes one of the User's passkeys away. The last one stays: it
// is the only way in.
func (u *SignedIn) RemovePasskey(ctx context.Context, id string) error {
	return u.locked(ctx, func(tx bun.Tx, keys []*Passkey) error {
		for _, k := range keys {
			if k.ID != id {
				continue
			}
			if len(keys) == 1 {
				return Conflict("id", "the last passkey cannot be removed; add another one first")
			}
			_, err := tx.NewDelete().Model(k).WherePK().Exec(ctx)
			return err
		}
		return NotFound("id", "there is no passkey %.100q", id)
	})
}

// locked runs fn with the User's passkeys, which nobody else changes meanwhile.
func (u *SignedIn) locked(ctx context.Context, fn func(bun.Tx, []*Passkey) error) error {
	return u.store.write.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		var id string
		err := tx.Tx.QueryRowContext(ctx, "SELECT id FROM app_user WHERE id = $1 AND removed_at IS NULL"+u.store.engine.locking(), u.store.engine.args([]any{u.User.ID})...).Scan(&id)
		if errors.Is(err, sql.ErrNoRows) {
			return fail(Unauthenticated, "", "you are not signed in any more")
		}
		if err != nil {
			return fmt.Errorf("lock a User: %w", err)
		}
		var keys []*Passkey
		if err := tx.NewSelect().Model(&keys).Where("user_id = ?", u.User.ID).Order("id").Scan(ctx); err != nil {
			return fmt.Errorf("read passkeys: %w", err)
		}
		return fn(tx, keys)
	})
}
