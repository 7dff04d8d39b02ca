package db

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"complero/db/profile"
)

// A RejectedRow is a row of a file that was not taken, and why.
type RejectedRow struct {
	ImportRow
	Errors Errors
}

// RejectedKept reports whether an Operation has rejected rows of a file that is
// still kept: until a week after the Operation's end.
func (t *Tenant) RejectedKept(op *Operation) bool {
	kept := op.FinishedAt == nil || t.store.now().Sub(*op.FinishedAt) < payloadPeriod
	return op.Import != nil && op.Rejected > 0 && kept
}

// RejectedRows hands out the rows of an import that were rejected, in their
// order. It fails with NOT_FOUND once the file is no longer kept.
func (t *Tenant) RejectedRows(ctx context.Context, op *Operation, each func(RejectedRow) error) error {
	if err := errors.Join(t.check(ContactsWrite), t.unmasked("files")); err != nil {
		return err
	}
	switch {
	case op.Import == nil:
		return NotFound("id", "%s is no import, so it has no rows; its items tell what was rejected", op.ID)
	case op.Rejected > 0 && !t.RejectedKept(op):
		return NotFound("id", "the rows of %s are no longer kept, as files go a week after their Operation's end; its items still tell what was rejected", op.ID)
	}
	for first := -1; ; {
		next, items, err := t.rejectedItems(ctx, op, first)
		if err != nil || items == nil {
			return err
		}
		first = next
		rows, err := t.importRows(ctx, op, first)
		if err != nil {
			return err
		}
		for _, i := range items {
			at := i.Index - first
			if i.Outcome != ItemRejected || at < 0 || at >= len(rows) {
				continue
			}
			if err := each(RejectedRow{rows[at], i.Errors}); err != nil {
				return err
			}
		}
	}
}

// rejectedItems reads the first slice behind an item of which something was
// rejected; nil if there is none.
func (t *Tenant) rejectedItems(ctx context.Context, op *Operation, behind int) (first int, items []*OperationItem, err error) {
	rows, err := t.read(ctx, `SELECT first_item, items FROM operation_slice WHERE company_id = $1 AND mode = $2 AND operation_id = $3
		AND first_item > $4 AND rejected > 0 ORDER BY first_item LIMIT 1`, t.Company.Key, t.Mode, op.ID, behind)
	err = scanRows(rows, err, func(r rowScanner) error {
		var data []byte
		if err := r.Scan(&first, &data); err != nil {
			return err
		}
		return json.Unmarshal(data, &items)
	})
	if err != nil {
		return 0, nil, fmt.Errorf("read rejected items: %w", err)
	}
	return first, items, nil
}

// Sentence tells why the row was rejected, in one line.
func (r RejectedRow) Sentence() string {
	said := make([]string, len(r.Errors))
	for i, e := range r.Errors {
		said[i] = e.Message
	}
	return strings.Join(said, "; ")
}

// mostSamples is how many rows of a file are shown as they are understood.
const mostSamples = 10

// An ImportSample is what one row of a file says, as it would be stored of a
// new Contact.
type ImportSample struct {
	Row        int
	ExternalID string
	Employee   string
	Contact    profile.Profile
	Metadata   json.RawMessage
	Errors     Errors
	// Cells are the row as it stands in the file; none for a document.
	Cells []string
}

// JSON is the row in the form of the API's ContactInput.
func (s *ImportSample) JSON() json.RawMessage {
	p := &s.Contact
	return json.RawMessage(jsonOf(struct {
		ExternalID string `json:"externalId"`
		Employee   string `json:"employee,omitempty"`
		*profile.Profile
		Metadata json.RawMessage `json:"metadata,omitempty"`
	}{s.ExternalID, s.Employee, p, s.Metadata}))
}

// ImportSample shows the first rows of an import's file as they are
// understood; none once the file is no longer kept.
func (t *Tenant) ImportSample(ctx context.Context, op *Operation) ([]*ImportSample, error) {
	if err := errors.Join(t.check(ContactsWrite), t.unmasked("samples of files")); err != nil {
		return nil, err
	}
	if op.Import == nil {
		return nil, nil
	}
	rows, err := t.importRows(ctx, op, 0)
	if err != nil {
		return nil, nil //nolint:nilerr // the file is no longer kept
	}
	rules, err := t.currentFieldRules(ctx)
	if err != nil {
		return nil, err
	}
	reader, err := t.store.rowReader(op.Import, t.Company, rules.CustomFields())
	if err != nil {
		return nil, err
	}
	reading := &importing{reader: reader, columns: op.Import.headings(), seen: newSeenIDs(mostSamples)}
	defaults := profile.Defaults{Country: t.Company.CountryCode, Now: t.store.now()}
	var samples []*ImportSample
	for n, row := range rows[:min(mostSamples, len(rows))] {
		i := reading.item(row, n, rules, defaults, deref(op.Source))
		merged := profile.Merge(profile.Profile{}, profile.Provenance{}, i.statement, func(string) string { return "" })
		samples = append(samples, &ImportSample{
			Row: row.Number, ExternalID: i.statement.ExternalID, Employee: i.statement.Employee.Value, Contact: merged.Profile,
			Metadata: i.statement.Metadata, Errors: i.errors, Cells: row.Cells,
		})
	}
	return samples, nil
}
