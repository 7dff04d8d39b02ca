package db

import (
	"context"
	"fmt"
	"slices"
	"time"

	"complero/db/profile"
)

// maxCustomFields is how many fields of its own a Company may define: as many
// as a Contact can have.
const maxCustomFields = 100

// maxGone is how many deleted definitions are remembered.
const maxGone = 1000

// A CustomField is a field of the Company's own: what it holds, how it is
// called, and what the Contact may do with it. It exists once, for live and
// test mode.
type CustomField struct {
	profile.Definition
	Policy    Policy    `json:"policy"`
	CreatedAt time.Time `json:"createdAt"`
	UpdatedAt time.Time `json:"updatedAt"`
}

// CustomFieldSave says what a field of the Company's own is to be.
type CustomFieldSave struct {
	profile.Definition
	// Policy stays as it is where nil; that of a new field is EDITABLE.
	Policy *Policy
	// Position is the field's place among the others, from 1; nil leaves it where
	// it is, and a new field last.
	Position *int
}

// CustomFields lists the Company's own fields, in the order of the form.
func (t *Tenant) CustomFields(ctx context.Context) ([]*CustomField, error) {
	r, err := t.readFieldRules(ctx)
	return r.CustomFields(), err
}

// SaveCustomField defines a field or defines it anew. What is on file stays as
// it is; what is said from now on has to fit.
func (t *Tenant) SaveCustomField(ctx context.Context, save CustomFieldSave) (*CustomField, error) {
	errs := problemErrors(nil, save.Prepare())
	if save.Policy != nil && !save.Policy.known() {
		errs = append(errs, &Error{Invalid, []string{"policy"}, fmt.Sprintf("%.20q is no policy; write HIDDEN, SHOWN, EDITABLE or REQUIRED", *save.Policy)})
	}
	if save.Position != nil && (*save.Position < 1 || *save.Position > maxCustomFields) {
		errs = append(errs, &Error{Invalid, []string{"position"}, fmt.Sprintf("position %d is none; write 1 for the first field, up to %d", *save.Position, maxCustomFields)})
	}
	r, err := t.changeFieldRules(ctx, func(d *rulesDocument) error {
		if len(errs) > 0 {
			return errs
		}
		return d.save(save, t.store.now())
	})
	if err != nil {
		return nil, err
	}
	return r.CustomField(save.Key), nil
}

func (d *rulesDocument) save(save CustomFieldSave, now time.Time) error {
	c := d.custom(save.Key)
	if c == nil {
		if len(d.Custom) >= maxCustomFields {
			return fail(TooManyItems, "key", "there are %d custom fields already; delete one that is no longer needed", maxCustomFields)
		}
		c = &CustomField{Policy: FieldEditable, CreatedAt: now}
		d.Custom = append(d.Custom, c)
		d.Gone = slices.DeleteFunc(d.Gone, func(key string) bool { return key == save.Key })
	}
	c.Definition, c.UpdatedAt = save.Definition, now
	if save.Policy != nil {
		c.Policy = *save.Policy
	}
	if save.Position != nil {
		at := slices.Index(d.Custom, c)
		d.Custom = slices.Delete(d.Custom, at, at+1)
		d.Custom = slices.Insert(d.Custom, min(*save.Position-1, len(d.Custom)), c)
	}
	return nil
}

// DeleteCustomField takes a definition back and returns it. The values stay
// where they are on file, for the API and for events; the Contact does not see
// them any more, whatever the policy of undefined fields is: nobody has said
// that they may be shown.
func (t *Tenant) DeleteCustomField(ctx context.Context, key string) (*CustomField, error) {
	var deleted *CustomField
	_, err := t.changeFieldRules(ctx, func(d *rulesDocument) error {
		if deleted = d.custom(key); deleted == nil {
			return NotFound("key", "there is no custom field %.70q", key)
		}
		if len(d.Gone) >= maxGone {
			return fail(TooManyItems, "key", "%d custom fields were deleted already; make this one HIDDEN instead", maxGone)
		}
		d.Custom = slices.DeleteFunc(d.Custom, func(c *CustomField) bool { return c == deleted })
		d.Gone = append(d.Gone, key)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return deleted, nil
}

// FirstDay is Earliest as a day.
func (c *CustomField) FirstDay() *Date { return (*Date)(c.Earliest) }

// LastDay is Latest as a day.
func (c *CustomField) LastDay() *Date { return (*Date)(c.Latest) }
