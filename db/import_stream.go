package db

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// On PostgreSQL two slices of an import are under way at once: while one is
// being numbered and committed, the next one's Contacts are being written, and
// a third is read. That is safe because no two rows of a file are about one
// Contact. The Operation is locked after the Contacts then, by one slice after
// the other, so that what is done is always the file's beginning.

// sliceWait is how long a streamed slice waits for a row that somebody else has
// locked: it may itself be waited for where PostgreSQL does not see it.
const sliceWait = 2 * time.Second

// mayStream reports whether a slice and those behind it are streamed.
func (t *Tenant) mayStream(s *slice) bool {
	return t.store.engine == onPostgres && s.op.Import != nil && !s.op.Import.DryRun && s.fault == nil && !s.complete &&
		s.first+s.size() < *s.op.Total
}

// A streamedSlice is one that is under way.
type streamedSlice struct {
	*slice
	// locked is closed once it has the Operation, or never will.
	locked chan struct{}
	once   sync.Once
	done   chan error
}

func (s *streamedSlice) letNext() { s.once.Do(func() { close(s.locked) }) }

// errNotNext tells that a streamed slice was not the Operation's next one.
var errNotNext = errors.New("the slice is not the next one")

// streamImport works off slices from s on, until the rows or the time are at
// an end or something is in the way, and returns the slice that it has
// prepared but not begun, if any.
func (t *Tenant) streamImport(ctx context.Context, s *slice, until time.Time) (prepared *slice, err error) {
	before := make(chan struct{})
	close(before)
	var under *streamedSlice // the one that was begun last
	for s != nil && s.fault == nil && !s.complete && time.Now().Before(until) && ctx.Err() == nil {
		next := &streamedSlice{slice: s, locked: make(chan struct{}), done: make(chan error, 1)}
		following := t.prepareNext(ctx, s)
		go func(after <-chan struct{}) { next.done <- t.workStreamed(ctx, next, after) }(before)
		before = next.locked
		follows := <-following
		if under != nil {
			err = <-under.done
		}
		if under, s = next, follows; err != nil {
			break
		}
	}
	if under != nil {
		err = errors.Join(err, <-under.done)
	}
	if errors.Is(err, errNotNext) || mayRetry(err) || isOvertaken(err) {
		return nil, nil // it goes on slice by slice
	}
	return s, err
}

// workStreamed writes a slice, behind the one before it.
func (t *Tenant) workStreamed(ctx context.Context, s *streamedSlice, after <-chan struct{}) error {
	defer s.letNext()
	err := t.writeOnce(ctx, func(x *tx) error {
		if _, err := x.Tx.Tx.ExecContext(ctx, fmt.Sprintf("SET LOCAL lock_timeout = %d", sliceWait.Milliseconds())); err != nil {
			return err
		}
		outcome, err := x.applyContacts(ctx, s.op, s.contacts)
		if err != nil {
			return err
		}
		select {
		case <-after:
		case <-ctx.Done():
			return ctx.Err()
		}
		mine, err := x.lockOperation(ctx, s.slice)
		if err == nil && !mine {
			err = errNotNext
		}
		if err != nil {
			return err
		}
		s.letNext()
		_, err = x.moveOperation(ctx, s.slice, outcome)
		return err
	})
	if err != nil {
		return fmt.Errorf("work on Operation %s from item %d: %w", s.op.ID, s.first, err)
	}
	t.store.learn(ctx, "contact", "contact_key", "event")
	return nil
}
