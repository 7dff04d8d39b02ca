package export

import (
	"context"
	"io"
	"strconv"
	"time"

	"complero/db"
	"complero/server/intake/table"
)

// A consentRow is a Consent as a document, and, by its fields, as a row.
type consentRow struct {
	ID                string             `json:"id"`
	Definition        string             `json:"definition"`
	ContactID         string             `json:"contactId"`
	ContactExternalID *string            `json:"contactExternalId"`
	Channel           *db.ConsentChannel `json:"channel"`
	State             db.ConsentState    `json:"state"`
	Latest            bool               `json:"latest"`
	DecidedAt         time.Time          `json:"decidedAt"`
	WithdrawnAt       *time.Time         `json:"withdrawnAt"`
	LastUsedAt        *time.Time         `json:"lastUsedAt"`
	RetainUntil       *time.Time         `json:"retainUntil"`
	RequestID         *string            `json:"requestId"`
	Version           int                `json:"version"`
	Locale            string             `json:"locale"`
	Wording           string             `json:"wording"`
}

var consentColumns = []string{
	"id", "definition", "contactId", "contactExternalId", "channel", "state", "latest", "decidedAt", "withdrawnAt", "lastUsedAt",
	"retainUntil", "requestId", "version", "locale", "wording",
}

// Consents writes decisions, oldest first, with the text that each Contact saw.
func Consents(ctx context.Context, t *db.Tenant, filter db.ConsentFilter, kind table.Kind, w io.Writer) error {
	out, end, err := begin(w, kind, consentColumns)
	if err != nil {
		return err
	}
	return end(t.ExportConsents(ctx, filter, func(c *db.ExportedConsent) error {
		return write(out, kind, &consentRow{
			ID: c.ID, Definition: c.Key, ContactID: c.ContactID, ContactExternalID: ifAny(c.ContactExternalID), Channel: c.Channel(),
			State: c.State, Latest: c.Latest, DecidedAt: c.DecidedAt.UTC(), WithdrawnAt: inUTC(c.WithdrawnAt), LastUsedAt: inUTC(c.LastUsedAt),
			RetainUntil: inUTC(c.RetainUntil), RequestID: c.RequestID, Version: c.Version, Locale: c.Locale, Wording: c.Wording,
		})
	}))
}

func (r *consentRow) cells() []string {
	return []string{
		r.ID, r.Definition, r.ContactID, optional(r.ContactExternalID), optional((*string)(r.Channel)), string(r.State),
		strconv.FormatBool(r.Latest), moment(&r.DecidedAt), moment(r.WithdrawnAt), moment(r.LastUsedAt), moment(r.RetainUntil),
		optional(r.RequestID), strconv.Itoa(r.Version), r.Locale, r.Wording,
	}
}
