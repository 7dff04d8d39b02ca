package db

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"
)

// ConsentFilter narrows a list of Consents.
type ConsentFilter struct {
	// ContactID is the Contact's own.
	ContactID *string
	// Search is parts of the Contact's name, an e-mail address, a number or an id; all of them must occur.
	Search *string
	// ContactExternalID is the Contact's in Source, which is read as everywhere.
	ContactExternalID *string
	Source            *string
	// Key is the definition's.
	Key     *string
	Channel *ConsentChannel
	State   *ConsentState
	// DecidedSince belongs to the range.
	DecidedSince *time.Time
}

// Consents lists decisions, newest first: those that count now and those
// that were followed by another.
func (t *Tenant) Consents(ctx context.Context, page Page, filter ConsentFilter) (*Connection[*Consent], error) {
	if err := t.check(ConsentsRead); err != nil {
		return nil, err
	}
	w, err := page.window("consents", 1)
	if err != nil {
		return nil, err
	}
	narrow, err := t.consentsWhere(ctx, filter)
	if err != nil {
		return nil, err
	}
	var rows []*Consent
	// Ids sort by the time at which they were made.
	q, err := order{columns: []string{"id"}, desc: true}.apply(narrow(t.rows(&rows)), w)
	if err != nil {
		return nil, err
	}
	if err := q.Scan(ctx); err != nil {
		return nil, fmt.Errorf("read Consents: %w", err)
	}
	c := connect(rows, w, func(c *Consent) []string { return []string{c.ID} })
	c.count = func(ctx context.Context) (*int, error) {
		return countUpTo(ctx, t.store, narrow(t.rows((*Consent)(nil)).ColumnExpr("1")))
	}
	return c, nil
}

// nobody stands for the id of what a filter names and there is not.
const nobody = "none"

// ofAContact holds of Consents whose Contact has not been erased. Those of
// erased Contacts are kept as long as the law asks for their proof, out of
// everyday sight (Art. 17 (3), 18 GDPR).
const ofAContact = `EXISTS (SELECT 1 FROM contact AS k WHERE k.company_id = consent.company_id AND k.mode = consent.mode AND k.id = consent.contact_id)`

func (t *Tenant) consentsWhere(ctx context.Context, f ConsentFilter) (func(*bun.SelectQuery) *bun.SelectQuery, error) {
	var contact, definition string
	if f.ContactExternalID != nil {
		s, err := t.consentSubject(ctx, *f.ContactExternalID, f.Source)
		if err != nil {
			return nil, err
		}
		contact = s.orNobody()
	} else if f.Source != nil {
		return nil, fail(Required, "contactExternalId", "source tells whose externalId is meant; give contactExternalId with it")
	}
	if f.Key != nil {
		found, err := t.consentDefinitionsKeyed(ctx, t.store.read.DB, *f.Key)
		if err != nil {
			return nil, err
		}
		definition = nobody
		if d := found[*f.Key]; d != nil {
			definition = d.ID
		}
	}
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		q = t.onlyMine(f.found(t, q), "contact_id")
		if contact != "" {
			q = q.Where("contact_id = ?", contact)
		}
		if f.ContactID != nil {
			q = q.Where("contact_id = ?", *f.ContactID)
		}
		if definition != "" {
			q = q.Where("definition_id = ?", definition)
		}
		if f.Channel != nil {
			q = q.Where("channel = ?", string(*f.Channel))
		}
		if f.State != nil {
			q = q.Where("state = ?", string(*f.State))
		}
		if f.DecidedSince != nil {
			q = q.Where("decided_at >= ?", f.DecidedSince.UTC())
		}
		return q
	}, nil
}

// found narrows to Consents of Contacts that there are and that a search finds.
func (f ConsentFilter) found(t *Tenant, q *bun.SelectQuery) *bun.SelectQuery {
	var words []string
	if f.Search != nil {
		words = strings.Fields(*f.Search)
	}
	if len(words) == 0 {
		return q.Where(ofAContact)
	}
	// Of the few who match, not of all who consented.
	matching, args := "SELECT k.id FROM contact AS k WHERE k.company_id = ? AND k.mode = ?", []any{t.Company.Key, t.Mode}
	for _, word := range words {
		matching, args = matching+` AND k.search LIKE ? ESCAPE '\'`, append(args, likePattern(word))
	}
	return q.Where("contact_id IN ("+matching+")", args...)
}

