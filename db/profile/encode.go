package profile

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

// A Profile and its Provenance are written and read with every upload item and
// every answer, where encoding/json's way by reflection takes longer than the
// merging. What is written here is what encoding/json would write, but for the
// escaping of < > and &, and for Words that repeat.

// An encoder writes JSON.
type encoder struct {
	out     []byte
	spelled []Word // those that stand in out
}

// AppendJSON adds the document that a Profile is stored as.
func (p *Profile) AppendJSON(b []byte) []byte {
	e := encoder{out: append(b, '{')}
	for i := range scalars {
		e.text(scalars[i].name, *p.scalar(scalars[i].field))
	}
	if len(p.Emails) > 0 {
		e.key("emails")
		for i := range p.Emails {
			p.Emails[i].append(&e, i)
		}
		e.out = append(e.out, ']')
	}
	if len(p.Phones) > 0 {
		e.key("phones")
		for i := range p.Phones {
			p.Phones[i].append(&e, i)
		}
		e.out = append(e.out, ']')
	}
	if len(p.Addresses) > 0 {
		e.key("addresses")
		for i := range p.Addresses {
			p.Addresses[i].append(&e, i)
		}
		e.out = append(e.out, ']')
	}
	if len(p.CustomFields) > 0 {
		e.key(customName)
		e.open('{', 0)
		for _, key := range slices.Sorted(maps.Keys(p.CustomFields)) {
			e.key(key)
			e.any(p.CustomFields[key])
		}
		e.out = append(e.out, '}')
	}
	return append(e.out, '}')
}

func (m *Email) append(e *encoder, i int) {
	e.row(i)
	e.text("id", m.ID)
	e.key("address")
	e.quote(m.Address)
	e.key("use")
	e.quote(string(m.Use))
	e.text("health", string(m.Health))
	e.out = append(e.out, '}')
}

func (n *Phone) append(e *encoder, i int) {
	e.row(i)
	e.text("id", n.ID)
	e.key("number")
	e.quote(n.Number)
	e.key("kind")
	e.quote(string(n.Kind))
	e.key("use")
	e.quote(string(n.Use))
	e.text("health", string(n.Health))
	e.out = append(e.out, '}')
}

func (a *Address) append(e *encoder, i int) {
	e.row(i)
	e.text("id", a.ID)
	e.text("street", a.Street)
	e.text("houseNumber", a.HouseNumber)
	e.text("addition", a.Addition)
	e.text("postalCode", a.PostalCode)
	e.text("city", a.City)
	e.text("region", a.Region)
	e.key("countryCode")
	e.quote(a.CountryCode)
	e.key("use")
	e.quote(string(a.Use))
	e.text("health", string(a.Health))
	e.out = append(e.out, '}')
}

// AppendJSON adds the document that a Provenance is stored as.
func (p *Provenance) AppendJSON(b []byte) []byte {
	e := encoder{out: append(b, '{')}
	if p.Base != (Word{}) {
		e.key("base")
		e.word(&p.Base)
	}
	if len(p.Fields) > 0 {
		e.key("fields")
		e.open('{', 0)
		for _, name := range slices.Sorted(maps.Keys(p.Fields)) {
			w := p.Fields[name]
			e.key(name)
			e.word(&w)
		}
		e.out = append(e.out, '}')
	}
	e.words("entries", p.Entries)
	e.words("lists", p.Lists)
	if len(p.Gone) > 0 {
		e.key("gone")
		for i := range p.Gone {
			e.tombstone(&p.Gone[i], i)
		}
		e.out = append(e.out, ']')
	}
	return append(e.out, '}')
}

func (e *encoder) words(name string, words map[string][]Word) {
	if len(words) == 0 {
		return
	}
	e.key(name)
	e.open('{', 0)
	for _, key := range slices.Sorted(maps.Keys(words)) {
		e.key(key)
		e.out = append(e.out, '[')
		for i := range words[key] {
			if i > 0 {
				e.out = append(e.out, ',')
			}
			e.word(&words[key][i])
		}
		e.out = append(e.out, ']')
	}
	e.out = append(e.out, '}')
}

