package main

import (
	"context"

	"github.com/riverqueue/river"

	"complero/db"
)

// notifyEmployee tells an Employee what one of their Contacts has changed.
func (w *workers) notifyEmployee(ctx context.Context, job *river.Job[db.NotifyEmployee]) error {
	return w.forOpen(ctx, job.Args.TenantRef, func(t *db.Tenant) error { return w.sender.Notify(ctx, t, job.Args) })
}

// sendCode sends a Contact the one-time code that they have asked for.
func (w *workers) sendCode(ctx context.Context, job *river.Job[db.SendVerificationCode]) error {
	return w.forTenant(ctx, job.Args.TenantRef, func(t *db.Tenant) error {
		if t.Company.ArchivedAt != nil {
			return nil // nobody can enter it
		}
		return w.sender.SendCode(ctx, t, job.Args)
	})
}

// mailSignIn brings a User their sign-in link.
func (w *workers) mailSignIn(ctx context.Context, job *river.Job[db.MailSignIn]) error {
	return w.forTenant(ctx, job.Args.TenantRef, func(t *db.Tenant) error { return w.sender.MailSignIn(ctx, t, job.Args) })
}

// sendEnquiry brings a Contact's question to whom it is for.
func (w *workers) sendEnquiry(ctx context.Context, job *river.Job[db.SendEnquiry]) error {
	return w.forOpen(ctx, job.Args.TenantRef, func(t *db.Tenant) error { return w.sender.Enquire(ctx, t, job.Args) })
}

// sendProposal asks a new address to be confirmed, and tells the old one.
func (w *workers) sendProposal(ctx context.Context, job *river.Job[db.SendProposal]) error {
	return w.forOpen(ctx, job.Args.TenantRef, func(t *db.Tenant) error { return w.sender.Propose(ctx, t, job.Args) })
}

// openDoor mails sign-in links to the Employees of an address.
func (w *workers) openDoor(ctx context.Context, job *river.Job[db.OpenDoor]) error {
	return w.released(ctx, w.store.OpenDoor(ctx, job.Args))
}

// sendDigest tells an Employee what their Contacts have changed.
func (w *workers) sendDigest(ctx context.Context, job *river.Job[db.SendDigest]) error {
	return w.forTenant(ctx, job.Args.TenantRef, func(t *db.Tenant) error { return w.sender.Digest(ctx, t, job.Args) })
}

// lostMails are jobs for the single mails that should have gone out by now, and
// for the digests that are due.
func (w *workers) lostMails(ctx context.Context) ([]river.InsertManyParams, error) {
	enquiries, err := w.store.UnsentEnquiries(ctx)
	if err != nil {
		return nil, err
	}
	var jobs []river.InsertManyParams
	for _, args := range enquiries {
		jobs = append(jobs, once(args))
	}
	proposals, err := w.store.UnsentProposals(ctx)
	if err != nil {
		return nil, err
	}
	for _, args := range proposals {
		jobs = append(jobs, once(args))
	}
	digests, err := w.store.DigestsDue(ctx)
	if err != nil {
		return nil, err
	}
	for _, args := range digests {
		jobs = append(jobs, once(args))
	}
	return jobs, nil
}
