package export

import (
	"context"
	"io"
	"strconv"
	"strings"
	"time"

	"complero/db"
	"complero/server/intake/table"
)

// An auditRow is an entry of the audit log as a document, and, by its fields, as a row.
type auditRow struct {
	ID         string        `json:"id"`
	At         time.Time     `json:"at"`
	Test       bool          `json:"test"`
	ViewerKind db.ViewerKind `json:"viewerKind"`
	ViewerID   string        `json:"viewerId"`
	ViewerName *string       `json:"viewerName"`
	Action     string        `json:"action"`
	Targets    []string      `json:"targets"`
	Address    string        `json:"address"`
	RequestID  string        `json:"requestId"`
}

var auditColumns = []string{"id", "at", "test", "viewerKind", "viewerId", "viewerName", "action", "targets", "address", "requestId"}

// Audit writes who did what, to whom, from where, oldest first.
func Audit(ctx context.Context, t *db.Tenant, filter db.AuditFilter, kind table.Kind, w io.Writer) error {
	out, end, err := begin(w, kind, auditColumns)
	if err != nil {
		return err
	}
	return end(t.ExportAudit(ctx, filter, func(e *db.ExportedAuditEntry) error {
		return write(out, kind, &auditRow{
			ID: e.ID, At: e.At.UTC(), Test: e.Mode == db.Test, ViewerKind: e.ViewerKind, ViewerID: e.ViewerID, ViewerName: ifAny(e.ViewerName),
			Action: e.Action, Targets: e.Targets, Address: e.Address, RequestID: e.RequestID,
		})
	}))
}

func (r *auditRow) cells() []string {
	return []string{
		r.ID, moment(&r.At), strconv.FormatBool(r.Test), string(r.ViewerKind), r.ViewerID, optional(r.ViewerName),
		r.Action, strings.Join(r.Targets, " "), r.Address, r.RequestID,
	}
}
