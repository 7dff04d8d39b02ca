package demo

import (
	"sync"
	"time"
)

// A calendar is the demo's clock: it stands in the past and is moved on by
// what happens. Each look at it takes a moment, so that no two are the same.
type calendar struct {
	mu  sync.Mutex
	now time.Time
}

// tick is what a look at the clock takes.
const tick = 3 * time.Millisecond

func (c *calendar) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(tick)
	return c.now
}

// moveTo moves the clock on; it never goes back.
func (c *calendar) moveTo(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t.After(c.now) {
		c.now = t
	}
}
