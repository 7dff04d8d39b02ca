package db

import (
	"context"
	"fmt"
	"time"
)

// claimable is a Delivery that is due, with all that decides about it.
type claimable struct {
	id       string
	request  *Request
	contact  *Contact // nil when it is gone
	employee *Employee
	// plain tells that the Contact's events carry no metadata and name it by the
	// central CRM's externalId.
	plain bool
}

// dropped reports whether the Delivery is not to go out any more.
func (d *claimable) dropped(now time.Time) bool {
	return d.request.Status != RequestPending && d.request.Status != RequestSent || !d.request.Open(now) ||
		d.contact == nil || d.contact.StoppedAt != nil || mailAddress(&d.contact.Profile) == nil
}

// claimStatement claims up to n Deliveries that are due, passing over what
// others are claiming. A claim is a queued Delivery that has attempts and no
// detail; one that failed for now has a detail.
func (e engine) claimStatement(n int, behind string) string {
	return fmt.Sprintf(`UPDATE delivery AS d SET attempts = d.attempts + 1, due_at = $4, detail = NULL
		FROM (SELECT id AS due_id, due_at AS since FROM delivery
			WHERE company_id = $1 AND mode = $2 AND status = 'QUEUED' AND due_at <= $3%s ORDER BY due_at, id LIMIT %d%s) AS due
		WHERE d.company_id = $1 AND d.mode = $2 AND d.id = due.due_id RETURNING id, request_id`, behind, n, e.lockingFree())
}

// A claimMark is the place in a Company's queue up to which this process has claimed.
type claimMark struct {
	dueAt time.Time
	id    string
	until time.Time // when to look from the queue's beginning again
}

// markLasts is how long what was put off may wait behind what is new.
const markLasts = 5 * time.Second

// claimedRows reads what belongs to Deliveries d, behind their id and the
// column that tells since when they were due. Nothing is locked: what
// changes meanwhile is seen when the outcome is recorded. PostgreSQL is made to
// use the keys, as by lookup.
func (e engine) claimedRows(d, since string) string {
	join := func(columns, table, alias, id string) string {
		if e == onPostgres {
			return fmt.Sprintf("LATERAL (SELECT %s FROM %s WHERE company_id = $1 AND mode = $2 AND id = %s OFFSET 0) AS %s ON true", columns, table, id, alias)
		}
		return fmt.Sprintf("%s AS %s ON %s.company_id = $1 AND %s.mode = $2 AND %s.id = %s", table, alias, alias, alias, alias, id)
	}
	return "SELECT d.id, d." + since + ", " + requestColumns + ", c.id, c.profile, c.stopped_at, c.metadata IS NULL AND c.external_ids ->> 'crm' IS NOT NULL, " +
		"e.id, e.external_id, e.display_name, e.given_name, e.family_name, e.email, e.phone, e.job_title, e.photo_url FROM " + d +
		" JOIN " + join("*", "request", "r", "d.request_id") +
		" LEFT JOIN " + join("*", "contact", "c", "r.contact_id") +
		" LEFT JOIN " + join("*", "employee", "e", "r.employee_id")
}

// claimDue claims up to n Deliveries that are due and reads what belongs to them.
func (t *Tenant) claimDue(ctx context.Context, n int) ([]*claimable, error) {
	if t.store.engine != onPostgres {
		return t.claimDueSQLite(ctx, n)
	}
	// What was claimed leaves dead entries at the queue's head, which PostgreSQL
	// would pass over again and again. It goes on where the last claim ended, and
	// begins anew where there is not enough behind that.
	queue := TenantRef{CompanyID: t.Company.ID, Mode: t.Mode}
	known, _ := t.store.marks.Load(queue)
	mark, _ := known.(*claimMark)
	if mark != nil && !t.store.now().Before(mark.until) {
		mark = nil
	}
	due, last, err := t.claimDuePostgres(ctx, n, mark)
	if mark != nil && len(due) < n && err == nil {
		var more []*claimable
		more, last, err = t.claimDuePostgres(ctx, n-len(due), nil)
		due = append(due, more...)
	}
	switch {
	case len(due) < n:
		t.store.marks.Delete(queue)
	case last != nil:
		last.until = t.store.now().Add(markLasts)
		if mark != nil {
			last.until = mark.until
		}
		t.store.marks.Store(queue, last)
	}
	return due, err
}

