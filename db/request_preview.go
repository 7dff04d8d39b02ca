package db

import (
	"context"
	"fmt"
)

// A RequestsPreview tells what asking an audience would come to.
type RequestsPreview struct {
	// Contacts is how many the audience has.
	Contacts int
	// Asked is how many of them would get a Request.
	Asked int
	// LeftOut are the others, by reason.
	LeftOut []LeftOut
	// Channels are those that would carry the Requests.
	Channels []PlannedChannel
	// SampleID is one of those who would be asked; "" where nobody would.
	SampleID string
	// Obstacles are what keeps Requests from being made at all.
	Obstacles Errors
}

// LeftOut is how many Contacts are not asked for one reason.
type LeftOut struct {
	Reason   string
	Contacts int
}

// A PlannedChannel is how many Requests a Channel would carry.
type PlannedChannel struct {
	Channel  Channel
	Requests int
	// Cost is what they cost, in the Company's currency; nil where no price is known.
	Cost *float64
}

// ReasonAskedLately: the Contact was asked since the moment that was named.
const ReasonAskedLately = "ASKED_LATELY"

// PreviewRequests counts whom CreateRequests would ask now, and whom not.
// Nothing is stored or sent. It looks at every Contact of the audience: of a
// million that takes seconds.
func (t *Tenant) PreviewRequests(ctx context.Context, whom RequestAudience) (*RequestsPreview, error) {
	if err := t.mayAskAudience(); err != nil {
		return nil, err
	}
	a, err := t.audience(ctx, whom)
	if err != nil {
		return nil, err
	}
	p := &RequestsPreview{LeftOut: []LeftOut{}}
	if t.Mode == Live {
		p.Obstacles = t.routeProblems()
	}
	counts, err := t.countAudience(ctx, &a)
	if err != nil {
		return nil, err
	}
	for _, reason := range []string{ReasonStopped, ReasonAskedLately, ReasonNoAddress} {
		if n := counts[reason]; n > 0 {
			p.LeftOut, p.Contacts = append(p.LeftOut, LeftOut{reason, n}), p.Contacts+n
		}
	}
	p.Asked = counts[""]
	p.Contacts += p.Asked
	// Mail goes over the operator's own route, at no price for each.
	p.Channels = []PlannedChannel{{Channel: Email, Requests: p.Asked, Cost: ptr(0.0)}}
	if p.Asked > 0 {
		p.SampleID, err = t.sampleOf(ctx, &a)
	}
	return p, err
}

// mayAskAudience lets those ask whole audiences who may ask for the Company or
// a Source.
func (t *Tenant) mayAskAudience() error {
	if err := t.check(RequestsWrite); err != nil {
		return err
	}
	return t.speaks("asking many at once")
}

// leavesOut is why a Contact c of an audience is left out, as a text; "" for none.
func (t *Tenant) leavesOut(a *audience, w *conditions) string {
	lately := ""
	if condition := a.lately(w); condition != "" {
		lately = fmt.Sprintf("WHEN %s THEN '%s' ", condition, ReasonAskedLately)
	}
	return fmt.Sprintf("CASE WHEN c.stopped_at IS NOT NULL THEN '%s' %sWHEN %s THEN '%s' ELSE '' END",
		ReasonStopped, lately, t.store.engine.unreachable(), ReasonNoAddress)
}

// countAudience counts the audience by why they are left out.
func (t *Tenant) countAudience(ctx context.Context, a *audience) (map[string]int, error) {
	w := a.where(t)
	reason := t.leavesOut(a, w)
	rows, err := t.read(ctx, "SELECT reason, count(*) FROM (SELECT "+reason+" AS reason FROM contact AS c WHERE "+w.text+") AS counted GROUP BY reason", w.args...)
	counts := map[string]int{}
	err = scanRows(rows, err, func(r rowScanner) error {
		var reason string
		var n int
		err := r.Scan(&reason, &n)
		counts[reason] = n
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("count whom to ask: %w", err)
	}
	return counts, nil
}

// sampleOf is the id of one of those who would be asked.
func (t *Tenant) sampleOf(ctx context.Context, a *audience) (id string, err error) {
	w := a.where(t)
	reason := t.leavesOut(a, w)
	rows, err := t.read(ctx, "SELECT c.id FROM contact AS c WHERE "+w.text+" AND "+reason+" = '' ORDER BY c.id DESC LIMIT 1", w.args...)
	err = scanRows(rows, err, func(r rowScanner) error { return r.Scan(&id) })
	if err != nil {
		return "", fmt.Errorf("find somebody to ask: %w", err)
	}
	return id, nil
}
