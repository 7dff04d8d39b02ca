package db

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// Channel is a way to reach a Contact.
type Channel string

// The Channels.
const (
	Email    Channel = "EMAIL"
	SMS      Channel = "SMS"
	WhatsApp Channel = "WHATSAPP"
	Letter   Channel = "LETTER"
)

// Ask is a part of the data that a Request asks about.
type Ask string

// What can be asked about. A Request without any asks about all.
const (
	AskPerson   Ask = "PERSON"
	AskAddress  Ask = "ADDRESS"
	AskDigital  Ask = "DIGITAL"
	AskCustom   Ask = "CUSTOM"
	AskConsents Ask = "CONSENTS"
)

// RequestStatus says how far a Request has come.
type RequestStatus string

// A Request's way: PENDING → SENT → DELIVERED → UPDATED | CONFIRMED |
// DECLINED; PENDING → SUPPRESSED | CANCELLED; SENT → FAILED; whatever has not
// been answered → EXPIRED | CANCELLED. Answered again, the latest counts.
const (
	RequestPending    RequestStatus = "PENDING"
	RequestSent       RequestStatus = "SENT"
	RequestDelivered  RequestStatus = "DELIVERED"
	RequestFailed     RequestStatus = "FAILED"
	RequestUpdated    RequestStatus = "UPDATED"
	RequestConfirmed  RequestStatus = "CONFIRMED"
	RequestDeclined   RequestStatus = "DECLINED"
	RequestExpired    RequestStatus = "EXPIRED"
	RequestCancelled  RequestStatus = "CANCELLED"
	RequestSuppressed RequestStatus = "SUPPRESSED"
)

// The stable words of a Request's Reason. Words grow.
const (
	// ReasonNoAddress: there is no address to write to, or none that works.
	ReasonNoAddress = "NO_ADDRESS"
	// ReasonStopped: the Contact does not want to be asked.
	ReasonStopped = "STOPPED"
	// ReasonDeleted: the Contact is no longer on file.
	ReasonDeleted = "DELETED"
	// ReasonBounced: the address does not take mail.
	ReasonBounced = "BOUNCED"
	// ReasonUnreachable: the Channel failed again and again, or cannot be used.
	ReasonUnreachable = "UNREACHABLE"
	// ReasonNotMe: whoever got it says that they are not this person.
	ReasonNotMe = "NOT_ME"
	// ReasonDeceased: whoever got it says that this person has died.
	ReasonDeceased = "DECEASED"
)

// Answered reports whether the Contact has answered.
func (s RequestStatus) Answered() bool {
	return s == RequestUpdated || s == RequestConfirmed || s == RequestDeclined
}

// RequestSource says what started a Request.
type RequestSource string

// What starts Requests.
const (
	ManualRequest RequestSource = "MANUAL"
	TimeRequest   RequestSource = "TIME"
	AIRequest     RequestSource = "AI"
)

// A Request asks one Contact to check and update their data. It is an
// intent: Deliveries carry it over Channels.
type Request struct {
	bun.BaseModel `bun:"table:request,alias:request"`

	CompanyID  int64  `bun:",pk"`
	Mode       Mode   `bun:",pk"`
	ID         string `bun:",pk"`
	ContactID  string
	EmployeeID *string
	Source     RequestSource
	Status     RequestStatus
	// Reason says in a stable word why it was FAILED, SUPPRESSED or DECLINED.
	Reason *string
	// Channel is the one that it went out by.
	Channel *Channel
	// Channels are those that it may go out by, best first.
	Channels []Channel `bun:"type:json"`
	Ask      []Ask     `bun:"type:json"`
	// Generation is part of the link; raising it revokes the link.
	Generation  int
	TokenHash   []byte
	CreatedAt   time.Time
	SentAt      *time.Time
	DeliveredAt *time.Time
	AnsweredAt  *time.Time
	ExpiresAt   time.Time
	// TextName names the Company's own text that it goes by; nil: its DefaultText.
	TextName *string
	// Note is the sender's own line to the Contact; nil without one.
	Note *string
}

// Open reports whether the Contact may still answer at t.
func (r *Request) Open(t time.Time) bool {
	switch r.Status {
	case RequestCancelled, RequestExpired, RequestSuppressed:
		return false
	}
	return t.Before(r.ExpiresAt)
}

// Asks reports whether the Request asks about a part of the data.
func (r *Request) Asks(a Ask) bool {
	if len(r.Ask) == 0 {
		return true
	}
	for _, asked := range r.Ask {
		if asked == a {
			return true
		}
	}
	return false
}

// CheckCode is the code by which the Contact can find out whether the Company
// really wrote: it stands in every message.
func (r *Request) CheckCode() string { return checkCode(r.TokenHash) }

// disowned reports whether whoever got the Request said that they are not the Contact.
func (r *Request) disowned() bool {
	return r.Status == RequestDeclined && deref(r.Reason) == ReasonNotMe
}

// bereaved reports whether whoever got the Request said that the Contact has
// died, and nobody has taken that back since.
func (r *Request) bereaved(c *Contact) bool {
	return r.Status == RequestDeclined && deref(r.Reason) == ReasonDeceased && c.StoppedAt != nil
}

// requestColumns are what scanRequest reads, of a table or alias named r.
const requestColumns = `r.id, r.contact_id, r.employee_id, r.source, r.status, r.reason, r.channel, r.channels, r.ask,
	r.generation, r.token_hash, r.created_at, r.sent_at, r.delivered_at, r.answered_at, r.expires_at, r.text_name, r.note`

// requestFields are where requestColumns are scanned to.
type requestFields struct{ channels, ask []byte }

func (f *requestFields) into(r *Request) []any {
	return []any{
		&r.ID, &r.ContactID, &r.EmployeeID, &r.Source, &r.Status, &r.Reason, &r.Channel, &f.channels, &f.ask,
		&r.Generation, &r.TokenHash, &r.CreatedAt, &r.SentAt, &r.DeliveredAt, &r.AnsweredAt, &r.ExpiresAt, &r.TextName, &r.Note,
	}
}

// decode reads the parts that are stored as JSON.
func (f *requestFields) decode(r *Request) error {
	r.Channels, r.Ask = []Channel{}, []Ask{}
	for _, part := range []struct {
		data []byte
		into any
	}{{f.channels, &r.Channels}, {f.ask, &r.Ask}} {
		if string(part.data) == "[]" {
			continue // as most are
		}
		if err := json.Unmarshal(part.data, part.into); err != nil {
			return fmt.Errorf("read Request %s: %w", r.ID, err)
		}
	}
	return nil
}

// scanRequest reads requestColumns, and what follows them into more.
func (t *Tenant) scanRequest(row rowScanner, more ...any) (*Request, error) {
	r := &Request{CompanyID: t.Company.Key, Mode: t.Mode}
	var f requestFields
	if err := row.Scan(append(f.into(r), more...)...); err != nil {
		return nil, err
	}
	return r, f.decode(r)
}
