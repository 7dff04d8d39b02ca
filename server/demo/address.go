package demo

import (
	"context"
	"strings"
	"time"

	"complero/db"
)

// planConfirmation sends the mails about new addresses, and has most of them
// confirmed within hours.
func (s *story) planConfirmation(ctx context.Context, w *crew, t *db.Tenant, r *db.Request) error {
	link, err := s.open(ctx, t, r)
	if err != nil {
		return err
	}
	system, err := s.system(ctx, t)
	if err != nil {
		return err
	}
	for _, p := range link.Waiting {
		mails, err := system.ProposalMails(ctx, p.ID)
		if err != nil {
			return err
		}
		ref := db.TenantRef{CompanyID: t.Company.ID, Mode: t.Mode}
		if err := s.sender.Propose(ctx, system, db.SendProposal{TenantRef: ref, ProposalID: p.ID}); err != nil {
			return err
		}
		for _, m := range mails {
			if !m.Undo && w.crowd.chance(85) {
				token := m.Link[strings.LastIndex(m.Link, "/")+1:]
				s.plan(s.clock.Now().Add(time.Duration(2+w.crowd.dice.IntN(300))*time.Minute), func(ctx context.Context) error {
					return s.confirm(ctx, token)
				})
			}
		}
	}
	return nil
}

// confirm does at the new address what its mail asks for.
func (s *story) confirm(ctx context.Context, token string) error {
	link, err := s.store.OpenProposal(ctx, token)
	if err != nil || !link.Open {
		return err
	}
	return link.Confirm(ctx)
}
