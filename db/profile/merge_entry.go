package profile

import "slices"

// contact applies the Contact's own list.
func (x *listMerger) contact() {
	for f := range x.file {
		e := &x.file[f]
		words := x.entry(e.id)
		row := x.rowOf[f]
		if row < 0 {
			x.setEntry(e.id)
			x.bury(Tombstone{List: x.l.name, Key: e.key, Entry: e.id, At: x.word.At, By: sources(words)})
			continue
		}
		said := &x.rows[row]
		switch next := x.l.edited(e, said); {
		case next.key != e.key:
			x.setEntry(e.id, x.word)
			x.bury(Tombstone{List: x.l.name, Key: e.key, Entry: e.id, At: x.word.At, By: sources(words)})
			x.out = append(x.out, next)
		case next.leaves != e.leaves:
			x.setEntry(e.id, append([]Word{x.word}, notOf(words, Contact)...)...)
			x.out = append(x.out, next)
		default:
			// Whose it was it stays; the word for the list says that the Contact saw it.
			if len(words) == 0 {
				x.setEntry(e.id, x.word)
			}
			x.out = append(x.out, *e)
		}
	}
	for r := range x.rows {
		if x.fileOf[r] < 0 {
			x.addRow(r)
		}
	}
	x.unbury(func(t *Tombstone) bool {
		return t.List == x.l.name && slices.ContainsFunc(x.out, func(e entry) bool { return e.key == t.Key })
	})
	x.setList(x.l.name, Word{By: Contact, At: x.word.At})
}

// source applies a Source's list.
func (x *listMerger) source() {
	for f := range x.file {
		e := &x.file[f]
		words := x.entry(e.id)
		row := x.rowOf[f]
		switch {
		case row < 0:
			x.unlisted(f, words)
		case x.rows[row].key == e.key:
			x.relisted(f, row, words)
		case len(words) == 0 || x.mayOverwrite(words[0]):
			x.setEntry(e.id, x.word)
			x.out = append(x.out, x.l.edited(e, &x.rows[row]))
		default:
			x.refuse[row] = true
			x.keepEdit(f, row)
			x.bury(Tombstone{List: x.l.name, Key: x.rows[row].key, Entry: e.id, At: words[0].At, By: []Speaker{x.said.By}})
			x.setEntry(e.id, notOf(words, x.said.By)...)
			x.out = append(x.out, *e)
		}
	}
	for r := range x.rows {
		if x.fileOf[r] < 0 && !x.refuse[r] {
			x.addRow(r)
		}
	}
	x.unbury(x.forgotten)
	if !x.word.Observed.IsZero() {
		x.setList(x.l.name, Word{By: x.word.By, Observed: x.word.Observed})
	}
}

// unlisted decides on an entry that the Source does not list.
func (x *listMerger) unlisted(f int, words []Word) {
	e := &x.file[f]
	others := notOf(words, x.said.By)
	switch {
	case slices.ContainsFunc(others, x.otherSource):
		x.setEntry(e.id, others...)
	case x.spoken[f]:
		x.setEntry(e.id, others...)
	case len(others) == 0 || x.released(others[0]):
		x.setEntry(e.id)
		return
	default:
		if x.listed(e.id) {
			x.keepEntry(f)
		}
		x.setEntry(e.id, others...)
	}
	x.out = append(x.out, *e)
}

// relisted decides on an entry that the Source lists too.
func (x *listMerger) relisted(f, row int, words []Word) {
	e := &x.file[f]
	next := x.l.resaid(e, &x.rows[row])
	switch {
	case next.leaves == e.leaves:
		x.agreeEntry(e.id, words)
	case len(words) == 0 || x.mayOverwrite(words[0]):
		rest := notOf(notOf(words, Contact), x.said.By)
		x.setEntry(e.id, append([]Word{x.word}, rest...)...)
		e = &next
	default:
		x.keepEdit(f, row)
		x.agreeEntry(e.id, words)
	}
	x.out = append(x.out, *e)
}

// agreeEntry notes that the Source lists an entry as well.
func (x *listMerger) agreeEntry(id string, words []Word) {
	at := slices.IndexFunc(words, func(w Word) bool { return w.By == x.said.By })
	switch {
	case at < 0:
		x.setEntry(id, append(slices.Clone(words), x.word)...)
	case x.word.Observed.After(words[at].Observed):
		words = slices.Clone(words)
		words[at] = x.word
		x.setEntry(id, words...)
	}
}

// addRow puts a new entry at the end.
func (x *listMerger) addRow(r int) {
	e := x.rows[r]
	e.id, e.said, e.health = x.newID(x.l.kind), 0, ""
	e.leaves[x.l.use()] = string(useOf(x.l, &x.rows[r]))
	x.out = append(x.out, e)
	x.setEntry(e.id, x.word)
}

func notOf(words []Word, s Speaker) []Word {
	var rest []Word
	for _, w := range words {
		if w.By != s {
			rest = append(rest, w)
		}
	}
	return rest
}

func sources(words []Word) []Speaker {
	var by []Speaker
	for _, w := range words {
		if w.By != Contact && w.By != "" {
			by = append(by, w.By)
		}
	}
	return by
}
