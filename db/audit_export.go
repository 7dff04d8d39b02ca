package db

import "context"

// An ExportedAuditEntry is an AuditEntry with the name of whoever it is about.
type ExportedAuditEntry struct {
	*AuditEntry
	// ViewerName is the User's or API key's; "" where it is not known any more.
	ViewerName string
}

// ExportAudit hands out entries of the audit log, oldest first. It reads page
// by page and keeps no transaction open.
func (t *Tenant) ExportAudit(ctx context.Context, filter AuditFilter, each func(*ExportedAuditEntry) error) error {
	if err := t.mayTake(); err != nil {
		return err
	}
	page := Page{Last: ptr(exportPage)} // the list begins with the latest
	for {
		list, err := t.Audit(ctx, page, filter)
		if err != nil {
			return err
		}
		ids := make([]string, len(list.Nodes))
		for i, e := range list.Nodes {
			ids[i] = e.ViewerID
		}
		names, err := t.AuditNames(ctx, ids)
		if err != nil {
			return err
		}
		for i := len(list.Nodes) - 1; i >= 0; i-- {
			e := list.Nodes[i]
			if err := each(&ExportedAuditEntry{AuditEntry: e, ViewerName: names[e.ViewerID]}); err != nil {
				return err
			}
		}
		if !list.PageInfo.HasPreviousPage {
			return nil
		}
		page.Before = list.PageInfo.StartCursor
	}
}
