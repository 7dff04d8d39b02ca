package deliver

import (
	"context"
	"fmt"
	"time"

	"complero/db"
	"complero/server/deliver/email"
	"complero/theme"
)

// Digest tells an Employee by one mail what their Contacts have changed since
// the last one. It does nothing where none is due, and sends nothing where there
// is nothing to tell.
func (s *Sender) Digest(ctx context.Context, t *db.Tenant, job db.SendDigest) error {
	d, err := t.Digest(ctx, job)
	if err != nil || d == nil {
		return err
	}
	if len(d.Updates) == 0 {
		return t.RecordDigest(ctx, d, nil)
	}
	head, err := s.letterhead(ctx, t)
	if err != nil {
		return err
	}
	m, err := head.digestMail(d, s.clock())
	if err != nil {
		return fmt.Errorf("digest to Employee %s: %w", d.Employee.ID, err)
	}
	if head.outbox {
		return t.RecordDigest(ctx, d, outboxMessage(m))
	}
	if err := s.sendAlone(ctx, m, d.Employee.ID); err != nil {
		return err
	}
	return t.RecordDigest(ctx, d, nil)
}

// digestMail is the message to the Employee: one table, whose rows name the Contacts.
func (h *letterhead) digestMail(d *db.Digest, now time.Time) (*email.Message, error) {
	language := languageOf(h.formality, h.company.Locale)
	table := language.changes(nil)
	for _, u := range d.Updates {
		for _, row := range language.changes(u.Changes).Rows {
			row[0] = u.Contact.DisplayName() + ": " + row[0]
			table.Rows = append(table.Rows, row)
		}
	}
	return h.singleMail(single{
		kind: digestKind, language: language, id: d.MessageID,
		to:     email.Mailbox{Name: d.Employee.DisplayName, Address: *d.Employee.Email},
		values: map[string]string{"employee": language.calls(d.Employee), "company": h.name, "link": d.Link},
		tables: []theme.Table{table},
	}, now)
}
