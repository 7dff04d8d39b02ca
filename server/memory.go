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
	softHeapLimit = 88 << 20 // bytes
	// tightHeapLimit is for while Operations are worked off on SQLite, which then
	// holds much beside the heap.
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
	// elsewhere tells that the database is no part of this process, so that
	// there is nothing to make room for.
	elsewhere bool

	mu      sync.Mutex
	working int   // Operations
	before  int64 // what the limit was without any
}

// tighten lowers the limit until the last release of those that have asked for it.
func (h *heapLimit) tighten() (release func()) {
	if h.elsewhere || ownHeapLimit() {
		return func() {}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.working++; h.working == 1 {
		h.before = debug.SetMemoryLimit(tightHeapLimit)
	}
	return h.release
}

func (h *heapLimit) release() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.working--; h.working == 0 {
		debug.SetMemoryLimit(h.before)
	}
}
