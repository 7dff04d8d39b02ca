package db

import (
	"encoding/json"
	"strings"
)

// headings are the columns' by the field that the mapping gives them to.
func (i *Import) headings() map[string]string {
	var mapping struct {
		Columns []struct{ Title, Field string }
	}
	found := map[string]string{}
	if json.Unmarshal(i.Mapping, &mapping) != nil {
		return found // whoever reads rows has checked it
	}
	for _, c := range mapping.Columns {
		if c.Field == "" {
			continue
		}
		found[c.Field] = c.Title
		// Several fields may come from one column, such as street and number.
		if parent, _, nested := cutField(c.Field); nested {
			if _, known := found[parent]; !known {
				found[parent] = c.Title
			}
		}
	}
	return found
}

func cutField(field string) (parent, leaf string, nested bool) {
	at := strings.LastIndexByte(field, '.')
	if at < 0 {
		return field, "", false
	}
	return field[:at], field[at+1:], true
}

// heading is that of the column that an error of a row is about; "" if none is.
func heading(headings map[string]string, path []string) string {
	field := fieldOf(path)
	if title, known := headings[field]; known {
		return title
	}
	parent, _, _ := cutField(field)
	return headings[parent]
}
