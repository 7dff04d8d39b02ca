package db

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"complero/db/profile"
)

// A Proposal is a new e-mail address or mobile number of a Contact's that waits
// until it is confirmed at the new place: a wrong letter must not cut a Contact
// off, nor whoever has the link take the Contact's place. The old place is told,
// and can undo it. Tenant.confirmable says what there is a Channel for.
type Proposal struct {
	ID        string
	Kind      ProposalKind
	ContactID string
	RequestID string
	Status    ProposalStatus
	// Address is the new one, or the new number in E.164 form; "" once the Proposal has ended.
	Address string
	// Item is the entry that it is to replace; "" adds an entry.
	Item      string
	ExpiresAt time.Time

	value     proposed
	createdAt time.Time
	endedAt   *time.Time
	askedAt   *time.Time // when the message to the new place went out
	toldAt    *time.Time // when the one to the old place went out
}

// ProposalStatus says how far a Proposal has come.
type ProposalStatus string

// A Proposal waits until it ends in one of the other ways; one that was
// confirmed can still be undone for a week.
const (
	ProposalWaiting   ProposalStatus = "WAITING"
	ProposalConfirmed ProposalStatus = "CONFIRMED"
	ProposalRefused   ProposalStatus = "REFUSED"
	ProposalUndone    ProposalStatus = "UNDONE"
	ProposalReplaced  ProposalStatus = "REPLACED"
	ProposalWithdrawn ProposalStatus = "WITHDRAWN"
	ProposalBounced   ProposalStatus = "BOUNCED"
	ProposalExpired   ProposalStatus = "EXPIRED"
)

// ReasonUnconfirmed: a part of the answer waits to be confirmed, or did.
const ReasonUnconfirmed = "UNCONFIRMED"

const (
	// proposalPeriod is how long the links to confirm and to undo work.
	proposalPeriod = 7 * 24 * time.Hour
	// mostProposals is how many can be made of one Contact in a day: each sends a
	// message to a place that nobody has confirmed.
	mostProposals = 5
	// askAgainAfter is when the same address, given again, is written to again, and
	// mostAsks how often in all.
	askAgainAfter = 2 * time.Minute
	mostAsks      = 3
)

// TryLater is the code of what was done too often: the Web App's alone.
const TryLater Code = "TRY_LATER"

// proposed is what a Proposal holds: personal data, which goes with its end,
// but for what undoing takes.
type proposed struct {
	Item    string      `json:"item,omitempty"`
	Address string      `json:"address"`
	Use     profile.Use `json:"use"`
	// Old is the address that Item had, Told the one that is told of it.
	Old  string `json:"old,omitempty"`
	Told string `json:"told,omitempty"`
	// Locale is the language that the Contact read the page in.
	Locale string `json:"locale,omitempty"`
	// Asks counts how often the new place was asked again.
	Asks int `json:"asks,omitempty"`

	kind ProposalKind
}

// SendProposal asks for a Proposal's messages: to the new place and to the old one.
type SendProposal struct {
	TenantRef
	ProposalID string `json:"proposalId"`
}

// Kind names the job for River.
func (SendProposal) Kind() string { return "send-proposal" }

// hold takes out of a merged answer what has to be confirmed first. held is
// nil where nothing has, which nearly always is so.
func (t *Tenant) hold(c *Contact, data *profile.Input, m profile.Merged, rules *FieldRules, now time.Time) (rest profile.Merged, held []proposed, err error) {
	if !t.Company.ConfirmNewAddresses {
		return m, nil, nil
	}
	kept := *data
	for _, k := range proposalKinds {
		if !slices.ContainsFunc(m.Changes, k.adds) || !t.confirmable(k) {
			continue
		}
		stays, fresh := k.held(k.points(&c.Profile), k.points(&m.Profile))
		if len(fresh) > 0 {
			k.say(&kept, stays)
			held = append(held, fresh...)
		}
	}
	if len(held) == 0 {
		return m, nil, nil
	}
	// The same data were taken before, so nothing is wrong with them.
	said, problems := kept.NormalizeAnswer(t.answerDefaults(c, rules, now))
	if len(problems) > 0 {
		return m, nil, problemErrors([]string{"data"}, problems)
	}
	return profile.Merge(c.Profile, c.provenance, said, newID), held, nil
}

