package deliver

import (
	"strings"
	"time"

	"complero/db"
	"complero/server/deliver/email"
	"complero/theme"
)

// requestMail is the mail that brings a Request to its Contact.
func (h *letterhead) requestMail(o *db.Outgoing, now time.Time) (*email.Message, error) {
	p, err := h.write(o, now)
	if err != nil {
		return nil, err
	}
	rendered, err := p.layout.Render(p.values)
	if err != nil {
		return nil, err
	}
	return &email.Message{
		ID: o.MessageID, Date: now.In(h.zone), From: p.from, ReplyTo: p.replyTo,
		To:      email.Mailbox{Name: o.Contact.Profile.DisplayName(), Address: o.To.Address},
		Subject: rendered.Subject, Text: rendered.Text, HTML: rendered.HTML, Image: h.logo,
		// One click, by RFC 8058: the mail program posts, no page is opened.
		Headers: []email.Header{
			{Name: "List-Unsubscribe", Value: "<" + o.StopLink + ">"},
			{Name: "List-Unsubscribe-Post", Value: "List-Unsubscribe=One-Click"},
		},
	}, nil
}

// A piece is one Request's message before a Channel gives it its form.
type piece struct {
	language Language
	layout   *theme.Layout
	values   map[string]string
	from     email.Mailbox
	replyTo  *email.Mailbox
}

// write words a Request by the text that it goes by: every Channel's message,
// sent or only looked at, begins here.
func (h *letterhead) write(o *db.Outgoing, now time.Time) (*piece, error) {
	locale := o.Contact.Profile.Locale
	language := languageOf(h.formality, locale, h.company.Locale)
	name := db.DefaultText
	if o.Request.TextName != nil {
		name = *o.Request.TextName
	}
	layout, err := h.requestLayout(h.own.choose(name, h.formality, locale, h.company.Locale), language)
	if err != nil {
		return nil, err
	}
	return h.fill(o, layout, language, now), nil
}

// fill gives a layout its values.
func (h *letterhead) fill(o *db.Outgoing, layout *theme.Layout, language Language, now time.Time) *piece {
	p := &piece{language: language, layout: layout}
	m := merge{letterhead: h, Outgoing: o, language: language, now: now}
	if h.company.WithEmployees {
		m.employee = o.Employee
	}
	p.from, p.replyTo = h.sender(m.employee)
	m.replyTo = p.replyTo
	uses := layout.Uses()
	p.values = make(map[string]string, len(uses))
	for _, u := range uses {
		p.values[u.Key] = m.value(u.Expression)
	}
	return p
}

// sender is whom a Contact sees: the Employee at the Company's address, with
// answers going to the Employee; or the Brand, with answers going to its
// support contact, where that is an e-mail address.
func (h *letterhead) sender(e *db.Employee) (from email.Mailbox, replyTo *email.Mailbox) {
	from = email.Mailbox{Name: h.name, Address: h.from}
	if e != nil && e.DisplayName != h.name {
		from.Name = e.DisplayName + " (" + h.name + ")"
	}
	switch support := deref(h.company.SupportContact); {
	case e != nil && e.Email != nil:
		return from, &email.Mailbox{Name: e.DisplayName, Address: *e.Email}
	case strings.Contains(support, "@") && !strings.ContainsAny(support, " /:<>,;"):
		return from, &email.Mailbox{Name: h.name, Address: support}
	}
	return from, nil
}

// asks are the parts of the data that a Request asks about. One that asks
// about all names custom fields only where there are some, and Consents only
// where the Company asks for any.
func (h *letterhead) asks(o *db.Outgoing) []db.Ask {
	if len(o.Request.Ask) > 0 {
		return o.Request.Ask
	}
	all := []db.Ask{db.AskPerson, db.AskAddress, db.AskDigital}
	if len(o.Contact.Profile.CustomFields) > 0 {
		all = append(all, db.AskCustom)
	}
	if h.consents {
		all = append(all, db.AskConsents)
	}
	return all
}

// outboxMessage is a mail as the outbox keeps it.
func outboxMessage(m *email.Message) *db.OutboxMessage {
	kept := &db.OutboxMessage{
		MessageID: m.ID, From: m.From.String(), To: m.To.String(), Subject: m.Subject, HTML: m.HTML, Text: m.Text,
		Headers: map[string]string{},
	}
	if m.ReplyTo != nil {
		kept.ReplyTo = m.ReplyTo.String()
	}
	for _, h := range m.Headers {
		kept.Headers[h.Name] = h.Value
	}
	return kept
}
