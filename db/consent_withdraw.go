package db

import (
	"context"
	"errors"
	"unicode/utf8"
)

// ConsentWithdraw names what of a Contact's Consents is taken back.
type ConsentWithdraw struct {
	ContactExternalID string
	Source            *string
	// Key is the definition's.
	Key string
	// Channel nil means every Channel of that key.
	Channel *ConsentChannel
	// Reason is how the Contact said so; it stays with the proof.
	Reason         *string `json:",omitempty"`
	IdempotencyKey *string
}

// WithdrawConsent takes back what a Contact had granted and returns those
// Consents. What has been withdrawn before is returned as it is, without a
// second event; it fails with NOT_FOUND when there is neither.
func (t *Tenant) WithdrawConsent(ctx context.Context, w ConsentWithdraw) ([]*Consent, error) {
	var kept struct{ IDs []string }
	if w.Reason != nil && utf8.RuneCountInString(*w.Reason) > 500 {
		return nil, fail(TooLong, "reason", "the reason has more than 500 characters; shorten it")
	}
	err := t.write(ctx, ConsentsWrite, func(x *tx) error {
		_, err := x.once(ctx, "consentWithdraw", w.IdempotencyKey, w, &kept, func() error {
			var err error
			kept.IDs, err = x.withdrawKeyed(ctx, w)
			return err
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	return t.consentsInOrder(ctx, kept.IDs)
}

// withdrawKeyed returns the ids of the Consents that are withdrawn now.
func (x *tx) withdrawKeyed(ctx context.Context, w ConsentWithdraw) ([]string, error) {
	c, err := x.consentingContact(ctx, w.ContactExternalID, w.Source)
	if err != nil {
		return nil, err
	}
	definition, err := x.tenant.consentDefinitionNamed(ctx, x.Tx.Tx, w.Key)
	if err != nil {
		return nil, err
	}
	source, err := x.tenant.source(ctx, x.Tx.Tx, w.Source)
	if err != nil {
		return nil, err
	}
	latest, err := x.tenant.latestConsents(ctx, x.Tx.Tx, []string{c.ID})
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, consent := range latest {
		if consent.DefinitionID != definition.ID || w.Channel != nil && *w.Channel != consent.ChannelOrNone {
			continue
		}
		if consent.State == ConsentGranted {
			err := x.withdrawGranted(ctx, c, consent, withdrawal{source: &source, evidence: Evidence{Manner: "api", Reason: deref(w.Reason)}})
			if err != nil {
				return nil, err
			}
		}
		if consent.State == ConsentWithdrawn {
			ids = append(ids, consent.ID)
		}
	}
	if len(ids) == 0 {
		return nil, NotFound("key", "this Contact has granted nothing of %q here that could be withdrawn", w.Key)
	}
	return ids, nil
}

// consentingContact is contactNamed for inputs that call the field contactExternalId.
func (x *tx) consentingContact(ctx context.Context, externalID string, source *string) (*Contact, error) {
	c, err := x.contactNamed(ctx, externalID, source)
	var known *Error
	if errors.As(err, &known) && len(known.Path) == 1 && known.Path[0] == "externalId" {
		known.Path[0] = "contactExternalId"
	}
	return c, err
}

// withdrawConsent takes back, for a locked Contact, what the Consent of an id
// stands for. What is on a page may be history by the time it is pressed: the
// decision that counts now for the same definition and Channel is the one that
// goes. If that one is no longer granted, there is nothing to do. It fails
// with NOT_FOUND when the Contact has no such Consent and with CONFLICT when
// it was never granted.
func (x *tx) withdrawConsent(ctx context.Context, c *Contact, consentID, requestID string, evidence Evidence) error {
	var named []*Consent
	var err error
	if consentIDs.MatchString(consentID) {
		named, err = x.tenant.consents(ctx, x.Tx.Tx, "id = $3 AND contact_id = $4", consentID, c.ID)
	}
	if err != nil {
		return err
	}
	if len(named) == 0 {
		return NotFound("id", "this Contact has no Consent %.100q", consentID)
	}
	latest, err := x.tenant.consents(ctx, x.Tx.Tx, "contact_id = $3 AND definition_id = $4 AND channel = $5 AND latest",
		c.ID, named[0].DefinitionID, string(named[0].ChannelOrNone))
	if err != nil {
		return err
	}
	for _, consent := range latest {
		if consent.State == ConsentGranted {
			return x.withdrawGranted(ctx, c, consent, withdrawal{requestID: requestID, evidence: evidence})
		}
	}
	if named[0].State != ConsentWithdrawn {
		return Conflict("id", "this Consent was not granted, so there is nothing to withdraw")
	}
	return nil
}

// withdrawal tells how a Consent was taken back: by a Request's link, or by a Source.
type withdrawal struct {
	requestID string
	source    *string
	evidence  Evidence
}

// withdrawGranted turns a granted Consent of a locked Contact into a
// withdrawn one. The proof of the grant stays beside that of the withdrawal.
func (x *tx) withdrawGranted(ctx context.Context, c *Contact, consent *Consent, w withdrawal) error {
	at := x.afterConsent(consent)
	consent.State, consent.WithdrawnAt = ConsentWithdrawn, &at
	if consent.RetainUntil != nil {
		// A withdrawal is documented to the same extent as the grant, so it is
		// kept as long, from its own day.
		consent.retainFrom(at)
	}
	consent.Evidence.Withdrawal = &w.evidence
	if err := x.saveConsent(ctx, consent); err != nil {
		return err
	}
	e := c.consentEvent(ConsentWithdrawnEvent, consent, at)
	e.RequestID, e.Source = w.requestID, w.source
	x.record(e)
	return nil
}
