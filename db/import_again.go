package db

import (
	"context"
	"errors"
	"fmt"
)

// RowsKept reports whether the rows of an import's file are still kept, so that
// they can be taken once more: until a week after the Operation's end.
func (t *Tenant) RowsKept(op *Operation) bool {
	return op.Import != nil && (op.FinishedAt == nil || t.store.now().Sub(*op.FinishedAt) < payloadPeriod)
}

// ImportRows hands out the rows of an import's file, in their order, a pack of
// them at a time. It fails with NOT_FOUND where there is no such import, and
// with CONFLICT once the file is no longer kept.
func (t *Tenant) ImportRows(ctx context.Context, op *Operation, each func(ImportRow) error) error {
	if err := errors.Join(t.check(ContactsWrite), t.unmasked("files")); err != nil {
		return err
	}
	if op.Import == nil {
		return NotFound("operationId", "%s is no import, so it has no file", op.ID)
	}
	gone := Conflict("operationId", "the file of %s is no longer kept, as files go a week after their Operation's end; send it again", op.ID)
	if !t.RowsKept(op) {
		return gone
	}
	for next := 0; ; {
		rows, err := t.packFrom(ctx, op, next)
		switch {
		case err != nil:
			return err
		case len(rows) == 0 && next == 0:
			return gone
		case len(rows) == 0:
			return nil
		}
		next += len(rows)
		for _, row := range rows {
			if err := each(row); err != nil {
				return err
			}
		}
	}
}

// packFrom reads the pack of rows that begins with an item; nil behind the last.
func (t *Tenant) packFrom(ctx context.Context, op *Operation, first int) ([]ImportRow, error) {
	var list []ImportRow
	rows, err := t.read(ctx, "SELECT data FROM import_rows WHERE company_id = $1 AND mode = $2 AND operation_id = $3 AND first_item = $4",
		t.Company.Key, t.Mode, op.ID, first)
	err = scanRows(rows, err, func(r rowScanner) error {
		var packed []byte
		if err := r.Scan(&packed); err != nil {
			return err
		}
		var err error
		list, err = readRows(packed)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the rows of %s: %w", op.ID, err)
	}
	return list, nil
}
