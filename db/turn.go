package db

import (
	"context"
	"sync"
)

// turns lets one worker of this process at a time write a Tenant's slices, so
// that the others do not wait inside the database.
type turns struct {
	mu    sync.Mutex
	queue map[TenantRef]chan struct{}
}

func (q *turns) take(ctx context.Context, ref TenantRef) (release func(), err error) {
	q.mu.Lock()
	if q.queue == nil {
		q.queue = map[TenantRef]chan struct{}{}
	}
	turn := q.queue[ref]
	if turn == nil {
		turn = make(chan struct{}, 1)
		q.queue[ref] = turn
	}
	q.mu.Unlock()
	select {
	case turn <- struct{}{}:
		return func() { <-turn }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
