package db

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// ReportChart is how a CustomReport is shown beside its table.
type ReportChart string

// The charts.
const (
	TableChart ReportChart = "TABLE"
	BarsChart  ReportChart = "BARS"
	LineChart  ReportChart = "LINE"
)

// A CustomReport is a saved query of the API with what to show of its answer.
// Whoever looks at it runs it under their own rights. It exists once, for live
// and test mode.
type CustomReport struct {
	bun.BaseModel `bun:"table:custom_report"`

	CompanyID int64  `bun:",pk"`
	ID        string `bun:",pk"`
	// OwnerID is the User or the API key that saved it last.
	OwnerID string
	Name    string
	// Document is a GraphQL query; it may declare $since and $until of type Date.
	Document string
	Chart    ReportChart
	// Rows is the way to the list in the answer, with dots: report.byDay; Label
	// and Values are ways from one of its rows.
	Rows   string   `bun:"rows_path"`
	Label  string   `bun:"label_path"`
	Values []string `bun:"value_paths,type:json"`

	CreatedAt time.Time
	UpdatedAt time.Time
}

// The bounds of CustomReports.
const (
	maxCustomReports  = 100
	maxCustomDocument = 8000
	maxCustomValues   = 6
)

// CustomReportSave says what a CustomReport is to be.
type CustomReportSave struct {
	// ID is that of the one to change; nil for a new one.
	ID                          *string
	Name, Document, Rows, Label string
	Chart                       ReportChart
	Values                      []string
}

// CustomReports lists them by name.
func (t *Tenant) CustomReports(ctx context.Context) ([]*CustomReport, error) {
	if err := errors.Join(t.check(ReportRead), t.whole("its own reports")); err != nil {
		return nil, err
	}
	all := []*CustomReport{}
	if err := t.store.read.NewSelect().Model(&all).Where("company_id = ?", t.Company.Key).Order("name", "id").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read custom reports: %w", err)
	}
	return all, nil
}

// CustomReport reads one; nil if there is none of this id.
func (t *Tenant) CustomReport(ctx context.Context, id string) (*CustomReport, error) {
	if err := errors.Join(t.check(ReportRead), t.whole("its own reports")); err != nil {
		return nil, err
	}
	if !isID(id, "customreport") {
		return nil, nil
	}
	c := &CustomReport{}
	found, err := one(ctx, t.store.read.NewSelect().Model(c).Where("company_id = ?", t.Company.Key).Where("id = ?", id))
	if err != nil || !found {
		return nil, err
	}
	return c, nil
}

// MayCompose fails for whoever may not save CustomReports: those who see a part
// only, and API keys that may not change the Company.
func (t *Tenant) MayCompose() error {
	if err := errors.Join(t.check(ReportRead), t.whole("its own reports")); err != nil {
		return err
	}
	if t.Viewer.Masked {
		return fail(Forbidden, "", "a part-masked role looks at reports and does not save them")
	}
	if t.Viewer.UserID == "" {
		return t.check(CompanyWrite)
	}
	return nil
}

// owner is the User or the API key that acts.
func (v Viewer) owner() string {
	if v.UserID != "" {
		return v.UserID
	}
	return v.KeyID
}

// SaveCustomReport makes a CustomReport or changes one: their own or, with the
// right to change the Company, any. Its document has been checked by the API.
func (t *Tenant) SaveCustomReport(ctx context.Context, in CustomReportSave) (*CustomReport, error) {
	if err := t.MayCompose(); err != nil {
		return nil, err
	}
	if errs := in.problems(); len(errs) > 0 {
		return nil, errs
	}
	var c *CustomReport
	err := t.write(ctx, ReportRead, func(x *tx) error {
		c = &CustomReport{CompanyID: x.company, ID: newID("customreport"), CreatedAt: x.now}
		if in.ID != nil {
			var err error
			if c, err = x.ownCustomReport(ctx, *in.ID); err != nil {
				return err
			}
		} else if err := x.roomForCustomReport(ctx); err != nil {
			return err
		}
		c.OwnerID, c.Name, c.Document, c.Chart, c.UpdatedAt = t.Viewer.owner(), in.Name, in.Document, in.Chart, x.now
		c.Rows, c.Label, c.Values = in.Rows, in.Label, in.Values
		x.touch(c.ID)
		_, err := x.exec(ctx, `INSERT INTO custom_report (company_id, id, owner_id, name, document, chart, rows_path, label_path, value_paths, created_at, updated_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (company_id, id) DO UPDATE SET owner_id = excluded.owner_id,
				name = excluded.name, document = excluded.document, chart = excluded.chart, rows_path = excluded.rows_path,
				label_path = excluded.label_path, value_paths = excluded.value_paths, updated_at = excluded.updated_at`,
			x.company, c.ID, c.OwnerID, c.Name, c.Document, string(c.Chart), c.Rows, c.Label, jsonOf(c.Values), c.CreatedAt, c.UpdatedAt)
		return err
	})
	return c, err
}

