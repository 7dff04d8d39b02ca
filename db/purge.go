package db

import (
	"context"
	"fmt"
	"time"
)

// payloadPeriod is how long an upload is kept after its Operation's end.
const payloadPeriod = 7 * 24 * time.Hour

// Purge deletes what has been kept long enough: payloads of Operations that
// ended a week ago, with what their items said, tries at a Verification of a month
// ago, sessions that are over, and idempotency keys of yesterday.
func (s *Store) Purge(ctx context.Context) error {
	const ended = `DELETE FROM %s WHERE EXISTS (SELECT 1 FROM operation AS o WHERE o.finished_at < $1
		AND o.company_id = %[1]s.company_id AND o.mode = %[1]s.mode AND o.id = %[1]s.operation_id)`
	for _, table := range []string{"operation_payload", "import_rows"} {
		_, err := s.write.DB.ExecContext(ctx, fmt.Sprintf(ended, table), s.engine.args([]any{s.now().Add(-payloadPeriod)})...)
		if err != nil {
			return fmt.Errorf("purge %s: %w", table, err)
		}
	}
	if err := s.forgetDrafts(ctx); err != nil {
		return err
	}
	if err := s.forgetTries(ctx); err != nil {
		return err
	}
	if err := s.forgetEnquiries(ctx); err != nil {
		return err
	}
	if err := s.forgetProposals(ctx); err != nil {
		return err
	}
	if err := s.forgetAsks(ctx); err != nil {
		return err
	}
	if err := s.endOldSessions(ctx); err != nil {
		return err
	}
	return s.forgetKeys(ctx)
}

// Unworked finds Operations that are not finished, so that their jobs can be
// inserted again should they have been lost.
func (s *Store) Unworked(ctx context.Context) ([]WorkOperation, error) {
	rows, err := s.read.DB.QueryContext(ctx, `SELECT c.public_id, o.mode, min(o.id) FROM operation AS o JOIN company AS c ON c.id = o.company_id
		WHERE o.finished_at IS NULL AND o.status <> 'WAITING_FOR_CONFIRMATION' GROUP BY c.public_id, o.mode`)
	var found []WorkOperation
	err = scanRows(rows, err, func(r rowScanner) error {
		var w WorkOperation
		err := r.Scan(&w.CompanyID, &w.Mode, &w.OperationID)
		found = append(found, w)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("find unfinished Operations: %w", err)
	}
	return found, nil
}
