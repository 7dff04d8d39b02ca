package main

import (
	"bytes"
	"context"
	"errors"

	"complero/db"
	"complero/graph"
	"complero/server/intake"
)

// ImportAgain takes the rows of an import once more, as they are kept, and
// returns the Operation that will work them off.
func (i importer) ImportAgain(ctx context.Context, t *db.Tenant, of *db.Operation, f graph.ImportFile) (*db.Operation, error) {
	if of.Import == nil {
		return nil, db.NotFound("operationId", "%s is no import, so it has no file", of.ID)
	}
	draft, err := t.DraftImport(ctx, f.Source)
	if err != nil {
		return nil, err
	}
	op, err := i.storeAgain(ctx, t, of, f, draft)
	if err != nil {
		return nil, errors.Join(err, draft.Discard(context.WithoutCancel(ctx)))
	}
	return op, nil
}

func (i importer) storeAgain(ctx context.Context, t *db.Tenant, of *db.Operation, f graph.ImportFile, draft *db.ImportDraft) (*db.Operation, error) {
	given, err := givenMapping(ctx, t, f, draft.Source())
	if err != nil {
		return nil, err
	}
	draft.Asked(f.Mapping, f.MappingName, f.Unmapped)
	old := of.Import
	survey := intake.NewSurvey(old.Columns, t.Company.CountryCode, t.Company.Locale)
	keyed := false
	err = t.ImportRows(ctx, of, func(row db.ImportRow) error {
		switch {
		case row.Document != nil:
			keyed = keyed || bytes.Contains(row.Document, []byte(`"externalId":`))
		case row.Fault == "":
			survey.Add(row.Number, row.Cells)
		}
		return draft.Add(ctx, row)
	})
	if err != nil {
		return nil, err
	}
	in := db.Import{
		File: old.File, Format: old.Format, Encoding: old.Encoding, Separator: old.Separator, HeaderRow: old.HeaderRow,
		Columns: old.Columns, DryRun: f.DryRun, Complete: f.Complete,
	}
	if old.Documented() {
		err = understandDocuments(&in, given, keyed)
	} else {
		err = understand(&in, survey, given, knownFields(draft.Fields()))
	}
	if err != nil {
		return nil, namedMapping(f, err)
	}
	return draft.Accept(ctx, in, f.Key)
}
