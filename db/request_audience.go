package db

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// A RequestAudience says which Contacts are to be asked, by what is on file of
// them. What is given must all hold; an empty one is everybody.
type RequestAudience struct {
	// ContactIDs narrows to Contacts that were chosen, at most 1000.
	ContactIDs []string `json:",omitempty"`
	// EmployeeExternalID narrows to those whom one Employee looks after.
	EmployeeExternalID *string `json:",omitempty"`
	// Source narrows to those whom a Source knows.
	Source *string `json:",omitempty"`
	// ConfirmedBefore narrows to those who last confirmed before that, or never.
	ConfirmedBefore *time.Time `json:",omitempty"`
	// NeverAsked narrows to those who never had a Request.
	NeverAsked *bool `json:",omitempty"`
	// NotAskedSince leaves those out who had a Request at that moment or after it.
	NotAskedSince *time.Time `json:",omitempty"`
	// Search are parts of names, addresses, numbers or ids; all of them must occur.
	Search *string `json:",omitempty"`
}

// audience is a RequestAudience that was looked up: ids take the place of names.
type audience struct {
	RequestAudience
	EmployeeID string `json:",omitempty"`
	SourceKey  string `json:",omitempty"`
}

// audience looks up what a RequestAudience names. It fails with NOT_FOUND for
// an Employee or Source that there is not.
func (t *Tenant) audience(ctx context.Context, a RequestAudience) (audience, error) {
	out := audience{RequestAudience: a}
	if len(a.ContactIDs) > maxItems {
		return out, &Error{TooManyItems, []string{"whom", "contactIds"}, fmt.Sprintf(
			"contactIds has %d items; name at most %d, or say by the other fields whom to ask", len(a.ContactIDs), maxItems)}
	}
	if a.EmployeeExternalID != nil {
		found, err := t.employeesBy(ctx, "external_id", []string{*a.EmployeeExternalID})
		if err != nil {
			return out, err
		}
		e := found[*a.EmployeeExternalID]
		if e == nil {
			return out, &Error{NotFoundCode, []string{"whom", "employeeExternalId"}, fmt.Sprintf("there is no Employee %.70q", *a.EmployeeExternalID)}
		}
		out.EmployeeID = e.ID
	}
	if a.Source != nil || t.bound().source != "" {
		key, err := t.source(ctx, t.store.read.DB, a.Source)
		if errs := ErrorsOf(err); len(errs) > 0 {
			return out, &Error{errs[0].Code, []string{"whom", "source"}, errs[0].Message}
		}
		if err != nil {
			return out, err
		}
		out.SourceKey = key
	}
	return out, nil
}

// where is the audience as conditions on a row c of contact, but for who was
// asked lately.
func (a *audience) where(t *Tenant) *conditions {
	w := &conditions{text: "c.company_id = $1 AND c.mode = $2", args: []any{t.Company.Key, t.Mode}}
	if len(a.ContactIDs) > 0 {
		in, args := t.store.engine.oneOf("c.id", 3, a.ContactIDs)
		w.text, w.args = w.text+" AND "+in, append(w.args, args...)
	}
	if a.EmployeeID != "" {
		w.add("c.employee_id = %s", a.EmployeeID)
	}
	if a.SourceKey != "" {
		w.add("c.id IN (SELECT contact_id FROM contact_key WHERE company_id = $1 AND mode = $2 AND source = %s)", a.SourceKey)
	}
	if a.ConfirmedBefore != nil {
		w.add("(c.confirmed_at IS NULL OR c.confirmed_at < %s)", a.ConfirmedBefore.UTC())
	}
	if a.Search != nil {
		for _, word := range strings.Fields(*a.Search) {
			w.add(`c.search LIKE %s ESCAPE '\'`, likePattern(word))
		}
	}
	if a.NeverAsked != nil && *a.NeverAsked {
		w.text += " AND NOT " + wasAsked + ")"
	}
	return w
}

// wasAsked, behind which stands a further condition and ")", tells that a
// Contact c got a Request or is about to.
const wasAsked = `EXISTS (SELECT 1 FROM request AS r WHERE r.company_id = c.company_id AND r.mode = c.mode AND r.contact_id = c.id
	AND (r.sent_at IS NOT NULL OR r.status = 'PENDING')`

// lately is the condition that a Contact was asked too lately to be asked
// again; "" where that does not matter.
func (a *audience) lately(w *conditions) string {
	if a.NotAskedSince == nil {
		return ""
	}
	return wasAsked + " AND r.created_at >= " + w.mark(a.NotAskedSince.UTC()) + ")"
}

// conditions are those of a plain statement, with their arguments.
type conditions struct {
	text string
	args []any
}

// mark is how the statement names one more argument.
func (c *conditions) mark(arg any) string {
	c.args = append(c.args, arg)
	return fmt.Sprintf("$%d", len(c.args))
}

// add is one more condition, in which %s stands for the argument.
func (c *conditions) add(condition string, arg any) {
	c.text += " AND " + fmt.Sprintf(condition, c.mark(arg))
}

// unreachable is the condition that mailAddress finds nothing for a Contact c.
// Looking into the document as text first spares most rows from being parsed:
// in there, quotation marks of values have a backslash before them.
func (e engine) unreachable() string {
	const condition = `CASE WHEN %s THEN TRUE WHEN %s THEN FALSE ELSE NOT EXISTS (SELECT 1 FROM %s AS e WHERE coalesce(%s, '') <> 'FAILED') END`
	if e == onPostgres {
		return fmt.Sprintf(condition, `strpos(c.profile::text, '"emails":[{') = 0`, `strpos(c.profile::text, '"health":"FAILED"') = 0`,
			"json_array_elements(c.profile->'emails')", "e->>'health'")
	}
	return fmt.Sprintf(condition, `instr(c.profile, '"emails":[{') = 0`, `instr(c.profile, '"health":"FAILED"') = 0`,
		"json_each(c.profile, '$.emails')", "json_extract(e.value, '$.health')")
}
