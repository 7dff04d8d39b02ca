package deliver

import (
	"context"
	"fmt"
	"time"

	"complero/db"
	"complero/server/deliver/email"
)

// Propose asks the new place of a Proposal to confirm it, and tells the old one.
// It does nothing where that has been done. A new place that does not take mail
// ends the Proposal. An error is worth trying again.
func (s *Sender) Propose(ctx context.Context, t *db.Tenant, job db.SendProposal) error {
	mails, err := t.ProposalMails(ctx, job.ProposalID)
	if err != nil || len(mails) == 0 {
		return err
	}
	head, err := s.letterhead(ctx, t)
	if err != nil {
		return err
	}
	for _, p := range mails {
		if err := s.propose(ctx, t, head, p); err != nil {
			return fmt.Errorf("proposal %s: %w", p.ProposalID, err)
		}
	}
	return nil
}

// propose brings out one of a Proposal's messages.
func (s *Sender) propose(ctx context.Context, t *db.Tenant, head *letterhead, p *db.ProposalMail) error {
	m, err := head.proposalMail(p, s.clock())
	if err != nil {
		return err
	}
	if head.outbox {
		return t.RecordProposalMail(ctx, p, outboxMessage(m), false)
	}
	refused, err := s.sendOne(ctx, m)
	if err != nil {
		return err
	}
	return t.RecordProposalMail(ctx, p, nil, refused != "")
}

// proposalMail is the message about a new address, in the language that the
// Contact read the page in. The one to the new place names nobody: it may be a
// stranger's.
func (h *letterhead) proposalMail(p *db.ProposalMail, now time.Time) (*email.Message, error) {
	profile := &p.Contact.Profile
	language := languageOf(h.formality, p.Locale, profile.Locale, h.company.Locale)
	m := single{
		kind: confirmKind, language: language, id: p.MessageID, to: email.Mailbox{Address: p.To},
		values: map[string]string{"company": h.name, "link": p.Link, "expires": language.Date(p.ExpiresAt.In(h.zone))},
	}
	if p.Undo {
		m.kind, m.to.Name = changedKind, profile.DisplayName()
		m.values["greeting"], m.values["address"] = greeting(language, profile), p.Address
	}
	return h.singleMail(m, now)
}
