package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// How long a session lasts: without being used, and in all.
const (
	sessionIdle = 12 * time.Hour
	sessionMost = 7 * 24 * time.Hour
	// signingIn is how long a session lasts in which nobody has signed in.
	signingIn = 15 * time.Minute
	// seenEvery is how often at most it is noted that a session was used.
	seenEvery = time.Minute
)

// A Session is a browser in which somebody is signed in, or about to be.
type Session struct {
	bun.BaseModel `bun:"table:session"`

	ID     string `bun:",pk"`
	UserID *string
	// Data is what the pages keep in it.
	Data      []byte
	Address   string
	Agent     string
	CreatedAt time.Time
	SeenAt    time.Time
}

// A Place is where somebody acts from.
type Place struct {
	// Address is the client's IP address, Agent what its browser calls itself.
	Address, Agent string
}

// ends is when the session is over unless it is used before.
func (v *Session) ends() time.Time {
	if v.UserID == nil {
		return v.CreatedAt.Add(signingIn)
	}
	idle, most := v.SeenAt.Add(sessionIdle), v.CreatedAt.Add(sessionMost)
	if idle.Before(most) {
		return idle
	}
	return most
}

// Session returns the session of a cookie's token; nil when it is unknown or
// over. That it was used is noted once a minute at most.
func (s *Store) Session(ctx context.Context, token string) (*Session, error) {
	v := new(Session)
	err := s.read.NewSelect().Model(v).Column("id", "user_id", "data", "address", "agent", "created_at", "seen_at").
		Where("hash = ?", tokenHash(token)).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read a session: %w", err)
	}
	now := s.now()
	if !now.Before(v.ends()) {
		return nil, nil
	}
	if v.UserID != nil && now.Sub(v.SeenAt) >= seenEvery {
		_, err = s.write.DB.ExecContext(ctx, "UPDATE session SET seen_at = $2 WHERE id = $1 AND seen_at < $2", s.engine.args([]any{v.ID, now})...)
		if err != nil {
			return nil, fmt.Errorf("note that a session was used: %w", err)
		}
		v.SeenAt = now
	}
	return v, nil
}

// BeginSession opens a session in which nobody has signed in yet, and returns
// its token.
func (s *Store) BeginSession(ctx context.Context, data []byte, at Place) (token string, err error) {
	err = s.write.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		token, err = s.insertSession(ctx, tx, &Session{Data: data, Address: at.Address, Agent: at.Agent}, s.now())
		return err
	})
	return token, err
}

// KeepInSession replaces what the pages keep in a session.
func (s *Store) KeepInSession(ctx context.Context, id string, data []byte) error {
	_, err := s.write.DB.ExecContext(ctx, "UPDATE session SET data = $2 WHERE id = $1", s.engine.args([]any{id, data})...)
	if err != nil {
		return fmt.Errorf("keep something in a session: %w", err)
	}
	return nil
}

// EndSession signs out. Ending one that is over is no error.
func (s *Store) EndSession(ctx context.Context, id string) error {
	if _, err := s.write.DB.ExecContext(ctx, "DELETE FROM session WHERE id = $1", s.engine.args([]any{id})...); err != nil {
		return fmt.Errorf("end a session: %w", err)
	}
	return nil
}

// beginSession opens a session for a User who has just shown who they are. Its
// token is new, so that nobody who knew one before has a part in it.
func (s *Store) beginSession(ctx context.Context, tx bun.Tx, userID string, at Place, now time.Time) (string, error) {
	_, err := tx.Tx.ExecContext(ctx, "UPDATE app_user SET signed_in_at = $2 WHERE id = $1", s.engine.args([]any{userID, now})...)
	if err != nil {
		return "", fmt.Errorf("note a sign-in: %w", err)
	}
	return s.insertSession(ctx, tx, &Session{UserID: &userID, Data: []byte{}, Address: at.Address, Agent: at.Agent}, now)
}

func (s *Store) insertSession(ctx context.Context, tx bun.Tx, v *Session, now time.Time) (string, error) {
	token := newToken()
	_, err := tx.Tx.ExecContext(ctx, "INSERT INTO session (id, hash, user_id, data, address, agent, created_at, seen_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)",
		s.engine.args([]any{newID("session"), tokenHash(token), v.UserID, v.Data, v.Address, v.Agent, now})...)
	if err != nil {
		return "", fmt.Errorf("begin a session: %w", err)
	}
	return token, nil
}

// endUserSessions ends all sessions of a User.
func (x *tx) endUserSessions(ctx context.Context, userID string) error {
	if _, err := x.exec(ctx, "DELETE FROM session WHERE user_id = $1", userID); err != nil {
		return fmt.Errorf("end a User's sessions: %w", err)
	}
	return nil
}

// endOldSessions deletes what is over.
func (s *Store) endOldSessions(ctx context.Context) error {
	now := s.now()
	_, err := s.write.DB.ExecContext(ctx, `DELETE FROM session WHERE seen_at <= $1 OR created_at <= $2 OR user_id IS NULL AND created_at <= $3`,
		s.engine.args([]any{now.Add(-sessionIdle), now.Add(-sessionMost), now.Add(-signingIn)})...)
	if err != nil {
		return fmt.Errorf("end old sessions: %w", err)
	}
	return nil
}
