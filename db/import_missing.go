package db

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
)

// What a complete file no longer has is looked for when all of its rows have
// been applied, and deleted only where that was asked for.

// findMissing counts, once, what the Source has on file and the file has not,
// and then finds the next of it to delete.
func (t *Tenant) findMissing(ctx context.Context, s *slice) error {
	in := s.op.Import
	if in.Complete == nil {
		return nil
	}
	s.complete = true
	reading, err := t.importing(ctx, s, s.rows())
	if err != nil {
		return err
	}
	if in.Missing == nil {
		return t.countMissing(ctx, s, reading)
	}
	for s.after = in.Complete.After; len(s.ids) == 0; {
		var missing []string
		err := t.eachKey(ctx, *s.op.Source, s.after, func(id string) bool {
			if !reading.seen.has(id) {
				missing = append(missing, id)
			}
			return len(missing) < sliceItems
		})
		if err != nil || len(missing) == 0 {
			return err
		}
		s.after = missing[len(missing)-1]
		if s.ids, err = t.notToldOf(ctx, s.op, missing); err != nil {
			return err
		}
	}
	return nil
}

// notToldOf leaves out of externalIds those of whom the Source has told since
// the import: while that waited for somebody, the world went on.
func (t *Tenant) notToldOf(ctx context.Context, op *Operation, externalIDs []string) ([]string, error) {
	e := t.store.engine
	keys := map[string]string{} // externalIds by Contact
	var contacts []string
	rows, err := t.read(ctx, e.lookup("external_id, contact_id", "contact_key", "company_id = $1 AND mode = $2 AND source = $3", "external_id", 4, ""),
		t.Company.Key, t.Mode, *op.Source, e.list(externalIDs))
	err = scanRows(rows, err, func(r rowScanner) error {
		var external, contact string
		err := r.Scan(&external, &contact)
		keys[contact], contacts = external, append(contacts, contact)
		return err
	})
	if err == nil && len(contacts) > 0 {
		rows, err = t.read(ctx, e.lookup("contact_id", "event",
			"company_id = $1 AND mode = $2 AND source = $3 AND kind IN ('CREATE', 'SYNC') AND operation_id > $4", "contact_id", 5, ""),
			t.Company.Key, t.Mode, *op.Source, op.ID, e.list(contacts))
		err = scanRows(rows, err, func(r rowScanner) error {
			var contact string
			err := r.Scan(&contact)
			delete(keys, contact)
			return err
		})
	}
	if err != nil {
		return nil, fmt.Errorf("see of whom the Source has told since: %w", err)
	}
	return slices.Sorted(maps.Values(keys)), nil
}

// rows is how many rows the file has, without what is deleted after them.
func (s *slice) rows() int {
	if missing := s.op.Import.Missing; missing != nil && s.op.Import.deletes() {
		return *s.op.Total - *missing
	}
	return *s.op.Total
}

func (i *Import) deletes() bool { return i.Complete != nil && i.Complete.Delete && !i.DryRun }

func (t *Tenant) countMissing(ctx context.Context, s *slice, reading *importing) error {
	s.missing = &shortfall{}
	return t.eachKey(ctx, *s.op.Source, "", func(id string) bool {
		s.missing.onFile++
		if !reading.seen.has(id) {
			s.missing.count++
			if len(s.missing.sample) < mostMissing {
				s.missing.sample = append(s.missing.sample, id)
			}
		}
		return true
	})
}

// A shortfall is what a complete file was found not to have.
type shortfall struct {
	onFile, count int
	sample        []string
}

// eachKey hands out a Source's externalIds behind one of them, in order, until
// each has enough.
func (t *Tenant) eachKey(ctx context.Context, source, after string, each func(id string) bool) error {
	const page = 5000
	for more := true; more; {
		n := 0
		rows, err := t.read(ctx, `SELECT external_id FROM contact_key WHERE company_id = $1 AND mode = $2 AND source = $3 AND external_id > $4
			ORDER BY external_id LIMIT $5`, t.Company.Key, t.Mode, source, after, page)
		more = true
		err = scanRows(rows, err, func(r rowScanner) error {
			n++
			if err := r.Scan(&after); err != nil || !more {
				return err
			}
			more = each(after)
			return nil
		})
		if err != nil {
			return fmt.Errorf("read externalIds: %w", err)
		}
		more = more && n == page
	}
	return nil
}

// workMissing notes what is missing, or deletes the next of it, and reports
// whether nothing is left to do.
func (x *tx) workMissing(ctx context.Context, s *slice) (finished bool, err error) {
	in := s.op.Import
	if s.missing != nil {
		if in.Missing != nil {
			return false, nil // another process has noted it meanwhile
		}
		return x.noteMissing(ctx, s)
	}
	if len(s.ids) == 0 {
		return true, x.endOperation(ctx, s.op)
	}
	items, err := x.deleteContacts(ctx, s.op, s.ids, s.first)
	if err != nil {
		return false, err
	}
	in.Complete.After = s.after
	if err := x.saveImport(ctx, s.op); err != nil {
		return false, err
	}
	return x.moveOperation(ctx, s, items)
}

// noteMissing decides what becomes of what is missing. Where rows could not be
// read, one of them may be what seems to be missing: then a person decides, as
// when there is more of it than the agreed share.
func (x *tx) noteMissing(ctx context.Context, s *slice) (finished bool, err error) {
	in, m := s.op.Import, s.missing
	in.Missing, in.MissingSample = &m.count, m.sample
	if err := x.saveImport(ctx, s.op); err != nil {
		return false, err
	}
	if !in.deletes() || m.count == 0 {
		return true, x.endOperation(ctx, s.op)
	}
	share := float64(m.count) / float64(max(1, m.onFile))
	var ask *Error
	switch {
	case share > in.Complete.MaxShare:
		ask = &Error{Code: ConflictCode, Path: []string{"complete", "maxShare"}, Message: fmt.Sprintf(
			"the file lacks %d of the Source's %d Contacts, %s %%, which is more than %s %%; confirm that they are to be deleted, or cancel",
			m.count, m.onFile, percent(share), percent(in.Complete.MaxShare))}
	case in.Unread > 0:
		ask = &Error{Code: ConflictCode, Path: []string{"file"}, Message: fmt.Sprintf(
			"the file lacks %d of the Source's %d Contacts, but %d of its rows could not be read; confirm that they are to be deleted, or cancel",
			m.count, m.onFile, in.Unread)}
	}
	status, errs := OperationRunning, Errors{}
	if ask != nil {
		status, errs = OperationWaiting, Errors{ask}
	}
	_, err = x.exec(ctx, "UPDATE operation SET status = $4, errors = $5, total = total + $6 WHERE company_id = $1 AND mode = $2 AND id = $3",
		x.company, x.mode, s.op.ID, string(status), jsonOf(errs), m.count)
	return ask != nil, err
}

func percent(share float64) string { return fmt.Sprint(math.Round(share*1000) / 10) }

// endOperation ends an Operation that has come to its end.
func (x *tx) endOperation(ctx context.Context, op *Operation) error {
	_, err := x.exec(ctx, "UPDATE operation SET status = 'COMPLETED', errors = '[]', total = processed, finished_at = $4 WHERE company_id = $1 AND mode = $2 AND id = $3",
		x.company, x.mode, op.ID, x.now)
	return err
}
