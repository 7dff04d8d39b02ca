package export

import (
	"context"
	"encoding/json"
	"io"
	"strconv"
	"time"

	"complero/db"
	"complero/db/profile"
	"complero/server/intake/table"
)

// An eventRow is an event as a document, and, by its fields, as a row.
type eventRow struct {
	ID                string           `json:"id"`
	Number            int64            `json:"number"`
	Kind              db.EventKind     `json:"kind"`
	OccurredAt        time.Time        `json:"occurredAt"`
	ContactID         *string          `json:"contactId"`
	ContactExternalID *string          `json:"contactExternalId"`
	Employee          *string          `json:"employee"`
	Source            *string          `json:"source"`
	RequestID         *string          `json:"requestId"`
	ConsentID         *string          `json:"consentId"`
	OperationID       *string          `json:"operationId"`
	Channel           *db.Channel      `json:"channel"`
	Reason            *string          `json:"reason"`
	ErasedAt          *time.Time       `json:"erasedAt"`
	Changes           []profile.Change `json:"changes"`
	Metadata          json.RawMessage  `json:"metadata"`
}

var eventColumns = []string{
	"id", "number", "kind", "occurredAt", "contactId", "contactExternalId", "employee", "source", "requestId", "consentId",
	"operationId", "channel", "reason", "erasedAt", "changes", "metadata",
}

// Events writes events, ascending by number. In a table, changes and metadata
// are JSON in one cell each, and no changes an empty one.
func Events(ctx context.Context, t *db.Tenant, after *string, filter db.EventFilter, kind table.Kind, w io.Writer) error {
	out, end, err := begin(w, kind, eventColumns)
	if err != nil {
		return err
	}
	return end(t.ExportEvents(ctx, after, filter, func(e *db.ExportedEvent) error {
		return write(out, kind, newEventRow(e))
	}))
}

func newEventRow(e *db.ExportedEvent) *eventRow {
	r := &eventRow{
		ID: e.ID, Number: e.Number, Kind: e.Kind, OccurredAt: e.OccurredAt.UTC(), ContactID: ifAny(e.ContactID),
		ContactExternalID: e.ContactExternalID, Employee: e.EmployeeExternalID, Source: e.Source, RequestID: ifAny(e.RequestID),
		ConsentID: ifAny(e.ConsentID), OperationID: ifAny(e.OperationID), Channel: e.Channel, Reason: e.Reason,
		ErasedAt: inUTC(e.ErasedAt), Changes: e.Changes, Metadata: e.Metadata,
	}
	if r.Changes == nil {
		r.Changes = []profile.Change{}
	}
	return r
}

func (r *eventRow) cells() []string {
	changes := table.Absent
	if len(r.Changes) > 0 {
		changes = string(profile.AppendChanges(nil, r.Changes))
	}
	return []string{
		r.ID, strconv.FormatInt(r.Number, 10), string(r.Kind), moment(&r.OccurredAt), optional(r.ContactID), optional(r.ContactExternalID),
		optional(r.Employee), optional(r.Source), optional(r.RequestID), optional(r.ConsentID), optional(r.OperationID),
		optional((*string)(r.Channel)), optional(r.Reason), moment(r.ErasedAt), changes, metadataCell(r.Metadata),
	}
}
