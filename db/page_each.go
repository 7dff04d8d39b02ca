package db

import (
	"context"
	"fmt"
	"strconv"
	"sync"
)

// An ownedList is the list that each of several owners has, such as the
// events of each Contact, ordered by one column.
type ownedList struct {
	table   string
	columns string // of the table as r
	owner   string // the column that names the owner
	key     string
	desc    bool
	numbers bool // keys are numbers
}

// query reads a window of each owner's list in one statement; where has the
// conditions on a row r, and its arguments are followed by the owners. Rows
// come in the order in which a window reads, all owners mixed.
func (l ownedList) query(e engine, w window, where string, args []any, owners []string) (string, []any, error) {
	direction := "ASC"
	if l.desc != w.backward {
		direction = "DESC"
	}
	for _, bound := range []struct {
		field string
		key   []string
		less  bool
	}{{"after", w.after, l.desc}, {"before", w.before, !l.desc}} {
		if bound.key == nil {
			continue
		}
		sign := ">"
		if bound.less {
			sign = "<"
		}
		var value any = bound.key[0]
		if l.numbers {
			n, err := strconv.ParseInt(bound.key[0], 10, 64)
			if err != nil {
				return "", nil, badCursor(bound.field)
			}
			value = n
		}
		args = append(args, value)
		where += fmt.Sprintf(" AND r.%s %s $%d", l.key, sign, len(args))
	}
	in, more := e.oneOf("r."+l.owner, len(args)+1, owners)
	if e == onPostgres {
		// Each owner's list is a short range of an index.
		const query = `SELECT r.* FROM unnest($%d::text[]) AS o(owner_key) CROSS JOIN LATERAL
			(SELECT %s FROM %s AS r WHERE %s AND r.%s = o.owner_key ORDER BY r.%s %s LIMIT %d) AS r ORDER BY r.%s %s`
		return fmt.Sprintf(query, len(args)+1, l.columns, l.table, where, l.owner, l.key, direction, w.limit+1, l.key, direction), append(args, more...), nil
	}
	const query = `SELECT %s FROM (SELECT r.*, row_number() OVER (PARTITION BY r.%s ORDER BY r.%s %s) AS place FROM %s AS r
		WHERE %s AND %s) AS r WHERE r.place <= %d ORDER BY r.%s %s`
	return fmt.Sprintf(query, l.columns, l.owner, l.key, direction, l.table, where, in, w.limit+1, l.key, direction), append(args, more...), nil
}

// counts counts each owner's whole list, all in one statement and only once
// somebody asks.
func (l ownedList) counts(t *Tenant, where string, args []any, owners []string) func(ctx context.Context) (map[string]int, error) {
	var once sync.Mutex
	var counted map[string]int
	return func(ctx context.Context) (map[string]int, error) {
		once.Lock()
		defer once.Unlock()
		if counted != nil {
			return counted, nil
		}
		in, more := t.store.engine.oneOf("r."+l.owner, len(args)+1, owners)
		rows, err := t.read(ctx, fmt.Sprintf("SELECT r.%s, count(*) FROM %s AS r WHERE %s AND %s GROUP BY r.%s", l.owner, l.table, where, in, l.owner),
			append(args[:len(args):len(args)], more...)...)
		found := map[string]int{}
		err = scanRows(rows, err, func(r rowScanner) error {
			var owner string
			var n int
			err := r.Scan(&owner, &n)
			found[owner] = n
			return err
		})
		if err == nil {
			counted = found
		}
		return counted, err
	}
}

// pageEach makes a page for each owner of the rows that an ownedList's query returned.
func pageEach[T any](rows map[string][]T, owners []string, w window, key func(T) []string, counts func(context.Context) (map[string]int, error)) map[string]*Connection[T] {
	pages := make(map[string]*Connection[T], len(owners))
	for _, owner := range owners {
		c := connect(rows[owner], w, key)
		c.count = func(ctx context.Context) (*int, error) {
			n, err := counts(ctx)
			if err != nil {
				return nil, err
			}
			return ptr(n[owner]), nil
		}
		pages[owner] = c
	}
	return pages
}

