package graph

import (
	"context"
	"encoding/json"
	"sync"

	"complero/db"
)

// rows is what one call has read so far, and how it reads what that points to.
type rows struct {
	contacts  siblings[db.Contact]
	employees siblings[db.Employee]
	events    siblings[db.Event]
	requests  siblings[db.Request]
	consents  siblings[db.Consent]
	items     siblings[db.OperationItem]

	suggestions siblings[db.MergeSuggestion]
	texts       siblings[db.Text]
	users       siblings[db.User]
	audit       siblings[db.AuditEntry]

	contactByID    *loader[string, *db.Contact]
	employeeByID   *loader[string, *db.Employee]
	requestByID    *loader[string, *db.Request]
	consentByID    *loader[string, *db.Consent]
	operationByID  *loader[string, *db.Operation]
	definitionByID *loader[string, *db.ConsentDefinition]
	deliveriesOf   *loader[string, []*db.Delivery]
	messagesOf     *loader[string, []*db.OutboxMessage]
	valuesOf       *loader[int64, *db.EventValues]
	consentsOf     *loader[string, []*db.Consent]
	wordingOf      *loader[*db.Consent, string]
	wordsByID      *loader[string, *db.ContactWords]
	mergesOf       *loader[string, []*db.ContactMerge]
	textVersions   *loader[db.TextKey, []*db.Text]
	consentTexts   *loader[string, []*db.ConsentVersion]
	traceOf        *loader[string, *db.UserTrace]
	auditNames     *loader[string, string]

	contactEvents    pages[*db.Event]
	contactRequests  pages[*db.Request]
	employeeContacts pages[*db.Contact]
}

// newRows begins a call for a Tenant.
func newRows(t *db.Tenant) *rows {
	r := new(rows)
	r.contactByID = newLoader(noting(t.ContactsByID, r.contacts.add))
	r.employeeByID = newLoader(noting(t.EmployeesByID, r.employees.add))
	r.requestByID = newLoader(noting(t.RequestsByID, r.requests.add))
	r.consentByID = newLoader(noting(t.ConsentsByID, r.consents.add))
	r.operationByID = newLoader(t.OperationsByID)
	r.definitionByID = newLoader(t.ConsentDefinitionsByID)
	r.wordsByID = newLoader(t.ContactWords)
	r.mergesOf = newLoader(t.MergesOf)
	r.textVersions = newLoader(t.TextVersions)
	r.consentTexts = newLoader(t.ConsentVersions)
	r.traceOf = newLoader(t.UserTraces)
	r.auditNames = newLoader(t.AuditNames)
	r.deliveriesOf = newLoader(t.DeliveriesOf)
	r.messagesOf = newLoader(t.MessagesOf)
	r.valuesOf = newLoader(t.EventValues)
	r.consentsOf = newLoader(func(ctx context.Context, contacts []string) (map[string][]*db.Consent, error) {
		found, err := t.ConsentsOf(ctx, contacts)
		r.consents.add(joined(found))
		return found, err
	})
	r.wordingOf = newLoader(func(ctx context.Context, consents []*db.Consent) (map[*db.Consent]string, error) {
		found, err := t.ConsentWordings(ctx, consents)
		texts := make(map[*db.Consent]string, len(consents))
		for _, c := range consents {
			texts[c] = found[c.ID]
		}
		return texts, err
	})
	return r
}

// noting has rows that are read together noted as siblings.
func noting[T any](load func(context.Context, []string) (map[string]*T, error), note func([]*T)) func(context.Context, []string) (map[string]*T, error) {
	return func(ctx context.Context, ids []string) (map[string]*T, error) {
		found, err := load(ctx, ids)
		list := make([]*T, 0, len(found))
		for _, row := range found {
			list = append(list, row)
		}
		note(list)
		return found, err
	}
}

// joined collects the rows of several owners.
func joined[T any](found map[string][]*T) []*T {
	var list []*T
	for _, rows := range found {
		list = append(list, rows...)
	}
	return list
}

// pages are loaders of owners' lists, one for each page and filter that a
// call asks for.
type pages[T any] struct {
	mu sync.Mutex
	by map[pageKey]*loader[string, *db.Connection[T]]
}

// A pageKey tells one page and filter from another by what they say.
type pageKey struct {
	first, last   int
	after, before string
	filter        string // as JSON
}

// get returns the loader of a page and filter; load reads one that is new.
func (p *pages[T]) get(page db.Page, filter *db.EventFilter, load func(context.Context, []string) (map[string]*db.Connection[T], error)) *loader[string, *db.Connection[T]] {
	key := pageKey{first: orZero(page.First), last: orZero(page.Last), after: orZero(page.After), before: orZero(page.Before)}
	if filter != nil {
		text, err := json.Marshal(filter)
		if err != nil {
			return newLoader(load) // a filter of plain values always has JSON
		}
		key.filter = string(text)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.by == nil {
		p.by = map[pageKey]*loader[string, *db.Connection[T]]{}
	}
	if p.by[key] == nil {
		p.by[key] = newLoader(load)
	}
	return p.by[key]
}

// rowsOf are those of the call being executed.
func rowsOf(ctx context.Context) *rows {
	r, _ := ctx.Value(rowsKey).(*rows)
	return r
}

// noted has a page's rows noted as siblings.
func noted[T any](c *db.Connection[*T], err error, s *siblings[T]) (*db.Connection[*T], error) {
	if c != nil {
		s.add(c.Nodes)
	}
	return c, err
}

// together notes the rows of several owners' pages as siblings of each other.
func together[T any](s *siblings[T]) func(map[string]*db.Connection[*T], error) (map[string]*db.Connection[*T], error) {
	return func(pages map[string]*db.Connection[*T], err error) (map[string]*db.Connection[*T], error) {
		var list []*T
		for _, p := range pages {
			list = append(list, p.Nodes...)
		}
		s.add(list)
		return pages, err
	}
}

// orNone is a list that is never null.
func orNone[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
