package dashboard

import (
	"net/http"
	"strconv"

	"complero/frontend/dashboard/query"
)

// operationsPerPage is how many rows the list shows at a time.
const operationsPerPage = 50

// An operationsPage lists what was uploaded and deleted.
type operationsPage struct {
	deskFrame
	Rows          []operationRow
	Before, After string
}

// An operationRow is one Operation in the list.
type operationRow struct {
	URL, Kind, File, When, State, Mood string
	Trial                              bool
	// Counts are what came of it, in words; those that are 0 are left out.
	Counts []string
}

func (a *App) operationsRoutes() map[string]deskHandler {
	return map[string]deskHandler{
		"GET /app/{company}/operations":               a.showOperations,
		"GET /app/{company}/operations/new":           a.showUpload,
		"GET /app/{company}/operations/{id}":          a.showOperation,
		"POST /app/{company}/operations/{id}/import":  a.importAgain,
		"GET /app/{company}/operations/{id}/cancel":   a.askToCancel,
		"POST /app/{company}/operations/{id}/cancel":  a.cancelOperation,
		"GET /app/{company}/operations/{id}/confirm":  a.askToConfirm,
		"POST /app/{company}/operations/{id}/confirm": a.confirmOperation,
	}
}

func (a *App) uploadRoutes() map[string]deskHandler {
	return map[string]deskHandler{"POST /app/{company}/operations/new": a.upload}
}

func (a *App) showOperations(w http.ResponseWriter, r *http.Request, d *desk) error {
	first, after, last, before := pageOf(r, operationsPerPage)
	data, err := query.Operations(r.Context(), d.api, first, after, last, before)
	if err != nil {
		return err
	}
	p := &operationsPage{deskFrame: d.frame("operations", d.voice.Say("operations.title"))}
	for i := range data.Operations.Nodes {
		p.Rows = append(p.Rows, d.operationRow(&data.Operations.Nodes[i]))
	}
	p.Before, p.After = beside(d.root+"/operations", nil, data.Operations.PageInfo)
	return send(w, r, http.StatusOK, operationsView(p))
}

func (d *desk) operationRow(o *query.OperationRow) operationRow {
	row := operationRow{
		URL: d.root + "/operations/" + o.Id, Kind: d.voice.Say("operation.kind." + string(o.Kind)), When: d.moment(o.CreatedAt),
		State: d.voice.Say("operation.status." + string(o.Status)), Mood: moodOf(o.Status, o.Rejected),
	}
	if o.Import != nil {
		row.File, row.Trial = o.Import.FileName, o.Import.DryRun
	}
	for _, c := range []struct {
		key string
		n   int
	}{
		{"created", o.Created}, {"changed", o.Synced - o.Unchanged}, {"unchanged", o.Unchanged}, {"deleted", o.Deleted}, {"rejected", o.Rejected},
	} {
		if c.n > 0 {
			row.Counts = append(row.Counts, d.voice.Say("operation.few."+c.key, "N", d.number(c.n)))
		}
	}
	if len(row.Counts) == 0 && o.Total != nil {
		row.Counts = []string{d.voice.Say("operation.few.of", "N", d.number(o.Processed), "Total", d.number(*o.Total))}
	}
	return row
}

// moodOf is how a state is marked: good, bad or neither.
func moodOf(s query.OperationStatus, rejected int) string {
	switch {
	case s == query.OperationStatusFailed, s == query.OperationStatusWaitingForConfirmation:
		return "bad"
	case s == query.OperationStatusCompleted && rejected == 0:
		return "good"
	}
	return ""
}

// A progressPage tells how far an Operation is, while it is.
type progressPage struct {
	deskFrame
	ID, URL, State, Mood string
	// Running tells that it goes on by itself; Waiting that somebody is to agree.
	Running, Waiting bool
	Done, Total      int
	// Of says how much of it is done, in words.
	Of      string
	Figures []figure
}

// progress is how far an Operation is, in figures.
func (d *desk) progress(o *query.Progress) progressPage {
	p := progressPage{
		ID: o.Id, URL: d.root + "/operations/" + o.Id, State: d.voice.Say("operation.status." + string(o.Status)), Mood: moodOf(o.Status, o.Rejected),
		Running: o.Status == query.OperationStatusPending || o.Status == query.OperationStatusRunning,
		Waiting: o.Status == query.OperationStatusWaitingForConfirmation, Done: o.Processed, Total: orZero(o.Total),
	}
	p.Of = d.voice.Say("operation.of", "N", d.number(p.Done), "Total", d.number(p.Total))
	trial := ""
	if o.Import != nil && o.Import.DryRun {
		trial = ".would"
	}
	add := func(key string, n, welcome int) {
		p.Figures = append(p.Figures, figure{Label: d.voice.Say("operation.count." + key + trial), Value: d.number(n), Better: welcome})
	}
	switch o.Kind {
	case query.OperationKindContactsDelete, query.OperationKindEmployeesDelete:
		trial = ""
		add("deleted", o.Deleted, 0)
	default:
		add("created", o.Created, 0)
		add("changed", o.Synced-o.Unchanged, 0)
		add("unchanged", o.Unchanged, 0)
		if o.Kind != query.OperationKindEmployeesUpload {
			add("conflicts", o.Conflicts, 0)
		}
	}
	add("rejected", o.Rejected, 0)
	if o.Import != nil && o.Import.Missing != nil {
		add("missing", *o.Import.Missing, 0)
		if o.Import.Complete != nil && o.Import.Complete.Delete && !o.Import.DryRun {
			add("deleted", o.Deleted, 0)
		}
	}
	return p
}

// rowsOf are the first of the rows where something occurs, in words.
func (d *desk) rowsOf(rows []int, count int) string {
	const most = 12
	text := ""
	for i, n := range rows[:min(most, len(rows))] {
		if i > 0 {
			text += ", "
		}
		text += strconv.Itoa(n)
	}
	if count > most {
		text += " …"
	}
	return text
}
