package main

import (
	"runtime/debug"
	"testing"
)

func TestTheHeapIsBoundTighterWhileAnOperationIsWorkedOff(t *testing.T) {
	t.Setenv("GOMEMLIMIT", "")
	before := debug.SetMemoryLimit(softHeapLimit)
	t.Cleanup(func() { debug.SetMemoryLimit(before) })
	limit := func() int64 { return debug.SetMemoryLimit(-1) }
	var h heapLimit
	first, second := h.tighten(), h.tighten()
	first()
	if limit() != tightHeapLimit {
		t.Errorf("the limit is %d while one is under way", limit())
	}
	second()
	if limit() != softHeapLimit {
		t.Errorf("the limit is %d when all are done", limit())
	}
	elsewhere := heapLimit{elsewhere: true}
	release := elsewhere.tighten()
	if limit() != softHeapLimit {
		t.Error("the limit is lower though the database is elsewhere")
	}
	release()
	t.Setenv("GOMEMLIMIT", "1GiB")
	defer h.tighten()()
	if limit() != softHeapLimit {
		t.Error("the operator's own limit is changed")
	}
}
