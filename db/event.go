package db

import (
	"context"
	"fmt"
	"time"

	"complero/db/profile"
)

// EventKind says what happened. Kinds grow.
type EventKind string

// The kinds of events.
const (
	CreateEvent             EventKind = "CREATE"
	SyncEvent               EventKind = "SYNC"
	UpdateEvent             EventKind = "UPDATE"
	ConfirmEvent            EventKind = "CONFIRM"
	DeleteEvent             EventKind = "DELETE"
	EraseEvent              EventKind = "ERASE"
	ConflictEvent           EventKind = "CONFLICT"
	ReassignEvent           EventKind = "REASSIGN"
	MergeEvent              EventKind = "MERGE"
	UnmergeEvent            EventKind = "UNMERGE"
	RequestSentEvent        EventKind = "REQUEST_SENT"
	RequestDeliveredEvent   EventKind = "REQUEST_DELIVERED"
	RequestFailedEvent      EventKind = "REQUEST_FAILED"
	RequestSuppressedEvent  EventKind = "REQUEST_SUPPRESSED"
	RequestCancelledEvent   EventKind = "REQUEST_CANCELLED"
	RequestExpiredEvent     EventKind = "REQUEST_EXPIRED"
	NotMeEvent              EventKind = "NOT_ME"
	StopEvent               EventKind = "STOP"
	ResumeEvent             EventKind = "RESUME"
	VerificationLockedEvent EventKind = "VERIFICATION_LOCKED"
	ConsentGrantedEvent     EventKind = "CONSENT_GRANTED"
	ConsentDeclinedEvent    EventKind = "CONSENT_DECLINED"
	ConsentWithdrawnEvent   EventKind = "CONSENT_WITHDRAWN"
	ConsentExpiredEvent     EventKind = "CONSENT_EXPIRED"
	DeceasedEvent           EventKind = "DECEASED"
	UpdateProposedEvent     EventKind = "UPDATE_PROPOSED"
	UpdateRefusedEvent      EventKind = "UPDATE_REFUSED"
)

// An Event is one entry of the Company's log. Its number, kind, times and
// references never change; its values live apart, so that they can be erased.
type Event struct {
	// ID is made of the Company, the mode and the number.
	ID                string
	Number            int64
	Kind              EventKind
	OccurredAt        time.Time
	ContactID         string
	ContactExternalID *string
	Source            *string
	EmployeeID        string
	RequestID         string
	ConsentID         string
	OperationID       string
	Channel           *Channel
	Reason            *string
	ErasedAt          *time.Time

	// changes are what a transaction records, until they are written.
	changes  []profile.Change
	metadata metadata
}

// record adds an event to the transaction. Its number is known, and its ID
// set, when the transaction has committed.
func (x *tx) record(e *Event) {
	if e.OccurredAt.IsZero() {
		e.OccurredAt = x.now
	}
	x.events = append(x.events, e)
}

var eventColumns = []column{
	{"number", ints},
	{"kind", texts},
	{"occurred_at", times},
	{"contact_id", texts},
	{"contact_external_id", texts},
	{"source", texts},
	{"employee_id", texts},
	{"request_id", texts},
	{"consent_id", texts},
	{"operation_id", texts},
	{"channel", texts},
	{"reason", texts},
}

var insertEvents = insertBulk("event", eventColumns...)

// writeEvents numbers the recorded events and writes them. Taking the counter
// is what makes one transaction of a Company commit after the other, so a
// reader never sees a number before a lower one.
func (x *tx) writeEvents(ctx context.Context) error {
	n := len(x.events)
	if n == 0 {
		return nil
	}
	last, err := x.takeNumbers(ctx, n)
	if err != nil {
		return err
	}
	rows := make([][]any, n)
	for i, e := range x.events {
		e.Number = last - int64(n) + int64(i) + 1
		e.ID = eventID(x.company, x.mode, e.Number)
		rows[i] = e.row()
	}
	if err := x.writeAll(ctx, insertEvents, rows); err != nil {
		return fmt.Errorf("write events: %w", err)
	}
	return x.writeValues(ctx)
}

// takeNumbers takes the numbers of n events from the counter, and tells the last.
func (x *tx) takeNumbers(ctx context.Context, n int) (last int64, err error) {
	const take = `INSERT INTO event_counter (company_id, mode, last_number) VALUES ($1, $2, $3)
		ON CONFLICT (company_id, mode) DO UPDATE SET last_number = event_counter.last_number + excluded.last_number
		RETURNING last_number`
	if err := x.row(ctx, take, x.company, x.mode, n).Scan(&last); err != nil {
		return 0, fmt.Errorf("number events: %w", err)
	}
	return last, nil
}

// row is the event as eventColumns has it.
func (e *Event) row() []any {
	return []any{
		e.Number, string(e.Kind), e.OccurredAt, nullable(e.ContactID), e.ContactExternalID, e.Source, nullable(e.EmployeeID),
		nullable(e.RequestID), nullable(e.ConsentID), nullable(e.OperationID), (*string)(e.Channel), e.Reason,
	}
}

// eventFields are what scanEvent reads.
const eventFields = `number, kind, occurred_at, contact_id, contact_external_id, source, employee_id,
	request_id, consent_id, operation_id, channel, reason, erased_at`

const selectEvents = "SELECT " + eventFields + " FROM event"

func (t *Tenant) scanEvent(rows rowScanner) (*Event, error) {
	e := new(Event)
	var contact, employee, request, consent, operation *string
	err := rows.Scan(&e.Number, &e.Kind, &e.OccurredAt, &contact, &e.ContactExternalID, &e.Source, &employee,
		&request, &consent, &operation, &e.Channel, &e.Reason, &e.ErasedAt)
	e.ContactID, e.EmployeeID, e.RequestID = deref(contact), deref(employee), deref(request)
	e.ConsentID, e.OperationID = deref(consent), deref(operation)
	e.ID = eventID(t.Company.Key, t.Mode, e.Number)
	return t.shownEvent(e), err
}
