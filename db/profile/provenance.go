package profile

import (
	"maps"
	"slices"
	"time"
)

// A Word is who said something and when.
type Word struct {
	// By is "" where nobody ever had a value and the Contact left it at that.
	By   Speaker `json:"by,omitempty"`
	Rank int     `json:"rank,omitempty"` // of the Source, 0 the highest
	// At is when it was first said.
	At time.Time `json:"at,omitzero"`
	// Observed is when a Source last knew it to hold; zero: unknown.
	Observed time.Time `json:"observed,omitzero"`
	// Confirmed is when the Contact last saw it and left it as it was; zero: never.
	Confirmed time.Time `json:"confirmed,omitzero"`
}

// Provenance is who said what of a Profile, stored as one JSON document. It
// holds personal data (Gone) and is erased with the Profile.
type Provenance struct {
	// Base is the word for everything on file that has none of its own below, so
	// that the usual Contact, known from one Source, costs a single Word.
	Base Word `json:"base,omitzero"`
	// Fields holds words by field: familyName, customFields.vehicle. A field that
	// is empty on file is here if it was said to be.
	Fields map[string]Word `json:"fields,omitempty"`
	// Entries holds words by entry id: first whose word the values are, then the
	// other Sources that list the entry.
	Entries map[string][]Word `json:"entries,omitempty"`
	// Lists holds, by list, when the Contact and each Source last said all of it.
	Lists map[string][]Word `json:"lists,omitempty"`
	// Gone holds what Sources may still list although the Contact said otherwise.
	Gone []Tombstone `json:"gone,omitempty"`
}

// A Tombstone keeps an entry from coming back that the Contact removed or
// replaced, or that would have replaced the Contact's own.
type Tombstone struct {
	List  string    `json:"list"`
	Key   string    `json:"key"`   // the entry's identity
	Entry string    `json:"entry"` // id of what was removed, or stands in its place
	At    time.Time `json:"at"`    // of the Contact's word
	By    []Speaker `json:"by,omitempty"`
}

// Field is the word for a scalar or custom field (customFields.vehicle) that
// has a value on file.
func (p *Provenance) Field(name string) Word {
	if w, ok := p.Fields[name]; ok {
		return w
	}
	return p.Base
}

// Entry is the word for the values of an entry on file.
func (p *Provenance) Entry(id string) Word {
	if words := p.Entries[id]; len(words) > 0 {
		return words[0]
	}
	return p.Base
}

// A ledger is a Provenance under change: it copies what it writes to.
type ledger struct {
	Provenance
	ownFields, ownEntries, ownLists, ownGone bool
	changed                                  bool
}

// field is the word for a field; the zero Word where nobody said anything.
func (l *ledger) field(prefix, name string, present bool) Word {
	if len(l.Fields) > 0 {
		if w, ok := l.Fields[prefix+name]; ok {
			return w
		}
	}
	if present {
		return l.Base
	}
	return Word{}
}

// setField notes a word. present: the field has a value now.
func (l *ledger) setField(name string, w Word, present bool) {
	if present && w == l.Base {
		l.dropField(name)
		return
	}
	if !l.ownFields {
		l.Fields, l.ownFields = maps.Clone(l.Fields), true
	}
	if l.Fields == nil {
		l.Fields = map[string]Word{}
	}
	l.Fields[name] = w
	l.changed = true
}

// dropField forgets a word: nobody said anything, or Base did.
func (l *ledger) dropField(name string) {
	if _, ok := l.Fields[name]; !ok {
		return
	}
	if !l.ownFields {
		l.Fields, l.ownFields = maps.Clone(l.Fields), true
	}
	delete(l.Fields, name)
	if len(l.Fields) == 0 {
		l.Fields = nil
	}
	l.changed = true
}

// entry is the words for an entry on file; not to be changed.
func (l *ledger) entry(id string) []Word {
	if words := l.Entries[id]; len(words) > 0 {
		return words
	}
	if l.Base == (Word{}) {
		return nil
	}
	return []Word{l.Base}
}

