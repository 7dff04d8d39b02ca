package db

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// moveJobs is how many jobs move at once.
const moveJobs = 1000

// unfinishedJobs are the states of jobs that have something left to do.
var unfinishedJobs = []rivertype.JobState{
	rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable,
	rivertype.JobStateRunning, rivertype.JobStateScheduled,
}

// movedJob is a job of any kind, whose arguments nobody reads.
type movedJob struct {
	kind string
	args json.RawMessage
}

// Kind names the job for River.
func (j movedJob) Kind() string { return j.kind }

// MarshalJSON is the arguments as they were.
func (j movedJob) MarshalJSON() ([]byte, error) { return j.args, nil }

// copyJobs makes the source's unfinished jobs anew. What ran when its process
// was killed is due at once; former failures are forgotten.
func (m *move) copyJobs(ctx context.Context) (*tableDigest, error) {
	begun := time.Now()
	now := m.from.now()
	digest := newTableDigest()
	err := eachJobs(ctx, m.from.jobs, m.from.tx, func(jobs []*rivertype.JobRow) error {
		var made []river.InsertManyParams
		for _, j := range jobs {
			due := time.Time{}
			if j.State != rivertype.JobStateAvailable && j.State != rivertype.JobStateRunning && j.ScheduledAt.After(now) {
				due = j.ScheduledAt
			}
			if err := digest.addJob(j, due); err != nil {
				return err
			}
			made = append(made, river.InsertManyParams{Args: movedJob{j.Kind, j.EncodedArgs}, InsertOpts: &river.InsertOpts{
				MaxAttempts: j.MaxAttempts, Metadata: j.Metadata, Priority: j.Priority, Queue: j.Queue, ScheduledAt: due, Tags: j.Tags,
				Pending: j.State == rivertype.JobStatePending,
			}})
		}
		return m.to.insertJobs(ctx, made)
	})
	if err != nil {
		return nil, err
	}
	m.tell(MoveProgress{Table: "jobs", Rows: digest.rows, Took: time.Since(begun), Done: true})
	return digest, nil
}

func (e *moveTarget) insertJobs(ctx context.Context, jobs []river.InsertManyParams) error {
	tx, err := e.conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if _, err := e.jobs.InsertManyFastTx(ctx, tx, jobs); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// digestJobs reads the target's jobs, all of which were made by copyJobs.
func digestJobs(ctx context.Context, e *moveTarget) (*tableDigest, error) {
	digest := newTableDigest()
	tx, err := e.conn.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	err = eachJobs(ctx, e.jobs, tx, func(jobs []*rivertype.JobRow) error {
		for _, j := range jobs {
			due := j.ScheduledAt
			if j.State == rivertype.JobStateAvailable {
				due = time.Time{}
			}
			if err := digest.addJob(j, due); err != nil {
				return err
			}
		}
		return nil
	})
	return digest, errors.Join(err, tx.Rollback())
}

// eachJobs passes over the unfinished jobs in the order of their ids.
func eachJobs(ctx context.Context, client *river.Client[*sql.Tx], tx *sql.Tx, do func([]*rivertype.JobRow) error) error {
	list := river.NewJobListParams().States(unfinishedJobs...).OrderBy(river.JobListOrderByID, river.SortOrderAsc).First(moveJobs)
	for {
		found, err := client.JobListTx(ctx, tx, list)
		if err != nil || len(found.Jobs) == 0 {
			return err
		}
		if err := do(found.Jobs); err != nil {
			return err
		}
		list = list.After(found.LastCursor)
	}
}

// addJob hashes what of a job has to be the same. PostgreSQL orders the fields
// of what River keeps as jsonb its own way; River's times on SQLite have
// milliseconds.
func (d *tableDigest) addJob(j *rivertype.JobRow, due time.Time) error {
	args, err := orderedJSON(j.EncodedArgs)
	if err != nil {
		return err
	}
	var at any
	if !due.IsZero() {
		at = due.Round(time.Millisecond)
	}
	d.add([]any{j.Kind, args, j.Queue, int64(j.Priority), int64(j.MaxAttempts), strings.Join(j.Tags, "\n"), at})
	return nil
}

// orderedJSON writes JSON with the fields of each object in order.
func orderedJSON(text []byte) (string, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil {
		return "", err
	}
	ordered, err := json.Marshal(v)
	return string(ordered), err
}
