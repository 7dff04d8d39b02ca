package db

import (
	"context"
	"fmt"
	"time"
)

// PermissionCode is the stable word for why a Permission is or is not there.
type PermissionCode string

// The codes of Permissions. Only GRANTED allows.
const (
	PermissionGranted    PermissionCode = "GRANTED"
	PermissionNeverAsked PermissionCode = "NEVER_ASKED"
	PermissionPending    PermissionCode = "PENDING"
	PermissionDeclined   PermissionCode = "DECLINED"
	PermissionWithdrawn  PermissionCode = "WITHDRAWN"
	PermissionExpired    PermissionCode = "EXPIRED"
	PermissionStopped    PermissionCode = "STOPPED"
)

// PermissionAsk asks whether a Contact may be approached over a Channel.
type PermissionAsk struct {
	ContactExternalID string
	Source            *string
	Channel           ConsentChannel
	// Key is the purpose; nil means advertising, whichever definition granted it.
	Key *string
	// At is the moment asked about; nil means now, and more than 5 minutes
	// ahead is INVALID.
	At *time.Time
}

// A Permission tells whether a Channel may be used, and on what proof.
type Permission struct {
	Allowed bool
	Code    PermissionCode
	// Reason is a sentence for the person who wants to call or write. It tells
	// what is documented here and is no legal advice.
	Reason string
	// Consent is the decision that was decisive; nil without any.
	Consent *Consent
}

// Permission tells what a Contact's documented Consents allow now or allowed
// at a moment in the past. It knows only decisions that were made through
// Complero: a Consent that stands in the CRM alone permits nothing here. A
// Consent about no Channel opens none. For a Contact that the Source does not
// know the answer is no.
func (t *Tenant) Permission(ctx context.Context, ask PermissionAsk) (*Permission, error) {
	if err := t.check(ConsentsRead); err != nil {
		return nil, err
	}
	if !ask.Channel.known() {
		return nil, fail(Invalid, "channel", "%.20q is no Channel", ask.Channel)
	}
	if ask.At != nil && ask.At.After(t.store.now().Add(clockLeeway)) {
		return nil, fail(Invalid, "at", "nobody can tell what will be allowed in the future; give a moment up to now")
	}
	subject, err := t.consentSubject(ctx, ask.ContactExternalID, ask.Source)
	if err != nil {
		return nil, err
	}
	definitions, err := t.purposes(ctx, ask.Key)
	if err != nil {
		return nil, err
	}
	stopped, err := t.stoppedBy(ctx, subject, ask.At)
	if err != nil {
		return nil, err
	}
	if stopped {
		return &Permission{Code: PermissionStopped, Reason: "No: this person has asked to be left alone, on whatever Channel."}, nil
	}
	if subject.contactID == "" {
		return &Permission{Code: PermissionNeverAsked, Reason: fmt.Sprintf(
			"No: the Source %q knows no such Contact, so no Consent is documented here.", subject.source)}, nil
	}
	history, err := t.consents(ctx, t.store.read.DB, "contact_id = $3 AND channel = $4 ORDER BY decided_at, id",
		subject.contactID, string(ask.Channel))
	if err != nil {
		return nil, err
	}
	p := permissionOf(ask, definitions, history)
	if p.Consent == nil {
		return p, nil
	}
	title, err := t.consentTitle(ctx, p.Consent)
	p.Reason = p.Consent.reason(ConsentState(p.Code), title, t.Company.Location())
	return p, err
}

// consentTitle is the title that the Contact saw above the wording.
func (t *Tenant) consentTitle(ctx context.Context, c *Consent) (string, error) {
	version := shown{c.DefinitionID, c.Version}
	found, err := t.wordings(ctx, t.store.read.DB, []shown{version})
	if w := wordingIn(found[version], c.Locale); w != nil {
		return w.Title, err
	}
	return c.DefinitionID, err
}

// purposes are the definitions, by id, whose Consents count: the one of the
// key (NOT_FOUND if there is none), else all that are about advertising.
func (t *Tenant) purposes(ctx context.Context, key *string) (map[string]*ConsentDefinition, error) {
	purposes := map[string]*ConsentDefinition{}
	if key != nil {
		d, err := t.consentDefinitionNamed(ctx, t.store.read.DB, *key)
		if err != nil {
			return nil, err
		}
		purposes[d.ID] = d
		return purposes, nil
	}
	list, err := t.consentDefinitions(ctx, t.store.read.DB, "d.advertising")
	for _, d := range list {
		purposes[d.ID] = d
	}
	return purposes, err
}