// places are what held tells others.
func places(held []proposed) []NewPlace {
	var list []NewPlace
	for _, h := range held {
		list = append(list, NewPlace{h.kind, h.Address})
	}
	return list
}

// proposalColumns are what scanProposal reads, of a table or alias named p.
const proposalColumns = "p.id, p.contact_id, p.request_id, p.kind, p.status, p.value, p.created_at, p.expires_at, p.ended_at, p.asked_at, p.told_at"

func scanProposal(row rowScanner, more ...any) (*Proposal, error) {
	p := new(Proposal)
	var request *string
	var value []byte
	err := row.Scan(append([]any{&p.ID, &p.ContactID, &request, &p.Kind, &p.Status, &value, &p.createdAt, &p.ExpiresAt, &p.endedAt, &p.askedAt, &p.toldAt}, more...)...)
	if err != nil {
		return nil, err
	}
	p.RequestID = deref(request)
	if value != nil {
		if err := json.Unmarshal(value, &p.value); err != nil {
			return nil, fmt.Errorf("read proposal %s: %w", p.ID, err)
		}
	}
	p.value.kind = p.Kind
	if p.Status == ProposalWaiting {
		p.Address, p.Item = p.value.Address, p.value.Item
	}
	return p, nil
}

// waiting reads a Contact's Proposals that wait, oldest first.
func (t *Tenant) waiting(ctx context.Context, read reading, contactID string) ([]*Proposal, error) {
	rows, err := read(ctx, "SELECT "+proposalColumns+` FROM proposal AS p WHERE p.company_id = $1 AND p.mode = $2 AND p.contact_id = $3
		AND p.status = 'WAITING' ORDER BY p.id`, t.Company.Key, t.Mode, contactID)
	var found []*Proposal
	err = scanRows(rows, err, func(r rowScanner) error {
		p, err := scanProposal(r)
		found = append(found, p)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read proposals: %w", err)
	}
	return found, nil
}

// readWaiting reads what waits to be confirmed. The Request tells whether
// there can be anything, so that other links cost nothing.
func (l *Link) readWaiting(ctx context.Context) error {
	if l.State != LinkOpen || deref(l.Request.Reason) != ReasonUnconfirmed {
		return nil
	}
	now := l.tenant.store.now()
	found, err := l.tenant.waiting(ctx, l.tenant.read, l.Contact.ID)
	for _, p := range found {
		if now.Before(p.ExpiresAt) && l.Fields.Policy(p.Kind.list()).Visible() {
			l.Waiting = append(l.Waiting, p)
		}
	}
	return err
}

// lockProposal reads a Proposal for a change with its Contact, which it locks
// first; nil without one. It fails with NOT_FOUND when the Proposal is gone,
// with whose Contact it goes.
func (x *tx) lockProposal(ctx context.Context, id string) (*Contact, *Proposal, error) {
	gone := NotFound("", "this link is no longer known")
	query := "SELECT " + proposalColumns + " FROM proposal AS p WHERE p.company_id = $1 AND p.mode = $2 AND p.id = $3"
	found, err := scanProposal(x.row(ctx, query, x.company, x.mode, id))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil, gone
	}
	if err != nil {
		return nil, nil, fmt.Errorf("lock proposal %s: %w", id, err)
	}
	c, err := x.lockContact(ctx, found.ContactID)
	if err != nil {
		return nil, nil, err
	}
	p, err := scanProposal(x.row(ctx, query+x.engine.locking(), x.company, x.mode, id))
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil, gone
	case err != nil:
		return nil, nil, fmt.Errorf("lock proposal %s: %w", id, err)
	case c == nil || p.ContactID != c.ID:
		return nil, nil, errMoved
	}
	return c, p, nil
}
