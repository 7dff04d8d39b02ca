package db

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"complero/db/profile"
)

// contactItem is one item of an upload, read and normalised.
type contactItem struct {
	index int
	row   int // in a file; 0 elsewhere
	// at is the path of the item: contacts, 17.
	at        []string
	input     profile.Input
	statement profile.Statement
	custom    profile.Definitions
	errors    Errors
	// warnings tell what was left out of an item that was taken.
	warnings Errors
}

// contactItems reads and normalises a slice of an upload. What is wrong with
// an item stays with that item.
func (t *Tenant) contactItems(raw []json.RawMessage, first int, source string, rules *FieldRules) []*contactItem {
	defaults := profile.Defaults{Country: t.Company.CountryCode, Now: t.store.now()}
	items := make([]*contactItem, len(raw))
	for n, data := range raw {
		i := &contactItem{index: first + n, at: []string{"contacts", strconv.Itoa(first + n)}, custom: rules.defined()}
		items[n] = i
		if err := i.input.UnmarshalJSON(data); err != nil {
			at := i.at
			var shape *profile.ShapeError
			if errors.As(err, &shape) {
				at = append(at, shape.Path...)
			}
			i.errors = Errors{{Code: Invalid, Path: at, Message: err.Error()}}
			var named struct{ ExternalID string }
			if json.Unmarshal(data, &named) == nil && len(named.ExternalID) <= 200 && !strings.ContainsRune(named.ExternalID, 0) {
				i.statement.ExternalID = strings.TrimSpace(named.ExternalID)
			}
			continue
		}
		i.normalize(defaults, source)
	}
	return items
}

func (i *contactItem) normalize(d profile.Defaults, source string) {
	var problems []profile.Problem
	d.Custom = i.custom
	i.statement, problems = i.input.Normalize(d)
	i.statement.By = profile.Source(source)
	i.errors = problemErrors(i.at, problems)
}

// abroad normalises an item once more for a known Contact who lives in another
// country than the Company: numbers that come without an address are those of
// the country on file.
func (i *contactItem) abroad(d profile.Defaults, c *Contact, source string) {
	says := i.statement.Says()
	if len(c.Profile.Addresses) == 0 || !says.Has(profile.FieldPhones) || says.Has(profile.FieldAddresses) {
		return
	}
	if d.ContactCountry = c.Profile.Addresses[0].CountryCode; d.ContactCountry != d.Country {
		i.normalize(d, source)
	}
}

// reject ends an item with an error about one of its fields. A transaction
// that is run again says it again, which changes nothing.
func (i *contactItem) reject(code Code, field, format string, args ...any) {
	e := i.about(code, field, format, args...)
	if !slices.ContainsFunc(i.errors, func(said *Error) bool { return said.Code == e.Code && slices.Equal(said.Path, e.Path) }) {
		i.errors = append(i.errors, e)
	}
}

func (i *contactItem) about(code Code, field, format string, args ...any) *Error {
	return &Error{Code: code, Path: append(slices.Clone(i.at), field), Message: fmt.Sprintf(format, args...)}
}

// withoutEmployee takes an item of a file that names an Employee who is not on
// file: the rest of the row is worth having.
func (i *contactItem) withoutEmployee() {
	name := i.statement.Employee.Value
	i.statement.Employee = profile.Text{}
	i.warnings = Errors{i.about(NotFoundCode, "employee",
		"there is no Employee %q, so the Contact's Employee was left as it is; upload the Employees and import again", name)}
}

// upload is what a slice of Contacts is applied with.
type upload struct {
	op     *Operation
	source string
	// known are the locked Contacts by externalId.
	known map[string]*Contact
	// employees by externalId, and the externalIds of those by id.
	employees map[string]string
	names     map[string]string
	// acked are, by Contact, until when its words are acknowledged by this Source.
	acked map[string]time.Time
	// ranks are those of the Company's Sources, by whose word theirs is.
	ranks map[profile.Speaker]int
	// heads are, by Employee, the Source whose Employee it is.
	heads map[string]string

	created, changed []*Contact
	// viewed are those of which the Source says something else than what is on file.
	viewed []*Contact
	keys   [][]any
}

