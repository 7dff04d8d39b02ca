package db

import "time"

// ConsentEvidence is what proves a decision: how and from where it was made. It
// is nil to those who may not write Consents, and where Contacts' data are shown
// in part only: whoever looks up whether they may call needs nobody's address.
func (t *Tenant) ConsentEvidence(c *Consent) *Evidence {
	if t.Viewer.Masked || !t.Viewer.May(ConsentsWrite) {
		return nil
	}
	return &c.Evidence
}

// Address is the IP address that it came from; nil where it is not known.
func (e *Evidence) Address() *string { return nullable(e.IP) }

// Agent is what the browser called itself; nil where it is not known.
func (e *Evidence) Agent() *string { return nullable(e.UserAgent) }

// By is the Channel that the Request came by; nil without one.
func (e *Evidence) By() *Channel {
	if e.Channel == "" {
		return nil
	}
	return &e.Channel
}

// Hash is the SHA-256 of what the Contact saw; nil where it is not known.
func (e *Evidence) Hash() *string { return nullable(e.WordingHash) }

// Words are how the Contact took it back; nil where nobody said.
func (e *Evidence) Words() *string { return nullable(e.Reason) }

// Times are those at which the Consent was relied on.
func (e *Evidence) Times() []time.Time {
	if e.Uses == nil {
		return []time.Time{}
	}
	return e.Uses
}
