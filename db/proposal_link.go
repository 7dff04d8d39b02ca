package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"complero/db/profile"
)

// A ProposalLink is what the token in a Proposal's message opens: at the new place
// to confirm it, at the old one to undo it. It shows nothing of the Contact but
// the address or number that is new.
type ProposalLink struct {
	Company *Company
	Brand   *Brand
	Mode    Mode
	// Undo tells that the link is the old place's.
	Undo   bool
	Kind   ProposalKind
	Status ProposalStatus
	// Address is the new one, while the link opens anything; at the old place
	// it is veiled.
	Address string
	Locale  string
	// Open tells that there is something to confirm or to undo.
	Open      bool
	ExpiresAt time.Time

	id     string
	tenant *Tenant
}

// OpenProposal reads what a token opens, and changes nothing. Unknown tokens
// are NOT_FOUND.
func (s *Store) OpenProposal(ctx context.Context, token string) (*ProposalLink, error) {
	unknown := NotFound("token", "this link is not known; open it as it stands in the message")
	if len(token) != tokenLength {
		return nil, unknown
	}
	if _, err := tokenCoding.DecodeString(token); err != nil {
		return nil, unknown
	}
	for _, column := range []string{"confirm_hash", "undo_hash"} {
		l := &ProposalLink{Undo: column == "undo_hash"}
		var company, version int64
		row := s.read.DB.QueryRowContext(ctx, "SELECT "+proposalColumns+`, p.mode, o.id, o.version FROM proposal AS p JOIN company AS o ON o.id = p.company_id
			WHERE p.`+column+" = $1", s.engine.args([]any{tokenHash(token)})...)
		p, err := scanProposal(row, &l.Mode, &company, &version)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("open a proposal: %w", err)
		}
		set, err := s.settings(ctx, company, version)
		if err != nil {
			return nil, err
		}
		if set.company.ArchivedAt != nil {
			return nil, goneLink()
		}
		l.Company, l.Brand = set.company, set.brand
		l.tenant = &Tenant{store: s, Company: l.Company, Mode: l.Mode, Viewer: Viewer{Kind: ContactViewer, Rights: []Right{answerRight}}, settings: set}
		l.show(p, s.now())
		return l, nil
	}
	return nil, unknown
}

// show takes from a Proposal what the link's page may tell.
func (l *ProposalLink) show(p *Proposal, now time.Time) {
	l.id, l.Kind, l.Status, l.Locale, l.ExpiresAt = p.ID, p.Kind, p.Status, p.value.Locale, p.ExpiresAt
	if l.Undo {
		l.ExpiresAt = p.undoUntil()
	}
	if l.Status == ProposalWaiting && !now.Before(p.ExpiresAt) {
		l.Status = ProposalExpired
	}
	l.Open = l.Status == ProposalWaiting || l.Undo && l.Status == ProposalConfirmed && now.Before(l.ExpiresAt)
	switch {
	case l.Open && l.Undo:
		l.Address = p.Kind.veiled(p.value.Address)
	case l.Open:
		l.Address = p.value.Address
	}
}

// undoUntil is when the old place's link ends: a week after the change at least.
func (p *Proposal) undoUntil() time.Time {
	if p.Status == ProposalConfirmed && p.endedAt != nil {
		return p.endedAt.Add(proposalPeriod)
	}
	return p.ExpiresAt
}

// Confirm has the new address take its place, as the Contact's word. It fails
// with CONFLICT where the Proposal has ended otherwise; twice is no error.
func (l *ProposalLink) Confirm(ctx context.Context) error {
	return l.change(ctx, func(x *tx, c *Contact, p *Proposal) error {
		if l.Undo || p.Status == ProposalConfirmed {
			return nil
		}
		if err := x.stillWaits(p); err != nil {
			return err
		}
		changed, err := x.changePoints(ctx, c, p, p.value.confirmed)
		if err == nil && !changed {
			// Somebody else has said the same meanwhile: there is nothing left to change.
			e := c.proposalEvent(UpdateRefusedEvent, p)
			e.Reason = ptr("ON_FILE")
			x.record(e)
		}
		if err != nil {
			return err
		}
		return x.endProposal(ctx, c, p, ProposalConfirmed)
	})
}

