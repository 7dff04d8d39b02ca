package graph

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"complero/db"
	"complero/graph/model"
)

// An Importer reads files into rows, which is not this package's business.
type Importer interface {
	// Import stores a file's rows and returns the Operation that will work them
	// off.
	Import(ctx context.Context, t *db.Tenant, f ImportFile) (*db.Operation, error)
	// ImportAgain takes the rows of an import once more, which f has no file for.
	ImportAgain(ctx context.Context, t *db.Tenant, of *db.Operation, f ImportFile) (*db.Operation, error)
	// CheckMapping fails where a mapping is none.
	CheckMapping(mapping json.RawMessage) error
}

// An ImportFile is a file that came with a call, and how it is to be taken.
type ImportFile struct {
	Name string
	Data io.ReaderAt
	Size int64 // bytes
	// Mapping is one as JSON, and MappingName names one that is kept; without
	// either it is recognised.
	Mapping     json.RawMessage
	MappingName string
	// Unmapped says what becomes of columns that mean no field, where the mapping
	// does not: CUSTOM or IGNORE, "" for what is usual.
	Unmapped string
	Source   *string
	DryRun   bool
	Complete *db.CompleteImport
	Key      *string // the idempotencyKey
}

// defaultMaxShare is the share of a Source's Contacts that a complete file may
// lack before somebody is asked.
const defaultMaxShare = 0.05

func (mutationResolver) ContactsImport(ctx context.Context, in model.ContactsImportInput) (*model.OperationPayload, error) {
	importer := handler(ctx).importer
	if importer == nil {
		return operationPayload(nil, fmt.Errorf("files cannot be imported here"))
	}
	data, ok := in.File.File.(io.ReaderAt)
	if !ok {
		return operationPayload(nil, fmt.Errorf("the file %T cannot be read", in.File.File))
	}
	f := ImportFile{
		Name: in.File.Filename, Data: data, Size: in.File.Size, Mapping: orNothing(in.Mapping), Source: in.Source, Key: in.IdempotencyKey,
		MappingName: orZero(in.MappingName), DryRun: orZero(in.DryRun), Unmapped: string(orZero(in.Unmapped)), Complete: complete(in.Complete),
	}
	return operationPayload(importer.Import(ctx, tenant(ctx), f))
}

func (mutationResolver) ContactsImportAgain(ctx context.Context, in model.ContactsImportAgainInput) (*model.OperationPayload, error) {
	op, err := tenant(ctx).Operation(ctx, in.OperationID)
	if err == nil && op == nil {
		err = db.NotFound("operationId", "there is no Operation %.60q", in.OperationID)
	}
	if err != nil {
		return operationPayload(nil, err)
	}
	importer := handler(ctx).importer
	if importer == nil {
		return operationPayload(nil, fmt.Errorf("files cannot be imported here"))
	}
	f := ImportFile{
		Mapping: orNothing(in.Mapping), MappingName: orZero(in.MappingName), Unmapped: string(orZero(in.Unmapped)),
		Source: op.Source, DryRun: orZero(in.DryRun), Complete: complete(in.Complete), Key: in.IdempotencyKey,
	}
	return operationPayload(importer.ImportAgain(ctx, tenant(ctx), op, f))
}

// orNothing is JSON that says something, or nil.
func orNothing(data json.RawMessage) json.RawMessage {
	if bytes.Equal(bytes.TrimSpace(data), []byte("null")) {
		return nil
	}
	return data
}

// complete is what was said of a file that is all that its Source has.
func complete(in *model.ImportCompleteInput) *db.CompleteImport {
	if in == nil {
		return nil
	}
	c := &db.CompleteImport{Delete: orZero(in.Delete), MaxShare: defaultMaxShare}
	if in.MaxShare != nil {
		c.MaxShare = *in.MaxShare
	}
	return c
}

func (queryResolver) ImportMappings(ctx context.Context, source *string) ([]*db.ImportMapping, error) {
	return tenant(ctx).ImportMappings(ctx, source)
}

func (mutationResolver) ImportMappingSave(ctx context.Context, in model.ImportMappingSaveInput) (*model.ImportMappingPayload, error) {
	importer := handler(ctx).importer
	var saved *db.ImportMapping
	var err error
	if importer != nil {
		err = importer.CheckMapping(in.Mapping)
	}
	if err == nil {
		saved, err = tenant(ctx).SaveImportMapping(ctx, in.Source, in.Name, in.Mapping)
	}
	return mappingPayload(saved, err)
}

func (mutationResolver) ImportMappingDelete(ctx context.Context, in model.ImportMappingDeleteInput) (*model.ImportMappingPayload, error) {
	return mappingPayload(nil, tenant(ctx).DeleteImportMapping(ctx, in.Source, in.Name))
}

func mappingPayload(m *db.ImportMapping, err error) (*model.ImportMappingPayload, error) {
	errs, err := userErrors(err)
	return &model.ImportMappingPayload{Mapping: m, UserErrors: errs}, err
}

func (operationResolver) Import(_ context.Context, op *db.Operation) (*model.ImportResult, error) {
	in := op.Import
	if in == nil {
		return nil, nil
	}
	r := &model.ImportResult{
		Operation: op, FileName: in.File, Format: in.Format, Columns: orNone(in.Columns), Mapping: in.Mapping, DryRun: in.DryRun,
		Complete: in.Complete, Missing: in.Missing, MissingSample: orNone(in.MissingSample), Problems: orNone(in.Problems),
		Encoding: ifAny(in.Encoding), Separator: ifAny(in.Separator), HeaderRow: ifAny(in.HeaderRow),
	}
	r.Findings = make([]*db.ImportFinding, len(in.Findings))
	for i := range in.Findings {
		r.Findings[i] = &in.Findings[i]
	}
	return r, nil
}

// RejectedURL leads to what server serves under that path.
func (operationResolver) RejectedURL(ctx context.Context, op *db.Operation) (*string, error) {
	if !tenant(ctx).RejectedKept(op) {
		return nil, nil
	}
	path := "/operations/" + op.ID + "/rejected.csv"
	if op.Import.Documented() {
		path = "/operations/" + op.ID + "/rejected.ndjson"
	}
	return tenant(ctx).AddressOf(&path), nil
}

// ifAny is what is empty as null.
func ifAny[T comparable](v T) *T {
	if v == *new(T) {
		return nil
	}
	return &v
}

func (importResultResolver) Sample(ctx context.Context, r *model.ImportResult) ([]*db.ImportSample, error) {
	sample, err := tenant(ctx).ImportSample(ctx, r.Operation)
	return orNone(sample), err
}

func (importResultResolver) Kept(ctx context.Context, r *model.ImportResult) (bool, error) {
	return tenant(ctx).RowsKept(r.Operation), nil
}

// Cells that a short row lacks are empty here.
func (importSampleResolver) Cells(_ context.Context, s *db.ImportSample) ([]string, error) {
	cells := make([]string, len(s.Cells))
	for i, c := range s.Cells {
		cells[i] = strings.Trim(c, "\x00")
	}
	return cells, nil
}

func (importSampleResolver) Contact(_ context.Context, s *db.ImportSample) (json.RawMessage, error) {
	return s.JSON(), nil
}

func (importSampleResolver) Errors(_ context.Context, s *db.ImportSample) ([]*db.Error, error) {
	return inInput(s.Errors), nil
}

func (importFindingResolver) Column(_ context.Context, f *db.ImportFinding) (*string, error) {
	return ifAny(f.Column), nil
}

func (importProblemResolver) Column(_ context.Context, p *db.ImportProblem) (*string, error) {
	return ifAny(p.Column), nil
}
