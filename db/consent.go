package db

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"time"

	"github.com/uptrace/bun"
)

// ConsentChannel is a Channel that a Consent opens; PHONE is a call by a person.
type ConsentChannel string

// The Channels that Consents are about.
const (
	ConsentEmail    ConsentChannel = "EMAIL"
	ConsentSMS      ConsentChannel = "SMS"
	ConsentWhatsApp ConsentChannel = "WHATSAPP"
	ConsentLetter   ConsentChannel = "LETTER"
	ConsentPhone    ConsentChannel = "PHONE"
)

// known reports whether c is one of the ConsentChannels.
func (c ConsentChannel) known() bool {
	switch c {
	case ConsentEmail, ConsentSMS, ConsentWhatsApp, ConsentLetter, ConsentPhone:
		return true
	}
	return false
}

// channel is the Channel that Requests go by; nil where there is none, as for PHONE.
func (c ConsentChannel) channel() *Channel {
	switch c {
	case ConsentEmail, ConsentSMS, ConsentWhatsApp, ConsentLetter:
		return ptr(Channel(c))
	}
	return nil
}

// ConsentState is what a decision amounts to now.
type ConsentState string

// The states of a Consent.
const (
	ConsentPending   ConsentState = "PENDING"
	ConsentGranted   ConsentState = "GRANTED"
	ConsentDeclined  ConsentState = "DECLINED"
	ConsentWithdrawn ConsentState = "WITHDRAWN"
	ConsentExpired   ConsentState = "EXPIRED"
)

// A Consent is one decision of one Contact, for one Channel. Withdrawing
// changes its state; deciding anew makes a new one and leaves it as history.
type Consent struct {
	bun.BaseModel `bun:"table:consent,alias:consent"`

	CompanyID    int64  `bun:",pk"`
	Mode         Mode   `bun:",pk"`
	ID           string `bun:",pk"`
	DefinitionID string
	ContactID    string
	// ChannelOrNone is "" where the Consent is about no Channel.
	ChannelOrNone ConsentChannel `bun:"channel"`
	// Version and Locale are exactly what the Contact saw.
	Version     int
	Locale      string
	State       ConsentState
	RequestID   *string
	DecidedAt   time.Time
	WithdrawnAt *time.Time
	LastUsedAt  *time.Time
	// RetainUntil is how long the proof has to be kept; nil where no law says so.
	RetainUntil *time.Time
	// Latest marks the decision that counts now for its definition and Channel.
	Latest   bool
	Evidence Evidence `bun:"type:json"`
}

// Evidence is what will prove a decision: how and from where it was made.
type Evidence struct {
	// Manner is web-app, api or sandbox.
	Manner string `json:"manner"`
	// IP and UserAgent are the Contact's, as far as they are known.
	IP        string `json:"ip,omitempty"`
	UserAgent string `json:"userAgent,omitempty"`
	// Channel is the one that the Request came by.
	Channel Channel `json:"channel,omitempty"`
	// WordingHash is the SHA-256, in hex, of the title, a line break and the
	// wording as shown.
	WordingHash string `json:"wordingHash,omitempty"`
	// Reason is how a Contact took a Consent back, in the words of whoever noted it.
	Reason string `json:"reason,omitempty"`
	// Withdrawal is how the Consent was taken back: the notes on § 7a UWG want
	// that documented to the same extent as the grant.
	Withdrawal *Evidence `json:"withdrawal,omitempty"`
	// Uses are the times at which the Consent was relied on; each restarts the
	// period for which the proof is kept.
	Uses []time.Time `json:"uses,omitempty"`
}

// Channel is the one that the decision is about; nil where it is about none.
func (c *Consent) Channel() *ConsentChannel {
	if c.ChannelOrNone == "" {
		return nil
	}
	return &c.ChannelOrNone
}

// A consentPlace is where one decision counts at a time: a definition's
// Channel, or the definition itself, with channel "", where it has none.
type consentPlace struct {
	definition string
	channel    ConsentChannel
}

func (c *Consent) place() consentPlace { return consentPlace{c.DefinitionID, c.ChannelOrNone} }

// changedAt is when the decision was made or, if it was, taken back.
func (c *Consent) changedAt() time.Time {
	if c.WithdrawnAt != nil {
		return *c.WithdrawnAt
	}
	return c.DecidedAt
}

