package main

import (
	"os"
	"runtime/debug"
	"sync"
)

// The collector lets the heap grow to several times of what is in use, since
// little of it is: most of a request's memory is garbage when the request ends.
// Towards the soft limit it works harder, which bounds the whole process.
const (
	heapGrowth    = 400      // percent; Go's own is 100
	softHeapLimit = 92 << 20 // bytes
	// tightHeapLimit is for while Operations are worked off: SQLite then holds
	// much beside the heap.
	tightHeapLimit = 74 << 20
)

// tuneMemory sets the collector, unless the operator did by Go's own variables.
func tuneMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(heapGrowth)
	}
	if !ownHeapLimit() {
		debug.SetMemoryLimit(softHeapLimit)
	}
}

// ownHeapLimit reports whether the operator has set the limit.
func ownHeapLimit() bool { return os.Getenv("GOMEMLIMIT") != "" }

// A heapLimit bounds the heap by what is under way.
type heapLimit struct {
	mu      sync.Mutex
	working int // Operations
}

// tighten lowers the limit until the last release of those that have asked for it.
func (h *heapLimit) tighten() (release func()) {
	if ownHeapLimit() {
		return func() {}
	}
	h.change(1, tightHeapLimit)
	return func() { h.change(-1, softHeapLimit) }
}

// change counts who works, and sets the limit where the first begins or the last ends.
func (h *heapLimit) change(by int, limit int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.working += by
	if first, none := by > 0 && h.working == 1, h.working == 0; first || none {
		debug.SetMemoryLimit(limit)
	}
}
