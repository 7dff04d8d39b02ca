package db

import (
	"context"
	"errors"
	"fmt"

	"github.com/uptrace/bun"
)

// keepsMessages reports whether messages that went out are kept as they were:
// in test mode and in the demo, which have them in the outbox.
func (t *Tenant) keepsMessages() bool { return t.Mode == Test || t.store.demo }

// MessagesOf reads the messages of Requests as they went out, by the Requests'
// ids, oldest first.
func (t *Tenant) MessagesOf(ctx context.Context, requestIDs []string) (map[string][]*OutboxMessage, error) {
	if err := errors.Join(t.check(RequestsRead), t.check(ContactsRead)); err != nil {
		return nil, err
	}
	found := map[string][]*OutboxMessage{}
	if !t.keepsMessages() || len(requestIDs) == 0 {
		return found, nil
	}
	var rows []*outboxRow
	q := t.rows(&rows).Where("request_id IN ?", bun.Tuple(requestIDs)).Order("id")
	if err := t.onlyMine(q, "contact_id").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read messages: %w", err)
	}
	for _, r := range rows {
		m, err := r.message(t)
		if err != nil {
			return nil, err
		}
		found[m.RequestID] = append(found[m.RequestID], m)
	}
	return found, nil
}

// Message returns one message of a Request as it went out; nil if there is none.
func (t *Tenant) Message(ctx context.Context, id string) (*OutboxMessage, error) {
	if err := errors.Join(t.check(RequestsRead), t.check(ContactsRead)); err != nil {
		return nil, err
	}
	if !t.keepsMessages() || !isID(id, "message") {
		return nil, nil
	}
	row := new(outboxRow)
	found, err := one(ctx, t.onlyMine(t.rows(row), "contact_id").Where("id = ?", id).Where("request_id IS NOT NULL"))
	if err != nil || !found {
		return nil, err
	}
	return row.message(t)
}

// RequestByCheckCode returns the Request whose messages carry a check code; nil
// if there is none. It fails with INVALID for what is no code.
func (t *Tenant) RequestByCheckCode(ctx context.Context, code string) (*Request, error) {
	if err := t.check(RequestsRead); err != nil {
		return nil, err
	}
	bits, ok := parseCheckCode(code)
	if !ok {
		return nil, fail(Invalid, "checkCode", "a code has %d letters and digits, such as 7K3QF-2MXD9", checkLength)
	}
	from, to := checkRange(bits)
	id := ""
	rows, err := t.read(ctx, "SELECT id FROM request WHERE token_hash >= $1 AND token_hash < $2 AND company_id = $3 AND mode = $4 ORDER BY token_hash LIMIT 1",
		from, to, t.Company.Key, t.Mode)
	if err := scanRows(rows, err, func(r rowScanner) error { return r.Scan(&id) }); err != nil || id == "" {
		return nil, err
	}
	return t.Request(ctx, id)
}
