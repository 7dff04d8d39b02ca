package db

import (
	"context"
	"fmt"
)

// right is what starting, cancelling and confirming an Operation needs.
func (k OperationKind) right() Right {
	if k == EmployeesUploadOperation || k == EmployeesDeleteOperation {
		return EmployeesWrite
	}
	return ContactsWrite
}

// CancelOperation ends an Operation before it is done: what it has applied
// stays, the rest is not applied, and its counters tell how far it came. It
// fails with NOT_FOUND, or with CONFLICT once the Operation has ended
// otherwise. Cancelling twice is no error.
func (t *Tenant) CancelOperation(ctx context.Context, id string) (*Operation, error) {
	return t.changeOperation(ctx, id, func(x *tx, op *Operation) error {
		switch {
		case op.Status == OperationCancelled:
			return nil
		case op.FinishedAt != nil:
			return Conflict("id", "this Operation has ended already, as %s, and can no longer be cancelled", op.Status)
		}
		op.Status, op.FinishedAt = OperationCancelled, &x.now
		return x.saveOperation(ctx, op)
	})
}

// ConfirmOperation has an Operation that waits for it go on. It fails with
// NOT_FOUND, or with CONFLICT where the Operation does not wait.
func (t *Tenant) ConfirmOperation(ctx context.Context, id string) (*Operation, error) {
	return t.changeOperation(ctx, id, func(x *tx, op *Operation) error {
		if op.Status != OperationWaiting {
			return Conflict("id", "this Operation does not wait for a confirmation: it is %s", op.Status)
		}
		op.Status, op.Options.Confirmed = OperationRunning, true
		x.enqueueWork(op)
		return x.saveOperation(ctx, op)
	})
}

// changeOperation locks an Operation and changes it, between two slices of
// the worker that is at it: a slice holds the Operation's row until it is
// committed, and the next one sees what has been changed here.
func (t *Tenant) changeOperation(ctx context.Context, id string, change func(*tx, *Operation) error) (*Operation, error) {
	op, err := t.Operation(ctx, id)
	if err != nil {
		return nil, err
	}
	if op == nil {
		return nil, noOperation(id)
	}
	err = t.write(ctx, op.Kind.right(), func(x *tx) error {
		x.touch(id)
		op = new(Operation)
		q := x.NewSelect().Model(op).Where("company_id = ?", x.company).Where("mode = ?", x.mode).Where("id = ?", id)
		if x.engine == onPostgres {
			q = q.For("UPDATE")
		}
		found, err := one(ctx, q)
		if err != nil {
			return err
		}
		if !found {
			return noOperation(id)
		}
		return change(x, op)
	})
	if err != nil {
		return nil, err
	}
	return op, nil
}

// saveOperation writes what can change of a locked Operation beside its
// progress. What it waited for is settled by whatever is saved.
func (x *tx) saveOperation(ctx context.Context, op *Operation) error {
	op.Errors = Errors{}
	_, err := x.exec(ctx, `UPDATE operation SET status = $4, options = $5, errors = '[]', finished_at = $6
		WHERE company_id = $1 AND mode = $2 AND id = $3`,
		x.company, x.mode, op.ID, string(op.Status), jsonOf(op.Options), op.FinishedAt)
	if err != nil {
		return fmt.Errorf("save Operation %s: %w", op.ID, err)
	}
	return nil
}

func noOperation(id string) error { return NotFound("id", "there is no Operation %.100q", id) }