// setEntry notes the words for an entry; none drops it.
func (l *ledger) setEntry(id string, words ...Word) {
	if len(words) == 1 && words[0] == l.Base {
		words = nil
	}
	if slices.Equal(l.Entries[id], words) {
		return
	}
	if !l.ownEntries {
		l.Entries, l.ownEntries = maps.Clone(l.Entries), true
	}
	if l.Entries == nil {
		l.Entries = map[string][]Word{}
	}
	l.Entries[id] = words
	if len(words) == 0 {
		delete(l.Entries, id)
	}
	if len(l.Entries) == 0 {
		l.Entries = nil
	}
	l.changed = true
}

// setList notes when the speaker of w said all of a list.
func (l *ledger) setList(name string, w Word) {
	words := l.Lists[name]
	at := slices.IndexFunc(words, func(x Word) bool { return x.By == w.By })
	if at >= 0 && words[at] == w {
		return
	}
	words = slices.Clone(words)
	if at >= 0 {
		words[at] = w
	} else {
		words = append(words, w)
	}
	if !l.ownLists {
		l.Lists, l.ownLists = maps.Clone(l.Lists), true
	}
	if l.Lists == nil {
		l.Lists = map[string][]Word{}
	}
	l.Lists[name] = words
	l.changed = true
}

// gone finds the tombstone of an identity; -1 if there is none.
func (l *ledger) gone(list, key string) int {
	return slices.IndexFunc(l.Gone, func(t Tombstone) bool { return t.List == list && t.Key == key })
}

// bury puts a tombstone, in the place of an older one of the same identity.
func (l *ledger) bury(t Tombstone) {
	l.copyGone()
	if i := l.gone(t.List, t.Key); i >= 0 {
		l.Gone[i] = t
		return
	}
	l.Gone = append(l.Gone, t)
}

// unbury takes away the tombstones that drop says, and lets it change the others.
func (l *ledger) unbury(drop func(t *Tombstone) bool) {
	if len(l.Gone) == 0 {
		return
	}
	was := l.Gone
	kept := make([]Tombstone, 0, len(was))
	for _, t := range was {
		if !drop(&t) {
			kept = append(kept, t)
		}
	}
	if slices.EqualFunc(was, kept, sameTombstone) {
		return
	}
	if len(kept) == 0 {
		kept = nil
	}
	l.Gone, l.ownGone, l.changed = kept, true, true
}

func (l *ledger) copyGone() {
	if !l.ownGone {
		l.Gone, l.ownGone = slices.Clone(l.Gone), true
	}
	l.changed = true
}

func sameTombstone(a, b Tombstone) bool {
	return a.List == b.List && a.Key == b.Key && a.Entry == b.Entry && a.At.Equal(b.At) && slices.Equal(a.By, b.By)
}

// rebase makes w the Base if nothing on file rests on the old one any more, and
// drops what it makes needless.
func (l *ledger) rebase(p *Profile, w Word) {
	if !l.changed || l.Base == w || l.restsOnBase(p) {
		return
	}
	l.Base = w
	for i := range scalars {
		if *p.scalar(scalars[i].field) != "" && l.Fields[scalars[i].name] == w {
			l.dropField(scalars[i].name)
		}
	}
	for key := range p.CustomFields {
		if l.Fields[customName+"."+key] == w {
			l.dropField(customName + "." + key)
		}
	}
	for id, words := range l.Entries {
		if len(words) == 1 && words[0] == w {
			l.setEntry(id, w)
		}
	}
}

func (l *ledger) restsOnBase(p *Profile) bool {
	for i := range scalars {
		if _, own := l.Fields[scalars[i].name]; !own && *p.scalar(scalars[i].field) != "" {
			return true
		}
	}
	for key := range p.CustomFields {
		if _, own := l.Fields[customName+"."+key]; !own {
			return true
		}
	}
	for _, e := range p.Emails {
		if len(l.Entries[e.ID]) == 0 {
			return true
		}
	}
	for _, n := range p.Phones {
		if len(l.Entries[n.ID]) == 0 {
			return true
		}
	}
	for _, a := range p.Addresses {
		if len(l.Entries[a.ID]) == 0 {
			return true
		}
	}
	return false
}
