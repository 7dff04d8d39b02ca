package dashboard

import (
	"net/http"

	"complero/frontend/dashboard/query"
)

// A meSettingsPage lets an Employee choose how they are told.
type meSettingsPage struct {
	meFrame
	Form *form
	Ways []pick
}

func (a *App) showMySettings(w http.ResponseWriter, r *http.Request, d *desk) error {
	return d.meSettings(w, r, nil)
}

func (d *desk) meSettings(w http.ResponseWriter, r *http.Request, f *form) error {
	data, err := query.MeSettings(r.Context(), d.api)
	if err != nil {
		return err
	}
	p := &meSettingsPage{Form: f}
	if p.meFrame, err = d.meFrame("settings", d.voice.Say("me.settings.title"), &data.Viewer); err != nil {
		return err
	}
	if f == nil {
		p.Form = filled("mails", string(data.Viewer.Desk.Mails))
	}
	for _, way := range query.AllEmployeeMails {
		p.Ways = append(p.Ways, pick{Value: string(way), Label: d.voice.Say("me.mails." + string(way))})
	}
	return send(w, r, p.Form.status(), meSettingsView(p))
}

func (a *App) saveMySettings(w http.ResponseWriter, r *http.Request, d *desk) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	data, err := query.MeMails(r.Context(), d.api, query.EmployeeMails(f.Get("mails")))
	if err != nil {
		return err
	}
	if d.refuse(f, data.EmployeeMailsSave.UserErrors, nil); len(f.Problems) > 0 {
		return d.meSettings(w, r, f)
	}
	return done(w, r, d.root+"/settings", "mails")
}
