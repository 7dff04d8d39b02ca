package dashboard

import (
	"io"
	"net/http"
	"strings"

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
	return send(w, r, http.StatusOK, sentView(p))
}

// mailPolicy shows a message as a careful mail program would: no scripts,
// pictures from this installation only, links only into a new window.
const mailPolicy = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'"

func (a *App) showMessageHTML(w http.ResponseWriter, r *http.Request, d *desk) error {
	m, err := d.messageNamed(r)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", mailPolicy)
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	// Within the frame no page of ours opens; a window of its own may.
	html := strings.Replace(m.Html, "<head>", `<head><base target="_blank">`, 1)
	_, _ = io.WriteString(w, html) // a reader who has gone needs no error
	return nil
}
