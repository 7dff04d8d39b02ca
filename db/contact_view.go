package db

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"complero/db/profile"
)

// What a Source says of a Contact is kept beside what is on file once the two
// can differ: when the Contact has answered otherwise, or when another Source
// knows the person too. Until then a Contact costs no second document.

// decodeWords reads the stored provenance and views; there may be none of the latter.
func (c *Contact) decodeWords(provenance, views []byte) error {
	if err := c.provenance.ReadJSON(provenance); err != nil {
		return err
	}
	if len(views) == 0 {
		return nil
	}
	return json.Unmarshal(views, &c.views)
}

// onFile is all that is on file, with who said what.
func (c *Contact) onFile() profile.View {
	return profile.View{Profile: c.Profile, Provenance: c.provenance}
}

// view is what a Source says of the Contact by itself.
func (c *Contact) view(source string) profile.View {
	if v, kept := c.views[source]; kept {
		return v
	}
	return c.onFile().Of(profile.Source(source))
}

// sayToView keeps up with what a Source says, before it is merged with what is
// on file, and reports whether there is anything to keep.
func (c *Contact) sayToView(source string, said profile.Statement) bool {
	by := profile.Source(source)
	if c.views == nil && len(c.keys) < 2 && c.provenance.Only(by) {
		return false
	}
	v := c.view(source).Say(said, newID)
	views := make(map[string]profile.View, len(c.views)+1)
	for key, known := range c.views {
		views[key] = known
	}
	views[source] = v
	c.views = views
	return true
}

var updateViews = updateBulk("contact", column{"id", texts}, column{"views", jsons})

// saveViews writes the views of locked Contacts.
func (x *tx) saveViews(ctx context.Context, contacts ...*Contact) error {
	rows := make([][]any, len(contacts))
	for i, c := range contacts {
		var views *string
		if len(c.views) > 0 {
			views = ptr(jsonOf(c.views))
		}
		rows[i] = []any{c.ID, views}
	}
	if err := x.writeAll(ctx, updateViews, rows); err != nil {
		return fmt.Errorf("save what the Sources say: %w", err)
	}
	return nil
}

// keepView is how an answer keeps what the one Source of its Contact said,
// unless that is kept already: from then on it is not what is on file. mark is
// the argument with the Source's key.
func (e engine) keepView(mark string) string {
	if e == onPostgres {
		return fmt.Sprintf(`coalesce(views, json_build_object(%s::text, json_build_object('profile', profile, 'provenance', provenance)))`, mark)
	}
	return fmt.Sprintf(`coalesce(views, json_object(%s, json_object('profile', json(profile), 'provenance', json(provenance))))`, mark)
}

// onlySource is the Source of a Contact that one alone knows; "" of one that
// several know, whose views are kept already.
func (c *Contact) onlySource() string {
	if len(c.keys) != 1 {
		return ""
	}
	for source := range c.keys {
		return source
	}
	return ""
}

// keepViewOf has what the Contact's Source said kept before an answer is saved.
func (x *tx) keepViewOf(ctx context.Context, c *Contact) error {
	source := c.onlySource()
	if source == "" {
		return nil
	}
	_, err := x.exec(ctx, "UPDATE contact SET views = "+x.engine.keepView("$4")+" WHERE company_id = $1 AND mode = $2 AND id = $3 AND views IS NULL",
		x.company, x.mode, c.ID, source)
	if err != nil {
		return fmt.Errorf("keep what the Source said of Contact %s: %w", c.ID, err)
	}
	return nil
}

// A SourceView is what one Source says of a Contact.
type SourceView struct {
	Source     *Source
	ExternalID string
	Values     []*SourceValue
}

// SourceValue is what a Source says of one field.
type SourceValue struct {
	// Field is a path: familyName, emails[0], customFields.vehicle.
	Field string
	Value json.RawMessage
	// At is when it first said so; ObservedAt when it last knew it to be true, if it tells.
	At         time.Time
	ObservedAt *time.Time
}

// WordOf says whose word something is.
type WordOf string

