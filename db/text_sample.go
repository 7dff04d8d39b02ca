package db

import (
	"context"
	"strings"
	"time"

	"complero/db/profile"
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
}

// SampleOutgoing is a Delivery that there is not: all that a message is made
// of, with links that lead nowhere. Nothing is stored. It fails with NOT_FOUND
// for a Contact who is not on file.
func (t *Tenant) SampleOutgoing(ctx context.Context, s TextSample) (*Outgoing, error) {
	if err := t.check(CompanyRead); err != nil {
		return nil, err
	}
	var err error
	contact, employee := sampleContact(), sampleEmployee()
	if s.ContactExternalID != nil {
		if contact, employee, err = t.sampleFrom(ctx, *s.ContactExternalID, s.Source); err != nil {
			return nil, err
		}
	}
	if s.Locale != nil {
		if contact.Profile.Locale, err = checkLocale(*s.Locale); err != nil {
			return nil, err
		}
	}
	if contact.Profile.Locale == "" {
		contact.Profile.Locale = t.Company.Locale
	}
	link := t.linkOf(strings.Repeat("a", tokenLength))
	now := t.store.now()
	o := &Outgoing{
		ContactID: contact.ID, Contact: contact, Employee: employee, Link: link, StopLink: link + "/stop", CheckCode: "00000-00000",
		Request:   &Request{CompanyID: t.Company.Key, Mode: t.Mode, ContactID: contact.ID, Status: RequestPending, CreatedAt: now, ExpiresAt: now.Add(defaultExpiry)},
		MessageID: t.messageID("sample"),
	}
	o.Request.Ask = firsts(s.Ask)
	if s.ExpiresAt != nil {
		o.Request.ExpiresAt = s.ExpiresAt.UTC()
	}
	if to := mailAddress(&contact.Profile); to != nil {
		o.To = *to
	}
	return o, t.hideFrom(ctx, []*Outgoing{o})
}

func (t *Tenant) sampleFrom(ctx context.Context, externalID string, source *string) (*Contact, *Employee, error) {
	c, err := t.Contact(ctx, ContactRef{ExternalID: &externalID, Source: source})
	if err != nil {
		return nil, nil, err
	}
	if c == nil {
		return nil, nil, NotFound("contactExternalId", "there is no Contact %.70q in this Source; leave contactExternalId out for an invented one", externalID)
	}
	copied := *c
	if !t.Company.WithEmployees || c.EmployeeID == "" {
		return &copied, nil, nil
	}
	employees, err := t.EmployeesByID(ctx, []string{c.EmployeeID})
	return &copied, employees[c.EmployeeID], err
}

// sampleContact is somebody whom every language greets by name.
func sampleContact() *Contact {
	return &Contact{ID: "contact_sample", CreatedAt: time.Time{}, Profile: profile.Profile{
		Salutation: "Frau", GivenName: "Anna", FamilyName: "Sommer",
		Emails: []profile.Email{{ID: "email_sample", Address: "anna.sommer@example.com"}},
	}}
}

func sampleEmployee() *Employee {
	return &Employee{
		ID: "employee_sample", DisplayName: "Jana Brandt", GivenName: ptr("Jana"), FamilyName: ptr("Brandt"),
		Email: ptr("jana.brandt@example.com"), Phone: ptr("+49 30 901820"),
	}
}