// stateAt is what the decision amounted to at a moment after it was made: a
// Consent that was withdrawn later was still granted. When one expired is not
// kept, so an expired one never counts as granted.
func (c *Consent) stateAt(at time.Time) ConsentState {
	if c.WithdrawnAt != nil && at.Before(*c.WithdrawnAt) {
		return ConsentGranted
	}
	return c.State
}

// retentionYears is how long the proof of a Consent to advertising is kept
// from the grant, each use and the withdrawal (§ 7a (2) UWG and the
// Bundesnetzagentur's notes on it; a good measure for every Channel).
const retentionYears = 5

// retainFrom has the proof kept for the whole period from at, and never shortens it.
func (c *Consent) retainFrom(at time.Time) {
	until := at.AddDate(retentionYears, 0, 0)
	if c.RetainUntil == nil || until.After(*c.RetainUntil) {
		c.RetainUntil = &until
	}
}

// consentIDs have this shape; nothing else is looked up.
var consentIDs = regexp.MustCompile(`^consent_[0-9a-z]{26}$`)

const selectConsents = `SELECT id, definition_id, contact_id, channel, version, locale, state, request_id,
	decided_at, withdrawn_at, last_used_at, retain_until, latest, evidence FROM consent WHERE company_id = $1 AND mode = $2`

// consents reads Consents; condition narrows them, its arguments count from $3.
func (t *Tenant) consents(ctx context.Context, q querier, condition string, args ...any) ([]*Consent, error) {
	args = append([]any{t.Company.Key, t.Mode}, args...)
	rows, err := q.QueryContext(ctx, selectConsents+" AND "+condition, t.store.engine.args(args)...)
	var found []*Consent
	err = scanRows(rows, err, func(r rowScanner) error {
		c := &Consent{CompanyID: t.Company.Key, Mode: t.Mode}
		var evidence []byte
		err := r.Scan(&c.ID, &c.DefinitionID, &c.ContactID, &c.ChannelOrNone, &c.Version, &c.Locale, &c.State, &c.RequestID,
			&c.DecidedAt, &c.WithdrawnAt, &c.LastUsedAt, &c.RetainUntil, &c.Latest, &evidence)
		if err != nil {
			return err
		}
		found = append(found, c)
		return json.Unmarshal(evidence, &c.Evidence)
	})
	if err != nil {
		return nil, fmt.Errorf("read Consents: %w", err)
	}
	return found, nil
}

// latestConsents reads the decisions that count now of some Contacts, newest first.
func (t *Tenant) latestConsents(ctx context.Context, q querier, contactIDs []string) ([]*Consent, error) {
	in, args := t.store.engine.oneOf("contact_id", 3, contactIDs)
	return t.consents(ctx, q, in+latestFirst, args...)
}

// latestFirst ends a condition on the decisions that count now.
const latestFirst = " AND latest ORDER BY id DESC"

// saveConsent writes what can change of a Consent whose Contact is locked.
func (x *tx) saveConsent(ctx context.Context, c *Consent) error {
	_, err := x.exec(ctx, `UPDATE consent SET state = $4, withdrawn_at = $5, last_used_at = $6, retain_until = $7, latest = $8, evidence = $9
		WHERE company_id = $1 AND mode = $2 AND id = $3`,
		x.company, x.mode, c.ID, string(c.State), c.WithdrawnAt, c.LastUsedAt, c.RetainUntil, c.Latest, jsonOf(c.Evidence))
	if err != nil {
		return fmt.Errorf("save Consent %s: %w", c.ID, err)
	}
	return nil
}

// afterConsent is the moment of a new decision: now, but later than the one it
// follows, though the servers' clocks differ, so that history has one order.
func (x *tx) afterConsent(last *Consent) time.Time {
	if last == nil || x.now.After(last.changedAt()) {
		return x.now
	}
	return last.changedAt().UTC().Add(time.Microsecond)
}

// consentEvent begins an event about a Contact's Consent.
func (c *Contact) consentEvent(kind EventKind, consent *Consent, at time.Time) *Event {
	e := c.event(kind)
	e.OccurredAt, e.ConsentID, e.Channel = at, consent.ID, consent.ChannelOrNone.channel()
	return e
}
