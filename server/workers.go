package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"complero/db"
	"complero/frontend/dashboard"
	"complero/graph"
	"complero/server/deliver"
)

// The pace of the workers. River cancels a job after jobTimeout, and gives one
// whose process died to another process after rescueAfter.
const (
	jobTimeout  = 30 * time.Second
	rescueAfter = 60 * time.Second
	sweepEvery  = 5 * time.Second
	upkeepEvery = 24 * time.Hour
	// presentEvery is how often a process shows that it lives, and looks after
	// the jobs of those who do not; where that fails, rescueAfter holds.
	presentEvery = 3 * time.Second
	// softStop is how long running jobs may go on when the server stops; hardStop
	// is how long they then have to record where they are.
	softStop = 3 * time.Second
	// archivedPause is how long a notice of an archived Company waits each time:
	// it may be used again.
	archivedPause = time.Hour
	hardStop      = 10 * time.Second
)

// A sender brings Requests, notices and one-time codes out through the Channels.
type sender interface {
	// Deliver sends what is due, for some seconds at most; more tells that it is
	// to be called again.
	Deliver(ctx context.Context, t *db.Tenant) (more bool, retry time.Time, err error)
	Notify(ctx context.Context, t *db.Tenant, n db.NotifyEmployee) error
	MailSignIn(ctx context.Context, t *db.Tenant, job db.MailSignIn) error
	SendCode(ctx context.Context, t *db.Tenant, c db.SendVerificationCode) error
	Enquire(ctx context.Context, t *db.Tenant, job db.SendEnquiry) error
	Digest(ctx context.Context, t *db.Tenant, job db.SendDigest) error
	Propose(ctx context.Context, t *db.Tenant, job db.SendProposal) error
	Report(ctx context.Context, t *db.Tenant, m *db.ReportMail, file deliver.ReportFile) error
}

// workers do the follow-up that was stored as jobs. Every job may run twice
// and does no harm then.
type workers struct {
	store    *db.Store
	sender   sender
	api      dashboard.API // of which reports are asked
	client   *river.Client[*sql.Tx]
	photos   *http.Client
	log      *slog.Logger
	presence *db.Presence
	absent   func() // ends the presence
	stopping atomic.Bool
	heap     heapLimit
}

// newWorkers makes workers that do up to each jobs of one queue at once.
func newWorkers(store *db.Store, s sender, each int, log *slog.Logger) (*workers, error) {
	w := &workers{store: store, sender: s, api: inProcess(graph.New(graph.Config{Log: log})), photos: photoClient(isPublic), log: log, presence: store.Presence(), absent: func() {}}
	w.heap.elsewhere = !store.OneProcess()
	handlers := river.NewWorkers()
	river.AddWorker(handlers, river.WorkFunc(w.workOperation))
	river.AddWorker(handlers, river.WorkFunc(w.deliverRequests))
	river.AddWorker(handlers, river.WorkFunc(w.notifyEmployee))
	river.AddWorker(handlers, river.WorkFunc(w.sendCode))
	river.AddWorker(handlers, river.WorkFunc(w.mailSignIn))
	river.AddWorker(handlers, river.WorkFunc(w.openDoor))
	river.AddWorker(handlers, river.WorkFunc(w.sendDigest))
	river.AddWorker(handlers, river.WorkFunc(w.sendEnquiry))
	river.AddWorker(handlers, river.WorkFunc(w.sendProposal))
	river.AddWorker(handlers, river.WorkFunc(w.fetchPhoto))
	river.AddWorker(handlers, river.WorkFunc(w.matchContacts))
	river.AddWorker(handlers, river.WorkFunc(w.rollUpReport))
	river.AddWorker(handlers, river.WorkFunc(w.measureCoverage))
	river.AddWorker(handlers, river.WorkFunc(w.mailReport))
	river.AddWorker(handlers, river.WorkFunc(w.sweep))
	river.AddWorker(handlers, river.WorkFunc(w.upkeep))
	queue := river.QueueConfig{MaxWorkers: each}
	var err error
	w.client, err = river.NewClient(store.Driver(), &river.Config{
		ID:                w.presence.Name(),
		Logger:            onlyWarnings(log),
		Workers:           handlers,
		Queues:            map[string]river.QueueConfig{db.OperationsQueue: queue, db.DeliveriesQueue: queue, db.OtherQueue: queue},
		FetchPollInterval: 200 * time.Millisecond, // its drivers for database/sql do not listen
		FetchCooldown:     20 * time.Millisecond,
		JobTimeout:        jobTimeout, RescueStuckJobsAfter: rescueAfter, SoftStopTimeout: softStop,
		CompletedJobRetentionPeriod: time.Hour,
		PeriodicJobs: []*river.PeriodicJob{
			periodic(sweepEvery, db.Sweep{}),
			periodic(upkeepEvery, db.Upkeep{}),
		},
	})
	if err != nil {
		return nil, fmt.Errorf("make the workers: %w", err)
	}
	return w, nil
}

func periodic(every time.Duration, args river.JobArgs) *river.PeriodicJob {
	return river.NewPeriodicJob(river.PeriodicInterval(every),
		func() (river.JobArgs, *river.InsertOpts) { return args, nil },
		&river.PeriodicJobOpts{RunOnStart: true})
}

