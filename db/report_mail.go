package db

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// MailReport asks for a report to be mailed to one User.
type MailReport struct {
	TenantRef
	MailID string `json:"mailId"`
}

// Kind names the job for River.
func (MailReport) Kind() string { return "report-mail" }

// PlanReports has the reports mailed whose morning has come. A morning that was
// slept through is made up for, the latest one only.
func (s *Store) PlanReports(ctx context.Context) error {
	refs, err := s.tenantRefs(ctx, `SELECT DISTINCT o.public_id, p.mode FROM report_schedule AS p JOIN company AS o ON o.id = p.company_id
		WHERE p.next_at <= $1`, s.now())
	if err != nil {
		return fmt.Errorf("find reports to be mailed: %w", err)
	}
	for _, ref := range refs {
		t, err := s.Work(ctx, ref)
		if err == nil {
			err = t.planReports(ctx)
		}
		if err != nil {
			return fmt.Errorf("plan reports of %s: %w", ref.CompanyID, err)
		}
	}
	return nil
}

func (t *Tenant) planReports(ctx context.Context) error {
	return t.write(ctx, workRight, func(x *tx) error {
		rows, err := x.query(ctx, `SELECT id, every, recipients, next_at FROM report_schedule
			WHERE company_id = $1 AND mode = $2 AND next_at <= $3 ORDER BY id`+x.engine.lockingFree(), x.company, x.mode, x.now)
		var due []*ReportSchedule
		err = scanRows(rows, err, func(r rowScanner) error {
			s := &ReportSchedule{}
			var recipients []byte
			if err := r.Scan(&s.ID, &s.Every, &recipients, &s.NextAt); err != nil {
				return err
			}
			due = append(due, s)
			return json.Unmarshal(recipients, &s.Recipients)
		})
		if err != nil {
			return err
		}
		for _, s := range due {
			if err := x.planReport(ctx, s); err != nil {
				return err
			}
		}
		return nil
	})
}

// planReport writes down who is to get the report, before anything goes out.
func (x *tx) planReport(ctx context.Context, s *ReportSchedule) error {
	zone, at := x.tenant.Company.Location(), s.NextAt
	next := nextReport(at, s.Every, zone)
	for ; !next.After(x.now); next = nextReport(next, s.Every, zone) {
		at = next
	}
	since, until := reportedPeriod(at, s.Every, zone)
	for _, user := range s.Recipients {
		id := newID("reportmail")
		done, err := x.exec(ctx, `INSERT INTO report_mail (company_id, mode, id, schedule_id, user_id, since, until, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (company_id, mode, schedule_id, user_id, until) DO NOTHING`,
			x.company, x.mode, id, s.ID, user, string(since), string(until), x.now)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil {
			return err
		} else if n > 0 {
			x.enqueue(MailReport{x.tenant.ref(), id}, time.Time{})
		}
	}
	_, err := x.exec(ctx, "UPDATE report_schedule SET next_at = $4 WHERE company_id = $1 AND mode = $2 AND id = $3", x.company, x.mode, s.ID, next)
	return err
}

// A ReportMail is a report that is to be mailed to a User.
type ReportMail struct {
	ID       string
	Schedule *ReportSchedule
	// Custom is the one to be mailed; nil for the standard report.
	Custom *CustomReport
	// Owner is the Tenant under whose rights the report is made.
	Owner        *Tenant
	User         *User
	Since, Until Date
	// URL is where the report stands in the dashboard.
	URL string
	// MessageID is the message's own, without angle brackets, the same on every try.
	MessageID string
}

// ReportMail reads what to mail; nil where it was mailed, and where it is not to
// be mailed any more: the schedule, its owner's right, or the recipient is gone.
func (t *Tenant) ReportMail(ctx context.Context, job MailReport) (*ReportMail, error) {
	if err := t.check(workRight); err != nil {
		return nil, err
	}
	m := &ReportMail{ID: job.MailID, MessageID: t.messageID(job.MailID), URL: t.store.baseURL + "/app/" + t.Company.Slug}
	if t.Mode == Test {
		m.URL += ".test"
	}
	var schedule, user string
	rows, err := t.read(ctx, "SELECT schedule_id, user_id, since, until FROM report_mail WHERE company_id = $1 AND mode = $2 AND id = $3 AND sent_at IS NULL",
		t.Company.Key, t.Mode, job.MailID)
	err = scanRows(rows, err, func(r rowScanner) error { return r.Scan(&schedule, &user, &m.Since, &m.Until) })
	if err != nil || schedule == "" {
		return nil, err
	}
	m.URL += fmt.Sprintf("/report?since=%s&until=%s", m.Since, m.Until)
	m.Schedule = &ReportSchedule{}
	found, err := one(ctx, t.rows(m.Schedule).Where("id = ?", schedule))
	if err == nil && found {
		found, err = m.fill(ctx, t, user)
	}
	if err != nil || found {
		return m, err
	}
	return nil, t.RecordReportMail(ctx, m, nil)
}

// fill reads whose report it is and for whom; false where it is not to be mailed.
func (m *ReportMail) fill(ctx context.Context, t *Tenant, user string) (bool, error) {
	var err error
	if m.User, err = t.store.user(ctx, user); err != nil || m.User == nil || !m.User.in(t.Company.ID) {
		return false, err
	}
	owner, err := t.store.user(ctx, m.Schedule.OwnerID)
	if err != nil || owner == nil {
		return false, err
	}
	m.Owner, err = (&SignedIn{store: t.store, User: owner}).Tenant(ctx, t.Company.ID, t.Mode)
	if err == nil {
		err = m.Owner.mayPlan()
	}
	if err == nil && m.Schedule.CustomReportID != nil {
		if err = m.Owner.mayTake(); err == nil {
			m.Custom, err = m.Owner.CustomReport(ctx, *m.Schedule.CustomReportID)
		}
	}
	switch {
	case CodeOf(err) != "": // it is no longer allowed
		return false, nil
	case err != nil:
		return false, err
	}
	return m.Schedule.CustomReportID == nil || m.Custom != nil, nil
}

// RecordReportMail notes that a report has been mailed, or is not to be. message
// goes to the outbox, where that was its way.
func (t *Tenant) RecordReportMail(ctx context.Context, m *ReportMail, message *OutboxMessage) error {
	return t.write(ctx, workRight, func(x *tx) error {
		_, err := x.exec(ctx, "UPDATE report_mail SET sent_at = $4 WHERE company_id = $1 AND mode = $2 AND id = $3", x.company, x.mode, m.ID, x.now)
		if err != nil {
			return fmt.Errorf("note a report as mailed: %w", err)
		}
		if message == nil {
			return nil
		}
		kept := *message
		kept.MessageID = m.MessageID
		return x.keepMessages(ctx, []*OutboxMessage{&kept})
	})
}

// UnsentReports finds mails that wait for longer than they should, so that their
// jobs can be inserted again should they have been lost.
func (s *Store) UnsentReports(ctx context.Context) ([]MailReport, error) {
	rows, err := s.read.DB.QueryContext(ctx, `SELECT o.public_id, m.mode, m.id FROM report_mail AS m JOIN company AS o ON o.id = m.company_id
		WHERE m.sent_at IS NULL AND m.created_at < $1 ORDER BY m.created_at LIMIT 1000`, s.engine.args([]any{s.now().Add(-lostAfter)})...)
	var found []MailReport
	err = scanRows(rows, err, func(r rowScanner) error {
		var job MailReport
		err := r.Scan(&job.CompanyID, &job.Mode, &job.MailID)
		found = append(found, job)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("find unsent reports: %w", err)
	}
	return found, nil
}
