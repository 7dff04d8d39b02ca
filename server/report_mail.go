package main

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"github.com/riverqueue/river"

	"complero/db"
	"complero/frontend/dashboard"
	"complero/frontend/report"
	"complero/server/deliver"
	"complero/server/deliver/email"
	"complero/server/export"
)

// reportTypes are the media types of a report's files, by the end of their names.
var reportTypes = map[string]string{
	"csv": "text/csv; charset=utf-8", "pdf": "application/pdf",
	"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

// mailReport makes a report under its owner's rights and mails it to one User.
func (w *workers) mailReport(ctx context.Context, job *river.Job[db.MailReport]) error {
	return w.forOpen(ctx, job.Args.TenantRef, func(t *db.Tenant) error {
		m, err := t.ReportMail(ctx, job.Args)
		if err != nil || m == nil {
			return err
		}
		d, err := reportToMail(ctx, w.api, m)
		if dashboard.Refused(err) {
			w.log.WarnContext(ctx, "a custom report is not mailed, since its query is not answered; its page says why", "report", *m.Schedule.CustomReportID, "error", err)
			return t.RecordReportMail(ctx, m, nil)
		}
		if err != nil {
			return err
		}
		kind := strings.ToLower(string(m.Schedule.Format))
		var file bytes.Buffer
		if err := export.Report(ctx, m.Owner, d, kind, &file); err != nil {
			return err
		}
		return w.sender.Report(ctx, t, m, deliver.ReportFile{Title: d.Title, Period: d.Period, File: email.Attachment{
			Name: fmt.Sprintf("%s-report-%s-%s.%s", t.Company.Slug, m.Since, m.Until, kind), Type: reportTypes[kind], Data: file.Bytes(),
		}})
	})
}

// reportToMail is the report in its reader's language, with its owner's figures.
func reportToMail(ctx context.Context, api dashboard.API, m *db.ReportMail) (*report.Document, error) {
	c, voice := m.Owner.Company, report.VoiceFor(m.User.Locale, m.Owner.Company.Locale)
	client := dashboard.NewClient(api, m.Owner)
	if m.Custom == nil {
		return report.Standard(ctx, client, voice, c.Name, c.Location(), report.Period{Since: string(m.Since), Until: string(m.Until)})
	}
	custom := report.Custom{
		Name: m.Custom.Name, Document: m.Custom.Document, Chart: string(m.Custom.Chart), RowsAt: m.Custom.Rows, LabelAt: m.Custom.Label,
		ValuesAt: m.Custom.Values, Since: string(m.Since), Until: string(m.Until),
	}
	return custom.Run(ctx, client, voice)
}

// unsentReports are jobs for the reports that should have been mailed by now.
func (w *workers) unsentReports(ctx context.Context) ([]river.InsertManyParams, error) {
	unsent, err := w.store.UnsentReports(ctx)
	var jobs []river.InsertManyParams
	for _, args := range unsent {
		jobs = append(jobs, once(args))
	}
	return jobs, err
}
