package profile

import "slices"

// A listMerger merges what is said of one list.
type listMerger struct {
	*merger
	l      *list
	file   []entry
	rows   []entry
	rowOf  []int  // for each entry on file, the row that speaks of it, or -1
	fileOf []int  // for each row, its entry on file, or -1
	spoken []bool // for each entry on file: a refused row stands against it
	refuse []bool // for each row: it does not get its way
	out    []entry
}

// list merges one list. Rows are matched to entries on file by id (the
// Contact's alone carry one), by identity, and last, one remaining row and one
// remaining entry of the same use, as an edit.
func (m *merger) list(l *list) {
	rows := m.said.rows(l)
	if m.listUnchanged(l, rows) {
		return
	}
	file := l.entries(&m.out)
	for i := range file {
		file[i].key = l.identity(&file[i])
	}
	x := listMerger{
		merger: m, l: l, file: file, rows: rows,
		rowOf: unmatched(len(file)), fileOf: unmatched(len(rows)),
		spoken: make([]bool, len(file)), refuse: make([]bool, len(rows)),
		out: make([]entry, 0, len(file)+len(rows)),
	}
	x.match()
	if x.outdated() {
		x.keepAll()
		return
	}
	if m.said.By == Contact {
		x.pair(func(int) bool { return true })
		x.contact()
	} else {
		x.refuseGone()
		x.pair(x.knows)
		x.source()
	}
	after := Profile{}
	l.put(&after, x.out)
	if !l.same(&m.out, &after) {
		l.put(&m.out, x.out)
	}
}

func unmatched(n int) []int {
	none := make([]int, n)
	for i := range none {
		none[i] = -1
	}
	return none
}

// listUnchanged is the short way for the usual Sync: a list that only its
// Source ever spoke of, of unknown age, saying what is on file.
func (m *merger) listUnchanged(l *list, rows []entry) bool {
	if m.said.By == Contact || !m.word.Observed.IsZero() || m.Base.By != m.said.By ||
		len(m.Entries) > 0 || len(m.Gone) > 0 || len(m.Lists) > 0 {
		return false
	}
	file := l.entries(&m.out)
	if len(file) != len(rows) {
		return false
	}
	for i := range rows {
		if x := l.resaid(&file[i], &rows[i]); x.leaves != file[i].leaves || l.identity(&file[i]) != rows[i].key {
			return false
		}
	}
	return true
}

func (x *listMerger) join(file, row int) {
	x.rowOf[file], x.fileOf[row] = row, file
}

func (x *listMerger) match() {
	if x.said.By == Contact {
		for r := range x.rows {
			f := slices.IndexFunc(x.file, func(e entry) bool { return e.id == x.rows[r].id && e.id != "" })
			if f >= 0 && x.rowOf[f] < 0 {
				x.join(f, r)
			}
		}
	}
	for r := range x.rows {
		for f := range x.file {
			if x.fileOf[r] < 0 && x.rowOf[f] < 0 && x.file[f].key == x.rows[r].key {
				x.join(f, r)
			}
		}
	}
}

// pair joins one remaining row and one remaining entry of the same use. may
// tells whether an entry can be what the speaker now says otherwise.
func (x *listMerger) pair(may func(file int) bool) {
	for _, use := range [...]Use{UsePrivate, UseBusiness} {
		file, row, files, rows := 0, 0, 0, 0
		for f := range x.file {
			if x.rowOf[f] < 0 && !x.spoken[f] && Use(x.file[f].leaves[x.l.use()]) == use && may(f) {
				file, files = f, files+1
			}
		}
		for r := range x.rows {
			if x.fileOf[r] < 0 && !x.refuse[r] && useOf(x.l, &x.rows[r]) == use {
				row, rows = r, rows+1
			}
		}
		if files == 1 && rows == 1 {
			x.join(file, row)
		}
	}
}

// useOf is a row's use; PRIVATE where none was said.
func useOf(l *list, row *entry) Use {
	if use := row.leaves[l.use()]; use != "" {
		return Use(use)
	}
	return UsePrivate
}

// outdated reports whether the whole list is older than what the same speaker,
// or the Contact, has said of it since.
func (x *listMerger) outdated() bool {
	for _, w := range x.Lists[x.l.name] {
		switch {
		case x.said.By == Contact:
			if w.By == Contact && w.At.After(x.word.At) {
				return true
			}
		case w.By == x.said.By:
			if x.older(w) {
				return true
			}
		case w.By == Contact:
			if !x.word.Observed.IsZero() && !x.word.Observed.After(w.At) && !x.acked(w.At) {
				return true
			}
		}
	}
	return false
}

// keepAll leaves the list as it is and reports what was said otherwise.
func (x *listMerger) keepAll() {
	for f, row := range x.rowOf {
		if row >= 0 {
			x.keepEdit(f, row)
		} else if x.listed(x.file[f].id) {
			x.keepEntry(f)
		}
	}
	for r, file := range x.fileOf {
		if file < 0 {
			x.keepRow(r, "")
		}
	}
}

// refuseGone holds back rows that the Contact removed or replaced, until the
// Source may overwrite that.
func (x *listMerger) refuseGone() {
	for r := range x.rows {
		if x.fileOf[r] >= 0 {
			continue
		}
		i := x.gone(x.l.name, x.rows[r].key)
		if i < 0 || x.released(Word{By: Contact, At: x.Gone[i].At}) {
			continue
		}
		x.refuse[r] = true
		t := x.Gone[i]
		if !slices.Contains(t.By, x.said.By) {
			t.By = append(slices.Clone(t.By), x.said.By)
			x.bury(t)
		}
		f := slices.IndexFunc(x.file, func(e entry) bool { return e.id == t.Entry })
		if f >= 0 && x.rowOf[f] < 0 && !x.spoken[f] {
			x.spoken[f] = true
			x.keepEdit(f, r)
		} else {
			x.keepRow(r, t.Entry)
		}
	}
}

// forgotten reports tombstones that no Source needs any more, because this one
// has stopped listing the entry or got its way.
func (x *listMerger) forgotten(t *Tombstone) bool {
	if t.List != x.l.name {
		return false
	}
	for r := range x.rows {
		if x.rows[r].key == t.Key {
			return !x.refuse[r]
		}
	}
	t.By = slices.DeleteFunc(slices.Clone(t.By), func(s Speaker) bool { return s == x.said.By })
	return len(t.By) == 0
}

// knows reports whether an entry can be what the Source now says otherwise: it
// listed it, or what stood in its place, or acknowledged it, and nobody else
// lists it.
func (x *listMerger) knows(file int) bool {
	id := x.file[file].id
	for _, w := range x.entry(id) {
		if x.otherSource(w) {
			return false
		}
	}
	return x.listed(id)
}

// listed reports whether the speaker has said or acknowledged an entry, or
// listed what the Contact replaced by it.
func (x *listMerger) listed(id string) bool {
	for _, w := range x.entry(id) {
		if w.By == x.said.By || (w.By == Contact && x.acked(w.At)) {
			return true
		}
	}
	return slices.ContainsFunc(x.Gone, func(t Tombstone) bool {
		return t.Entry == id && slices.Contains(t.By, x.said.By)
	})
}
