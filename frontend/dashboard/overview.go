package dashboard

import (
	"net/http"
	"time"

	"complero/frontend/dashboard/query"
)

// overviewDays is the period that the overview tells of.
const overviewDays = 30

// An overviewPage tells what came back lately.
type overviewPage struct {
	deskFrame
	Figures []figure
	Chart   chart
	Latest  []latest
	// Working are Operations that are not finished.
	Working []working
	// Missing is what keeps Requests from being sent, each as a sentence.
	Missing []string
	// Empty tells that there are no Contacts yet.
	Empty bool
}

// A figure is a number with what it was before.
type figure struct {
	Label, Value, Before string
	// Better tells a change that is welcome from one that is not; 0 for neither.
	Better int
}

// A latest is something that a Contact did.
type latest struct {
	ID, Who, URL, What, When string
}

// A working is an Operation that goes on.
type working struct {
	What        string
	Done, Total int
}

func (a *App) overviewRoutes() map[string]deskHandler {
	return map[string]deskHandler{"GET /app/{company}/{$}": a.showOverview}
}

func (a *App) showOverview(w http.ResponseWriter, r *http.Request, d *desk) error {
	today := a.store.Now().In(d.tenant.Company.Location())
	day := func(ago int) string { return today.AddDate(0, 0, -ago).Format(time.DateOnly) }
	data, err := query.Overview(r.Context(), d.api, day(overviewDays-1), day(0), day(2*overviewDays-1), day(overviewDays))
	if err != nil {
		return err
	}
	p := &overviewPage{
		deskFrame: d.frame("overview", d.voice.Say("overview.title")),
		Figures:   d.figures(data), Chart: d.answersByDay(data.Now.ByDay, today), Missing: d.missingSettings(data.Company),
		Empty: data.Now.Contacts == 0,
	}
	for i := len(data.Events.Nodes) - 1; i >= 0; i-- {
		p.Latest = append(p.Latest, d.latest(&data.Events.Nodes[i]))
	}
	for _, op := range data.Operations.Nodes {
		if op.Status == query.OperationStatusPending || op.Status == query.OperationStatusRunning {
			p.Working = append(p.Working, working{d.voice.Say("operation.kind." + string(op.Kind)), op.Processed, orZero(op.Total)})
		}
	}
	return send(w, r, http.StatusOK, overviewView(p))
}

// figures compares the period with the one before it.
func (d *desk) figures(data *query.OverviewResponse) []figure {
	say, now, before := d.voice, data.Now, data.Before
	return []figure{
		{Label: say.Say("overview.contacts"), Value: d.number(now.Contacts)},
		d.compared("overview.requests", now.Requests, before.Requests, 0),
		d.compared("overview.updated", now.Updated, before.Updated, 1),
		d.compared("overview.confirmed", now.Confirmed, before.Confirmed, 1),
		{Label: say.Say("overview.rate"), Value: d.share(now.ResponseRate), Before: say.Say("overview.before", "Value", d.share(before.ResponseRate))},
		{Label: say.Say("overview.failed"), Value: d.number(now.Failed)},
	}
}

func (d *desk) compared(key string, now, before, welcome int) figure {
	f := figure{Label: d.voice.Say(key), Value: d.number(now), Before: d.voice.Say("overview.before", "Value", d.number(before))}
	switch {
	case now > before:
		f.Better = welcome
	case now < before:
		f.Better = -welcome
	}
	return f
}

// latest says in a line what an event tells.
func (d *desk) latest(e *query.LatestEvent) latest {
	l := latest{ID: e.Id, What: d.voice.Say("event." + string(e.Kind)), When: d.moment(e.OccurredAt)}
	if n := len(e.Changes); n > 0 {
		l.What = d.voice.Count("overview.changed", n)
	}
	switch {
	case e.Contact != nil:
		l.Who, l.URL = e.Contact.DisplayName, d.root+"/contacts/"+e.Contact.Id
	case e.ContactExternalId != nil:
		l.Who = *e.ContactExternalId
	}
	return l
}

// missingSettings are what live Requests cannot be sent without.
func (d *desk) missingSettings(c *query.Setup) []string {
	if c == nil {
		return nil
	}
	var missing []string
	for key, value := range map[string]*string{
		"overview.missing.sender": c.SenderAddress, "overview.missing.imprint": c.Imprint, "overview.missing.support": c.SupportContact,
	} {
		if value == nil {
			missing = append(missing, d.voice.Say(key))
		}
	}
	return missing
}
