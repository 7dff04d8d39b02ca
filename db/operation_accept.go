package db

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"
)

// maxItems is how many items one call takes.
const maxItems = 1000

// ContactsUpload is a call's Contacts, a JSON array of the API's ContactInput
// as it came: it is stored first and understood by the Operation.
type ContactsUpload struct {
	Contacts       json.RawMessage
	Count          int
	Source         *string
	IdempotencyKey *string
}

// UploadContacts stores Contacts and returns the Operation that will work them off.
func (t *Tenant) UploadContacts(ctx context.Context, u ContactsUpload) (*Operation, error) {
	a := acceptance{
		right: ContactsWrite, mutation: "contactsUpload", kind: ContactsUploadOperation,
		field: "contacts", count: u.Count, payload: u.Contacts, named: u.Source, sourced: true, key: u.IdempotencyKey,
	}
	return t.accept(ctx, a)
}

// EmployeesUpload is a call's Employees, a JSON array of the API's EmployeeInput.
type EmployeesUpload struct {
	Employees json.RawMessage
	Count     int
	// Source is whose Employees they are; nil leaves those that are known where
	// they are, and makes new ones the central CRM's.
	Source         *string
	IdempotencyKey *string
}

// UploadEmployees stores Employees and returns the Operation that will work them off.
func (t *Tenant) UploadEmployees(ctx context.Context, u EmployeesUpload) (*Operation, error) {
	a := acceptance{
		right: EmployeesWrite, mutation: "employeesUpload", kind: EmployeesUploadOperation,
		field: "employees", count: u.Count, payload: u.Employees, named: u.Source, sourced: t.sourced(u.Source), key: u.IdempotencyKey,
	}
	return t.accept(ctx, a)
}

// ContactsDelete names Contacts to delete, by the externalIds in a Source.
type ContactsDelete struct {
	ExternalIDs    []string
	Source         *string
	IdempotencyKey *string
}

// DeleteContacts stores which Contacts to delete and returns the Operation
// that will do it. Deleting erases: what remains is the log without values.
func (t *Tenant) DeleteContacts(ctx context.Context, d ContactsDelete) (*Operation, error) {
	a := acceptance{
		right: ContactsWrite, mutation: "contactsDelete", kind: ContactsDeleteOperation,
		field: "externalIds", count: len(d.ExternalIDs), payload: []byte(jsonOf(d.ExternalIDs)), named: d.Source, sourced: true, key: d.IdempotencyKey,
	}
	return t.accept(ctx, a)
}

// sourced tells whether an Operation on Employees belongs to a Source: to the
// named one, or to the one that the Viewer is bound to.
func (t *Tenant) sourced(named *string) bool { return deref(named) != "" || t.bound().source != "" }

// EmployeesDelete names Employees to delete. Their Contacts go to ReassignTo,
// or are left without an Employee.
type EmployeesDelete struct {
	ExternalIDs    []string
	ReassignTo     *string
	IdempotencyKey *string
}

// DeleteEmployees stores which Employees to delete and returns the Operation
// that will do it.
func (t *Tenant) DeleteEmployees(ctx context.Context, d EmployeesDelete) (*Operation, error) {
	a := acceptance{
		right: EmployeesWrite, mutation: "employeesDelete", kind: EmployeesDeleteOperation,
		field: "externalIds", count: len(d.ExternalIDs), payload: []byte(jsonOf(d.ExternalIDs)), sourced: t.sourced(nil), key: d.IdempotencyKey,
		options: OperationOptions{ReassignTo: strings.TrimSpace(deref(d.ReassignTo))},
	}
	for _, id := range d.ExternalIDs {
		if id == a.options.ReassignTo && id != "" {
			return nil, fail(Invalid, "reassignTo", "reassignTo %q is itself to be deleted; name another Employee", id)
		}
	}
	if a.options.ReassignTo != "" {
		e, err := t.Employee(ctx, nil, &a.options.ReassignTo)
		if err != nil {
			return nil, err
		}
		if e == nil {
			return nil, NotFound("reassignTo", "there is no Employee %q to take the Contacts over", a.options.ReassignTo)
		}
	}
	return t.accept(ctx, a)
}

