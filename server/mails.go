package main

import (
	"context"

	"github.com/riverqueue/river"

	"complero/db"
)

// sendEnquiry brings a Contact's question to whom it is for.
func (w *workers) sendEnquiry(ctx context.Context, job *river.Job[db.SendEnquiry]) error {
	t, err := w.tenant(ctx, job.Args.TenantRef)
	if err != nil || t == nil {
		return w.released(ctx, err)
	}
	if t.Company.ArchivedAt != nil {
		return river.JobSnooze(archivedPause)
	}
	return w.released(ctx, w.sender.Enquire(ctx, t, job.Args))
}

// sendProposal asks a new address to be confirmed, and tells the old one.
func (w *workers) sendProposal(ctx context.Context, job *river.Job[db.SendProposal]) error {
	t, err := w.tenant(ctx, job.Args.TenantRef)
	if err != nil || t == nil {
		return w.released(ctx, err)
	}
	if t.Company.ArchivedAt != nil {
		return river.JobSnooze(archivedPause)
	}
	return w.released(ctx, w.sender.Propose(ctx, t, job.Args))
}

// lostMails are jobs for the single mails that should have gone out by now.
func (w *workers) lostMails(ctx context.Context) ([]river.InsertManyParams, error) {
	enquiries, err := w.store.UnsentEnquiries(ctx)
	if err != nil {
		return nil, err
	}
	var jobs []river.InsertManyParams
	for _, args := range enquiries {
		jobs = append(jobs, river.InsertManyParams{Args: args, InsertOpts: onlyOne()})
	}
	proposals, err := w.store.UnsentProposals(ctx)
	if err != nil {
		return nil, err
	}
	for _, args := range proposals {
		jobs = append(jobs, river.InsertManyParams{Args: args, InsertOpts: onlyOne()})
	}
	return jobs, nil
}
