package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"complero/db/profile"
)

// An EnquiryMail is an Enquiry that is to be sent, with all that its mail is made of.
type EnquiryMail struct {
	Enquiry
	ID      string
	Company *Company
	Brand   *Brand
	Contact *Contact
	// Employee is the one who gets it; nil where the Company does.
	Employee *Employee
	// To is the address that it goes to.
	To string
	// MessageID is the message's own, without angle brackets, the same on every try.
	MessageID string
	CreatedAt time.Time
}

// EnquiryMail reads an Enquiry that has not been sent; nil where it was, where
// the Contact is gone, and where nobody is left to send it to.
func (t *Tenant) EnquiryMail(ctx context.Context, id string) (*EnquiryMail, error) {
	if err := t.check(workRight); err != nil {
		return nil, err
	}
	m := &EnquiryMail{ID: id, Company: t.Company, MessageID: t.messageID(id)}
	var contact string
	var employee, words, reply *string
	err := t.store.read.DB.QueryRowContext(ctx, `SELECT contact_id, employee_id, words, reply_to, created_at FROM enquiry
		WHERE company_id = $1 AND mode = $2 AND id = $3 AND sent_at IS NULL`, t.store.engine.args([]any{t.Company.Key, t.Mode, id})...).
		Scan(&contact, &employee, &words, &reply, &m.CreatedAt)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read an enquiry: %w", err)
	}
	m.Words, m.ReplyTo = deref(words), deref(reply)
	contacts, err := t.ContactsByID(ctx, []string{contact})
	if err != nil || contacts[contact] == nil {
		return nil, err
	}
	m.Contact = contacts[contact]
	if t.Company.WithEmployees && employee != nil {
		found, err := t.EmployeesByID(ctx, []string{*employee})
		if err != nil {
			return nil, err
		}
		if e := found[*employee]; e != nil && deref(e.Email) != "" {
			m.Employee = e
		}
	}
	if m.To = enquiryAddress(m.Employee, t.Company); m.To == "" {
		return nil, nil
	}
	m.Brand, err = t.store.brand(ctx, t.Company.Key)
	return m, err
}

// RecordEnquiry notes that an Enquiry has been sent, and lets go of its words,
// which its mail has now. message goes to the outbox, where that was its way.
func (t *Tenant) RecordEnquiry(ctx context.Context, m *EnquiryMail, message *OutboxMessage) error {
	return t.write(ctx, workRight, func(x *tx) error {
		_, err := x.exec(ctx, `UPDATE enquiry SET sent_at = $4, words = NULL, reply_to = NULL
			WHERE company_id = $1 AND mode = $2 AND id = $3`, x.company, x.mode, m.ID, x.now)
		if err != nil {
			return fmt.Errorf("note an enquiry as sent: %w", err)
		}
		if message == nil {
			return nil
		}
		kept := *message
		kept.MessageID, kept.RequestID, kept.ContactID = m.MessageID, "", m.Contact.ID
		if m.Employee != nil {
			kept.EmployeeID = m.Employee.ID
		}
		return x.keepMessages(ctx, []*OutboxMessage{&kept})
	})
}

// lostAfter is when a mail that should have been sent at once is looked for.
const lostAfter = time.Minute

// UnsentEnquiries finds Enquiries that wait for longer than they should, so
// that their jobs can be inserted again should they have been lost.
func (s *Store) UnsentEnquiries(ctx context.Context) ([]SendEnquiry, error) {
	rows, err := s.read.DB.QueryContext(ctx, `SELECT o.public_id, e.mode, e.id FROM enquiry AS e JOIN company AS o ON o.id = e.company_id
		WHERE e.sent_at IS NULL AND e.created_at < $1 ORDER BY e.created_at LIMIT 1000`, s.engine.args([]any{s.now().Add(-lostAfter)})...)
	var found []SendEnquiry
	err = scanRows(rows, err, func(r rowScanner) error {
		var job SendEnquiry
		err := r.Scan(&job.CompanyID, &job.Mode, &job.EnquiryID)
		found = append(found, job)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("find unsent enquiries: %w", err)
	}
	return found, nil
}

// forgetEnquiries deletes what has been sent, once it no longer counts against
// its link.
func (s *Store) forgetEnquiries(ctx context.Context) error {
	_, err := s.write.DB.ExecContext(ctx, "DELETE FROM enquiry WHERE sent_at < $1", s.engine.args([]any{s.now().Add(-24 * time.Hour)})...)
	if err != nil {
		return fmt.Errorf("forget enquiries: %w", err)
	}
	return nil
}

// MailTo is the e-mail address that a text is; "" where it is none.
func MailTo(text string) string {
	address, problem := profile.NormalizeEmail(text)
	if problem != nil {
		return ""
	}
	return address
}

// MailAddress is where mail for the Contact goes; "" where there is no address
// that is not known to fail.
func (c *Contact) MailAddress() string {
	if e := mailAddress(&c.Profile); e != nil {
		return e.Address
	}
	return ""
}
