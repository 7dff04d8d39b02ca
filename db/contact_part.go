package db

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"complero/db/profile"
)

// said is what the person said at once, since the merge.
type said struct {
	number  int64
	at      time.Time
	merged  bool // through a Request of the merged Contact
	changes []profile.Change
}

// answersSince reads what the person said since the merge, in its order.
func (x *tx) answersSince(ctx context.Context, m *ContactMerge) ([]said, error) {
	rows, err := x.query(ctx, `SELECT number, occurred_at, request_id FROM event WHERE company_id = $1 AND mode = $2 AND contact_id = $3
		AND kind IN ('UPDATE', 'CONFIRM') AND occurred_at > $4 ORDER BY number`, x.company, x.mode, m.KeptID, m.MergedAt)
	var answers []said
	var numbers []int64
	err = scanRows(rows, err, func(r rowScanner) error {
		var a said
		var request *string
		err := r.Scan(&a.number, &a.at, &request)
		a.merged = slices.Contains(m.undo.Requests, deref(request))
		answers, numbers = append(answers, a), append(numbers, a.number)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read what was said since the merge: %w", err)
	}
	values, err := x.tenant.eventValues(ctx, x.query, numbers)
	for i := range answers {
		if v := values[answers[i].number]; v != nil {
			answers[i].changes = v.Changes
		}
	}
	return answers, err
}

// A parting takes a merged Contact apart.
type parting struct {
	now     *Contact
	merge   *ContactMerge
	ranks   map[profile.Speaker]int
	answers []said
	at      time.Time
}

// part returns the restored Contact; the kept one is what remains.
func (p parting) part() *Contact {
	undo := p.merge.undo
	other := &Contact{ID: p.merge.MergedID, source: p.now.source, EmployeeID: undo.Merged.EmployeeID, CreatedAt: undo.Merged.CreatedAt, UpdatedAt: p.at}
	words, views, carried := p.now.onFile(), p.now.views, p.now.metadata
	p.restore(other, &undo.Merged, words, views, true)
	p.restore(p.now, &undo.Kept, words, views, false)
	other.metadata, p.now.metadata = carried.ofThose(undo.Merged.Keys), carried.ofThose(undo.Kept.Keys)
	if undo.Kept.EmployeeID == "" && p.now.EmployeeID == undo.Merged.EmployeeID {
		p.now.EmployeeID = ""
	}
	p.now.CreatedAt, p.now.UpdatedAt = undo.Kept.CreatedAt, p.at
	return other
}

// restore makes a Contact what it was, with what was said of it since.
func (p parting) restore(c *Contact, was *contactState, words profile.View, views map[string]profile.View, merged bool) {
	file := was.OnFile
	c.views = map[string]profile.View{}
	for source := range was.Keys {
		by := profile.Source(source)
		c.views[source] = was.Views[source]
		if v, kept := views[source]; kept {
			for _, said := range v.Said(was.Views[source], by, p.ranks, p.at) {
				file = file.Say(said, newID)
			}
			c.views[source] = v
		}
	}
	c.ConfirmedAt = was.ConfirmedAt
	for _, a := range p.answers {
		if a.merged != merged {
			continue
		}
		c.ConfirmedAt = laterTime(c.ConfirmedAt, &a.at)
		file = file.Replay(a.changes, a.at, func(ch profile.Change) bool {
			now := words.Word(ch)
			_, ours := was.Keys[now.By.SourceKey()]
			return !ours || !now.At.After(a.at)
		})
	}
	c.Profile, c.provenance, c.keys = file.Profile, file.Provenance, maps.Clone(was.Keys)
}
