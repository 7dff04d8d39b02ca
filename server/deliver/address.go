package deliver

import (
	"context"
	"errors"
	"fmt"

	"complero/db"
)

// Propose asks the new place of a Proposal to confirm it, and tells the old one.
// It does nothing where that has been done. A new place that does not take
// messages ends the Proposal. An error is worth trying again.
func (s *Sender) Propose(ctx context.Context, t *db.Tenant, job db.SendProposal) error {
	// After an outage several jobs about one Proposal may come at once, and an SMS
	// that goes out twice costs twice.
	if _, busy := s.proposing.LoadOrStore(job.ProposalID, true); busy {
		return nil
	}
	defer s.proposing.Delete(job.ProposalID)
	mails, err := t.ProposalMails(ctx, job.ProposalID)
	if err != nil || len(mails) == 0 {
		return err
	}
	head, err := s.letterhead(ctx, t)
	if err != nil {
		return err
	}
	var errs []error // one place that cannot be reached does not keep the other from its message
	for _, p := range mails {
		if err := s.propose(ctx, t, head, p); err != nil {
			errs = append(errs, fmt.Errorf("proposal %s: %w", p.ProposalID, err))
		}
	}
	return errors.Join(errs...)
}

// propose brings out one of a Proposal's messages.
func (s *Sender) propose(ctx context.Context, t *db.Tenant, head *letterhead, p *db.ProposalMail) error {
	kept, refused, err := s.bring(ctx, head, head.proposal(p))
	if err != nil {
		return err
	}
	return t.RecordProposalMail(ctx, p, kept, refused != "")
}

// proposal is the message about a new address or number, in the language that
// the Contact read the page in. The one to the new place names nobody: it may be
// a stranger's.
func (h *letterhead) proposal(p *db.ProposalMail) single {
	profile := &p.Contact.Profile
	language := languageOf(h.formality, p.Locale, profile.Locale, h.company.Locale)
	m := single{
		kind: confirmKind, language: language, id: p.MessageID,
		values: map[string]string{"company": h.name, "link": p.Link, "expires": language.Date(p.ExpiresAt.In(h.zone))},
	}
	if p.Channel == db.SMS {
		m.number = p.To
	} else {
		m.to.Address = p.To
	}
	if p.Undo {
		m.kind, m.to.Name = changedKind, profile.DisplayName()
		if p.Kind == db.ProposalPhone {
			m.kind = numberKind
		}
		m.values["greeting"], m.values["address"] = greeting(language, profile), language.upright(p.Address)
	}
	return m
}
