package db

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// metadata is what each Source has a Contact carry for it, by the Source's
// key: JSON objects that come back in events and that nobody here looks into.
// The Contact never sees it, and it is erased with the Contact. It is shared
// and never changed.
type metadata map[string]json.RawMessage

// said is the metadata after a Source said something, and whether that changes
// it; nil says nothing, a JSON null takes the Source's away.
func (m metadata) said(source string, said json.RawMessage) (metadata, bool) {
	if said == nil {
		return m, false
	}
	raw := jsonOf(said) // spelt as it will be read
	if raw == "null" {
		if _, found := m[source]; !found {
			return m, false
		}
		m = maps.Clone(m)
		delete(m, source)
		return m, true
	}
	if string(m[source]) == raw {
		return m, false
	}
	next := maps.Clone(m)
	if next == nil {
		next = metadata{}
	}
	next[source] = json.RawMessage(raw)
	return next, true
}

// of is the metadata that a caller sees: its own Source's. One who acts for the
// central CRM, or for none, sees another Source's where the CRM has none.
func (m metadata) of(source string) json.RawMessage {
	if len(m) == 0 {
		return nil
	}
	if source != "" && source != crm {
		return m[source]
	}
	if own, found := m[crm]; found {
		return own
	}
	return m[slices.Min(slices.Collect(maps.Keys(m)))]
}

// with is the metadata of two Contacts whom different Sources know.
func (m metadata) with(other metadata) metadata {
	if len(other) == 0 {
		return m
	}
	all := maps.Clone(other)
	maps.Copy(all, m)
	return all
}

// ofThose is what some Sources said, given by their keys.
func (m metadata) ofThose(sources map[string]string) metadata {
	kept := maps.Clone(m)
	maps.DeleteFunc(kept, func(source string, _ json.RawMessage) bool {
		_, theirs := sources[source]
		return !theirs
	})
	return kept
}

// Metadata is the JSON object that the caller's Source has the Contact carry;
// nil if there is none.
func (c *Contact) Metadata() json.RawMessage { return c.metadata.of(c.source) }

// row is how metadata is stored: NULL where there is none.
func (m metadata) row() *string {
	if len(m) == 0 {
		return nil
	}
	return ptr(jsonOf(m))
}

// Scan reads a column.
func (m *metadata) Scan(value any) error {
	*m = nil
	var data []byte
	switch v := value.(type) {
	case nil:
		return nil
	case []byte:
		data = v
	case string:
		data = []byte(v)
	default:
		return fmt.Errorf("metadata is stored as %T", value)
	}
	return json.Unmarshal(data, m)
}