// start takes over what a former process left behind and begins to work. The
// workers go on until stop is called, whatever becomes of the context.
func (w *workers) start(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	if err := w.store.ReleaseJobs(ctx); err != nil {
		return err
	}
	if err := w.presence.Keep(ctx); err != nil {
		return err
	}
	if err := w.resume(ctx); err != nil {
		return err
	}
	if err := w.client.Start(ctx); err != nil {
		return fmt.Errorf("start the workers: %w", err)
	}
	if !w.store.OneProcess() {
		w.stayPresent(ctx)
	}
	return nil
}

// stayPresent shows the other processes that this one lives, until absent is
// called.
func (w *workers) stayPresent(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	var ended sync.WaitGroup
	ended.Go(func() {
		tick := time.NewTicker(presentEvery)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
			case <-ctx.Done():
				return
			}
			if err := w.presence.Keep(ctx); err != nil && ctx.Err() == nil {
				w.log.WarnContext(ctx, "other processes may take this one for gone", "error", err)
			}
		}
	})
	w.absent = func() {
		cancel()
		ended.Wait()
	}
}

// stop lets running jobs finish for a moment, then has them stop where they
// are. Those are released: the next process goes on with them at once.
func (w *workers) stop(ctx context.Context) error {
	w.stopping.Store(true)
	ctx, cancel := context.WithTimeout(ctx, softStop+hardStop)
	defer cancel()
	err := w.client.Stop(ctx)
	w.absent()
	if err = errors.Join(err, w.presence.Close(ctx)); err != nil {
		return fmt.Errorf("stop the workers: %w", err)
	}
	return nil
}

// released makes a job that the stop has interrupted due again, at once and
// without counting as a failure.
func (w *workers) released(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil && w.stopping.Load() {
		return river.JobSnooze(0)
	}
	return err
}

// again has a job that has more to do come back at once, behind the others.
func again(more bool) error {
	if more {
		return river.JobSnooze(0)
	}
	return nil
}

// forTenant does the work of a job for its Tenant; where its Company is gone,
// the work is gone with it.
func (w *workers) forTenant(ctx context.Context, ref db.TenantRef, work func(*db.Tenant) error) error {
	t, err := w.store.Work(ctx, ref)
	if db.CodeOf(err) == db.NotFoundCode {
		return nil
	}
	if err == nil {
		err = work(t)
	}
	return w.released(ctx, err)
}

// forOpen is forTenant for what waits while the Company is archived.
func (w *workers) forOpen(ctx context.Context, ref db.TenantRef, work func(*db.Tenant) error) error {
	return w.forTenant(ctx, ref, func(t *db.Tenant) error {
		if t.Company.ArchivedAt != nil {
			return river.JobSnooze(archivedPause)
		}
		return work(t)
	})
}

func (w *workers) workOperation(ctx context.Context, job *river.Job[db.WorkOperation]) error {
	return w.forTenant(ctx, job.Args.TenantRef, func(t *db.Tenant) error {
		defer w.heap.tighten()()
		done, err := t.WorkOperation(ctx, job.Args.OperationID)
		if err != nil {
			return err
		}
		return again(!done)
	})
}

// deliverRequests sends what is due. What is to be tried again later, the
// sweep finds when it is due.
func (w *workers) deliverRequests(ctx context.Context, job *river.Job[db.DeliverRequests]) error {
	return w.forTenant(ctx, job.Args.TenantRef, func(t *db.Tenant) error {
		more, _, err := w.sender.Deliver(ctx, t)
		if err != nil {
			return err
		}
		return again(more)
	})
}

func (w *workers) matchContacts(ctx context.Context, job *river.Job[db.MatchContacts]) error {
	return w.goOn(ctx, job.Args.TenantRef, (*db.Tenant).MatchContacts)
}

func (w *workers) sweep(ctx context.Context, _ *river.Job[db.Sweep]) error {
	_, err := w.store.Expire(ctx)
	return w.released(ctx, errors.Join(err, w.store.PlanReports(ctx), w.resume(ctx), w.store.IndexSearch(ctx)))
}

func (w *workers) upkeep(ctx context.Context, _ *river.Job[db.Upkeep]) error {
	return w.released(ctx, w.store.Upkeep(ctx))
}

// resume inserts a job for whatever is unfinished, so that nothing depends on
// a job that was discarded after too many failures. One that waits or runs
// already is not inserted a second time.
func (w *workers) resume(ctx context.Context) error {
	operations, err := w.store.Unworked(ctx)
	if err != nil {
		return err
	}
	due, err := w.store.DeliveriesDue(ctx)
	if err != nil {
		return fmt.Errorf("find due Deliveries: %w", err)
	}
	matches, err := w.store.MatchesDue(ctx)
	if err != nil {
		return fmt.Errorf("find Contacts to be matched: %w", err)
	}
	jobs, err := w.lostMails(ctx)
	if err != nil {
		return err
	}
	reports, err := w.reportsDue(ctx)
	if err != nil {
		return err
	}
	jobs = append(jobs, reports...)
	for _, ref := range matches {
		jobs = append(jobs, once(db.MatchContacts{TenantRef: ref}))
	}
	for _, args := range operations {
		jobs = append(jobs, once(args))
	}
	for _, ref := range due {
		jobs = append(jobs, once(db.DeliverRequests{TenantRef: ref}))
	}
	if len(jobs) == 0 {
		return nil
	}
	if _, err := w.client.InsertMany(ctx, jobs); err != nil {
		return fmt.Errorf("insert jobs for what is unfinished: %w", err)
	}
	return nil
}

// once is a job that is not inserted where one like it waits or runs already.
func once(args river.JobArgs) river.InsertManyParams {
	return river.InsertManyParams{Args: args, InsertOpts: &river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
		rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning, rivertype.JobStateScheduled,
	}}}}
}
