package db

import (
	"cmp"
	"fmt"

	"github.com/uptrace/bun"
)

// A bound is what a Viewer is bound to: the Contacts whom a Source knows, such
// as an agency's, or those whom an Employee looks after. The zero bound binds
// to nothing: its Viewer sees all of the Company.
type bound struct{ source, employee string }

func (b bound) none() bool { return b == bound{} }

// bound is what the Viewer is bound to. A key of the central CRM's Source sees
// all of the Company; an Employee who is not known sees nothing.
func (t *Tenant) bound() bound {
	switch v := &t.Viewer; {
	case v.EmployeeID != "" || v.Kind == EmployeeViewer:
		return bound{employee: cmp.Or(v.EmployeeID, nobody)}
	case v.Source != crm:
		return bound{source: v.Source}
	}
	return bound{}
}

// whole fails with FORBIDDEN for a Viewer who is bound: what concerns the whole
// Company is none of an agency's or Employee's matters.
func (t *Tenant) whole(what string) error {
	switch b := t.bound(); {
	case b.employee != "":
		return fail(Forbidden, "", "an Employee works on their own Contacts; %s is for those who work for the whole Company", what)
	case b.source != "" && t.Viewer.UserID != "":
		return fail(Forbidden, "", "an AGENCY works on the Contacts of its Source %q; %s is for those who work for the whole Company", b.source, what)
	case b.source != "":
		return fail(Forbidden, "", "this key is bound to the Source %q; %s takes a key of the whole Company", b.source, what)
	}
	return nil
}

// speaks fails with FORBIDDEN for an Employee: what is said for a Source, and of
// whomever it knows, is not said by one of them.
func (t *Tenant) speaks(what string) error {
	if t.bound().employee != "" {
		return t.whole(what)
	}
	return nil
}

// mine narrows a list to Contacts that the Viewer may see; column holds a
// Contact's id, and the arguments count from a number: the Company, the mode and
// what the Viewer is bound to. It is "" for one who is bound to nothing.
func (t *Tenant) mine(column string, from int) (string, []any) {
	id, table, by, own := t.bound().place()
	if own == "" {
		return "", nil
	}
	return fmt.Sprintf("%s IN (SELECT %s FROM %s WHERE company_id = $%d AND mode = $%d AND %s = $%d)",
		column, id, table, from, from+1, by, from+2), []any{t.Company.Key, t.Mode, own}
}

// onlyMine is mine for a query that bun builds.
func (t *Tenant) onlyMine(q *bun.SelectQuery, column string) *bun.SelectQuery {
	id, table, by, own := t.bound().place()
	if own == "" {
		return q
	}
	return q.Where("? IN (SELECT ? FROM ? WHERE company_id = ? AND mode = ? AND ? = ?)",
		bun.Ident(column), bun.Ident(id), bun.Ident(table), t.Company.Key, t.Mode, bun.Ident(by), own)
}

// place is where it stands whose Contacts there are: the column of their ids
// and the table, and the column that has the bound's own value.
func (b bound) place() (id, table, by, own string) {
	if b.employee != "" {
		return "id", "contact", "employee_id", b.employee
	}
	return "contact_id", "contact_key", "source", b.source
}

// knows reports whether the Viewer may see a Contact.
func (t *Tenant) knows(c *Contact) bool {
	b := t.bound()
	return b.none() || b.employee != "" && c.EmployeeID == b.employee || b.source != "" && c.keys[b.source] != ""
}

// employs reports whether the Viewer may see an Employee.
func (t *Tenant) employs(e *Employee) bool {
	b := t.bound()
	return b.none() || b.employee != "" && e.ID == b.employee || b.source != "" && e.Source == b.source
}

// onlyEmployed is employs for a query over employee.
func (t *Tenant) onlyEmployed(q *bun.SelectQuery) *bun.SelectQuery {
	switch b := t.bound(); {
	case b.employee != "":
		return q.Where("id = ?", b.employee)
	case b.source != "":
		return q.Where("source = ?", b.source)
	}
	return q
}

// apart is a name that a Viewer chose, such as an idempotencyKey or a
// consumer's, as it is stored: those of a bound Viewer are no others'.
func (t *Tenant) apart(name string) string {
	switch b := t.bound(); {
	case b.employee != "":
		return "\x1f" + b.employee + "\x1f" + name
	case b.source != "":
		return b.source + "\x1f" + name
	}
	return name
}
