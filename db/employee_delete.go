package db

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"complero/db/profile"
)

// deleteEmployees deletes the Employees of a slice. Their Contacts go to the
// Employee who takes over, or are left without one.
func (x *tx) deleteEmployees(ctx context.Context, op *Operation, externalIDs []string, first int) ([]*OperationItem, error) {
	known, err := x.employeeIDs(ctx, append([]string{op.Options.ReassignTo}, externalIDs...))
	if err != nil {
		return nil, err
	}
	if err := x.onlyOwn(ctx, op, known); err != nil {
		return nil, err
	}
	heir := known[op.Options.ReassignTo]
	items := make([]*OperationItem, len(externalIDs))
	for n, external := range externalIDs {
		items[n] = &OperationItem{Index: first + n, ExternalID: nullable(external), Outcome: ItemRejected}
		reject := func(code Code, message string) {
			items[n].Errors = Errors{{Code: code, Path: []string{"externalIds", strconv.Itoa(first + n)}, Message: message}}
		}
		id := known[strings.TrimSpace(external)]
		switch {
		case id == "":
			reject(NotFoundCode, fmt.Sprintf("there is no Employee %q", external))
			continue
		case op.Options.ReassignTo != "" && heir == "":
			reject(NotFoundCode, fmt.Sprintf("there is no Employee %q any more to take the Contacts over", op.Options.ReassignTo))
			continue
		}
		delete(known, external)
		if err := x.reassign(ctx, op, id, external, heir); err != nil {
			return nil, err
		}
		if _, err := x.exec(ctx, "DELETE FROM employee WHERE company_id = $1 AND mode = $2 AND id = $3", x.company, x.mode, id); err != nil {
			return nil, fmt.Errorf("delete Employee: %w", err)
		}
		if err := x.clearDesk(ctx, id); err != nil {
			return nil, err
		}
		x.employeesChanged = true
		items[n].Outcome = ItemDeleted
	}
	return items, nil
}

// reassign gives all Contacts of one Employee to another, each with its event.
func (x *tx) reassign(ctx context.Context, op *Operation, from, fromName, to string) error {
	rows, err := x.query(ctx, "SELECT id FROM contact WHERE company_id = $1 AND mode = $2 AND employee_id = $3", x.company, x.mode, from)
	ids, err := scanIDs(rows, err)
	if err != nil {
		return fmt.Errorf("find the Employee's Contacts: %w", err)
	}
	contacts, err := x.lockContacts(ctx, ids)
	if err != nil {
		return err
	}
	change := profile.Change{Field: "employee", Before: json.RawMessage(jsonOf(fromName))}
	if to != "" {
		change.After = json.RawMessage(jsonOf(op.Options.ReassignTo))
	}
	for _, id := range ids {
		c := contacts[id]
		if c == nil || c.EmployeeID != from {
			continue
		}
		c.EmployeeID = to
		e := c.event(ReassignEvent)
		e.OperationID, e.changes = op.ID, []profile.Change{change}
		x.record(e)
		x.moveContact(from, to)
	}
	_, err = x.exec(ctx, "UPDATE contact SET employee_id = $4, updated_at = $5 WHERE company_id = $1 AND mode = $2 AND employee_id = $3",
		x.company, x.mode, from, nullable(to), x.now)
	return err
}
