package profile

import (
	"cmp"
	"encoding/json"
	"slices"
	"unicode/utf8"
)

// A Change is one field's way from one value to another.
type Change struct {
	// Field is a path: familyName, emails[0].address, customFields.vehicle;
	// emails[1] for a whole entry that came (Before is null) or went (After is).
	// The number is the place in the list after the change; for what went, before.
	Field string `json:"field"`
	// Item is the entry's id; "" outside of lists.
	Item string `json:"item,omitempty"`
	// Before and After are JSON texts, numbers, booleans or null; for a whole
	// entry, an object of its fields.
	Before json.RawMessage `json:"before"`
	After  json.RawMessage `json:"after"`
}

var null = json.RawMessage("null")

// Diff tells what changed, in the order of the fields, entries by id. What
// Deliveries have shown of an entry (Health) is no change of data.
func Diff(before, after Profile) []Change {
	var changes []Change
	for i := range scalars {
		was, is := *before.scalar(scalars[i].field), *after.scalar(scalars[i].field)
		if was != is {
			changes = append(changes, Change{Field: scalars[i].name, Before: textJSON(was), After: textJSON(is)})
		}
	}
	for _, l := range [...]*list{&emailList, &phoneList, &addressList} {
		if !l.same(&before, &after) {
			changes = diffList(changes, l, l.entries(&before), l.entries(&after))
		}
	}
	return diffCustom(changes, before.CustomFields, after.CustomFields)
}

func diffList(changes []Change, l *list, before, after []entry) []Change {
	for i := range after {
		is := &after[i]
		was := byID(before, is.id)
		if was == nil {
			changes = append(changes, Change{Field: place(l, i), Item: is.id, Before: null, After: entryJSON(l, is)})
			continue
		}
		for leaf, name := range l.leaves {
			if was.leaves[leaf] != is.leaves[leaf] {
				changes = append(changes, Change{
					Field: place(l, i) + "." + name, Item: is.id,
					Before: textJSON(was.leaves[leaf]), After: textJSON(is.leaves[leaf]),
				})
			}
		}
	}
	for i := range before {
		was := &before[i]
		if byID(after, was.id) == nil {
			changes = append(changes, Change{Field: place(l, i), Item: was.id, Before: entryJSON(l, was), After: null})
		}
	}
	return changes
}

func byID(entries []entry, id string) *entry {
	for i := range entries {
		if entries[i].id == id {
			return &entries[i]
		}
	}
	return nil
}

func diffCustom(changes []Change, before, after map[string]any) []Change {
	if len(before) == 0 && len(after) == 0 {
		return changes
	}
	start := len(changes)
	for key, is := range after {
		if was := before[key]; !sameValue(was, is) {
			changes = append(changes, Change{Field: customName + "." + key, Before: valueJSON(was), After: valueJSON(is)})
		}
	}
	for key, was := range before {
		if _, still := after[key]; !still {
			changes = append(changes, Change{Field: customName + "." + key, Before: valueJSON(was), After: null})
		}
	}
	slices.SortFunc(changes[start:], func(a, b Change) int { return cmp.Compare(a.Field, b.Field) })
	return changes
}

// sameValue compares two custom fields' values. What Normalize does not let
// pass, and Go could not compare, is never the same.
func sameValue(a, b any) bool {
	switch a := a.(type) {
	case nil:
		return b == nil
	case string:
		b, ok := b.(string)
		return ok && a == b
	case float64:
		b, ok := b.(float64)
		return ok && a == b
	case bool:
		b, ok := b.(bool)
		return ok && a == b
	}
	return false
}

// entryJSON is a whole entry as a Change holds it: what was said, without id
// and Health.
func entryJSON(l *list, e *entry) json.RawMessage {
	out := make([]byte, 1, 160)
	out[0] = '{'
	for leaf, name := range l.leaves {
		if e.leaves[leaf] == "" {
			continue
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(out, '"')
		out = append(out, name...)
		out = append(out, '"', ':')
		out = appendText(out, e.leaves[leaf])
	}
	return append(out, '}')
}

// valueJSON is a custom field's value as a Change holds it.
func valueJSON(v any) json.RawMessage {
	if s, ok := v.(string); ok {
		return textJSON(s)
	}
	data, err := json.Marshal(v)
	if err != nil {
		return null // no value that Normalize lets pass
	}
	return data
}

// appendText writes a JSON string.
func appendText(dst []byte, s string) []byte {
	plain := utf8.ValidString(s)
	for i := 0; plain && i < len(s); i++ {
		plain = s[i] >= ' ' && s[i] != '"' && s[i] != '\\'
	}
	if !plain {
		quoted, err := json.Marshal(s)
		if err != nil {
			return append(dst, null...)
		}
		return append(dst, quoted...)
	}
	dst = append(dst, '"')
	dst = append(dst, s...)
	return append(dst, '"')
}