// problems checks all but the document, which it only measures.
func (in *CustomReportSave) problems() Errors {
	var errs Errors
	wrong := func(field, format string, args ...any) {
		errs = append(errs, &Error{Code: Invalid, Path: []string{field}, Message: fmt.Sprintf(format, args...)})
	}
	name, err := line("name", 100)(in.Name)
	errs = append(errs, ErrorsOf(err)...)
	in.Name = name
	if len(in.Document) > maxCustomDocument {
		wrong("document", "the document has %d bytes; at most %d are possible", len(in.Document), maxCustomDocument)
	}
	if in.Chart != TableChart && in.Chart != BarsChart && in.Chart != LineChart {
		wrong("chart", "%.20q is no chart; choose TABLE, BARS or LINE", in.Chart)
	}
	if n := len(in.Values); n == 0 || n > maxCustomValues {
		wrong("values", "a report shows 1 to %d values of each row, not %d", maxCustomValues, n)
	}
	way := func(field, text string) {
		if text == "" || len(text) > 200 {
			wrong(field, "the way to this is empty or too long; write it with dots, as report.byDay")
		}
	}
	way("rows", in.Rows)
	way("label", in.Label)
	for _, text := range in.Values {
		way("values", text)
	}
	return errs
}

func (x *tx) roomForCustomReport(ctx context.Context) error {
	var n int
	err := x.row(ctx, "SELECT count(*) FROM custom_report WHERE company_id = $1", x.company).Scan(&n)
	if err == nil && n >= maxCustomReports {
		err = fail(TooManyItems, "", "a Company has at most %d reports of its own; delete one", maxCustomReports)
	}
	return err
}

// lockCustomReport reads one for a change; NOT_FOUND at a field if there is none.
func (x *tx) lockCustomReport(ctx context.Context, field, id string) (*CustomReport, error) {
	none := NotFound(field, "there is no custom report %.100q", id)
	if !isID(id, "customreport") {
		return nil, none
	}
	c := &CustomReport{CompanyID: x.company, ID: id}
	rows, err := x.query(ctx, "SELECT owner_id, created_at FROM custom_report WHERE company_id = $1 AND id = $2"+x.engine.locking(), x.company, id)
	err = scanRows(rows, err, func(r rowScanner) error { return r.Scan(&c.OwnerID, &c.CreatedAt) })
	if err != nil {
		return nil, fmt.Errorf("lock a custom report: %w", err)
	}
	if c.OwnerID == "" {
		return nil, none
	}
	return c, nil
}

func (x *tx) ownCustomReport(ctx context.Context, id string) (*CustomReport, error) {
	c, err := x.lockCustomReport(ctx, "id", id)
	if err != nil {
		return nil, err
	}
	if v := x.tenant.Viewer; c.OwnerID != v.owner() && !v.May(CompanyWrite) {
		return nil, fail(Forbidden, "id", "this report is somebody else's; whoever may change the Company can change it")
	}
	return c, nil
}

// DeleteCustomReport deletes one, and the schedules by which it was mailed.
func (t *Tenant) DeleteCustomReport(ctx context.Context, id string) error {
	if err := t.MayCompose(); err != nil {
		return err
	}
	return t.write(ctx, ReportRead, func(x *tx) error {
		if _, err := x.ownCustomReport(ctx, id); err != nil {
			return err
		}
		x.touch(id)
		if _, err := x.exec(ctx, "DELETE FROM report_schedule WHERE company_id = $1 AND custom_report_id = $2", x.company, id); err != nil {
			return err
		}
		_, err := x.exec(ctx, "DELETE FROM custom_report WHERE company_id = $1 AND id = $2", x.company, id)
		return err
	})
}
