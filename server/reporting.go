package main

import (
	"context"

	"github.com/riverqueue/river"

	"complero/db"
)

// rollUpReport counts what has happened in the report's figures.
func (w *workers) rollUpReport(ctx context.Context, job *river.Job[db.RollUpReport]) error {
	return w.goOn(ctx, job.Args.TenantRef, (*db.Tenant).RollUpReport)
}

// measureCoverage sees how much is on file, and how old it is.
func (w *workers) measureCoverage(ctx context.Context, job *river.Job[db.MeasureCoverage]) error {
	return w.goOn(ctx, job.Args.TenantRef, (*db.Tenant).MeasureCoverage)
}

// goOn does a part of a Tenant's work, and the rest by the same job later.
func (w *workers) goOn(ctx context.Context, ref db.TenantRef, do func(*db.Tenant, context.Context) (more bool, err error)) error {
	return w.forTenant(ctx, ref, func(t *db.Tenant) error {
		more, err := do(t, ctx)
		if err != nil {
			return err
		}
		return again(more)
	})
}

// reportsDue are jobs for the reports that are behind.
func (w *workers) reportsDue(ctx context.Context) ([]river.InsertManyParams, error) {
	behind, err := w.store.ReportsDue(ctx)
	if err != nil {
		return nil, err
	}
	unmeasured, err := w.store.CoverageDue(ctx)
	if err != nil {
		return nil, err
	}
	jobs, err := w.unsentReports(ctx)
	if err != nil {
		return nil, err
	}
	for _, ref := range behind {
		jobs = append(jobs, once(db.RollUpReport{TenantRef: ref}))
	}
	for _, ref := range unmeasured {
		jobs = append(jobs, once(db.MeasureCoverage{TenantRef: ref}))
	}
	return jobs, nil
}
