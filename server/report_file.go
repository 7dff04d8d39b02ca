package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"complero/db"
	"complero/frontend/dashboard"
	"complero/frontend/report"
	"complero/server/export"
	"complero/server/intake/table"
)

// kindPDF is a file that can be had beside the tables.
const kindPDF table.Kind = "PDF"

// addReports adds the standard report as files, for whoever has an API key. api
// tells the figures.
func (e *exporter) addReports(mux *http.ServeMux, api dashboard.API) {
	for name, kind := range map[string]table.Kind{"csv": table.KindCSV, "xlsx": table.KindXLSX, "pdf": kindPDF} {
		mux.HandleFunc("GET /export/report."+name, e.answer(func(t *db.Tenant, r *http.Request) (*file, error) {
			p, err := reportPeriod(t, r, e.store.Now())
			if err != nil {
				return nil, err
			}
			if !t.Viewer.May(db.ReportRead) {
				return nil, &db.Error{Code: db.Forbidden, Message: "this needs the right report:read, which the caller does not have"}
			}
			return &file{name: fmt.Sprintf("%s-report-%s-%s.%s", t.Company.Slug, p.Since, p.Until, name), kind: kind, write: func(ctx context.Context, w io.Writer) error {
				voice := report.VoiceFor(r.URL.Query().Get("locale"), t.Company.Locale)
				d, err := report.Standard(ctx, dashboard.NewClient(api, t), voice, t.Company.Name, t.Company.Location(), p)
				if err != nil {
					return err
				}
				return export.Report(ctx, t, d, name, w)
			}}, nil
		}))
	}
}

// reportPeriod reads since, until, before and beforeUntil: the last 30 days, if
// they are left out.
func reportPeriod(t *db.Tenant, r *http.Request, now time.Time) (report.Period, error) {
	today := now.In(t.Company.Location())
	p := report.Period{Since: today.AddDate(0, 0, -29).Format(time.DateOnly), Until: today.Format(time.DateOnly)}
	for name, into := range map[string]*string{"since": &p.Since, "until": &p.Until, "before": &p.Before, "beforeUntil": &p.BeforeUntil} {
		asked := strings.TrimSpace(r.URL.Query().Get(name))
		if asked == "" {
			continue
		}
		if _, err := time.Parse(time.DateOnly, asked); err != nil {
			return p, &db.Error{Code: db.Invalid, Path: []string{name}, Message: fmt.Sprintf("%.40q is no day; write it as YYYY-MM-DD", asked)}
		}
		*into = asked
	}
	if p.Until < p.Since {
		return p, &db.Error{Code: db.Invalid, Path: []string{"until"}, Message: "the period ends before it begins"}
	}
	return p, nil
}
