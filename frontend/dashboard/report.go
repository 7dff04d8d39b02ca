package dashboard

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"complero/db"
	"complero/frontend/dashboard/query"
	"complero/frontend/report"
)

// FileWriter writes a report as a file: csv, xlsx or pdf, in the Company's Brand.
type FileWriter func(ctx context.Context, t *db.Tenant, d *report.Document, kind string, w io.Writer) error

// WritesFiles has the App offer reports as files.
func (a *App) WritesFiles(write FileWriter) { a.files = write }

// fileTypes are the kinds of files that a report can be had as.
var fileTypes = map[string]string{
	"csv": "text/csv; charset=utf-8", "pdf": "application/pdf",
	"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

// A reportPage shows a report on a period.
type reportPage struct {
	deskFrame
	Document *report.Document
	period
	// Files are the addresses of the report as files, by kind.
	Files []link
	// Customs are the Company's own reports.
	Customs []link
	// Beside tells that the User works in other Companies too.
	Beside    bool
	Schedules []scheduleRow
	Form      scheduleForm
	Price     priceForm
}

// A period is what a page tells of, with what else can be chosen.
type period struct {
	report.Period
	Presets []link
	// Problem is what is wrong with the days that were asked for.
	Problem string
}

// periodOf reads the days that a page is asked for: the last 30 if none are.
func (d *desk) periodOf(r *http.Request, now time.Time) period {
	today := now.In(d.tenant.Company.Location())
	date := func(t time.Time) string { return t.Format(time.DateOnly) }
	month := today.AddDate(0, 0, 1-today.Day())
	year := time.Date(today.Year(), 1, 1, 0, 0, 0, 0, time.UTC)
	p := period{Period: report.Period{Since: date(today.AddDate(0, 0, -29)), Until: date(today)}}
	asked := report.Period{Since: r.FormValue("since"), Until: r.FormValue("until"), Before: r.FormValue("before"), BeforeUntil: r.FormValue("beforeUntil")}
	if asked.Since != "" || asked.Until != "" {
		p.Since, p.Until = cmp.Or(asked.Since, p.Since), cmp.Or(asked.Until, p.Until)
		if asked.Before != "" && asked.BeforeUntil != "" {
			p.Before, p.BeforeUntil = asked.Before, asked.BeforeUntil
		}
		if !isPeriod(p.Since, p.Until) || p.Before != "" && !isPeriod(p.Before, p.BeforeUntil) {
			p.Period = report.Period{Since: date(today.AddDate(0, 0, -29)), Until: date(today)}
			p.Problem = d.voice.Say("report.bad")
		}
	}
	for _, preset := range []struct {
		key         string
		from, until time.Time
	}{
		{"30", today.AddDate(0, 0, -29), today},
		{"90", today.AddDate(0, 0, -89), today},
		{"month", month, today},
		{"lastmonth", month.AddDate(0, -1, 0), month.AddDate(0, 0, -1)},
		{"year", year, today},
		{"lastyear", year.AddDate(-1, 0, 0), year.AddDate(0, 0, -1)},
	} {
		since, until := date(preset.from), date(preset.until)
		p.Presets = append(p.Presets, link{
			d.voice.Say("report.preset." + preset.key), r.URL.Path + "?" + url.Values{"since": {since}, "until": {until}}.Encode(),
			since == p.Since && until == p.Until,
		})
	}
	return p
}

// isPeriod reports whether two texts are days in their order.
func isPeriod(since, until string) bool {
	from, err := time.Parse(time.DateOnly, since)
	to, err2 := time.Parse(time.DateOnly, until)
	return err == nil && err2 == nil && !to.Before(from) && from.Year() > 1900 && to.Year() < 2200
}

// values are the period as an address has it.
func (p *period) values() string {
	v := url.Values{"since": {p.Since}, "until": {p.Until}}
	if p.Before != "" {
		v["before"], v["beforeUntil"] = []string{p.Before}, []string{p.BeforeUntil}
	}
	return v.Encode()
}

func (a *App) reportRoutes() map[string]deskHandler {
	return map[string]deskHandler{
		"GET /app/{company}/report":                  a.showReport,
		"GET /app/{company}/report/file/{file}":      a.sendReport,
		"GET /app/{company}/report/companies":        a.showSides,
		"POST /app/{company}/report/schedule":        a.saveSchedule,
		"POST /app/{company}/report/schedule/delete": a.deleteSchedule,
		"POST /app/{company}/report/price":           a.savePrice,
		"GET /app/{company}/report/custom/{id}":      a.showCustom,
		"POST /app/{company}/report/custom/{id}":     a.saveCustom,
	}
}

func (a *App) showReport(w http.ResponseWriter, r *http.Request, d *desk) error {
	return a.reportOf(w, r, d, http.StatusOK, scheduleForm{}, priceForm{})
}

// reportOf shows the report with forms as they were sent, or empty ones.
func (a *App) reportOf(w http.ResponseWriter, r *http.Request, d *desk, status int, form scheduleForm, price priceForm) error {
	p := &reportPage{deskFrame: d.frame("report", d.voice.Say("area.report")), period: d.periodOf(r, a.store.Now()), Beside: len(d.tenant.Company.CustomerID) > 0 && d.several()}
	var err error
	if p.Document, err = d.standard(r.Context(), p.Period); err != nil {
		return err
	}
	p.Files = fileLinks(d.root+"/report/file/report", p.values(), "pdf", "xlsx", "csv")
	if d.whole() {
		if err := d.fillReportDesk(r.Context(), p, form, price); err != nil {
			return err
		}
	}
	return send(w, r, status, reportView(p))
}

// several reports whether the User works in more than this Company.
func (d *desk) several() bool {
	roles := d.who.User.Roles
	return len(roles) > 1 || roles[0].Role.Everywhere()
}

// whole reports whether the User sees the whole Company.
func (d *desk) whole() bool {
	v := d.tenant.Viewer
	return v.Source == "" && v.EmployeeID == ""
}

// standard is the standard report in the User's language.
func (d *desk) standard(ctx context.Context, p report.Period) (*report.Document, error) {
	c := d.tenant.Company
	return report.Standard(ctx, d.api, report.VoiceFor(d.voice.Tag), c.Name, c.Location(), p)
}

// sendReport answers with the report as a file.
func (a *App) sendReport(w http.ResponseWriter, r *http.Request, d *desk) error {
	name, kind, _ := strings.Cut(r.PathValue("file"), ".")
	if name != "report" || fileTypes[kind] == "" || a.files == nil {
		return d.missing()
	}
	p := d.periodOf(r, a.store.Now())
	document, err := d.standard(r.Context(), p.Period)
	if err != nil {
		return err
	}
	return a.sendFile(w, r, d, document, kind, "report-"+p.Since+"-"+p.Until)
}

// sendFile writes a document to a file of the Company's name.
func (a *App) sendFile(w http.ResponseWriter, r *http.Request, d *desk, document *report.Document, kind, name string) error {
	var file strings.Builder
	if err := a.files(r.Context(), d.tenant, document, kind, &file); err != nil {
		return fmt.Errorf("write the report as %s: %w", kind, err)
	}
	h := w.Header()
	h.Set("Content-Type", fileTypes[kind])
	h.Set("Content-Disposition", `attachment; filename="`+d.tenant.Company.Slug+"-"+name+"."+kind+`"`)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Length", strconv.Itoa(file.Len()))
	_, err := io.WriteString(w, file.String())
	return err
}

// A sidesPage shows a Customer's Companies side by side.
type sidesPage struct {
	deskFrame
	period
	Columns []string
	Rows    []sideRow
}

type sideRow struct {
	Name, URL string
	Cells     []string
	// Total marks the row of all together.
	Total bool
}

func (a *App) showSides(w http.ResponseWriter, r *http.Request, d *desk) error {
	p := &sidesPage{deskFrame: d.frame("report", d.voice.Say("sides.title")), period: d.periodOf(r, a.store.Now())}
	data, err := query.CustomerReport(r.Context(), d.api, p.Since, p.Until)
	if err != nil {
		return err
	}
	for _, key := range []string{"overview.contacts", "overview.requests", "overview.failed", "overview.updated", "overview.confirmed", "overview.rate", "sides.delivered", "sides.hours"} {
		p.Columns = append(p.Columns, d.voice.Say(key))
	}
	companies, err := d.who.Companies(r.Context())
	if err != nil {
		return err
	}
	for _, c := range data.CustomerReport.Companies {
		row := sideRow{Name: c.Company.Name, Cells: d.sideCells(&c.Report)}
		if i := slices.IndexFunc(companies, func(of *db.Company) bool { return of.ID == c.Company.Id }); i >= 0 {
			row.URL = deskRoot(companies[i], d.tenant.Mode) + "/report?" + p.values()
		}
		p.Rows = append(p.Rows, row)
	}
	if len(p.Rows) > 1 {
		p.Rows = append(p.Rows, sideRow{Name: d.voice.Say("sides.total"), Cells: d.sideCells(&data.CustomerReport.Total), Total: true})
	}
	return send(w, r, http.StatusOK, sidesView(p))
}

func (d *desk) sideCells(s *query.Side) []string {
	hours := "–"
	if s.MedianHoursToAnswer != nil {
		hours = strconv.FormatFloat(*s.MedianHoursToAnswer, 'f', 1, 64)
		if d.voice.Tag == "de" {
			hours = strings.Replace(hours, ".", ",", 1)
		}
	}
	return []string{
		d.number(s.Contacts), d.number(s.Sent), d.number(s.Failed), d.number(s.Updated), d.number(s.Confirmed),
		d.share(s.ResponseRate), d.share(s.DeliveryRate), hours,
	}
}
