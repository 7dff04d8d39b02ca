package db

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/uptrace/bun"
)

// ReportEvery says how often a report is mailed.
type ReportEvery string

// A weekly report comes on Mondays on the week before, a monthly one on the
// first on the month before.
const (
	Weekly  ReportEvery = "WEEKLY"
	Monthly ReportEvery = "MONTHLY"
)

// ReportFormat is the kind of file that a report is mailed as.
type ReportFormat string

// The formats of reports.
const (
	ReportPDF  ReportFormat = "PDF"
	ReportXLSX ReportFormat = "XLSX"
	ReportCSV  ReportFormat = "CSV"
)

const (
	// maxSchedules is how many a Company may have in a mode, maxRecipients how
	// many Users one of them may name.
	maxSchedules  = 50
	maxRecipients = 20
	// reportHour is when reports are mailed, by the Company's clock.
	reportHour = 7
)

// A ReportSchedule has a report mailed to Users, again and again, under the
// rights of the User who saved it last.
type ReportSchedule struct {
	bun.BaseModel `bun:"table:report_schedule"`

	CompanyID int64  `bun:",pk"`
	Mode      Mode   `bun:",pk"`
	ID        string `bun:",pk"`
	OwnerID   string
	// CustomReportID is the one to be mailed; nil for the standard report.
	CustomReportID *string
	Every          ReportEvery
	Format         ReportFormat
	// Recipients are Users' ids.
	Recipients []string `bun:"type:json"`
	NextAt     time.Time
	CreatedAt  time.Time
}

// ReportScheduleSave says what a schedule is to be.
type ReportScheduleSave struct {
	// ID is that of the one to change; nil for a new one.
	ID             *string
	CustomReportID *string
	Every          ReportEvery
	Format         ReportFormat
	Recipients     []string
}

// mayPlan refuses whoever cannot have reports mailed: they come with the rights
// of a User who sees the whole Company.
func (t *Tenant) mayPlan() error {
	if err := errors.Join(t.check(ReportRead), t.whole("having its reports mailed")); err != nil {
		return err
	}
	if t.Viewer.UserID == "" {
		return fail(Forbidden, "", "a report is mailed under the rights of a User; sign in to save a schedule")
	}
	return nil
}

// ReportSchedules lists them, the oldest first.
func (t *Tenant) ReportSchedules(ctx context.Context) ([]*ReportSchedule, error) {
	if err := errors.Join(t.check(ReportRead), t.whole("having its reports mailed")); err != nil {
		return nil, err
	}
	all := []*ReportSchedule{}
	if err := t.rows(&all).Order("id").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read report schedules: %w", err)
	}
	return all, nil
}

// SaveReportSchedule makes a schedule or changes one, whose owner the Viewer
// becomes. Recipients are Users of the Customer; to name others than oneself
// takes the right to see the team.
func (t *Tenant) SaveReportSchedule(ctx context.Context, in ReportScheduleSave) (*ReportSchedule, error) {
	if err := t.mayPlan(); err != nil {
		return nil, err
	}
	if in.CustomReportID != nil {
		if err := t.mayTake(); err != nil {
			return nil, err
		}
	}
	if errs := in.problems(); len(errs) > 0 {
		return nil, errs
	}
	var s *ReportSchedule
	err := t.write(ctx, ReportRead, func(x *tx) error {
		if err := x.checkRecipients(ctx, in.Recipients); err != nil {
			return err
		}
		if in.CustomReportID != nil {
			if _, err := x.lockCustomReport(ctx, "customReportId", *in.CustomReportID); err != nil {
				return err
			}
		}
		s = &ReportSchedule{CompanyID: x.company, Mode: x.mode, ID: newID("reportschedule"), CreatedAt: x.now}
		if in.ID != nil {
			var err error
			if s, err = x.lockSchedule(ctx, *in.ID); err != nil {
				return err
			}
		} else if err := x.roomForSchedule(ctx); err != nil {
			return err
		}
		s.OwnerID, s.CustomReportID, s.Every, s.Format, s.Recipients = t.Viewer.UserID, in.CustomReportID, in.Every, in.Format, in.Recipients
		s.NextAt = nextReport(x.now, s.Every, t.Company.Location())
		x.touch(s.ID)
		return x.saveSchedule(ctx, s)
	})
	return s, err
}

func (x *tx) saveSchedule(ctx context.Context, s *ReportSchedule) error {
	_, err := x.exec(ctx, `INSERT INTO report_schedule (company_id, mode, id, owner_id, custom_report_id, every, format, recipients, next_at, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (company_id, mode, id) DO UPDATE SET owner_id = excluded.owner_id,
			custom_report_id = excluded.custom_report_id, every = excluded.every, format = excluded.format,
			recipients = excluded.recipients, next_at = excluded.next_at`,
		x.company, x.mode, s.ID, s.OwnerID, s.CustomReportID, string(s.Every), string(s.Format), jsonOf(s.Recipients), s.NextAt, s.CreatedAt)
	if err != nil {
		return fmt.Errorf("save a report schedule: %w", err)
	}
	return nil
}

