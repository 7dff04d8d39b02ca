package intake

import (
	"encoding/json"
	"slices"
	"strings"
)

// Our own exports name their columns by the API's fields, and their cells are to
// be taken exactly as they stand: a name may be "-", a text may begin with an
// apostrophe, a street may look like a whole address. So that people's files
// with some of these names are still read with an open mind, an export is known
// by having all of ownScalars, besides which it has nothing that is not ours.

// ErrorColumn is the heading of the column that tells why a row was rejected.
// It is never read.
const ErrorColumn = "error"

// ownScalars begin the columns of an export; one may lack the employee.
var ownScalars = scalarNames[:organisation+1]

// OwnScalars are the fields of one text that an export of Contacts begins with.
func OwnScalars() []string { return slices.Clone(ownScalars) }

// typeJSON is a custom field's column in an export where the field is a text of
// one Contact and a number of another: each cell is a JSON value.
const typeJSON = "JSON"

// customPrefix and metadataField are how columns name what only the Company knows.
const (
	customPrefix  = "customFields."
	metadataField = "metadata"
)

// CustomHeading is the heading of a custom field's column in an export:
// customFields.vehicle for texts, else with the type of its values behind a
// colon, which no key holds.
func CustomHeading(key, typ string) string {
	if typ == "" || typ == typeText {
		return customPrefix + key
	}
	return customPrefix + key + ":" + strings.ToLower(typ)
}

// cutType takes the type off the heading of a custom field; typ is "" where
// there is none.
func cutType(heading string) (path, typ string) {
	at := strings.LastIndexByte(heading, ':')
	if at < 0 || !strings.HasPrefix(heading, customPrefix) {
		return heading, ""
	}
	switch typ = strings.ToUpper(heading[at+1:]); typ {
	case typeNumber, typeBoolean, typeJSON:
		return heading[:at], typ
	}
	return heading, ""
}

// exported returns the Mapping of one of our own exports, as it is known by the
// columns alone; nil for any other file.
func exported(columns []string) *Mapping {
	m := &Mapping{Columns: make([]Column, 0, len(columns)), Unmapped: UnmappedIgnore, EmptyCells: EmptyNone, Exact: true}
	seen := map[string]bool{}
	for _, title := range columns {
		c := Column{Title: title, Confidence: 1}
		if title != ErrorColumn {
			c.Field, c.Type = cutType(title)
			f, err := parseField(c.Field)
			if err != nil || f.kind == ignored || f.kind == scalar && f.part > organisation || seen[c.Field] {
				return nil
			}
			seen[c.Field] = true
		}
		m.Columns = append(m.Columns, c)
	}
	for _, name := range ownScalars {
		if name != scalarNames[employee] && !seen[name] {
			return nil
		}
	}
	return m
}

// isoDay reports whether a cell has the form of our own dates, or is empty.
func isoDay(cell string) bool {
	return cell == "" || len(cell) == 10 && cell[4] == '-' && cell[7] == '-' && digits(cell[:4]+cell[5:7]+cell[8:])
}

// metadata is what the row has its Contact carry: the JSON object in a column of
// its own, else the cells of single columns as they stand; nil if there are none.
func (r *Reader) metadata(cells []string) json.RawMessage {
	for i := range r.steps {
		s := &r.steps[i]
		if s.field != (field{kind: metadata}) || s.at >= len(cells) || cells[s.at] == Absent {
			continue
		}
		if cell := trim(cells[s.at]); cell != "" {
			return json.RawMessage(cell)
		}
		if r.absent {
			return nil
		}
		return json.RawMessage("null")
	}
	values := r.Metadata(cells)
	if len(values) == 0 {
		return nil
	}
	data, err := json.Marshal(values)
	if err != nil {
		return nil // texts always can be written
	}
	return data
}
