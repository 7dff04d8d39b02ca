package email

import (
	"context"
	"time"
)

// maxIdle is how long a connection may rest. Servers hang up after a minute or
// more, and a connection that rests costs them a place.
const maxIdle = 20 * time.Second

// A Line is a way to the SMTP server that stays open between messages and is
// opened anew when the server ends it. It serves one goroutine at a time.
type Line struct {
	route *Route
	conn  *Conn
	used  time.Time
}

// NewLine returns a Line, not yet open.
func (r *Route) NewLine() *Line { return &Line{route: r} }

// Open connects if need be. It is asked before messages are claimed, so that
// a server that is down costs none of them an attempt.
func (l *Line) Open(ctx context.Context) error {
	if l.conn != nil && !l.conn.broken && time.Since(l.used) < maxIdle {
		return nil
	}
	l.Close()
	conn, err := l.route.Dial(ctx)
	if err != nil {
		return err
	}
	l.conn, l.used = conn, time.Now()
	return nil
}

// Send is Conn.Send over as many connections as the server wants to end. A
// server that cannot be reached again leaves the rest PutOff.
func (l *Line) Send(ctx context.Context, envelopes []Envelope, more func() bool) []error {
	outcomes := make([]error, 0, len(envelopes))
	for len(outcomes) < len(envelopes) && l.Open(ctx) == nil {
		tried := upToPutOff(l.conn.Send(envelopes[len(outcomes):], more))
		l.used = time.Now()
		outcomes = append(outcomes, tried...)
		if !l.conn.broken || len(tried) > 0 && routeFailed(tried[len(tried)-1]) {
			break
		}
	}
	for len(outcomes) < len(envelopes) {
		outcomes = append(outcomes, errPutOff)
	}
	return outcomes
}

func upToPutOff(outcomes []error) []error {
	for i, err := range outcomes {
		if PutOff(err) {
			return outcomes[:i]
		}
	}
	return outcomes
}

// Close ends the connection, if there is one.
func (l *Line) Close() {
	if l.conn == nil {
		return
	}
	// The server hears QUIT or sees the end; either is enough.
	_ = l.conn.Close()
	l.conn = nil
}
