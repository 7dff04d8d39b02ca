package db

import (
	"context"
	"fmt"
	"math"
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
	return t.eachKey(ctx, s.op, in.Complete.After, func(id string) bool {
		if !reading.seen.has(id) {
			s.ids = append(s.ids, id)
		}
		return len(s.ids) < sliceItems
	})
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
	return t.eachKey(ctx, s.op, "", func(id string) bool {
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

// eachKey hands out the externalIds of an import's Source behind one of them, in
// order, until each has enough. Contacts of whom the Source has told since are
// left out: while the import waited for somebody, the world went on.
func (t *Tenant) eachKey(ctx context.Context, op *Operation, after string, each func(id string) bool) error {
	const page = 5000
	for more := true; more; {
		n := 0
		rows, err := t.read(ctx, `SELECT k.external_id FROM contact_key AS k WHERE k.company_id = $1 AND k.mode = $2 AND k.source = $3 AND k.external_id > $4
			AND NOT EXISTS (SELECT 1 FROM event AS e WHERE e.company_id = $1 AND e.mode = $2 AND e.contact_id = k.contact_id
				AND e.source = $3 AND e.kind IN ('CREATE', 'SYNC') AND e.operation_id > $6)
			ORDER BY k.external_id LIMIT $5`, t.Company.Key, t.Mode, *op.Source, after, page, op.ID)
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
	in.Complete.After = s.ids[len(s.ids)-1]
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
