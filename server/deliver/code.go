package deliver

import (
	"context"
	"fmt"

	"complero/db"
	"complero/db/verification"
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
	kept, refused, err := s.bring(ctx, head, head.code(code))
	if err != nil {
		return fmt.Errorf("code for Contact %s: %w", code.Contact.ID, err)
	}
	s.logRefused(code.Contact.ID, refused)
	if kept == nil {
		return nil
	}
	return t.RecordCode(ctx, code, kept)
}

// code is the message with a one-time code. A mail's subject leaves the code
// out: it shows on locked screens.
func (h *letterhead) code(c *db.VerificationCode) single {
	p := &c.Contact.Profile
	language := languageOf(h.formality, p.Locale, h.company.Locale)
	m := single{
		kind: codeKind, language: language, id: c.MessageID,
		values: map[string]string{"greeting": greeting(language, p), "company": h.name, "code": c.Code},
	}
	if c.Channel == db.SMS {
		m.number, m.validFor = c.To, verification.CodeTime
	} else {
		m.to = email.Mailbox{Name: p.DisplayName(), Address: c.To}
	}
	return m
}
