package dashboard

import (
	"crypto/rand"
	"net/http"
	"regexp"
	"strings"

	"complero/frontend/dashboard/query"
)

// A meAskPage asks one Contact, with a line of the Employee's own, and shows
// what the Contact will read.
type meAskPage struct {
	meFrame
	Form    *form
	Subject string
	Text    string
	Back    string
	// Key makes a form that is sent twice one Request.
	Key string
}

// asked reads the Contact that an address names, with what they were asked.
func (d *desk) asked(r *http.Request) (*query.MeAskedResponse, error) {
	data, err := query.MeAsked(r.Context(), d.api, r.PathValue("id"))
	if err == nil && data.Contact == nil {
		err = d.missing()
	}
	return data, err
}

func (a *App) showMyAsk(w http.ResponseWriter, r *http.Request, d *desk) error {
	return d.myAskPage(w, r, filled("note", r.FormValue("note")))
}

func (d *desk) myAskPage(w http.ResponseWriter, r *http.Request, f *form) error {
	if !d.mayAsk() {
		return d.missing()
	}
	data, err := d.asked(r)
	if err != nil {
		return err
	}
	c := data.Contact
	p := &meAskPage{Form: f, Back: d.root + "/contacts/" + c.Id, Key: f.Get("key")}
	if p.meFrame, err = d.meFrame("contacts", d.voice.Say("me.ask.title", "Name", c.DisplayName), &data.Viewer); err != nil {
		return err
	}
	if p.Key == "" {
		p.Key = rand.Text()
	}
	message, err := query.MeMessage(r.Context(), d.api, c.ExternalId, f.optional("note"), nil)
	if err != nil {
		return err
	}
	if f.wrong("note") == nil {
		d.refuse(f, message.TextPreview.UserErrors, nil)
	}
	if m := message.TextPreview.Mail; m != nil {
		p.Subject, p.Text = m.Subject, withoutLink(m.Text)
	}
	return send(w, r, f.status(), meAskView(p))
}

// askNow sends the Request, or shows the message anew with the line in it.
func (a *App) askNow(w http.ResponseWriter, r *http.Request, d *desk) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	if f.Has("preview") {
		return d.myAskPage(w, r, f)
	}
	data, err := d.asked(r)
	if err != nil {
		return err
	}
	made, err := query.MeAsk(r.Context(), d.api, data.Contact.ExternalId, f.optional("note"), f.optional("key"))
	if err != nil {
		return err
	}
	wrong := made.RequestsCreate.UserErrors
	for _, item := range made.RequestsCreate.Items {
		wrong = append(wrong, item.Errors...)
	}
	if len(wrong) > 0 {
		d.refuse(f, wrong, map[string]string{"contactExternalIds": ""})
		return d.myAskPage(w, r, f)
	}
	key := "asked"
	if len(made.RequestsCreate.Requests) > 0 && made.RequestsCreate.Requests[0].Status == query.RequestStatusSuppressed {
		key = "unasked"
	}
	return done(w, r, d.root+"/contacts/"+data.Contact.Id, key)
}

// sampleCode stands where a message has its check code.
const sampleCode = "00000-00000"

// withoutLink takes out of a message that is looked at what stands for the
// Contact's own part of the link.
func withoutLink(text string) string {
	return ownLink.ReplaceAllString(text, "/u/…")
}

var ownLink = regexp.MustCompile(`/u/[a-z2-7]{26}`)

// A meMessagePage shows a Request's message, in the words of today, with what
// the Contact can check it by.
type meMessagePage struct {
	meFrame
	Subject, Text, Code, Sent, Note, Back string
}

func (a *App) showMyMessage(w http.ResponseWriter, r *http.Request, d *desk) error {
	data, err := d.asked(r)
	if err != nil {
		return err
	}
	for _, q := range data.Contact.Requests.Nodes {
		if q.Id != r.FormValue("request") {
			continue
		}
		p := &meMessagePage{Code: q.CheckCode, Sent: d.moment(q.CreatedAt), Back: d.root + "/contacts/" + data.Contact.Id}
		if p.meFrame, err = d.meFrame("contacts", d.voice.Say("me.message.title", "Name", data.Contact.DisplayName), &data.Viewer); err != nil {
			return err
		}
		message, err := query.MeMessage(r.Context(), d.api, data.Contact.ExternalId, q.Note, q.Text)
		if err != nil {
			return err
		}
		if m := message.TextPreview.Mail; m != nil {
			p.Subject, p.Text = m.Subject, strings.ReplaceAll(withoutLink(m.Text), sampleCode, q.CheckCode)
		}
		return send(w, r, http.StatusOK, meMessageView(p))
	}
	return d.missing()
}
