package profile

import (
	"slices"
	"time"
)

// Join adds to a View what is on file of the same person elsewhere. Between two
// words for a field it decides as Merge does, but the Contact's newest word
// wins. Lists are united: entries that are the same one stay one, and what the
// Contact removed on either side stays away. Entries keep their ids. The
// arguments are never changed; ranks are those of the Sources now.
func (v View) Join(other View, ranks map[Speaker]int) View {
	m := merger{out: v.Profile, ledger: ledger{Provenance: v.Provenance}}
	for i := range scalars {
		name, said := scalars[i].name, *other.Profile.scalar(scalars[i].field)
		if m.hear(&other, name, *m.out.scalar(scalars[i].field) != "", said != "", ranks) {
			*m.said.scalars.scalar(scalars[i].field) = said
			m.scalar(&scalars[i])
		}
	}
	for _, key := range other.customKeys() {
		value, present := other.Profile.CustomFields[key]
		if m.hear(&other, customName+"."+key, m.out.CustomFields[key] != nil, present, ranks) {
			m.customKey(key, value)
		}
	}
	for _, l := range [...]*list{&emailList, &phoneList, &addressList} {
		m.joinList(l, &other, ranks)
	}
	return View{m.out, m.Provenance}
}

// hear makes the other side's word for a field the one that speaks next; false
// if it has none, or what is on file was observed after the Contact said that.
// on and present: there is a value on file, there is one on the other side.
func (m *merger) hear(other *View, name string, on, present bool, ranks map[Speaker]int) bool {
	w, said := other.Provenance.Fields[name]
	if !said && present {
		w = other.Provenance.Base
	}
	if !said && !present {
		return false
	}
	m.speak(w, ranks)
	v := m.field("", name, on)
	return w.By != Contact || v.By == Contact || v.By == "" || !v.Observed.After(w.At)
}

func (m *merger) speak(w Word, ranks map[Speaker]int) {
	rank, known := ranks[w.By]
	if !known {
		rank = w.Rank
	}
	m.said = &Statement{By: w.By, Rank: rank, Ranks: ranks, At: w.At, Observed: w.Observed}
	m.word = w
}

// joinList unites one list.
func (m *merger) joinList(l *list, other *View, ranks map[Speaker]int) {
	theirs := ledger{Provenance: other.Provenance}
	mine, added := l.entries(&m.out), l.entries(&other.Profile)
	for i := range mine {
		mine[i].key = l.identity(&mine[i])
	}
	for i := range added {
		e := &added[i]
		e.key = l.identity(e)
		words := theirs.entry(e.id)
		at := slices.IndexFunc(mine, func(x entry) bool { return x.id == e.id })
		if at < 0 {
			at = slices.IndexFunc(mine, func(x entry) bool { return x.key == e.key })
		}
		switch {
		case at >= 0:
			m.joinEntry(l, &mine[at], e, words, ranks)
		case !m.buried(l, e.key, words):
			mine = append(mine, *e)
			m.setEntry(e.id, words...)
		}
	}
	mine = slices.DeleteFunc(mine, func(e entry) bool { return m.removed(l, &e, other.Provenance.Gone) })
	for _, t := range other.Provenance.Gone {
		if t.List == l.name && m.gone(l.name, t.Key) < 0 && !slices.ContainsFunc(mine, func(e entry) bool { return e.key == t.Key }) {
			m.bury(t)
		}
	}
	m.unbury(func(t *Tombstone) bool {
		return t.List == l.name && slices.ContainsFunc(mine, func(e entry) bool { return e.key == t.Key })
	})
	for _, w := range other.Provenance.Lists[l.name] {
		if x := slices.IndexFunc(m.Lists[l.name], func(x Word) bool { return x.By == w.By }); x >= 0 {
			have := m.Lists[l.name][x]
			w.At, w.Observed = later(w.At, have.At), later(w.Observed, have.Observed)
		}
		m.setList(l.name, w)
	}
	after := Profile{}
	l.put(&after, mine)
	if !l.same(&m.out, &after) {
		l.put(&m.out, mine)
	}
}

// joinEntry unites two entries that are the same one: the values are those of
// the word that goes before the other.
func (m *merger) joinEntry(l *list, mine, theirs *entry, words []Word, ranks map[Speaker]int) {
	have := m.entry(mine.id)
	rest := slices.Clone(have)
	for _, w := range words {
		if !slices.ContainsFunc(rest, func(x Word) bool { return x.By == w.By }) {
			rest = append(rest, w)
		}
	}
	if len(words) == 0 || len(have) == 0 {
		m.setEntry(mine.id, rest...)
		return
	}
	m.speak(words[0], ranks)
	if mine.leaves != theirs.leaves && m.mayOverwrite(have[0]) {
		mine.leaves, mine.key = theirs.leaves, l.identity(theirs)
		rest = append([]Word{words[0]}, notOf(rest, words[0].By)...)
	}
	m.setEntry(mine.id, rest...)
}

// buried reports whether the Contact removed what others list, and none of
// them is known to have observed it since.
func (m *merger) buried(l *list, key string, words []Word) bool {
	i := m.gone(l.name, key)
	if i < 0 || since(words, m.Gone[i].At) {
		return false
	}
	t := m.Gone[i]
	for _, by := range sources(words) {
		if !slices.Contains(t.By, by) {
			t.By = append(slices.Clone(t.By), by)
		}
	}
	m.bury(t)
	return true
}

// removed reports whether the Contact removed an entry on the other side, and
// takes its word away then.
func (m *merger) removed(l *list, e *entry, gone []Tombstone) bool {
	words := m.entry(e.id)
	i := slices.IndexFunc(gone, func(t Tombstone) bool { return t.List == l.name && t.Key == e.key })
	if i < 0 || since(words, gone[i].At) {
		return false
	}
	t := gone[i]
	t.By = slices.Clone(t.By)
	for _, by := range sources(words) {
		if !slices.Contains(t.By, by) {
			t.By = append(t.By, by)
		}
	}
	m.bury(t)
	m.setEntry(e.id)
	return true
}

// since reports whether the Contact said, or a Source observed, something
// after a moment.
func since(words []Word, at time.Time) bool {
	return slices.ContainsFunc(words, func(w Word) bool {
		return w.By == Contact && w.At.After(at) || w.By != Contact && w.Observed.After(at)
	})
}
