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
	errors    Errors
}

// contactItems reads and normalises a slice of an upload. What is wrong with
// an item stays with that item.
func (t *Tenant) contactItems(raw []json.RawMessage, first int, source string) []*contactItem {
	defaults := profile.Defaults{Country: t.Company.CountryCode, Now: t.store.now()}
	items := make([]*contactItem, len(raw))
	for n, data := range raw {
		i := &contactItem{index: first + n, at: []string{"contacts", strconv.Itoa(first + n)}}
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

// reject ends an item with an error about one of its fields.
func (i *contactItem) reject(code Code, field, format string, args ...any) {
	i.errors = append(i.errors, i.about(code, field, format, args...))
}

func (i *contactItem) about(code Code, field, format string, args ...any) *Error {
	return &Error{Code: code, Path: append(slices.Clone(i.at), field), Message: fmt.Sprintf(format, args...)}
}

// withoutEmployee takes an item of a file that names an Employee who is not on
// file: the rest of the row is worth having.
func (i *contactItem) withoutEmployee(outcome *OperationItem) {
	name := i.statement.Employee.Value
	i.statement.Employee = profile.Text{}
	outcome.warnings = append(outcome.warnings, i.about(NotFoundCode, "employee",
		"there is no Employee %q, so the Contact's Employee was left as it is; upload the Employees and import again", name))
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

	created, changed []*Contact
	keys             [][]any
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
	for n, i := range items {
		id := i.statement.ExternalID
		if c := u.known[id]; c != nil {
			i.abroad(defaults, c, u.source)
		}
		outcome := &OperationItem{Index: i.index, ExternalID: nullable(id), Outcome: ItemRejected}
		if i.row > 0 {
			outcome.Row = &i.row
		}
		outcomes[n] = outcome
		if made[id] != nil {
			i.reject(Taken, "externalId", "externalId %q stands twice in this upload; the first one was taken", id)
		}
		switch name := i.statement.Employee.Value; {
		case name == "" || u.employees[name] != "":
		case op.Import != nil:
			i.withoutEmployee(outcome)
		default:
			i.reject(NotFoundCode, "employee", "there is no Employee %q; upload the Employee first, or leave the field out", name)
		}
		if outcome.Errors = i.errors; len(i.errors) > 0 {
			continue
		}
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
	var externalIDs, employees []string
	for _, i := range items {
		if len(i.errors) > 0 {
			continue
		}
		externalIDs = append(externalIDs, i.statement.ExternalID)
		if i.statement.Employee.Value != "" {
			employees = append(employees, i.statement.Employee.Value)
		}
	}
	ids, err := x.contactKeys(ctx, u.source, externalIDs)
	if err != nil {
		return nil, err
	}
	var lock []string
	for _, id := range ids {
		lock = append(lock, id)
	}
	locked, err := x.lockContacts(ctx, lock)
	if err != nil {
		return nil, err
	}
	for external, id := range ids {
		u.known[external] = locked[id]
	}
	if u.employees, err = x.employeeIDs(ctx, employees); err != nil {
		return nil, err
	}
	if err := x.employeeNames(ctx, u, locked); err != nil {
		return nil, err
	}
	u.acked, err = x.acknowledgedWords(ctx, u.source, lock)
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
func (x *tx) acknowledgedWords(ctx context.Context, source string, contacts []string) (map[string]time.Time, error) {
	var mark int64
	rows, err := x.query(ctx, "SELECT number FROM source_mark WHERE company_id = $1 AND mode = $2 AND source = $3", x.company, x.mode, source)
	if err := scanRows(rows, err, func(r rowScanner) error { return r.Scan(&mark) }); err != nil {
		return nil, fmt.Errorf("read the Source's mark: %w", err)
	}
	acked := map[string]time.Time{}
	if mark == 0 || len(contacts) == 0 {
		return acked, nil
	}
	query := x.engine.lookup("contact_id, occurred_at", "event",
		"company_id = $1 AND mode = $2 AND number <= $3 AND kind = 'UPDATE'", "contact_id", 4, "")
	rows, err = x.query(ctx, query, x.company, x.mode, mark, x.engine.list(contacts))
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
	i.statement.At = x.now
	merged := profile.Merge(profile.Profile{}, profile.Provenance{}, i.statement, newID)
	c := &Contact{
		ID: newID("contact"), EmployeeID: u.employees[i.statement.Employee.Value], source: u.source,
		keys: map[string]string{u.source: i.statement.ExternalID}, CreatedAt: x.now, UpdatedAt: x.now,
		Profile: merged.Profile, provenance: merged.Provenance,
	}
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
	merged := profile.Merge(c.Profile, c.provenance, i.statement, newID)
	former := c.EmployeeID
	if i.statement.Employee.Said {
		c.EmployeeID = u.employees[i.statement.Employee.Value]
	}
	outcome.Outcome, outcome.ContactID, outcome.conflict = ItemUnchanged, c.ID, len(merged.Kept) > 0
	moved := former != c.EmployeeID
	if moved || len(merged.Changes) > 0 {
		outcome.Outcome = ItemSynced
		c.UpdatedAt = x.now
	}
	if moved || len(merged.Changes) > 0 || merged.ProvenanceChanged {
		c.Profile, c.provenance = merged.Profile, merged.Provenance
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
	return nil
}