// applyContacts creates or syncs the Contacts of a slice. Every item has its
// event, changed or not.
func (x *tx) applyContacts(ctx context.Context, op *Operation, items []*contactItem) ([]*OperationItem, error) {
	u, err := x.prepareUpload(ctx, op, items)
	if err != nil {
		return nil, err
	}
	outcomes := make([]*OperationItem, len(items))
	made := map[string]*Contact{}
	defaults := profile.Defaults{Country: x.tenant.Company.CountryCode, Now: x.now}
	for n, item := range items {
		i := ptr(*item) // the transaction may run again
		i.errors = slices.Clip(i.errors)
		id := i.statement.ExternalID
		if c := u.known[id]; c != nil && len(i.errors) == 0 {
			i.abroad(defaults, c, u.source)
		}
		outcome := &OperationItem{Index: i.index, ExternalID: nullable(id), Outcome: ItemRejected}
		if i.row > 0 {
			outcome.Row = &i.row
		}
		outcomes[n] = outcome
		if made[id] != nil && (op.Import == nil || len(i.errors) == 0) { // most of a file's have been found before
			i.reject(Taken, "externalId", "externalId %q stands twice in this upload; the first one was taken", id)
		}
		switch name := i.statement.Employee.Value; {
		case name == "" || u.employees[name] != "":
		case op.Import != nil:
			if len(i.errors) == 0 {
				i.withoutEmployee()
			}
		default:
			i.reject(NotFoundCode, "employee", "there is no Employee %q; upload the Employee first, or leave the field out", name)
		}
		if outcome.Errors = i.errors; len(i.errors) > 0 {
			continue
		}
		outcome.warnings = i.warnings
		if c := u.known[id]; c != nil {
			made[id] = c
			x.syncContact(u, c, i, outcome)
		} else {
			made[id] = x.createContact(u, i, outcome)
		}
	}
	return outcomes, x.writeUpload(ctx, u)
}

func (x *tx) prepareUpload(ctx context.Context, op *Operation, items []*contactItem) (*upload, error) {
	u := &upload{op: op, source: deref(op.Source), known: map[string]*Contact{}, names: map[string]string{}}
	if err := x.addRanks(ctx, u); err != nil {
		return nil, err
	}
	var externalIDs, employees []string
	for _, i := range items {
		if i.statement.Employee.Value != "" {
			employees = append(employees, i.statement.Employee.Value)
		}
		if len(i.errors) == 0 {
			externalIDs = append(externalIDs, i.statement.ExternalID)
		}
	}
	var err error
	if u.known, err = x.lockKnown(ctx, u.source, externalIDs); err != nil {
		return nil, err
	}
	locked := make(map[string]*Contact, len(u.known))
	ids := make([]string, 0, len(u.known))
	for _, c := range u.known {
		locked[c.ID], ids = c, append(ids, c.ID)
	}
	if u.employees, err = x.employeeIDs(ctx, employees); err != nil {
		return nil, err
	}
	if err := x.onlyOwn(ctx, op, u.employees); err != nil {
		return nil, err
	}
	if err := x.employeeNames(ctx, u, locked); err != nil {
		return nil, err
	}
	if err := x.addHeads(ctx, u, locked); err != nil {
		return nil, err
	}
	u.acked, err = x.tenant.acknowledgedWords(ctx, x.query, u.source, ids)
	return u, err
}

// employeeIDs finds Employees by externalId.
func (x *tx) employeeIDs(ctx context.Context, externalIDs []string) (map[string]string, error) {
	return x.textPairs(ctx, "external_id", "id", externalIDs)
}

// employeeNames notes the externalIds of the Employees who have these Contacts now.
func (x *tx) employeeNames(ctx context.Context, u *upload, contacts map[string]*Contact) error {
	have := map[string]bool{}
	var ids []string
	for _, c := range contacts {
		if c.EmployeeID != "" && !have[c.EmployeeID] {
			have[c.EmployeeID] = true
			ids = append(ids, c.EmployeeID)
		}
	}
	names, err := x.textPairs(ctx, "id", "external_id", ids)
	if err != nil {
		return err
	}
	u.names = names
	for external, id := range u.employees {
		u.names[id] = external
	}
	return nil
}