// consentSubject is whom a question about Consents is about; contactID is ""
// where the Source knows no such Contact.
type consentSubject struct {
	source, externalID string
	contactID          string
	stoppedAt          *time.Time
}

func (s consentSubject) orNobody() string {
	if s.contactID == "" {
		return nobody
	}
	return s.contactID
}

// consentSubject looks up the Contact that a Source knows by an externalId.
func (t *Tenant) consentSubject(ctx context.Context, externalID string, named *string) (consentSubject, error) {
	source, err := t.source(ctx, t.store.read.DB, named)
	s := consentSubject{source: source, externalID: externalID}
	if err != nil || strings.ContainsRune(externalID, 0) {
		return s, err
	}
	query, args := `SELECT id, stopped_at FROM contact WHERE company_id = $1 AND mode = $2 AND id = (SELECT contact_id FROM contact_key
		WHERE company_id = $1 AND mode = $2 AND source = $3 AND external_id = $4)`, []any{t.Company.Key, t.Mode, source, externalID}
	if mine, own := t.mine("id", 5); mine != "" {
		query, args = query+" AND "+mine, append(args, own...)
	}
	rows, err := t.read(ctx, query, args...)
	err = scanRows(rows, err, func(r rowScanner) error { return r.Scan(&s.contactID, &s.stoppedAt) })
	if err != nil {
		return s, fmt.Errorf("look up Contact: %w", err)
	}
	return s, nil
}

// ConsentsOf reads the decisions that count now of some Contacts, by their
// ids, newest first.
func (t *Tenant) ConsentsOf(ctx context.Context, contactIDs []string) (map[string][]*Consent, error) {
	if err := t.check(ConsentsRead); err != nil {
		return nil, err
	}
	consents := make(map[string][]*Consent, len(contactIDs))
	in, args := t.store.engine.oneOf("contact_id", 3, contactIDs)
	if mine, own := t.mine("contact_id", 3+len(args)); mine != "" {
		in, args = in+" AND "+mine, append(args, own...)
	}
	list, err := t.consents(ctx, t.store.read.DB, in+latestFirst, args...)
	for _, c := range list {
		consents[c.ContactID] = append(consents[c.ContactID], c)
	}
	return consents, err
}

// ConsentByID returns one Consent; nil if there is none of this id.
func (t *Tenant) ConsentByID(ctx context.Context, id string) (*Consent, error) {
	found, err := t.ConsentsByID(ctx, []string{id})
	return found[id], err
}

// ConsentsByID reads Consents by id, for those who have many to show at once.
func (t *Tenant) ConsentsByID(ctx context.Context, ids []string) (map[string]*Consent, error) {
	if err := t.check(ConsentsRead); err != nil {
		return nil, err
	}
	return t.consentsByID(ctx, ids)
}

func (t *Tenant) consentsByID(ctx context.Context, ids []string) (map[string]*Consent, error) {
	found := make(map[string]*Consent, len(ids))
	ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !consentIDs.MatchString(id) })
	if len(ids) == 0 {
		return found, nil
	}
	in, args := t.store.engine.oneOf("id", 3, ids)
	in += " AND " + ofAContact
	if mine, own := t.mine("contact_id", 3+len(args)); mine != "" {
		in, args = in+" AND "+mine, append(args, own...)
	}
	list, err := t.consents(ctx, t.store.read.DB, in, args...)
	for _, c := range list {
		found[c.ID] = c
	}
	return found, err
}

// consentsInOrder reads what a mutation answers with; whoever may write a
// Consent sees what became of it.
func (t *Tenant) consentsInOrder(ctx context.Context, ids []string) ([]*Consent, error) {
	found, err := t.consentsByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	consents := make([]*Consent, 0, len(ids))
	for _, id := range ids {
		if c := found[id]; c != nil {
			consents = append(consents, c)
		}
	}
	return consents, nil
}
