package dashboard

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"complero/db"
	"complero/frontend/dashboard/query"
)

// auditPerPage is how many entries a page shows, shownTargets how many ids of one.
const (
	auditPerPage = 50
	shownTargets = 3
)

func (a *App) auditRoutes() map[string]deskHandler {
	return map[string]deskHandler{"GET /app/{company}/audit": a.showAudit}
}

// An auditPage tells who did what, to whom, from where.
type auditPage struct {
	deskFrame
	Form          *form
	Inputs        []input
	Entries       []auditRow
	Narrowed      bool
	Before, After string
	// CSV is where all that is found is to be had as a file; "" for whoever may not.
	CSV string
}

type auditRow struct {
	When, Who, Kind, What, Address string
	Test                           bool
	Targets                        []auditTarget
	More                           string
}

type auditTarget struct{ Name, URL string }

// auditSearch are the fields of the search, as they stand in the page's address.
var auditSearch = []string{"who", "what", "whom", "since", "until"}

func (a *App) showAudit(w http.ResponseWriter, r *http.Request, d *desk) error {
	f := &form{Values: url.Values{}}
	for _, name := range auditSearch {
		if text := strings.TrimSpace(r.FormValue(name)); text != "" {
			f.Set(name, text)
		}
	}
	filter, file := d.auditFilter(f)
	first, after, last, before := pageOf(r, auditPerPage)
	data, err := query.AuditLog(r.Context(), d.api, first, after, last, before, filter)
	if err != nil {
		return err
	}
	p := &auditPage{deskFrame: d.frame("audit", d.voice.Say("audit.title")), Form: f, Inputs: d.auditInputs(), Narrowed: len(f.Values) > 0}
	for i := range data.AuditLog.Nodes {
		p.Entries = append(p.Entries, d.auditRow(&data.AuditLog.Nodes[i]))
	}
	p.Before, p.After = beside(d.root+"/audit", f.Values, data.AuditLog.PageInfo)
	if d.may(db.DataExport) {
		p.CSV = d.root + "/export/audit.csv?" + file.Encode()
	}
	return send(w, r, http.StatusOK, auditView(p))
}

// auditFilter is what a search asks the API for, and as parameters of the file.
func (d *desk) auditFilter(f *form) (*query.AuditFilter, url.Values) {
	filter := &query.AuditFilter{Viewer: f.optional("who"), Action: f.optional("what"), Target: f.optional("whom")}
	file := url.Values{}
	for name, value := range map[string]*string{"viewer": filter.Viewer, "action": filter.Action, "target": filter.Target} {
		if value != nil {
			file.Set(name, *value)
		}
	}
	moment := func(field string, of func(string) *time.Time) *time.Time {
		day := f.optional(field)
		if day == nil {
			return nil
		}
		at := of(*day)
		if at == nil {
			f.Problems = append(f.Problems, problem{field, d.voice.Say("problem.INVALID_DATE"), ""})
			return nil
		}
		file.Set(field, at.Format(time.RFC3339))
		return at
	}
	filter.Since, filter.Until = moment("since", d.startOf), moment("until", d.endOf)
	return filter, file
}

func (d *desk) auditInputs() []input {
	what := input{Name: "what", Label: d.voice.Say("audit.what"), Type: "select", Choices: []pick{{"", d.voice.Say("audit.any"), ""}}}
	for _, action := range auditActions {
		what.Choices = append(what.Choices, pick{action, d.actionName(action), ""})
	}
	slices.SortStableFunc(what.Choices[1:], func(a, b pick) int { return strings.Compare(a.Label, b.Label) })
	return []input{
		{Name: "who", Label: d.voice.Say("audit.who"), Max: 200},
		what,
		{Name: "whom", Label: d.voice.Say("audit.whom"), Max: 200},
		{Name: "since", Label: d.voice.Say("audit.since"), Type: "date"},
		{Name: "until", Label: d.voice.Say("audit.until"), Type: "date"},
	}
}

// auditActions are those that can be searched for. Others show by the API's names for them.
var auditActions = []string{
	"apiKeyCreate", "apiKeyRevoke", "apiKeyRotate", "brandPublish", "brandRollback", "brandUpdate", "companyArchive", "companyCreate", "companyUnarchive", "companyUpdate",
	"consentDefinitionSave", "consentWithdraw", "contactResume", "contactStop", "contactUnmerge",
	"contactsDelete", "contactsImport", "contactsMerge", "contactsUpload", "customFieldDelete", "customFieldSave", "employeesDelete", "employeesUpload",
	"eventsAcknowledge", "export", "fieldPolicySave", "operationCancel", "requestCancel",
	"requestsCreate", "sourceSave", "textDelete", "textSave", "userInvite", "userRemove", "userSignInLink", "userUpdate",
}

// actionName is what people call an action; the API's name where they have none.
func (d *desk) actionName(action string) string {
	if action == "" {
		action = "other"
	}
	if name := d.voice.Say("act." + action); name != "act."+action {
		return name
	}
	return action
}

func (d *desk) auditRow(e *query.AuditRow) auditRow {
	row := auditRow{
		When: d.moment(e.At), Who: textOf(e.ViewerName), Kind: d.voice.Say("viewer." + string(e.ViewerKind)),
		What: d.actionName(e.Action), Address: e.Address, Test: e.Test,
	}
	if row.Who == "" {
		row.Who = e.ViewerId
	}
	for i, id := range e.Targets {
		if i == shownTargets {
			row.More = d.voice.Count("audit.more", len(e.Targets)-i)
			break
		}
		row.Targets = append(row.Targets, d.auditTarget(id, e.TargetNames[i]))
	}
	return row
}

func (d *desk) auditTarget(id string, name *string) auditTarget {
	t := auditTarget{Name: id}
	if name == nil {
		return t
	}
	t.Name = *name
	switch noun, _, _ := strings.Cut(id, "_"); {
	case noun == "contact" && d.may(db.ContactsRead):
		t.URL = d.root + "/contacts/" + id
	case noun == "user" && d.may(db.TeamRead):
		t.URL = d.root + "/team/" + id
	}
	return t
}
