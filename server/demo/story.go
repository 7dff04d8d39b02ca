package demo

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"complero/db"
	"complero/server/deliver"
)

// A story is what happens in the demo's two months: waves of Requests, the
// answers to them, and the CRM transferring its Contacts again.
type story struct {
	store  *db.Store
	sender *deliver.Sender
	clock  *calendar
	end    time.Time
	crews  []*crew
	scenes []scene
}

// A scene happens at its time. It may bring further scenes about.
type scene struct {
	at   time.Time
	play func(context.Context) error
}

// daysAgo is a moment of a working day, so many days before the end.
func (s *story) daysAgo(days, hour int) time.Time {
	return s.end.AddDate(0, 0, -days).Truncate(24 * time.Hour).Add(time.Duration(hour) * time.Hour)
}

func (s *story) plan(at time.Time, play func(context.Context) error) {
	if at.Before(s.end) {
		s.scenes = append(s.scenes, scene{at, play})
	}
}

// tell plays all scenes in the order of their times.
func (s *story) tell(ctx context.Context) error {
	for _, w := range s.crews {
		third := w.contacts / 3
		s.plan(s.daysAgo(52, 9), s.wave(w, w.live, 0, third, 90))
		s.plan(s.daysAgo(34, 3), func(ctx context.Context) error { return upload(ctx, s.store, w.live, w.items[:w.contacts/2]) })
		s.plan(s.daysAgo(27, 10), s.wave(w, w.live, third, 2*third, 14))
		s.plan(s.daysAgo(5, 9), s.wave(w, w.live, 2*third, w.contacts-25, 60))
		s.plan(s.end.Add(-2*time.Hour), s.lastWave(w))
	}
	s.plan(s.daysAgo(12, 12), s.expire)
	for len(s.scenes) > 0 {
		next := 0
		for i := range s.scenes {
			if s.scenes[i].at.Before(s.scenes[next].at) {
				next = i
			}
		}
		now := s.scenes[next]
		s.scenes = slices.Delete(s.scenes, next, next+1)
		s.clock.moveTo(now.at)
		if err := now.play(ctx); err != nil {
			return fmt.Errorf("on %s: %w", now.at.Format(time.DateOnly), err)
		}
	}
	return nil
}

func (s *story) expire(ctx context.Context) error {
	_, err := s.store.Expire(ctx)
	return err
}

// lastWave asks a few Contacts who have had no time to answer, in test mode too.
func (s *story) lastWave(w *crew) func(context.Context) error {
	return func(ctx context.Context) error {
		if err := s.wave(w, w.test, 0, 3, 90)(ctx); err != nil {
			return err
		}
		_, err := s.ask(ctx, w, w.live, w.contacts-15, w.contacts-5, 90)
		return err
	}
}

// wave asks Contacts, from one to before another, and has some of them answer.
func (s *story) wave(w *crew, t *db.Tenant, from, to, days int) func(context.Context) error {
	return func(ctx context.Context) error {
		requests, err := s.ask(ctx, w, t, from, to, days)
		if err != nil {
			return err
		}
		for _, r := range requests {
			if r.Status == db.RequestPending {
				s.planAnswer(w, t, r)
			}
		}
		return nil
	}
}

// ask makes Requests that can be answered for some days, and sends them.
func (s *story) ask(ctx context.Context, w *crew, t *db.Tenant, from, to, days int) ([]*db.Request, error) {
	var ids []string
	for _, item := range w.items[from:to] {
		ids = append(ids, item.ExternalID.Value)
	}
	expires := s.clock.Now().AddDate(0, 0, days)
	created, err := t.CreateRequests(ctx, db.RequestsCreate{ContactExternalIDs: ids, ExpiresAt: &expires})
	if err != nil {
		return nil, err
	}
	system, err := s.system(ctx, t)
	if err != nil {
		return nil, err
	}
	for more := true; more; {
		if more, _, err = s.sender.Deliver(ctx, system); err != nil {
			return nil, err
		}
	}
	return created.Requests, nil
}

// system is the Tenant as workers have it.
func (s *story) system(ctx context.Context, t *db.Tenant) (*db.Tenant, error) {
	return s.store.Work(ctx, db.TenantRef{CompanyID: t.Company.ID, Mode: t.Mode})
}

// open follows a Request's link, as its Contact does.
func (s *story) open(ctx context.Context, t *db.Tenant, r *db.Request) (*db.Link, error) {
	address := t.RequestLink(r)
	if address == nil {
		return nil, fmt.Errorf("the Request %s has no link", r.ID)
	}
	return s.store.OpenLink(ctx, (*address)[strings.LastIndex(*address, "/")+1:])
}
