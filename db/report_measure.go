package db

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// How the data are covered is measured by reading every Contact, by a job: again
// when something has changed, but so seldom that it takes a hundredth of the time.

const (
	// measurePage is how many Contacts one statement reads.
	measurePage = 1000
	// measureEvery is how long a measure stands at least, and measureShare of how
	// many times what it took.
	measureEvery = time.Minute
	measureShare = 100
)

// MeasureCoverage asks for how data are covered to be measured.
type MeasureCoverage struct{ TenantRef }

// Kind names the job for River.
func (MeasureCoverage) Kind() string { return "report-coverage" }

// CoverageDue finds the Tenants whose data have changed since they were
// measured, and those that are being measured.
func (s *Store) CoverageDue(ctx context.Context) ([]TenantRef, error) {
	var refs []TenantRef
	now := s.now()
	rows, err := s.read.DB.QueryContext(ctx, `SELECT o.public_id, c.mode, m.at, coalesce(m.took, 0) FROM event_counter AS c
		JOIN company AS o ON o.id = c.company_id LEFT JOIN report_coverage AS m ON m.company_id = c.company_id AND m.mode = c.mode
		WHERE c.last_number > coalesce(m.number, 0) OR m.work IS NOT NULL`)
	err = scanRows(rows, err, func(r rowScanner) error {
		var ref TenantRef
		var at *time.Time
		var took int64
		err := r.Scan(&ref.CompanyID, &ref.Mode, &at, &took)
		stands := max(measureEvery, measureShare*time.Duration(took)*time.Millisecond)
		if at == nil || now.After(at.Add(stands)) {
			refs = append(refs, ref)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("find what is to be measured: %w", err)
	}
	return refs, nil
}

// A measure is one that is under way.
type measure struct {
	Coverage Coverage  `json:"coverage"`
	After    string    `json:"after"`  // the last Contact counted
	Number   int64     `json:"number"` // the last event when it began
	Began    time.Time `json:"began"`
	Took     int64     `json:"took"` // milliseconds
}

// MeasureCoverage goes on measuring, for some seconds at most; more tells that
// it is to be called again.
func (t *Tenant) MeasureCoverage(ctx context.Context) (more bool, err error) {
	if err := t.check(workRight); err != nil {
		return false, err
	}
	began := time.Now()
	w, former, err := t.measure(ctx)
	if err != nil {
		return false, fmt.Errorf("measure how data are covered: %w", err)
	}
	m := newMeasuring(w.Coverage, w.Began)
	for more = true; more && time.Since(began) < workTime; {
		if more, err = t.measurePage(ctx, m, &w.After); err != nil {
			return false, fmt.Errorf("measure how data are covered: %w", err)
		}
	}
	document := m.document()
	w.Coverage, w.Took = m.Coverage, w.Took+time.Since(began).Milliseconds()
	return more, t.write(ctx, workRight, func(x *tx) error {
		// Whoever else has measured the same has written what this is based on anew.
		if again, err := x.measured(ctx); err != nil || again != former {
			return err
		}
		if more {
			_, err := x.exec(ctx, "UPDATE report_coverage SET work = $3 WHERE company_id = $1 AND mode = $2", x.company, x.mode, jsonOf(w))
			return err
		}
		_, err := x.exec(ctx, "UPDATE report_coverage SET number = $3, document = $4, at = $5, took = $6, work = NULL WHERE company_id = $1 AND mode = $2",
			x.company, x.mode, w.Number, document, w.Began, w.Took)
		return err
	})
}

// measured locks the Tenant's row, which it makes, and reads what is under way.
func (x *tx) measured(ctx context.Context) (work string, err error) {
	_, err = x.exec(ctx, "INSERT INTO report_coverage (company_id, mode, number) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING", x.company, x.mode)
	if err != nil {
		return "", err
	}
	var stored *string
	err = x.row(ctx, "SELECT work FROM report_coverage WHERE company_id = $1 AND mode = $2"+x.engine.locking(), x.company, x.mode).Scan(&stored)
	return deref(stored), err
}

// measure reads what is under way, or begins; former is the row as it was read.
func (t *Tenant) measure(ctx context.Context) (w *measure, former string, err error) {
	var stored *string
	rows, err := t.read(ctx, "SELECT work FROM report_coverage WHERE company_id = $1 AND mode = $2", t.Company.Key, t.Mode)
	if err := scanRows(rows, err, func(r rowScanner) error { return r.Scan(&stored) }); err != nil {
		return nil, "", err
	}
	w = &measure{Began: t.store.now()}
	if stored != nil {
		return w, *stored, json.Unmarshal([]byte(*stored), w)
	}
	w.Number, err = t.lastNumber(ctx)
	return w, "", err
}

// measurePage counts the next Contacts.
func (t *Tenant) measurePage(ctx context.Context, m *measuring, after *string) (more bool, err error) {
	rows, err := t.read(ctx, `SELECT id, profile, provenance, confirmed_at, stopped_at FROM contact
		WHERE company_id = $1 AND mode = $2 AND id > $3 ORDER BY id LIMIT $4`, t.Company.Key, t.Mode, *after, measurePage)
	n := 0
	err = scanRows(rows, err, func(r rowScanner) error {
		c := new(Contact)
		var document, provenance []byte
		if err := r.Scan(&c.ID, &document, &provenance, &c.ConfirmedAt, &c.StoppedAt); err != nil {
			return err
		}
		err := c.Profile.ReadJSON(document)
		if err == nil {
			err = c.decodeWords(provenance, nil)
		}
		if err != nil {
			return fmt.Errorf("read Contact %s: %w", c.ID, err)
		}
		m.contact(c)
		n, *after = n+1, c.ID
		return nil
	})
	return n == measurePage, err
}
