package deliver

import (
	"sync"
	"time"
)

// An outage keeps everybody from a route that fails: for 15 s, then twice as
// long with each failure, at most 5 minutes.
type outage struct {
	mu       sync.Mutex
	failures int // one after the other
	end      time.Time
}

// until is when the route is tried again; zero if it may be tried now.
func (o *outage) until() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	if time.Now().Before(o.end) {
		return o.end
	}
	return time.Time{}
}

func (o *outage) failed() (pause time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	pause = min(15*time.Second<<min(o.failures, 10), 5*time.Minute)
	o.failures++
	o.end = time.Now().Add(pause)
	return pause
}

func (o *outage) ended() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.failures, o.end = 0, time.Time{}
}
