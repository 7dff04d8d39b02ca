package db

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"complero/db/profile"
)

// An importing is what a process keeps of an import while it works on it.
type importing struct {
	reader  RowReader
	columns map[string]string // headings by field

	mu      sync.Mutex
	seen    *seenIDs
	through int // the item up to which ids are in seen
}

// importings are the imports that this process works on.
type importings struct {
	mu  sync.Mutex
	all map[string]*importing
}

func (i *importings) get(id string) *importing {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.all[id]
}

func (i *importings) set(id string, to *importing) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.all == nil {
		i.all = map[string]*importing{}
	}
	i.all[id] = to
	if to == nil {
		delete(i.all, id)
	}
}

// importing gets ready for an import's items from a number on. A process that
// takes over from another reads again which ids it has passed.
func (t *Tenant) importing(ctx context.Context, s *slice, first int) (*importing, error) {
	op := s.op
	known := t.store.importings.get(op.ID)
	if known == nil {
		reader, err := t.store.rowReader(op.Import, t.Company, s.rules.CustomFields())
		if err != nil {
			return nil, unreadable{err}
		}
		known = &importing{reader: reader, columns: op.Import.headings(), seen: newSeenIDs(*op.Total)}
		t.store.importings.set(op.ID, known)
	}
	known.mu.Lock()
	defer known.mu.Unlock()
	for known.through < first {
		rows, err := t.importRows(ctx, op, known.through)
		if err != nil {
			return nil, err
		}
		for n, row := range rows {
			in, _ := known.read(row)
			known.note(in, known.through+n)
		}
		known.through += len(rows)
	}
	return known, nil
}

// importRows reads the pack that begins with an item.
func (t *Tenant) importRows(ctx context.Context, op *Operation, first int) ([]ImportRow, error) {
	var packed []byte
	rows, err := t.read(ctx, "SELECT data FROM import_rows WHERE company_id = $1 AND mode = $2 AND operation_id = $3 AND first_item = $4",
		t.Company.Key, t.Mode, op.ID, first)
	if err := scanRows(rows, err, func(r rowScanner) error { return r.Scan(&packed) }); err != nil {
		return nil, fmt.Errorf("read rows: %w", err)
	}
	if packed == nil {
		return nil, unreadable{fmt.Errorf("the rows from item %d are gone", first)}
	}
	list, err := readRows(packed)
	if err != nil {
		return nil, unreadable{err}
	}
	return list, nil
}

// readImport reads and normalises the slice's rows.
func (t *Tenant) readImport(ctx context.Context, s *slice) error {
	if s.first >= *s.op.Total || s.op.Import.Missing != nil {
		return t.findMissing(ctx, s)
	}
	reading, err := t.importing(ctx, s, s.first)
	if err != nil {
		return err
	}
	rows, err := t.importRows(ctx, s.op, s.first)
	if err != nil {
		return err
	}
	defaults := profile.Defaults{Country: t.Company.CountryCode, Now: t.store.now()}
	reading.mu.Lock()
	defer reading.mu.Unlock()
	s.contacts = make([]*contactItem, len(rows))
	for n, row := range rows {
		s.contacts[n] = reading.item(row, s.first+n, s.rules, defaults, deref(s.op.Source))
	}
	reading.through = max(reading.through, s.first+len(rows))
	return nil
}

// read is what a row says.
func (r *importing) read(row ImportRow) (profile.Input, []profile.Problem) {
	if row.Fault != "" {
		return profile.Input{}, []profile.Problem{{Code: string(Invalid), Message: row.Fault}}
	}
	if row.Document == nil {
		return r.reader.Item(row.Cells)
	}
	var in profile.Input
	err := in.UnmarshalJSON(row.Document)
	if err == nil {
		r.reader.Tidy(&in)
		return in, nil
	}
	problem := profile.Problem{Code: string(Invalid), Message: err.Error()}
	var shape *profile.ShapeError
	if errors.As(err, &shape) {
		problem.Path = shape.Path
	}
	// Whom the row is about counts also where the rest of it cannot be read.
	var named struct{ ExternalID string }
	if json.Unmarshal(row.Document, &named) != nil {
		return profile.Input{}, []profile.Problem{problem}
	}
	return profile.Input{ExternalID: profile.Say(named.ExternalID)}, []profile.Problem{problem}
}

