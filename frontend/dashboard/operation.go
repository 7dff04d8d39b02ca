package dashboard

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"complero/db"
	"complero/frontend/dashboard/query"
)

// An operationPage tells all that an Operation has come to.
type operationPage struct {
	progressPage
	Kind, File, When, How string
	// Trial tells that nothing was stored.
	Trial bool
	// Faults are why it failed or waits.
	Faults   []string
	Findings []findingRow
	Problems []problemRow
	Sample   []sampleRow
	Missing  []string
	Rejected []rejectedRow
	// File of the rejected rows; "" where there is none.
	RejectedURL string
	Editor      *mappingEditor
	Form        *form
	MayCancel   bool
}

// A findingRow is one thing about how a file was understood.
type findingRow struct{ Mood, Column, Text string }

// A problemRow is a kind of problem with the rows where it occurs.
type problemRow struct {
	Text, Detail, Column, Rows, Count string
	Rejects                           bool
}

// A sampleRow is a row of the file as it would be stored.
type sampleRow struct {
	Row, ID string
	Facts   []string
	Faults  []string
}

// A rejectedRow is an item that was not taken.
type rejectedRow struct {
	Row, ID string
	Faults  []string
}

func (a *App) showOperation(w http.ResponseWriter, r *http.Request, d *desk) error {
	if r.Header.Get("HX-Request") != "" {
		return d.showProgress(w, r)
	}
	data, err := query.Operation(r.Context(), d.api, r.PathValue("id"))
	if err != nil {
		return err
	}
	return d.operationPage(w, r, data, filled())
}

// showProgress answers a page that asks how far an Operation is; one that has
// come to an end or a question is shown anew.
func (d *desk) showProgress(w http.ResponseWriter, r *http.Request) error {
	data, err := query.OperationProgress(r.Context(), d.api, r.PathValue("id"))
	if err != nil {
		return err
	}
	if data.Operation == nil {
		return d.missing()
	}
	p := d.progress(data.Operation)
	p.deskFrame = deskFrame{frame: d.visit.frame("")}
	if !p.Running {
		w.Header().Set("HX-Refresh", "true")
	}
	return send(w, r, http.StatusOK, progressView(&p))
}

func (d *desk) operationPage(w http.ResponseWriter, r *http.Request, data *query.OperationResponse, f *form) error {
	o := data.Operation
	if o == nil {
		return d.missing()
	}
	p := &operationPage{progressPage: d.progress(progressOf(o)), Kind: d.voice.Say("operation.kind." + string(o.Kind)), When: d.moment(o.CreatedAt), Form: f}
	title := p.Kind
	if in := o.Import; in != nil {
		title, p.File, p.Trial = in.FileName, in.FileName, in.DryRun
		if title == "" {
			title = p.Kind
		}
	}
	p.deskFrame = d.frame("operations", title)
	p.MayCancel = d.may(db.ContactsWrite) && o.FinishedAt == nil
	for _, e := range o.Errors {
		p.Faults = append(p.Faults, e.Message)
	}
	if !p.Running {
		for _, i := range o.Items.Nodes {
			p.Rejected = append(p.Rejected, rejectedRow{Row: rowOf(i.Row, i.Index), ID: textOf(i.ExternalId), Faults: faultsOf(i.Errors)})
		}
	}
	if o.RejectedUrl != nil && !p.Trial {
		at := strings.LastIndexByte(*o.RejectedUrl, '/')
		p.RejectedURL = p.URL + (*o.RejectedUrl)[at:]
	}
	if o.Import != nil {
		if err := d.importParts(p, o, data.CustomFields); err != nil {
			return err
		}
	}
	return send(w, r, f.status(), operationView(p))
}

func progressOf(o *query.OperationDetail) *query.Progress {
	p := &query.Progress{
		Id: o.Id, Kind: o.Kind, Status: o.Status, Source: o.Source, Total: o.Total, Processed: o.Processed, Created: o.Created, Synced: o.Synced,
		Unchanged: o.Unchanged, Deleted: o.Deleted, Rejected: o.Rejected, Conflicts: o.Conflicts, CreatedAt: o.CreatedAt, FinishedAt: o.FinishedAt,
	}
	if in := o.Import; in != nil {
		p.Import = &query.ImportState{FileName: in.FileName, DryRun: in.DryRun, Missing: in.Missing, Complete: in.Complete}
	}
	return p
}

