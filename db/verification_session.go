package db

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// verificationKey signs sessions and derives one-time codes. It comes of the
// link key, and tells nothing about it.
func (s *Store) verificationKey() []byte {
	mac := hmac.New(sha256.New, s.linkKey)
	mac.Write([]byte("verification"))
	return mac.Sum(nil)
}

func (s *Store) verificationMAC(what string, parts ...string) []byte {
	mac := hmac.New(sha256.New, s.verificationKey())
	mac.Write([]byte(what))
	for _, part := range parts {
		mac.Write([]byte{0})
		mac.Write([]byte(part))
	}
	return mac.Sum(nil)
}

// sessionOf names what a session opens: this Contact by this generation of the
// Request's link, as long as the Company asks the same.
func (l *Link) sessionOf(c *Contact, r *Request) string {
	return fmt.Sprint(l.tenant.Company.Key, l.tenant.Mode, c.ID, r.ID, r.Generation, l.Company.VerificationVersion)
}

// sealSession makes a session: its end and a signature. It is stored nowhere.
func (s *Store) sealSession(opens string, until time.Time) string {
	end := strconv.FormatInt(until.Unix(), 10)
	return end + "." + base64.RawURLEncoding.EncodeToString(s.verificationMAC("session", opens, end))
}

// Admit puts back what is withheld if the session is one that Verify has given
// for this link, and has not ended.
func (l *Link) Admit(ctx context.Context, session string) (bool, error) {
	if l.withheld == nil || l.withheld.contact == nil {
		return l.withheld == nil, nil
	}
	s := l.tenant.store
	end, _, _ := strings.Cut(session, ".")
	seconds, _ := strconv.ParseInt(end, 10, 64) // what is no number has ended
	until := time.Unix(seconds, 0)
	if !s.now().Before(until) {
		return false, nil
	}
	if !hmac.Equal([]byte(s.sealSession(l.sessionOf(l.withheld.contact, l.Request), until)), []byte(session)) {
		return false, nil
	}
	return true, l.admit(ctx)
}

// FormProof is what a form carries to show that a page which this session has
// opened made it. It tells nothing of the session.
func (s *Store) FormProof(session string) string {
	return base64.RawURLEncoding.EncodeToString(s.verificationMAC("form", session)[:16])
}
