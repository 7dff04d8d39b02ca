package db

import (
	"context"
	"fmt"
	"slices"
	"time"

	"complero/db/profile"
)

// Preview is what an Answer would change.
type Preview struct {
	Changes []profile.Change
	// Profile is what would be on file.
	Profile profile.Profile
	// Proposed are the new places among the Changes that would wait to be
	// confirmed there.
	Proposed []NewPlace
}

// Preview tells what the Answer's data would change, and changes nothing. It
// fails as Answer would for these data.
func (l *Link) Preview(_ context.Context, a Answer) (*Preview, error) {
	if l.withheld != nil {
		return nil, errUnverified
	}
	now := l.tenant.store.now()
	if err := answerable(l.Contact, l.Request, now); err != nil {
		return nil, err
	}
	if err := a.check(l.Request); err != nil {
		return nil, err
	}
	p := &Preview{Profile: l.Contact.Profile}
	if a.Data == nil {
		return p, nil
	}
	c := *l.Contact
	c.Profile = l.file
	if err := l.readProvenance(&c); err != nil {
		return nil, err
	}
	merged, err := l.tenant.mergeAnswer(&c, l.Request, a.Data, l.Fields, now)
	if err != nil {
		return nil, err
	}
	p.Changes, p.Profile = merged.Changes, l.Fields.visible(merged.Profile)
	_, held, err := l.tenant.hold(&c, a.Data, merged, l.Fields, now)
	p.Proposed = places(held)
	return p, err
}

// readProvenance decodes what a link read of its Contact and left as it was.
func (l *Link) readProvenance(c *Contact) error {
	if err := c.provenance.ReadJSON(l.provenance); err != nil {
		return fmt.Errorf("read Contact %s: %w", c.ID, err)
	}
	return nil
}

// answerData applies the data of an answer, or that they are right, to the
// Contact: a difference is an UPDATE, else it is a CONFIRM. Either way the
// Contact has seen what is on file and leaves it as right.
func (x *tx) answerData(c *Contact, r *Request, a Answer, form bool, out *Answered) error {
	if a.Data == nil && !a.Confirm {
		return nil
	}
	merged := profile.Merged{Profile: c.Profile, Provenance: c.provenance}
	if a.Data != nil {
		var err error
		if merged, err = x.tenant.mergeAnswer(c, r, a.Data, x.rules, x.now); err != nil {
			return err
		}
		if form {
			if merged, out.held, err = x.tenant.hold(c, a.Data, merged, x.rules, x.now); err != nil {
				return err
			}
		}
	} else if errs := x.rules.missing(r, &c.Profile); len(errs) > 0 {
		return errs
	}
	out.Proposed = places(out.held)
	if len(merged.Changes) == 0 && len(out.held) > 0 {
		return nil // neither changed nor confirmed until that is
	}
	if form && len(merged.Changes) == 0 && r.answeredJustNow(a, x.now) {
		return nil
	}
	out.Kind, out.Changes = ConfirmEvent, merged.Changes
	if len(merged.Changes) > 0 {
		out.Kind = UpdateEvent
	}
	c.Profile, c.provenance, c.ConfirmedAt = merged.Profile, merged.Provenance, &x.now
	e := c.answerEvent(out.Kind, r)
	e.changes = merged.Changes
	x.record(e)
	if out.Kind == UpdateEvent && c.EmployeeID != "" && x.tenant.Company.WithEmployees {
		x.enqueue(NotifyEmployee{TenantRef: x.tenant.ref(), ContactID: c.ID, ChangedAt: x.now}, time.Time{})
	}
	return nil
}

// answeredJustNow reports whether the same form seems to be sent in again.
func (r *Request) answeredJustNow(a Answer, now time.Time) bool {
	if r.AnsweredAt == nil || now.Sub(*r.AnsweredAt) >= postedTwiceWithin {
		return false
	}
	return r.Status == RequestConfirmed || r.Status == RequestUpdated && a.Data != nil
}

// mergeAnswer merges what the Contact says with what is on file. It fails with
// the errors of the data, or when they tell what was not asked or may not be
// changed, or leave empty what is required.
func (t *Tenant) mergeAnswer(c *Contact, r *Request, data *profile.Input, rules *FieldRules, now time.Time) (profile.Merged, error) {
	said, problems := data.NormalizeAnswer(t.answerDefaults(c, rules, now))
	errs := problemErrors([]string{"data"}, problems)
	errs = append(errs, r.unasked(said.Says())...)
	errs = append(errs, rules.refused(&said)...)
	merged := profile.Merge(c.Profile, c.provenance, said, newID)
	// All that is wrong is told at once: what cannot be read is not missing too.
	if errs = errs.and(rules.missing(r, &merged.Profile)); len(errs) > 0 {
		return profile.Merged{}, errs
	}
	return merged, nil
}

// answerDefaults are what an answer of the Contact's is read with.
func (t *Tenant) answerDefaults(c *Contact, rules *FieldRules, now time.Time) profile.Defaults {
	defaults := profile.Defaults{Country: t.Company.CountryCode, Now: now, Custom: rules.defined()}
	if len(c.Profile.Addresses) > 0 {
		defaults.ContactCountry = c.Profile.Addresses[0].CountryCode
	}
	return defaults
}

// askedFields are the fields that each part of the data is made of.
var askedFields = []struct {
	ask    Ask
	fields []askedField
}{
	{AskPerson, []askedField{
		{profile.FieldLocale, "locale"},
		{profile.FieldSalutation, "salutation"},
		{profile.FieldTitle, "title"},
		{profile.FieldGivenName, "givenName"},
		{profile.FieldFamilyName, "familyName"},
		{profile.FieldBirthDate, "birthDate"},
		{profile.FieldOrganisation, "organisation"},
	}},
	{AskDigital, []askedField{{profile.FieldEmails, "emails"}, {profile.FieldPhones, "phones"}}},
	{AskAddress, []askedField{{profile.FieldAddresses, "addresses"}}},
	{AskCustom, []askedField{{profile.FieldCustomFields, "customFields"}}},
}

type askedField struct {
	field profile.Fields
	name  string
}

// unasked are the errors of an answer that tells what its Request did not ask
// about. Without a Request everything may be told.
func (r *Request) unasked(says profile.Fields) Errors {
	if r == nil {
		return nil
	}
	var errs Errors
	for _, part := range askedFields {
		for _, f := range part.fields {
			if says.Has(f.field) && !r.Asks(part.ask) {
				errs = append(errs, &Error{
					Code: Invalid, Path: []string{"data", f.name}, Message: "this Request does not ask about " + f.name + "; leave it out",
				})
			}
		}
	}
	return errs
}

// asksOnlyConsents reports whether nothing but Consents is asked about.
func (r *Request) asksOnlyConsents() bool {
	return len(r.Ask) > 0 && !slices.ContainsFunc(r.Ask, func(a Ask) bool { return a != AskConsents })
}
