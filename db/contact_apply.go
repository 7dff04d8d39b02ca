package db

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"complero/db/profile"
)

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
	i := new(contactItem)
	for n, item := range items {
		*i = *item // the transaction may run again
		i.errors = slices.Clip(i.errors)
		id := i.statement.ExternalID
		if c := u.known[id]; c != nil && len(i.errors) == 0 {
			i.abroad(defaults, c, u.source)
		}
		outcome := &OperationItem{Index: i.index, ExternalID: nullable(id), Outcome: ItemRejected}
		if i.row > 0 {
			outcome.Row = &item.row
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
