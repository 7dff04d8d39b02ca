package db

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"complero/db/profile"
)

// FieldRules are what a Company says of its Contacts' fields: which the Contact
// sees and may change, and what its own fields hold. nil, which they mostly
// are, says nothing: all is as usual. They are shared and never changed.
type FieldRules struct {
	policies    map[string]Policy // those that are not the usual ones
	custom      []*CustomField
	definitions profile.Definitions
	gone        map[string]bool // keys of deleted definitions
}

// rulesDocument is how the rules are stored, one document to a Company.
type rulesDocument struct {
	Policies map[string]Policy `json:"policies,omitempty"`
	Custom   []*CustomField    `json:"customFields,omitempty"`
	// Gone are the keys of deleted definitions, whose values are still on file.
	Gone []string `json:"gone,omitempty"`
}

func (d *rulesDocument) custom(key string) *CustomField {
	at := slices.IndexFunc(d.Custom, func(c *CustomField) bool { return c.Key == key })
	if at < 0 {
		return nil
	}
	return d.Custom[at]
}

// rules makes a stored document ready for use; nil where it says nothing.
func (d *rulesDocument) rules() (*FieldRules, error) {
	if len(d.Policies)+len(d.Custom)+len(d.Gone) == 0 {
		return nil, nil
	}
	r := &FieldRules{policies: d.Policies, custom: d.Custom, definitions: profile.Definitions{}, gone: map[string]bool{}}
	for _, c := range d.Custom {
		if problems := c.Prepare(); len(problems) > 0 {
			return nil, fmt.Errorf("the custom field %s: %s", c.Key, problems[0].Message)
		}
		r.definitions[c.Key] = &c.Definition
	}
	for _, key := range d.Gone {
		r.gone[key] = true
	}
	return r, nil
}

// Policy is that of a field, named as in an upload: familyName, emails,
// customFields.vehicle; customFields is that of all keys nobody defined.
func (r *FieldRules) Policy(field string) Policy {
	if key, custom := strings.CutPrefix(field, customFieldsName+"."); custom {
		if r != nil && r.gone[key] {
			return FieldHidden
		}
		if c := r.CustomField(key); c != nil {
			return c.Policy
		}
		field = customFieldsName
	}
	if r != nil {
		if p, found := r.policies[field]; found {
			return p
		}
	}
	usual, _ := usualPolicy(field)
	return usual
}

// CustomFields are the Company's own fields, in their order.
func (r *FieldRules) CustomFields() []*CustomField {
	if r == nil {
		return nil
	}
	return r.custom
}

// CustomField is the one of that key; nil if nobody has defined it.
func (r *FieldRules) CustomField(key string) *CustomField {
	if r == nil || r.definitions[key] == nil {
		return nil
	}
	at := slices.IndexFunc(r.custom, func(c *CustomField) bool { return c.Key == key })
	return r.custom[at]
}

// defined are the definitions that values are read by; nil without any.
func (r *FieldRules) defined() profile.Definitions {
	if r == nil {
		return nil
	}
	return r.definitions
}

// visible is what the Contact may see of a profile. The language stays in any
// case: it is what pages and messages speak.
func (r *FieldRules) visible(p profile.Profile) profile.Profile {
	if r == nil {
		return p
	}
	for _, f := range policyFields {
		if f.field != profile.FieldLocale && f.field != profile.FieldCustomFields && !r.Policy(f.name).Visible() {
			p.Clear(f.field)
		}
	}
	hidden := func(key string, _ any) bool { return !r.Policy(customFieldsName + "." + key).Visible() }
	p.CustomFields = maps.Clone(p.CustomFields)
	maps.DeleteFunc(p.CustomFields, hidden)
	return p
}

// fieldRules are those that the Tenant was made with. It reads on a connection
// of its own, so it is not for transactions.
func (t *Tenant) fieldRules(ctx context.Context) (*FieldRules, error) {
	if t.settings != nil {
		return t.settings.rules, nil
	}
	return t.fieldRulesOf(ctx, t.Company.Version)
}

// currentFieldRules are those of this moment, for whoever may have had the
// Company at hand for a while. It is not for transactions either.
func (t *Tenant) currentFieldRules(ctx context.Context) (*FieldRules, error) {
	var version int64
	if err := t.store.rowHot(ctx, "SELECT version FROM company WHERE id = $1", []any{t.Company.Key}, &version); err != nil {
		return nil, fmt.Errorf("read the version of the settings: %w", err)
	}
	return t.fieldRulesOf(ctx, version)
}

func (t *Tenant) fieldRulesOf(ctx context.Context, version int64) (*FieldRules, error) {
	set, err := t.store.settings(ctx, t.Company.Key, version)
	if err != nil {
		return nil, err
	}
	return set.rules, nil
}

func (t *Tenant) readRules(ctx context.Context, q querier, locking string) (*rulesDocument, error) {
	d := new(rulesDocument)
	var data []byte
	err := q.QueryRowContext(ctx, "SELECT document FROM field_rules WHERE company_id = $1"+locking, t.store.engine.args([]any{t.Company.Key})...).Scan(&data)
	if err == nil {
		err = json.Unmarshal(data, d)
	}
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("read the rules for fields: %w", err)
	}
	return d, nil
}

// storedRules reads the rules for the Company's settings.
func (t *Tenant) storedRules(ctx context.Context) (*FieldRules, error) {
	d, err := t.readRules(ctx, t.store.hot(), "")
	if err != nil {
		return nil, err
	}
	return d.rules()
}

// readFieldRules reads the rules for a caller who may.
func (t *Tenant) readFieldRules(ctx context.Context) (*FieldRules, error) {
	if err := t.check(CompanyRead); err != nil {
		return nil, err
	}
	return t.currentFieldRules(ctx)
}

// changeFieldRules changes the rules: all of the change or nothing.
func (t *Tenant) changeFieldRules(ctx context.Context, change func(*rulesDocument) error) (*FieldRules, error) {
	if err := t.check(CompanyWrite); err != nil {
		return nil, err
	}
	if err := t.liveOnly("the custom fields and what Contacts may do with fields"); err != nil {
		return nil, err
	}
	var rules *FieldRules
	company := *t.Company
	err := t.write(ctx, CompanyWrite, func(x *tx) error {
		_, err := x.exec(ctx, "INSERT INTO field_rules (company_id, document) VALUES ($1, '{}') ON CONFLICT (company_id) DO NOTHING", x.company)
		if err != nil {
			return err
		}
		d, err := t.readRules(ctx, x.Tx.Tx, x.engine.locking())
		if err != nil {
			return err
		}
		if err := change(d); err != nil {
			return err
		}
		if rules, err = d.rules(); err != nil {
			return err
		}
		if _, err := x.exec(ctx, "UPDATE field_rules SET document = $2 WHERE company_id = $1", x.company, jsonOf(d)); err != nil {
			return err
		}
		// Whoever knows the Company by the time of its last change reads it anew.
		company.UpdatedAt = x.now
		return x.row(ctx, "UPDATE company SET version = version + 1, updated_at = $2 WHERE id = $1 RETURNING version",
			x.company, x.now).Scan(&company.Version)
	})
	if err != nil {
		if ErrorsOf(err) != nil {
			return nil, err
		}
		return nil, fmt.Errorf("save the rules for fields: %w", err)
	}
	t.Company = &company
	return rules, nil
}
