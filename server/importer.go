package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"complero/db"
	"complero/db/profile"
	"complero/graph"
	"complero/server/intake"
	"complero/server/intake/table"
)

// An importer takes files apart and has their rows stored.
type importer struct {
	// progress is told after each pack of rows how much has been read; nil
	// tells nobody.
	progress func(rows int, read, size int64)
}

// Import stores the rows of a file and returns the Operation that will work
// them off.
func (i importer) Import(ctx context.Context, t *db.Tenant, f graph.ImportFile) (*db.Operation, error) {
	file, err := table.Open(f.Data, f.Size, table.Options{Name: f.Name})
	if err != nil {
		return nil, unreadable(err)
	}
	defer file.Close()
	draft, err := t.DraftImport(ctx, f.Source)
	if err != nil {
		return nil, err
	}
	op, err := i.store(ctx, t, f, file, draft)
	if err != nil {
		return nil, errors.Join(err, draft.Discard(context.WithoutCancel(ctx)))
	}
	return op, nil
}

// unreadable is an error about a file for whoever sent it.
func unreadable(err error) error {
	var file *table.FileError
	if errors.As(err, &file) {
		return &db.Error{Code: db.Invalid, Path: []string{"file"}, Message: file.What}
	}
	return fmt.Errorf("read a file: %w", err)
}

func (i importer) store(ctx context.Context, t *db.Tenant, f graph.ImportFile, file *table.Table, draft *db.ImportDraft) (*db.Operation, error) {
	given, err := givenMapping(ctx, t, f, draft.Source())
	if err != nil {
		return nil, err
	}
	survey := intake.NewSurvey(file.Columns, t.Company.CountryCode, t.Company.Locale)
	if err := i.storeRows(ctx, file, draft, survey); err != nil {
		return nil, err
	}
	in := db.Import{
		File: f.Name, Format: string(file.Kind), Encoding: file.Encoding, HeaderRow: file.HeaderRow,
		Columns: file.Columns, DryRun: f.DryRun, Complete: f.Complete, Findings: notes(file.Notes),
	}
	if file.Separator != 0 {
		in.Separator = string(rune(file.Separator))
	}
	if !file.Documents {
		if err := understand(&in, survey, given, f.Ignore); err != nil {
			return nil, err
		}
	} else {
		in.Mapping = json.RawMessage("{}")
	}
	return draft.Accept(ctx, in, f.Key)
}

// storeRows adds each row to the draft and shows it to the survey.
func (i importer) storeRows(ctx context.Context, file *table.Table, draft *db.ImportDraft, survey *intake.Survey) error {
	const pack = 1000
	for {
		row, err := file.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		stored := db.ImportRow{Number: row.Number, Cells: row.Cells, Document: row.Document}
		var broken *table.RowError
		switch {
		case errors.As(err, &broken):
			stored.Number, stored.Fault = broken.Number, broken.What
		case err != nil:
			return unreadable(err)
		case !file.Documents:
			survey.Add(row.Cells)
		}
		if err := draft.Add(ctx, stored); err != nil {
			return err
		}
		if i.progress != nil && draft.Total()%pack == 0 {
			i.progress(draft.Total(), file.Offset(), file.Size())
		}
	}
}

// givenMapping is the mapping that came with a file or is named; nil where it
// is to be recognised.
func givenMapping(ctx context.Context, t *db.Tenant, f graph.ImportFile, source string) (*intake.Mapping, error) {
	data := f.Mapping
	switch {
	case f.MappingName != "" && data != nil:
		return nil, &db.Error{Code: db.Invalid, Path: []string{"mappingName"}, Message: "give mapping or mappingName, not both"}
	case f.MappingName != "":
		kept, err := t.ImportMapping(ctx, source, f.MappingName)
		if err != nil {
			return nil, err
		}
		data = kept.Mapping
	case data == nil:
		return nil, nil
	}
	return readMapping(data)
}

// readMapping reads a mapping that somebody has written.
func readMapping(data json.RawMessage) (*intake.Mapping, error) {
	m := new(intake.Mapping)
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(m); err != nil {
		return nil, &db.Error{Code: db.Invalid, Path: []string{"mapping"}, Message: "the mapping cannot be read: " + err.Error() +
			`; write it as Operation.import.mapping returns it, such as {"columns": [{"title": "Nr", "field": "externalId"}]}`}
	}
	return m, nil
}

// CheckMapping fails where a mapping is none.
func (importer) CheckMapping(mapping json.RawMessage) error {
	m, err := readMapping(mapping)
	if err != nil {
		return err
	}
	return mappingFault(m.Check(nil))
}

func mappingFault(err error) error {
	if err == nil {
		return nil
	}
	return &db.Error{Code: db.Invalid, Path: []string{"mapping"}, Message: err.Error()}
}

// understand gives an import the mapping that was given, else the one that the
// survey has recognised.
func understand(in *db.Import, survey *intake.Survey, given *intake.Mapping, ignore bool) error {
	var m intake.Mapping
	if given != nil {
		if err := given.Check(in.Columns); err != nil {
			return mappingFault(err)
		}
		m = *given
	} else {
		var found []intake.Finding
		m, found = survey.Mapping(nil)
		m.Unmapped = intake.UnmappedCustom
		for _, f := range found {
			in.Findings = append(in.Findings, db.ImportFinding{Severity: severities[f.Level], Column: f.Column, Message: f.Message})
		}
	}
	if ignore {
		m.Unmapped = intake.UnmappedIgnore
	}
	var err error
	in.Mapping, err = json.Marshal(m)
	return err
}

// notes are what was noticed of a file's form.
func notes(of []table.Note) []db.ImportFinding {
	var found []db.ImportFinding
	for _, n := range of {
		found = append(found, db.ImportFinding{Severity: db.SeverityInfo, Message: n.Text})
	}
	return found
}

// readRows makes what reads an import's rows by its mapping.
func readRows(in *db.Import, c *db.Company) (db.RowReader, error) {
	if len(in.Columns) == 0 {
		return documents{}, nil
	}
	var m intake.Mapping
	if err := json.Unmarshal(in.Mapping, &m); err != nil {
		return nil, fmt.Errorf("read the mapping: %w", err)
	}
	return intake.NewReader(m, in.Columns, c.CountryCode)
}

// documents are rows that say themselves what is what, such as vCards: they
// have no cells.
type documents struct{}

// Item is never asked.
func (documents) Item([]string) (profile.Input, []profile.Problem) { return profile.Input{}, nil }

// severities are those of the survey's findings.
var severities = map[intake.Level]db.Severity{
	intake.LevelError: db.SeverityError, intake.LevelWarning: db.SeverityWarning, intake.LevelNote: db.SeverityInfo,
}
