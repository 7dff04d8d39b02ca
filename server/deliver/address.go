package deliver

import (
	"context"
	"fmt"
	"time"

	"complero/db"
	"complero/server/deliver/email"
)

// The fields that the texts about new addresses may name: confirm goes to the
// new place, changed to the old one.
var (
	confirmFields = []string{"company", "link", "expires"}
	changedFields = []string{"greeting", "company", "address", "link", "expires"}
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
		m, err := head.proposalMail(p, s.clock())
		if err != nil {
			return fmt.Errorf("proposal %s: %w", p.ProposalID, err)
		}
		if head.outbox {
			err = t.RecordProposalMail(ctx, p, outboxMessage(m), false)
		} else {
			err = s.sendProposal(ctx, t, p, m)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Sender) sendProposal(ctx context.Context, t *db.Tenant, p *db.ProposalMail, m *email.Message) error {
	refused, err := s.sendOne(ctx, m)
	if err != nil {
		return fmt.Errorf("proposal %s: %w", p.ProposalID, err)
	}
	return t.RecordProposalMail(ctx, p, nil, refused != "")
}

// proposalMail is the message about a new address, from the Brand itself, in
// the language that the Contact read the page in. The one to the new place
// names nobody: it may be a stranger's.
func (h *letterhead) proposalMail(p *db.ProposalMail, now time.Time) (*email.Message, error) {
	profile := &p.Contact.Profile
	language := languageOf(h.formality, p.Locale, profile.Locale, h.company.Locale)
	kind, to := "confirm", email.Mailbox{Address: p.To}
	values := map[string]string{"company": h.name, "link": p.Link, "expires": language.Date(p.ExpiresAt.In(h.zone))}
	if p.Undo {
		kind, to.Name = "changed", profile.DisplayName()
		values["greeting"], values["address"] = greeting(language, profile), p.Address
	}
	from, replyTo := h.sender(nil)
	m := &email.Message{
		ID: p.MessageID, Date: now.In(h.zone), From: from, ReplyTo: replyTo, To: to, Image: h.logo,
		Headers: []email.Header{{Name: "Auto-Submitted", Value: "auto-generated"}},
	}
	return m, h.fillSingle(m, kind, language, values)
}
