package deliver

import (
	"context"
	"time"

	"complero/db"
	"complero/theme"
)

// A Draft is a Request's message that is to be looked at, not sent.
type Draft struct {
	// Outgoing says for whom; db.Tenant.SampleOutgoing makes one.
	Outgoing *db.Outgoing
	// Brand is the one to show it in, with the nearest colours where people
	// could not read its own; nil means the Company's published one.
	Brand *db.Brand
	// Text is the wording to try; nil means the one that would be sent.
	Text *theme.Template
	// Formality is the way of address to try; nil means the Brand's.
	Formality *theme.Formality
}

// Composed is a Draft as each Channel would bring it.
type Composed struct {
	// Locale is the language that it speaks, BCP 47.
	Locale string
	// From is the visible sender of a mail.
	From string
	Mail theme.Rendered
	SMS  theme.SMS
	// Letter is the body of a letter.
	Letter theme.Letter
}

// Compose makes the messages of a Draft by the same way that Deliver goes, as
// the outbox shows them: the logo stands on this installation. It stores and
// sends nothing. A wording that is none is db.Errors.
func (s *Sender) Compose(ctx context.Context, t *db.Tenant, d Draft) (*Composed, error) {
	head, err := s.draftHead(ctx, t, d)
	if err != nil {
		return nil, err
	}
	p, err := head.draft(d, s.clock())
	if err != nil {
		return nil, err
	}
	c := &Composed{Locale: p.language.Tag, From: p.from.String()}
	if c.Mail, err = p.layout.Render(p.values); err != nil {
		return nil, unshowable("body", err)
	}
	if c.SMS, err = p.layout.SMS(p.values); err != nil {
		return nil, unshowable("sms", err)
	}
	// Nobody answers a letter by mail.
	p.values["replies"] = ""
	if c.Letter, err = p.layout.Letter(p.values); err != nil {
		return nil, unshowable("body", err)
	}
	return c, nil
}

// draftHead is the letterhead of a Draft, made for it alone.
func (s *Sender) draftHead(ctx context.Context, t *db.Tenant, d Draft) (*letterhead, error) {
	var brand db.Brand
	if d.Brand != nil {
		brand = *d.Brand
		brand.Theme = brand.Theme.Readable()
	} else {
		published, err := brandOf(ctx, t)
		if err != nil {
			return nil, err
		}
		brand = *published
	}
	if d.Formality != nil {
		brand.Theme.Formality = *d.Formality
	}
	head, err := s.newLetterhead(ctx, t.Company, &brand, true)
	if err != nil {
		return nil, err
	}
	if head.own, _, err = textsOf(ctx, t); err != nil {
		return nil, err
	}
	if head.custom, err = customFields(ctx, t); err != nil {
		return nil, err
	}
	if t.Viewer.May(db.ConsentsRead) {
		head.consents, err = asksForConsents(ctx, t)
	}
	return head, err
}

// draft is the piece that a Draft makes.
func (h *letterhead) draft(d Draft, now time.Time) (*piece, error) {
	if d.Text == nil {
		return h.write(d.Outgoing, now)
	}
	language := languageOf(h.formality, d.Outgoing.Contact.Profile.Locale, h.company.Locale)
	layout, err := h.layOut(d.Text, d.Outgoing.Contact.Profile.Locale, language)
	if err != nil {
		return nil, err
	}
	return h.fill(d.Outgoing, layout, language, now), nil
}

// unshowable is what is wrong with a text that can be read but not shown.
func unshowable(part string, err error) error {
	return &db.Error{Code: db.TooLong, Path: []string{part}, Message: err.Error()}
}
