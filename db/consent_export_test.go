package db

import "context"

// DecideConsents records decisions as an answer in the Web App does.
func (t *Tenant) DecideConsents(ctx context.Context, contactID string, r *Request, decisions []ConsentDecision, evidence Evidence) error {
	return t.write(ctx, ConsentsWrite, func(x *tx) error {
		c, err := x.lockContact(ctx, contactID)
		if err != nil {
			return err
		}
		return x.decideConsents(ctx, c, r, decisions, evidence)
	})
}

// WithdrawConsentByID takes a Consent back as its button in the Web App does.
func (t *Tenant) WithdrawConsentByID(ctx context.Context, contactID, consentID, requestID string, evidence Evidence) error {
	return t.write(ctx, ConsentsWrite, func(x *tx) error {
		c, err := x.lockContact(ctx, contactID)
		if err != nil {
			return err
		}
		return x.withdrawConsent(ctx, c, consentID, requestID, evidence)
	})
}
