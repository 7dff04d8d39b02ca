package demo

import (
	"context"
	"fmt"
	"time"

	"complero/db"
	"complero/db/profile"
)

// planAnswer decides whether and when a Contact answers, and how. Most who do
// answer within days.
func (s *story) planAnswer(w *crew, t *db.Tenant, r *db.Request) {
	c := w.crowd
	at := s.clock.Now().Add(time.Duration(20+c.dice.IntN(60*60)) * time.Minute)
	if c.chance(25) {
		at = at.Add(time.Duration(c.dice.IntN(9*24)) * time.Hour)
	}
	var say func(*db.Link) db.Answer
	switch fate := c.dice.IntN(100); {
	case fate < 30:
		say = w.update
	case fate < 58:
		say = w.confirm
	case fate < 61:
		say = func(*db.Link) db.Answer { return db.Answer{Stop: true} }
	case fate < 62:
		say = func(*db.Link) db.Answer { return db.Answer{NotMe: true} }
	default:
		return
	}
	s.plan(at, func(ctx context.Context) error { return s.answer(ctx, w, t, r, say) })
}

// answer answers by the link, as the Web App does, and tells the Employee.
func (s *story) answer(ctx context.Context, w *crew, t *db.Tenant, r *db.Request, say func(*db.Link) db.Answer) error {
	link, err := s.open(ctx, t, r)
	if err != nil || link.State != db.LinkOpen {
		return err
	}
	a := say(link)
	a.Locale = link.Contact.Profile.Locale
	a.Evidence = db.Evidence{
		Manner: "web-app", IP: fmt.Sprintf("192.0.2.%d", 1+w.crowd.dice.IntN(254)),
		UserAgent: "Mozilla/5.0 (the demo's own browser)",
	}
	answered, err := link.Answer(ctx, a)
	if err != nil {
		return err
	}
	if answered.Kind == db.UpdateEvent {
		if err := s.notify(ctx, t, answered.Contact); err != nil {
			return err
		}
	}
	s.planWithdrawal(w, t, r, a)
	if len(answered.Proposed) > 0 {
		return s.planConfirmation(ctx, w, t, r)
	}
	return nil
}

// notify does at once what a worker would do soon.
func (s *story) notify(ctx context.Context, t *db.Tenant, c *db.Contact) error {
	system, err := s.system(ctx, t)
	if err != nil {
		return err
	}
	ref := db.TenantRef{CompanyID: t.Company.ID, Mode: t.Mode}
	return s.sender.Notify(ctx, system, db.NotifyEmployee{TenantRef: ref, ContactID: c.ID, ChangedAt: c.UpdatedAt})
}

// planWithdrawal has one in eight who granted something think better of it.
func (s *story) planWithdrawal(w *crew, t *db.Tenant, r *db.Request, a db.Answer) {
	if len(a.Consents) == 0 || !w.crowd.chance(12) {
		return
	}
	at := s.clock.Now().Add(time.Duration(24+w.crowd.dice.IntN(200)) * time.Hour)
	s.plan(at, func(ctx context.Context) error {
		link, err := s.open(ctx, t, r)
		if err != nil {
			return err
		}
		for _, consent := range link.Consents {
			if consent.State == db.ConsentGranted {
				return link.Withdraw(ctx, consent.ID, db.Evidence{Manner: "web-app"})
			}
		}
		return nil
	})
}

func (w *crew) confirm(*db.Link) db.Answer {
	return db.Answer{Confirm: true, Consents: w.decide()}
}

// decide grants some of what is asked for, for each Channel on its own.
func (w *crew) decide() []db.ConsentDecision {
	var decisions []db.ConsentDecision
	for _, save := range w.consents {
		if len(save.Channels) == 0 && w.crowd.chance(40) {
			decisions = append(decisions, db.ConsentDecision{Key: save.Key, Granted: true})
		}
		for _, channel := range save.Channels {
			if w.crowd.chance(35) {
				decisions = append(decisions, db.ConsentDecision{Key: save.Key, Channel: &channel, Granted: true})
			}
		}
	}
	return decisions
}

// update is the form with something changed that changes in life.
func (w *crew) update(l *db.Link) db.Answer {
	var in profile.Input
	c, p := w.crowd, &l.Contact.Profile
	switch c.dice.IntN(5) {
	case 0, 1: // moved
		in.Addresses = []profile.AddressInput{c.address()}
		if len(p.Addresses) > 0 {
			in.Addresses[0].ID = p.Addresses[0].ID
		}
	case 2: // a new mobile
		in.Phones = append(phonesOf(p), c.mobile())
	case 3: // a further e-mail address
		in.Emails = append(emailsOf(p), profile.EmailInput{Address: profile.Say(c.email(p.GivenName, p.FamilyName))})
	default: // married, or never told the date of birth
		in.FamilyName = profile.Say(c.pick(c.families))
		if p.BirthDate == "" {
			in.BirthDate = profile.Say(c.birthDate())
		}
	}
	return db.Answer{Data: &in, Consents: w.decide()}
}

func phonesOf(p *profile.Profile) []profile.PhoneInput {
	var rows []profile.PhoneInput
	for _, n := range p.Phones {
		rows = append(rows, profile.PhoneInput{ID: n.ID, Number: profile.Say(n.Number), Kind: profile.Say(string(n.Kind)), Use: profile.Say(string(n.Use))})
	}
	return rows
}

func emailsOf(p *profile.Profile) []profile.EmailInput {
	var rows []profile.EmailInput
	for _, e := range p.Emails {
		rows = append(rows, profile.EmailInput{ID: e.ID, Address: profile.Say(e.Address), Use: profile.Say(string(e.Use))})
	}
	return rows
}
