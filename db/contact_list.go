package db

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"complero/db/profile"
)

// ContactRef names a Contact by id, or by the externalId in a Source.
type ContactRef struct {
	ID, ExternalID, Source *string
}

// Contact returns one Contact; nil if there is none. That a masked Viewer looked
// somebody up is in the audit log.
func (t *Tenant) Contact(ctx context.Context, ref ContactRef) (*Contact, error) {
	if err := t.check(ContactsRead); err != nil {
		return nil, err
	}
	const where = " WHERE company_id = $1 AND mode = $2 AND id = "
	args := []any{t.Company.Key, t.Mode}
	query := "SELECT " + contactColumns + " FROM contact" + where
	switch {
	case ref.ID != nil && ref.ExternalID != nil:
		return nil, fail(Invalid, "externalId", "name the Contact by id or by externalId, not both")
	case ref.ID != nil:
		query, args = query+"$3", append(args, *ref.ID)
	case ref.ExternalID != nil:
		source, unknown := t.source(ctx, t.store.read.DB, ref.Source)
		if CodeOf(unknown) == NotFoundCode {
			return nil, nil
		}
		if unknown != nil {
			return nil, unknown
		}
		query += `(SELECT contact_id FROM contact_key
			WHERE company_id = $1 AND mode = $2 AND source = $3 AND external_id = $4)`
		args = append(args, source, *ref.ExternalID)
	default:
		return nil, fail(Required, "externalId", "name the Contact by id or externalId")
	}
	contacts, err := t.readContacts(ctx, query, args)
	if err != nil || len(contacts) == 0 && ref.ID == nil {
		return nil, err
	}
	if len(contacts) == 0 { // it may have been merged into another
		found := map[string]*Contact{}
		if err := t.addMerged(ctx, []string{*ref.ID}, found); err != nil || found[*ref.ID] == nil {
			return nil, err
		}
		contacts = append(contacts, found[*ref.ID])
	}
	return contacts[0], t.lookedUp(ctx, contacts[0])
}

// ContactsByID reads Contacts by id, for those who have many to show at once.
// The id of one that was merged into another finds the other.
func (t *Tenant) ContactsByID(ctx context.Context, ids []string) (map[string]*Contact, error) {
	if err := t.check(ContactsRead); err != nil {
		return nil, err
	}
	found, err := t.contactsByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	return found, t.addMerged(ctx, ids, found)
}

// addMerged adds to Contacts by id those into whom missing ones were merged.
func (t *Tenant) addMerged(ctx context.Context, ids []string, found map[string]*Contact) error {
	kept := map[string]string{} // by the id that was asked for, where it went
	var missing []string
	for _, id := range ids {
		if found[id] == nil && kept[id] == "" {
			kept[id], missing = id, append(missing, id)
		}
	}
	const chain = 20 // merges into merged Contacts
	for range chain {
		if len(missing) == 0 {
			return nil
		}
		in, args := t.store.engine.oneOf("merged_id", 3, missing)
		list, err := t.merges(ctx, t.read, in+" AND undone_at IS NULL", args...)
		if err != nil || len(list) == 0 {
			return err
		}
		missing = nil
		next := map[string]string{}
		for _, m := range list {
			next[m.MergedID] = m.KeptID
			missing = append(missing, m.KeptID)
		}
		there, err := t.contactsByID(ctx, missing)
		if err != nil {
			return err
		}
		for id, at := range kept {
			if to := next[at]; to != "" {
				kept[id] = to
				if c := there[to]; c != nil {
					found[id] = c
				}
			}
		}
		missing = slices.DeleteFunc(missing, func(id string) bool { return there[id] != nil })
	}
	return nil
}

