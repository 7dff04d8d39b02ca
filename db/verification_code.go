package db

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"time"

	"complero/db/verification"
)

// SendCode has a new one-time code sent to the Contact, in place of an earlier
// one, unless the Contact is locked or was sent enough of them. It does the same
// where nothing is on file to send it to. The Store keeps no code, only a random
// seed of which the holder of the link key derives it.
func (l *Link) SendCode(ctx context.Context) (*VerificationTry, error) {
	v, err := l.Verification(ctx)
	if err != nil || v.LockedFor > 0 || !v.AsksCode() || !v.MayHaveCode {
		return v, err
	}
	err = l.change(ctx, func(x *tx, c *Contact, r *Request) error {
		if err := answerable(c, r, x.now); err != nil {
			return err
		}
		k, err := x.tenant.readTries(ctx, x.query, c.ID)
		if err != nil {
			return err
		}
		if k.locked(x.now) || !k.mayHaveCode(x.now) {
			v = l.verificationTry(&k, x.now)
			return nil
		}
		if k.codesSince == nil || !x.now.Before(k.codesSince.Add(verification.CodesTime)) {
			k.codes, k.codesSince = 0, &x.now
		}
		k.codes++
		k.seed, k.codeUntil = make([]byte, 16), ptr(x.now.Add(verification.CodeTime))
		rand.Read(k.seed)
		x.enqueue(SendVerificationCode{TenantRef: x.tenant.ref(), ContactID: c.ID}, time.Time{})
		v = l.verificationTry(&k, x.now)
		return x.saveTries(ctx, c.ID, k)
	})
	return v, err
}

// verificationCode derives the six digits that count now; "" if none do.
func (s *Store) verificationCode(t *Tenant, contactID string, k *tries, now time.Time) string {
	if !k.hasCode(now) {
		return ""
	}
	sum := s.verificationMAC("code", strconv.FormatInt(t.Company.Key, 10), strconv.Itoa(int(t.Mode)), contactID, string(k.seed))
	return fmt.Sprintf("%06d", binary.BigEndian.Uint64(sum)%1_000_000)
}

// A VerificationCode is a one-time code on its way to a Contact.
type VerificationCode struct {
	Contact *Contact
	// Channel is the one that it goes by: EMAIL or SMS.
	Channel Channel
	// To is the address, or the number in E.164 form, on file.
	To   string
	Code string
	// MessageID is the message's own, without angle brackets, the same on every try.
	MessageID string
}

// VerificationCode reads what to send. It is nil when there is nothing to send:
// the code has ended or was used, the Contact is gone or has no e-mail address,
// or no mobile number for a code by SMS.
func (t *Tenant) VerificationCode(ctx context.Context, job SendVerificationCode) (*VerificationCode, error) {
	if err := t.check(workRight); err != nil {
		return nil, err
	}
	contacts, err := t.ContactsByID(ctx, []string{job.ContactID})
	if err != nil {
		return nil, err
	}
	c := contacts[job.ContactID]
	channel, to := t.codeGoesTo(c)
	if to == "" {
		return nil, nil
	}
	k, err := t.readTries(ctx, t.read, c.ID)
	if err != nil {
		return nil, err
	}
	code := t.store.verificationCode(t, c.ID, &k, t.store.now())
	if code == "" {
		return nil, nil
	}
	return &VerificationCode{
		Contact: c, Channel: channel, To: to, Code: code,
		// The seed itself stays here.
		MessageID: t.messageID("code-" + hex.EncodeToString(t.store.verificationMAC("message", string(k.seed))[:12])),
	}, nil
}

// codeGoesTo is how, and where, a Contact is sent a code; "" is nowhere.
func (t *Tenant) codeGoesTo(c *Contact) (Channel, string) {
	if c == nil {
		return Email, ""
	}
	if slices.Contains(t.Company.Verification(), verification.SMSCode) {
		return SMS, mobileNumber(&c.Profile)
	}
	if to := mailAddress(&c.Profile); to != nil {
		return Email, to.Address
	}
	return Email, ""
}

// RecordCode keeps a code's message in the outbox, where that is its way; doing
// so twice keeps one.
func (t *Tenant) RecordCode(ctx context.Context, v *VerificationCode, m *OutboxMessage) error {
	return t.write(ctx, workRight, func(x *tx) error {
		kept := *m
		kept.MessageID, kept.RequestID, kept.ContactID, kept.EmployeeID = v.MessageID, "", v.Contact.ID, ""
		return x.keepMessages(ctx, []*OutboxMessage{&kept})
	})
}
