package deliver

import (
	"strings"
	"time"

	"complero/db"
	"complero/server/deliver/email"
	"complero/theme"
)

// requestMail is the message that brings a Request to its Contact.
func (h *letterhead) requestMail(o *db.Outgoing, now time.Time) (*email.Message, error) {
	p := &o.Contact.Profile
	language := languageOf(h.formality, p.Locale, h.company.Locale)
	employee := o.Employee
	if !h.company.WithEmployees {
		employee = nil
	}
	from, replyTo := h.sender(employee)
	values := map[string]string{
		theme.StopLink: o.StopLink,
		"greeting":     greeting(language, p),
		"company":      h.name,
		"ask":          language.asked(h.asks(o)),
		"link":         o.Link,
		"expires":      language.Date(o.Request.ExpiresAt.In(h.zone)),
	}
	if employee != nil {
		sign(values, employee, h.name)
	}
	if replyTo != nil {
		values["replies"] = replyTo.Address
	}
	layout, err := h.layout(&h.requests, language)
	if err != nil {
		return nil, err
	}
	rendered, err := layout.Render(values)
	if err != nil {
		return nil, err
	}
	return &email.Message{
		ID: o.MessageID, Date: now.In(h.zone), From: from, ReplyTo: replyTo,
		To:      email.Mailbox{Name: p.DisplayName(), Address: o.To.Address},
		Subject: rendered.Subject, Text: rendered.Text, HTML: rendered.HTML, Image: h.logo,
		// One click, by RFC 8058: the mail program posts, no page is opened.
		Headers: []email.Header{
			{Name: "List-Unsubscribe", Value: "<" + o.StopLink + ">"},
			{Name: "List-Unsubscribe-Post", Value: "List-Unsubscribe=One-Click"},
		},
	}, nil
}

// sign puts the Employee's name into a message: as a person who says I, or as
// a team, which goes by its display name alone and says we.
func sign(values map[string]string, e *db.Employee, company string) {
	if e.GivenName != nil || e.FamilyName != nil {
		values["person"] = e.DisplayName
	} else {
		values["team"] = e.DisplayName
	}
	if e.DisplayName != company {
		values["name"] = e.DisplayName
	}
	values["jobTitle"] = deref(e.JobTitle)
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
