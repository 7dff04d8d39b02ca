package db

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"complero/db/profile"
)

// A Contact is a person whose data a Company keeps and asks to have checked.
type Contact struct {
	ID         string
	EmployeeID string
	// ExternalIDs are the ids that Sources know the Contact by; key is the Source.
	keys map[string]string
	// source is the Viewer's; first, where it matters, the one that ranks
	// highest of those that know the Contact.
	source, first string
	Profile       profile.Profile
	provenance    profile.Provenance
	metadata      metadata
	// views are what each Source says by itself, where that is not all that is
	// on file; only a change reads them.
	views     map[string]profile.View
	CreatedAt time.Time
	UpdatedAt time.Time
	// ConfirmedAt is when the Contact last said that all of this is right.
	ConfirmedAt *time.Time
	// StoppedAt is when the Contact asked never to be written to again.
	StoppedAt *time.Time
}

// ExternalID is the id that a Source knows a Contact by.
type ExternalID struct {
	Source string
	Value  string
}

// ExternalID is the id in the caller's own Source, else in the central CRM,
// else in the Source that ranks highest.
func (c *Contact) ExternalID() string {
	for _, source := range []string{c.source, crm, c.first} {
		if id, ok := c.keys[source]; ok {
			return id
		}
	}
	for _, e := range c.ExternalIDs() {
		return e.Value
	}
	return ""
}

// ExternalIDs are the ids in all Sources, by Source. To a Viewer who is bound
// to a Source it is the one there.
func (c *Contact) ExternalIDs() []*ExternalID {
	var list []*ExternalID
	for source, value := range c.keys {
		if c.source != "" && c.source != crm && c.source != source {
			continue
		}
		list = append(list, &ExternalID{Source: source, Value: value})
	}
	slices.SortFunc(list, func(a, b *ExternalID) int { return strings.Compare(a.Source, b.Source) })
	return list
}

// Locale is the Contact's language, BCP 47, if known.
func (c *Contact) Locale() *string { return nullable(c.Profile.Locale) }

// Salutation is how the Contact is addressed before the name, such as Frau, if known.
func (c *Contact) Salutation() *string { return nullable(c.Profile.Salutation) }

// Title is an academic or other title, if known.
func (c *Contact) Title() *string { return nullable(c.Profile.Title) }

// GivenName is the Contact's given name, if known.
func (c *Contact) GivenName() *string { return nullable(c.Profile.GivenName) }

// FamilyName is the Contact's family name, if known.
func (c *Contact) FamilyName() *string { return nullable(c.Profile.FamilyName) }

// DisplayName is what lists call the Contact.
func (c *Contact) DisplayName() string { return cmp.Or(c.Profile.DisplayName(), c.ExternalID()) }

// Organisation is the firm or body the Contact stands for, if known.
func (c *Contact) Organisation() *string { return nullable(c.Profile.Organisation) }

// BirthDate is the Contact's date of birth, if known.
func (c *Contact) BirthDate() *Date { return (*Date)(nullable(c.Profile.BirthDate)) }

// Emails are the Contact's e-mail addresses.
func (c *Contact) Emails() []profile.Email { return c.Profile.Emails }

// Phones are the Contact's telephone numbers.
func (c *Contact) Phones() []profile.Phone { return c.Profile.Phones }

// Addresses are the Contact's postal addresses.
func (c *Contact) Addresses() []profile.Address { return c.Profile.Addresses }

// CustomFields are the Company's own fields.
func (c *Contact) CustomFields() map[string]any {
	if c.Profile.CustomFields == nil {
		return map[string]any{}
	}
	return c.Profile.CustomFields
}

// contactColumns are what scanContact reads.
const contactColumns = `id, employee_id, external_ids, profile, created_at, updated_at, confirmed_at, stopped_at, metadata`

// scanContact reads contactColumns, and what follows them into more. It leaves
// out the provenance, which only a change needs and is long.
func (t *Tenant) scanContact(r rowScanner, more ...any) (*Contact, error) {
	c := &Contact{source: t.Viewer.Source}
	var employee *string
	var keys, document []byte
	into := []any{&c.ID, &employee, &keys, &document, &c.CreatedAt, &c.UpdatedAt, &c.ConfirmedAt, &c.StoppedAt, &c.metadata}
	if err := r.Scan(append(into, more...)...); err != nil {
		return nil, err
	}
	c.EmployeeID = deref(employee)
	var err error
	c.keys, err = profile.ReadTexts(keys)
	if err == nil {
		err = c.Profile.ReadJSON(document)
	}
	if err != nil {
		return nil, fmt.Errorf("read Contact %s: %w", c.ID, err)
	}
	return c, nil
}