func (t *Tenant) contactsByID(ctx context.Context, ids []string) (map[string]*Contact, error) {
	found := make(map[string]*Contact, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	query := t.store.engine.lookup(contactColumns, "contact", "company_id = $1 AND mode = $2", "id", 3, "")
	contacts, err := t.readContacts(ctx, query, []any{t.Company.Key, t.Mode, t.store.engine.list(ids)})
	for _, c := range contacts {
		found[c.ID] = c
	}
	return found, err
}

// readContacts reads contactColumns by a statement whose text is always the
// same, leaving out the Contacts that the Viewer may not see.
func (t *Tenant) readContacts(ctx context.Context, query string, args []any) ([]*Contact, error) {
	var seen seenContacts
	err := t.store.scanHot(ctx, query, args, seen.scan(t))
	return seen.named(ctx, t, err)
}

// scanContacts reads Contacts, leaving out those that the Viewer may not see.
func (t *Tenant) scanContacts(ctx context.Context, rows *sql.Rows, err error) ([]*Contact, error) {
	var seen seenContacts
	err = scanRows(rows, err, seen.scan(t))
	return seen.named(ctx, t, err)
}

// seenContacts are those that a Viewer may see of what was read.
type seenContacts []*Contact

func (s *seenContacts) scan(t *Tenant) func(rowScanner) error {
	return func(r rowScanner) error {
		c, err := t.scanContact(r)
		if err == nil && t.knows(c) {
			*s = append(*s, t.shown(c))
		}
		return err
	}
}

func (s seenContacts) named(ctx context.Context, t *Tenant, err error) ([]*Contact, error) {
	if err == nil {
		err = t.nameByRank(ctx, t.store.read.DB, slices.Values(s))
	}
	if err != nil {
		return nil, fmt.Errorf("read Contacts: %w", err)
	}
	return s, nil
}

// ContactFilter narrows a list of Contacts.
type ContactFilter struct {
	EmployeeExternalID *string
	// Search is parts of the name, an e-mail address, a number or an id; all of them must occur.
	Search          *string
	UpdatedSince    *time.Time
	ConfirmedBefore *time.Time
	// Source narrows to those whom it knows.
	Source *string
	// Stopped and Confirmed narrow to those who are not to be asked, or may be,
	// and to those who ever confirmed, or never did.
	Stopped, Confirmed *bool
	// IDs narrows to some Contacts, at most 1000.
	IDs []string
	// EmployeeID narrows to one Employee's Contacts.
	EmployeeID string
}

// all reports whether the filter lets every Contact through, or every one of an Employee's.
func (f *ContactFilter) all() bool {
	return f.EmployeeExternalID == nil && f.Search == nil && f.UpdatedSince == nil && f.ConfirmedBefore == nil &&
		f.Source == nil && f.Stopped == nil && f.Confirmed == nil && f.IDs == nil
}

// ContactOrder orders a list of Contacts.
type ContactOrder string

// The orders of Contacts.
const (
	CreatedAtAsc  ContactOrder = "CREATED_AT_ASC"
	CreatedAtDesc ContactOrder = "CREATED_AT_DESC"
	UpdatedAtAsc  ContactOrder = "UPDATED_AT_ASC"
	UpdatedAtDesc ContactOrder = "UPDATED_AT_DESC"
	FamilyNameAsc ContactOrder = "FAMILY_NAME_ASC"
)

// columns of an order. Ids sort by the time of creation.
func (o ContactOrder) order() order {
	updated := map[string]bool{"updated_at": true}
	switch o {
	case CreatedAtAsc:
		return order{columns: []string{"id"}}
	case UpdatedAtAsc:
		return order{columns: []string{"updated_at", "id"}, times: updated}
	case UpdatedAtDesc:
		return order{columns: []string{"updated_at", "id"}, times: updated, desc: true}
	case FamilyNameAsc:
		return order{columns: []string{"sort_name", "id"}}
	default:
		return order{columns: []string{"id"}, desc: true}
	}
}

// contactRows is the model of list queries over contact.
type contactRows struct {
	bun.BaseModel `bun:"table:contact,alias:contact"`
}

// Contacts lists Contacts, newest first unless ordered.
func (t *Tenant) Contacts(ctx context.Context, page Page, filter ContactFilter, by ContactOrder) (*Connection[*Contact], error) {
	if err := t.check(ContactsRead); err != nil {
		return nil, err
	}
	o := by.order()
	w, err := page.window("contacts."+o.columns[0], len(o.columns))
	if err != nil {
		return nil, err
	}
	if len(filter.IDs) > maxItems {
		return nil, fail(TooManyItems, "ids", "ids has %d items; ask for at most %d in one call", len(filter.IDs), maxItems)
	}
	narrow, err := t.contactsWhere(ctx, filter)
	if err != nil {
		return nil, err
	}
	if filter.Search != nil {
		if narrow, err = t.indexed(ctx, *filter.Search, narrow); err != nil {
			return nil, err
		}
	}
	q, err := o.apply(narrow(t.rows((*contactRows)(nil)).ColumnExpr(contactColumns)), w)
	if err != nil {
		return nil, err
	}
	rows, err := q.Rows(ctx)
	contacts, err := t.scanContacts(ctx, rows, err)
	if err != nil {
		return nil, err
	}
	c := connect(contacts, w, func(c *Contact) []string { return c.orderKey(o) })
	if t.bound().none() && filter.all() {
		c.count = func(ctx context.Context) (*int, error) { return t.countContacts(ctx, filter.EmployeeID) }
	} else {
		c.count = func(ctx context.Context) (*int, error) {
			return countUpTo(ctx, t.store, narrow(t.rows((*contactRows)(nil)).ColumnExpr("1")))
		}
	}
	return c, nil
}

func (c *Contact) orderKey(o order) []string {
	switch o.columns[0] {
	case "updated_at":
		return []string{timeKey(c.UpdatedAt), c.ID}
	case "sort_name":
		return []string{c.sortName(), c.ID}
	default:
		return []string{c.ID}
	}
}

func (t *Tenant) contactsWhere(ctx context.Context, f ContactFilter) (func(*bun.SelectQuery) *bun.SelectQuery, error) {
	employee := f.EmployeeID
	if f.EmployeeExternalID != nil {
		found, err := t.employeesBy(ctx, "external_id", []string{*f.EmployeeExternalID})
		if err != nil {
			return nil, err
		}
		employee = "none"
		if e := found[*f.EmployeeExternalID]; e != nil {
			employee = e.ID
		}
	}
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		q = t.onlyMine(q, "id")
		if employee != "" {
			q = q.Where("employee_id = ?", employee)
		}
		if f.Search != nil {
			q = searched(q, "search", *f.Search)
		}
		if f.UpdatedSince != nil {
			q = q.Where("updated_at >= ?", f.UpdatedSince.UTC())
		}
		if f.ConfirmedBefore != nil {
			q = q.Where("(confirmed_at IS NULL OR confirmed_at < ?)", f.ConfirmedBefore.UTC())
		}
		if f.Source != nil {
			q = q.Where("id IN (SELECT contact_id FROM contact_key WHERE company_id = ? AND mode = ? AND source = ?)", t.Company.Key, t.Mode, *f.Source)
		}
		if f.IDs != nil {
			q = q.Where("id IN ?", bun.Tuple(storable(append(slices.Clone(f.IDs), nobody))))
		}
		q = whetherSet(q, "stopped_at", f.Stopped)
		return whetherSet(q, "confirmed_at", f.Confirmed)
	}, nil
}

