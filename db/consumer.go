package db

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// consumerMark is the number up to which a named consumer has acknowledged
// the events; a new consumer stands at 0.
func (t *Tenant) consumerMark(ctx context.Context, name string) (int64, error) {
	rows, err := t.read(ctx, "SELECT number FROM consumer WHERE company_id = $1 AND mode = $2 AND name = $3", t.Company.Key, t.Mode, t.apart(name))
	var mark int64
	err = scanRows(rows, err, func(r rowScanner) error { return r.Scan(&mark) })
	return mark, err
}

// Acknowledgement says that a consumer has dealt with all events through one.
type Acknowledgement struct {
	Consumer string
	// Through is the id of the last event dealt with.
	Through string
	// Source, if given, is the one whose database now holds what these events
	// say, so that its Syncs may overwrite the Contacts' words again.
	Source *string
}

// Acknowledge moves a consumer's mark forwards, never back, and returns by
// how many events.
func (t *Tenant) Acknowledge(ctx context.Context, a Acknowledgement) (int, error) {
	a.Consumer = strings.TrimSpace(a.Consumer)
	if a.Consumer == "" {
		return 0, fail(Required, "consumer", "name the consumer, such as crm-import")
	}
	if len([]rune(a.Consumer)) > 100 {
		return 0, fail(TooLong, "consumer", "a consumer's name has at most 100 characters")
	}
	if a.Source != nil {
		if err := t.speaks("acknowledging for a Source"); err != nil {
			return 0, err
		}
	}
	var moved int64
	err := t.write(ctx, EventsWrite, func(x *tx) error {
		number := eventNumber(a.Through, x.company, x.mode)
		var known bool
		err := x.row(ctx, "SELECT EXISTS (SELECT 1 FROM event WHERE company_id = $1 AND mode = $2 AND number = $3)",
			x.company, x.mode, number).Scan(&known)
		if err != nil {
			return err
		}
		if !known {
			return NotFound("through", "there is no event %q; give the id of the last event dealt with", a.Through)
		}
		if moved, err = x.moveConsumer(ctx, a.Consumer, number); err != nil || a.Source == nil {
			return err
		}
		return x.moveSource(ctx, *a.Source, number)
	})
	return int(moved), err
}

func (x *tx) moveConsumer(ctx context.Context, name string, number int64) (moved int64, err error) {
	var before int64
	const add = `INSERT INTO consumer (company_id, mode, name, number, updated_at) VALUES ($1, $2, $3, 0, $4)
		ON CONFLICT (company_id, mode, name) DO UPDATE SET updated_at = excluded.updated_at RETURNING number`
	if err := x.row(ctx, add, x.company, x.mode, x.tenant.apart(name), x.now).Scan(&before); err != nil {
		return 0, err
	}
	if number <= before {
		return 0, nil
	}
	_, err = x.exec(ctx, "UPDATE consumer SET number = $4 WHERE company_id = $1 AND mode = $2 AND name = $3",
		x.company, x.mode, x.tenant.apart(name), number)
	return number - before, err
}

func (x *tx) moveSource(ctx context.Context, named string, number int64) error {
	source, err := x.tenant.source(ctx, x.Tx.Tx, &named)
	if err != nil {
		return err
	}
	_, err = x.exec(ctx, `INSERT INTO source_mark (company_id, mode, source, number) VALUES ($1, $2, $3, $4)
		ON CONFLICT (company_id, mode, source) DO UPDATE SET number = excluded.number WHERE source_mark.number < excluded.number`,
		x.company, x.mode, source, number)
	return err
}

// acknowledgedWords tells, by Contact, the time of the last of its answers
// that the Source has acknowledged: what the Contact said up to then, the
// Source holds, and may overwrite again.
//
// A MERGE tells of all that the Contact had said before; so does its undoing.
func (t *Tenant) acknowledgedWords(ctx context.Context, read reading, source string, contacts []string) (map[string]time.Time, error) {
	var mark int64
	rows, err := read(ctx, "SELECT number FROM source_mark WHERE company_id = $1 AND mode = $2 AND source = $3", t.Company.Key, t.Mode, source)
	if err := scanRows(rows, err, func(r rowScanner) error { return r.Scan(&mark) }); err != nil {
		return nil, fmt.Errorf("read the Source's mark: %w", err)
	}
	acked := map[string]time.Time{}
	if mark == 0 || len(contacts) == 0 {
		return acked, nil
	}
	query := t.store.engine.lookup("contact_id, occurred_at", "event",
		"company_id = $1 AND mode = $2 AND number <= $3 AND kind IN ('UPDATE', 'MERGE', 'UNMERGE')", "contact_id", 4, "")
	rows, err = read(ctx, query, t.Company.Key, t.Mode, mark, t.store.engine.list(contacts))
	err = scanRows(rows, err, func(r rowScanner) error {
		var id string
		var at time.Time
		err := r.Scan(&id, &at)
		if at.After(acked[id]) {
			acked[id] = at
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read acknowledged answers: %w", err)
	}
	return acked, nil
}
