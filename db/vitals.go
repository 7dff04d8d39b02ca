package db

import (
	"context"
	"fmt"
)

// Vitals are figures on the whole installation, for its operator.
type Vitals struct {
	Contacts int64
	// Events counts all that were ever written.
	Events int64
	// OperationsUnfinished and DeliveriesQueued tell what is still to be done.
	OperationsUnfinished int64
	DeliveriesQueued     int64
	// Jobs counts those that wait or run, by queue and state.
	Jobs []JobCount
}

// JobCount is how many jobs of a queue are in one of River's states.
type JobCount struct {
	Queue, State string
	Count        int64
}

// Vitals reads the figures from counters and small indexes, so that it can be
// asked every few seconds.
func (s *Store) Vitals(ctx context.Context) (*Vitals, error) {
	v := new(Vitals)
	err := s.read.DB.QueryRowContext(ctx, `SELECT
		(SELECT coalesce(sum(contacts), 0) FROM report_total WHERE employee_id = ''),
		(SELECT coalesce(sum(last_number), 0) FROM event_counter),
		(SELECT count(*) FROM operation WHERE finished_at IS NULL),
		(SELECT count(*) FROM delivery WHERE status = 'QUEUED')`).
		Scan(&v.Contacts, &v.Events, &v.OperationsUnfinished, &v.DeliveriesQueued)
	if err != nil {
		return nil, fmt.Errorf("read vitals: %w", err)
	}
	rows, err := s.read.DB.QueryContext(ctx, `SELECT queue, state, count(*) FROM river_job
		WHERE state IN ('available', 'pending', 'retryable', 'running', 'scheduled') GROUP BY queue, state`)
	err = scanRows(rows, err, func(r rowScanner) error {
		var c JobCount
		err := r.Scan(&c.Queue, &c.State, &c.Count)
		v.Jobs = append(v.Jobs, c)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("count jobs: %w", err)
	}
	return v, nil
}
