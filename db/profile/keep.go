package profile

import "strconv"

// keepEdit reports that an entry stays as it is although a row says otherwise.
// Spelling is no other statement.
func (x *listMerger) keepEdit(f, row int) {
	e := &x.file[f]
	said := x.l.edited(e, &x.rows[row])
	for leaf, name := range x.l.leaves {
		before, after := e.leaves[leaf], said.leaves[leaf]
		if before == after || (said.key == e.key && (x.l.known.has(leaf) || sameSpelling(before, after))) {
			continue
		}
		x.kept = append(x.kept, Change{
			Field: place(x.l, f) + "." + name, Item: e.id,
			Before: textJSON(before), After: textJSON(after),
		})
	}
}

// keepEntry reports that an entry stays although the speaker lists it no longer.
func (x *listMerger) keepEntry(f int) {
	e := &x.file[f]
	x.kept = append(x.kept, Change{Field: place(x.l, f), Item: e.id, Before: entryJSON(x.l, e), After: null})
}

// keepRow reports that a row was not added. id is that of the entry which the
// Contact removed, if it was on file once.
func (x *listMerger) keepRow(r int, id string) {
	row := x.rows[r]
	row.leaves[x.l.use()] = string(useOf(x.l, &row))
	x.kept = append(x.kept, Change{Field: place(x.l, len(x.file)), Item: id, Before: null, After: entryJSON(x.l, &row)})
}

// place names an entry by its place: emails[0].
func place(l *list, i int) string { return l.name + "[" + strconv.Itoa(i) + "]" }
