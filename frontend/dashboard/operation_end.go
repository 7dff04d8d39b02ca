package dashboard

import (
	"net/http"

	"complero/frontend/dashboard/query"
)

// operationNamed is the Operation that a page's address names.
func (d *desk) operationNamed(r *http.Request) (*query.Progress, error) {
	data, err := query.OperationProgress(r.Context(), d.api, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	if data.Operation == nil {
		return nil, d.missing()
	}
	return data.Operation, nil
}

func (a *App) askToCancel(w http.ResponseWriter, r *http.Request, d *desk) error {
	o, err := d.operationNamed(r)
	if err != nil {
		return err
	}
	return d.cancelOperationPage(w, r, o, filled())
}

func (d *desk) cancelOperationPage(w http.ResponseWriter, r *http.Request, o *query.Progress, f *form) error {
	c := &confirmation{
		deskFrame: d.frame("operations", d.voice.Say("operation.cancel.title")), Do: d.voice.Say("operation.cancel.do"),
		Action: d.root + "/operations/" + o.Id + "/cancel", Back: d.root + "/operations/" + o.Id,
		Consequences: []string{d.voice.Say("operation.cancel.lead", "Done", d.number(o.Processed), "Rest", d.number(max(0, orZero(o.Total)-o.Processed)))},
	}
	if len(f.Problems) > 0 {
		c.Problem = f.Problems[0].Text
	}
	return d.confirm(w, r, c)
}

func (a *App) cancelOperation(w http.ResponseWriter, r *http.Request, d *desk) error {
	o, err := d.operationNamed(r)
	if err != nil {
		return err
	}
	data, err := query.OperationCancel(r.Context(), d.api, o.Id)
	if err != nil {
		return err
	}
	if wrong := data.OperationCancel.UserErrors; len(wrong) > 0 {
		f := filled()
		d.refuse(f, wrong, nil)
		return d.cancelOperationPage(w, r, o, f)
	}
	return done(w, r, d.root+"/operations/"+o.Id, "cancelled")
}

func (a *App) askToConfirm(w http.ResponseWriter, r *http.Request, d *desk) error {
	o, err := d.operationNamed(r)
	if err != nil {
		return err
	}
	return d.agreePage(w, r, o, filled())
}

// agreePage asks before more Contacts are deleted than was agreed.
func (d *desk) agreePage(w http.ResponseWriter, r *http.Request, o *query.Progress, f *form) error {
	missing := 0
	if o.Import != nil {
		missing = orZero(o.Import.Missing)
	}
	c := &confirmation{
		deskFrame: d.frame("operations", d.voice.Count("operation.agree.title", missing)), Do: d.voice.Count("operation.agree.do", missing),
		Action: d.root + "/operations/" + o.Id + "/confirm", Back: d.root + "/operations/" + o.Id,
		Consequences: []string{
			d.voice.Say("operation.agree.lead", "Source", textOf(o.Source), "N", d.number(missing)), d.voice.Say("operation.agree.other"),
		},
	}
	if len(f.Problems) > 0 {
		c.Problem = f.Problems[0].Text
	}
	return d.confirm(w, r, c)
}

func (a *App) confirmOperation(w http.ResponseWriter, r *http.Request, d *desk) error {
	o, err := d.operationNamed(r)
	if err != nil {
		return err
	}
	data, err := query.OperationConfirm(r.Context(), d.api, o.Id)
	if err != nil {
		return err
	}
	if wrong := data.OperationConfirm.UserErrors; len(wrong) > 0 {
		f := filled()
		d.refuse(f, wrong, nil)
		return d.agreePage(w, r, o, f)
	}
	return done(w, r, d.root+"/operations/"+o.Id, "agreed")
}
