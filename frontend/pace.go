package frontend

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// mostPlaces is how many places a Pace keeps in mind.
const mostPlaces = 10_000

// A Pace limits how often something is done from one place, in this process:
// burst times at once, then once in every.
type Pace struct {
	burst int
	every time.Duration

	mu     sync.Mutex
	places map[netip.Prefix]*rate.Limiter
}

// NewPace makes a Pace that nobody has gone yet.
func NewPace(burst int, every time.Duration) *Pace {
	return &Pace{burst: burst, every: every, places: map[netip.Prefix]*rate.Limiter{}}
}

// Admits counts a try from an address, with or without a port. Whoever has one
// address of IPv6 has at least all of its /64.
func (p *Pace) Admits(remote string, now time.Time) bool {
	place := placeOf(remote)
	p.mu.Lock()
	defer p.mu.Unlock()
	l := p.places[place]
	if l == nil {
		if len(p.places) >= mostPlaces {
			p.forgetIdle(now)
		}
		if len(p.places) >= mostPlaces {
			p.places = map[netip.Prefix]*rate.Limiter{}
		}
		l = rate.NewLimiter(rate.Every(p.every), p.burst)
		p.places[place] = l
	}
	return l.AllowN(now, 1)
}

func (p *Pace) forgetIdle(now time.Time) {
	for place, l := range p.places {
		if l.TokensAt(now) >= float64(p.burst) {
			delete(p.places, place)
		}
	}
}

func placeOf(remote string) netip.Prefix {
	var address netip.Addr
	if both, err := netip.ParseAddrPort(remote); err == nil {
		address = both.Addr()
	} else if address, err = netip.ParseAddr(remote); err != nil {
		return netip.Prefix{}
	}
	address = address.Unmap().WithZone("")
	bits := 64
	if address.Is4() {
		bits = 32
	}
	return netip.PrefixFrom(address, bits).Masked()
}