var (
	eventsOfContacts = ownedList{table: "event", columns: eventFields, owner: "contact_id", key: "number", numbers: true}
	// Ids sort by the time at which they were made.
	requestsOfContacts  = ownedList{table: "request", columns: requestColumns, owner: "contact_id", key: "id", desc: true}
	contactsOfEmployees = ownedList{table: "contact", columns: contactColumns, owner: "employee_id", key: "id", desc: true}
)

// EventsOf lists the events of each of some Contacts, as Events does for one.
func (t *Tenant) EventsOf(ctx context.Context, contacts []string, page Page, filter EventFilter) (map[string]*Connection[*Event], error) {
	if err := t.check(EventsRead); err != nil {
		return nil, err
	}
	w, err := page.window("events", 1)
	if err != nil {
		return nil, err
	}
	where, args, err := t.eventsWhere(ctx, filter)
	if err != nil {
		return nil, err
	}
	query, all, err := eventsOfContacts.query(t.store.engine, w, where, args, contacts)
	if err != nil {
		return nil, err
	}
	rows, err := t.read(ctx, query, all...)
	events := map[string][]*Event{}
	err = scanRows(rows, err, func(r rowScanner) error {
		e, err := t.scanEvent(r)
		events[e.ContactID] = append(events[e.ContactID], e)
		return err
	})
	for _, list := range events {
		if err == nil {
			err = t.ownNames(ctx, list)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("read Contacts' events: %w", err)
	}
	return pageEach(events, contacts, w, (*Event).orderKey, eventsOfContacts.counts(t, where, args, contacts)), nil
}

// RequestsOf lists the Requests of each of some Contacts, newest first.
func (t *Tenant) RequestsOf(ctx context.Context, contacts []string, page Page) (map[string]*Connection[*Request], error) {
	if err := t.check(RequestsRead); err != nil {
		return nil, err
	}
	w, err := page.window("requests", 1)
	if err != nil {
		return nil, err
	}
	where, args := t.own("r.contact_id")
	query, all, err := requestsOfContacts.query(t.store.engine, w, where, args, contacts)
	if err != nil {
		return nil, err
	}
	rows, err := t.read(ctx, query, all...)
	requests := map[string][]*Request{}
	err = scanRows(rows, err, func(row rowScanner) error {
		r, err := t.scanRequest(row)
		if err == nil {
			requests[r.ContactID] = append(requests[r.ContactID], r)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read Contacts' Requests: %w", err)
	}
	key := func(r *Request) []string { return []string{r.ID} }
	return pageEach(requests, contacts, w, key, requestsOfContacts.counts(t, where, args, contacts)), nil
}

// ContactsOf lists the Contacts of each of some Employees, newest first.
func (t *Tenant) ContactsOf(ctx context.Context, employees []string, page Page) (map[string]*Connection[*Contact], error) {
	if err := t.check(ContactsRead); err != nil {
		return nil, err
	}
	w, err := page.window("contacts.id", 1)
	if err != nil {
		return nil, err
	}
	where, args := t.own("r.id")
	query, all, err := contactsOfEmployees.query(t.store.engine, w, where, args, employees)
	if err != nil {
		return nil, err
	}
	rows, err := t.read(ctx, query, all...)
	list, err := t.scanContacts(ctx, rows, err)
	if err != nil {
		return nil, err
	}
	contacts := map[string][]*Contact{}
	for _, c := range list {
		contacts[c.EmployeeID] = append(contacts[c.EmployeeID], c)
	}
	key := func(c *Contact) []string { return []string{c.ID} }
	return pageEach(contacts, employees, w, key, contactsOfEmployees.counts(t, where, args, employees)), nil
}

// own narrows rows r to the Tenant's, and to the Contacts that its Viewer may
// see; column has their ids.
func (t *Tenant) own(column string) (where string, args []any) {
	where, args = "r.company_id = $1 AND r.mode = $2", []any{t.Company.Key, t.Mode}
	if mine, more := t.mine(column, 3); mine != "" {
		where, args = where+" AND "+mine, append(args, more...)
	}
	return where, args
}