// stoppedBy reports whether the person wanted, by a moment, to be left alone;
// nil means now. Of a Contact that was deleted, the suppression's hash tells;
// of a stop that has been taken back since, the log of events.
func (t *Tenant) stoppedBy(ctx context.Context, s consentSubject, at *time.Time) (bool, error) {
	since := s.stoppedAt
	if s.contactID == "" && t.bound().employee != "" {
		return false, nil // whether others' Contacts want that is no Employee's matter
	}
	if s.contactID == "" {
		rows, err := t.read(ctx, "SELECT stopped_at FROM suppression WHERE company_id = $1 AND mode = $2 AND hash = $3",
			t.Company.Key, t.Mode, t.store.suppressionHash(t.Company.Key, "id:"+s.source+"|"+s.externalID))
		if err := scanRows(rows, err, func(r rowScanner) error { return r.Scan(&since) }); err != nil {
			return false, fmt.Errorf("look up suppression: %w", err)
		}
	}
	if at == nil || since != nil && !since.After(*at) {
		return since != nil, nil
	}
	var last EventKind
	rows, err := t.read(ctx, `SELECT kind FROM event WHERE company_id = $1 AND mode = $2 AND contact_id = $3
		AND kind IN ('STOP', 'RESUME') AND occurred_at <= $4 ORDER BY number DESC LIMIT 1`,
		t.Company.Key, t.Mode, s.orNobody(), at.UTC())
	if err := scanRows(rows, err, func(r rowScanner) error { return r.Scan(&last) }); err != nil {
		return false, fmt.Errorf("look up stops: %w", err)
	}
	return last == StopEvent, nil
}

// permissionOf decides by the Contact's decisions about the Channel, oldest
// first: one that is granted allows; without any, the latest decision tells
// why not. The reason is left to whoever knows what the Contact saw.
func permissionOf(ask PermissionAsk, definitions map[string]*ConsentDefinition, history []*Consent) *Permission {
	var best *Consent
	var state ConsentState
	for _, consent := range decidedBy(history, ask.At) {
		if definitions[consent.DefinitionID] == nil {
			continue
		}
		then := consent.State
		if ask.At != nil {
			then = consent.stateAt(*ask.At)
		}
		granted, beaten := then == ConsentGranted, state == ConsentGranted
		if best == nil || granted && !beaten || granted == beaten && consent.laterThan(best) {
			best, state = consent, then
		}
	}
	if best == nil {
		return &Permission{Code: PermissionNeverAsked, Reason: neverAsked(ask, definitions)}
	}
	return &Permission{Allowed: state == ConsentGranted, Code: PermissionCode(state), Consent: best}
}

// laterThan puts decisions about different definitions in order.
func (c *Consent) laterThan(other *Consent) bool {
	if c.changedAt().Equal(other.changedAt()) {
		return c.ID > other.ID
	}
	return c.changedAt().After(other.changedAt())
}

// reason says in a sentence what a decision amounts to; title is what the
// Contact saw, and times are told in the Company's zone.
func (c *Consent) reason(state ConsentState, title string, zone *time.Location) string {
	by := channelWords[c.ChannelOrNone]
	on := func(t time.Time) string { return t.In(zone).Format("2 January 2006 at 15:04") }
	switch state {
	case ConsentGranted:
		return fmt.Sprintf("Yes: on %s this Contact agreed to “%s” by %s.", on(c.DecidedAt), title, by)
	case ConsentPending:
		return fmt.Sprintf("No, not yet: this Contact agreed to “%s” by %s, but has not confirmed it.", title, by)
	case ConsentDeclined:
		return fmt.Sprintf("No: on %s this Contact did not agree to “%s” by %s.", on(c.DecidedAt), title, by)
	case ConsentWithdrawn:
		return fmt.Sprintf("No: on %s this Contact took back the Consent to “%s” by %s.", on(c.changedAt()), title, by)
	default:
		return fmt.Sprintf("No: this Contact's Consent to “%s” by %s has expired.", title, by)
	}
}

// channelWords are how a sentence names the Channels.
var channelWords = map[ConsentChannel]string{
	ConsentEmail: "e-mail", ConsentSMS: "SMS", ConsentWhatsApp: "WhatsApp", ConsentLetter: "letter", ConsentPhone: "telephone",
}

func neverAsked(ask PermissionAsk, definitions map[string]*ConsentDefinition) string {
	by := channelWords[ask.Channel]
	purpose := "advertising"
	for _, d := range definitions {
		if ask.Key == nil {
			continue
		}
		purpose = fmt.Sprintf("%q", d.Key)
		if len(d.Channels) == 0 {
			return fmt.Sprintf("No: %s is about no Channel, so a Consent to it allows no contact by %s.", purpose, by)
		}
	}
	return fmt.Sprintf("No: no decision of this Contact about %s by %s is documented here; one that stands only in the CRM does not count.", purpose, by)
}
