package deliver

import (
	"context"
	"fmt"
	"time"

	"complero/db"
	"complero/server/deliver/email"
)

// reportKind is the message that a report is attached to.
const reportKind = "report"

// A ReportFile is what a report's mail carries, with what the mail calls it.
type ReportFile struct {
	Title, Period string
	File          email.Attachment
}

// Report mails a report to its User, and notes that. An error is worth trying
// again; a mailbox that refuses the mail for good is not, and is logged. The
// outbox keeps the mail without the file.
func (s *Sender) Report(ctx context.Context, t *db.Tenant, m *db.ReportMail, file ReportFile) error {
	head, err := s.letterhead(ctx, t)
	if err != nil {
		return err
	}
	mail, err := head.reportMail(m, file, s.clock())
	if err != nil {
		return fmt.Errorf("report to User %s: %w", m.User.ID, err)
	}
	if head.outbox {
		return t.RecordReportMail(ctx, m, outboxMessage(mail))
	}
	if err := s.sendAlone(ctx, mail, m.User.ID); err != nil {
		return err
	}
	return t.RecordReportMail(ctx, m, nil)
}

// reportMail is the message with the report, from the Brand itself.
func (h *letterhead) reportMail(m *db.ReportMail, file ReportFile, now time.Time) (*email.Message, error) {
	language := languageOf(h.formality, m.User.Locale, h.company.Locale)
	mail, err := h.singleMail(single{
		kind: reportKind, language: language, id: m.MessageID,
		to:     email.Mailbox{Name: m.User.Name, Address: m.User.Email},
		values: map[string]string{"name": m.User.Name, "title": file.Title, "period": file.Period, "link": m.URL},
	}, now)
	if err != nil {
		return nil, err
	}
	mail.Attachment = &file.File
	return mail, nil
}
