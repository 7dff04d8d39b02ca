package db

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
)

// personalData lists every column that can hold personal data, so that
// erasing can be checked against one place. Payloads of Operations go a week
// after their end; Consents stay as long as the law wants them kept.
var personalData = map[string][]string{
	"contact":           {"external_ids", "sort_name", "search", "profile", "provenance", "metadata", "views"},
	"contact_merge":     {"undo"},
	"contact_search":    {"words"},
	"contact_key":       {"external_id"},
	"delivery":          {"detail"},
	"outbox":            {"recipient", "subject", "message"},
	"enquiry":           {"words", "reply_to"},
	"proposal":          {"value"},
	"request":           {"note"},
	"event_value":       {"data"},
	"operation_payload": {"data"},
	"operation_slice":   {"items"},
	"operation":         {"import"},
	"import_rows":       {"data"},
	"consent":           {"evidence"},
	"employee":          {"external_id", "display_name", "given_name", "family_name", "email", "phone", "job_title", "photo_url", "photo_source", "sort_name"},
	// People who work here, not Contacts: theirs goes when they are removed.
	"app_user": {"email", "name"},
	"passkey":  {"name", "data"},
	"session":  {"data", "address", "agent"},
	"audit":    {"address"},
	// It goes as soon as it has been looked up.
	"sign_in_ask": {"email"},
}

// contactTables are the tables from which an erased Contact's rows go, in
// this order; $3 is the Contact's id.
var contactTables = []struct{ name, where string }{
	{"delivery", "request_id IN (SELECT id FROM request WHERE company_id = $1 AND mode = $2 AND contact_id = $3)"},
	// A digest quotes several Contacts and names none.
	{"outbox", "(contact_id = $3 OR contact_id IS NULL AND message_id LIKE '" + digestMark + "%')"},
	{"enquiry", "contact_id = $3"},
	{"proposal", "contact_id = $3"},
	{"request", "contact_id = $3"},
	{"contact_key", "contact_id = $3"},
	{"contact_match", "contact_id = $3"},
	{"verification", "contact_id = $3"},
	{"merge_suggestion", "(contact_id = $3 OR other_id = $3)"},
	{"contact_merge", "(kept_id = $3 OR merged_id = $3)"},
	{"contact", "id = $3"},
	{"contact_search", "contact_id = $3"},
}

func (x *tx) savePack(ctx context.Context, first int64, pack map[string]json.RawMessage) error {
	if len(pack) == 0 {
		_, err := x.exec(ctx, "DELETE FROM event_value WHERE company_id = $1 AND mode = $2 AND first_number = $3", x.company, x.mode, first)
		return err
	}
	_, err := x.exec(ctx, "UPDATE event_value SET data = $4 WHERE company_id = $1 AND mode = $2 AND first_number = $3",
		x.company, x.mode, first, jsonOf(pack))
	return err
}

// erasedMessage takes the place of an error that may quote an erased Contact's data.
const erasedMessage = "erased with the Contact"

// eraseErrors takes what rejected items quoted out of the Operations' reports
// on these externalIds.
func (x *tx) eraseErrors(ctx context.Context, externalIDs []string) error {
	rows, err := x.query(ctx, "SELECT operation_id, first_item, items FROM operation_slice WHERE company_id = $1 AND mode = $2 AND rejected > 0",
		x.company, x.mode)
	type place struct {
		operation string
		first     int
	}
	changed := map[place][]*OperationItem{}
	err = scanRows(rows, err, func(r rowScanner) error {
		var at place
		var data []byte
		var items []*OperationItem
		if err := r.Scan(&at.operation, &at.first, &data); err != nil {
			return err
		}
		if err := json.Unmarshal(data, &items); err != nil {
			return err
		}
		if eraseMessages(items, externalIDs) {
			changed[at] = items
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("erase items' errors: %w", err)
	}
	if err := x.eraseImports(ctx, externalIDs); err != nil {
		return err
	}
	for at, items := range changed {
		_, err := x.exec(ctx, "UPDATE operation_slice SET items = $5 WHERE company_id = $1 AND mode = $2 AND operation_id = $3 AND first_item = $4",
			x.company, x.mode, at.operation, at.first, jsonOf(items))
		if err != nil {
			return fmt.Errorf("erase items' errors: %w", err)
		}
	}
	return nil
}

func eraseMessages(items []*OperationItem, externalIDs []string) (changed bool) {
	for _, i := range items {
		if len(i.Errors) == 0 || !slices.Contains(externalIDs, deref(i.ExternalID)) {
			continue
		}
		for _, e := range i.Errors {
			changed = changed || e.Message != erasedMessage
			e.Message = erasedMessage
		}
	}
	return changed
}

// eraseImports takes what imports' results quote of these externalIds out of them.
func (x *tx) eraseImports(ctx context.Context, externalIDs []string) error {
	const selectImports = "SELECT id, import FROM operation WHERE company_id = $1 AND mode = $2 AND "
	rows, err := x.query(ctx, selectImports+"import IS NOT NULL", x.company, x.mode)
	found, err := quotingImports(rows, err, externalIDs)
	for _, op := range found {
		// An import that is being worked off may have changed its result meanwhile.
		rows, err := x.query(ctx, selectImports+"id = $3"+x.engine.locking(), x.company, x.mode, op.ID)
		latest, err := quotingImports(rows, err, externalIDs)
		if err != nil {
			return err
		}
		for _, op := range latest {
			if err := x.saveImport(ctx, op); err != nil {
				return err
			}
		}
	}
	return err
}

// quotingImports are those of the imports whose results told of some
// externalIds, which they do no longer.
func quotingImports(rows *sql.Rows, err error, externalIDs []string) (found []*Operation, _ error) {
	err = scanRows(rows, err, func(r rowScanner) error {
		op := &Operation{Import: new(Import)}
		var data []byte
		if err := r.Scan(&op.ID, &data); err != nil {
			return err
		}
		if err := json.Unmarshal(data, op.Import); err != nil {
			return err
		}
		if op.Import.forget(externalIDs) {
			found = append(found, op)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("erase imports' results: %w", err)
	}
	return found, nil
}
