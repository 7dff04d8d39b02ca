package dashboard

import (
	"net/http"

	"complero/frontend"
	"complero/frontend/dashboard/query"
)

// A sentPage shows a message as it went out.
type sentPage struct {
	deskFrame
	From, To, Sent, Text string
	// HTML is where the message stands as its reader saw it; "" where it is only text.
	HTML string
}

// messageNamed is the message that a page's address names.
func (d *desk) messageNamed(r *http.Request) (*query.MessageDetail, error) {
	data, err := query.Message(r.Context(), d.api, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	if data.Message == nil {
		return nil, d.missing()
	}
	return data.Message, nil
}

func (a *App) showMessage(w http.ResponseWriter, r *http.Request, d *desk) error {
	m, err := d.messageNamed(r)
	if err != nil {
		return err
	}
	p := &sentPage{deskFrame: d.frame("contacts", m.Subject), From: m.From, To: m.To, Sent: d.moment(m.SentAt), Text: m.Text}
	if m.Html != "" {
		p.HTML = d.root + "/messages/" + m.Id + "/html"
	}
	return sendFraming(w, r, http.StatusOK, sentView(p))
}

// showMessageHTML sends a message as it was sent, for a frame. Its links lead
// nowhere: they are the Contact's.
func (a *App) showMessageHTML(w http.ResponseWriter, r *http.Request, d *desk) error {
	m, err := d.messageNamed(r)
	if err != nil {
		return err
	}
	frontend.SendMessage(w, r, m.Html, a.store.BaseOf(d.tenant.Company))
	return nil
}
