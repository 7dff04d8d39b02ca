package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"

	"complero/db/profile"
)

// mostDigested is how many Updates one digest tells of; the page has the rest.
const mostDigested = 50

// digestMark begins the Message-ID of a digest.
const digestMark = "digest-"

// A Digest tells an Employee what their Contacts have changed since the last one.
type Digest struct {
	Company  *Company
	Employee *Employee
	// Updates are in the order in which they happened.
	Updates []Digested
	// Link leads to the Employee's pages; "" where they are shut.
	Link string
	// MessageID is the message's own, without angle brackets, the same on every try.
	MessageID string

	through int64
	due     time.Time
}

// Digested is what one Contact changed at one time.
type Digested struct {
	Contact *Contact
	Changes []profile.Change
}

// DeskURL is where the Employees' pages of the Company begin; "" where they are shut.
func (t *Tenant) DeskURL() string {
	if !t.Company.EmployeePages {
		return ""
	}
	if t.Mode == Test {
		return t.store.baseURL + "/me/" + t.Company.Slug + ".test/"
	}
	return t.store.baseURL + "/me/" + t.Company.Slug + "/"
}

// Digest reads what to tell an Employee; nil where none is due. One without
// Updates is only to be recorded.
func (t *Tenant) Digest(ctx context.Context, job SendDigest) (*Digest, error) {
	if err := t.check(workRight); err != nil {
		return nil, err
	}
	d := &Digest{Company: t.Company, Link: t.DeskURL()}
	var after int64
	err := t.store.read.DB.QueryRowContext(ctx, `SELECT CASE WHEN seen_number > digest_number THEN seen_number ELSE digest_number END, digest_at
		FROM employee_desk WHERE company_id = $1 AND mode = $2 AND employee_id = $3 AND digest_at <= $4`,
		t.store.engine.args([]any{t.Company.Key, t.Mode, job.EmployeeID, t.store.now()})...).Scan(&after, &d.due)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err == nil {
		d.through, err = t.lastNumber(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("read when a digest is due: %w", err)
	}
	d.MessageID = t.messageID(digestMark + job.EmployeeID + "." + strconv.FormatInt(d.due.Unix(), 36))
	if d.Employee, err = t.knownEmployee(ctx, job.EmployeeID); err != nil {
		return nil, err
	}
	if d.Employee == nil || deref(d.Employee.Email) == "" || !t.Company.WithEmployees {
		d.Employee = &Employee{ID: job.EmployeeID}
		return d, nil
	}
	return d, t.readDigest(ctx, d, after)
}

// readDigest adds the Updates that the Employee has not seen.
func (t *Tenant) readDigest(ctx context.Context, d *Digest, after int64) error {
	rows, err := t.read(ctx, selectEvents+` WHERE company_id = $1 AND mode = $2 AND kind = 'UPDATE' AND number > $3 AND number <= $4
		AND contact_id IN (SELECT id FROM contact WHERE company_id = $1 AND mode = $2 AND employee_id = $5)
		AND NOT EXISTS (SELECT 1 FROM employee_seen AS s WHERE s.company_id = event.company_id AND s.mode = event.mode
			AND s.employee_id = $5 AND s.number = event.number)
		ORDER BY number DESC LIMIT `+strconv.Itoa(mostDigested), t.Company.Key, t.Mode, after, d.through, d.Employee.ID)
	var events []*Event
	err = scanRows(rows, err, func(r rowScanner) error {
		e, err := t.scanEvent(r)
		events = append([]*Event{e}, events...)
		return err
	})
	if err != nil {
		return fmt.Errorf("read what a digest tells of: %w", err)
	}
	var numbers []int64
	var ids []string
	for _, e := range events {
		numbers, ids = append(numbers, e.Number), append(ids, e.ContactID)
	}
	changes, err := t.EventChanges(ctx, numbers)
	if err != nil {
		return err
	}
	contacts, err := t.ContactsByID(ctx, firsts(ids))
	for _, e := range events {
		if c := contacts[e.ContactID]; c != nil && len(changes[e.Number]) > 0 {
			d.Updates = append(d.Updates, Digested{c, changes[e.Number]})
		}
	}
	return err
}

// RecordDigest notes that a digest has been sent, or that there was nothing to
// tell, and when the next is due. message goes to the outbox, where that was its way.
func (t *Tenant) RecordDigest(ctx context.Context, d *Digest, message *OutboxMessage) error {
	return t.write(ctx, workRight, func(x *tx) error {
		var mails EmployeeMails
		err := x.row(ctx, `SELECT mails FROM employee_desk WHERE company_id = $1 AND mode = $2 AND employee_id = $3 AND digest_at = $4`+x.engine.locking(),
			x.company, x.mode, d.Employee.ID, d.due).Scan(&mails)
		if errors.Is(err, sql.ErrNoRows) {
			return nil // it was recorded, or they have chosen anew
		}
		if err == nil {
			_, err = x.exec(ctx, `UPDATE employee_desk SET digest_at = $4, digest_number = $5 WHERE company_id = $1 AND mode = $2 AND employee_id = $3`,
				x.company, x.mode, d.Employee.ID, mails.next(x.now, t.Company.Location()), d.through)
		}
		if err != nil {
			return fmt.Errorf("note a digest as sent: %w", err)
		}
		if message == nil {
			return nil
		}
		kept := *message
		// It quotes several Contacts, so it names none, and goes with whoever is erased first.
		kept.MessageID, kept.RequestID, kept.ContactID, kept.EmployeeID = d.MessageID, "", "", d.Employee.ID
		return x.keepMessages(ctx, []*OutboxMessage{&kept})
	})
}

// DigestsDue finds the digests that are to be sent by now.
func (s *Store) DigestsDue(ctx context.Context) ([]SendDigest, error) {
	rows, err := s.read.DB.QueryContext(ctx, `SELECT o.public_id, d.mode, d.employee_id FROM employee_desk AS d JOIN company AS o ON o.id = d.company_id
		WHERE d.digest_at <= $1 ORDER BY d.digest_at LIMIT 1000`, s.engine.args([]any{s.now()})...)
	var found []SendDigest
	err = scanRows(rows, err, func(r rowScanner) error {
		var job SendDigest
		err := r.Scan(&job.CompanyID, &job.Mode, &job.EmployeeID)
		found = append(found, job)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("find digests that are due: %w", err)
	}
	return found, nil
}
