package deliver

import (
	"context"
	"errors"
	"fmt"
	"time"

	"complero/db"
	"complero/server/deliver/email"
)

// errNoRoute makes a notice wait, like a Request, for a mail route.
var errNoRoute = errors.New("no mail route is set; set --smtp")

// Notify tells an Employee by mail what one of their Contacts has changed. It
// does nothing where there is nobody to tell any more. An error is worth
// trying again; a mail that the server refuses for good is not, and is logged.
func (s *Sender) Notify(ctx context.Context, t *db.Tenant, job db.NotifyEmployee) error {
	notice, err := t.EmployeeNotice(ctx, job)
	if err != nil || notice == nil {
		return err
	}
	head, err := s.letterhead(ctx, t)
	if err != nil {
		return err
	}
	m, err := head.noticeMail(notice, s.clock())
	if err != nil {
		return fmt.Errorf("notice to Employee %s: %w", notice.Employee.ID, err)
	}
	if head.outbox {
		return t.RecordNotice(ctx, notice, outboxMessage(m))
	}
	return s.sendAlone(ctx, m, notice.Employee.ID)
}

// sendAlone sends one message that is no Request to whoever has the id. That a
// mailbox refuses it for good is logged.
func (s *Sender) sendAlone(ctx context.Context, m *email.Message, id string) error {
	refused, err := s.sendOne(ctx, m)
	if err != nil {
		return fmt.Errorf("message to %s: %w", id, err)
	}
	if refused != "" {
		s.log.Warn("a message cannot be sent", "to", id, "error", refused)
	}
	return nil
}

// noticeMail is the message to the Employee, from the Brand itself.
func (h *letterhead) noticeMail(n *db.Notice, now time.Time) (*email.Message, error) {
	language := languageOf(h.formality, h.company.Locale)
	employee := n.Employee.DisplayName
	if language.informal && n.Employee.GivenName != nil {
		employee = *n.Employee.GivenName
	}
	contact := n.Contact.Profile.DisplayName()
	if contact == "" {
		contact = n.Contact.ExternalID()
	}
	layout, err := h.singleLayout(noticeKind, language)
	if err != nil {
		return nil, err
	}
	rendered, err := layout.Render(map[string]string{
		"employee": employee, "contact": contact, "company": h.name,
	}, language.changes(n.Changes))
	if err != nil {
		return nil, err
	}
	from, replyTo := h.sender(nil)
	return &email.Message{
		ID: n.MessageID, Date: now.In(h.zone), From: from, ReplyTo: replyTo,
		To:      email.Mailbox{Name: n.Employee.DisplayName, Address: *n.Employee.Email},
		Subject: rendered.Subject, Text: rendered.Text, HTML: rendered.HTML, Image: h.logo,
		// RFC 3834: so that no holiday notice comes back.
		Headers: []email.Header{{Name: "Auto-Submitted", Value: "auto-generated"}},
	}, nil
}
