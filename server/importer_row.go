package main

import (
	"encoding/json"
	"fmt"

	"complero/db"
	"complero/server/intake"
)

// readRows makes what reads an import's rows by its mapping and by the
// Company's own fields.
func readRows(in *db.Import, c *db.Company, defined []*db.CustomField) (db.RowReader, error) {
	var m intake.Mapping
	if err := json.Unmarshal(in.Mapping, &m); err != nil {
		return nil, fmt.Errorf("read the mapping: %w", err)
	}
	return intake.NewReader(m, in.Columns, c.CountryCode, knownFields(defined)...)
}
