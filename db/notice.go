package db

import (
	"context"
	"fmt"

	"complero/db/profile"
)

// A Notice tells an Employee what one of their Contacts has changed.
type Notice struct {
	Company  *Company
	Brand    *Brand
	Employee *Employee
	Contact  *Contact
	// Changes are those of one UPDATE, before and after.
	Changes []profile.Change
	// Link leads to the Employee's pages; "" where they are shut.
	Link string
	// MessageID is the message's own, without angle brackets, the same on every try.
	MessageID string
}

// EmployeeNotice reads what to tell the Employee. It is nil when there is
// nothing to send: the Contact is gone, has no Employee with an e-mail address
// any more, or its data were erased.
func (t *Tenant) EmployeeNotice(ctx context.Context, n NotifyEmployee) (*Notice, error) {
	if err := t.check(workRight); err != nil {
		return nil, err
	}
	contacts, err := t.ContactsByID(ctx, []string{n.ContactID})
	if err != nil {
		return nil, err
	}
	c := contacts[n.ContactID]
	if c == nil || c.EmployeeID == "" || !t.Company.WithEmployees {
		return nil, nil
	}
	employees, err := t.EmployeesByID(ctx, []string{c.EmployeeID})
	if err != nil {
		return nil, err
	}
	e := employees[c.EmployeeID]
	if e == nil || deref(e.Email) == "" {
		return nil, nil
	}
	if mails, err := t.mailsOf(ctx, e.ID); err != nil || mails != MailsEach {
		return nil, err // a digest tells of it, or nothing
	}
	number, err := t.updateAt(ctx, n)
	if err != nil || number == 0 {
		return nil, err
	}
	changes, err := t.EventChanges(ctx, []int64{number})
	if err != nil || len(changes[number]) == 0 {
		return nil, err
	}
	brand, err := t.store.brand(ctx, t.Company.Key)
	if err != nil {
		return nil, err
	}
	return &Notice{
		Company: t.Company, Brand: brand, Employee: e, Contact: c, Changes: changes[number], Link: t.DeskURL(),
		MessageID: t.messageID(eventID(t.Company.Key, t.Mode, number)),
	}, nil
}

// updateAt finds the number of the UPDATE that a job is about; 0 if there is none.
func (t *Tenant) updateAt(ctx context.Context, n NotifyEmployee) (number int64, err error) {
	rows, err := t.read(ctx, `SELECT number FROM event WHERE company_id = $1 AND mode = $2 AND contact_id = $3
		AND kind = 'UPDATE' AND occurred_at = $4`, t.Company.Key, t.Mode, n.ContactID, n.ChangedAt.UTC())
	err = scanRows(rows, err, func(row rowScanner) error { return row.Scan(&number) })
	if err != nil {
		return 0, fmt.Errorf("read the UPDATE to tell of: %w", err)
	}
	return number, nil
}

// RecordNotice keeps a Notice's message in the outbox, where that is its way;
// doing so twice keeps one.
func (t *Tenant) RecordNotice(ctx context.Context, n *Notice, m *OutboxMessage) error {
	return t.write(ctx, workRight, func(x *tx) error {
		kept := *m
		kept.MessageID, kept.RequestID, kept.ContactID, kept.EmployeeID = n.MessageID, "", n.Contact.ID, n.Employee.ID
		return x.keepMessages(ctx, []*OutboxMessage{&kept})
	})
}
