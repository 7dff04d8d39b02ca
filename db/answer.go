package db

import (
	"context"
	"time"

	"complero/db/profile"
)

// An Answer is all that a Contact says at once: what is different, that all is
// right, decisions on Consents, or to be left alone.
type Answer struct {
	// Data is what the form said; nil where no form was sent in. Whether it is
	// an Update or a Confirm is decided by the difference.
	Data *profile.Input
	// Confirm says that all that is on file is right.
	Confirm bool
	// Consents are decisions; alone they are neither Update nor Confirm.
	Consents []ConsentDecision
	// NotMe says that the Contact is somebody else. It excludes all but Stop.
	NotMe bool
	// Stop asks never to be written to again.
	Stop bool
	// Deceased says that the Contact has died. It stands alone.
	Deceased bool
	Evidence Evidence
	// Locale is the language in which the Contact saw the page, for decisions
	// that name none.
	Locale string
}

// Answered is what an Answer came to.
type Answered struct {
	// Kind is UPDATE or CONFIRM, or "" where neither was recorded.
	Kind    EventKind
	Changes []profile.Change
	// Proposed are new places that wait to be confirmed there, by an event of
	// their own; they are not among the Changes.
	Proposed []NewPlace
	Contact  *Contact
	Request  *Request

	held []proposed
}

// postedTwiceWithin is how soon the same form, sent in again, is taken for a
// second press of the button and not for a second answer.
const postedTwiceWithin = 2 * time.Minute

// Answer applies what the Contact says, as one transaction. Its data are the
// Contact's own word, which Sources do not overwrite. It fails with CONFLICT
// when the Request can no longer be answered, with FORBIDDEN while a
// Verification is due, and with the errors of the data, whose paths begin with
// data or consents. That this is somebody else needs no Verification: whoever
// says so cannot pass it.
func (l *Link) Answer(ctx context.Context, a Answer) (*Answered, error) {
	if l.withheld != nil && !a.saysNothingOfData() {
		return nil, errUnverified
	}
	out, err := l.answerAtOnce(ctx, a)
	if err != nil || out != nil {
		return out, err
	}
	err = l.tenant.write(ctx, answerRight, func(x *tx) error {
		c, r, err := x.lockRequest(ctx, l.Request.ID)
		if err != nil {
			return err
		}
		if r.disowned() && a.NotMe || r.bereaved(c) && a.Deceased {
			out = &Answered{Contact: c, Request: r}
			return nil
		}
		if err := answerable(c, r, x.now); err != nil {
			return err
		}
		x.rules = l.Fields
		out, err = x.answer(ctx, c, r, a, true)
		return err
	})
	return out, err
}

// saysNothingOfData reports whether the answer is only that this is somebody
// else, or that nobody is to ask again.
func (a Answer) saysNothingOfData() bool {
	return a.Data == nil && !a.Confirm && len(a.Consents) == 0
}

// answerable fails unless the Request, locked or just read, can be answered.
func answerable(c *Contact, r *Request, now time.Time) error {
	switch {
	case c == nil:
		return NotFound("", "nothing is on file about this Contact any more")
	case r.disowned():
		return Conflict("", "whoever has this link said that they are not this person, so it opens nothing any more")
	case r.bereaved(c):
		return Conflict("", "whoever has this link said that this person has died; contactResume takes that back")
	case r.Status == RequestCancelled, r.Status == RequestSuppressed:
		return Conflict("", "this Request was taken back and can no longer be answered")
	case !r.Open(now):
		return Conflict("", "this Request has expired and can no longer be answered")
	}
	return nil
}

// answer applies an Answer to a locked Contact, and to the locked Request it
// answers, which is nil in the sandbox without one. form tells that people
// press buttons twice.
func (x *tx) answer(ctx context.Context, c *Contact, r *Request, a Answer, form bool) (*Answered, error) {
	out, proved, err := x.decideAnswer(c, r, a, form)
	if err != nil {
		return nil, err
	}
	if err := x.answerConsents(ctx, c, r, a); err != nil {
		return nil, err
	}
	if a.NotMe {
		x.record(c.answerEvent(NotMeEvent, r))
	}
	if err := x.propose(ctx, c, r, a, out.held); err != nil {
		return nil, err
	}
	return out, x.saveAnswer(ctx, c, r, a, out, proved)
}

