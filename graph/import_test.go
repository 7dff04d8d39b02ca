package graph_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"testing"

	"complero/db"
	"complero/graph"
)

// reader is an Importer that keeps each file as one row.
type reader struct{}

func (reader) CheckMapping(json.RawMessage) error { return nil }

func (reader) ImportAgain(context.Context, *db.Tenant, *db.Operation, graph.ImportFile) (*db.Operation, error) {
	return nil, db.Conflict("operationId", "the file is no longer kept")
}

func (reader) Import(ctx context.Context, t *db.Tenant, f graph.ImportFile) (*db.Operation, error) {
	draft, err := t.DraftImport(ctx, f.Source)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.NewSectionReader(f.Data, 0, f.Size))
	if err != nil {
		return nil, err
	}
	if err := draft.Add(ctx, db.ImportRow{Number: 1, Cells: []string{string(data)}}); err != nil {
		return nil, err
	}
	return draft.Accept(ctx, db.Import{File: f.Name, Format: "CSV", Columns: []string{"all"}, Mapping: json.RawMessage("{}")}, f.Key)
}

// A file takes the place of a null where the schema wants one, and only a file.
func TestAFileToImportComesByMultipart(t *testing.T) {
	a := one(t)
	a.handler = graph.New(graph.Config{Importer: reader{}})
	const answered = `{operation {total import {fileName}} userErrors {code path}}`
	const mutation = `mutation($input: ContactsImportInput!) {contactsImport(input: $input) ` + answered + `}`
	const inputOfFile = `mutation($file: Upload!) {contactsImport(input: {file: $file}) ` + answered + `}`
	tests := []struct {
		name, query, variables, places string
		want                           string
	}{
		{"in the input", mutation, `{"input": {"file": null}}`, `{"0": ["variables.input.file"]}`, "200   1 logo.png"},
		{"a variable of its own", inputOfFile, `{"file": null}`, `{"0": ["variables.file"]}`, "200   1 logo.png"},
		{"no place", mutation, `{"input": {}}`, `{"0": ["variables.input.file"]}`, "400 BAD_VARIABLE input.file  "},
		{"no file", mutation, `{"input": {"file": null}}`, `{}`, "400 BAD_VARIABLE input.file  "},
		{"a text", mutation, `{"input": {"file": "externalId"}}`, `{}`, "400 BAD_VARIABLE input.file  "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			operations := jsonOf(t, map[string]any{"query": tt.query, "variables": json.RawMessage(tt.variables)})
			body, kind := multipartBody(t, operations, tt.places, []byte("externalId\nK-1\n"))
			got := a.send(a.live, body, kind)
			equal(t, "answer", fmt.Sprint(got.status, " ", got.code(), " ", got.path(), " ",
				got.text("contactsImport.operation.total"), " ", got.text("contactsImport.operation.import.fileName")), tt.want)
		})
	}
}
