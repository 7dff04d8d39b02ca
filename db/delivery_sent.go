package db

import (
	"context"
	"errors"
	"time"
)

// sentStatement records on PostgreSQL, by one statement, Deliveries that were
// simply sent: each from QUEUED to SENT, its Request from PENDING to SENT, with
// its event and the report's figures. What is not as simple it leaves alone.
//
// The locks are taken in their order: Requests sorted by id, as they are given;
// then the counter, which waits until all of them are counted; then the report's
// rows, which wait for the counter.
const sentStatement = `WITH
	r AS MATERIALIZED (
		SELECT u.delivery_id, u.detail, f.*
		FROM unnest($6::text[], $7::text[], $8::text[]) AS u(request_id, delivery_id, detail) CROSS JOIN LATERAL (
			SELECT id, contact_id, employee_id FROM request WHERE company_id = $1 AND mode = $2 AND id = u.request_id COLLATE "C"
				AND status = 'PENDING' AND sent_at IS NULL AND delivered_at IS NULL OFFSET 0 FOR UPDATE) AS f),
	d AS (
		UPDATE delivery AS t SET status = 'SENT', due_at = $3, at = $3, detail = r.detail FROM r
		WHERE t.company_id = $1 AND t.mode = $2 AND t.id = r.delivery_id COLLATE "C" AND t.request_id = r.id AND t.status = 'QUEUED'
		RETURNING r.id, r.contact_id, r.employee_id, t.channel),
	sent AS (
		UPDATE request AS t SET status = 'SENT', channel = d.channel, sent_at = $3 FROM d
		WHERE t.company_id = $1 AND t.mode = $2 AND t.id = d.id
		RETURNING d.*),
	total AS MATERIALIZED (SELECT count(*) AS n FROM sent),
	counter AS (
		INSERT INTO event_counter (company_id, mode, last_number) SELECT $1, $2, n FROM total WHERE n > 0
		ON CONFLICT (company_id, mode) DO UPDATE SET last_number = event_counter.last_number + excluded.last_number
		RETURNING last_number),
	events AS (
		INSERT INTO event (company_id, mode, number, kind, occurred_at, contact_id, contact_external_id, employee_id, request_id, channel)
		SELECT $1, $2, c.last_number - t.n + row_number() OVER (), 'REQUEST_SENT', $3, s.contact_id, k.external_id, s.employee_id, s.id, s.channel
		FROM counter AS c CROSS JOIN total AS t CROSS JOIN sent AS s LEFT JOIN LATERAL (
			SELECT coalesce(external_ids ->> $4, (SELECT value FROM json_each_text(external_ids) ORDER BY key COLLATE "C" LIMIT 1)) AS external_id
			FROM contact WHERE company_id = $1 AND mode = $2 AND id = s.contact_id OFFSET 0) AS k ON true),
	days AS (
		INSERT INTO report_day (company_id, mode, employee_id, day, sent)
		SELECT $1, $2, e.id, $5, e.n FROM counter CROSS JOIN (
			SELECT id, count(*) AS n FROM (SELECT '' AS id FROM sent UNION ALL SELECT employee_id FROM sent WHERE employee_id IS NOT NULL) AS each
			GROUP BY id ORDER BY id COLLATE "C") AS e
		ON CONFLICT (company_id, mode, employee_id, day) DO UPDATE SET sent = report_day.sent + excluded.sent)
	SELECT n FROM total`

// recordSent records outcomes that are all as simple, with few statements,
// and reports whether it did. Otherwise what it has not recorded, or all, is left
// for recordAny.
func (t *Tenant) recordSent(ctx context.Context, outcomes []DeliveryOutcome) (bool, error) {
	for _, o := range outcomes {
		if o.Status != DeliverySent || o.Message != nil || !o.Plain {
			return false, nil
		}
	}
	if t.store.engine == onPostgres {
		return t.recordSentPostgres(ctx, outcomes)
	}
	err := t.write(ctx, workRight, func(x *tx) error { return x.recordSentSQLite(ctx, outcomes) })
	if errors.Is(err, errNotSimple) {
		return false, nil
	}
	return err == nil, err
}

