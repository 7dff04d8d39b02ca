package deliver

import (
	"context"
	"errors"
	"sync"
	"time"

	"complero/db"
	"complero/server/deliver/email"
)

// A round is one call of Deliver: several connections, each of which claims,
// sends and records for itself until nothing is left or the time is over.
type round struct {
	sender *Sender
	tenant *db.Tenant
	head   *letterhead
	until  time.Time

	mu    sync.Mutex
	sent  int
	route error // how the route failed, if it did
	fault error // what ends the round for all
}

// run works on all connections at once. A connection on which the route fails
// ends alone: some servers allow fewer than we would like. Only a round that
// could send nothing keeps everybody waiting.
func (r *round) run(ctx context.Context) error {
	var group sync.WaitGroup
	for range cap(r.sender.lines) {
		group.Go(func() {
			w := &worker{round: r}
			for r.goesOn(ctx) && w.turn(ctx) {
			}
		})
	}
	group.Wait()
	switch {
	case r.sent > 0:
		r.sender.routeWorks()
	case r.route != nil && ctx.Err() == nil:
		r.sender.routeFailed(r.route)
	}
	return r.fault
}

func (r *round) goesOn(ctx context.Context) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.fault == nil && ctx.Err() == nil && time.Now().Before(r.until)
}

// note adds to what became of the round, and reports whether its worker is to go on.
func (r *round) note(sent int, route, fault error) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sent += sent
	if route != nil {
		r.route = route
	}
	r.fault = errors.Join(r.fault, fault)
	return route == nil && fault == nil
}

// A worker is one connection's part of a round.
type worker struct {
	*round
	// pages holds the messages of one batch, one behind the other.
	pages []byte
}

// turn brings out batch by batch on one connection, and claims the next one
// while one is being sent. A batch is recorded before the next goes out, so that
// no more than one can go out twice. false ends the worker. The connection is
// opened first, so that a server that is down costs no Delivery an attempt.
func (w *worker) turn(ctx context.Context) bool {
	line, err := w.sender.line(ctx)
	if err != nil {
		return false // told to stop while waiting
	}
	defer func() { w.sender.lines <- line }()
	if !w.head.outbox {
		if err := line.Open(ctx); err != nil {
			return w.note(0, err, nil)
		}
	}
	until := time.Now().Add(turnTime)
	batch := w.claim(ctx)
	for goesOn := true; len(batch.claimed) > 0; {
		goesOn = goesOn && batch.fault == nil && time.Now().Before(until) && w.goesOn(ctx)
		ahead := w.claimAhead(ctx, goesOn)
		outcomes, route := w.bringOut(ctx, line, batch.claimed)
		fault := errors.Join(batch.fault, w.sender.record(ctx, w.tenant, outcomes))
		batch = <-ahead
		if !w.note(countSent(outcomes), route, fault) {
			w.note(0, nil, errors.Join(batch.fault, w.giveBack(ctx, batch.claimed)))
			return false
		}
		if !goesOn {
			return true
		}
	}
	w.note(0, nil, batch.fault)
	return false // nothing is left
}

// A batch is what one claim gave.
type batch struct {
	claimed []*db.Outgoing
	fault   error
}

func (w *worker) claim(ctx context.Context) batch {
	claimed, err := w.tenant.ClaimDeliveries(ctx, claimSize)
	if len(claimed) == 0 && ctx.Err() != nil {
		err = nil // told to stop
	}
	return batch{claimed, err}
}

// claimAhead claims while something else is being done, if it is to.
func (w *worker) claimAhead(ctx context.Context, really bool) <-chan batch {
	done := make(chan batch, 1)
	if !really {
		done <- batch{}
		return done
	}
	go func() { done <- w.claim(ctx) }()
	return done
}

// giveBack has claimed Deliveries be due again that were not tried.
func (w *worker) giveBack(ctx context.Context, claimed []*db.Outgoing) error {
	outcomes := make([]db.DeliveryOutcome, len(claimed))
	for i, o := range claimed {
		outcomes[i] = db.DeliveryOutcome{DeliveryID: o.DeliveryID, RequestID: o.RequestID, EmailID: o.To.ID, Status: db.DeliveryQueued}
	}
	return w.sender.record(ctx, w.tenant, outcomes)
}

func (w *worker) bringOut(ctx context.Context, line *email.Line, claimed []*db.Outgoing) ([]db.DeliveryOutcome, error) {
	if w.head.outbox {
		return w.keep(claimed), nil
	}
	return w.send(ctx, line, claimed)
}

// keep puts the messages into the outbox.
func (w *worker) keep(claimed []*db.Outgoing) []db.DeliveryOutcome {
	outcomes := make([]db.DeliveryOutcome, len(claimed))
	for i, o := range claimed {
		m, err := w.head.requestMail(o, w.sender.clock())
		outcomes[i] = outcomeOf(o, cannotSay(err))
		if err == nil {
			outcomes[i].Message = outboxMessage(m)
			outcomes[i].Message.RequestID, outcomes[i].Message.ContactID = o.RequestID, o.ContactID
			if o.Employee != nil {
				outcomes[i].Message.EmployeeID = o.Employee.ID
			}
		}
	}
	return outcomes
}

// send hands the messages to the SMTP server.
func (w *worker) send(ctx context.Context, line *email.Line, claimed []*db.Outgoing) ([]db.DeliveryOutcome, error) {
	outcomes := make([]db.DeliveryOutcome, len(claimed))
	envelopes := make([]email.Envelope, 0, len(claimed))
	places := make([]int, 0, len(claimed)) // of each envelope among the claimed
	w.pages = w.pages[:0]
	for i, o := range claimed {
		start := len(w.pages)
		if err := w.write(o); err != nil {
			outcomes[i] = outcomeOf(o, cannotSay(err))
			continue
		}
		envelopes = append(envelopes, email.Envelope{From: w.head.from, To: o.To.Address, Data: w.pages[start:len(w.pages):len(w.pages)]})
		places = append(places, i)
	}
	results := line.Send(ctx, envelopes, func() bool { return w.goesOn(ctx) })
	for i, err := range results {
		outcomes[places[i]] = outcomeOf(claimed[places[i]], err)
	}
	return outcomes, routeFault(results)
}

// write adds one message to the pages.
func (w *worker) write(o *db.Outgoing) error {
	m, err := w.head.requestMail(o, w.sender.clock())
	if err != nil {
		return err
	}
	pages, err := m.Append(w.pages)
	if err != nil {
		return err
	}
	w.pages = pages
	return nil
}