// rowOf is where an item stood: the row of a file, or its place in a call.
func rowOf(row *int, index int) string {
	if row != nil {
		return strconv.Itoa(*row)
	}
	return strconv.Itoa(index + 1)
}

func faultsOf(errs []query.OperationError) []string {
	var all []string
	for _, e := range errs {
		all = append(all, e.Message)
	}
	return all
}

// importParts are the parts of the page that tell of a file.
func (d *desk) importParts(p *operationPage, o *query.OperationDetail, own []query.OwnField) error {
	in := o.Import
	p.How = d.howRead(in)
	for _, f := range in.Findings {
		row := findingRow{Column: textOf(f.Column), Text: f.Message}
		if f.Severity == query.ImportSeverityWarning {
			row.Mood = "bad"
		}
		p.Findings = append(p.Findings, row)
	}
	if !p.Running {
		for _, q := range in.Problems {
			p.Problems = append(p.Problems, problemRow{
				Text: d.voice.Say("problem." + string(q.Code)), Detail: q.Message, Column: textOf(q.Column), Rows: d.rowsOf(q.Rows, q.Count),
				Count: d.voice.Count("operation.rows", q.Count), Rejects: q.Severity == query.ImportSeverityError,
			})
		}
	}
	for _, s := range in.Sample {
		p.Sample = append(p.Sample, sampleRow{Row: strconv.Itoa(s.Row), ID: s.ExternalId, Facts: factsOf(s.Contact), Faults: faultsOf(s.Errors)})
	}
	p.Missing = in.MissingSample
	if !p.Trial || p.Running {
		return nil
	}
	m, err := readMapping(in.Mapping)
	if err != nil {
		return err
	}
	p.Editor = d.editor(m, o, own)
	return nil
}

// howRead says how a file was read, in a few words.
func (d *desk) howRead(in *query.ImportDetail) string {
	said := []string{in.Format}
	if in.Encoding != nil {
		said = append(said, *in.Encoding)
	}
	if in.Separator != nil {
		sign := *in.Separator
		if sign == "\t" {
			sign = d.voice.Say("operation.tab")
		}
		said = append(said, d.voice.Say("operation.separator", "Sign", sign))
	}
	if in.HeaderRow != nil {
		said = append(said, d.voice.Say("operation.header", "N", strconv.Itoa(*in.HeaderRow)))
	}
	return strings.Join(said, ", ")
}

// factsOf is what a row says, in the order in which people read it.
func factsOf(contact json.RawMessage) []string {
	var c struct {
		Salutation, Title, GivenName, FamilyName, Organisation, BirthDate, Locale, Employee string
		Emails                                                                              []struct{ Address string }
		Phones                                                                              []struct{ Number string }
		Addresses                                                                           []struct {
			Street, HouseNumber, Addition, PostalCode, City, Region, CountryCode string
		}
		CustomFields json.RawMessage
	}
	if json.Unmarshal(contact, &c) != nil {
		return nil
	}
	facts := []string{joinFilled(" ", c.Salutation, c.Title, c.GivenName, c.FamilyName), c.Organisation, c.BirthDate}
	for _, e := range c.Emails {
		facts = append(facts, e.Address)
	}
	for _, n := range c.Phones {
		facts = append(facts, n.Number)
	}
	for _, a := range c.Addresses {
		facts = append(facts, joinFilled(", ", joinFilled(" ", a.Street, a.HouseNumber), a.Addition, joinFilled(" ", a.PostalCode, a.City), a.Region, a.CountryCode))
	}
	for _, own := range customFields(c.CustomFields) {
		facts = append(facts, own[0]+": "+own[1])
	}
	kept := facts[:0]
	for _, f := range facts {
		if f != "" {
			kept = append(kept, f)
		}
	}
	return kept
}