// recordSentPostgres records by sentStatement.
func (t *Tenant) recordSentPostgres(ctx context.Context, outcomes []DeliveryOutcome) (bool, error) {
	requests, deliveries, details := make([]string, len(outcomes)), make([]string, len(outcomes)), make([]*string, len(outcomes))
	for i, o := range outcomes {
		requests[i], deliveries[i], details[i] = o.RequestID, o.DeliveryID, nullable(o.Detail)
	}
	now := t.store.now()
	day := now.In(t.Company.Location()).Format(time.DateOnly)
	var n int
	err := t.store.queue.QueryRowContext(ctx, sentStatement, t.store.engine.args([]any{
		t.Company.Key, t.Mode, now, crm, day, requests, deliveries, details,
	})...).Scan(&n)
	return n == len(outcomes), err
}

// errNotSimple rolls back what recordSentSQLite has begun.
var errNotSimple = errors.New("not as simple")

// SQLite's statements for the same, each for a whole batch. $4 lists the Requests.
const (
	sentDeliveriesSQLite = `UPDATE delivery SET status = 'SENT', due_at = $3, at = $3, detail = NULL
		WHERE company_id = $1 AND mode = $2 AND id IN (SELECT value FROM json_each($5)) AND status = 'QUEUED' AND channel = 'EMAIL'
			AND request_id IN (SELECT value FROM json_each($4))`
	sentRequestsSQLite = `UPDATE request SET status = 'SENT', channel = $5, sent_at = $3
		WHERE company_id = $1 AND mode = $2 AND id IN (SELECT value FROM json_each($4))
			AND status = 'PENDING' AND sent_at IS NULL AND delivered_at IS NULL
		RETURNING employee_id`
	sentEventsSQLite = `INSERT INTO event (company_id, mode, number, kind, occurred_at, contact_id, contact_external_id, employee_id, request_id, channel)
		SELECT $1, $2, $5 + u.key, 'REQUEST_SENT', $3, r.contact_id,
			coalesce(c.external_ids ->> $6, (SELECT value FROM json_each(c.external_ids) ORDER BY key LIMIT 1)), r.employee_id, r.id, r.channel
		FROM json_each($4) AS u CROSS JOIN request AS r ON r.company_id = $1 AND r.mode = $2 AND r.id = u.value
		LEFT JOIN contact AS c ON c.company_id = $1 AND c.mode = $2 AND c.id = r.contact_id`
)

// recordSentSQLite records all of the outcomes; it fails with errNotSimple
// where it cannot.
func (x *tx) recordSentSQLite(ctx context.Context, outcomes []DeliveryOutcome) error {
	requests, deliveries := make([]string, len(outcomes)), make([]string, len(outcomes))
	for i, o := range outcomes {
		if requests[i], deliveries[i] = o.RequestID, o.DeliveryID; o.Detail != "" {
			return errNotSimple
		}
	}
	list := jsonOf(requests)
	done, err := x.exec(ctx, sentDeliveriesSQLite, x.company, x.mode, x.now, list, jsonOf(deliveries))
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || int(n) != len(outcomes) {
		return errors.Join(err, errNotSimple)
	}
	sent := 0
	found, err := x.query(ctx, sentRequestsSQLite, x.company, x.mode, x.now, list, string(Email))
	err = scanRows(found, err, func(row rowScanner) error {
		var employee *string
		err := row.Scan(&employee)
		sent++
		x.count(deref(employee), x.now, func(f *figures) { f.Sent++ })
		return err
	})
	if err != nil {
		return err
	}
	if sent != len(outcomes) {
		return errNotSimple
	}
	last, err := x.takeNumbers(ctx, sent)
	if err != nil {
		return err
	}
	_, err = x.exec(ctx, sentEventsSQLite, x.company, x.mode, x.now, list, last-int64(sent)+1, crm)
	return err
}
