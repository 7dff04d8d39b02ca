package main

import (
	"encoding/json"
	"fmt"

	"complero/db"
	"complero/db/profile"
	"complero/server/intake"
)

// A rowReader reads the rows of one import.
type rowReader struct{ *intake.Reader }

// readRows makes what reads an import's rows by its mapping and by the
// Company's own fields.
func readRows(in *db.Import, c *db.Company, defined []*db.CustomField) (db.RowReader, error) {
	var m intake.Mapping
	if err := json.Unmarshal(in.Mapping, &m); err != nil {
		return nil, fmt.Errorf("read the mapping: %w", err)
	}
	r, err := intake.NewReader(m, in.Columns, c.CountryCode, knownFields(defined)...)
	if err != nil {
		return nil, err
	}
	return rowReader{r}, nil
}

// Item is what a row says, with the cells of its metadata columns as one
// object.
func (r rowReader) Item(cells []string) (profile.Input, []profile.Problem) {
	in, problems := r.Reader.Item(cells)
	if values := r.Metadata(cells); values != nil {
		in.Metadata, _ = json.Marshal(values) // texts always can be
	}
	return in, problems
}
