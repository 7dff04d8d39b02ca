package profile

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"
)

// Replay has the Contact say again, on this View, what changed on another when
// it was said at a time: for taking apart what was merged. stands tells of a
// word on the other View, for the same field, whether the Contact's still stood
// there; what has been overwritten since is left out. So are entries that this
// View does not have.
func (v View) Replay(changes []Change, at time.Time, stands func(c Change) bool) View {
	m := merger{out: v.Profile, ledger: ledger{Provenance: v.Provenance}, word: Word{By: Contact, At: at.UTC()}}
	for _, c := range changes {
		if stands(c) {
			m.replay(c)
		}
	}
	return View{m.out, m.Provenance}
}

func (m *merger) replay(c Change) {
	if key, custom := strings.CutPrefix(c.Field, customName+"."); custom {
		var value any
		if json.Unmarshal(c.After, &value) == nil {
			m.replayCustom(key, value)
		}
		return
	}
	for i := range scalars {
		if scalars[i].name == c.Field {
			text := jsonText(c.After)
			*m.out.scalar(scalars[i].field) = text
			m.setField(c.Field, m.word, text != "")
			return
		}
	}
	for _, l := range [...]*list{&emailList, &phoneList, &addressList} {
		if rest, ours := strings.CutPrefix(c.Field, l.name+"["); ours {
			_, leaf, _ := strings.Cut(rest, "].")
			m.replayEntry(l, leaf, c)
			return
		}
	}
}

func (m *merger) replayCustom(key string, value any) {
	m.out.CustomFields = maps.Clone(m.out.CustomFields)
	if m.out.CustomFields == nil {
		m.out.CustomFields = map[string]any{}
	}
	m.out.CustomFields[key] = value
	if value == nil {
		delete(m.out.CustomFields, key)
	}
	if len(m.out.CustomFields) == 0 {
		m.out.CustomFields = nil
	}
	m.setField(customName+"."+key, m.word, value != nil)
}

// replayEntry changes a leaf of an entry, or with leaf "" adds or removes one.
func (m *merger) replayEntry(l *list, leaf string, c Change) {
	entries := l.entries(&m.out)
	at := slices.IndexFunc(entries, func(e entry) bool { return e.id == c.Item })
	switch {
	case leaf != "" && at >= 0:
		e := &entries[at]
		was := l.identity(e)
		for i, name := range l.leaves {
			if name == leaf {
				e.leaves[i] = jsonText(c.After)
			}
		}
		words := m.entry(e.id)
		m.setEntry(e.id, append([]Word{m.word}, notOf(words, Contact)...)...)
		if l.identity(e) != was {
			m.bury(Tombstone{List: l.name, Key: was, Entry: e.id, At: m.word.At, By: sources(words)})
			m.setEntry(e.id, m.word)
		}
	case leaf == "" && at >= 0 && string(c.After) == "null":
		words := m.entry(c.Item)
		m.bury(Tombstone{List: l.name, Key: l.identity(&entries[at]), Entry: c.Item, At: m.word.At, By: sources(words)})
		m.setEntry(c.Item)
		entries = slices.Delete(entries, at, at+1)
	case leaf == "" && at < 0 && string(c.After) != "null":
		e := entry{id: c.Item}
		var values map[string]string
		if json.Unmarshal(c.After, &values) != nil {
			return
		}
		for i, name := range l.leaves {
			e.leaves[i] = values[name]
		}
		key := l.identity(&e)
		if slices.ContainsFunc(entries, func(x entry) bool { return l.identity(&x) == key }) {
			return
		}
		entries = append(entries, e)
		m.setEntry(e.id, m.word)
		m.unbury(func(t *Tombstone) bool { return t.List == l.name && t.Key == key })
	default:
		return
	}
	m.setList(l.name, m.word)
	l.put(&m.out, entries)
}

// jsonText is a text of a Change; "" for null.
func jsonText(data json.RawMessage) string {
	var text *string
	if json.Unmarshal(data, &text) != nil || text == nil {
		return ""
	}
	return *text
}

// Word is the word that a Change's field has on a View.
func (v View) Word(c Change) Word {
	if c.Item != "" {
		return v.Provenance.Entry(c.Item)
	}
	return v.Provenance.Field(c.Field)
}