// claimDuePostgres claims and reads by one statement, what lies behind a mark
// if there is one. It tells how far it came.
func (t *Tenant) claimDuePostgres(ctx context.Context, n int, mark *claimMark) ([]*claimable, *claimMark, error) {
	e, now := t.store.engine, t.store.now()
	behind, args := "", []any{t.Company.Key, t.Mode, now, now.Add(claimLease)}
	if mark != nil {
		behind, args = " AND (due_at, id) > ($5, $6)", append(args, mark.dueAt, mark.id)
	}
	claim := "WITH d AS (" + e.claimStatement(n, behind) + ", since) " + e.claimedRows("d", "since")
	c := claimScan{tenant: t, employees: map[string]*Employee{}}
	err := scanLent(ctx, t.store.queue, claim, e.args(args), c.scan)
	return c.due, c.last, err
}

// claimDueSQLite reads by another connection than the one writer, whose time
// is dear.
func (t *Tenant) claimDueSQLite(ctx context.Context, n int) ([]*claimable, error) {
	e, now := t.store.engine, t.store.now()
	var ids []string
	rows, err := t.store.writer().QueryContext(ctx, e.claimStatement(n, ""), t.Company.Key, t.Mode, now, now.Add(claimLease))
	err = scanRows(rows, err, func(row rowScanner) error {
		var id, request string
		err := row.Scan(&id, &request)
		ids = append(ids, id)
		return err
	})
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	c := claimScan{tenant: t, employees: map[string]*Employee{}}
	rows, err = t.store.hot().QueryContext(ctx, e.claimedRows(`(SELECT id, request_id, due_at FROM delivery
		WHERE company_id = $1 AND mode = $2 AND id IN (SELECT value FROM json_each($3))) AS d`, "due_at"), t.Company.Key, t.Mode, jsonOf(ids))
	err = scanRows(rows, err, c.scan)
	return c.due, err
}

// A claimScan reads what claimedRows selects, and tells how far in the queue it reaches.
type claimScan struct {
	tenant    *Tenant
	due       []*claimable
	last      *claimMark
	employees map[string]*Employee
}

// scan reads one row. Of the Contact, it reads what a message needs.
func (s *claimScan) scan(row rowScanner) error {
	company, mode := s.tenant.Company.Key, s.tenant.Mode
	d := &claimable{request: &Request{CompanyID: company, Mode: mode}}
	var since time.Time
	var request requestFields
	var contact *string
	var document []byte
	var stopped *time.Time
	var plain *bool
	var employee employeeFields
	into := append(append([]any{&d.id, &since}, request.into(d.request)...), &contact, &document, &stopped, &plain)
	if err := row.Scan(append(into, employee.into()...)...); err != nil {
		return err
	}
	if employee.id != nil && s.employees[*employee.id] == nil {
		s.employees[*employee.id] = employee.employee(company, mode)
	}
	d.employee = s.employees[deref(employee.id)]
	if contact != nil {
		d.plain = plain != nil && *plain
		d.contact = &Contact{ID: *contact, source: s.tenant.Viewer.Source, StoppedAt: stopped}
		if err := d.contact.Profile.ReadJSON(document); err != nil {
			return fmt.Errorf("read Contact %s: %w", *contact, err)
		}
	}
	s.due = append(s.due, d)
	if s.last == nil || since.After(s.last.dueAt) || since.Equal(s.last.dueAt) && d.id > s.last.id {
		s.last = &claimMark{dueAt: since, id: d.id}
	}
	return request.decode(d.request)
}
