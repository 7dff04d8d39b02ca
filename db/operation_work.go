package db

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// workTime is how long one job works on Operations before it hands over to the next.
const workTime = 10 * time.Second

// WorkOperation works off a Company's Operations in the order in which they
// were accepted, slice by slice, until the named one is done or the job's
// time is up; then it returns false, and the job is to come again. Working in
// order is what lets a later upload win over an earlier one.
func (t *Tenant) WorkOperation(ctx context.Context, id string) (done bool, err error) {
	if err := t.check(workRight); err != nil {
		return false, err
	}
	until := time.Now().Add(workTime)
	// While another worker's slice is being written, this one's is prepared.
	own, err := t.prepareSlice(ctx, id)
	if err != nil || own == nil {
		return t.forgetImport(id, err)
	}
	unlock, err := t.store.turns.take(ctx, t.ref())
	if err != nil {
		return false, err
	}
	defer unlock()
	streamed := map[string]bool{} // once each: what that did not finish, is done slice by slice
	for time.Now().Before(until) && ctx.Err() == nil {
		head, err := t.firstUnfinished(ctx)
		if err != nil || head == "" {
			return t.forgetImport(id, err)
		}
		s := own
		if s == nil || head != s.op.ID {
			if s, err = t.prepareSlice(ctx, head); err != nil {
				return false, err
			}
		}
		if s != nil && t.mayStream(s) && !streamed[head] {
			streamed[head] = true
			if own, err = t.streamImport(ctx, s, until); err != nil {
				return false, err
			}
			continue
		}
		next := t.prepareNext(ctx, s)
		finished, err := t.workSlice(ctx, s)
		if follows := <-next; s == own || follows != nil {
			own = follows
		}
		if err != nil {
			return false, err
		}
		if s != nil && s.size() >= learnFrom {
			t.store.learn(ctx, s.grown()...)
		}
		if finished {
			t.store.importings.set(head, nil)
		}
		if finished && head == id {
			return true, nil
		}
	}
	return false, ctx.Err()
}

// forgetImport ends the work on an Operation that there is nothing to do for:
// it was cancelled, waits for somebody, or another process has finished it.
func (t *Tenant) forgetImport(id string, err error) (done bool, _ error) {
	if err == nil {
		t.store.importings.set(id, nil)
	}
	return err == nil, err
}

// firstUnfinished is the id of the Operation whose turn it is.
func (t *Tenant) firstUnfinished(ctx context.Context) (id string, err error) {
	rows, err := t.read(ctx, `SELECT id FROM operation WHERE company_id = $1 AND mode = $2 AND finished_at IS NULL
		AND status <> 'WAITING_FOR_CONFIRMATION' ORDER BY id LIMIT 1`, t.Company.Key, t.Mode)
	err = scanRows(rows, err, func(r rowScanner) error { return r.Scan(&id) })
	return id, err
}