// word adds a Word, or its number among those before it, if it is one of them:
// an answer leaves the same two or three in all that it has touched.
func (e *encoder) word(w *Word) {
	if n := slices.Index(e.spelled, *w); n >= 0 {
		e.out = strconv.AppendInt(e.out, int64(n), 10)
		return
	}
	e.spelled = append(e.spelled, *w)
	e.open('{', 0)
	e.text("by", string(w.By))
	if w.Rank != 0 {
		e.key("rank")
		e.out = strconv.AppendInt(e.out, int64(w.Rank), 10)
	}
	e.time("at", w.At)
	e.time("observed", w.Observed)
	e.time("confirmed", w.Confirmed)
	e.out = append(e.out, '}')
}

func (e *encoder) tombstone(t *Tombstone, i int) {
	e.row(i)
	e.key("list")
	e.quote(t.List)
	e.key("key")
	e.quote(t.Key)
	e.key("entry")
	e.quote(t.Entry)
	e.key("at")
	e.moment(t.At)
	if len(t.By) > 0 {
		e.key("by")
		for k, by := range t.By {
			e.open('[', k)
			e.quote(string(by))
		}
		e.out = append(e.out, ']')
	}
	e.out = append(e.out, '}')
}

// AppendChanges adds the list that an event's values are.
func AppendChanges(b []byte, changes []Change) []byte {
	if len(changes) == 0 {
		return append(b, "[]"...)
	}
	e := encoder{out: b}
	for i := range changes {
		c := &changes[i]
		e.row(i)
		e.key("field")
		e.quote(c.Field)
		e.text("item", c.Item)
		e.key("before")
		e.raw(c.Before)
		e.key("after")
		e.raw(c.After)
		e.out = append(e.out, '}')
	}
	return append(e.out, ']')
}

// open begins a list's or object's n-th part: with the bracket if it is the
// first, else with a comma.
func (e *encoder) open(bracket byte, n int) {
	if n > 0 {
		bracket = ','
	}
	e.out = append(e.out, bracket)
}

// row begins the n-th object of a list.
func (e *encoder) row(n int) {
	e.open('[', n)
	e.out = append(e.out, '{')
}

// key writes a key, behind a comma unless it is its object's first.
func (e *encoder) key(name string) {
	if e.out[len(e.out)-1] != '{' {
		e.out = append(e.out, ',')
	}
	e.quote(name)
	e.out = append(e.out, ':')
}

// text writes a key with a text, unless it is empty.
func (e *encoder) text(name, value string) {
	if value != "" {
		e.key(name)
		e.quote(value)
	}
}

// time writes a key with a moment, unless it is zero.
func (e *encoder) time(name string, t time.Time) {
	if !t.IsZero() {
		e.key(name)
		e.moment(t)
	}
}

func (e *encoder) moment(t time.Time) {
	e.out = append(e.out, '"')
	e.out = t.AppendFormat(e.out, time.RFC3339Nano)
	e.out = append(e.out, '"')
}

func (e *encoder) raw(value json.RawMessage) {
	if len(value) == 0 {
		value = null
	}
	e.out = append(e.out, value...)
}

func (e *encoder) any(value any) {
	if s, ok := value.(string); ok {
		e.quote(s)
		return
	}
	b, err := json.Marshal(value)
	if err != nil {
		b = null // no value of a custom field is such
	}
	e.out = append(e.out, b...)
}

// quote writes a JSON string.
func (e *encoder) quote(s string) {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			e.quoteSpecial(s)
			return
		}
	}
	e.out = append(e.out, '"')
	e.out = append(e.out, s...)
	e.out = append(e.out, '"')
}

// quoteSpecial writes a string that is not all plain ASCII.
func (e *encoder) quoteSpecial(s string) {
	start := len(e.out)
	e.out = append(e.out, '"')
	for _, r := range s {
		if r < ' ' || r == '"' || r == '\\' || r == utf8.RuneError {
			b, err := json.Marshal(s)
			if err != nil {
				b = []byte(`""`) // no text is such
			}
			e.out = append(e.out[:start], b...)
			return
		}
	}
	e.out = append(e.out, s...)
	e.out = append(e.out, '"')
}
