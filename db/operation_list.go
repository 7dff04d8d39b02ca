package db

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/uptrace/bun"
)

// Operation returns one Operation; nil if there is none.
func (t *Tenant) Operation(ctx context.Context, id string) (*Operation, error) {
	if err := t.checkOperations(); err != nil {
		return nil, err
	}
	return t.operation(ctx, id)
}

func (t *Tenant) operation(ctx context.Context, id string) (*Operation, error) {
	op := new(Operation)
	found, err := one(ctx, t.operations(op).Where("id = ?", id))
	if err != nil || !found {
		return nil, err
	}
	return op, nil
}

// operations narrows a query to the Operations that the Viewer may see.
func (t *Tenant) operations(model any) *bun.SelectQuery {
	q := t.rows(model)
	if !t.Viewer.May(ContactsWrite) && !t.Viewer.May(EmployeesWrite) {
		q = q.Where("kind = ?", RequestsCreateOperation)
	}
	switch b := t.bound(); {
	case b.employee != "":
		return q.Where("1 = 0") // Operations are a Source's
	case b.source != "":
		return q.Where("source = ?", b.source)
	}
	return q
}

// checkOperations lets those see Operations who may start any. An Employee, who
// asks Contacts one by one, starts none.
func (t *Tenant) checkOperations() error {
	if t.Viewer.May(EmployeesWrite) || t.Viewer.May(RequestsWrite) && t.bound().employee == "" {
		return nil
	}
	return t.check(ContactsWrite)
}

// OperationsByID reads Operations by id, for those who have many to show at once.
func (t *Tenant) OperationsByID(ctx context.Context, ids []string) (map[string]*Operation, error) {
	found := map[string]*Operation{}
	if err := t.checkOperations(); err != nil || len(ids) == 0 {
		return found, err
	}
	var rows []*Operation
	if err := t.operations(&rows).Where("id IN ?", bun.Tuple(ids)).Scan(ctx); err != nil {
		return nil, fmt.Errorf("read Operations: %w", err)
	}
	for _, op := range rows {
		found[op.ID] = op
	}
	return found, nil
}

// Operations lists Operations, newest first.
func (t *Tenant) Operations(ctx context.Context, page Page) (*Connection[*Operation], error) {
	if err := t.checkOperations(); err != nil {
		return nil, err
	}
	w, err := page.window("operations", 1)
	if err != nil {
		return nil, err
	}
	var rows []*Operation
	q, err := order{columns: []string{"id"}, desc: true}.apply(t.operations(&rows), w)
	if err != nil {
		return nil, err
	}
	if err := q.Scan(ctx); err != nil {
		return nil, fmt.Errorf("read Operations: %w", err)
	}
	c := connect(rows, w, func(op *Operation) []string { return []string{op.ID} })
	c.count = func(ctx context.Context) (*int, error) {
		return countUpTo(ctx, t.store, t.operations((*Operation)(nil)).ColumnExpr("1"))
	}
	return c, nil
}

// OperationItemFilter narrows a list of items.
type OperationItemFilter struct{ Outcome *OperationOutcome }

// OperationItems lists an Operation's items in their order.
func (t *Tenant) OperationItems(ctx context.Context, op *Operation, page Page, filter OperationItemFilter) (*Connection[*OperationItem], error) {
	if err := t.checkOperations(); err != nil {
		return nil, err
	}
	w, err := page.window("items", 1)
	if err != nil {
		return nil, err
	}
	bounds, err := itemBounds(w)
	if err != nil {
		return nil, err
	}
	wanted := func(i *OperationItem) bool { return filter.Outcome == nil || *filter.Outcome == i.Outcome }
	items, err := t.itemsWithin(ctx, op, w, bounds, wanted)
	if err != nil {
		return nil, err
	}
	for _, i := range items {
		t.shownItem(i)
	}
	c := connect(items, w, func(i *OperationItem) []string { return []string{strconv.Itoa(i.Index)} })
	if filter.Outcome == nil {
		c.count = func(context.Context) (*int, error) { return op.Total, nil }
	} else {
		c.count = func(context.Context) (*int, error) { return op.outcomes(*filter.Outcome), nil }
	}
	return c, nil
}

// outcomes is how many items had an outcome, from the Operation's counters.
func (op *Operation) outcomes(o OperationOutcome) *int {
	switch o {
	case ItemCreated:
		return &op.Created
	case ItemSynced:
		return ptr(op.Synced - op.Unchanged)
	case ItemUnchanged:
		return &op.Unchanged
	case ItemDeleted:
		return &op.Deleted
	case ItemRejected:
		return &op.Rejected
	case ItemPending:
		if op.Total != nil {
			return ptr(*op.Total - op.Processed)
		}
	}
	return nil
}

// itemBounds are the lowest and the highest index that a window admits.
func itemBounds(w window) ([2]int, error) {
	bounds := [2]int{0, int(^uint(0) >> 1)}
	for i, key := range [][]string{w.after, w.before} {
		if key == nil {
			continue
		}
		n, err := strconv.Atoi(key[0])
		if err != nil {
			return bounds, badCursor([]string{"after", "before"}[i])
		}
		bounds[i] = n + 1 - 2*i
	}
	return bounds, nil
}

// itemsWithin collects up to one more item than the window's limit, in the
// direction in which the window reads.
func (t *Tenant) itemsWithin(ctx context.Context, op *Operation, w window, bounds [2]int, wanted func(*OperationItem) bool) ([]*OperationItem, error) {
	var items []*OperationItem
	add := func(i *OperationItem) bool {
		if i.Index >= bounds[0] && i.Index <= bounds[1] && wanted(i) {
			items = append(items, i)
		}
		return len(items) <= w.limit
	}
	pending := func() {
		if op.Total == nil {
			return
		}
		for n := range *op.Total - op.Processed {
			i := op.Processed + n
			if w.backward {
				i = *op.Total - 1 - n
			}
			if !add(&OperationItem{Index: i, Outcome: ItemPending}) {
				return
			}
		}
	}
	if w.backward {
		pending()
	}
	if len(items) <= w.limit {
		if err := t.finishedItems(ctx, op, w.backward, bounds, add); err != nil {
			return nil, err
		}
	}
	if !w.backward && len(items) <= w.limit {
		pending()
	}
	return items, nil
}

// finishedItems hands out the items of the slices, until add has enough.
func (t *Tenant) finishedItems(ctx context.Context, op *Operation, backward bool, bounds [2]int, add func(*OperationItem) bool) error {
	direction := "ASC"
	if backward {
		direction = "DESC"
	}
	rows, err := t.read(ctx, `SELECT items FROM operation_slice WHERE company_id = $1 AND mode = $2 AND operation_id = $3
		AND first_item > $4 AND first_item <= $5 ORDER BY first_item `+direction,
		t.Company.Key, t.Mode, op.ID, bounds[0]-sliceItems, min(bounds[1], op.Processed))
	if err != nil {
		return fmt.Errorf("read items: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var data []byte
		var items []*OperationItem
		if err := rows.Scan(&data); err != nil {
			return err
		}
		if err := json.Unmarshal(data, &items); err != nil {
			return fmt.Errorf("read items of %s: %w", op.ID, err)
		}
		for n := range items {
			i := n
			if backward {
				i = len(items) - 1 - n
			}
			if !add(items[i]) {
				return rows.Err()
			}
		}
	}
	return rows.Err()
}