// problems are what is wrong with the words of a schedule.
func (in ReportScheduleSave) problems() Errors {
	var errs Errors
	wrong := func(path []string, format string, args ...any) {
		errs = append(errs, &Error{Code: Invalid, Path: path, Message: fmt.Sprintf(format, args...)})
	}
	if in.Every != Weekly && in.Every != Monthly {
		wrong([]string{"every"}, "%.20q is no rhythm; choose WEEKLY or MONTHLY", in.Every)
	}
	if in.Format != ReportPDF && in.Format != ReportXLSX && in.Format != ReportCSV {
		wrong([]string{"format"}, "%.20q is no format; choose PDF, XLSX or CSV", in.Format)
	}
	if n := len(in.Recipients); n == 0 || n > maxRecipients {
		wrong([]string{"recipients"}, "a report goes to 1 to %d Users, not to %d", maxRecipients, n)
	}
	for i, id := range in.Recipients {
		if slices.Contains(in.Recipients[:i], id) {
			wrong([]string{"recipients", strconv.Itoa(i)}, "this User is named twice")
		}
	}
	return errs
}

// checkRecipients refuses whoever is no User of the Customer, or not known to the Viewer.
func (x *tx) checkRecipients(ctx context.Context, ids []string) error {
	var errs Errors
	for i, id := range ids {
		u := &User{}
		var err error
		if id != x.tenant.Viewer.UserID {
			if !x.tenant.Viewer.May(TeamRead) {
				err = fail(Forbidden, "", "to name others than yourself takes the right team:read")
			} else {
				u, err = x.lockUser(ctx, "id", id)
			}
			if err == nil && !u.in(x.tenant.Company.ID) {
				err = NotFound("", "%.100q works in no Company that you see", id)
			}
		}
		for _, e := range ErrorsOf(err) {
			errs = append(errs, &Error{Code: e.Code, Path: []string{"recipients", strconv.Itoa(i)}, Message: e.Message})
		}
		if err != nil && ErrorsOf(err) == nil {
			return err
		}
	}
	if len(errs) > 0 {
		return errs
	}
	return nil
}

func (x *tx) roomForSchedule(ctx context.Context) error {
	var n int
	err := x.row(ctx, "SELECT count(*) FROM report_schedule WHERE company_id = $1 AND mode = $2", x.company, x.mode).Scan(&n)
	if err == nil && n >= maxSchedules {
		err = fail(TooManyItems, "", "a Company has at most %d schedules; delete one that nobody reads", maxSchedules)
	}
	return err
}

// lockSchedule reads one that the Viewer may change: their own, or any with the
// right to change the Company.
func (x *tx) lockSchedule(ctx context.Context, id string) (*ReportSchedule, error) {
	s := &ReportSchedule{CompanyID: x.company, Mode: x.mode, ID: id}
	var recipients []byte
	rows, err := x.query(ctx, "SELECT owner_id, custom_report_id, every, format, recipients, next_at, created_at FROM report_schedule WHERE company_id = $1 AND mode = $2 AND id = $3"+
		x.engine.locking(), x.company, x.mode, id)
	found := false
	err = scanRows(rows, err, func(r rowScanner) error {
		found = true
		return r.Scan(&s.OwnerID, &s.CustomReportID, &s.Every, &s.Format, &recipients, &s.NextAt, &s.CreatedAt)
	})
	if err != nil {
		return nil, fmt.Errorf("lock a report schedule: %w", err)
	}
	if !found {
		return nil, NotFound("id", "there is no schedule %.100q", id)
	}
	if v := x.tenant.Viewer; s.OwnerID != v.UserID && !v.May(CompanyWrite) {
		return nil, fail(Forbidden, "id", "this schedule is somebody else's; whoever may change the Company can change it")
	}
	return s, json.Unmarshal(recipients, &s.Recipients)
}

// DeleteReportSchedule ends a schedule; what has been mailed is mailed.
func (t *Tenant) DeleteReportSchedule(ctx context.Context, id string) (*ReportSchedule, error) {
	if err := t.mayPlan(); err != nil {
		return nil, err
	}
	if !isID(id, "reportschedule") {
		return nil, NotFound("id", "there is no schedule %.100q", id)
	}
	var s *ReportSchedule
	err := t.write(ctx, ReportRead, func(x *tx) error {
		var err error
		if s, err = x.lockSchedule(ctx, id); err != nil {
			return err
		}
		x.touch(s.ID)
		_, err = x.exec(ctx, "DELETE FROM report_schedule WHERE company_id = $1 AND mode = $2 AND id = $3", x.company, x.mode, id)
		return err
	})
	return s, err
}

// nextReport is when a report is mailed next: the first such morning after now.
func nextReport(now time.Time, every ReportEvery, zone *time.Location) time.Time {
	local := now.In(zone)
	for day := 0; ; day++ {
		at := time.Date(local.Year(), local.Month(), local.Day()+day, reportHour, 0, 0, 0, zone)
		if at.After(now) && (every == Weekly && at.Weekday() == time.Monday || every != Weekly && at.Day() == 1) {
			return at.UTC()
		}
	}
}

// reportedPeriod is what a report of some morning tells of: the week or the month before.
func reportedPeriod(at time.Time, every ReportEvery, zone *time.Location) (since, until Date) {
	day := at.In(zone)
	from := day.AddDate(0, 0, -7)
	if every == Monthly {
		from = day.AddDate(0, -1, 0)
	}
	return Date(from.Format(time.DateOnly)), Date(day.AddDate(0, 0, -1).Format(time.DateOnly))
}
