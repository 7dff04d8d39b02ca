package db

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// invitationTime is how long a sign-in link works that was not used.
const invitationTime = 7 * 24 * time.Hour

// newToken makes what somebody shows once or in a cookie: 160 random bits.
func newToken() string {
	secret := make([]byte, 20)
	rand.Read(secret)
	return tokenCoding.EncodeToString(secret)
}

// A SignIn is a link by which a User comes in once.
type SignIn struct {
	ID, UserID string
	ExpiresAt  time.Time
}

// signInToken derives what a link ends in; the row keeps its hash.
func (s *Store) signInToken(id string) string { return s.token("sign-in", id, 0) }

// newSignIn makes a sign-in link for a User, and has it mailed if asked for. What was made before and not used
// ends, so that only the latest mail works.
func (x *tx) newSignIn(ctx context.Context, userID string, mail bool) (*SignIn, error) {
	return x.newSignInFor(ctx, userID, invitationTime, nil, mail)
}

// newSignInFor is newSignIn for a time, with the roles that the link gives when it
// is used, if any.
func (x *tx) newSignInFor(ctx context.Context, userID string, lasting time.Duration, gives []Grant, mail bool) (*SignIn, error) {
	if _, err := x.exec(ctx, "DELETE FROM sign_in WHERE user_id = $1", userID); err != nil {
		return nil, fmt.Errorf("end older sign-in links: %w", err)
	}
	in := &SignIn{ID: newID("signin"), UserID: userID, ExpiresAt: x.now.Add(lasting)}
	var roles *string
	if gives != nil {
		roles = ptr(jsonOf(gives))
	}
	_, err := x.exec(ctx, "INSERT INTO sign_in (id, hash, user_id, created_at, expires_at, employee) VALUES ($1, $2, $3, $4, $5, $6)",
		in.ID, tokenHash(x.store.signInToken(in.ID)), userID, x.now, in.ExpiresAt, roles)
	if err != nil {
		return nil, fmt.Errorf("make a sign-in link: %w", err)
	}
	if mail {
		x.enqueue(MailSignIn{x.tenant.ref(), in.ID}, time.Time{})
	}
	return in, nil
}

// SignInURL is a sign-in link's address. It is a secret.
func (t *Tenant) SignInURL(in *SignIn) string {
	return t.store.baseURL + "/sign-in/" + t.store.signInToken(in.ID)
}

// SignInLink gives a User of the Tenant's Company a new single-use sign-in link, as when
// they have lost their passkeys, and mails it. Passkeys and sessions that they have stay.
func (t *Tenant) SignInLink(ctx context.Context, userID string) (u *User, in *SignIn, err error) {
	if err := t.mayManageTeam(); err != nil {
		return nil, nil, err
	}
	err = t.write(ctx, TeamWrite, func(x *tx) error {
		if u, err = x.lockUser(ctx, "id", userID); err != nil {
			return err
		}
		if err := x.knowsUser(ctx, u); err != nil {
			return err
		}
		// A link is as good as the User: nobody makes one for somebody with more rights.
		for _, g := range u.Roles {
			if err := x.mayGrant(ctx, g); err != nil {
				return err
			}
		}
		x.touch(u.ID)
		in, err = x.newSignIn(ctx, u.ID, true)
		return err
	})
	return u, in, err
}

// An Invitation is a sign-in link with what its mail says.
type Invitation struct {
	User     *User
	Customer string // its name
	Link     string // a secret
	Until    time.Time
	// MessageID is the message's own, without angle brackets, the same on every try.
	MessageID string
	// Employee tells that somebody asked for it at the Employees' door.
	Employee bool
}

// Invitation reads what to mail; nil where the link has ended or was used.
func (t *Tenant) Invitation(ctx context.Context, job MailSignIn) (*Invitation, error) {
	if err := t.check(workRight); err != nil {
		return nil, err
	}
	in := &SignIn{ID: job.SignInID}
	var gives *string
	rows, err := t.read(ctx, "SELECT user_id, expires_at, employee FROM sign_in WHERE id = $1 AND used_at IS NULL AND expires_at > $2", in.ID, t.store.now())
	if err := scanRows(rows, err, func(r rowScanner) error { return r.Scan(&in.UserID, &in.ExpiresAt, &gives) }); err != nil {
		return nil, fmt.Errorf("read a sign-in link: %w", err)
	}
	if in.UserID == "" {
		return nil, nil
	}
	u, err := t.store.user(ctx, in.UserID)
	if err != nil || u == nil {
		return nil, err
	}
	customer, err := t.store.CustomerOf(ctx, u)
	if err != nil {
		return nil, err
	}
	return &Invitation{User: u, Customer: customer.Name, Link: t.SignInURL(in), Until: in.ExpiresAt, MessageID: t.messageID(in.ID), Employee: gives != nil}, nil
}

// SignInUser tells whose a sign-in link is, without using it; nil for one that
// is unknown, used or over.
func (s *Store) SignInUser(ctx context.Context, token string) (*User, error) {
	u := new(User)
	err := s.read.NewSelect().Model(u).
		Join("JOIN sign_in AS l ON l.user_id = ?TableAlias.id").
		Where("l.hash = ?", tokenHash(token)).Where("l.used_at IS NULL").Where("l.expires_at > ?", s.now()).
		Where("?TableAlias.removed_at IS NULL").Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read a sign-in link: %w", err)
	}
	return u, nil
}

// UseSignIn signs in by a link, which works this once, and returns the token
// of the new session. It fails with UNAUTHENTICATED when the link is unknown, used or over.
func (s *Store) UseSignIn(ctx context.Context, token string, at Place) (session string, err error) {
	over := fail(Unauthenticated, "", "this link does not work any more; ask for a new one")
	now := s.now()
	err = s.write.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		var userID string
		var gives *string
		err := tx.Tx.QueryRowContext(ctx, `UPDATE sign_in SET used_at = $2 WHERE hash = $1 AND used_at IS NULL AND expires_at > $2
			AND user_id IN (SELECT id FROM app_user WHERE removed_at IS NULL) RETURNING user_id, employee`,
			s.engine.args([]any{tokenHash(token), now})...).Scan(&userID, &gives)
		if errors.Is(err, sql.ErrNoRows) {
			return over
		}
		if err != nil {
			return fmt.Errorf("use a sign-in link: %w", err)
		}
		if gives != nil {
			if err := s.giveEmployee(ctx, tx, userID, *gives); err != nil {
				return err
			}
		}
		session, err = s.beginSession(ctx, tx, userID, at, now)
		return err
	})
	return session, err
}