// decideAnswer applies an Answer's data to the Contact and the Request, and
// records what follows, without a word to the database.
func (x *tx) decideAnswer(c *Contact, r *Request, a Answer, form bool) (*Answered, proof, error) {
	if err := a.check(r); err != nil {
		return nil, nothingNew, err
	}
	// Acknowledged words are recognised by their time: it must be new to this Contact.
	if !x.now.After(c.UpdatedAt) {
		x.now = c.UpdatedAt.UTC().Add(time.Microsecond)
	}
	out := &Answered{Contact: c, Request: r}
	reached := mailAddress(&c.Profile)
	proved := x.proveDelivery(c, r)
	if err := x.answerData(c, r, a, form, out); err != nil {
		return nil, nothingNew, err
	}
	if out.Kind != "" {
		c.reached(reached)
	}
	return out, proved, nil
}

// check refuses what contradicts itself or was not asked.
func (a Answer) check(r *Request) error {
	says := a.Data != nil || a.Confirm || len(a.Consents) > 0
	switch {
	case !says && !a.NotMe && !a.Stop && !a.Deceased:
		return fail(Required, "data", "the answer says nothing; give data, confirm, consents, stop, notMe or deceased")
	case a.Deceased && (says || a.NotMe || a.Stop):
		return fail(Invalid, "deceased", "nobody answers for a person who has died; give deceased alone")
	case says && a.NotMe:
		return fail(Invalid, "notMe", "whoever is not this person cannot answer for them; give notMe alone, or with stop")
	case len(a.Consents) > 0 && r != nil && !r.Asks(AskConsents):
		return fail(Invalid, "consents", "this Request does not ask about Consents")
	}
	return nil
}

// answerEvent begins an event about an answer.
func (c *Contact) answerEvent(kind EventKind, r *Request) *Event {
	e := c.event(kind)
	if r != nil {
		e.RequestID, e.Channel = r.ID, r.Channel
	}
	return e
}

// reached notes that mail to an address has come through, if it is still on file.
func (c *Contact) reached(address *profile.Email) {
	if address == nil {
		return
	}
	for i, e := range c.Profile.Emails {
		if e.ID == address.ID && e.Address == address.Address && e.Health != profile.HealthReached {
			// The list may be shared with what was read before.
			emails := append([]profile.Email{}, c.Profile.Emails...)
			emails[i].Health = profile.HealthReached
			c.Profile.Emails = emails
			return
		}
	}
}

// A proof is what an answer shows about its Request's delivery.
type proof int

const (
	nothingNew proof = iota
	delivered        // it came through, which was not known
	unrecorded       // it came through, and its sending was not recorded
)

// proveDelivery notes, once, that a Request came through: nobody answers what
// did not reach them. Where its sending was not recorded, it was sent by now.
func (x *tx) proveDelivery(c *Contact, r *Request) proof {
	if r == nil || r.DeliveredAt != nil {
		return nothingNew
	}
	r.DeliveredAt = &x.now
	sent := r.SentAt == nil
	if sent {
		r.SentAt = &x.now
	}
	if !r.Status.Answered() {
		r.Status, r.Reason = RequestDelivered, nil
	}
	x.record(requestEvent(RequestDeliveredEvent, r, c))
	x.count(deref(r.EmployeeID), x.now, func(f *figures) {
		f.Delivered++
		if sent {
			f.Sent++
		}
	})
	if sent {
		return unrecorded
	}
	return delivered
}

// answerConsents applies the decisions on Consents.
func (x *tx) answerConsents(ctx context.Context, c *Contact, r *Request, a Answer) error {
	if len(a.Consents) == 0 {
		return nil
	}
	decisions := append([]ConsentDecision{}, a.Consents...)
	for i := range decisions {
		if decisions[i].Locale == "" {
			decisions[i].Locale = a.Locale
		}
	}
	evidence := a.Evidence
	if evidence.Channel == "" && r != nil && r.Channel != nil {
		evidence.Channel = *r.Channel
	}
	return x.decideConsents(ctx, c, r, decisions, evidence)
}
