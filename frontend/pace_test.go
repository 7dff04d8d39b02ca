package frontend_test

import (
	"fmt"
	"testing"
	"time"

	"complero/frontend"
)

func TestAPaceIsOnePlaces(t *testing.T) {
	p, now := frontend.NewPace(3, time.Minute), time.Now()
	for n := range 5 {
		if got := p.Admits("192.0.2.1:1234", now); got != (n < 3) {
			t.Errorf("try %d from one address: %v", n, got)
		}
	}
	for n, remote := range []string{"192.0.2.2:1234", "[2001:db8::1]:1", "[2001:db8::2]:1", "[2001:db8::3]:1", "[2001:db8::4]:1", "none"} {
		if got := p.Admits(remote, now); got != (n != 4) {
			t.Errorf("%s: %v", remote, got)
		}
	}
	if now = now.Add(time.Minute); !p.Admits("192.0.2.1:99", now) || p.Admits("192.0.2.1", now) {
		t.Error("a minute gives one try")
	}
	for n := range 20_000 {
		if !p.Admits(fmt.Sprintf("10.%d.%d.1", n/250, n%250), now) {
			t.Fatal("many places are not one")
		}
	}
}