// whetherSet narrows a query to rows that have a moment, or have it not; nil to neither.
func whetherSet(q *bun.SelectQuery, column string, set *bool) *bun.SelectQuery {
	switch {
	case set == nil:
		return q
	case *set:
		return q.Where("? IS NOT NULL", bun.Ident(column))
	}
	return q.Where("? IS NULL", bun.Ident(column))
}

// likePattern finds a folded part of a text.
func likePattern(part string) string {
	return "%" + escapeLike(profile.FoldName(part)) + "%"
}

// escapeLike makes a text stand for itself in LIKE … ESCAPE '\'.
func escapeLike(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}

// countContacts reads how many there are, of an Employee or in all, from the
// counters kept with the events.
func (t *Tenant) countContacts(ctx context.Context, employeeID string) (*int, error) {
	n := 0
	rows, err := t.read(ctx, "SELECT contacts FROM report_total WHERE company_id = $1 AND mode = $2 AND employee_id = $3",
		t.Company.Key, t.Mode, employeeID)
	err = scanRows(rows, err, func(r rowScanner) error { return r.Scan(&n) })
	return &n, err
}

// countLimit is how many rows are counted at most; beyond, a count is nil.
const countLimit = 10_000

func countUpTo(ctx context.Context, s *Store, q *bun.SelectQuery) (*int, error) {
	var n int
	err := s.read.NewSelect().TableExpr("(?) AS counted", q.Limit(countLimit+1)).ColumnExpr("count(*)").Scan(ctx, &n)
	if err != nil || n > countLimit {
		return nil, err
	}
	return &n, nil
}
