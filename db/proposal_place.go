package db

import (
	"slices"
	"strings"

	"complero/db/profile"
)

// ProposalKind says what a Proposal is of.
type ProposalKind string

// The kinds of Proposals.
const (
	ProposalEmail ProposalKind = "EMAIL"
	ProposalPhone ProposalKind = "PHONE" // of a mobile number
)

var proposalKinds = []ProposalKind{ProposalEmail, ProposalPhone}

// A NewPlace is where a Contact wants to be written to: an e-mail address, or a mobile
// number in E.164 form.
type NewPlace struct {
	Kind    ProposalKind
	Address string
}

// channelOf is the Channel to an address of a Proposal's.
func channelOf(address string) Channel {
	if strings.Contains(address, "@") {
		return Email
	}
	return SMS
}

// mailable and textable tell what the Tenant's messages find a way out by; those
// of test mode always find the outbox.
func (t *Tenant) mailable() bool { return t.Mode == Test || t.store.mailRoute }
func (t *Tenant) textable() bool { return t.Mode == Test || t.store.smsRoute }

// confirmable reports whether there is a Channel over which new entries of a
// kind's list can be confirmed.
func (t *Tenant) confirmable(k ProposalKind) bool {
	if k == ProposalPhone {
		return t.textable()
	}
	return t.mailable()
}

// list is the name of the list of a Contact's that a kind is about.
func (k ProposalKind) list() string {
	if k == ProposalPhone {
		return "phones"
	}
	return "emails"
}

// needs reports whether an address or number, if new, has to be confirmed:
// where nobody can read a message nothing can be.
func (k ProposalKind) needs(address string) bool {
	return k == ProposalEmail || profile.TakesSMS(address)
}

// veiled is what the former place is told of a new one.
func (k ProposalKind) veiled(address string) string {
	if k == ProposalPhone {
		return profile.VeilPhone(address)
	}
	return profile.VeilEmail(address)
}

// adds reports whether a change is of an entry's address to another, or adds an
// entry.
func (k ProposalKind) adds(c profile.Change) bool {
	if !strings.HasPrefix(c.Field, k.list()+"[") || string(c.After) == "null" {
		return false
	}
	return strings.HasSuffix(c.Field, "].address") || strings.HasSuffix(c.Field, "].number") || strings.HasSuffix(c.Field, "]")
}

// A point is an entry of a kind's list.
type point struct {
	id, address string
	use         profile.Use
	phone       profile.PhoneKind // "" as the number tells
}

func (k ProposalKind) points(p *profile.Profile) []point {
	var points []point
	if k == ProposalPhone {
		for _, n := range p.Phones {
			points = append(points, point{n.ID, n.Number, n.Use, n.Kind})
		}
		return points
	}
	for _, e := range p.Emails {
		points = append(points, point{e.ID, e.Address, e.Use, ""})
	}
	return points
}

// say makes the points all of a kind's list.
func (k ProposalKind) say(in *profile.Input, points []point) {
	if k == ProposalPhone {
		in.Phones = []profile.PhoneInput{}
		for _, p := range points {
			row := profile.PhoneInput{ID: p.id, Number: profile.Say(p.address), Use: profile.Say(string(p.use))}
			if p.phone != "" {
				row.Kind = profile.Say(string(p.phone))
			}
			in.Phones = append(in.Phones, row)
		}
		return
	}
	in.Emails = []profile.EmailInput{}
	for _, p := range points {
		in.Emails = append(in.Emails, profile.EmailInput{ID: p.id, Address: profile.Say(p.address), Use: profile.Say(string(p.use))})
	}
}

// among finds an address; -1 where it is not there.
func among(points []point, address string) int {
	return slices.IndexFunc(points, func(p point) bool { return p.address == address })
}

// held takes out of a list as it would be, after, what is new and has to be
// confirmed; rest is the list without it, and with what it would have replaced.
func (k ProposalKind) held(before, after []point) (rest []point, held []proposed) {
	for _, p := range after {
		if among(before, p.address) >= 0 || !k.needs(p.address) {
			rest = append(rest, p)
			continue
		}
		fresh := proposed{kind: k, Address: p.address, Use: p.use}
		if at := slices.IndexFunc(before, func(other point) bool { return other.id == p.id }); at >= 0 {
			fresh.Item, fresh.Old = p.id, before[at].address
			rest = append(rest, point{p.id, before[at].address, p.use, before[at].phone})
		}
		held = append(held, fresh)
	}
	if len(held) > 0 && len(rest) == 0 && len(before) > 0 {
		// What there is stays until there is another.
		held[0].Item, held[0].Old = before[0].id, before[0].address
		rest = before
	}
	return rest, held
}

// mobileNumber is where an SMS for a Contact goes: the first mobile number that
// is not known to fail; "" if there is none.
func mobileNumber(p *profile.Profile) string {
	for _, n := range p.Phones {
		if n.Health != profile.HealthFailed && profile.TakesSMS(n.Number) {
			return n.Number
		}
	}
	return ""
}

// told is the place that hears of a proposed one: the one that it is to
// replace, else where the Contact is written to; "" where there is none.
func (t *Tenant) told(c *Contact, fresh *proposed) string {
	mail, mobile := "", ""
	if to := mailAddress(&c.Profile); to != nil && t.mailable() {
		mail = to.Address
	}
	switch {
	case fresh.Old != "" && fresh.kind.needs(fresh.Old):
		return fresh.Old
	case fresh.kind == ProposalPhone && mail == "":
		mobile = mobileNumber(&c.Profile)
	}
	return mail + mobile
}

// reachedAt notes that a message to a confirmed place has come through.
func (c *Contact) reachedAt(k ProposalKind, address string) {
	if k == ProposalEmail {
		for _, e := range c.Profile.Emails {
			if e.Address == address {
				c.reached(&e)
			}
		}
		return
	}
	// The list may be shared with what was read before.
	c.Profile.Phones = slices.Clone(c.Profile.Phones)
	for i := range c.Profile.Phones {
		if n := &c.Profile.Phones[i]; n.Number == address {
			n.Health = profile.HealthReached
		}
	}
}
