package outbox

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"complero/db"
	"complero/frontend"
)

// A listPage lists messages, by Company and mode.
type listPage struct {
	Boxes []box
	Demo  bool
}

// A box is the outbox of one Company in one mode.
type box struct {
	Title    string
	Messages []line
	// Older leads to the messages before these; "" if there are none.
	Older templ.SafeURL
}

// A line is a message in a list.
type line struct {
	Path              templ.SafeURL
	To, Subject, When string
}

// shownFirst is how many messages of a box a page lists.
const shownFirst = 50

func (a *App) showList(w http.ResponseWriter, r *http.Request) error {
	tenants, err := a.tenants(r.Context(), r)
	if err != nil {
		return err
	}
	p := listPage{Demo: a.demo}
	// A cursor belongs to one box.
	only, after := r.URL.Query().Get("box"), r.URL.Query().Get("after")
	for _, t := range tenants {
		name := boxName(t)
		if only != "" && only != name {
			continue
		}
		b, err := readBox(r, t, after)
		if err != nil {
			return err
		}
		if len(b.Messages) > 0 || !a.demo {
			p.Boxes = append(p.Boxes, b)
		}
	}
	return frontend.Send(w, r, http.StatusOK, listView(p))
}

func readBox(r *http.Request, t *db.Tenant, after string) (box, error) {
	n := shownFirst
	page := db.Page{First: &n}
	if after != "" {
		page.After = &after
	}
	found, err := t.Outbox(r.Context(), page)
	if db.CodeOf(err) == db.BadCursor {
		return box{}, errClosed
	}
	if err != nil {
		return box{}, err
	}
	b := box{Title: t.Company.Name}
	if t.Mode == db.Test {
		b.Title += ", test mode"
	}
	for _, m := range found.Nodes {
		b.Messages = append(b.Messages, line{
			Path: messagePath(m), To: m.To, Subject: titleOf(m),
			When: m.CreatedAt.UTC().Format("2006-01-02 15:04 UTC"),
		})
	}
	if found.PageInfo.HasNextPage {
		query := url.Values{"box": {boxName(t)}, "after": {found.Cursors[len(found.Cursors)-1]}}
		b.Older = templ.SafeURL("/outbox?" + query.Encode())
	}
	return b, nil
}

// titleOf names a message: a mail by its subject, an SMS by its words, without
// the link, which is a secret.
func titleOf(m *db.OutboxMessage) string {
	if m.Channel != db.SMS {
		return m.Subject
	}
	words, _, _ := strings.Cut(m.Text, "http")
	text := []rune(strings.TrimSpace(words))
	if len(text) > 60 {
		text = append(text[:59], '…')
	}
	return "SMS: " + string(text)
}

func boxName(t *db.Tenant) string {
	if t.Mode == db.Test {
		return t.Company.ID + "-test"
	}
	return t.Company.ID
}

func messagePath(m *db.OutboxMessage) templ.SafeURL {
	return templ.SafeURL("/outbox/" + url.PathEscape(m.ID))
}
