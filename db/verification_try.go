package db

import (
	"context"
	"slices"
	"time"

	"complero/db/profile"
	"complero/db/verification"
)

// A VerificationTry is how it stands with a Contact's Verification.
type VerificationTry struct {
	// Asked is what the Company asks for.
	Asked []verification.Kind
	// Passed tells that what was said is right; Session then lets the device in
	// for verification.SessionTime.
	Passed  bool
	Session string
	// LockedFor is how long no try counts any more, from now on; 0 if it does.
	LockedFor time.Duration
	// HasCode tells that a one-time code counts; MayHaveCode that one may be sent.
	HasCode, MayHaveCode bool
}

// AsksCode reports whether a one-time code is asked for.
func (v *VerificationTry) AsksCode() bool {
	return slices.ContainsFunc(v.Asked, verification.Kind.IsCode)
}

func (l *Link) verificationTry(k *tries, now time.Time) *VerificationTry {
	v := &VerificationTry{Asked: l.Company.Verification(), HasCode: k.hasCode(now), MayHaveCode: k.mayHaveCode(now)}
	if k.locked(now) {
		v.LockedFor = k.lockedUntil.Sub(now)
	}
	return v
}

// Verification reads how it stands, and writes nothing.
func (l *Link) Verification(ctx context.Context) (*VerificationTry, error) {
	k, err := l.tenant.readTries(ctx, l.tenant.read, l.contactID())
	if err != nil {
		return nil, err
	}
	return l.verificationTry(&k, l.tenant.store.now()), nil
}

func (l *Link) contactID() string {
	if l.Contact == nil {
		return ""
	}
	return l.Contact.ID
}

// Verify judges what was typed, all of it together. After five wrong tries in a
// row, wherever they come from, none is judged for an hour, then for a day. A
// fact that is not on file is judged as one that is wrong, by the same
// statements. It fails with CONFLICT where the link opens nothing any more.
func (l *Link) Verify(ctx context.Context, said verification.Said) (*VerificationTry, error) {
	// Whoever tries on at full speed shall not keep others waiting for the row.
	if v, err := l.Verification(ctx); err != nil || v.LockedFor > 0 {
		return v, err
	}
	var v *VerificationTry
	err := l.change(ctx, func(x *tx, c *Contact, r *Request) error {
		v = nil
		if err := answerable(c, r, x.now); err != nil {
			return err
		}
		// The Contact's row is locked, so tries come one after the other.
		k, err := x.tenant.readTries(ctx, x.query, c.ID)
		if err != nil {
			return err
		}
		if k.locked(x.now) {
			v = l.verificationTry(&k, x.now)
			return nil
		}
		passed := x.facts(c, &k).Matches(l.Company.Verification(), said)
		x.judge(c, r, &k, passed)
		v = l.verificationTry(&k, x.now)
		if v.Passed = passed; passed {
			v.Session = x.store.sealSession(l.sessionOf(c, r), x.now.Add(verification.SessionTime))
		}
		return x.saveTries(ctx, c.ID, k)
	})
	return v, err
}

// judge notes how a try ended. A code that has opened something, or that a lock
// caught, counts no more.
func (x *tx) judge(c *Contact, r *Request, k *tries, passed bool) {
	if passed {
		k.failures, k.lockedUntil = 0, nil
		k.seed, k.codeUntil = nil, nil
		return
	}
	k.failures++
	lock := verification.LockAfter(k.failures)
	if lock == 0 {
		return
	}
	k.lockedUntil = ptr(x.now.Add(lock))
	k.seed, k.codeUntil = nil, nil
	e := c.event(VerificationLockedEvent)
	e.RequestID, e.Reason = r.ID, ptr("HOUR")
	if lock > verification.FirstLock {
		e.Reason = ptr("DAY")
	}
	x.record(e)
}

// facts are what is on file about a locked Contact.
func (x *tx) facts(c *Contact, k *tries) verification.Facts {
	return verification.Facts{
		BirthDate:       c.Profile.BirthDate,
		PostalCodes:     textsOf(c.Profile.Addresses, func(a profile.Address) string { return a.PostalCode }),
		PhoneNumbers:    textsOf(c.Profile.Phones, func(n profile.Phone) string { return n.Number }),
		CustomerNumbers: c.externalIDs(),
		Code:            x.store.verificationCode(x.tenant, c.ID, k, x.now),
	}
}

func textsOf[E any](list []E, text func(E) string) []string {
	texts := make([]string, len(list))
	for i, e := range list {
		texts[i] = text(e)
	}
	return texts
}

// externalIDs are the ids by which the Sources know the Contact.
func (c *Contact) externalIDs() []string {
	ids := make([]string, 0, len(c.keys))
	for _, id := range c.keys {
		ids = append(ids, id)
	}
	return ids
}
