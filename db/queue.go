package db

import (
	"context"
	"fmt"

	"github.com/riverqueue/river"
)

// The queues that jobs wait in, so that none of these has to wait for another:
// work on Operations, sending, and all the rest.
const (
	OperationsQueue = "operations"
	DeliveriesQueue = "deliveries"
	OtherQueue      = river.QueueDefault
)

// InsertOpts says where the job waits.
func (WorkOperation) InsertOpts() river.InsertOpts { return river.InsertOpts{Queue: OperationsQueue} }

// InsertOpts says where the job waits.
func (DeliverRequests) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: DeliveriesQueue}
}

// Upkeep asks for what keeps the database in shape: see [Store.Upkeep].
type Upkeep struct{}

// Kind names the job for River.
func (Upkeep) Kind() string { return "upkeep" }

// Upkeep deletes what has been kept long enough and makes the tables of the
// months that are coming.
func (s *Store) Upkeep(ctx context.Context) error {
	if err := s.Purge(ctx); err != nil {
		return err
	}
	return s.makePartitions(ctx)
}

// ReleaseJobs takes over the jobs that a former process was at when it ended.
// It changes nothing where several processes share the database: there, a
// [Presence] tells which of them is gone.
func (s *Store) ReleaseJobs(ctx context.Context) error {
	if !s.OneProcess() {
		return nil
	}
	if _, err := s.write.DB.ExecContext(ctx, "UPDATE river_job SET state = 'available' WHERE state = 'running'"); err != nil {
		return fmt.Errorf("release the jobs of a former process: %w", err)
	}
	return s.ReleaseClaims(ctx)
}
