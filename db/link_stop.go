package db

import "context"

// Stop has the Contact never asked again, whatever the link's state and
// however often it is said. It fails with NOT_FOUND when nothing is on file
// about the Contact any more. While the Request is open, it is an answer.
func (l *Link) Stop(ctx context.Context, _ Evidence) error {
	return l.leave(ctx, func(x *tx, c *Contact, r *Request) error {
		if answerable(c, r, x.now) == nil {
			if r.Status == RequestDeclined && c.StoppedAt != nil {
				return nil
			}
			_, err := x.answer(ctx, c, r, Answer{Stop: true}, true)
			return err
		}
		return x.stopContact(ctx, c, "", r.ID)
	})
}

// Resume takes a stop back: the Contact may be asked again. It fails with
// FORBIDDEN while a Verification is due: nobody else undoes a Contact's stop.
func (l *Link) Resume(ctx context.Context) error {
	if l.withheld != nil {
		return errUnverified
	}
	return l.change(ctx, func(x *tx, c *Contact, r *Request) error {
		return x.resumeContact(ctx, c, "", r.ID)
	})
}

// Withdraw takes back a Consent of this Contact, whatever the link's state:
// withdrawing is as easy as granting (Art. 7 (3) GDPR).
func (l *Link) Withdraw(ctx context.Context, consentID string, evidence Evidence) error {
	return l.leave(ctx, func(x *tx, c *Contact, r *Request) error {
		return x.withdrawConsent(ctx, c, consentID, r.ID, evidence)
	})
}

// WithdrawAll takes back whatever Consents this Contact has granted, for those
// who do not see which: on a closed link, or before a Verification.
func (l *Link) WithdrawAll(ctx context.Context, evidence Evidence) error {
	return l.leave(ctx, func(x *tx, c *Contact, r *Request) error {
		latest, err := x.tenant.latestConsents(ctx, x.Tx.Tx, []string{c.ID})
		for _, consent := range latest {
			if err == nil && consent.State == ConsentGranted {
				err = x.withdrawGranted(ctx, c, consent, withdrawal{requestID: r.ID, evidence: evidence})
			}
		}
		return err
	})
}

// change runs a change of the Contact and the Request, both locked.
func (l *Link) change(ctx context.Context, do func(*tx, *Contact, *Request) error) error {
	return l.tenant.write(ctx, answerRight, l.locked(ctx, do))
}

// leave is change for stopping and withdrawing, which no end of a link prevents,
// nor that its Company is archived.
func (l *Link) leave(ctx context.Context, do func(*tx, *Contact, *Request) error) error {
	if err := l.tenant.check(answerRight); err != nil {
		return err
	}
	return l.tenant.writeAlways(ctx, l.locked(ctx, do))
}

// locked has a change begin with the Contact and the Request, both locked.
func (l *Link) locked(ctx context.Context, do func(*tx, *Contact, *Request) error) func(*tx) error {
	return func(x *tx) error {
		c, r, err := x.lockRequest(ctx, l.Request.ID)
		if err != nil {
			return err
		}
		return do(x, c, r)
	}
}
