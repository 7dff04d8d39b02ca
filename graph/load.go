package graph

import (
	"context"
	"sync"
)

// siblings remembers which rows were read together, so that what one of them
// points to is read for all of them at once.
type siblings[T any] struct {
	mu    sync.Mutex
	fresh [][]*T // not yet in group
	group map[*T][]*T
}

// add notes rows that were read together. It costs next to nothing: most
// calls ask for nothing beyond their rows.
func (s *siblings[T]) add(rows []*T) {
	if len(rows) == 0 {
		return
	}
	s.mu.Lock()
	s.fresh = append(s.fresh, rows)
	s.mu.Unlock()
}

// of returns the rows that were read with a row, that one among them.
func (s *siblings[T]) of(row *T) []*T {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.group == nil {
		s.group = map[*T][]*T{}
	}
	for _, rows := range s.fresh {
		for _, r := range rows {
			s.group[r] = rows
		}
	}
	s.fresh = nil
	if rows := s.group[row]; rows != nil {
		return rows
	}
	return []*T{row}
}

// A loader reads what rows point to, once for each key, and for all expected
// keys in one statement. Whoever comes while it reads waits for the result;
// nobody waits for others to come, so it needs no timer.
type loader[K comparable, V any] struct {
	load func(ctx context.Context, keys []K) (map[K]V, error)

	mu    sync.Mutex
	known map[K]V
	err   error
}

func newLoader[K comparable, V any](load func(context.Context, []K) (map[K]V, error)) *loader[K, V] {
	return &loader[K, V]{load: load, known: map[K]V{}}
}

// get returns what belongs to a key; the zero V where there is nothing. If it
// has to read, it reads for the expected keys too.
func (l *loader[K, V]) get(ctx context.Context, key K, expected func() []K) (V, error) {
	var none V
	if key == *new(K) {
		return none, nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if v, known := l.known[key]; known || l.err != nil {
		return v, l.err
	}
	keys := []K{key}
	wanted := map[K]bool{key: true, *new(K): true}
	for _, k := range expected() {
		if _, known := l.known[k]; !known && !wanted[k] {
			wanted[k] = true
			keys = append(keys, k)
		}
	}
	found, err := l.load(ctx, keys)
	if err != nil {
		l.err = err
		return none, err
	}
	for _, k := range keys {
		l.known[k] = found[k]
	}
	return l.known[key], nil
}

// keysOf collects a key of each row.
func keysOf[T any, K comparable](rows []*T, key func(*T) K) []K {
	keys := make([]K, len(rows))
	for i, r := range rows {
		keys[i] = key(r)
	}
	return keys
}
