package dashboard

import (
	"net/http"
	"strings"

	"complero/frontend/dashboard/query"
	"complero/frontend/report"
)

// A customPage shows a Company's own report, and the form to change it.
type customPage struct {
	deskFrame
	period
	// ID is "new" for one that is not saved yet.
	ID string
	// Document is nil where there is nothing to show; Failed then says why.
	Document *report.Document
	Failed   string
	Files    []link
	Form     customForm
}

// A customForm is a custom report as it is written; Problems stand beside its fields.
type customForm struct {
	Name, Document, Chart, Rows, Label, Values string
	Problems                                   map[string]string
	// May tells that the User may save.
	May bool
}

// newCustom is what a new report begins with.
var newCustom = customForm{
	Document: "query($since: Date!, $until: Date!) {\n  report(filter: {since: $since, until: $until}) {\n    byDay {\n      date\n      updated\n      confirmed\n    }\n  }\n}",
	Chart:    "BARS", Rows: "report.byDay", Label: "date", Values: "updated confirmed",
}

func (a *App) showCustom(w http.ResponseWriter, r *http.Request, d *desk) error {
	id, kind, _ := strings.Cut(r.PathValue("id"), ".")
	if id == "new" {
		return a.custom(w, r, d, http.StatusOK, &customPage{ID: id, Form: newCustom})
	}
	data, err := query.CustomReport(r.Context(), d.api, id)
	if err != nil {
		return err
	}
	c := data.CustomReport
	if c == nil {
		return d.missing()
	}
	p := &customPage{ID: id, period: d.periodOf(r, a.store.Now()), Form: customForm{
		Name: c.Name, Document: c.Document, Chart: string(c.Chart), Rows: c.Rows, Label: c.Label, Values: strings.Join(c.Values, " "),
	}}
	p.Document, p.Failed = d.run(r, c, p.Period)
	if kind != "" {
		if fileTypes[kind] == "" || a.files == nil || p.Document == nil || d.tenant.Viewer.Masked {
			return d.missing()
		}
		return a.sendFile(w, r, d, p.Document, kind, "report-"+p.Since+"-"+p.Until)
	}
	if p.Document != nil && !d.tenant.Viewer.Masked {
		p.Files = fileLinks(d.root+"/report/custom/"+id, p.values(), "pdf", "xlsx", "csv")
	}
	return a.custom(w, r, d, http.StatusOK, p)
}

// run sends a report's query under the rights of whoever looks at it. What keeps
// it from being answered is shown instead.
func (d *desk) run(r *http.Request, c *query.CustomReportDetail, p report.Period) (*report.Document, string) {
	custom := report.Custom{
		Name: c.Name, Document: c.Document, Chart: string(c.Chart), RowsAt: c.Rows, LabelAt: c.Label, ValuesAt: c.Values, Since: p.Since, Until: p.Until,
	}
	document, err := custom.Run(r.Context(), d.api, report.VoiceFor(d.voice.Tag))
	if err != nil {
		return nil, err.Error()
	}
	return document, ""
}

func (a *App) custom(w http.ResponseWriter, r *http.Request, d *desk, status int, p *customPage) error {
	title := p.Form.Name
	if p.ID == "new" {
		title = d.voice.Say("custom.new")
	}
	p.deskFrame, p.Form.May = d.frame("report", title), d.tenant.MayCompose() == nil
	if p.Since == "" {
		p.period = d.periodOf(r, a.store.Now())
	}
	return send(w, r, status, customView(p))
}

func (a *App) saveCustom(w http.ResponseWriter, r *http.Request, d *desk) error {
	id := r.PathValue("id")
	if r.PostFormValue("delete") != "" {
		done, err := query.DeleteCustomReport(r.Context(), d.api, id)
		if err != nil {
			return err
		}
		if len(done.CustomReportDelete.UserErrors) > 0 {
			return d.missing()
		}
		http.Redirect(w, r, d.root+"/report#custom", http.StatusSeeOther)
		return nil
	}
	form := customForm{
		Name: r.PostFormValue("name"), Document: strings.ReplaceAll(r.PostFormValue("document"), "\r\n", "\n"), Chart: r.PostFormValue("chart"),
		Rows: strings.TrimSpace(r.PostFormValue("rows")), Label: strings.TrimSpace(r.PostFormValue("label")), Values: strings.TrimSpace(r.PostFormValue("values")),
	}
	input := query.CustomReportSaveInput{
		Name: form.Name, Document: form.Document, Chart: query.ReportChart(form.Chart), Rows: form.Rows, Label: form.Label, Values: strings.Fields(form.Values),
	}
	if id != "new" {
		input.Id = &id
	}
	done, err := query.SaveCustomReport(r.Context(), d.api, input)
	if err != nil {
		return err
	}
	if errs := done.CustomReportSave.UserErrors; len(errs) > 0 {
		form.Problems = problemsOf(errs)
		return a.custom(w, r, d, http.StatusUnprocessableEntity, &customPage{ID: id, Form: form})
	}
	http.Redirect(w, r, d.root+"/report/custom/"+done.CustomReportSave.CustomReport.Id, http.StatusSeeOther)
	return nil
}

// customID is the id at the end of a custom report's address.
func customID(address string) string { return address[strings.LastIndexByte(address, '/')+1:] }
