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

// codeMail is the message with a one-time code, from the Brand itself. The
// subject leaves the code out: it shows on locked screens.
func (h *letterhead) codeMail(c *db.VerificationCode, now time.Time) (*email.Message, error) {
	p := &c.Contact.Profile
	language := languageOf(h.formality, p.Locale, h.company.Locale)
	layout, err := h.singleLayout(codeKind, language)
	if err != nil {
		return nil, err
	}
	rendered, err := layout.Render(map[string]string{"greeting": greeting(language, p), "company": h.name, "code": c.Code})
	if err != nil {
		return nil, err
	}
	from, replyTo := h.sender(nil)
	return &email.Message{
		ID: c.MessageID, Date: now.In(h.zone), From: from, ReplyTo: replyTo,
		To:      email.Mailbox{Name: p.DisplayName(), Address: c.To},
		Subject: rendered.Subject, Text: rendered.Text, HTML: rendered.HTML, Image: h.logo,
		// RFC 3834: so that no holiday notice comes back.
		Headers: []email.Header{{Name: "Auto-Submitted", Value: "auto-generated"}},
	}, nil
}
