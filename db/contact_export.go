package db

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"complero/db/profile"
)

// exportPage is how many rows an export holds at a time.
const exportPage = 1000

// ContactExport says which Contacts are handed out.
type ContactExport struct {
	// Source is the one that knows them, and by whose externalIds they go: the
	// caller's own, else the central CRM, if nil.
	Source *string
	// EmployeeExternalID narrows to one Employee's Contacts.
	EmployeeExternalID *string
	// UpdatedSince belongs to the range; ConfirmedBefore does not, and those who
	// never confirmed do.
	UpdatedSince, ConfirmedBefore *time.Time
	// Stopped and Confirmed are those of a ContactFilter.
	Stopped, Confirmed *bool
}

// ExportContacts hands out Contacts in the form in which their Source could
// upload what is on file, in the order of its externalIds. To whoever may not
// see Employees it says nothing of them.
//
// It reads page by page behind the last externalId, so that no transaction
// stays open however long the taker takes: each Contact is as it was when its
// page was read, and none that was there all the time is missed or comes twice.
func (t *Tenant) ExportContacts(ctx context.Context, which ContactExport, each func(*profile.Input) error) error {
	if err := errors.Join(t.check(ContactsRead), t.mayTake()); err != nil {
		return err
	}
	source, err := t.source(ctx, t.store.read.DB, which.Source)
	if err != nil {
		return err
	}
	where, more, err := t.exportWhere(ctx, which)
	if err != nil {
		return err
	}
	for after := ""; ; {
		keys, err := t.keysBehind(ctx, source, after)
		if err != nil || len(keys) == 0 {
			return err
		}
		after = keys[len(keys)-1].externalID
		contacts, err := t.restated(ctx, source, keys, where, more)
		if err != nil {
			return err
		}
		for _, in := range contacts {
			if err := each(in); err != nil {
				return err
			}
		}
	}
}

// exportWhere is the filter as conditions behind three arguments.
func (t *Tenant) exportWhere(ctx context.Context, which ContactExport) (where string, args []any, err error) {
	add := func(condition string, value any) {
		args = append(args, value)
		where += fmt.Sprintf(" AND "+condition, len(args)+3)
	}
	if id := which.EmployeeExternalID; id != nil {
		found, err := t.employeesBy(ctx, "external_id", []string{*id})
		if err != nil {
			return "", nil, err
		}
		if found[*id] == nil {
			add("employee_id = $%d", nobody)
		} else {
			add("employee_id = $%d", found[*id].ID)
		}
	}
	if which.UpdatedSince != nil {
		add("updated_at >= $%d", which.UpdatedSince.UTC())
	}
	if which.ConfirmedBefore != nil {
		add("(confirmed_at IS NULL OR confirmed_at < $%d)", which.ConfirmedBefore.UTC())
	}
	for column, set := range map[string]*bool{"stopped_at": which.Stopped, "confirmed_at": which.Confirmed} {
		if set != nil && *set {
			where += " AND " + column + " IS NOT NULL"
		} else if set != nil {
			where += " AND " + column + " IS NULL"
		}
	}
	return where, args, nil
}

// A contactKey is the id that a Source gave a Contact.
type contactKey struct{ externalID, contactID string }

// keysBehind reads the next of a Source's externalIds.
func (t *Tenant) keysBehind(ctx context.Context, source, after string) ([]contactKey, error) {
	rows, err := t.read(ctx, fmt.Sprintf(`SELECT external_id, contact_id FROM contact_key
		WHERE company_id = $1 AND mode = $2 AND source = $3 AND external_id > $4 ORDER BY external_id LIMIT %d`, exportPage),
		t.Company.Key, t.Mode, source, after)
	var keys []contactKey
	err = scanRows(rows, err, func(r rowScanner) error {
		var k contactKey
		err := r.Scan(&k.externalID, &k.contactID)
		keys = append(keys, k)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read externalIds: %w", err)
	}
	return keys, nil
}

// restated reads those of some Contacts whom a filter lets through, in the
// order of the keys, and says them as the Source would.
func (t *Tenant) restated(ctx context.Context, source string, keys []contactKey, where string, more []any) ([]*profile.Input, error) {
	ids := make([]string, len(keys))
	for i, k := range keys {
		ids[i] = k.contactID
	}
	query := t.store.engine.lookup(contactColumns, "contact", "company_id = $1 AND mode = $2"+where, "id", 3, "")
	rows, err := t.read(ctx, query, append([]any{t.Company.Key, t.Mode, t.store.engine.list(ids)}, more...)...)
	list, err := t.scanContacts(ctx, rows, err)
	if err != nil {
		return nil, err
	}
	found := make(map[string]*Contact, len(list))
	var employees []string
	for _, c := range list {
		found[c.ID] = c
		employees = append(employees, c.EmployeeID)
	}
	heads, err := t.headIDs(ctx, employees)
	if err != nil {
		return nil, err
	}
	var contacts []*profile.Input
	for _, k := range keys {
		if c := found[k.contactID]; c != nil {
			contacts = append(contacts, c.restate(source, k.externalID, heads))
		}
	}
	return contacts, nil
}

// headIDs are Employees' externalIds by their ids, as far as the Viewer may see
// them; nil for one who may see none.
func (t *Tenant) headIDs(ctx context.Context, ids []string) (map[string]string, error) {
	if !t.Viewer.May(EmployeesRead) {
		return nil, nil
	}
	found, err := t.employeesBy(ctx, "id", sortedIDs(ids))
	heads := make(map[string]string, len(found))
	for id, e := range found {
		heads[id] = e.ExternalID
	}
	return heads, err
}

// sortedIDs leaves out what is empty or stands in a list twice.
func sortedIDs(ids []string) []string {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	return slices.DeleteFunc(ids, func(id string) bool { return id == "" })
}

// restate is what is on file as a Source would say it.
func (c *Contact) restate(source, externalID string, heads map[string]string) *profile.Input {
	in := c.Profile.Restate()
	in.ExternalID = profile.Say(externalID)
	if head, seen := heads[c.EmployeeID]; seen || heads != nil && c.EmployeeID == "" {
		in.Employee = profile.Say(head)
	}
	if in.Metadata = c.metadata[source]; in.Metadata == nil {
		in.Metadata = json.RawMessage("null")
	}
	return &in
}
