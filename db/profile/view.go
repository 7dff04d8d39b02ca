package profile

import (
	"encoding/json"
	"maps"
	"slices"
	"time"
)

// A View is a Profile with who said what of it: what is on file, or what one
// Source alone knows.
type View struct {
	Profile    Profile    `json:"profile"`
	Provenance Provenance `json:"provenance"`
}

// Say is what a View becomes when its own Source says something.
func (v View) Say(said Statement, newID func(kind string) string) View {
	m := Merge(v.Profile, v.Provenance, said, newID)
	return View{m.Profile, m.Provenance}
}

// Only reports whether all words are those of one speaker.
func (p *Provenance) Only(s Speaker) bool {
	if p.Base.By != s && p.Base != (Word{}) || len(p.Gone) > 0 {
		return false
	}
	for _, w := range p.Fields {
		if w.By != s {
			return false
		}
	}
	for _, lists := range [...]map[string][]Word{p.Entries, p.Lists} {
		for _, words := range lists {
			if slices.ContainsFunc(words, func(w Word) bool { return w.By != s }) {
				return false
			}
		}
	}
	return true
}

// An Origin tells of one field that has a value, or was said to have none,
// whose word that is.
type Origin struct {
	// Field is a path: familyName, customFields.vehicle, emails[0] for a whole entry.
	Field string
	// Item is the entry's id; "" outside of lists.
	Item string
	// Value is JSON; for an entry, an object of its fields.
	Value json.RawMessage
	Word  Word
}

// Origins lists what is on file, in the order of the fields.
func (v View) Origins() []Origin {
	var origins []Origin
	p, words := &v.Profile, &v.Provenance
	add := func(name string, value json.RawMessage, present bool) {
		if _, said := words.Fields[name]; present || said {
			origins = append(origins, Origin{Field: name, Value: value, Word: words.Field(name)})
		}
	}
	for i := range scalars {
		text := *p.scalar(scalars[i].field)
		add(scalars[i].name, textJSON(text), text != "")
	}
	for _, l := range [...]*list{&emailList, &phoneList, &addressList} {
		for i, e := range l.entries(p) {
			origins = append(origins, Origin{Field: place(l, i), Item: e.id, Value: entryJSON(l, &e), Word: words.Entry(e.id)})
		}
	}
	for _, key := range v.customKeys() {
		value, present := p.CustomFields[key]
		add(customName+"."+key, valueJSON(value), present)
	}
	return origins
}

// customKeys are those that have a value or were said to have none, sorted.
func (v View) customKeys() []string {
	keys := map[string]bool{}
	for key := range v.Profile.CustomFields {
		keys[key] = true
	}
	for name := range v.Provenance.Fields {
		if len(name) > len(customName) && name[:len(customName)+1] == customName+"." {
			keys[name[len(customName)+1:]] = true
		}
	}
	return slices.Sorted(maps.Keys(keys))
}

// Where leaves of a View what fits: fields whose word does, entries for which
// any of their words does, and what the Contact removed, if its word does.
// Every word stands by itself then; there is no Base.
func (v View) Where(fits func(Word) bool) View {
	var out View
	p, words := &v.Profile, &v.Provenance
	out.Provenance.Fields = map[string]Word{}
	take := func(name string, present bool) bool {
		w, said := words.Fields[name]
		if !said && present {
			w = words.Base
		}
		if (said || present) && fits(w) {
			out.Provenance.Fields[name] = w
			return true
		}
		return false
	}
	for i := range scalars {
		text := *p.scalar(scalars[i].field)
		if take(scalars[i].name, text != "") {
			*out.Profile.scalar(scalars[i].field) = text
		}
	}
	for _, key := range v.customKeys() {
		value, present := p.CustomFields[key]
		if take(customName+"."+key, present) && present {
			if out.Profile.CustomFields == nil {
				out.Profile.CustomFields = map[string]any{}
			}
			out.Profile.CustomFields[key] = value
		}
	}
	v.listsWhere(fits, &out)
	return out
}

