package db

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"complero/db/profile"
)

// Policy is what a Company lets its Contacts do with a field.
type Policy string

// The policies, each allowing more than the one before but for the last, which
// asks for more.
const (
	// FieldHidden: the Contact never sees it, on no page and in no message.
	FieldHidden Policy = "HIDDEN"
	// FieldShown: the Contact sees it and cannot change it.
	FieldShown Policy = "SHOWN"
	// FieldEditable: the Contact may change it and leave it empty.
	FieldEditable Policy = "EDITABLE"
	// FieldRequired: the Contact may change it and has to fill it in. Sources
	// need not.
	FieldRequired Policy = "REQUIRED"
)

// Visible reports whether the Contact sees the field.
func (p Policy) Visible() bool { return p != FieldHidden }

// Editable reports whether the Contact may change the field.
func (p Policy) Editable() bool { return p == FieldEditable || p == FieldRequired }

func (p Policy) known() bool { return p.Editable() || p == FieldShown || p == FieldHidden }

// FieldPolicy is the Policy of one field, which is named as in an upload and in
// events: familyName, emails, customFields.vehicle. The field customFields
// stands for all keys that the Company has not defined.
type FieldPolicy struct {
	Field  string
	Policy Policy
}

// policyFields are the fields of every Contact, in the order of the form, with
// the Policy that they have where the Company says nothing.
var policyFields = []struct {
	name  string
	field profile.Fields
	usual Policy
}{
	{"locale", profile.FieldLocale, FieldHidden},
	{"salutation", profile.FieldSalutation, FieldEditable},
	{"title", profile.FieldTitle, FieldEditable},
	{"givenName", profile.FieldGivenName, FieldEditable},
	{"familyName", profile.FieldFamilyName, FieldEditable},
	{"birthDate", profile.FieldBirthDate, FieldEditable},
	{"organisation", profile.FieldOrganisation, FieldEditable},
	{"emails", profile.FieldEmails, FieldEditable},
	{"phones", profile.FieldPhones, FieldEditable},
	{"addresses", profile.FieldAddresses, FieldEditable},
	{customFieldsName, profile.FieldCustomFields, FieldEditable},
}

const customFieldsName = "customFields"

func usualPolicy(field string) (Policy, bool) {
	for _, f := range policyFields {
		if f.name == field {
			return f.usual, true
		}
	}
	return "", false
}

// FieldPolicies lists the Policy of every field: those of every Contact, then
// the Company's own, in their order.
func (t *Tenant) FieldPolicies(ctx context.Context) ([]*FieldPolicy, error) {
	r, err := t.readFieldRules(ctx)
	if err != nil {
		return nil, err
	}
	return r.list(), nil
}

func (r *FieldRules) list() []*FieldPolicy {
	var list []*FieldPolicy
	for _, f := range policyFields {
		list = append(list, &FieldPolicy{f.name, r.Policy(f.name)})
	}
	for _, c := range r.CustomFields() {
		list = append(list, &FieldPolicy{customFieldsName + "." + c.Key, c.Policy})
	}
	return list
}

// SaveFieldPolicies changes the Policies of some fields: all of them or none.
// It returns those of all fields. Fields that are not named stay as they are.
func (t *Tenant) SaveFieldPolicies(ctx context.Context, save []FieldPolicy) ([]*FieldPolicy, error) {
	if len(save) > maxCustomFields+len(policyFields) {
		return nil, &Error{TooManyItems, []string{}, "there are more policies than fields; name each field once"}
	}
	r, err := t.changeFieldRules(ctx, func(d *rulesDocument) error {
		var errs Errors
		for i, p := range save {
			if e := d.setPolicy(p); e != nil {
				e.Path = append([]string{strconv.Itoa(i)}, e.Path...)
				errs = append(errs, e)
			} else if slices.ContainsFunc(save[:i], func(other FieldPolicy) bool { return other.Field == p.Field }) {
				errs = append(errs, &Error{Invalid, []string{strconv.Itoa(i), "field"}, fmt.Sprintf("%s stands here twice; name each field once", p.Field)})
			}
		}
		if len(errs) > 0 {
			return errs
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return r.list(), nil
}

// setPolicy sets the Policy of one field.
func (d *rulesDocument) setPolicy(p FieldPolicy) *Error {
	if !p.Policy.known() {
		return &Error{Invalid, []string{"policy"}, fmt.Sprintf("%.20q is no policy; write HIDDEN, SHOWN, EDITABLE or REQUIRED", p.Policy)}
	}
	if key, custom := strings.CutPrefix(p.Field, customFieldsName+"."); custom {
		c := d.custom(key)
		if c == nil {
			return &Error{NotFoundCode, []string{"field"}, fmt.Sprintf("there is no custom field %.70q; define it with customFieldSave first", key)}
		}
		c.Policy = p.Policy
		return nil
	}
	usual, found := usualPolicy(p.Field)
	switch {
	case !found:
		return &Error{NotFoundCode, []string{"field"}, fmt.Sprintf(
			"there is no field %.70q; name it as in an upload, such as familyName, emails or customFields.vehicle", p.Field)}
	case p.Field == customFieldsName && p.Policy == FieldRequired:
		return &Error{Invalid, []string{"policy"}, "customFields stands for the keys that are not defined, none of which can be required; define the field with customFieldSave"}
	case p.Policy == usual:
		delete(d.Policies, p.Field)
	default:
		if d.Policies == nil {
			d.Policies = map[string]Policy{}
		}
		d.Policies[p.Field] = p.Policy
	}
	return nil
}
