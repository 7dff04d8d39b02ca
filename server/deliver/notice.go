package deliver

import (
	"context"
	"fmt"
	"time"

	"complero/db"
	"complero/server/deliver/email"
	"complero/theme"
)

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

// noticeMail is the message to the Employee.
func (h *letterhead) noticeMail(n *db.Notice, now time.Time) (*email.Message, error) {
	language := languageOf(h.formality, h.company.Locale)
	return h.singleMail(single{
		kind: noticeKind, language: language, id: n.MessageID,
		to:     email.Mailbox{Name: n.Employee.DisplayName, Address: *n.Employee.Email},
		values: map[string]string{"employee": language.calls(n.Employee), "contact": n.Contact.DisplayName(), "company": h.name, "link": n.Link},
		tables: []theme.Table{language.changes(n.Changes)},
	}, now)
}