func (v View) listsWhere(fits func(Word) bool, out *View) {
	all := ledger{Provenance: v.Provenance}
	out.Provenance.Entries, out.Provenance.Lists = map[string][]Word{}, map[string][]Word{}
	kept := func(words []Word) []Word {
		return slices.DeleteFunc(slices.Clone(words), func(w Word) bool { return !fits(w) })
	}
	for _, l := range [...]*list{&emailList, &phoneList, &addressList} {
		var entries []entry
		for _, e := range l.entries(&v.Profile) {
			if words := kept(all.entry(e.id)); len(words) > 0 {
				entries = append(entries, e)
				out.Provenance.Entries[e.id] = words
			}
		}
		if len(entries) > 0 {
			l.put(&out.Profile, entries)
		}
		if words := kept(v.Provenance.Lists[l.name]); len(words) > 0 {
			out.Provenance.Lists[l.name] = words
		}
	}
	for _, t := range v.Provenance.Gone {
		if fits(Word{By: Contact, At: t.At}) {
			out.Provenance.Gone = append(out.Provenance.Gone, t)
		}
	}
}

// Of leaves what a Source says.
func (v View) Of(s Speaker) View {
	if v.Provenance.Only(s) {
		return v
	}
	return v.Where(func(w Word) bool { return w.By == s })
}

// Without leaves what somebody else than a Source says.
func (v View) Without(s Speaker) View {
	out := v.Where(func(w Word) bool { return w.By != s })
	out.Provenance.Gone = slices.Clone(out.Provenance.Gone)
	for i, t := range out.Provenance.Gone {
		out.Provenance.Gone[i].By = slices.DeleteFunc(slices.Clone(t.By), func(by Speaker) bool { return by == s })
	}
	return out
}

// Said takes a Source's View apart into what it said that an earlier View of
// it, before, does not have, a Statement for each field. now is for what it
// said to be no longer so, of which a View does not tell when.
func (v View) Said(before View, by Speaker, ranks map[Speaker]int, now time.Time) []Statement {
	var all []Statement
	statement := func(f Fields, w Word, present bool) *Statement {
		if !present && w.At.IsZero() {
			w.At = now
		}
		all = append(all, Statement{By: by, Rank: ranks[by], Ranks: ranks, At: w.At, Observed: w.Observed, says: f})
		return &all[len(all)-1]
	}
	for i := range scalars {
		f, name := scalars[i].field, scalars[i].name
		was, is := *before.Profile.scalar(f), *v.Profile.scalar(f)
		w := v.Provenance.Fields[name]
		if is != "" {
			w = v.Provenance.Field(name)
		}
		if was != is || is != "" && w != before.Provenance.Field(name) {
			*statement(f, w, is != "").scalars.scalar(f) = is
		}
	}
	for _, l := range [...]*list{&emailList, &phoneList, &addressList} {
		if !sameRows(l, &before.Profile, &v.Profile) {
			rows, w := v.rowsOf(l)
			s := statement(l.field, w, len(rows) > 0)
			switch l.field {
			case FieldEmails:
				s.emails = rows
			case FieldPhones:
				s.phones = rows
			default:
				s.addresses = rows
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(union(before.Profile.CustomFields, v.Profile.CustomFields))) {
		was, is := before.Profile.CustomFields[key], v.Profile.CustomFields[key]
		w := v.Provenance.Fields[customName+"."+key]
		if is != nil {
			w = v.Provenance.Field(customName + "." + key)
		}
		if !sameValue(was, is) {
			statement(FieldCustomFields, w, is != nil).custom = map[string]any{key: is}
		}
	}
	return all
}

// rowsOf is a list as a Source would say it again, and its newest word.
func (v View) rowsOf(l *list) ([]entry, Word) {
	var newest Word
	rows := l.entries(&v.Profile)
	for i := range rows {
		e := &rows[i]
		e.key = l.identity(e)
		if w := v.Provenance.Entry(e.id); !w.At.Before(newest.At) {
			newest.At, newest.Observed = w.At, later(newest.Observed, w.Observed)
		}
		for leaf := range l.leaves {
			e.said |= 1 << leaf
		}
		e.id = ""
	}
	for _, w := range v.Provenance.Lists[l.name] {
		newest.Observed = later(newest.Observed, w.Observed)
	}
	return rows, newest
}

// sameRows compares a list without ids, which differ from View to View.
func sameRows(l *list, a, b *Profile) bool {
	return slices.EqualFunc(l.entries(a), l.entries(b), func(x, y entry) bool { return x.leaves == y.leaves })
}

func union(a, b map[string]any) map[string]any {
	all := maps.Clone(a)
	if all == nil {
		all = map[string]any{}
	}
	for key, value := range b {
		all[key] = value
	}
	return all
}
