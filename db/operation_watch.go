package db

import (
	"context"
	"sync"
	"time"
)

const (
	// watchEvery is how often a watched Operation is looked at: the work may be
	// done by another process, which tells nobody.
	watchEvery = 300 * time.Millisecond
	// lookTime is how long one look may take.
	lookTime = 10 * time.Second
)

// An OperationWatch follows an Operation that is being worked off, in this
// process or another, until it has ended. It holds no connection while it waits.
type OperationWatch struct {
	all     *watches
	of      *watched
	changed chan struct{}
}

// WatchOperation begins to follow an Operation; it is to be closed. It fails
// with NOT_FOUND where there is none.
func (t *Tenant) WatchOperation(ctx context.Context, id string) (*OperationWatch, error) {
	op, err := t.Operation(ctx, id)
	if err != nil {
		return nil, err
	}
	if op == nil {
		return nil, noOperation(id)
	}
	w := &OperationWatch{all: &t.store.watches, changed: make(chan struct{}, 1)}
	w.changed <- struct{}{}
	w.all.join(w, t, op)
	return w, nil
}

// Changed gives a signal at once, and whenever the Operation has changed since
// it was last asked for, a few times a second at most.
func (w *OperationWatch) Changed() <-chan struct{} { return w.changed }

// Operation returns the Operation as it was last seen, to be read only. It
// fails with FORBIDDEN where the Tenant, whose rights may have changed
// meanwhile, may not see it, and with NOT_FOUND where it is gone.
func (w *OperationWatch) Operation(t *Tenant) (*Operation, error) {
	if err := t.checkOperations(); err != nil {
		return nil, err
	}
	w.all.mu.Lock()
	defer w.all.mu.Unlock()
	select {
	case <-w.changed:
	default:
	}
	if w.of.latest == nil || t.Company.Key != w.of.key.company || t.Mode != w.of.key.mode {
		return nil, noOperation(w.of.key.id)
	}
	return w.of.latest, nil
}

// Close ends the watch.
func (w *OperationWatch) Close() { w.all.leave(w) }

// watches are the Operations that this process watches, each read by one
// poller however many watch it.
type watches struct {
	mu sync.Mutex
	of map[operationKey]*watched
}

type operationKey struct {
	company int64
	mode    Mode
	id      string
}

// watched is one of them, as it was last read; nil once it is gone.
type watched struct {
	key      operationKey
	latest   *Operation
	watchers map[*OperationWatch]struct{}
	stop     context.CancelFunc
}

// join adds a watcher, and the poller for the first one. An Operation that has
// ended needs none.
func (all *watches) join(w *OperationWatch, t *Tenant, op *Operation) {
	all.mu.Lock()
	defer all.mu.Unlock()
	key := operationKey{company: t.Company.Key, mode: t.Mode, id: op.ID}
	w.of = all.of[key]
	if w.of == nil {
		w.of = &watched{key: key, latest: op, watchers: map[*OperationWatch]struct{}{}, stop: func() {}}
		if op.FinishedAt == nil {
			all.start(w.of, t)
		}
	}
	w.of.watchers[w] = struct{}{}
}

func (all *watches) start(of *watched, t *Tenant) {
	if all.of == nil {
		all.of = map[operationKey]*watched{}
	}
	all.of[of.key] = of
	var ctx context.Context
	ctx, of.stop = context.WithCancel(context.Background())
	go all.poll(ctx, of, t)
}

// leave takes a watcher away, and the poller with the last one.
func (all *watches) leave(w *OperationWatch) {
	all.mu.Lock()
	defer all.mu.Unlock()
	delete(w.of.watchers, w)
	if len(w.of.watchers) == 0 {
		all.end(w.of)
	}
}

func (all *watches) end(of *watched) {
	of.stop()
	if all.of[of.key] == of {
		delete(all.of, of.key)
	}
}

// poll reads an Operation again and again until it has ended or nobody watches
// it. A database that does not answer is asked again: the work waits for it too.
func (all *watches) poll(ctx context.Context, of *watched, t *Tenant) {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	failing := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		op, err := t.look(ctx, of.key.id)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil && !failing:
			t.store.log.WarnContext(ctx, "a watched Operation cannot be read", "operation", of.key.id, "error", err)
		case err == nil:
			all.tell(of, op)
		}
		failing = err != nil
	}
}

func (t *Tenant) look(ctx context.Context, id string) (*Operation, error) {
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	return t.operation(ctx, id)
}

// tell gives the watchers a signal if the Operation has changed, and ends the
// poller when nothing more will change.
func (all *watches) tell(of *watched, op *Operation) {
	all.mu.Lock()
	defer all.mu.Unlock()
	if op == nil || op.FinishedAt != nil {
		all.end(of)
	}
	if op != nil && jsonOf(op) == jsonOf(of.latest) {
		return
	}
	of.latest = op
	for w := range of.watchers {
		select {
		case w.changed <- struct{}{}:
		default: // it has not looked since the signal before
		}
	}
}
