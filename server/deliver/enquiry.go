package deliver

import (
	"context"
	"fmt"
	"time"

	"complero/db"
	"complero/server/deliver/email"
)

// enquiryFields are those that the text around an enquiry may name.
var enquiryFields = []string{"employee", "contact", "company", "words", "reply", "replies"}

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

// enquiryMail is the message with the question, from the Brand itself. An
// answer goes to the Contact.
func (h *letterhead) enquiryMail(q *db.EnquiryMail, now time.Time) (*email.Message, error) {
	language := languageOf(h.formality, h.company.Locale)
	contact := q.Contact.Profile.DisplayName()
	if contact == "" {
		contact = q.Contact.ExternalID()
	}
	values := map[string]string{"contact": contact, "company": h.name, "words": q.Words, "reply": q.ReplyTo}
	to, name := email.Mailbox{Name: h.name, Address: q.To}, ""
	if e := q.Employee; e != nil {
		to.Name, name = e.DisplayName, e.DisplayName
		if language.informal && e.GivenName != nil {
			name = *e.GivenName
		}
	}
	values["employee"] = name
	from, _ := h.sender(nil)
	m := &email.Message{
		ID: q.MessageID, Date: now.In(h.zone), From: from, To: to, Image: h.logo,
		// RFC 3834: so that no holiday notice comes back.
		Headers: []email.Header{{Name: "Auto-Submitted", Value: "auto-generated"}},
	}
	if address := replyAddress(q); address != "" {
		m.ReplyTo = &email.Mailbox{Name: q.Contact.Profile.DisplayName(), Address: address}
		values["replies"] = address
	}
	return m, h.fillSingle(m, enquiryKind, language, values)
}

// fillSingle puts a text of one kind of message into it.
func (h *letterhead) fillSingle(m *email.Message, kind string, l Language, values map[string]string) error {
	layout, err := h.singleLayout(kind, l)
	if err != nil {
		return err
	}
	rendered, err := layout.Render(values)
	m.Subject, m.Text, m.HTML = rendered.Subject, rendered.Text, rendered.HTML
	return err
}

// replyAddress is where a reply goes: what the Contact named, if that is an
// e-mail address, else the first address on file that takes mail.
func replyAddress(q *db.EnquiryMail) string {
	if address := db.MailTo(q.ReplyTo); address != "" {
		return address
	}
	return q.Contact.MailAddress()
}

// sendOne sends a single message of live mode. refused tells why the server
// does not take it for good; an error is worth trying again.
func (s *Sender) sendOne(ctx context.Context, m *email.Message) (refused string, err error) {
	if s.route == nil {
		return "", errNoRoute
	}
	data, err := m.Append(nil)
	if err != nil {
		return err.Error(), nil // it can never be sent
	}
	line, err := s.line(ctx)
	if err != nil {
		return "", err
	}
	defer func() { s.lines <- line }()
	if err := line.Open(ctx); err != nil {
		return "", err
	}
	envelope := email.Envelope{From: m.From.Address, To: m.To.Address, Data: data}
	err = line.Send(ctx, []email.Envelope{envelope}, func() bool { return ctx.Err() == nil })[0]
	if failure := email.FailureOf(err); err != nil && !email.PutOff(err) && failure != nil && failure.Final && failure.Fault != email.RouteFault {
		return failure.Detail, nil
	}
	return "", err
}
