package db

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"
)

// An Enquiry is a question that a Contact writes from the page: to the
// Employee, else to where the Company takes questions. It is kept until it has
// been sent, and counted in the report.
type Enquiry struct {
	// Words are plain text of at most 4,000 characters.
	Words string
	// ReplyTo is where the Contact would like an answer, in their own words: an
	// address, a number, a time of day. "" leaves it to the Company.
	ReplyTo string
}

// mostEnquiries is how many can be written by one link in a day: enough for a
// person, too few to fill anybody's mailbox.
const mostEnquiries = 5

// SendEnquiry asks for an Enquiry's mail.
type SendEnquiry struct {
	TenantRef
	EnquiryID string `json:"enquiryId"`
}

// Kind names the job for River.
func (SendEnquiry) Kind() string { return "send-enquiry" }

// clean checks an Enquiry and takes away what is around its words.
func (e Enquiry) clean() (Enquiry, error) {
	words, err := paragraph("words", 4000)(strings.ReplaceAll(e.Words, "\r\n", "\n"))
	errs := ErrorsOf(err)
	if err == nil && words == "" {
		errs = append(errs, ErrorsOf(fail(Required, "words", "the question is empty; write it down"))...)
	}
	reply, err := paragraph("replyTo", 200)(strings.Join(strings.Fields(e.ReplyTo), " "))
	if errs = append(errs, ErrorsOf(err)...); len(errs) > 0 {
		return Enquiry{}, errs
	}
	return Enquiry{Words: words, ReplyTo: reply}, nil
}

// TakesEnquiries reports whether an Enquiry of this link would reach anybody.
func (l *Link) TakesEnquiries() bool {
	return l.Contact != nil && enquiryAddress(l.Employee, l.Company) != ""
}

// enquiryAddress is where Enquiries go: to the Employee, else to the Company's
// support contact where that is an e-mail address, else to where Requests come
// from; "" is nowhere.
func enquiryAddress(e *Employee, c *Company) string {
	if e != nil && deref(e.Email) != "" {
		return *e.Email
	}
	return cmp.Or(MailTo(deref(c.SupportContact)), deref(c.SenderAddress))
}

// Enquire keeps a question and has it sent, whatever the link's state as long
// as the Contact is on file. It fails with NOT_FOUND without one, with REQUIRED,
// TOO_LONG or INVALID for its words, and with TOO_MANY_ITEMS after five in a day.
func (l *Link) Enquire(ctx context.Context, e Enquiry) error {
	e, err := e.clean()
	if err != nil {
		return err
	}
	return l.change(ctx, func(x *tx, c *Contact, r *Request) error {
		var lately int
		err := x.row(ctx, "SELECT count(*) FROM enquiry WHERE company_id = $1 AND mode = $2 AND request_id = $3 AND created_at > $4",
			x.company, x.mode, r.ID, x.now.Add(-24*time.Hour)).Scan(&lately)
		if err != nil {
			return fmt.Errorf("count enquiries: %w", err)
		}
		if lately >= mostEnquiries {
			return fail(TooManyItems, "words", "this link has sent %d questions within a day; answers are on their way, so try again tomorrow", lately)
		}
		id := newID("enquiry")
		_, err = x.exec(ctx, `INSERT INTO enquiry (company_id, mode, id, contact_id, request_id, employee_id, words, reply_to, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, x.company, x.mode, id, c.ID, r.ID, r.EmployeeID, e.Words, nullable(e.ReplyTo), x.now)
		if err != nil {
			return fmt.Errorf("keep an enquiry: %w", err)
		}
		x.enqueue(SendEnquiry{TenantRef: x.tenant.ref(), EnquiryID: id}, time.Time{})
		x.count(deref(r.EmployeeID), x.now, func(f *figures) { f.Enquiries++ })
		return nil
	})
}