// workSlice writes what a slice comes to, and moves the Operation's mark, in
// one transaction. A slice that another process has worked off meanwhile
// changes nothing.
func (t *Tenant) workSlice(ctx context.Context, s *slice) (finished bool, err error) {
	if s == nil {
		return false, nil
	}
	var tried []*OperationItem
	if in := s.op.Import; in != nil && in.DryRun && len(s.contacts) > 0 {
		if tried, err = t.tryItems(ctx, s); err != nil {
			return false, fmt.Errorf("try Operation %s from item %d: %w", s.op.ID, s.first, err)
		}
	}
	err = t.write(ctx, workRight, func(x *tx) error {
		finished = false
		mine, err := x.lockOperation(ctx, s)
		if err != nil || !mine {
			return err
		}
		if s.fault != nil {
			finished = true
			return x.failOperation(ctx, s.op, s.fault)
		}
		if s.complete {
			finished, err = x.workMissing(ctx, s)
			return err
		}
		if s.plan != nil {
			finished, err = x.workPlan(ctx, s)
			return err
		}
		outcome := tried
		if outcome == nil {
			if outcome, err = x.applySlice(ctx, s); err != nil {
				return err
			}
		}
		finished, err = x.moveOperation(ctx, s, outcome)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("work on Operation %s from item %d: %w", s.op.ID, s.first, err)
	}
	return finished, nil
}

// lockOperation locks the slice's Operation and reports whether the slice is
// still to be done.
func (x *tx) lockOperation(ctx context.Context, s *slice) (bool, error) {
	var processed int
	var result []byte
	err := x.row(ctx, `SELECT processed, import FROM operation WHERE company_id = $1 AND mode = $2 AND id = $3
		AND finished_at IS NULL AND status <> 'WAITING_FOR_CONFIRMATION'`+x.engine.locking(),
		x.company, x.mode, s.op.ID).Scan(&processed, &result)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err == nil && s.op.Import != nil {
		// What came of former slices may have been written since this one was prepared.
		s.op.Import = new(Import)
		err = json.Unmarshal(result, s.op.Import)
	}
	return processed == s.first, err
}

func (x *tx) applySlice(ctx context.Context, s *slice) ([]*OperationItem, error) {
	switch s.op.Kind {
	case ContactsUploadOperation, ContactsImportOperation:
		return x.applyContacts(ctx, s.op, s.contacts)
	case EmployeesUploadOperation:
		return x.applyEmployees(ctx, s.op, s.employees)
	case ContactsDeleteOperation:
		return x.deleteContacts(ctx, s.op, s.ids, s.first)
	case EmployeesDeleteOperation:
		return x.deleteEmployees(ctx, s.op, s.ids, s.first)
	}
	return nil, fmt.Errorf("nobody knows how to work on %s", s.op.Kind)
}

// failOperation ends an Operation of which nothing could be read.
func (x *tx) failOperation(ctx context.Context, op *Operation, fault *Error) error {
	_, err := x.exec(ctx, "UPDATE operation SET status = 'FAILED', errors = $4, finished_at = $5 WHERE company_id = $1 AND mode = $2 AND id = $3",
		x.company, x.mode, op.ID, jsonOf(Errors{fault}), x.now)
	return err
}

// moveOperation keeps the items' outcomes and adds them to the Operation's
// counters.
func (x *tx) moveOperation(ctx context.Context, s *slice, items []*OperationItem) (finished bool, err error) {
	var created, synced, unchanged, deleted, rejected, conflicts int
	for _, i := range items {
		switch i.Outcome {
		case ItemCreated:
			created++
		case ItemSynced:
			synced++
		case ItemUnchanged:
			synced++
			unchanged++
		case ItemDeleted:
			deleted++
		case ItemRejected:
			rejected++
		}
		if i.conflict {
			conflicts++
		}
	}
	_, err = x.exec(ctx, "INSERT INTO operation_slice (company_id, mode, operation_id, first_item, items, rejected) VALUES ($1, $2, $3, $4, $5, $6)",
		x.company, x.mode, s.op.ID, s.first, jsonOf(items), rejected)
	if err != nil {
		return false, err
	}
	if s.op.Import != nil && !s.complete {
		if err := x.tallyImport(ctx, s, items); err != nil {
			return false, err
		}
	}
	processed := s.first + len(items)
	status, end := OperationRunning, (*time.Time)(nil)
	if s.last(processed) {
		status, end, finished = OperationCompleted, &x.now, true
	}
	_, err = x.exec(ctx, `UPDATE operation SET status = $4, processed = $5, created = created + $6, synced = synced + $7,
		unchanged = unchanged + $8, deleted = deleted + $9, rejected = rejected + $10, conflicts = conflicts + $11, finished_at = $12
		WHERE company_id = $1 AND mode = $2 AND id = $3`, x.company, x.mode, s.op.ID, string(status), processed,
		created, synced, unchanged, deleted, rejected, conflicts, end)
	return finished, err
}

// tallyImport adds what became of a slice's rows to the import's result.
func (x *tx) tallyImport(ctx context.Context, s *slice, items []*OperationItem) error {
	headings := map[string]string{}
	if known := x.store.importings.get(s.op.ID); known != nil {
		headings = known.columns
	}
	if !s.op.Import.tally(items, headings) {
		return nil
	}
	return x.saveImport(ctx, s.op)
}
