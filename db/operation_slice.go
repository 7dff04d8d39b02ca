package db

import (
	"context"
	"errors"
)

// sliceItems is how many items one transaction works off at most.
const sliceItems = 1000

// slice is the part of an Operation that one transaction works off, read and
// normalised before it begins.
type slice struct {
	op    *Operation
	first int
	// Exactly one of these holds the items, by the kind of the Operation.
	contacts  []*contactItem
	employees []*employeeItem
	ids       []string
	// complete tells that it is about what a complete file no longer has.
	complete bool
	after    string // the last externalId that was looked at
	missing  *shortfall
	// plan is what to ask those of ids, of planned Contacts in all.
	plan    *requestPlan
	planned int
	// rules are those by which the items are read.
	rules *FieldRules
	// fault says why nothing can be read at all.
	fault *Error
}

// learnFrom is how many items a slice has from which on tables may have grown
// so much that PostgreSQL should look at them.
const learnFrom = 500

// grown are the tables that working a slice off makes grow.
func (s *slice) grown() []string {
	if s.plan != nil {
		return []string{"request", "delivery"}
	}
	return []string{"contact", "contact_key", "event"}
}

func (s *slice) size() int { return len(s.contacts) + len(s.employees) + len(s.ids) }

// prepareSlice reads an Operation's next items; nil if it is finished.
func (t *Tenant) prepareSlice(ctx context.Context, id string) (*slice, error) {
	op, err := t.Operation(ctx, id)
	if err != nil {
		return nil, err
	}
	if op == nil || op.FinishedAt != nil {
		t.store.importings.set(id, nil) // it may have been cancelled
		return nil, nil
	}
	return t.prepareSliceOf(ctx, op, op.Processed)
}

func (t *Tenant) prepareSliceOf(ctx context.Context, op *Operation, first int) (*slice, error) {
	s := &slice{op: op, first: first}
	var err error
	if s.rules, err = t.currentFieldRules(ctx); err != nil {
		return nil, err
	}
	if op.Kind == ContactsImportOperation {
		err = t.readImport(ctx, s)
	} else {
		err = t.readPayload(ctx, s)
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	// A database that cannot be reached will be again: that ends no Operation.
	if err != nil && !errors.As(err, new(unreadable)) {
		return nil, err
	}
	if err != nil {
		s.fault = &Error{Code: Invalid, Message: "what was uploaded cannot be read; upload it again"}
		t.store.log.Error("an upload cannot be read", "operation", op.ID, "error", err)
	}
	return s, nil
}

// prepareNext prepares the slice behind another one while that one is being
// written, so that reading and writing go on at the same time. It hands out
// nil where none follows, or where it cannot be had: then it is prepared when
// its turn has come.
func (t *Tenant) prepareNext(ctx context.Context, s *slice) <-chan *slice {
	next := make(chan *slice, 1)
	if s == nil || s.fault != nil || s.op.Total == nil || s.first+s.size() >= *s.op.Total || s.complete || s.plan != nil {
		next <- nil
		return next
	}
	op := *s.op
	go func() {
		follows, err := t.prepareSliceOf(ctx, &op, s.first+s.size())
		if err != nil {
			follows = nil
		}
		next <- follows
	}()
	return next
}

// unreadable tells that what was stored cannot be read, now or ever.
type unreadable struct{ error }

func (u unreadable) Unwrap() error { return u.error }

// last reports whether an Operation has come to its end with so many items.
// Behind the rows of a complete file comes what it has not.
func (s *slice) last(processed int) bool {
	if s.plan != nil {
		return len(s.ids) < sliceItems
	}
	if s.op.Total != nil && processed < *s.op.Total {
		return false
	}
	return s.op.Import == nil || s.op.Import.Complete == nil || s.complete
}
