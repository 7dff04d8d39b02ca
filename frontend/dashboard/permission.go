package dashboard

import (
	"net/http"
	"net/url"
	"strings"

	"complero/frontend/dashboard/query"
)

// A permissionPage answers whether somebody may be written to or called.
type permissionPage struct {
	deskFrame
	Tabs     []link
	Form     *form
	Purposes []pick
	// Found are those whom a search means, where there are several.
	Found   []foundContact
	Nobody  bool
	Who     string
	WhoURL  string
	Stopped string
	Answers []answerRow
}

// A foundContact is somebody whom a search may mean.
type foundContact struct{ URL, Name, Sub string }

// An answerRow is a yes or no for one Channel, with why.
type answerRow struct {
	Channel, Answer, Why, URL string
	Allowed                   bool
}

// showPermission answers the question of whoever is about to write or call. Who
// is meant is searched for first; nothing of the search is kept.
func (a *App) showPermission(w http.ResponseWriter, r *http.Request, d *desk) error {
	f := filled("search", strings.TrimSpace(r.FormValue("search")), "key", r.FormValue("key"))
	p := &permissionPage{deskFrame: d.frame("consents", d.voice.Say("consents.title")), Tabs: d.consentTabs("ask"), Form: f}
	id := r.FormValue("contact")
	if id == "" && f.Get("search") != "" {
		found, err := query.PermissionContacts(r.Context(), d.api, f.Get("search"))
		if err != nil {
			return err
		}
		nodes := found.Contacts.Nodes
		if len(nodes) == 1 {
			id = nodes[0].Id
		}
		for i := 0; len(nodes) > 1 && i < len(nodes); i++ {
			p.Found = append(p.Found, d.foundContact(&nodes[i], f))
		}
		p.Nobody = len(nodes) == 0
	}
	data, err := query.PermissionSubject(r.Context(), d.api, id)
	if err != nil {
		return err
	}
	p.Purposes = d.purposes(data.ConsentDefinitions, "permission.advertising")
	if data.Contact != nil {
		if err := d.answer(r, p, data.Contact); err != nil {
			return err
		}
	}
	return send(w, r, http.StatusOK, permissionView(p))
}

func (d *desk) foundContact(c *query.PermissionContact, f *form) foundContact {
	sub := []string{c.ExternalId}
	if len(c.Emails) > 0 {
		sub = append(sub, c.Emails[0].Address)
	}
	if len(c.Addresses) > 0 && textOf(c.Addresses[0].City) != "" {
		sub = append(sub, *c.Addresses[0].City)
	}
	values := url.Values{"contact": {c.Id}}
	if key := f.Get("key"); key != "" {
		values.Set("key", key)
	}
	return foundContact{d.root + "/consents/ask?" + values.Encode(), c.DisplayName, strings.Join(sub, " · ")}
}

func (d *desk) answer(r *http.Request, p *permissionPage, c *query.AskedContact) error {
	source, externalID := bestID(c.ExternalIds)
	answers, err := query.Permissions(r.Context(), d.api, externalID, source, p.Form.optional("key"))
	if err != nil {
		return err
	}
	p.Who, p.WhoURL, p.Stopped = c.DisplayName, d.root+"/contacts/"+c.Id, d.day(c.StoppedAt)
	for _, one := range []struct {
		channel query.ConsentChannel
		answer  query.Answer
	}{
		{query.ConsentChannelPhone, answers.Phone},
		{query.ConsentChannelEmail, answers.Email},
		{query.ConsentChannelSms, answers.Sms},
		{query.ConsentChannelWhatsapp, answers.WhatsApp},
		{query.ConsentChannelLetter, answers.Letter},
	} {
		p.Answers = append(p.Answers, d.answerRow(one.channel, &one.answer))
	}
	return nil
}

func (d *desk) answerRow(channel query.ConsentChannel, a *query.Answer) answerRow {
	row := answerRow{Channel: d.channelName(&channel), Allowed: a.Allowed, Answer: d.voice.Say("permission.no")}
	if a.Allowed {
		row.Answer = d.voice.Say("permission.yes")
	}
	when := ""
	if a.Consent != nil {
		row.URL = d.root + "/consents/" + a.Consent.Id
		at := a.Consent.DecidedAt
		if a.Consent.WithdrawnAt != nil {
			at = *a.Consent.WithdrawnAt
		}
		when = d.moment(at)
	}
	row.Why = d.voice.Say("permission."+string(a.Code), "When", when)
	return row
}
