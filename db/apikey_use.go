package db

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// keyUses are the times at which API keys were used in this process. A call only
// keeps its own in mind; NoteKeyUses writes them down.
type keyUses struct{ byID sync.Map } // of *keyUse

// A keyUse has, in milliseconds, when a key was last used and what of that has
// been written.
type keyUse struct{ last, noted atomic.Int64 }

func (u *keyUses) add(id string, at time.Time) {
	use, known := u.byID.Load(id)
	if !known {
		use, _ = u.byID.LoadOrStore(id, new(keyUse))
	}
	use.(*keyUse).last.Store(at.UnixMilli())
}

// NoteKeyUses writes down when API keys were last used in this process. Whoever
// runs the process calls it about once a minute, and when it stops.
func (s *Store) NoteKeyUses(ctx context.Context) error {
	var errs []error
	s.keyUses.byID.Range(func(id, value any) bool {
		use := value.(*keyUse)
		last := use.last.Load()
		if last == use.noted.Load() {
			return true
		}
		_, err := s.write.DB.ExecContext(ctx, "UPDATE api_key SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)",
			s.engine.args([]any{id, time.UnixMilli(last).UTC()})...)
		if err != nil {
			errs = append(errs, fmt.Errorf("note that an API key was used: %w", err))
			return false
		}
		use.noted.Store(last)
		return true
	})
	return errors.Join(errs...)
}
