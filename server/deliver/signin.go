package deliver

import (
	"context"
	"fmt"
	"time"

	"complero/db"
	"complero/server/deliver/email"
)

// MailSignIn brings a User their sign-in link. It does nothing where the link
// has ended or was used. In the outbox it would stand for everybody to open the
// dashboard with, so none goes there: whoever invited somebody has the link.
func (s *Sender) MailSignIn(ctx context.Context, t *db.Tenant, job db.MailSignIn) error {
	if s.toOutbox(t) {
		return nil
	}
	invitation, err := t.Invitation(ctx, job)
	if err != nil || invitation == nil {
		return err
	}
	if t.Company.SenderAddress == nil {
		s.log.Warn("a sign-in link is not mailed, since the Company has no sender address; set senderAddress by companyUpdate", "company", t.Company.ID)
		return nil
	}
	head, err := s.letterhead(ctx, t)
	if err != nil {
		return err
	}
	m, err := head.signInMail(invitation, s.clock())
	if err != nil {
		return fmt.Errorf("sign-in link for User %s: %w", invitation.User.ID, err)
	}
	return s.sendAlone(ctx, m, invitation.User.ID)
}

// signInMail is the message with a sign-in link.
func (h *letterhead) signInMail(in *db.Invitation, now time.Time) (*email.Message, error) {
	language := languageOf(h.formality, in.User.Locale, h.company.Locale)
	if in.Employee {
		until := in.Until.In(h.zone)
		return h.singleMail(single{
			kind: doorKind, language: language, id: in.MessageID,
			to: email.Mailbox{Name: in.User.Name, Address: in.User.Email},
			values: map[string]string{
				"name": in.User.Name, "company": h.name, "link": in.Link, "until": language.Date(until) + ", " + until.Format("15:04"),
			},
		}, now)
	}
	return h.singleMail(single{
		kind: signInKind, language: language, id: in.MessageID,
		to: email.Mailbox{Name: in.User.Name, Address: in.User.Email},
		values: map[string]string{
			"name": in.User.Name, "customer": in.Customer, "link": in.Link, "until": language.Date(in.Until.In(h.zone)),
		},
	}, now)
}
