package db

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"complero/theme"
)

// DefaultText is the name of the text of Requests that name none.
const DefaultText = "default"

// TextKey tells a Company's texts apart.
type TextKey struct {
	Name   string
	Locale string // BCP 47
	// Formality is "" for a text that suits both ways of address.
	Formality theme.Formality
}

// A Text is how a Company words its Requests in one language, in the place of
// the built-in text. It exists once, for live and test mode, in versions: the
// last one saved is in use.
type Text struct {
	TextKey
	theme.Template

	Version int
	// Deleted tells that the built-in text is in use again.
	Deleted bool
	// SavedBy is the id of the API key that saved it; nil for none.
	SavedBy *string
	// SavedAt is nil for a built-in text, whose Version is 0.
	SavedAt *time.Time
}

// Either is the way of address that the text is for; nil where it suits both.
func (t *Text) Either() *theme.Formality {
	if t.Formality == "" {
		return nil
	}
	return &t.Formality
}

// TextFilter narrows which texts are read.
type TextFilter struct {
	Name *string
	// Deleted reads those too that were deleted.
	Deleted bool
}

const textColumns = "t.name, t.locale, t.formality, t.version, t.document, t.deleted, t.saved_by, t.saved_at"

// Texts lists the Company's own texts as they are now, by name and language.
func (t *Tenant) Texts(ctx context.Context, filter TextFilter) ([]*Text, error) {
	if err := t.check(CompanyRead); err != nil {
		return nil, err
	}
	where := ` AND t.version = (SELECT max(version) FROM company_text WHERE company_id = t.company_id
		AND name = t.name AND locale = t.locale AND formality = t.formality)`
	args := []any{t.Company.Key}
	if filter.Name != nil {
		where, args = where+" AND t.name = $2", append(args, *filter.Name)
	}
	if !filter.Deleted {
		where += " AND NOT t.deleted"
	}
	return t.texts(ctx, t.read, where+" ORDER BY t.name, t.locale, t.formality", args...)
}

// TextVersions reads all versions of some texts, the latest first.
func (t *Tenant) TextVersions(ctx context.Context, keys []TextKey) (map[TextKey][]*Text, error) {
	if err := t.check(CompanyRead); err != nil {
		return nil, err
	}
	var names []string
	for _, k := range keys {
		names = append(names, k.Name)
	}
	in, args := t.store.engine.oneOf("t.name", 2, firsts(names))
	list, err := t.texts(ctx, t.read, " AND "+in+" ORDER BY t.version DESC", append([]any{t.Company.Key}, args...)...)
	found := make(map[TextKey][]*Text, len(keys))
	for _, v := range list {
		if slices.Contains(keys, v.TextKey) {
			found[v.TextKey] = append(found[v.TextKey], v)
		}
	}
	return found, err
}

// texts reads rows of company_text; conditions follow that on the Company, and
// their arguments count from $2.
func (t *Tenant) texts(ctx context.Context, read reading, conditions string, args ...any) ([]*Text, error) {
	rows, err := read(ctx, "SELECT "+textColumns+" FROM company_text AS t WHERE t.company_id = $1"+conditions, args...)
	list := []*Text{}
	err = scanRows(rows, err, func(r rowScanner) error {
		v := new(Text)
		var document []byte
		if err := r.Scan(&v.Name, &v.Locale, &v.Formality, &v.Version, &document, &v.Deleted, &v.SavedBy, &v.SavedAt); err != nil {
			return err
		}
		list = append(list, v)
		return json.Unmarshal(document, &v.Template)
	})
	if err != nil {
		return nil, fmt.Errorf("read texts: %w", err)
	}
	return list, nil
}

// hasText fails with NOT_FOUND unless the Company has a text of that name, in
// any language.
func (t *Tenant) hasText(ctx context.Context, read reading, name string) error {
	list, err := t.texts(ctx, read, " ORDER BY t.version DESC", t.Company.Key)
	if err != nil {
		return err
	}
	seen := map[TextKey]bool{}
	var names []string
	for _, v := range list {
		if !seen[v.TextKey] && !v.Deleted {
			names = append(names, v.Name)
		}
		seen[v.TextKey] = true
	}
	if slices.Contains(names, name) {
		return nil
	}
	slices.Sort(names)
	cure := "it has none; write one by textSave, or leave text out"
	if names = slices.Compact(names); len(names) > 0 {
		cure = "it has " + strings.Join(names, ", ")
	}
	return NotFound("text", "the Company has no text %.70q; %s", name, cure)
}
