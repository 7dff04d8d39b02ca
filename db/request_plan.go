package db

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// requestPlan is what an Operation that asks an audience was told: it is kept
// as the Operation's payload, and goes with it.
type requestPlan struct {
	Whom      audience
	Channels  []Channel
	Ask       []Ask
	ExpiresAt time.Time
	TextName  *string `json:",omitempty"`
}

// planRequests stores whom to ask, and returns the Operation that will do it.
// Whoever is on file now belongs to the audience; those who come later do not.
func (t *Tenant) planRequests(ctx context.Context, in RequestsCreate) (*Operation, error) {
	if err := t.speaks("asking many at once"); err != nil {
		return nil, err
	}
	whom, err := t.audience(ctx, *in.Whom)
	if err != nil {
		return nil, err
	}
	var op *Operation
	var kept struct{ OperationID string }
	err = t.write(ctx, RequestsWrite, func(x *tx) error {
		op = nil
		_, err := x.once(ctx, "requestsCreate", in.IdempotencyKey, in, &kept, func() error {
			r, err := x.requestTemplate(ctx, in)
			if err != nil {
				return err
			}
			plan := requestPlan{Whom: whom, Channels: r.Channels, Ask: r.Ask, ExpiresAt: r.ExpiresAt, TextName: r.TextName}
			a := acceptance{kind: RequestsCreateOperation, uncounted: true, sourced: t.bound().source != ""}
			if op, err = x.insertOperation(ctx, a, pack([]byte(jsonOf(plan)))); err != nil {
				return err
			}
			kept.OperationID = op.ID
			x.touch(op.ID)
			return nil
		})
		return err
	})
	if err != nil || op != nil {
		return op, err
	}
	return t.operation(ctx, kept.OperationID)
}

// readPlan finds the Contacts whose turn it is. Those who are asked lately
// enough to be left out are no part of the Operation.
func (t *Tenant) readPlan(ctx context.Context, s *slice, data []byte) error {
	s.plan = new(requestPlan)
	if err := json.Unmarshal(data, s.plan); err != nil {
		return unreadable{err}
	}
	w := s.plan.Whom.where(t)
	if lately := s.plan.Whom.lately(w); lately != "" {
		w.text += " AND NOT " + lately
	}
	// Ids sort by the time at which they were made.
	w.add("c.id <= %s", strings.Replace(s.op.ID, "operation_", "contact_", 1))
	if s.op.Total == nil {
		rows, err := t.read(ctx, "SELECT count(*) FROM contact AS c WHERE "+w.text, w.args...)
		err = scanRows(rows, err, func(r rowScanner) error { return r.Scan(&s.planned) })
		if err != nil {
			return fmt.Errorf("count whom to ask: %w", err)
		}
	} else {
		s.planned = *s.op.Total
	}
	w.add("c.id > %s", s.op.Options.After)
	rows, err := t.read(ctx, fmt.Sprintf("SELECT c.id FROM contact AS c WHERE %s ORDER BY c.id LIMIT %d", w.text, sliceItems), w.args...)
	if s.ids, err = scanIDs(rows, err); err != nil {
		return fmt.Errorf("find whom to ask: %w", err)
	}
	return nil
}

// workPlan asks the Contacts of a slice, and moves the mark behind them.
func (x *tx) workPlan(ctx context.Context, s *slice) (finished bool, err error) {
	if len(s.ids) == 0 {
		return true, x.endOperation(ctx, s.op)
	}
	items, err := x.askContacts(ctx, s)
	if err != nil {
		return false, err
	}
	processed := s.first + len(items)
	s.op.Options.After, s.planned = s.ids[len(s.ids)-1], max(s.planned, processed)
	if s.last(processed) {
		s.planned = processed
	}
	_, err = x.exec(ctx, "UPDATE operation SET options = $4, total = $5 WHERE company_id = $1 AND mode = $2 AND id = $3",
		x.company, x.mode, s.op.ID, jsonOf(s.op.Options), s.planned)
	if err != nil {
		return false, fmt.Errorf("move the mark: %w", err)
	}
	return x.moveOperation(ctx, s, items)
}

// askContacts makes a Request for each Contact of a slice who can be asked.
// The others are left out, and their items say why.
func (x *tx) askContacts(ctx context.Context, s *slice) ([]*OperationItem, error) {
	contacts, err := x.lockAsked(ctx, s.ids)
	if err != nil {
		return nil, err
	}
	template := Request{
		CompanyID: x.company, Mode: x.mode, Source: ManualRequest, Status: RequestPending, Generation: 1,
		Channels: s.plan.Channels, Ask: s.plan.Ask, ExpiresAt: s.plan.ExpiresAt, TextName: s.plan.TextName,
	}
	items := make([]*OperationItem, len(s.ids))
	var asked []askedContact
	for n, id := range s.ids {
		items[n] = &OperationItem{Index: s.first + n, Outcome: ItemRejected}
		c := contacts[id]
		if c == nil {
			items[n].Errors = Errors{{NotFoundCode, []string{}, "the Contact is no longer on file"}}
			continue
		}
		items[n].ContactID, items[n].ExternalID = c.ID, nullable(c.ExternalID())
		r := x.newRequest(template, c)
		if r.Status == RequestSuppressed {
			items[n].Errors = Errors{{ConflictCode, []string{}, leftOutFor[*r.Reason]}}
			continue
		}
		items[n].Outcome = ItemCreated
		asked = append(asked, askedContact{r, c})
	}
	return items, x.insertAsked(ctx, asked)
}

// leftOutFor says why a Contact was not asked.
var leftOutFor = map[string]string{
	ReasonStopped:   "STOPPED: the Contact does not want to be asked",
	ReasonNoAddress: "NO_ADDRESS: the Contact has no e-mail address that works; upload one",
}
