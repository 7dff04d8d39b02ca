package db

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"complero/db/profile"
	"complero/db/verification"
)

// Verification lists what a Contact has to show before anything about them is
// shown: nothing, one kind or two.
func (c *Company) Verification() []verification.Kind {
	kinds := []verification.Kind{}
	for _, k := range strings.Fields(c.Verifies) {
		kinds = append(kinds, verification.Kind(k))
	}
	return kinds
}

// checkVerification writes kinds as they are stored.
func checkVerification(kinds []verification.Kind) (string, error) {
	if len(kinds) > verification.Most {
		return "", fail(TooManyItems, "verification", "verification takes two kinds at most, since people give up after that; leave some out")
	}
	var texts []string
	for i, k := range kinds {
		switch {
		case !k.Known():
			return "", fail(Invalid, "verification", "verification %q is no kind; choose from those of the schema", k)
		case slices.Contains(kinds[:i], k):
			return "", fail(Invalid, "verification", "verification names %s twice; leave one out", k)
		case k.IsCode() && slices.ContainsFunc(kinds[:i], verification.Kind.IsCode):
			return "", fail(Invalid, "verification", "EMAIL_CODE and SMS_CODE together would ask for one code twice; choose one of them")
		}
		texts = append(texts, string(k))
	}
	return strings.Join(texts, " "), nil
}

// askable refuses what this installation cannot send. That holds for test mode
// too: the setting is one for both.
func (s *Store) askable(kinds []verification.Kind) Errors {
	if s.smsRoute || !slices.Contains(kinds, verification.SMSCode) {
		return nil
	}
	return ErrorsOf(fail(Invalid, "verification",
		"SMS_CODE needs an SMS provider, which this installation does not have; start the server with --sms, or choose EMAIL_CODE, or PHONE_DIGITS, which sends nothing"))
}

// endSessions gives the setting a new version, to which sessions are bound.
func (x *tx) endSessions(ctx context.Context) error {
	_, err := x.exec(ctx, "UPDATE company SET verification_version = verification_version + 1 WHERE id = $1", x.company)
	if err != nil {
		return fmt.Errorf("end the sessions of Contacts: %w", err)
	}
	return nil
}

// errUnverified refuses what only the Contact may do.
var errUnverified = fail(Forbidden, "", "this Company asks for a Verification first, and none has been passed on this device")

// withheld is what is taken out of a Link until a Verification is passed.
type withheld struct {
	state    LinkState
	contact  *Contact
	employee *Employee
}

// withhold takes all of the Contact but the language out of sight, and who
// looks after them.
func (l *Link) withhold() {
	l.withheld = &withheld{l.State, l.Contact, l.Employee}
	if l.State == LinkOpen {
		l.State = LinkUnverified
	}
	l.Employee = nil
	if l.Contact != nil {
		l.Contact = &Contact{ID: l.Contact.ID, Profile: profile.Profile{Locale: l.Contact.Profile.Locale}}
	}
}

// Withheld reports whether a Verification is due before the Contact shows, and
// has not been passed.
func (l *Link) Withheld() bool { return l.withheld != nil }

// admit puts back what was withheld.
func (l *Link) admit(ctx context.Context) error {
	l.State, l.Contact, l.Employee = l.withheld.state, l.withheld.contact, l.withheld.employee
	l.withheld = nil
	if l.Contact == nil || len(l.Definitions) == 0 {
		return nil
	}
	return l.readConsents(ctx)
}

// tries are what is kept of a Contact's attempts at a Verification.
type tries struct {
	failures    int
	lockedUntil *time.Time
	// seed is what the one-time code that counts until codeUntil is derived from.
	seed       []byte
	codeUntil  *time.Time
	codes      int // sent since codesSince
	codesSince *time.Time
}

// readTries reads a Contact's; those of nobody who ever tried are none.
func (t *Tenant) readTries(ctx context.Context, read reading, contactID string) (tries, error) {
	var k tries
	rows, err := read(ctx, `SELECT failures, locked_until, code_seed, code_until, codes, codes_since FROM verification
		WHERE company_id = $1 AND mode = $2 AND contact_id = $3`, t.Company.Key, t.Mode, contactID)
	err = scanRows(rows, err, func(r rowScanner) error {
		return r.Scan(&k.failures, &k.lockedUntil, &k.seed, &k.codeUntil, &k.codes, &k.codesSince)
	})
	if err != nil {
		return k, fmt.Errorf("read the tries of Contact %s: %w", contactID, err)
	}
	return k, nil
}

func (x *tx) saveTries(ctx context.Context, contactID string, k tries) error {
	_, err := x.exec(ctx, `INSERT INTO verification (company_id, mode, contact_id, failures, locked_until, tried_at, code_seed, code_until, codes, codes_since)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (company_id, mode, contact_id) DO UPDATE SET failures = excluded.failures, locked_until = excluded.locked_until,
			tried_at = excluded.tried_at, code_seed = excluded.code_seed, code_until = excluded.code_until,
			codes = excluded.codes, codes_since = excluded.codes_since`,
		x.company, x.mode, contactID, k.failures, utc(k.lockedUntil), x.now, k.seed, utc(k.codeUntil), k.codes, utc(k.codesSince))
	if err != nil {
		return fmt.Errorf("keep the tries of Contact %s: %w", contactID, err)
	}
	return nil
}

func utc(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	return ptr(t.UTC())
}

// locked reports whether no try counts at a moment.
func (k *tries) locked(now time.Time) bool { return k.lockedUntil != nil && now.Before(*k.lockedUntil) }

// hasCode reports whether a one-time code counts at a moment.
func (k *tries) hasCode(now time.Time) bool {
	return len(k.seed) > 0 && k.codeUntil != nil && now.Before(*k.codeUntil)
}

// mayHaveCode reports whether another code may be sent.
func (k *tries) mayHaveCode(now time.Time) bool {
	return k.codes < verification.MostCodes || k.codesSince == nil || !now.Before(k.codesSince.Add(verification.CodesTime))
}

// forgetTries deletes what is kept of tries that were long ago.
func (s *Store) forgetTries(ctx context.Context) error {
	_, err := s.write.DB.ExecContext(ctx, "DELETE FROM verification WHERE tried_at < $1", s.engine.args([]any{s.now().Add(-verification.Memory)})...)
	if err != nil {
		return fmt.Errorf("purge tries at Verifications: %w", err)
	}
	return nil
}
