package db

import (
	"context"
	"time"
)

// clockLeeway is how far ahead of ours a caller's clock may be.
const clockLeeway = 5 * time.Minute

// ConsentUse tells that a Consent was relied on.
type ConsentUse struct {
	ContactExternalID string
	Source            *string
	// Key is the definition's.
	Key string
	// Channel is the one used; it may be left out where only one is granted.
	Channel *ConsentChannel
	// UsedAt is when; nil means now, and more than 5 minutes ahead is INVALID.
	UsedAt         *time.Time
	IdempotencyKey *string
}

// RecordConsentUse notes that a Consent was relied on, which has its proof
// kept for five years from then (§ 7a (2) UWG); neither mark ever moves back.
// A use may be told late, also of a Consent that was withdrawn since: what
// counts is that it was granted at that moment, else it fails with CONFLICT.
func (t *Tenant) RecordConsentUse(ctx context.Context, use ConsentUse) ([]*Consent, error) {
	var kept struct{ IDs []string }
	err := t.write(ctx, ConsentsWrite, func(x *tx) error {
		_, err := x.once(ctx, "consentUseRecord", use.IdempotencyKey, use, &kept, func() error {
			consent, err := x.recordConsentUse(ctx, use)
			if err != nil {
				return err
			}
			kept.IDs = []string{consent.ID}
			return nil
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	return t.consentsInOrder(ctx, kept.IDs)
}

func (x *tx) recordConsentUse(ctx context.Context, use ConsentUse) (*Consent, error) {
	usedAt := x.now
	if use.UsedAt != nil {
		usedAt = use.UsedAt.UTC().Truncate(time.Microsecond)
	}
	if usedAt.After(x.now.Add(clockLeeway)) {
		return nil, fail(Invalid, "usedAt", "the use lies in the future, more than 5 minutes ahead")
	}
	c, err := x.consentingContact(ctx, use.ContactExternalID, use.Source)
	if err != nil {
		return nil, err
	}
	definition, err := x.tenant.consentDefinitionNamed(ctx, x.Tx.Tx, use.Key)
	if err != nil {
		return nil, err
	}
	history, err := x.tenant.consents(ctx, x.Tx.Tx, "contact_id = $3 AND definition_id = $4 ORDER BY decided_at, id", c.ID, definition.ID)
	if err != nil {
		return nil, err
	}
	at := &usedAt
	if use.UsedAt == nil {
		at = nil
	}
	consent, err := use.relyOn(decidedBy(history, at), usedAt)
	if err != nil {
		return nil, err
	}
	if consent.LastUsedAt == nil || usedAt.After(*consent.LastUsedAt) {
		consent.LastUsedAt = &usedAt
	}
	consent.Evidence.Uses = append(consent.Evidence.Uses, usedAt)
	consent.retainFrom(usedAt)
	return consent, x.saveConsent(ctx, consent)
}

// relyOn finds among the decisions that counted at the use the one that allowed it.
func (use ConsentUse) relyOn(counted map[consentPlace]*Consent, usedAt time.Time) (*Consent, error) {
	var allowed *Consent
	for _, consent := range counted {
		granted := consent.State == ConsentGranted || use.UsedAt != nil && consent.stateAt(usedAt) == ConsentGranted
		if !granted || use.Channel != nil && *use.Channel != consent.ChannelOrNone {
			continue
		}
		if allowed != nil {
			return nil, fail(Required, "channel", "the Contact has granted several Channels of %q; say which one was used", use.Key)
		}
		allowed = consent
	}
	if allowed == nil {
		return nil, Conflict("key", "at that moment the Contact had granted no such Consent of %q, so none can have been relied on", use.Key)
	}
	return allowed, nil
}

// decidedBy picks from a history, oldest first, the decision that counted at
// a moment for each place; nil means the latest.
func decidedBy(history []*Consent, at *time.Time) map[consentPlace]*Consent {
	counted := map[consentPlace]*Consent{}
	for _, consent := range history {
		if at == nil || !consent.DecidedAt.After(*at) {
			counted[consent.place()] = consent
		}
	}
	return counted
}