// lockContacts reads Contacts for a change, locking them sorted by id.
func (x *tx) lockContacts(ctx context.Context, ids []string) (map[string]*Contact, error) {
	contacts := make(map[string]*Contact, len(ids))
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	if len(ids) == 0 {
		return contacts, nil
	}
	query := x.engine.lookup(contactColumns+", provenance, views", "contact", "company_id = $1 AND mode = $2", "id", 3, x.engine.locking())
	rows, err := x.query(ctx, query, x.company, x.mode, x.engine.list(ids))
	err = scanRows(rows, err, func(r rowScanner) error {
		var provenance, views []byte
		c, err := x.tenant.scanContact(r, &provenance, &views)
		if err != nil {
			return err
		}
		contacts[c.ID] = c
		return c.decodeWords(provenance, views)
	})
	if err != nil {
		return nil, fmt.Errorf("lock Contacts: %w", err)
	}
	return contacts, x.tenant.nameByRank(ctx, x.Tx.Tx, maps.Values(contacts))
}

// lockContact is lockContacts for one; nil if there is none.
func (x *tx) lockContact(ctx context.Context, id string) (*Contact, error) {
	found, err := x.lockContacts(ctx, []string{id})
	return found[id], err
}

var contactRow = []column{
	{"id", texts},
	{"employee_id", texts},
	{"external_ids", jsons},
	{"sort_name", texts},
	{"search", texts},
	{"profile", jsons},
	{"provenance", jsons},
	{"created_at", times},
	{"updated_at", times},
	{"confirmed_at", times},
	{"stopped_at", times},
	{"metadata", jsons},
}

var (
	insertContacts = insertBulk("contact", contactRow...)
	updateContacts = updateBulk("contact", contactRow...)
	insertKeys     = insertBulk("contact_key", column{"source", texts}, column{"external_id", texts}, column{"contact_id", texts})
)

// row is the Contact as contactRow has it.
func (c *Contact) row() []any {
	document, provenance := c.documents()
	return []any{
		c.ID, nullable(c.EmployeeID), jsonOf(c.keys), c.sortName(), c.searchText(),
		document, provenance, c.CreatedAt, c.UpdatedAt, c.ConfirmedAt, c.StoppedAt,
		c.metadata.row(),
	}
}

// documents are the profile and its provenance as they are stored.
func (c *Contact) documents() (document, provenance string) {
	room := make([]byte, 0, 1024) // most fit in
	document = string(c.Profile.AppendJSON(room))
	provenance = string(c.provenance.AppendJSON(room))
	return document, provenance
}

// touch notes when the Contact changed. That never goes back, though servers'
// clocks differ: what was said is told by its time.
func (c *Contact) touch(now time.Time) {
	if now.After(c.UpdatedAt) {
		c.UpdatedAt = now
	}
}

// saveContact writes a locked Contact that has changed.
func (x *tx) saveContact(ctx context.Context, c *Contact) error {
	c.touch(x.now)
	if err := x.writeAll(ctx, updateContacts, [][]any{c.row()}); err != nil {
		return fmt.Errorf("save Contact %s: %w", c.ID, err)
	}
	return nil
}

// sortName orders lists by family name, and people of one family by given name.
func (c *Contact) sortName() string {
	return profile.FoldName(c.Profile.FamilyName + " " + c.Profile.GivenName)
}

// searchText is what a search looks in: names, addresses, numbers, ids.
func (c *Contact) searchText() string {
	p := &c.Profile
	parts := []string{profile.FoldName(p.GivenName + " " + p.FamilyName + " " + p.Organisation)}
	for _, e := range p.Emails {
		parts = append(parts, strings.ToLower(e.Address))
	}
	for _, n := range p.Phones {
		parts = append(parts, n.Number)
	}
	for _, source := range slices.Sorted(maps.Keys(c.keys)) {
		parts = append(parts, strings.ToLower(c.keys[source]))
	}
	return strings.Join(parts, " ")
}

// event begins an event about the Contact.
func (c *Contact) event(kind EventKind) *Event {
	e := &Event{Kind: kind, ContactID: c.ID, EmployeeID: c.EmployeeID, metadata: c.metadata}
	if id := c.ExternalID(); id != "" {
		e.ContactExternalID = &id
	}
	return e
}
