package main

import (
	"os"
	"runtime/debug"
)

// The collector lets the heap grow to several times of what is in use, since
// little of it is: most of a request's memory is garbage when the request ends.
// Towards the soft limit it works harder, which bounds the whole process.
const (
	heapGrowth    = 400      // percent; Go's own is 100
	softHeapLimit = 74 << 20 // bytes
)

// tuneMemory sets the collector, unless the operator did by Go's own variables.
func tuneMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(heapGrowth)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(softHeapLimit)
	}
}
