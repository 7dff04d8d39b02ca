package db

import (
	"context"
	"time"
)

// A TextSample says for whom a message is made to be looked at.
type TextSample struct {
	// ContactExternalID names a Contact on file; nil means an invented one.
	ContactExternalID *string
	Source            *string
	// Locale is the language that the Contact is to speak; nil leaves it.
	Locale *string
	// Ask is what the Request asks about; empty means all.
	Ask []Ask
	// ExpiresAt is until when it can be answered; nil means 90 days.
	ExpiresAt *time.Time
	// Note is the sender's own line; nil without one.
	Note *string
}

// sampleToken is what stands in the links of messages that nobody gets: as
// long as a Contact's, and of no use.
const sampleToken = "samplesamplesamplesamplesa"

// SampleOutgoing is a Delivery that there is not: all that a message is made
// of, with links that lead nowhere. Nothing is stored. It fails with NOT_FOUND
// for a Contact who is not on file.
func (t *Tenant) SampleOutgoing(ctx context.Context, s TextSample) (*Outgoing, error) {
	if err := t.check(CompanyRead); err != nil {
		return nil, err
	}
	note, err := checkNote(s.Note)
	if err != nil {
		return nil, err
	}
	var c *Contact
	if s.ContactExternalID != nil {
		if c, err = t.Contact(ctx, ContactRef{ExternalID: s.ContactExternalID, Source: s.Source}); err != nil {
			return nil, err
		}
		if c == nil {
			return nil, NotFound("contactExternalId", "there is no Contact %.70q in this Source; leave contactExternalId out for an invented one", *s.ContactExternalID)
		}
	}
	o, err := t.sampleTo(ctx, c, s.Locale)
	if err != nil {
		return nil, err
	}
	o.Request.Ask, o.Request.Note = firsts(s.Ask), note
	if s.ExpiresAt != nil {
		o.Request.ExpiresAt = s.ExpiresAt.UTC()
	}
	return o, nil
}

// sampleTo is a Delivery to a Contact, or for nil to the sample person who
// speaks the language, which is the Contact's or the Company's where none is given.
func (t *Tenant) sampleTo(ctx context.Context, c *Contact, locale *string) (*Outgoing, error) {
	speaks := t.Company.Locale
	if c != nil && c.Profile.Locale != "" {
		speaks = c.Profile.Locale
	}
	var err error
	if locale != nil {
		if speaks, err = checkLocale(*locale); err != nil {
			return nil, err
		}
	}
	link := t.linkOf(sampleToken)
	o := &Outgoing{Link: link, StopLink: link + "/stop", CheckCode: "00000-00000", MessageID: t.messageID("sample")}
	if c == nil {
		person := sampleOf(speaks)
		o.Contact, o.Employee = person.contact(speaks), person.asker()
		o.Employee.Phone = &person.phone // texts may name it
	} else {
		known := *c
		known.Profile.Locale = speaks
		o.Contact = &known
		if o.Employee, err = t.askerOf(ctx, c); err != nil {
			return nil, err
		}
	}
	o.ContactID, o.Request = o.Contact.ID, sampleRequest(t.Company, t.Mode, o.Contact.ID, t.store.now())
	o.RequestID = o.Request.ID
	if to := mailAddress(&o.Contact.Profile); to != nil {
		o.To = *to
	}
	return o, t.hideFrom(ctx, []*Outgoing{o})
}

// askerOf is the Employee in whose name a Contact is asked; nil where that is
// the Brand itself.
func (t *Tenant) askerOf(ctx context.Context, c *Contact) (*Employee, error) {
	if !t.Company.WithEmployees || c.EmployeeID == "" {
		return nil, nil
	}
	return t.Employee(ctx, &c.EmployeeID, nil)
}