// Whose word a field can be.
const (
	SourceWord  WordOf = "SOURCE"
	ContactWord WordOf = "CONTACT"
)

// FieldProvenance tells whose word a field on file is.
type FieldProvenance struct {
	Field string
	// Item is the entry's id in a list; "" elsewhere.
	Item string
	By   WordOf
	// Source is the key of the Source whose word it is; nil for the Contact's,
	// and for another Source's where the Viewer is bound to one.
	Source *string
	At     time.Time
	// ObservedAt is when the Source last knew it to be true, if it tells;
	// ConfirmedAt when the Contact last saw it and left it as it was.
	ObservedAt, ConfirmedAt *time.Time
	// Acknowledged tells of the Contact's word that the Viewer's Source, crm for
	// one that is bound to none, has it in its database. It is true for a Source's.
	Acknowledged bool
}

// OptionalItem is the Item; nil outside of lists.
func (p *FieldProvenance) OptionalItem() *string { return nullable(p.Item) }

// ContactWords is who says what of a Contact.
type ContactWords struct {
	Sources    []*SourceView
	Provenance []*FieldProvenance
}

// ContactWords reads who says what of some Contacts, by their ids.
func (t *Tenant) ContactWords(ctx context.Context, ids []string) (map[string]*ContactWords, error) {
	if err := t.check(ContactsRead); err != nil {
		return nil, err
	}
	found := make(map[string]*ContactWords, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	sources, err := t.sources(ctx, t.store.read.DB)
	if err != nil {
		return nil, err
	}
	acked, err := t.acknowledgedWords(ctx, t.read, t.OwnSource(), ids)
	if err != nil {
		return nil, err
	}
	query := t.store.engine.lookup(contactColumns+", provenance, views", "contact", "company_id = $1 AND mode = $2", "id", 3, "")
	rows, err := t.read(ctx, query, t.Company.Key, t.Mode, t.store.engine.list(ids))
	err = scanRows(rows, err, func(r rowScanner) error {
		var provenance, views []byte
		c, err := t.scanContact(r, &provenance, &views)
		if err == nil {
			err = c.decodeWords(provenance, views)
		}
		if err == nil && t.knows(c) {
			found[c.ID] = t.shownWords(t.wordsOf(c, sources, acked[c.ID]), c.Profile.Phones)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read who says what: %w", err)
	}
	return found, nil
}

// OwnSource is the Source that the Viewer speaks for.
func (t *Tenant) OwnSource() string {
	if own := t.bound().source; own != "" {
		return own
	}
	return crm
}

func (t *Tenant) wordsOf(c *Contact, sources []*Source, acked time.Time) *ContactWords {
	words := &ContactWords{Sources: []*SourceView{}, Provenance: []*FieldProvenance{}}
	own := t.bound().source
	for _, s := range sources {
		id, knows := c.keys[s.Key]
		if !knows || own != "" && own != s.Key {
			continue
		}
		v := &SourceView{Source: s, ExternalID: id, Values: []*SourceValue{}}
		for _, o := range c.view(s.Key).Of(profile.Source(s.Key)).Origins() {
			v.Values = append(v.Values, &SourceValue{Field: o.Field, Value: o.Value, At: o.Word.At, ObservedAt: timeOf(o.Word.Observed)})
		}
		words.Sources = append(words.Sources, v)
	}
	for _, o := range c.onFile().Origins() {
		p := &FieldProvenance{
			Field: o.Field, Item: o.Item, By: SourceWord, At: o.Word.At,
			ObservedAt: timeOf(o.Word.Observed), ConfirmedAt: timeOf(o.Word.Confirmed), Acknowledged: true,
		}
		if o.Word.By == profile.Contact || o.Word.By == "" {
			p.By, p.Acknowledged = ContactWord, !o.Word.At.After(acked)
		} else if source := o.Word.By.SourceKey(); own == "" || own == source {
			p.Source = &source
		}
		words.Provenance = append(words.Provenance, p)
	}
	return words
}

// timeOf is a moment that may be unknown; nil then.
func timeOf(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
