package profile

import (
	"encoding/json"
	"maps"
	"time"
)

// Merged is what a Merge comes to.
type Merged struct {
	Profile    Profile
	Provenance Provenance
	// ProvenanceChanged tells that Provenance differs from what was on file,
	// which can be although no Change is: somebody else said the same, or later.
	ProvenanceChanged bool
	// Changes lead from what was on file to Profile.
	Changes []Change
	// Kept is what the speaker did not get its way with: Before is on file and
	// stays, After is what it said.
	Kept []Change
}

// Merge decides field by field between what is on file and what is now said.
//
// The Contact's statement applies entirely, unless the Contact has said
// something newer. What it changes becomes the Contact's word; what it leaves
// as it is stays whose it was, confirmed at that time: a Source that observed
// another value before does not change it any more.
//
// A Source overwrites the Contact's word only if it has acknowledged it, or
// observed its own value after it; its own word unless it observed it later;
// another Source's if it ranks as high or higher, or observed its value later.
// What is of unknown age is applied in the order in which it comes, but never
// beats the Contact. That one Source has no value takes away its own and not
// another Source's. Lists are said as a whole and matched by identity.
//
// newID makes ids for new entries; kind is email, phone or address. The
// arguments are never changed; the result shares what is the same with them.
func Merge(file Profile, prov Provenance, said Statement, newID func(kind string) string) Merged {
	m := merger{said: &said, word: said.word(), out: file, ledger: ledger{Provenance: prov}, newID: newID}
	if m.Base == (Word{}) && file.empty() {
		m.Base, m.changed = m.word, true
	}
	for i := range scalars {
		if said.says.Has(scalars[i].field) {
			m.scalar(&scalars[i])
		}
	}
	for _, l := range [...]*list{&emailList, &phoneList, &addressList} {
		if said.says.Has(l.field) {
			m.list(l)
		}
	}
	if said.says.Has(FieldCustomFields) {
		m.custom()
	}
	m.rebase(&m.out, m.word)
	return Merged{
		Profile: m.out, Provenance: m.Provenance, ProvenanceChanged: m.changed,
		Changes: Diff(file, m.out), Kept: m.kept,
	}
}

// A merger holds one Merge.
type merger struct {
	said *Statement
	word Word // of what is said
	out  Profile
	ledger
	ownCustom bool // out.CustomFields is a copy
	kept      []Change
	newID     func(kind string) string
}

func (m *merger) scalar(sc *scalarField) {
	on, said := m.out.scalar(sc.field), *m.said.scalars.scalar(sc.field)
	switch m.decide("", sc.name, *on != "", said != "", *on == said) {
	case apply:
		*on = said
	case keep:
		m.kept = append(m.kept, Change{Field: sc.name, Before: textJSON(*on), After: textJSON(said)})
	}
}

func (m *merger) custom() {
	for _, key := range sortedKeys(m.said.custom) {
		m.customKey(key, m.said.custom[key])
	}
	if !m.said.noCustom {
		return
	}
	for _, key := range sortedKeys(m.out.CustomFields) {
		m.customKey(key, nil)
	}
}

func (m *merger) customKey(key string, said any) {
	on := m.out.CustomFields[key]
	switch m.decide(customName+".", key, on != nil, said != nil, sameValue(on, said)) {
	case apply:
		if !m.ownCustom {
			m.out.CustomFields, m.ownCustom = maps.Clone(m.out.CustomFields), true
		}
		if m.out.CustomFields == nil {
			m.out.CustomFields = map[string]any{}
		}
		m.out.CustomFields[key] = said
		if said == nil {
			delete(m.out.CustomFields, key)
		}
		if len(m.out.CustomFields) == 0 {
			m.out.CustomFields = nil
		}
	case keep:
		m.kept = append(m.kept, Change{Field: customName + "." + key, Before: valueJSON(on), After: valueJSON(said)})
	}
}

// A verdict is what becomes of one field.
type verdict int

const (
	leave verdict = iota // there is nothing to do
	apply
	keep // and report it
)

// decide judges one field and notes whose word it is from now on. on and said:
// there is a value on file, the statement has one; equal: they are the same.
func (m *merger) decide(prefix, name string, on, said, equal bool) verdict {
	v := m.field(prefix, name, on)
	if equal {
		if w := m.agree(v, on); w != v {
			m.setField(prefix+name, w, on)
		}
		return leave
	}
	if !said && m.otherSource(v) {
		return leave // has none, which does not gainsay the other
	}
	if !m.mayOverwrite(v) {
		return keep
	}
	if !said && m.said.By != Contact && m.word.Observed.IsZero() {
		m.dropField(prefix + name) // of no use to any later decision
	} else {
		m.setField(prefix+name, m.word, said)
	}
	return apply
}

// agree is the word for a value that the speaker has just said too.
func (m *merger) agree(v Word, present bool) Word {
	if m.said.By == Contact {
		if v.By != Contact || m.word.At.After(v.At) {
			v.Confirmed = later(v.Confirmed, m.word.At)
		}
		return v
	}
	newer := m.word.Observed.After(v.Observed)
	switch {
	case v.By == Contact:
		if m.word.Observed.After(v.At) && newer {
			v.Observed = m.word.Observed
		}
		return v
	case newer, present && v.By == "", m.otherSource(v) && present && m.word.Rank < m.rank(v) && !m.older(v):
		w := m.word
		w.Confirmed = v.Confirmed
		return w
	}
	return v
}

// mayOverwrite reports whether the speaker's word goes before v.
func (m *merger) mayOverwrite(v Word) bool {
	switch {
	case m.said.By == Contact:
		return v.By != Contact || !v.At.After(m.word.At)
	case v.By == Contact:
		return m.released(v)
	case m.otherSource(v):
		return m.newer(v) || (m.word.Rank <= m.rank(v) && !m.older(v))
	}
	return !m.older(v)
}

// rank is that of the Source whose word v is, as it is now if that is known.
func (m *merger) rank(v Word) int {
	if rank, known := m.said.Ranks[v.By]; known {
		return rank
	}
	return v.Rank
}

// released reports whether a Source may overwrite the Contact's word v.
func (m *merger) released(v Word) bool {
	return !m.older(v) && (m.acked(v.At) || m.word.Observed.After(later(v.At, v.Observed)))
}

// acked reports whether the Source has acknowledged what the Contact said at t.
func (m *merger) acked(t time.Time) bool {
	return !m.said.AckedThrough.IsZero() && !t.After(m.said.AckedThrough)
}

func (m *merger) otherSource(v Word) bool {
	return v.By != "" && v.By != Contact && m.said.By != Contact && v.By != m.said.By
}

// older reports whether the Source is known to have observed its value before v
// was, or before the Contact saw v and left it, unless it has acknowledged that.
func (m *merger) older(v Word) bool {
	if m.word.Observed.IsZero() {
		return false
	}
	return m.word.Observed.Before(v.Observed) ||
		(!v.Confirmed.IsZero() && !m.word.Observed.After(v.Confirmed) && !m.acked(v.Confirmed))
}

// newer reports whether the value is known to have been observed after v was.
func (m *merger) newer(v Word) bool {
	return !v.Observed.IsZero() && m.word.Observed.After(v.Observed)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// textJSON is a text as a Change holds it; null for none.
func textJSON(s string) json.RawMessage {
	if s == "" {
		return null
	}
	return appendText(nil, s)
}
