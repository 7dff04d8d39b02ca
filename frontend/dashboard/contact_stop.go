package dashboard

import (
	"net/http"

	"complero/frontend/dashboard/query"
)

// A stopPage asks before a Contact is never asked again, or asked again after all.
type stopPage struct {
	deskFrame
	Form           *form
	Lead, Do, Back string
	// Dangers tells that the answer shuts something off.
	Dangers bool
}

func (a *App) showStop(w http.ResponseWriter, r *http.Request, d *desk) error {
	c, err := d.contactNamed(r)
	if err != nil {
		return err
	}
	return d.stopPage(w, r, c, filled())
}

// contactNamed is the Contact that a page's address names.
func (d *desk) contactNamed(r *http.Request) (*query.NamedContact, error) {
	data, err := query.ContactName(r.Context(), d.api, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	if data.Contact == nil {
		return nil, d.missing()
	}
	return data.Contact, nil
}

func (d *desk) stopPage(w http.ResponseWriter, r *http.Request, c *query.NamedContact, f *form) error {
	ask := "stop"
	if c.StoppedAt != nil {
		ask = "resume"
	}
	return send(w, r, f.status(), stopView(&stopPage{
		deskFrame: d.frame("contacts", d.voice.Say("contact."+ask+".title", "Name", c.DisplayName)), Form: f,
		Lead: d.voice.Say("contact." + ask + ".lead"), Do: d.voice.Say("contact." + ask + ".do"),
		Back: d.root + "/contacts/" + c.Id, Dangers: c.StoppedAt == nil,
	}))
}

// stop stops a Contact or, where they are stopped already, takes that back.
func (a *App) stop(w http.ResponseWriter, r *http.Request, d *desk) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	c, err := d.contactNamed(r)
	if err != nil {
		return err
	}
	var wrong []query.Problem
	key := "stopped"
	if c.StoppedAt == nil {
		data, failed := query.ContactStop(r.Context(), d.api, c.ExternalId, sourceOf(c.ExternalId, c.ExternalIds), f.optional("reason"))
		if err = failed; err == nil {
			wrong = data.ContactStop.UserErrors
		}
	} else {
		key = "resumed"
		data, failed := query.ContactResume(r.Context(), d.api, c.ExternalId, sourceOf(c.ExternalId, c.ExternalIds), f.optional("reason"))
		if err = failed; err == nil {
			wrong = data.ContactResume.UserErrors
		}
	}
	if err != nil {
		return err
	}
	if len(wrong) > 0 {
		d.refuse(f, wrong, nil)
		return d.stopPage(w, r, c, f)
	}
	return done(w, r, d.root+"/contacts/"+c.Id, key)
}
