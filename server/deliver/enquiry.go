package deliver

import (
	"context"
	"fmt"
	"time"

	"complero/db"
	"complero/server/deliver/email"
)

// Enquire brings a Contact's question to the Employee, or to where the Company
// takes questions; there it goes as well where the Employee's mailbox refuses
// it for good. It does nothing where it has been done. An error is worth
// trying again.
func (s *Sender) Enquire(ctx context.Context, t *db.Tenant, job db.SendEnquiry) error {
	enquiry, err := t.EnquiryMail(ctx, job.EnquiryID)
	if err != nil || enquiry == nil {
		return err
	}
	head, err := s.letterhead(ctx, t)
	if err != nil {
		return err
	}
	m, err := head.enquiryMail(enquiry, s.clock())
	if err != nil {
		return fmt.Errorf("enquiry %s: %w", enquiry.ID, err)
	}
	if head.outbox {
		return t.RecordEnquiry(ctx, enquiry, outboxMessage(m))
	}
	refused, err := s.sendOne(ctx, m)
	if err == nil && refused != "" && enquiry.Employee != nil && head.from != enquiry.To {
		s.log.Warn("an Employee's mailbox refuses an enquiry; it goes to the sender's address", "employee", enquiry.Employee.ID, "error", refused)
		m.To = email.Mailbox{Name: head.name, Address: head.from}
		refused, err = s.sendOne(ctx, m)
	}
	if err != nil {
		return fmt.Errorf("enquiry %s: %w", enquiry.ID, err)
	}
	if refused != "" {
		return fmt.Errorf("enquiry %s: no mailbox takes it; see that senderAddress can receive mail", enquiry.ID)
	}
	return t.RecordEnquiry(ctx, enquiry, nil)
}

// enquiryMail is the message with the question. An answer goes to the Contact,
// never to the Company's support.
func (h *letterhead) enquiryMail(q *db.EnquiryMail, now time.Time) (*email.Message, error) {
	language := languageOf(h.formality, h.company.Locale)
	values := map[string]string{"contact": q.Contact.DisplayName(), "company": h.name, "words": q.Words, "reply": q.ReplyTo}
	to := email.Mailbox{Name: h.name, Address: q.To}
	if e := q.Employee; e != nil {
		to.Name, values["employee"] = e.DisplayName, language.calls(e)
	}
	var replyTo *email.Mailbox
	if address := replyAddress(q); address != "" {
		replyTo, values["replies"] = &email.Mailbox{Name: q.Contact.Profile.DisplayName(), Address: address}, address
	}
	m, err := h.singleMail(single{kind: enquiryKind, language: language, id: q.MessageID, to: to, values: values}, now)
	if err != nil {
		return nil, err
	}
	m.ReplyTo = replyTo
	return m, nil
}

// replyAddress is where a reply goes: what the Contact named, if that is an
// e-mail address, else the first address on file that takes mail.
func replyAddress(q *db.EnquiryMail) string {
	if address := db.MailTo(q.ReplyTo); address != "" {
		return address
	}
	return q.Contact.MailAddress()
}
