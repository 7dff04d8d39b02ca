package deliver

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"complero/db"
	"complero/server/deliver/email"
	"complero/server/deliver/sms"
)

const (
	// claimSize is how many Deliveries one connection sends before it records
	// them, and so how many messages a killed process can send twice on each.
	claimSize = 50
	// turnTime is how long a worker keeps a connection while others may wait for it.
	turnTime = 500 * time.Millisecond
	// sliceTime is how long Deliver works before it lets other work have its turn.
	sliceTime = 10 * time.Second
	// recordTimeout is what remains for recording when everything else is to stop.
	recordTimeout = 15 * time.Second
	// noRoutePause is how long messages wait for a mail route that is not set.
	noRoutePause = 15 * time.Minute
)

// Settings say how a Sender reaches people.
type Settings struct {
	// Route is the SMTP server for messages of live mode. Without one they wait.
	Route *email.Route
	// SMS is the provider that short messages of live mode go by.
	SMS *sms.Route
	// Outbox puts every message into the outbox, those of live mode too, as a
	// demo does. Those of test mode go there always.
	Outbox bool
	// Connections is how many are open to the SMTP server at most, for all
	// Companies together; 0 means 2.
	Connections int
	// Log gets what an operator should know; nil discards it.
	Log *slog.Logger
	// Clock tells the time by which messages are due and dated, the Store's; nil means time.Now.
	Clock func() time.Time
}

// A Sender brings messages out. It is safe for concurrent use, and meant to
// be kept: it holds open connections and compiled texts.
type Sender struct {
	store   *db.Store
	route   *email.Route
	sms     *sms.Route
	outbox  bool
	log     *slog.Logger
	clock   func() time.Time
	home    func(*db.Company) string // begins the addresses of its pages
	lines   chan *email.Line         // those that nobody uses at the moment
	request map[Language]*wording
	single  singleTexts

	mu          sync.Mutex
	letterheads map[letterheadKey]*letterhead

	mailOutage, smsOutage outage
	proposing             sync.Map // ids of the Proposals whose messages are under way
}

// New returns a Sender for all Companies of a Store.
func New(store *db.Store, settings Settings) (*Sender, error) {
	s := &Sender{
		store: store, home: store.BaseOf, route: settings.Route, sms: settings.SMS, outbox: settings.Outbox, log: settings.Log, clock: settings.Clock,
		letterheads: map[letterheadKey]*letterhead{},
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.clock == nil {
		s.clock = time.Now
	}
	connections := settings.Connections
	if connections < 1 {
		connections = 2
	}
	s.lines = make(chan *email.Line, connections)
	for range connections {
		var line *email.Line
		if s.route != nil {
			line = s.route.NewLine()
		}
		s.lines <- line
	}
	var err error
	if s.request, err = readRequests(); err != nil {
		return nil, err
	}
	s.single, err = readSingle()
	return s, err
}

// Close ends the connections once nobody uses them any more.
func (s *Sender) Close() {
	for range cap(s.lines) {
		if line := <-s.lines; line != nil {
			line.Close()
		}
	}
}

// toOutbox reports whether a Tenant's messages go into the outbox.
func (s *Sender) toOutbox(t *db.Tenant) bool { return s.outbox || t.Mode == db.Test }

// Deliver sends what is due of one Company, for about ten seconds. more tells
// that there is more to do at once; otherwise retry is when something will be
// due, zero if nothing will. A mail route that is down is no error: what is
// due then waits, and retry says until when.
//
// When ctx ends, what is being sent is finished and recorded, and the rest
// given back, so that nothing is sent twice.
func (s *Sender) Deliver(ctx context.Context, t *db.Tenant) (more bool, retry time.Time, err error) {
	if until := s.blocked(t); !until.IsZero() {
		return false, until, nil
	}
	head, err := s.letterhead(ctx, t)
	if err != nil {
		return false, time.Time{}, err
	}
	r := &round{sender: s, tenant: t, head: head, until: time.Now().Add(sliceTime)}
	if err := r.run(ctx); err != nil {
		return false, time.Time{}, err
	}
	select {
	case <-ctx.Done():
		return true, time.Time{}, nil
	default:
	}
	if until := s.blocked(t); !until.IsZero() {
		return false, until, nil
	}
	next, some, err := t.DueDeliveries(ctx)
	if err != nil || !some {
		return false, time.Time{}, err
	}
	return !next.After(s.clock()), next, nil
}

// blocked returns until when nothing of the Tenant can go out; zero if it can.
func (s *Sender) blocked(t *db.Tenant) time.Time {
	if s.toOutbox(t) {
		return time.Time{}
	}
	if s.route == nil {
		s.log.Warn("messages wait, since no mail route is set; set --smtp", "company", t.Company.ID)
		return time.Now().Add(noRoutePause)
	}
	return s.mailOutage.until()
}

func (s *Sender) routeFailed(err error) {
	s.log.Warn("the mail route fails; messages wait", "error", email.FailureOf(err).Detail, "pause", s.mailOutage.failed())
}

func (s *Sender) routeWorks() { s.mailOutage.ended() }

// line takes a connection that nobody uses, once there is one.
func (s *Sender) line(ctx context.Context) (*email.Line, error) {
	select {
	case line := <-s.lines:
		return line, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// record tries more than once: what has been sent and is not recorded would
// be sent again.
func (s *Sender) record(ctx context.Context, t *db.Tenant, outcomes []db.DeliveryOutcome) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTimeout)
	defer cancel()
	var err error
	for pause := 100 * time.Millisecond; ; pause *= 4 {
		if err = t.RecordDeliveries(ctx, outcomes); err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%d messages may go out again: %w", len(outcomes), errors.Join(err, ctx.Err()))
		case <-time.After(pause):
		}
	}
}