// textPairs maps one column of Employees to another.
func (x *tx) textPairs(ctx context.Context, from, to string, values []string) (map[string]string, error) {
	pairs := map[string]string{}
	if len(values) == 0 {
		return pairs, nil
	}
	query := x.engine.lookup(from+", "+to, "employee", "company_id = $1 AND mode = $2", from, 3, "")
	rows, err := x.query(ctx, query, x.company, x.mode, x.engine.list(values))
	err = scanRows(rows, err, func(r rowScanner) error {
		var key, value string
		err := r.Scan(&key, &value)
		pairs[key] = value
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look up Employees: %w", err)
	}
	return pairs, nil
}

// acknowledgedWords tells, by Contact, the time of the last of its answers
// that the Source has acknowledged: what the Contact said up to then, the
// Source holds, and may overwrite again.
//
// A MERGE tells of all that the Contact had said before; so does its undoing.
func (t *Tenant) acknowledgedWords(ctx context.Context, read reading, source string, contacts []string) (map[string]time.Time, error) {
	var mark int64
	rows, err := read(ctx, "SELECT number FROM source_mark WHERE company_id = $1 AND mode = $2 AND source = $3", t.Company.Key, t.Mode, source)
	if err := scanRows(rows, err, func(r rowScanner) error { return r.Scan(&mark) }); err != nil {
		return nil, fmt.Errorf("read the Source's mark: %w", err)
	}
	acked := map[string]time.Time{}
	if mark == 0 || len(contacts) == 0 {
		return acked, nil
	}
	query := t.store.engine.lookup("contact_id, occurred_at", "event",
		"company_id = $1 AND mode = $2 AND number <= $3 AND kind IN ('UPDATE', 'MERGE', 'UNMERGE')", "contact_id", 4, "")
	rows, err = read(ctx, query, t.Company.Key, t.Mode, mark, t.store.engine.list(contacts))
	err = scanRows(rows, err, func(r rowScanner) error {
		var id string
		var at time.Time
		err := r.Scan(&id, &at)
		if at.After(acked[id]) {
			acked[id] = at
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read acknowledged answers: %w", err)
	}
	return acked, nil
}

func (x *tx) createContact(u *upload, i *contactItem, outcome *OperationItem) *Contact {
	i.statement.At, i.statement.Rank = x.now, u.ranks[i.statement.By]
	merged := profile.Merge(profile.Profile{}, profile.Provenance{}, i.statement, newID)
	c := &Contact{
		ID: newID("contact"), EmployeeID: u.employees[i.statement.Employee.Value], source: u.source,
		keys: map[string]string{u.source: i.statement.ExternalID}, CreatedAt: x.now, UpdatedAt: x.now,
		Profile: merged.Profile, provenance: merged.Provenance,
	}
	c.metadata, _ = c.metadata.said(u.source, i.statement.Metadata)
	u.created = append(u.created, c)
	u.keys = append(u.keys, []any{u.source, i.statement.ExternalID, c.ID})
	x.countContacts(c.EmployeeID, 1)
	e := u.event(c, CreateEvent)
	e.changes = merged.Changes
	if c.EmployeeID != "" {
		e.changes = append(e.changes, u.employeeChange("", c.EmployeeID))
	}
	x.record(e)
	outcome.Outcome, outcome.ContactID = ItemCreated, c.ID
	return c
}

func (x *tx) syncContact(u *upload, c *Contact, i *contactItem, outcome *OperationItem) {
	i.statement.At, i.statement.AckedThrough = x.now, u.acked[c.ID]
	i.statement.Rank, i.statement.Ranks = u.ranks[i.statement.By], u.ranks
	if c.sayToView(u.source, i.statement) {
		u.viewed = append(u.viewed, c)
	}
	merged := profile.Merge(c.Profile, c.provenance, i.statement, newID)
	former := c.EmployeeID
	if i.statement.Employee.Said && u.mayAssign(c) {
		c.EmployeeID = u.employees[i.statement.Employee.Value]
	}
	outcome.Outcome, outcome.ContactID, outcome.conflict = ItemUnchanged, c.ID, len(merged.Kept) > 0
	moved := former != c.EmployeeID
	said, mapped := c.metadata.said(u.source, i.statement.Metadata)
	if moved || mapped || len(merged.Changes) > 0 {
		outcome.Outcome = ItemSynced
		c.touch(x.now)
	}
	if moved || mapped || len(merged.Changes) > 0 || merged.ProvenanceChanged {
		c.Profile, c.provenance, c.metadata = merged.Profile, merged.Provenance, said
		u.changed = append(u.changed, c)
	}
	e := u.event(c, SyncEvent)
	e.changes = merged.Changes
	x.record(e)
	if moved {
		x.moveContact(former, c.EmployeeID)
		e := u.event(c, ReassignEvent)
		e.changes = []profile.Change{u.employeeChange(former, c.EmployeeID)}
		x.record(e)
	}
	if len(merged.Kept) > 0 {
		e := u.event(c, ConflictEvent)
		e.changes = merged.Kept
		x.record(e)
	}
}

func (u *upload) event(c *Contact, kind EventKind) *Event {
	e := c.event(kind)
	e.OperationID, e.Source = u.op.ID, &u.source
	if id := c.keys[u.source]; id != "" {
		e.ContactExternalID = &id
	}
	return e
}

// employeeChange tells of a reassignment in the Employees' externalIds.
func (u *upload) employeeChange(from, to string) profile.Change {
	change := profile.Change{Field: "employee"}
	if name := u.names[from]; name != "" {
		change.Before = json.RawMessage(jsonOf(name))
	}
	if name := u.names[to]; name != "" {
		change.After = json.RawMessage(jsonOf(name))
	}
	return change
}

func (x *tx) writeUpload(ctx context.Context, u *upload) error {
	if err := x.markSuppressed(ctx, u.created); err != nil {
		return err
	}
	for _, part := range []struct {
		statement bulk
		contacts  []*Contact
	}{{insertContacts, u.created}, {updateContacts, u.changed}} {
		rows := make([][]any, len(part.contacts))
		for n, c := range part.contacts {
			rows[n] = c.row()
		}
		if err := x.writeAll(ctx, part.statement, rows); err != nil {
			return fmt.Errorf("write Contacts: %w", err)
		}
	}
	if err := x.writeAll(ctx, insertKeys, u.keys); err != nil {
		return fmt.Errorf("write externalIds: %w", err)
	}
	if len(u.ranks) > 1 {
		x.enqueue(MatchContacts{x.tenant.ref()}, time.Time{})
	}
	return x.saveViews(ctx, u.viewed...)
}
