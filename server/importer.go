package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"complero/db"
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
	draft.Asked(f.Mapping, f.MappingName, f.Unmapped)
	survey := intake.NewSurvey(file.Columns, t.Company.CountryCode, t.Company.Locale)
	keyed, err := i.storeRows(ctx, file, draft, survey)
	if err != nil {
		return nil, err
	}
	in := db.Import{
		File: f.Name, Format: string(file.Kind), Encoding: file.Encoding, HeaderRow: file.HeaderRow,
		Columns: file.Columns, DryRun: f.DryRun, Complete: f.Complete, Findings: notes(file.Notes),
	}
	if file.Separator != 0 {
		in.Separator = string(rune(file.Separator))
	}
	if file.Documents {
		err = understandDocuments(&in, given, keyed)
	} else {
		err = understand(&in, survey, given, knownFields(draft.Fields()))
	}
	if err != nil {
		return nil, namedMapping(f, err)
	}
	return draft.Accept(ctx, in, f.Key)
}

// namedMapping puts an error about a mapping that was named where its name is.
func namedMapping(f graph.ImportFile, err error) error {
	var e *db.Error
	if f.MappingName == "" || !errors.As(err, &e) {
		return err
	}
	return &db.Error{Code: e.Code, Path: []string{"mappingName"}, Message: fmt.Sprintf("the mapping %q: %s", f.MappingName, e.Message)}
}

// storeRows adds each row to the draft and shows it to the survey. keyed tells
// whether any document has an externalId.
func (i importer) storeRows(ctx context.Context, file *table.Table, draft *db.ImportDraft, survey *intake.Survey) (keyed bool, err error) {
	const pack = 1000
	for {
		row, err := file.Next()
		if errors.Is(err, io.EOF) {
			return keyed, nil
		}
		stored := db.ImportRow{Number: row.Number, Cells: row.Cells, Document: withoutError(row.Document)}
		var broken *table.RowError
		switch {
		case errors.As(err, &broken):
			stored.Number, stored.Fault = broken.Number, "the row "+broken.What
		case err != nil:
			return keyed, unreadable(err)
		case file.Documents:
			keyed = keyed || bytes.Contains(row.Document, []byte(`"externalId":`))
		case intake.Blank(row.Cells):
			continue
		default:
			survey.Add(row.Number, row.Cells)
		}
		if err := draft.Add(ctx, stored); err != nil {
			return keyed, err
		}
		if i.progress != nil && draft.Total()%pack == 0 {
			i.progress(draft.Total(), file.Offset(), file.Size())
		}
	}
}

// withoutError takes off a document what it was given when it was rejected.
func withoutError(document []byte) []byte {
	if !bytes.Contains(document, []byte(`"`+intake.ErrorColumn+`"`)) && bytes.IndexByte(document, '\\') < 0 {
		return document // as nearly all
	}
	kept := []byte{'{'}
	d := json.NewDecoder(bytes.NewReader(document))
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return document
	}
	for d.More() {
		name, err := d.Token()
		var value json.RawMessage
		if err != nil || d.Decode(&value) != nil {
			return document
		}
		if name == intake.ErrorColumn {
			continue
		}
		if len(kept) > 1 {
			kept = append(kept, ',')
		}
		key, err := json.Marshal(name)
		if err != nil {
			return document
		}
		kept = slices.Concat(kept, key, []byte{':'}, value)
	}
	return append(kept, '}')
}

// givenMapping is the mapping that came with a file or is named; one without
// columns has them recognised. Where it leaves open what becomes of columns
// that are no field, the call says.
func givenMapping(ctx context.Context, t *db.Tenant, f graph.ImportFile, source string) (intake.Mapping, error) {
	given := new(intake.Mapping)
	data := f.Mapping
	if f.MappingName != "" && data != nil {
		return *given, &db.Error{Code: db.Invalid, Path: []string{"mappingName"}, Message: "give mapping or mappingName, not both"}
	}
	if f.MappingName != "" {
		kept, err := t.ImportMapping(ctx, source, f.MappingName)
		if err != nil {
			return *given, err
		}
		data = kept.Mapping
	}
	if data != nil {
		var err error
		if given, err = readMapping(data); err != nil {
			return *given, err
		}
	}
	if given.Unmapped == "" {
		given.Unmapped = intake.Unmapped(f.Unmapped)
	}
	return *given, nil
}

