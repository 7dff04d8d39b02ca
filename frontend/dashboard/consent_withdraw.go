package dashboard

import (
	"net/http"

	"complero/frontend/dashboard/query"
)

// A withdrawPage asks before a Consent is noted as taken back.
type withdrawPage struct {
	deskFrame
	Form       *form
	Lead, Back string
}

func (a *App) showWithdraw(w http.ResponseWriter, r *http.Request, d *desk) error {
	c, err := d.consentNamed(r)
	if err != nil {
		return err
	}
	return d.withdrawPage(w, r, c, filled())
}

func (d *desk) withdrawPage(w http.ResponseWriter, r *http.Request, c *query.ConsentNodeConsent, f *form) error {
	title := d.titleOf(c.Definition.Key, c.Definition.Wordings)
	lead := d.voice.Say("consent.withdraw.lead.all", "Name", c.Contact.DisplayName, "Title", title)
	if c.Channel != nil {
		lead = d.voice.Say("consent.withdraw.lead", "Name", c.Contact.DisplayName, "Title", title, "Channel", d.channelName(c.Channel))
	}
	return send(w, r, f.status(), withdrawView(&withdrawPage{
		deskFrame: d.frame("consents", d.voice.Say("consent.withdraw.title", "Name", c.Contact.DisplayName)), Form: f,
		Lead: lead, Back: d.root + "/consents/" + c.Id,
	}))
}

func (a *App) withdraw(w http.ResponseWriter, r *http.Request, d *desk) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	c, err := d.consentNamed(r)
	if err != nil {
		return err
	}
	source, externalID := bestID(c.Contact.ExternalIds)
	if externalID == "" {
		return d.missing() // of a Contact who was deleted only the proof is left
	}
	data, err := query.ConsentWithdraw(r.Context(), d.api, source, externalID, c.Definition.Key, c.Channel, f.optional("reason"))
	if err != nil {
		return err
	}
	if wrong := data.ConsentWithdraw.UserErrors; len(wrong) > 0 {
		d.refuse(f, wrong, nil)
		return d.withdrawPage(w, r, c, f)
	}
	return done(w, r, d.root+"/consents/"+c.Id, "withdrawn")
}

// bestID is an id by which the API finds a Contact, with the Source that gave it.
func bestID(ids []query.ContactID) (source *string, externalID string) {
	for i := range ids {
		if externalID == "" || ids[i].Source == "crm" {
			source, externalID = &ids[i].Source, ids[i].Value
		}
	}
	return source, externalID
}
