package db

import (
	"context"
	"encoding/json"

	"complero/db/profile"
)

// ExportedEvent is an event with what the Viewer may know of it.
type ExportedEvent struct {
	*Event
	// EmployeeExternalID is nil where there is no Employee, or none that the
	// Viewer may see.
	EmployeeExternalID *string
	Changes            []profile.Change
	Metadata           json.RawMessage
}

// ExportEvents hands out events ascending by number, without gaps where there
// is no filter: those behind a cursor of Events, if there is one, up to the last
// that there is when it gets there. It reads page by page and keeps no
// transaction open.
func (t *Tenant) ExportEvents(ctx context.Context, after *string, filter EventFilter, each func(*ExportedEvent) error) error {
	if err := t.mayTake(); err != nil {
		return err
	}
	page := Page{First: ptr(exportPage), After: after}
	for {
		list, err := t.Events(ctx, page, filter)
		if err != nil {
			return err
		}
		exported, err := t.exportedEvents(ctx, list.Nodes)
		if err != nil {
			return err
		}
		for _, e := range exported {
			if err := each(e); err != nil {
				return err
			}
		}
		if !list.PageInfo.HasNextPage {
			return nil
		}
		page.After = list.PageInfo.EndCursor
	}
}

func (t *Tenant) exportedEvents(ctx context.Context, events []*Event) ([]*ExportedEvent, error) {
	numbers, employees := make([]int64, len(events)), make([]string, len(events))
	for i, e := range events {
		numbers[i], employees[i] = e.Number, e.EmployeeID
	}
	values, err := t.EventValues(ctx, numbers)
	if err != nil {
		return nil, err
	}
	heads, err := t.headIDs(ctx, employees)
	if err != nil {
		return nil, err
	}
	exported := make([]*ExportedEvent, len(events))
	for i, e := range events {
		exported[i] = &ExportedEvent{Event: e, EmployeeExternalID: nullable(heads[e.EmployeeID])}
		if v := values[e.Number]; v != nil {
			exported[i].Changes, exported[i].Metadata = v.Changes, v.Metadata
		}
	}
	return exported, nil
}