// acceptance is what becomes an Operation.
type acceptance struct {
	right    Right
	mutation string
	kind     OperationKind
	// field is the input's list, for errors; count is its length.
	field   string
	count   int
	payload []byte
	options OperationOptions
	// sourced Operations belong to a Source: the named one, else the caller's.
	sourced bool
	named   *string
	key     *string
}

// acceptedInput is what an idempotencyKey stands for.
type acceptedInput struct {
	ReassignTo string
	Source     string
	Items      canonical
}

func (a acceptance) check() error {
	if a.count == 0 {
		return fail(Required, a.field, "%s is empty; give 1 to %d items", a.field, maxItems)
	}
	if a.count > maxItems {
		return fail(TooManyItems, a.field, "%s has %d items; send at most %d in one call", a.field, a.count, maxItems)
	}
	return nil
}

// accept stores the payload with its Operation and the job that will work it
// off, in one transaction: what was answered is stored.
func (t *Tenant) accept(ctx context.Context, a acceptance) (*Operation, error) {
	if err := errors.Join(t.check(a.right), t.speaks("uploading and deleting")); err != nil {
		return nil, err
	}
	if err := a.check(); err != nil {
		return nil, err
	}
	var op *Operation
	var kept struct{ OperationID string }
	packed := pack(a.payload)
	err := t.write(ctx, a.right, func(x *tx) error {
		op = nil
		input := acceptedInput{a.options.ReassignTo, deref(a.named), canonical(a.payload)}
		_, err := x.once(ctx, a.mutation, a.key, input, &kept, func() error {
			var err error
			op, err = x.insertOperation(ctx, a, packed)
			if op != nil {
				kept.OperationID = op.ID
			}
			return err
		})
		return err
	})
	if err != nil || op != nil {
		return op, err
	}
	return t.Operation(ctx, kept.OperationID)
}

func (x *tx) insertOperation(ctx context.Context, a acceptance, packed []byte) (*Operation, error) {
	op := &Operation{
		CompanyID: x.company, Mode: x.mode, ID: newID("operation"), Kind: a.kind, Status: OperationPending,
		Options: a.options, Total: &a.count, Errors: Errors{}, CreatedAt: x.now,
	}
	x.touch(op.ID)
	if a.sourced {
		source, err := x.tenant.source(ctx, x.Tx.Tx, a.named)
		if err != nil {
			return nil, err
		}
		op.Source, op.Options.Bound = &source, x.tenant.bound().source != ""
	}
	_, err := x.exec(ctx, `INSERT INTO operation (company_id, mode, id, kind, status, source, options, total, errors, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '[]', $9)`,
		x.company, x.mode, op.ID, string(op.Kind), string(op.Status), op.Source, jsonOf(op.Options), a.count, op.CreatedAt)
	if err != nil {
		return nil, fmt.Errorf("insert Operation: %w", err)
	}
	_, err = x.exec(ctx, "INSERT INTO operation_payload (company_id, mode, operation_id, data) VALUES ($1, $2, $3, $4)",
		x.company, x.mode, op.ID, packed)
	if err != nil {
		return nil, fmt.Errorf("store payload: %w", err)
	}
	x.enqueueWork(op)
	return op, nil
}

// enqueueWork has the Operation worked off, as far as it is not yet.
func (x *tx) enqueueWork(op *Operation) {
	x.enqueue(WorkOperation{TenantRef: x.tenant.ref(), OperationID: op.ID}, time.Time{})
}

// The payload's coding is fast rather than small: it is read once, soon. A
// window as large as most payloads spares each encoder seven of eight megabytes.
var (
	packer, _ = zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(2),
		zstd.WithWindowSize(1<<20), zstd.WithLowerEncoderMem(true))
	unpacker, _ = zstd.NewReader(nil, zstd.WithDecoderConcurrency(2), zstd.WithDecoderMaxMemory(256<<20))
)

func pack(data []byte) []byte { return packer.EncodeAll(data, nil) }

func unpack(data []byte) ([]byte, error) { return unpacker.DecodeAll(data, nil) }
