package outbox

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"complero/db"
	"complero/frontend"
	"complero/theme"
)

// A messagePage shows one message as it would have gone out.
type messagePage struct {
	Subject string
	Head    []header
	// Link opens the Web App as the Contact would; "" where there is none.
	Link templ.SafeURL
	// HTML is the path of the message's HTML part; "" where there is none.
	HTML string
	Text string
	// Part is what Text is called.
	Part string
}

type header struct{ Name, Value string }

func (a *App) showMessage(w http.ResponseWriter, r *http.Request) error {
	m, err := a.message(r)
	if err != nil {
		return err
	}
	p := messagePage{Subject: titleOf(m), Text: m.Text, Part: "Plain text", Link: a.link(m)}
	for _, h := range []header{{"From", m.From}, {"Reply-To", m.ReplyTo}, {"To", m.To}, {"Subject", m.Subject}, {"Message-ID", m.MessageID}} {
		if h.Value != "" {
			p.Head = append(p.Head, h)
		}
	}
	p.Head = append(p.Head, header{"Date", m.CreatedAt.UTC().Format("Mon, 02 Jan 2006 15:04:05 +0000")})
	for _, name := range slices.Sorted(maps.Keys(m.Headers)) {
		p.Head = append(p.Head, header{name, m.Headers[name]})
	}
	if m.Channel == db.SMS {
		short := theme.NewSMS(m.Text)
		p.Part = "SMS"
		p.Head = append(p.Head, header{"Length", fmt.Sprintf("%d of %s, segments: %d", short.Length, short.Encoding, short.Segments)})
	}
	if m.HTML != "" {
		p.HTML = string(messagePath(m)) + "/html"
	}
	return frontend.SendFraming(w, r, http.StatusOK, messageView(p))
}

// message is the one that a request is about; errClosed if there is none for
// this reader.
func (a *App) message(r *http.Request) (*db.OutboxMessage, error) {
	tenants, err := a.tenants(r.Context(), r)
	if err != nil {
		return nil, err
	}
	for _, t := range tenants {
		m, err := t.OutboxMessage(r.Context(), r.PathValue("id"))
		if m != nil || err != nil {
			return m, err
		}
	}
	return nil, errClosed
}

// webApp finds links into the Web App.
var webApp = regexp.MustCompile(`/(u|address)/[a-z2-7]{26}\b`)

// link is the Contact's link in a message. It is made a path, so that it opens
// on the host that the reader uses.
func (a *App) link(m *db.OutboxMessage) templ.SafeURL {
	return templ.SafeURL(webApp.FindString(m.Text))
}

// htmlPolicy shows a message as a careful mail program would: no scripts,
// pictures from this installation only, links only into a new window.
const htmlPolicy = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'"

func (a *App) showHTML(w http.ResponseWriter, r *http.Request) error {
	m, err := a.message(r)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", htmlPolicy)
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	// Within the frame no page of ours opens; a window of its own may.
	html := strings.Replace(m.HTML, "<head>", `<head><base target="_blank">`, 1)
	_, _ = io.WriteString(w, html) // a reader who has gone needs no error
	return nil
}
