package dashboard

import (
	"net/http"
	"strconv"
	"strings"

	"complero/db"
	"complero/frontend/dashboard/query"
)

// An askingPage shows how far the asking of an audience is.
type askingPage struct {
	deskFrame
	Lead        string
	Done, Total int
	Working     bool
	Figures     []figure
	// LeftOut are some of those who were left out, and why.
	LeftOut []leftOutLine
	More    string
	Cancel  string
	Where   string
	List    string
}

type leftOutLine struct{ Name, URL, Why, Detail string }

func (d *desk) askingNamed(r *http.Request) (*query.Asking, error) {
	data, err := query.AskingOf(r.Context(), d.api, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	if data.Operation == nil || data.Operation.Kind != query.OperationKindRequestsCreate {
		return nil, d.missing()
	}
	return data.Operation, nil
}

func (a *App) showAsking(w http.ResponseWriter, r *http.Request, d *desk) error {
	op, err := d.askingNamed(r)
	if err != nil {
		return err
	}
	p := &askingPage{
		deskFrame: d.frame("requests", d.voice.Say("asked.title."+string(op.Status))), Done: op.Processed, Total: max(orZero(op.Total), 1),
		Working: op.FinishedAt == nil, Where: d.root + "/asking/" + op.Id, List: d.root + "/requests",
	}
	p.Lead = d.voice.Say("asked.lead." + string(op.Status))
	if p.Working && d.may(db.RequestsWrite) {
		p.Cancel = p.Where + "/cancel"
	}
	total := "–"
	if op.Total != nil {
		total = d.number(*op.Total)
	}
	p.Figures = []figure{
		{Label: d.voice.Say("asked.total"), Value: total},
		{Label: d.voice.Say("asked.made"), Value: d.number(op.Created)},
		{Label: d.voice.Say("asked.left"), Value: d.number(op.Rejected)},
	}
	for _, i := range op.Items.Nodes {
		p.LeftOut = append(p.LeftOut, d.leftOut(&i))
	}
	if n := op.Rejected - len(p.LeftOut); n > 0 && len(p.LeftOut) > 0 {
		p.More = d.counted("asked.more", n)
	}
	if r.Header.Get("HX-Request") != "" {
		return send(w, r, http.StatusOK, askingState(p))
	}
	return send(w, r, http.StatusOK, askingView(p))
}

// leftOut says who was not asked. The reason's word stands before a colon.
func (d *desk) leftOut(i *query.AskingItem) leftOutLine {
	line := leftOutLine{Name: textOf(i.ExternalId)}
	if i.Contact != nil {
		line.Name, line.URL = i.Contact.DisplayName, d.root+"/contacts/"+i.Contact.Id
	}
	for _, e := range i.Errors {
		word, _, found := strings.Cut(e.Message, ":")
		if line.Why = d.reason(&word); !found {
			line.Why, line.Detail = d.voice.Say("problem."+string(e.Code)), e.Message
		}
	}
	return line
}

func (a *App) showAskingCancel(w http.ResponseWriter, r *http.Request, d *desk) error {
	op, err := d.askingNamed(r)
	if err != nil {
		return err
	}
	if !d.may(db.RequestsWrite) {
		return d.missing()
	}
	left := d.voice.Say("asked.cancel.unknown")
	if op.Total != nil {
		left = d.counted("asked.cancel.left", *op.Total-op.Processed)
	}
	return send(w, r, http.StatusOK, confirmView(&confirmation{
		deskFrame: d.frame("requests", d.voice.Say("asked.cancel.title")), Consequences: []string{left, d.counted("asked.cancel.made", op.Created)},
		Do: d.voice.Say("asked.cancel.do"), Action: d.root + "/asking/" + op.Id + "/cancel", Hidden: filled(), Back: d.root + "/asking/" + op.Id,
	}))
}

func (a *App) cancelAsking(w http.ResponseWriter, r *http.Request, d *desk) error {
	op, err := d.askingNamed(r)
	if err != nil {
		return err
	}
	// One that has ended meanwhile needs no end: its page says so.
	if _, err := query.AskingCancel(r.Context(), d.api, op.Id); err != nil {
		return err
	}
	http.Redirect(w, r, d.root+"/asking/"+op.Id, http.StatusSeeOther)
	return nil
}

func (p *askingPage) max() string   { return strconv.Itoa(p.Total) }
func (p *askingPage) value() string { return strconv.Itoa(min(p.Done, p.Total)) }
