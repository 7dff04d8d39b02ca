package deliver

import (
	"context"
	"fmt"
	"time"

	"complero/db"
	"complero/server/deliver/email"
)

// SendCode sends a Contact the one-time code that they have asked for. It does
// nothing where the code counts no more or there is nowhere to send it to. An
// error is worth trying again, until the code has ended.
func (s *Sender) SendCode(ctx context.Context, t *db.Tenant, job db.SendVerificationCode) error {
	code, err := t.VerificationCode(ctx, job)
	if err != nil || code == nil {
		return err
	}
	head, err := s.letterhead(ctx, t)
	if err != nil {
		return err
	}
	m, err := head.codeMail(code, s.clock())
	if err != nil {
		return fmt.Errorf("code for Contact %s: %w", code.Contact.ID, err)
	}
	if head.outbox {
		return t.RecordCode(ctx, code, outboxMessage(m))
	}
	return s.sendAlone(ctx, m, code.Contact.ID)
}

// codeMail is the message with a one-time code. The subject leaves the code
// out: it shows on locked screens.
func (h *letterhead) codeMail(c *db.VerificationCode, now time.Time) (*email.Message, error) {
	p := &c.Contact.Profile
	language := languageOf(h.formality, p.Locale, h.company.Locale)
	return h.singleMail(single{
		kind: codeKind, language: language, id: c.MessageID,
		to:     email.Mailbox{Name: p.DisplayName(), Address: c.To},
		values: map[string]string{"greeting": greeting(language, p), "company": h.name, "code": c.Code},
	}, now)
}