// readMapping reads a mapping that somebody has written.
func readMapping(data json.RawMessage) (*intake.Mapping, error) {
	m := new(intake.Mapping)
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	err := d.Decode(m)
	if err == nil && d.More() {
		err = errors.New("it goes on behind the object's end")
	}
	if err == nil {
		return m, nil
	}
	return m, &db.Error{Code: db.Invalid, Path: []string{"mapping"}, Message: "the mapping cannot be read: " + jsonFault(data, err) +
		`; write it as Operation.import.mapping returns it, such as {"columns": [{"title": "Nr", "field": "externalId"}]}`}
}

// jsonFault says what is wrong with JSON that somebody has written, and where.
func jsonFault(data json.RawMessage, err error) string {
	var syntax *json.SyntaxError
	var shape *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		before := data[:min(max(syntax.Offset-1, 0), int64(len(data)))]
		return fmt.Sprintf("it is no JSON in line %d, near %.20q", bytes.Count(before, []byte("\n"))+1, data[len(before):])
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "its JSON is cut off"
	case errors.As(err, &shape) && shape.Field == "":
		return "it is " + valueNames[shape.Value] + " where an object is wanted"
	case errors.As(err, &shape):
		return fmt.Sprintf("%s is %s, which does not fit there", shape.Field, valueNames[shape.Value])
	}
	return strings.TrimPrefix(err.Error(), "json: ")
}

// valueNames are what people call the kinds of JSON's values.
var valueNames = map[string]string{"array": "a list", "string": "a text", "number": "a number", "bool": "true or false", "object": "an object"}

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
	return &db.Error{Code: db.Invalid, Path: []string{"mapping"}, Message: strings.ReplaceAll(err.Error(), "\n", "; ")}
}

// understand says of every column what becomes of it, by the mapping that was
// given and by what the survey has recognised.
func understand(in *db.Import, survey *intake.Survey, given intake.Mapping, known []intake.CustomField) error {
	if err := given.Check(in.Columns); err != nil {
		return mappingFault(err)
	}
	m, found := survey.Complete(given, known)
	for _, f := range found {
		if f.Code == intake.NoKey {
			return &db.Error{Code: db.Required, Path: []string{"mapping"}, Message: f.Message}
		}
		in.Findings = append(in.Findings, db.ImportFinding{Severity: severities[f.Level], Column: f.Column, Message: f.Message})
	}
	if m.Unmapped == "" {
		m.Unmapped = intake.UnmappedCustom
	}
	var err error
	in.Mapping, err = json.Marshal(m.Settle(in.Columns, known...))
	return err
}

// understandDocuments takes the mapping for a file whose rows name their
// fields themselves. keyed tells whether any has an externalId.
func understandDocuments(in *db.Import, given intake.Mapping, keyed bool) error {
	if err := given.CheckDocuments(); err != nil {
		return mappingFault(err)
	}
	if !keyed && given.Key == "" {
		return &db.Error{Code: db.Required, Path: []string{"mapping"}, Message: "no row has an externalId (in a vCard its UID), the key by which the Source knows a Contact; " +
			`if every Contact has an e-mail address of its own, say so by the mapping {"key": "emails[0].address"}`}
	}
	var err error
	in.Mapping, err = json.Marshal(intake.Mapping{Columns: []intake.Column{}, Key: given.Key})
	return err
}

// knownFields are the Company's own fields, as columns are recognised by them.
func knownFields(defined []*db.CustomField) []intake.CustomField {
	known := make([]intake.CustomField, len(defined))
	for i, d := range defined {
		known[i] = intake.CustomField{Key: d.Key, Type: string(d.Type)}
		for _, l := range d.Labels {
			known[i].Labels = append(known[i].Labels, l.Label)
		}
	}
	return known
}

// notes are what was noticed of a file's form.
func notes(of []table.Note) []db.ImportFinding {
	var found []db.ImportFinding
	for _, n := range of {
		found = append(found, db.ImportFinding{Severity: db.SeverityInfo, Message: n.Text})
	}
	return found
}

// severities are those of the survey's findings.
var severities = map[intake.Level]db.Severity{
	intake.LevelError: db.SeverityError, intake.LevelWarning: db.SeverityWarning, intake.LevelNote: db.SeverityInfo,
}
