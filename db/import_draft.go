package db

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"time"
)

// An ImportDraft stores the rows of a file while it is read. They become an
// Operation when it is accepted; what never is, goes with the next upkeep.
type ImportDraft struct {
	tenant *Tenant
	id     string
	source string
	fields []*CustomField

	pack   []byte
	packed int // rows in pack
	total  int
	sum    hash.Hash // of all rows, for the idempotencyKey
	asked  draftAsked
}

// draftAsked is what the caller said of the mapping, before anything was
// recognised or looked up: that changes with the Company's own fields.
type draftAsked struct {
	Mapping         canonical `json:",omitempty"`
	Named, Unmapped string
}

// DraftImport begins to store a file of a Source: the named one, else the caller's.
func (t *Tenant) DraftImport(ctx context.Context, source *string) (*ImportDraft, error) {
	if err := errors.Join(t.check(ContactsWrite), t.speaks("importing files")); err != nil {
		return nil, err
	}
	key, err := t.source(ctx, t.store.read.DB, source)
	if err != nil {
		return nil, err
	}
	rules, err := t.currentFieldRules(ctx)
	if err != nil {
		return nil, err
	}
	return &ImportDraft{tenant: t, id: newID("operation"), source: key, fields: rules.CustomFields(), sum: sha256.New()}, nil
}

// Source is the key of the Source that the file is from.
func (d *ImportDraft) Source() string { return d.source }

// Fields are the Company's own fields, which columns may be.
func (d *ImportDraft) Fields() []*CustomField { return d.fields }

// Asked notes, for the idempotencyKey, what the caller said of the mapping:
// one as JSON or the name of a kept one, and what becomes of unmapped columns.
func (d *ImportDraft) Asked(mapping json.RawMessage, named, unmapped string) {
	d.asked = draftAsked{canonical(mapping), named, unmapped}
}

// Total is how many rows have been added.
func (d *ImportDraft) Total() int { return d.total }

// Add stores the next row.
func (d *ImportDraft) Add(ctx context.Context, row ImportRow) error {
	at := len(d.pack)
	d.pack = appendRow(d.pack, row)
	d.sum.Write(d.pack[at:])
	d.packed++
	d.total++
	if d.packed < sliceItems {
		return nil
	}
	return d.flush(ctx)
}

func (d *ImportDraft) flush(ctx context.Context) error {
	if d.packed == 0 {
		return nil
	}
	t := d.tenant
	_, err := t.store.write.DB.ExecContext(ctx, "INSERT INTO import_rows (company_id, mode, operation_id, first_item, data) VALUES ($1, $2, $3, $4, $5)",
		t.store.engine.args([]any{t.Company.Key, t.Mode, d.id, d.total - d.packed, pack(d.pack)})...)
	if err != nil {
		return fmt.Errorf("store rows: %w", err)
	}
	d.pack, d.packed = d.pack[:0], 0
	return nil
}

// Discard forgets the rows, unless they have become an Operation: a connection
// that breaks while Accept commits leaves open whether they have.
func (d *ImportDraft) Discard(ctx context.Context) error {
	t := d.tenant
	_, err := t.store.write.DB.ExecContext(ctx, `DELETE FROM import_rows WHERE company_id = $1 AND mode = $2 AND operation_id = $3
		AND NOT EXISTS (SELECT 1 FROM operation AS o WHERE o.company_id = $1 AND o.mode = $2 AND o.id = $3)`,
		t.store.engine.args([]any{t.Company.Key, t.Mode, d.id})...)
	if err != nil {
		return fmt.Errorf("forget rows: %w", err)
	}
	return nil
}

// draftInput is what an idempotencyKey stands for.
type draftInput struct {
	Source, Rows string
	Columns      []string
	DryRun       bool
	Complete     *CompleteImport
	Asked        draftAsked
}

// Accept makes the draft an Operation, and enqueues its work, in one
// transaction: what was answered is stored. The same file, sent again with the
// same idempotencyKey, returns the first Operation.
func (d *ImportDraft) Accept(ctx context.Context, in Import, key *string) (*Operation, error) {
	if err := in.check(d.total); err != nil {
		return nil, err
	}
	if err := d.flush(ctx); err != nil {
		return nil, err
	}
	t := d.tenant
	op := &Operation{
		CompanyID: t.Company.Key, Mode: t.Mode, ID: d.id, Kind: ContactsImportOperation, Status: OperationPending,
		Source: &d.source, Total: &d.total, Import: &in, Errors: Errors{},
	}
	op.Options.Bound = t.bound().source != ""
	input := draftInput{d.source, hex.EncodeToString(d.sum.Sum(nil)), in.Columns, in.DryRun, in.Complete, d.asked}
	var kept struct{ OperationID string }
	repeated := false
	err := t.write(ctx, ContactsWrite, func(x *tx) error {
		var err error
		op.CreatedAt = x.now
		repeated, err = x.once(ctx, "contactsImport", key, input, &kept, func() error {
			kept.OperationID = op.ID
			return x.insertImport(ctx, op)
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	if !repeated {
		return op, nil
	}
	if err := d.Discard(ctx); err != nil {
		return nil, err
	}
	return t.Operation(ctx, kept.OperationID)
}

func (i *Import) check(rows int) error {
	if rows == 0 {
		return fail(Required, "file", "the file %.100q has no rows; send one with a row for each Contact", i.File)
	}
	if c := i.Complete; c != nil && (c.MaxShare < 0 || c.MaxShare > 1) {
		return fail(Invalid, "maxShare", "maxShare is a share of the Source's Contacts, from 0 to 1")
	}
	for _, f := range i.Findings {
		if f.Severity == SeverityError {
			return &Error{Code: Invalid, Path: []string{"file"}, Message: f.Message}
		}
	}
	return nil
}

func (x *tx) insertImport(ctx context.Context, op *Operation) error {
	x.touch(op.ID)
	_, err := x.exec(ctx, `INSERT INTO operation (company_id, mode, id, kind, status, source, options, total, errors, created_at, import)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '[]', $9, $10)`,
		x.company, x.mode, op.ID, string(op.Kind), string(op.Status), op.Source, jsonOf(op.Options), *op.Total, op.CreatedAt, jsonOf(op.Import))
	if err != nil {
		return fmt.Errorf("insert Operation: %w", err)
	}
	x.enqueue(WorkOperation{TenantRef: x.tenant.ref(), OperationID: op.ID}, time.Time{})
	return nil
}

// forgetDrafts deletes rows that never became an Operation: whoever read the
// file has gone.
func (s *Store) forgetDrafts(ctx context.Context) error {
	_, err := s.write.DB.ExecContext(ctx, `DELETE FROM import_rows WHERE operation_id < $1 AND NOT EXISTS (SELECT 1 FROM operation AS o
		WHERE o.company_id = import_rows.company_id AND o.mode = import_rows.mode AND o.id = import_rows.operation_id)`,
		s.engine.args([]any{idFloor("operation", s.now().Add(-24*time.Hour))})...)
	if err != nil {
		return fmt.Errorf("forget files that were never accepted: %w", err)
	}
	return nil
}

// saveImport writes what has come of an import so far.
func (x *tx) saveImport(ctx context.Context, op *Operation) error {
	data, err := json.Marshal(op.Import)
	if err != nil {
		return fmt.Errorf("write the result of %s: %w", op.ID, err)
	}
	_, err = x.exec(ctx, "UPDATE operation SET import = $4 WHERE company_id = $1 AND mode = $2 AND id = $3", x.company, x.mode, op.ID, string(data))
	return err
}
