package db

import (
	"context"
	"encoding/json"
	"fmt"
)

// readPayload reads and normalises what the slice covers of a call's payload.
func (t *Tenant) readPayload(ctx context.Context, s *slice) error {
	rows, err := t.read(ctx, "SELECT data FROM operation_payload WHERE company_id = $1 AND mode = $2 AND operation_id = $3",
		t.Company.Key, t.Mode, s.op.ID)
	var packed []byte
	if err := scanRows(rows, err, func(r rowScanner) error { return r.Scan(&packed) }); err != nil {
		return fmt.Errorf("read payload: %w", err)
	}
	data, err := unpack(packed)
	if err == nil && s.op.Kind == RequestsCreateOperation {
		return t.readPlan(ctx, s, data)
	}
	if err == nil {
		err = t.readItems(s, data)
	}
	if err != nil {
		return unreadable{err}
	}
	return nil
}

// readItems decodes and normalises what the slice covers of the payload.
func (t *Tenant) readItems(s *slice, data []byte) error {
	switch s.op.Kind {
	case ContactsUploadOperation:
		var raw []json.RawMessage
		if err := json.Unmarshal(data, &raw); err != nil {
			return err
		}
		s.contacts = t.contactItems(part(raw, s.first), s.first, deref(s.op.Source), s.rules)
	case EmployeesUploadOperation:
		var raw []json.RawMessage
		if err := json.Unmarshal(data, &raw); err != nil {
			return err
		}
		s.employees = t.employeeItems(part(raw, s.first), s.first)
	default:
		var ids []string
		if err := json.Unmarshal(data, &ids); err != nil {
			return err
		}
		s.ids = part(ids, s.first)
	}
	return nil
}

func part[T any](all []T, first int) []T {
	if first >= len(all) {
		return nil
	}
	return all[first:min(first+sliceItems, len(all))]
}
