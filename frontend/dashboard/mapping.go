package dashboard

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// A mapping is what of an import's mapping the pages look into and change. What
// else it says goes back as it came.
type mapping struct {
	Columns []mapped
	Key     string
	rest    map[string]json.RawMessage
}

// A mapped column says what becomes of it.
type mapped struct {
	Title      string  `json:"title"`
	Position   int     `json:"position,omitempty"`
	Field      string  `json:"field"`
	Confidence float64 `json:"confidence,omitempty"`
	all        map[string]json.RawMessage
}

// readMapping reads a mapping as the API tells it.
func readMapping(data json.RawMessage) (*mapping, error) {
	m := &mapping{rest: map[string]json.RawMessage{}}
	if err := json.Unmarshal(data, &m.rest); err != nil {
		return nil, fmt.Errorf("read a mapping: %w", err)
	}
	var columns []map[string]json.RawMessage
	for name, into := range map[string]any{"columns": &columns, "key": &m.Key} {
		if raw := m.rest[name]; raw != nil {
			if err := json.Unmarshal(raw, into); err != nil {
				return nil, fmt.Errorf("read a mapping: %w", err)
			}
		}
	}
	for _, all := range columns {
		c := mapped{all: all}
		for name, into := range map[string]any{"title": &c.Title, "position": &c.Position, "field": &c.Field, "confidence": &c.Confidence} {
			if raw := all[name]; raw != nil {
				if err := json.Unmarshal(raw, into); err != nil {
					return nil, fmt.Errorf("read a mapping: %w", err)
				}
			}
		}
		m.Columns = append(m.Columns, c)
	}
	return m, nil
}

// edit takes over what a form says: the field of each column, by "field-0" and
// so on, and which of them is the key. A column that gets another field loses
// what was recognised of the old one.
func (m *mapping) edit(f *form) {
	var kept []mapped
	for i, c := range m.Columns {
		switch field := f.Get(fieldName(i)); {
		case !f.Has(fieldName(i)) || field == c.Field:
			kept = append(kept, c)
		case field == newField:
			// What no mapping speaks of becomes a field of its own, by its heading.
			m.rest["unmapped"] = json.RawMessage(`"CUSTOM"`)
		default:
			kept = append(kept, mapped{Title: c.Title, Position: c.Position, Field: field})
		}
	}
	m.Columns = kept
	if f.Has("keyed") {
		m.Key = f.Get("keyed")
	}
	for _, c := range m.Columns {
		if c.Field == "externalId" {
			m.Key = ""
		}
	}
	if f.Has("empty") {
		m.rest["emptyCells"] = json.RawMessage(strconv.Quote(f.Get("empty")))
	}
}

func fieldName(column int) string { return "field-" + strconv.Itoa(column) }

// newField is the choice that makes a column a field of the Company's own.
const newField = "own"

// mappingOf writes a mapping as the API takes it.
func mappingOf(m *mapping) (json.RawMessage, error) {
	all := map[string]any{}
	for name, value := range m.rest {
		all[name] = value
	}
	columns := []any{}
	for _, c := range m.Columns {
		if c.all != nil {
			columns = append(columns, c.all)
		} else {
			columns = append(columns, c)
		}
	}
	all["columns"] = columns
	delete(all, "key")
	if m.Key != "" {
		all["key"] = m.Key
	}
	data, err := json.Marshal(all)
	if err != nil {
		return nil, fmt.Errorf("write a mapping: %w", err)
	}
	return data, nil
}