// Refuse ends the Proposal at the new place: the address belongs to somebody
// else, or nobody there has asked for it.
func (l *ProposalLink) Refuse(ctx context.Context) error {
	return l.change(ctx, func(x *tx, c *Contact, p *Proposal) error {
		if l.Undo || p.Status == ProposalRefused {
			return nil
		}
		if err := x.stillWaits(p); err != nil {
			return err
		}
		return x.endProposal(ctx, c, p, ProposalRefused)
	})
}

// TakeBack undoes the Proposal at the old place: the new address is dropped,
// or goes again where it was taken over already.
func (l *ProposalLink) TakeBack(ctx context.Context) error {
	return l.change(ctx, func(x *tx, c *Contact, p *Proposal) error {
		switch {
		case !l.Undo || p.Status == ProposalUndone:
			return nil
		case p.Status == ProposalConfirmed && x.now.Before(p.undoUntil()):
			if _, err := x.changePoints(ctx, c, p, p.value.undone); err != nil {
				return err
			}
		default:
			if err := x.stillWaits(p); err != nil {
				return err
			}
		}
		return x.endProposal(ctx, c, p, ProposalUndone)
	})
}

func (l *ProposalLink) change(ctx context.Context, do func(*tx, *Contact, *Proposal) error) error {
	return l.tenant.write(ctx, answerRight, func(x *tx) error {
		c, p, err := x.lockProposal(ctx, l.id)
		if err != nil {
			return err
		}
		x.after(c)
		return do(x, c, p)
	})
}

func (x *tx) stillWaits(p *Proposal) error {
	if p.Status != ProposalWaiting || !x.now.Before(p.ExpiresAt) {
		return Conflict("", "this change does not wait any more")
	}
	return nil
}

func (c *Contact) proposalEvent(kind EventKind, p *Proposal) *Event {
	e := c.event(kind)
	e.RequestID = p.RequestID
	return e
}

// changePoints changes a locked Contact's e-mail addresses or numbers as the
// Contact's word; false where that changes nothing.
func (x *tx) changePoints(ctx context.Context, c *Contact, p *Proposal, change func([]point) []point) (bool, error) {
	in := new(profile.Input)
	p.Kind.say(in, change(p.Kind.points(&c.Profile)))
	said, problems := in.NormalizeAnswer(x.tenant.answerDefaults(c, nil, x.now))
	if len(problems) > 0 {
		return false, Conflict("", "there is no room for this address any more")
	}
	merged := profile.Merge(c.Profile, c.provenance, said, newID)
	if len(merged.Changes) == 0 {
		return false, nil
	}
	c.Profile, c.provenance, c.ConfirmedAt = merged.Profile, merged.Provenance, &x.now
	c.reachedAt(p.Kind, p.value.Address)
	e := c.proposalEvent(UpdateEvent, p)
	e.changes = merged.Changes
	x.record(e)
	if c.EmployeeID != "" && x.tenant.Company.WithEmployees {
		x.enqueue(NotifyEmployee{TenantRef: x.tenant.ref(), ContactID: c.ID, ChangedAt: x.now}, time.Time{})
	}
	if err := x.keepViewOf(ctx, c); err != nil {
		return false, err
	}
	if err := x.saveContact(ctx, c); err != nil {
		return false, err
	}
	return true, x.suppressChanged(ctx, c, &Answered{Kind: UpdateEvent})
}

// confirmed are the points with the new one in its place.
func (v *proposed) confirmed(points []point) []point {
	if among(points, v.Address) >= 0 {
		return points
	}
	for i := range points {
		if points[i].id == v.Item && v.Item != "" {
			points[i].address, points[i].use, points[i].phone = v.Address, v.Use, ""
			return points
		}
	}
	return append(points, point{address: v.Address, use: v.Use})
}

// undone are the points without the new one, and with the one whose place it
// took.
func (v *proposed) undone(points []point) []point {
	at, there := among(points, v.Address), among(points, v.Old) >= 0
	switch {
	case at < 0 && (there || v.Old == ""):
	case at < 0:
		points = append(points, point{address: v.Old, use: v.Use})
	case there || v.Old == "":
		points = slices.Delete(points, at, at+1)
	default:
		points[at].address, points[at].phone = v.Old, ""
	}
	return points
}