// note remembers a row's externalId, and returns the first item that has it.
func (r *importing) note(in profile.Input, item int) int {
	id := profile.CleanExternalID(in.ExternalID.Value)
	if id == "" {
		return item
	}
	return r.seen.add(id, item)
}

// item is a row as an item of the Operation.
func (r *importing) item(row ImportRow, index int, rules *FieldRules, d profile.Defaults, source string) *contactItem {
	i := &contactItem{index: index, row: row.Number, at: []string{"rows", strconv.Itoa(row.Number)}, custom: rules.defined()}
	var problems []profile.Problem
	i.input, problems = r.read(row)
	if row.Fault == "" && len(problems) == 0 {
		i.normalize(d, source)
	} else {
		i.statement.ExternalID = profile.CleanExternalID(i.input.ExternalID.Value)
	}
	i.errors = append(problemErrors(i.at, problems), i.errors...)
	if first := r.note(i.input, index); first != index {
		i.reject(Taken, "externalId", "externalId %q stands in an earlier row of this file too; give each Contact one row", i.statement.ExternalID)
	}
	for _, e := range i.errors {
		if column := r.heading(e.Path); column != "" {
			e.Message = inColumn(column, e)
		}
	}
	return i
}

// inColumn tells an error by the heading of its column, which whoever made the
// file knows, rather than by the field.
func inColumn(heading string, e *Error) string {
	said := e.Message
	if value, found := strings.CutPrefix(said, fieldOf(e.Path)+" "); found && strings.HasPrefix(value, `"`) {
		said = value
	}
	return "column " + strconv.Quote(heading) + ": " + said
}

// heading is that of the column that an error is about; "" if none is.
func (r *importing) heading(path []string) string { return heading(r.columns, path) }

// fieldOf is the field that an error of a row is about: emails[0].address.
func fieldOf(path []string) string {
	var b strings.Builder
	for n, step := range path[min(2, len(path)):] {
		_, err := strconv.Atoi(step)
		switch {
		case err == nil && n > 0:
			b.WriteString("[" + step + "]")
		case n > 0:
			b.WriteString("." + step)
		default:
			b.WriteString(step)
		}
	}
	return b.String()
}

// errDryRun undoes what a dry run has applied.
var errDryRun = errors.New("a dry run is not kept")

// tryItems applies a slice and takes it back.
func (t *Tenant) tryItems(ctx context.Context, s *slice) (outcome []*OperationItem, err error) {
	err = t.write(ctx, workRight, func(x *tx) error {
		if outcome, err = x.applyContacts(ctx, s.op, s.contacts); err != nil {
			return err
		}
		return errDryRun
	})
	if errors.Is(err, errDryRun) {
		err = nil
	}
	return outcome, err
}

// tally adds a slice to what has come of the import, and reports whether that
// changed anything.
func (i *Import) tally(items []*OperationItem, headings map[string]string) (changed bool) {
	for _, item := range items {
		if item.Outcome == ItemRejected && deref(item.ExternalID) == "" {
			i.Unread++
			changed = true
		}
		row := 0
		if item.Row != nil {
			row = *item.Row
		}
		for _, e := range item.Errors {
			changed = i.add(SeverityError, e, heading(headings, e.Path), row, deref(item.ExternalID)) || changed
		}
		for _, e := range item.warnings {
			changed = i.add(SeverityWarning, e, heading(headings, e.Path), row, deref(item.ExternalID)) || changed
		}
	}
	return changed
}
