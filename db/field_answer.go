package db

import (
	"fmt"
	"slices"

	"complero/db/profile"
)

// refused are the errors of an answer that says what the Company does not let
// Contacts change, be it what is on file already: else guesses would tell what
// is hidden.
func (r *FieldRules) refused(said *profile.Statement) Errors {
	var errs Errors
	refuse := func(field string, path ...string) {
		if !r.Policy(field).Editable() {
			errs = append(errs, &Error{Invalid, append([]string{"data"}, path...), "the Company does not let Contacts change " + field + "; leave it out"})
		}
	}
	says := said.Says()
	for _, f := range policyFields {
		if f.field != profile.FieldCustomFields && says.Has(f.field) {
			refuse(f.name, f.name)
		}
	}
	if !says.Has(profile.FieldCustomFields) {
		return errs
	}
	keys, all := said.SaysCustom()
	for _, key := range keys {
		refuse(customFieldsName+"."+key, customFieldsName, key)
	}
	if all && r.keepsCustom() {
		errs = append(errs, &Error{
			Invalid,
			[]string{"data", customFieldsName},
			"null would empty fields that the Company does not let Contacts change; give null for each key that is to be emptied",
		})
	}
	return errs
}

// keepsCustom reports whether there are custom fields that Contacts may not change.
func (r *FieldRules) keepsCustom() bool {
	if r == nil {
		return false
	}
	for _, c := range r.custom {
		if !c.Policy.Editable() {
			return true
		}
	}
	return len(r.gone) > 0 || !r.Policy(customFieldsName).Editable()
}

// missing are the errors of an answer after which something is still empty that
// the Contact has to fill in, as far as the Request asks about it.
func (r *FieldRules) missing(asked *Request, p *profile.Profile) Errors {
	if r == nil {
		return nil
	}
	var errs Errors
	for _, part := range askedFields {
		if asked != nil && !asked.Asks(part.ask) {
			continue
		}
		for _, f := range part.fields {
			if r.Policy(f.name) == FieldRequired && !p.Has(f.field) {
				errs = append(errs, missing(f.name))
			}
		}
	}
	if asked != nil && !asked.Asks(AskCustom) {
		return errs
	}
	for _, c := range r.custom {
		if c.Policy == FieldRequired && p.CustomFields[c.Key] == nil {
			errs = append(errs, missing(customFieldsName, c.Key))
		}
	}
	return errs
}

// and adds errors about fields that have none yet.
func (e Errors) and(more Errors) Errors {
	for _, m := range more {
		about := func(known *Error) bool {
			return len(known.Path) >= len(m.Path) && slices.Equal(known.Path[:len(m.Path)], m.Path)
		}
		if !slices.ContainsFunc(e, about) {
			e = append(e, m)
		}
	}
	return e
}

func missing(path ...string) *Error {
	return &Error{Required, append([]string{"data"}, path...), fmt.Sprintf("%s is empty, and the Company requires it; fill it in", path[len(path)-1])}
}
